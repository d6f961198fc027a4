/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/settle.h"

#include <errno.h>
#include <time.h>

#include "apply/settings.h"
#include "apply/sysfs.h"
#include "apply/task.h"
#include "system/clock.h"
#include "util/text.h"

#define ENTRIES_MAX 16 /* of one device, in the list of a stub driver */

/* As udevadm(8) settle: the queue is there as long as there are events (systemd/src/udev). */
#define UDEV_CONTROL "run/udev/control"
#define UDEV_QUEUE   "run/udev/queue"

#define UDEV_PAUSE_MS 20
#define UDEV_IDLE_MS  300 /* by then it has heard of an event */

/* A step that seemed to fail may have had its effect: the stub driver has the device after all. */
static int release_from_stub(const struct root *root, const struct decision *decision)
{
	if (!sysfs_has_driver(root, decision->device, decision->driver))
		return 0;
	return sysfs_unbind(root, decision->device, decision->driver);
}

/*
 * So that it does not take the device once more. The list cannot be read: each write removes one
 * entry, and fails when none is left.
 */
static void forget(const struct root *root, const struct decision *decision)
{
	for (int i = 0; i < ENTRIES_MAX; i++) {
		int r = decision->stub->lists_slots
				? sysfs_forget_slot(root, decision->device, decision->driver)
				: sysfs_forget_id(root, decision->device, decision->driver);

		if (r < 0)
			return;
	}
}

/*
 * Have the kernel look for a driver of the host. If only the stub is there and takes the device by
 * its ids= again, it is freed once more: the host's driver gets it when that is loaded.
 */
static int leave_stub(const struct root *root, const struct decision *decision)
{
	int r = release_from_stub(root, decision);

	forget(root, decision);
	if (r == 0)
		settings_restore(root, decision);
	if (r == 0)
		r = sysfs_probe(root, decision->device);
	return r < 0 ? r : release_from_stub(root, decision);
}

static int clear_override(const struct root *root, const struct decision *decision)
{
	return sysfs_set_override(root, decision->device, OVERRIDE_CLEAR, OVERRIDE_CLEARED);
}

/* The driver that had it gets it again, and not another one that fits as well. */
static int leave_stub_for(const struct root *root, const struct decision *decision,
			  const char *driver)
{
	int r = sysfs_set_override(root, decision->device, driver, driver), cleared;

	if (r == 0)
		r = leave_stub(root, decision);
	cleared = clear_override(root, decision);
	return r < 0 ? r : cleared;
}

static int return_to_host(const struct root *root, const struct decision *decision)
{
	int r;

	if (sysfs_driver_exists(root, decision->host_driver))
		return leave_stub_for(root, decision, decision->host_driver);
	r = clear_override(root, decision);
	return r < 0 ? r : leave_stub(root, decision);
}

static int set_hold_override(const struct root *root, const struct decision *decision)
{
	return sysfs_set_override(root, decision->device, HOLD_OVERRIDE, HOLD_OVERRIDE);
}

static int set_stub_override(const struct root *root, const struct decision *decision)
{
	return sysfs_set_override(root, decision->device, decision->driver, decision->driver);
}

/* It could not be bound: a driver of the host may bind to it again. The state stays failed. */
static void give_back(const struct apply *apply, struct decision *decision)
{
	int r = task_return(apply, decision, return_to_host);

	decision->state = STATE_FAILED;
	if (r < 0)
		apply_fail(decision, r, FINDING_RETURN_FAILED,
			   "could not return the device to the host");
	else
		settings_check_restored(apply->root, decision);
}

static void hold(const struct apply *apply, struct decision *decision)
{
	int r = task_return(apply, decision, set_hold_override);

	decision->state = r < 0 ? STATE_FAILED : STATE_HELD;
	if (r < 0)
		apply_fail(decision, r, FINDING_CLAIM_FAILED, "could not hold the device");
}

/* Its own ids= can have made the stub driver take a device that was refused, once it was loaded. */
static void leave_to_host(const struct apply *apply, struct decision *decision)
{
	const struct pci_device *device = decision->device;
	int r;

	if (decision_is_bound(decision) || !sysfs_has_driver(apply->root, device, decision->driver))
		return;
	findings_add(&decision->findings, FINDING_TAKEN_BACK,
		     "bound by %s through its own ids=", decision->driver);
	r = task_return(apply, decision, leave_stub);
	if (r < 0)
		apply_fail(decision, r, FINDING_RETURN_FAILED,
			   "could not return the device to the host");
}

/*
 * Loading the stub driver later completes the claim, so it has to name that driver: it does, but
 * where the device was only fenced off.
 */
static void keep_claimed(const struct apply *apply, struct decision *decision)
{
	int r = 0;

	if (decision_is_fenced(decision))
		r = task_return(apply, decision, set_stub_override);
	if (r < 0)
		apply_fail(decision, r, FINDING_CLAIM_FAILED, "could not set driver_override");
}

void settle_decision(const struct apply *apply, struct decision *decision)
{
	if (decision->verdict == VERDICT_REFUSE)
		leave_to_host(apply, decision);
	else if (decision->state == STATE_BOUND)
		return;
	else if (decision->state == STATE_CLAIMED)
		keep_claimed(apply, decision);
	else if (decision->verdict == VERDICT_HOLD)
		decision->state = decision->error ? STATE_FAILED : STATE_HELD;
	else if (decision->rule->options.on_failure == FAILURE_HOLD)
		hold(apply, decision);
	else
		give_back(apply, decision);
}

/* Some other driver than the stub has it now. */
static bool is_with_host(const struct root *root, const struct decision *decision)
{
	char driver[DRIVER_NAME_SIZE];

	return sysfs_read_driver(root, decision->device, driver) == 0 && driver[0] &&
	       !streq(driver, decision->driver);
}

/*
 * Until udev, where it runs, has nothing to do any more, or the device has a driver of the host;
 * but no longer than a module may take to load,
 * and not past the deadline, since a rescue has to be over and reported by then.
 */
static void wait_for_udev(const struct apply *apply, const struct decision *decision)
{
	const struct timespec pause = { .tv_nsec = UDEV_PAUSE_MS * 1000000 };
	int64_t end = clock_ms() + MODULE_TIMEOUT_MS;
	int idle_ms = 0;

	if (end > apply->deadline_ms)
		end = apply->deadline_ms;
	if (root_exists(apply->root, UDEV_CONTROL) < 0)
		return;
	while (idle_ms < UDEV_IDLE_MS && clock_ms() < end && !is_with_host(apply->root, decision)) {
		nanosleep(&pause, NULL);
		idle_ms = root_exists(apply->root, UDEV_QUEUE) == 0 ? 0 : idle_ms + UDEV_PAUSE_MS;
	}
}

/*
 * udev has seen the device long ago: it is told of it as of a new one, and loads a driver. That
 * there is none in the image is no failure: the device waits for one in the real root, like any
 * other.
 */
static int find_host_driver(const struct apply *apply, const struct decision *decision)
{
	int r;

	if (is_with_host(apply->root, decision))
		return 0;
	r = sysfs_announce(apply->root, decision->device);
	if (r == 0)
		wait_for_udev(apply, decision);
	return r == -ENOENT ? 0 : r;
}

/* One driver after the other; the kernel refuses what does not match (drivers/base/bus.c). */
struct offer {
	const struct root *root;
	const struct decision *decision;
};

static int offer_to(const char *driver, void *context)
{
	const struct offer *offer = context;

	if (stub_of_driver(driver))
		return 0;
	return sysfs_bind(offer->root, offer->decision->device, driver) == 0 ? -ECANCELED : 0;
}

/*
 * A stub driver that does not forget the device takes it each time that the kernel looks for a
 * driver. So it is freed, and offered to the others by hand.
 */
static int offer_to_host(const struct root *root, const struct decision *decision)
{
	struct offer offer = { root, decision };
	int r = release_from_stub(root, decision);

	if (r == 0)
		r = root_each_entry(root, PCI_DRIVERS, offer_to, &offer);
	return r == -ECANCELED ? 0 : r;
}

/* Success codes lie: the link decides. That there is no driver for it is no failure. */
static int check_left(const struct apply *apply, const struct decision *decision)
{
	char driver[DRIVER_NAME_SIZE];
	int r = sysfs_read_driver(apply->root, decision->device, driver);

	if (r < 0 || (driver[0] && !streq(driver, decision->driver)))
		return r;
	r = task_return(apply, decision, offer_to_host);
	if (r == 0)
		r = sysfs_read_driver(apply->root, decision->device, driver);
	return r == 0 && streq(driver, decision->driver) ? -EBUSY : r;
}

void settle_return(const struct apply *apply, struct decision *decision)
{
	int r = task_return(apply, decision, return_to_host);

	if (r == 0 && !apply->is_before_udev)
		r = find_host_driver(apply, decision);
	if (r == 0)
		r = check_left(apply, decision);
	decision->state = r < 0 ? STATE_FAILED : STATE_RETURNED;
	if (r < 0)
		apply_fail(decision, r, FINDING_RETURN_FAILED,
			   "could not return the device to the host");
	else
		settings_check_restored(apply->root, decision);
}
