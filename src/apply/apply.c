/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/apply.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/bind.h"
#include "apply/framebuffer.h"
#include "apply/settings.h"
#include "apply/settle.h"
#include "apply/steps.h"
#include "apply/sysfs.h"
#include "apply/task.h"
#include "apply/vf_settings.h"
#include "system/child.h"
#include "system/clock.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define LIST_SIZE_MAX 65536

struct run {
	const struct apply *apply;
	struct plan *plan;
	struct binding *bindings; /* of what loading the modules did not bind */
	size_t binding_count;
	size_t *binding_of; /* for each decision, the number of its binding, from 1; 0: none */
};

static void step_claim(const struct run *run, struct decision *decision)
{
	const char *override = decision_is_fenced(decision) ? HOLD_OVERRIDE : decision->driver;
	int r = sysfs_set_override(run->apply->root, decision->device, override, override);

	if (r < 0)
		apply_fail(decision, r, FINDING_CLAIM_FAILED, "could not set driver_override");
}

/* -ENODEV is for a driver that has let go by itself since it was seen. */
static int unbind(const struct root *root, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	int r = sysfs_unbind(root, device, device->driver);

	return r == -ENODEV && !sysfs_has_driver(root, device, device->driver) ? 0 : r;
}

/* Half of the time that is left: should this one hang, the others still get theirs. */
static void step_release(const struct run *run, struct decision *decision)
{
	const struct root *root = run->apply->root;
	char driver[DRIVER_NAME_SIZE] = "";
	int half_ms = (int)((run->apply->deadline_ms - clock_ms()) / 2);
	int r = task_run(run->apply, decision, unbind, half_ms);

	if (r == 0)
		r = sysfs_read_driver(root, decision->device, driver);
	if (r == 0 && driver[0])
		r = -EBUSY;
	if (r < 0)
		apply_fail(decision, r, FINDING_RELEASE_FAILED, "could not unbind from %s",
			   decision->device->driver);
}

static void step_vf(const struct run *run, struct decision *decision)
{
	if (decision->verdict == VERDICT_RETURN)
		vf_settings_undo(run->apply, decision, run->plan->facts);
	else
		vf_settings_make(run->apply, decision, run->plan->facts);
}

/* Before the device is bound: its driver may switch off what the console is written to. */
static void step_framebuffer(const struct run *run, struct decision *decision)
{
	framebuffer_release(run->apply, decision);
}

static void step_set_before(const struct run *run, struct decision *decision)
{
	settings_apply(run->apply, decision, SETTING_BEFORE_BIND);
}

static void step_set_after(const struct run *run, struct decision *decision)
{
	if (decision->state == STATE_BOUND)
		settings_apply(run->apply, decision, SETTING_AFTER_BIND);
}

/* A failure is that of every device which needs the module. */
static void step_load(const struct run *run, struct decision *first)
{
	struct plan *plan = run->plan;
	int r = apply_load_driver(run->apply, first);

	if (r == 0)
		return;
	for (size_t i = 0; i < plan->count; i++) {
		struct decision *decision = &plan->decisions[i];

		if (decision->verdict != VERDICT_TAKE || !streq(decision->module, first->module))
			continue;
		/*
		 * Missing from the image is no failure: the claim stands until it is found. On the
		 * running host there is nowhere else to find it.
		 */
		if (r == -ENOENT && decision->error == 0 && !decision->rule->at_run_time)
			decision->state = STATE_CLAIMED;
		apply_fail(decision, r, r == -ENOENT ? FINDING_STUB_MISSING : FINDING_MODULE_FAILED,
			   "could not load module %s", first->module);
	}
}

static int bind_result(const struct run *run, const struct decision *decision)
{
	size_t number = run->binding_of[decision - run->plan->decisions];

	return number ? run->bindings[number - 1].result : 0;
}

/*
 * The link decides. -EBUSY: something else had just bound it. No error and no driver, or -ENODEV:
 * that of the kernel for a driver whose probe() said so, or that does not match the device.
 */
static void step_bind(const struct run *run, struct decision *decision)
{
	char driver[DRIVER_NAME_SIZE] = "";
	int r = sysfs_read_driver(run->apply->root, decision->device, driver);

	if (r == 0 && streq(driver, decision->driver)) {
		decision->state = STATE_BOUND;
		framebuffer_verify(run->apply, decision);
		return;
	}
	if (r == 0)
		r = bind_result(run, decision);
	if (r == 0 || r == -EBUSY)
		r = *driver ? -EBUSY : -ENODEV;
	apply_fail(decision, r, FINDING_BIND_FAILED, "could not bind to %s", decision->driver);
}

/* Written one address, the attribute reads back a line for each device that is permissive. */
static void step_configure(const struct run *run, struct decision *decision)
{
	_cleanup_free_ char *path = memory_printf(PCI_DRIVERS "/%s/permissive", decision->driver);
	_cleanup_free_ char *list = NULL;
	char name[ADDRESS_SIZE];
	size_t size;
	int r = sysfs_write_address(run->apply->root, decision->device, path);

	if (r == 0)
		r = root_read_file(run->apply->root, path, LIST_SIZE_MAX, &list, &size);
	if (r == 0 && !strstr(list, address_format(&decision->device->address, name)))
		r = -EIO;
	if (r < 0)
		apply_fail(decision, r, FINDING_PERMISSIVE_FAILED, "could not set permissive in %s",
			   decision->driver);
}

/* The host, or nobody, has the VF then, and not the guest for which it was set. */
static void step_settle(const struct run *run, struct decision *decision)
{
	if (decision->vf_former.has && decision->error && decision->state != STATE_CLAIMED)
		vf_settings_undo(run->apply, decision, run->plan->facts);
	settle_decision(run->apply, decision);
}

static void step_return(const struct run *run, struct decision *decision)
{
	settle_return(run->apply, decision);
}

static const struct {
	void (*run)(const struct run *run, struct decision *decision);
	const char *what;   /* to end "could not" */
	bool after_failure; /* done also for a device with which something went wrong */
	bool can_block;     /* not begun after the deadline */
} actions[] = {
	[STEP_CLAIM] = { step_claim, "set driver_override", false, false },
	[STEP_RELEASE] = { step_release, "unbind the device", false, true },
	[STEP_VF] = { step_vf, "set what the rule says of the VF", false, true },
	[STEP_FRAMEBUFFER] = { step_framebuffer, "unbind the firmware framebuffer", false, false },
	[STEP_SET_BEFORE] = { step_set_before, "set anything", false, false },
	[STEP_LOAD] = { step_load, "load the module", true, true },
	[STEP_BIND] = { step_bind, "bind the device", false, false },
	[STEP_SET_AFTER] = { step_set_after, "set anything", false, false },
	[STEP_CONFIGURE] = { step_configure, "set permissive", false, true },
	[STEP_SETTLE] = { step_settle, "return or hold the device", true, false },
	[STEP_RETURN] = { step_return, "return the device to the host", false, true },
};

/*
 * Loading the module has bound most of them, and those that were not slow are not worth a look: to
 * bind them once more is refused (linux/drivers/base/dd.c device_driver_attach), for the same
 * price.
 */
static bool is_to_be_bound(const struct run *run, const struct decision *decision)
{
	if (decision->verdict != VERDICT_TAKE || decision->error || decision_is_bound(decision))
		return false;
	return !decision->stub->is_slow ||
	       !sysfs_has_driver(run->apply->root, decision->device, decision->driver);
}

static void bind_rest(struct run *run)
{
	const struct plan *plan = run->plan;

	for (size_t i = 0; i < plan->count; i++) {
		if (is_to_be_bound(run, &plan->decisions[i]))
			run->bindings[run->binding_count++].decision = &plan->decisions[i];
	}
	snprintf(run->apply->progress->step, sizeof(run->apply->progress->step),
		 "bind of %zu devices", run->binding_count);
	bind_devices(run->apply, run->bindings, run->binding_count);
	for (size_t i = 0; i < run->binding_count; i++)
		run->binding_of[run->bindings[i].decision - plan->decisions] = i + 1;
}

static void note_progress(const struct apply *apply, const struct step *step)
{
	char *out = stpcpy(stpcpy(apply->progress->step, step_word(step->kind)), " of ");

	out += strlen(address_format(&step->decision->device->address, out));
	stpcpy(stpcpy(out, " for "), step->decision->driver);
}

static void run_step(const struct run *run, const struct step *step)
{
	struct decision *decision = step->decision;

	if (decision->error && !actions[step->kind].after_failure)
		return;
	if (actions[step->kind].can_block && clock_ms() >= run->apply->deadline_ms) {
		apply_fail(decision, -ETIMEDOUT, FINDING_DEADLINE, "could not %s",
			   actions[step->kind].what);
		return;
	}
	note_progress(run->apply, step);
	actions[step->kind].run(run, decision);
}

static void settle_hanging(const struct run *run, const struct step *step)
{
	struct decision *decision = step->decision;

	if (clock_ms() < run->apply->deadline_ms) {
		run_step(run, step);
		return;
	}
	decision->state = STATE_FAILED;
	apply_fail(decision, -ETIMEDOUT, FINDING_DEADLINE, "could not %s",
		   actions[step->kind].what);
}

/* A device at which the kernel hangs is settled behind all others: that may hang as well. */
static void run_steps(struct run *run, const struct steps *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct step *step = &steps->items[i];

		if (step->kind == STEP_BIND && steps->items[i - 1].kind != STEP_BIND)
			bind_rest(run);
		if (step->kind != STEP_SETTLE || step->decision->error != -ETIMEDOUT)
			run_step(run, step);
	}
	for (size_t i = 0; i < steps->count; i++) {
		if (steps->items[i].kind == STEP_SETTLE &&
		    steps->items[i].decision->error == -ETIMEDOUT)
			settle_hanging(run, &steps->items[i]);
	}
}

/* Nothing was touched: the devices are left to the host, and it is told. */
static void fail_all(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct decision *decision = &plan->decisions[i];
		bool is_return = decision->verdict == VERDICT_RETURN;

		if (decision->state != STATE_PLANNED || decision->verdict == VERDICT_DIVIDE)
			continue;
		decision->state = STATE_FAILED;
		apply_fail(decision, -ENOMEM,
			   is_return ? FINDING_RETURN_FAILED : FINDING_CLAIM_FAILED,
			   "could not %s the device", is_return ? "return" : "claim");
	}
}

void apply_plan(const struct apply *apply, struct plan *plan)
{
	size_t size = (plan->count + 1) * sizeof(struct binding);
	struct run run = { .apply = apply, .plan = plan, .bindings = child_share(size) };
	struct steps steps;

	if (!run.bindings) {
		fail_all(plan);
		return;
	}
	run.binding_of = memory_new(plan->count, sizeof(*run.binding_of));
	steps_make(plan, &steps);
	run_steps(&run, &steps);
	free(run.binding_of);
	child_unshare(run.bindings, size);
	free(steps.items);
}

static bool can_load(const struct apply *apply, const struct stub *stub, const struct plan *plan)
{
	if (stub->hypervisor == HYPERVISOR_XEN && !facts_in_dom0(plan->facts))
		return false;
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->decisions[i].error && streq(plan->decisions[i].module, stub->module))
			return false;
	}
	return !sysfs_driver_exists(apply->root, stub->driver);
}

void apply_empty_stubs(const struct apply *apply, const struct want *want, const struct plan *plan,
		       struct findings *findings)
{
	const struct stub *stub;

	for (size_t i = 0; (stub = stub_at(i)); i++) {
		int r;

		if (!want_has_native(want, i) || !can_load(apply, stub, plan))
			continue;
		snprintf(apply->progress->step, sizeof(apply->progress->step), "load of %s",
			 stub->module);
		r = clock_ms() < apply->deadline_ms ? apply_load_empty(apply, stub) : -ETIMEDOUT;
		if (r < 0)
			findings_add(
				findings, FINDING_OPTIONS_IN_FORCE,
				"%s could not be loaded without its own options: %s; loaded later, it binds the devices in them, without guards",
				stub->module, strerror(-r));
	}
}
