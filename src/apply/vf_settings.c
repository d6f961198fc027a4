/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/vf_settings.h"

#include <errno.h>
#include <stdlib.h>

#include "apply/interface.h"
#include "apply/reason.h"
#include "facts/link_message.h"
#include "system/child.h"
#include "system/link_socket.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define TIMEOUT_MS 5000

/* What the child that does it tells. */
struct vf_outcome {
	struct vf_values changed; /* with what they were before */
	int errors[VF_SETTING_COUNT];
};

struct vf_work {
	const struct root *root;
	unsigned interface; /* its number */
	uint32_t number;    /* of the VF */
	const struct vf_values *wanted;
	bool only_looks;
	struct vf_outcome *outcome;
	void *answer;
};

static int look(const struct vf_work *work, struct link_vf *ret)
{
	uint32_t request[LINK_REQUEST_SIZE / sizeof(uint32_t)] = { 0 };
	int r = link_exchange(work->root, request, link_put_get(request, work->interface),
			      work->answer);

	return r < 0 ? r
		     : link_parse_vf(work->answer, (size_t)r, work->interface, work->number, ret);
}

static int write_value(const struct vf_work *work, enum vf_setting setting,
		       const struct link_vf *before)
{
	uint32_t request[LINK_REQUEST_SIZE / sizeof(uint32_t)] = { 0 };
	size_t size = link_put_value(request, work->interface, work->number, setting,
				     work->wanted->items[setting], before->min_tx_rate);
	int r = link_exchange(work->root, request, size, work->answer);

	return r < 0 ? r : link_parse_error(work->answer, (size_t)r);
}

static int set_value(const struct vf_work *work, enum vf_setting setting,
		     const struct link_vf *before)
{
	uint64_t was = before->values.items[setting];
	int r;

	if (!vf_values_have(&before->values, setting))
		return -ENODATA;
	if (was == work->wanted->items[setting])
		return 0;
	if (work->only_looks)
		return -EBUSY;
	r = write_value(work, setting, before);
	if (r == 0)
		vf_values_set(&work->outcome->changed, setting, was);
	return r;
}

/* Success codes lie, here as well. */
static int verify(const struct vf_work *work, enum vf_setting setting, const struct link_vf *now)
{
	return vf_values_have(&now->values, setting) &&
			       now->values.items[setting] == work->wanted->items[setting]
		       ? 0
		       : -EIO;
}

static int set_values(void *context)
{
	struct vf_work *work = context;
	_cleanup_free_ void *answer = memory_new(1, LINK_ANSWER_SIZE);
	struct link_vf before, now;
	int r;

	work->answer = answer;
	r = look(work, &before);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		if (vf_values_have(work->wanted, i))
			work->outcome->errors[i] = set_value(work, i, &before);
	}
	r = look(work, &now);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		if (vf_values_have(work->wanted, i) && work->outcome->errors[i] == 0)
			work->outcome->errors[i] = verify(work, i, &now);
	}
	return 0;
}

/* What is changed, and how failures of it are told. */
struct vf_change {
	const struct apply *apply;
	struct decision *decision;
	enum finding_code code; /* of failures */
	bool is_fatal;
	struct interface interface;
};

static void add_failure(const struct vf_change *change, char *what, const char *reason, int error)
{
	struct decision *decision = change->decision;

	if (change->is_fatal)
		apply_fail_because(decision, error, change->code, what, reason);
	else
		findings_add(&decision->findings, change->code, "%s: %s", what, reason);
	free(what);
}

static void fail_one(const struct vf_change *change, enum vf_setting setting, uint64_t value,
		     int error)
{
	_cleanup_free_ char *missing =
		memory_printf("the kernel or the driver does not show it; Linux %s and later can",
			      vf_setting_since(setting));
	char text[VF_VALUE_SIZE];

	add_failure(change,
		    memory_printf("could not set %s = %s of VF %u by interface %s",
				  vf_setting_word(setting), vf_value_format(setting, value, text),
				  change->decision->device->vf_number, change->interface.name),
		    error == -ENODATA ? missing : reason_text(FINDING_VF_SETTING_FAILED, error),
		    error);
}

static void fail_all(const struct vf_change *change, enum finding_code of_reason, int error)
{
	add_failure(change,
		    memory_printf("could not set VF %u by the interface of the PF",
				  change->decision->device->vf_number),
		    reason_text(of_reason, error), error);
}

/* WANTED becomes so, with what it was before in *RET_CHANGED, unless that is NULL. */
static void carry_out(const struct vf_change *change, const struct vf_values *wanted,
		      bool only_looks, struct vf_values *ret_changed)
{
	const struct apply *apply = change->apply;
	int left = apply_time_left(apply, TIMEOUT_MS);
	struct vf_work work = {
		.root = apply->root,
		.interface = change->interface.number,
		.number = change->decision->device->vf_number,
		.wanted = wanted,
		.only_looks = only_looks,
		.outcome = child_share(sizeof(*work.outcome)),
	};
	int r = work.outcome ? -ETIME : -ENOMEM;

	if (work.outcome && left)
		r = child_run(set_values, &work, left, NULL);
	if (r < 0)
		fail_all(change, FINDING_VF_SETTING_FAILED, r);
	for (unsigned i = 0; work.outcome && i < VF_SETTING_COUNT; i++) {
		if (work.outcome->errors[i] < 0)
			fail_one(change, i, wanted->items[i], work.outcome->errors[i]);
	}
	if (work.outcome && ret_changed)
		*ret_changed = work.outcome->changed;
	child_unshare(work.outcome, sizeof(*work.outcome));
}

static void make_change(struct vf_change *change, const struct facts *facts,
			const struct vf_values *wanted, bool only_looks,
			struct vf_values *ret_changed)
{
	const struct pci_device *physical = facts_physical(facts, change->decision->device);
	int r = physical ? interface_find(change->apply->root, physical, &change->interface)
			 : -ENODEV;

	if (r < 0)
		fail_all(change, FINDING_PF_INTERFACE, r);
	else
		carry_out(change, wanted, only_looks, ret_changed);
}

void vf_settings_make(const struct apply *apply, struct decision *decision,
		      const struct facts *facts)
{
	bool is_bound = decision_is_bound(decision);
	struct vf_change change = { apply, decision, FINDING_VF_SETTING_FAILED, !is_bound, { 0 } };

	make_change(&change, facts, &decision->vf_wanted, is_bound, &decision->vf_former);
}

void vf_settings_undo(const struct apply *apply, struct decision *decision,
		      const struct facts *facts)
{
	struct vf_change change = { apply, decision, FINDING_VF_SETTING_KEPT, false, { 0 } };
	const struct vf_values former = decision->vf_former;

	decision->vf_former.has = 0;
	make_change(&change, facts, &former, false, NULL);
}

/* --- looked at again */

struct second_look {
	struct vf_work work;
	struct link_vf *now;
};

static int look_again(void *context)
{
	struct second_look *second = context;
	_cleanup_free_ void *answer = memory_new(1, LINK_ANSWER_SIZE);

	second->work.answer = answer;
	return look(&second->work, second->now);
}

static int look_in_child(const struct root *root, const struct facts *facts,
			 const struct pci_device *device, struct link_vf *now)
{
	const struct pci_device *physical = facts_physical(facts, device);
	struct second_look second = { { .root = root, .number = device->vf_number }, now };
	struct interface interface;
	int r = physical ? interface_find(root, physical, &interface) : -ENODEV;

	if (r < 0)
		return r;
	second.work.interface = interface.number;
	return child_run(look_again, &second, TIMEOUT_MS, NULL);
}

static bool must_hold(const struct vf_values *wanted, enum vf_setting setting)
{
	bool is_trusted = vf_values_have(wanted, VF_TRUST) && wanted->items[VF_TRUST];

	return vf_values_have(wanted, setting) && !(setting == VF_MAC && is_trusted);
}

static char *difference(const struct vf_values *wanted, const struct vf_values *now)
{
	char is[VF_VALUE_SIZE], was[VF_VALUE_SIZE];
	struct buffer text = { 0 };

	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		bool is_known = vf_values_have(now, i);

		if (!must_hold(wanted, i) || (is_known && now->items[i] == wanted->items[i]))
			continue;
		buffer_printf(&text, "%s%s is %s, not %s", text.length ? "; " : "",
			      vf_setting_word(i),
			      is_known ? vf_value_format(i, now->items[i], is) : "unknown",
			      vf_value_format(i, wanted->items[i], was));
	}
	return text.text;
}

char *vf_settings_difference(const struct root *root, const struct facts *facts,
			     const struct pci_device *device, const struct vf_values *wanted)
{
	struct link_vf *now = child_share(sizeof(*now));
	int r = now ? look_in_child(root, facts, device, now) : -ENOMEM;
	char *text = NULL;

	if (r == 0)
		text = difference(wanted, &now->values);
	else if (r != -EOPNOTSUPP || !root->is_confined)
		text = memory_printf("settings of the VF are unknown (%s)",
				     reason_text(FINDING_PF_INTERFACE, r));
	child_unshare(now, sizeof(*now));
	return text;
}
