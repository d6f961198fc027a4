/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every write goes to an attribute of the PCI bus documented in the kernel's
 * Documentation/ABI/testing/sysfs-bus-pci. Writes there may report success when nothing happened,
 * so each one is followed by a look at what holds now.
 */
#include "apply/apply.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/steps.h"
#include "util/child.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define MODULE_TIMEOUT_MS 5000
#define LIST_SIZE_MAX     65536

struct run {
	const struct apply *apply;
	struct plan *plan;
};

static void fail(struct decision *decision, int error, enum finding_code code, const char *what)
{
	if (!decision->error)
		decision->error = error;
	findings_add(&decision->findings, code, "%s: %s", what, strerror(-error));
}

static char *device_file(const struct decision *decision, const char *attribute)
{
	char name[ADDRESS_SIZE];

	return memory_printf("sys/bus/pci/devices/%s/%s",
			     address_format(&decision->device->address, name), attribute);
}

/* Write OVERRIDE ("\n" for none) and see whether the kernel holds WANTED then. */
static int set_override(const struct root *root, const struct decision *decision,
			const char *override, const char *wanted)
{
	_cleanup_free_ char *path = device_file(decision, "driver_override");
	char now[DRIVER_NAME_SIZE];
	int written = root_write(root, path, override);
	int r = root_read_attribute(root, path, now, sizeof(now));

	if (r < 0)
		return r;
	if (strcmp(now, wanted) == 0)
		return 0;
	return written < 0 ? written : -EIO;
}

/* The driver that has the device now, in BUFFER; "" for none. */
static int current_driver(const struct root *root, const struct decision *decision,
			  char buffer[static DRIVER_NAME_SIZE])
{
	_cleanup_free_ char *link = device_file(decision, "driver");
	int r = root_link_name(root, link, buffer, DRIVER_NAME_SIZE);

	if (r == -ENOENT) {
		buffer[0] = '\0';
		return 0;
	}
	return r < 0 ? r : 0;
}

static int write_address(const struct root *root, const struct decision *decision, const char *path)
{
	char name[ADDRESS_SIZE];

	return root_write(root, path, address_format(&decision->device->address, name));
}

/*
 * Loading a module binds whatever is claimed for its driver, one device after the other. Where that
 * takes long, the device is only fenced off until all can be bound at once.
 */
static const char *first_override(const struct decision *decision)
{
	bool is_bound = strcmp(decision->device->driver, decision->driver) == 0;
	bool is_fenced =
		decision->verdict == VERDICT_HOLD || (decision->stub->is_slow && !is_bound);

	return is_fenced ? HOLD_OVERRIDE : decision->driver;
}

static void step_claim(const struct run *run, struct decision *decision)
{
	const char *override = first_override(decision);
	int r = set_override(run->apply->root, decision, override, override);

	if (r < 0)
		fail(decision, r, FINDING_CLAIM_FAILED, "driver_override could not be set");
}

static void step_release(const struct run *run, struct decision *decision)
{
	_cleanup_free_ char *unbind =
		memory_printf("sys/bus/pci/drivers/%s/unbind", decision->device->driver);
	char driver[DRIVER_NAME_SIZE] = "";
	int r = write_address(run->apply->root, decision, unbind);

	if (r == 0)
		r = current_driver(run->apply->root, decision, driver);
	if (r == 0 && driver[0])
		r = -EBUSY;
	if (r < 0)
		fail(decision, r, FINDING_RELEASE_FAILED, decision->device->driver);
}

static bool driver_is_registered(const struct root *root, const char *driver)
{
	_cleanup_free_ char *path = memory_printf("sys/bus/pci/drivers/%s", driver);

	return root_exists(root, path) == 0;
}

static int load_module(const struct apply *apply, const struct decision *first)
{
	int64_t left = apply->deadline_ms - clock_ms();

	return module_load(apply->modules, first->module, first->stub->load_options,
			   left < MODULE_TIMEOUT_MS ? (int)left : MODULE_TIMEOUT_MS);
}

/* A failure is that of every device which needs the module. */
static void step_load(const struct run *run, struct decision *first)
{
	_cleanup_free_ char *text = NULL;
	struct plan *plan = run->plan;
	int r;

	if (driver_is_registered(run->apply->root, first->driver))
		return;
	r = load_module(run->apply, first);
	if (r == 0)
		return;
	text = memory_printf("module %s%s", first->module,
			     r == -ETIMEDOUT ? ", still loading after its time" : "");
	for (size_t i = 0; i < plan->count; i++) {
		struct decision *decision = &plan->decisions[i];

		if (decision->verdict != VERDICT_TAKE ||
		    strcmp(decision->module, first->module) != 0)
			continue;
		/* Missing from the image is no failure: the claim stands until it is found. */
		if (r == -ENOENT && decision->error == 0)
			decision->state = STATE_CLAIMED;
		fail(decision, r, r == -ENOENT ? FINDING_STUB_MISSING : FINDING_MODULE_FAILED,
		     text);
	}
}

/* Claim a device that was only fenced off until now, and bind it. */
static int claim_and_bind(const struct root *root, const struct decision *decision)
{
	_cleanup_free_ char *bind = memory_printf("sys/bus/pci/drivers/%s/bind", decision->driver);
	int r = 0;

	if (decision->stub->is_slow)
		r = set_override(root, decision, decision->driver, decision->driver);
	return r < 0 ? r : write_address(root, decision, bind);
}

static void step_bind(const struct run *run, struct decision *decision)
{
	const struct root *root = run->apply->root;
	char driver[DRIVER_NAME_SIZE];
	int r = current_driver(root, decision, driver);

	if (r == 0 && strcmp(driver, decision->driver) != 0) {
		r = claim_and_bind(root, decision);
		/* -EBUSY: another thread of the kernel has just bound it. The link decides. */
		if (r == 0 || r == -EBUSY)
			r = current_driver(root, decision, driver);
	}
	if (r == 0 && strcmp(driver, decision->driver) != 0)
		r = -ENODEV;
	if (r < 0)
		fail(decision, r, FINDING_BIND_FAILED, decision->driver);
	else
		decision->state = STATE_BOUND;
}

/* Written one address, the attribute reads back a line for each device that is permissive. */
static void step_configure(const struct run *run, struct decision *decision)
{
	_cleanup_free_ char *path =
		memory_printf("sys/bus/pci/drivers/%s/permissive", decision->driver);
	_cleanup_free_ char *list = NULL;
	char name[ADDRESS_SIZE];
	size_t size;
	int r = write_address(run->apply->root, decision, path);

	if (r == 0)
		r = root_read_file(run->apply->root, path, LIST_SIZE_MAX, &list, &size);
	if (r == 0 && !strstr(list, address_format(&decision->device->address, name)))
		r = -EIO;
	if (r < 0)
		fail(decision, r, FINDING_PERMISSIVE_FAILED, path);
}

/* A step that seemed to fail may have had its effect: the stub driver has the device after all. */
static int release_from_stub(const struct run *run, const struct decision *decision)
{
	_cleanup_free_ char *unbind =
		memory_printf("sys/bus/pci/drivers/%s/unbind", decision->driver);
	char driver[DRIVER_NAME_SIZE];
	int r = current_driver(run->apply->root, decision, driver);

	if (r < 0 || strcmp(driver, decision->driver) != 0)
		return r;
	return write_address(run->apply->root, decision, unbind);
}

/*
 * Have the kernel look for a driver of the host. If only the stub is there and takes the device by
 * its ids= again, it is freed once more: the host's driver gets it when that is loaded.
 */
static int probe_for_host(const struct run *run, const struct decision *decision)
{
	int r = write_address(run->apply->root, decision, "sys/bus/pci/drivers_probe");

	return r < 0 ? r : release_from_stub(run, decision);
}

/* Its own driver may have it again: clear the override and have the kernel match once more. */
static void give_back(const struct run *run, struct decision *decision)
{
	int r = set_override(run->apply->root, decision, "\n", "(null)");

	decision->state = STATE_FAILED;
	if (r == 0)
		r = release_from_stub(run, decision);
	if (r == 0)
		r = probe_for_host(run, decision);
	if (r < 0)
		fail(decision, r, FINDING_RETURN_FAILED, "device not given back");
}

static void hold(const struct run *run, struct decision *decision)
{
	int r = set_override(run->apply->root, decision, HOLD_OVERRIDE, HOLD_OVERRIDE);

	decision->state = r < 0 ? STATE_FAILED : STATE_HELD;
	if (r < 0)
		fail(decision, r, FINDING_CLAIM_FAILED, "device not held");
}

/* Its own ids= can have made the stub driver take a device that was refused, once it was loaded. */
static void leave_to_host(const struct run *run, struct decision *decision)
{
	char driver[DRIVER_NAME_SIZE];
	int r = current_driver(run->apply->root, decision, driver);

	if (r < 0 || strcmp(driver, decision->driver) != 0 ||
	    strcmp(driver, decision->device->driver) == 0)
		return;
	findings_add(&decision->findings, FINDING_TAKEN_BACK, "%s took it by its own ids=", driver);
	r = release_from_stub(run, decision);
	if (r == 0)
		r = probe_for_host(run, decision);
	if (r < 0)
		fail(decision, r, FINDING_RETURN_FAILED, "device not given back");
}

/* Whoever loads the stub driver later completes the claim, so it has to say which one that is. */
static void keep_claimed(const struct run *run, struct decision *decision)
{
	int r = set_override(run->apply->root, decision, decision->driver, decision->driver);

	if (r < 0)
		fail(decision, r, FINDING_CLAIM_FAILED, "driver_override could not be set");
}

static void step_settle(const struct run *run, struct decision *decision)
{
	if (decision->verdict == VERDICT_REFUSE)
		leave_to_host(run, decision);
	else if (decision->state == STATE_BOUND)
		return;
	else if (decision->state == STATE_CLAIMED)
		keep_claimed(run, decision);
	else if (decision->verdict == VERDICT_HOLD)
		decision->state = decision->error ? STATE_FAILED : STATE_HELD;
	else if (decision->rule->options.on_failure == FAILURE_HOLD)
		hold(run, decision);
	else
		give_back(run, decision);
}

static const struct {
	void (*run)(const struct run *run, struct decision *decision);
	bool after_failure; /* done also for a device with which something went wrong */
	bool can_block;     /* not begun after the deadline */
} actions[] = {
	[STEP_CLAIM] = { step_claim, false, false },
	[STEP_RELEASE] = { step_release, false, true },
	[STEP_LOAD] = { step_load, true, true },
	[STEP_BIND] = { step_bind, false, true },
	[STEP_CONFIGURE] = { step_configure, false, true },
	[STEP_SETTLE] = { step_settle, true, false },
};

struct bind {
	const struct root *root;
	const struct decision *decision;
};

/* In a child. What comes of it, step_bind() sees. */
static int bind_in_child(void *context)
{
	const struct bind *bind = context;

	return claim_and_bind(bind->root, bind->decision);
}

/*
 * A driver that resets each device it takes sleeps most of the time, so all binds are begun at
 * once; the steps that follow only look, in their order, at what came of it. Children, since one
 * that hangs can be left behind; threads were no faster. The kernel's own way, the module parameter
 * async_probe, is none: most loads then took one device after the other all the same.
 */
static void bind_at_once(const struct run *run)
{
	struct bind *binds = memory_new(run->plan->count, sizeof(*binds));
	void **contexts = memory_new(run->plan->count, sizeof(*contexts));
	int64_t left = run->apply->deadline_ms - clock_ms();
	size_t count = 0;

	for (size_t i = 0; i < run->plan->count; i++) {
		const struct decision *decision = &run->plan->decisions[i];

		if (decision->verdict != VERDICT_TAKE || decision->error ||
		    !decision->stub->is_slow)
			continue;
		binds[count] = (struct bind){ run->apply->root, decision };
		contexts[count] = &binds[count];
		count++;
	}
	if (count > 1 && left > 0)
		child_run_all(bind_in_child, contexts, count, (int)left);
	free(contexts);
	free(binds);
}

static void note_progress(const struct apply *apply, const struct step *step)
{
	char name[ADDRESS_SIZE];

	snprintf(apply->progress->step, sizeof(apply->progress->step), "%s of %s for %s",
		 step_word(step->kind), address_format(&step->decision->device->address, name),
		 step->decision->driver);
}

static void run_step(const struct run *run, const struct step *step)
{
	struct decision *decision = step->decision;

	if (decision->error && !actions[step->kind].after_failure)
		return;
	if (actions[step->kind].can_block && clock_ms() >= run->apply->deadline_ms) {
		fail(decision, -ETIMEDOUT, FINDING_DEADLINE, step_word(step->kind));
		return;
	}
	note_progress(run->apply, step);
	actions[step->kind].run(run, decision);
}

void apply_plan(const struct apply *apply, struct plan *plan)
{
	struct run run = { apply, plan };
	struct steps steps;

	steps_make(plan, &steps);
	for (size_t i = 0; i < steps.count; i++) {
		bool binds = steps.items[i].kind == STEP_BIND;

		if (binds && steps.items[i - 1].kind != STEP_BIND)
			bind_at_once(&run);
		run_step(&run, &steps.items[i]);
	}
	free(steps.items);
}
