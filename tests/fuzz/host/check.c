/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/check.h"

#include <json-c/json.h>
#include <string.h>

#include "fuzz.h"
#include "host/build.h"
#include "host/report.h"
#include "host/truth.h"
#include "model/model.h"
#include "report/record.h"
#include "want/intent.h"

#define AGENT_LIMIT_US   (11 * 1000000)
#define HOTPLUG_LIMIT_US (61 * 1000000)
#define ADD_LIMIT_US     (3 * 1000000) /* for the guardian to add to the record that it gave up */

static const struct run_of *running;
static struct truth truth;
static int64_t began_us;
static unsigned written;       /* files and attributes, by the process that is running */
static bool record_is_broken;  /* once it could not be written: nobody promises what is in it */
static bool rescue_is_pending; /* a rescue was due, and did not come to its end */
static bool has_changed, last_had_target;
static bool is_other_host; /* than it was at boot */
static bool was_due;       /* when the process began */

static bool is_infrastructure(const struct device *device)
{
	return (device->class >> 16 == 0x06 && device->class >> 8 != 0x0680) ||
	       device->class >> 8 == 0x0c05;
}

static bool is_storage(const struct device *device)
{
	return device->class >> 16 == 0x01 || device->class >> 8 == 0x0805 ||
	       device->class >> 8 == 0x0c04;
}

/* What guards keep. The running host looks for itself, and not in the image's record. */
static bool is_guarded(const struct notes *notes)
{
	static const unsigned storage = 1u << NEED_STORAGE, network = 1u << NEED_NETWORK;
	static const unsigned console = 1u << NEED_CONSOLE | 1u << NEED_PASSPHRASE;

	if (running->mode == MODE_ASSIGN)
		return notes->is_console && !(notes->allowed & ALLOW_CONSOLE);
	return (notes->needed & storage && !(notes->allowed & ALLOW_STORAGE)) ||
	       (notes->needed & network && !(notes->allowed & ALLOW_NETWORK)) ||
	       (notes->needed & console && !(notes->allowed & ALLOW_CONSOLE));
}

/* Where the record of needs cannot be read, devices are guarded by their class. */
static bool guards_are_blind(const struct device *device, const struct notes *notes)
{
	bool is_of_class = (notes->needed & 1u << NEED_STORAGE && is_storage(device)) ||
			   (notes->needed & 1u << NEED_NETWORK && device->class >> 16 == 0x02) ||
			   notes->is_console;

	return process_struck() && !is_of_class;
}

static void check_taking(struct device *device, const char *how)
{
	const struct notes *notes = notes_of(device);

	must(running->mode != MODE_DRY && running->mode != MODE_COMMAND, "looks-only",
	     "%s %s in a dry run", device->name, how);
	must(!is_infrastructure(device), "take-infrastructure", "%s, class %06x, %s", device->name,
	     device->class, how);
	must(notes->is_meant || device->physical ||
		     (notes->may_be_held && strcmp(device->override, "none") == 0),
	     "take-unasked", "%s %s, and no rule means it", device->name, how);
	must(!is_guarded(notes) || guards_are_blind(device, notes), "take-needed",
	     "%s %s, and the host needs it (%x, allowed %x)", device->name, how, notes->needed,
	     notes->allowed);
	must(!notes->is_used || running->mode != MODE_ASSIGN || !device->driver ||
		     device->driver->is_stub || notes->allowed & ALLOW_NETWORK,
	     "take-used", "%s %s, and it is in use", device->name, how);
}

static void on_override(struct device *device)
{
	if (process_depth() && device_is_claimed(device) && running->mode != MODE_RELEASE)
		check_taking(device, "is claimed");
}

/* With an override, that was looked at; without one, a list of the driver's own has it. */
static void on_bind(struct device *device, struct driver *driver)
{
	const struct notes *notes = notes_of(device);

	if (!process_depth() || !driver->is_stub || device->override)
		return;
	must(!is_infrastructure(device), "list-takes-infrastructure", "%s", device->name);
	must(!is_guarded(notes) || guards_are_blind(device, notes), "list-takes-needed",
	     "%s, and the host needs it", device->name);
}

static const struct kernel_watcher kernel_watcher = { on_bind, on_override };

static void check_log(const char *text)
{
	size_t length = strlen(text);

	must(length > 4 && *text == '<' && text[length - 1] == '\n' && length <= 976, "log-line",
	     "%s", text);
	for (const char *c = text; c < text + length - 1; c++)
		must(*c >= 0x20 && *c <= 0x7e, "log-plain", "%s", text);
}

/* Where the product may put files, and which ones. */
static bool is_own_file(const char *path)
{
	static const char *const own[] = { "run/passthru/", "run/udev/rules.d/60-passthru.rules",
					   "dev/passthru/report.json", "etc/passthru.conf.d/" };

	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		if (strncmp(path, own[i], strlen(own[i])) == 0)
			return true;
	}
	return false;
}

static void on_write(const char *path, const char *text)
{
	bool is_sysfs = strncmp(path, "sys/", 4) == 0;

	if (strcmp(path, "dev/kmsg") == 0) {
		check_log(text);
		return;
	}
	written++;
	must(running->mode != MODE_DRY && running->mode != MODE_COMMAND, "looks-only",
	     "%s is written", path);
	must(is_sysfs || is_own_file(path), "own-files", "%s is written", path);
	must(!is_sysfs || !(truth.is_off || truth.has_errors) || running->mode == MODE_ASSIGN ||
		     running->mode == MODE_RELEASE,
	     "off-touches", "%s is written", path);
	if (strcmp(path, REPORT_PATH) == 0 && text)
		report_check(running, text);
	if (strcmp(path, "run/udev/rules.d/60-passthru.rules") == 0 && text)
		report_check_udev(text);
}

static void note_before(void)
{
	for (struct device *device = kernel_devices(); device; device = device->next) {
		struct notes *notes = notes_of(device);

		notes->was_claimed = device_is_claimed(device);
		notes->had_stub = device_has_stub(device);
	}
}

void check_begin(void)
{
	static const struct run_of nothing = { MODE_BOOT, NULL, 0 };

	running = &nothing;
	record_is_broken = rescue_is_pending = false;
	has_changed = true;
	is_other_host = false;
	report_reset();
	kernel_watch(&kernel_watcher);
	model_watch(on_write);
	for (struct device *device = kernel_devices(); device; device = device->next)
		notes_of(device)->is_others = device_is_claimed(device) || device_has_stub(device);
}

static bool rescue_is_due(void)
{
	const char *text = model_text("run/passthru/rescue");

	return text && strncmp(text, "due ", 4) == 0 &&
	       process_now() / 1000 >= strtol(text + 4, NULL, 10);
}

void check_host_changes(void)
{
	has_changed = is_other_host = true;
}

void check_before(const struct run_of *run)
{
	running = run;
	written = 0;
	was_due = rescue_is_due();
	/* It takes its time, and is only another one where something has changed. */
	if (has_changed || run->target || run->mode == MODE_HOTPLUG || last_had_target)
		truth_find(run, &truth);
	last_had_target = run->target || run->mode == MODE_HOTPLUG;
	has_changed = false;
	note_before();
	if (run->mode == MODE_ASSIGN)
		notes_of(run->target)->is_assigned = true;
	began_us = process_now();
	trace("## mode %d\n", run->mode);
}

/* A claim that is the product's, of which the record must tell. */
static void check_recorded(const struct run_of *run, struct device *device)
{
	const char *what = run->mode == MODE_ASSIGN || run->mode == MODE_RELEASE
				   ? "assign-records-first"
				   : "claims-recorded";

	if (!device_is_there(device) || !device_is_claimed(device) || notes_of(device)->is_others)
		return;
	must(report_has_claim(device->name), what,
	     "%s is claimed (%s), and the record does not say so", device->name, device->override);
	/* Known, and so not to be told again and again. */
	record_is_broken |= !report_has_claim(device->name);
}

/* A driver of the host has lost a device that no rule means. */
static void check_untouched(struct device *device)
{
	const struct notes *notes = notes_of(device);

	if (!device_is_there(device) || notes->is_meant || notes->may_be_held ||
	    notes->is_functions || device->physical || notes->is_others)
		return;
	must(notes->was_claimed == device_is_claimed(device) || !device_is_claimed(device),
	     "untouched", "%s is claimed (%s)", device->name, device->override);
	must(notes->had_stub || !device_has_stub(device) || running->mode != MODE_BOOT,
	     "list-takes-unasked", "%s is with %s, and no rule means it", device->name,
	     device->driver->name);
}

static bool must_be_returned(struct device *device)
{
	const struct notes *notes = notes_of(device);
	bool is_usb = device->class >> 8 == 0x0c03;
	bool is_network = device->class >> 16 == 0x02;

	if (!device_is_there(device) || notes->is_others || notes->is_assigned ||
	    !notes->is_meant ||
	    !(device_is_claimed(device) && (device_has_stub(device) || !device->driver)))
		return false;
	return ((is_storage(device) || is_usb) && !(notes->allowed & ALLOW_STORAGE)) ||
	       (is_network && truth.on_network && !(notes->allowed & ALLOW_NETWORK));
}

/* After a death before it, or after devices came or went, it is harder. */
static const char *rescue_property(void)
{
	if (rescue_is_pending)
		return "rescue-again";
	return is_other_host ? "rescue-after-change" : "rescue";
}

static void check_rescue(int result)
{
	bool is_undisturbed = !process_struck() && result >= 0;

	if (!(was_due || rescue_is_pending) || truth.is_off || truth.has_errors ||
	    !truth.is_readable)
		return;
	if (!is_undisturbed) {
		rescue_is_pending = true;
		return;
	}
	for (struct device *device = kernel_devices(); device; device = device->next)
		must(!must_be_returned(device), rescue_property(),
		     "%s, class %06x, was not given back (%s)", device->name, device->class,
		     device->override);
	rescue_is_pending = false;
}

static bool is_agent(enum mode mode)
{
	return mode <= MODE_RESCUE;
}

static void check_status(const struct run_of *run, int result)
{
	if (result < 0) {
		must(process_struck(), "status", "mode %d ends with %d", run->mode, result);
		return;
	}
	if (is_agent(run->mode))
		must(result <= 3, "status", "mode %d: exit status %d", run->mode, result);
	else
		must(result <= 3 || result == 64 || result == 66 || result == 77, "status",
		     "mode %d: exit status %d", run->mode, result);
	if (run->mode == MODE_BOOT && !process_struck() && !model_run_is_full())
		must(report_is_finished(), "record-finished",
		     "exit status %d, and the record is that of the plan", result);
	if (run->mode == MODE_BOOT && result == 0 && report_is_finished())
		must(report_is_good() || record_is_broken || truth.is_off, "status-good",
		     "exit status 0, and the record is not good");
}

static int64_t limit_us_of(const struct run_of *run)
{
	return (run->mode == MODE_HOTPLUG ? HOTPLUG_LIMIT_US : AGENT_LIMIT_US) +
	       (process_struck() ? ADD_LIMIT_US : 0);
}

void check_after(const struct run_of *run, int result)
{
	/* What a user asks for is only done where it can be recorded; the boot must go on. */
	if (is_agent(run->mode))
		record_is_broken |= report_could_not_be_written();
	check_status(run, result);
	if (is_agent(run->mode))
		must(process_now() - began_us <= limit_us_of(run), "deadline",
		     "mode %d took %ld us", run->mode, (long)(process_now() - began_us));
	for (struct device *device = kernel_devices(); device; device = device->next) {
		if (!record_is_broken)
			check_recorded(run, device);
		check_untouched(device);
	}
	if (run->mode == MODE_RESCUE)
		check_rescue(result);
}

void check_end(void)
{
	model_watch(NULL);
	kernel_watch(NULL);
	report_reset();
}
