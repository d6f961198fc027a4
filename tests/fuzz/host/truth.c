/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/truth.h"

#include <string.h>

#include "facts/network_root.h"
#include "host/build.h"
#include "model/model.h"
#include "plan/condition.h"
#include "plan/match.h"
#include "probe/machine.h"
#include "probe/scan.h"
#include "probe/sriov.h"
#include "report/record.h"
#include "session/sources.h"
#include "util/cleanup.h"

/* The rule means DEVICE, or takes the whole group of one that it means. */
static bool takes(const struct rule *rule, const struct facts *facts,
		  const struct pci_device *device)
{
	if (rule->standing != STANDING_COUNTS)
		return false;
	if (match_fit(&rule->selector, facts, device) == FIT_ALL)
		return true;
	for (size_t d = 0; d < facts->device_count && device->group != GROUP_NONE; d++) {
		const struct pci_device *other = &facts->devices[d];

		if (rule->options.group == GROUP_WHOLE && other->group == device->group &&
		    match_fit(&rule->selector, facts, other) == FIT_ALL)
			return true;
	}
	return false;
}

static void note_device(const struct want *want, const struct facts *facts,
			const struct pci_device *device, struct notes *notes)
{
	notes->is_meant = notes->is_functions = notes->may_be_held = false;
	notes->allowed = 0;
	for (size_t r = 0; r < want->rule_count; r++) {
		const struct rule *rule = &want->rules[r];

		if (takes(rule, facts, device)) {
			notes->is_meant = true;
			notes->allowed |= rule->allow;
		}
		notes->may_be_held |= rule->options.on_failure == FAILURE_HOLD &&
				      match_fit(&rule->selector, facts, device) != FIT_NONE;
		notes->is_functions |= rule->kind == RULE_SRIOV &&
				       match_fit_physical(&rule->selector, device) != FIT_NONE;
	}
	notes->is_functions |= device->is_virtual;
}

static void note_all(const struct want *want, const struct facts *facts)
{
	for (struct device *device = kernel_devices(); device; device = device->next) {
		long index = device_is_there(device) ? facts_find(facts, &device->address) : -1;

		if (index >= 0)
			note_device(want, facts, &facts->devices[index], notes_of(device));
		else
			notes_of(device)->is_meant = false;
	}
}

static int read_want(const struct run_of *run, struct want *want, char **cmdline)
{
	const struct sources_request request = { 0 };
	struct root image = { .fd = -1 };
	int r = sources_read_cmdline(model_root(), NULL, cmdline);

	if (r < 0)
		return r;
	/* Late devices are seen to by what the image said. */
	if (run->mode == MODE_HOTPLUG && root_open("/" IMAGE_COPY_DIRECTORY, &image) == 0)
		sources_read(&image, &request, *cmdline, want);
	else
		sources_read(model_root(), &request, *cmdline, want);
	root_close(&image);
	return r;
}

static void look(const struct run_of *run, struct truth *ret)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(matcher_free) struct matcher matcher = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_free_ char *cmdline = NULL;

	*ret = (struct truth){ .is_readable = read_want(run, &want, &cmdline) == 0 };
	if (!ret->is_readable)
		return;
	ret->is_off = want.off;
	ret->has_errors = want.has_errors;
	ret->may_rescue = want.options.root_grace_s;
	ret->on_network = network_root_find(cmdline);
	if (scan_host(model_root(), &facts) < 0)
		return;
	machine_survey(model_root(), want_traits(&want), cmdline, &facts);
	conditions_judge(&want, &facts);
	functions_survey(model_root(), &facts);
	matcher_make(&want, &matcher);
	scan_details(model_root(), NULL, cmdline, &facts, match_is_concerned, &matcher);
	note_all(&want, &facts);
}

void truth_find(const struct run_of *run, struct truth *ret)
{
	doors_open();
	look(run, ret);
	doors_close();
	if (run->target && (run->mode == MODE_ASSIGN || run->mode == MODE_RELEASE)) {
		notes_of(run->target)->is_meant = true;
		notes_of(run->target)->allowed |= run->allowed;
	}
}
