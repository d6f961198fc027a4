/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "oracle.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define REPORT       "run/passthru/report.json"
#define EARLY_REPORT "dev/passthru/report.json"
#define LOCKS        "run/passthru"
#define LOCK_TRIES   200 /* milliseconds */

static const char *const words[VIOLATION_COUNT] = {
	[VIOLATION_STATUS] = "status",
	[VIOLATION_RECORD] = "record",
	[VIOLATION_LOST] = "lost",
	[VIOLATION_UNRECORDED] = "unrecorded",
	[VIOLATION_GUARD] = "guard",
	[VIOLATION_SILENT] = "silent",
	[VIOLATION_FALSE] = "false",
	[VIOLATION_AGAIN] = "again",
	[VIOLATION_LEFT_PROCESS] = "process",
	[VIOLATION_LEFT_LOCK] = "lock",
	[VIOLATION_DEADLINE] = "deadline",
	[VIOLATION_ESCAPE] = "escape",
	[VIOLATION_HARNESS] = "harness",
};

const char *violation_word(enum violation violation)
{
	return words[violation];
}

struct check {
	const struct trial *trial;
	violation_sink *found;
	void *context;
};

__attribute__((format(printf, 3, 4))) static void complain(const struct check *check,
							   enum violation violation,
							   const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	check->found(violation, text, check->context);
}

/* --- JSON */

static struct json_object *get(struct json_object *object, const char *key)
{
	return json_object_is_type(object, json_type_object) ? json_object_object_get(object, key)
							     : NULL;
}

static const char *text_of(struct json_object *object, const char *key)
{
	const char *text = json_object_get_string(get(object, key));

	return text ? text : "";
}

static size_t length_of(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

static char *read_file(const char *root, const char *name, size_t *ret_size)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", root, name);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	struct stat info;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode) || info.st_size > 1 << 24)
		return NULL;
	text = memory_new((size_t)info.st_size + 1, 1);
	n = read(fd, text, (size_t)info.st_size);
	*ret_size = n > 0 ? (size_t)n : 0;
	return text;
}

static struct json_object *parse(const char *text, size_t size)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;
	size_t end;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, text, (int)size);
	end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (end + strspn(text + end, " \n") == size)
		return object;
	json_object_put(object);
	return NULL;
}

bool oracle_read_record(const char *root, struct json_object **ret)
{
	_cleanup_free_ char *text = NULL;
	size_t size;

	*ret = NULL;
	text = read_file(root, REPORT, &size);
	if (!text)
		text = read_file(root, EARLY_REPORT, &size);
	if (text)
		*ret = parse(text, size);
	return !text || *ret;
}

/* --- the shape of a report: passthru-report(5) */

enum may_be { STRING, STRING_OR_NULL, NUMBER, NUMBER_OR_NULL, FLAG_OR_NULL, ARRAY };

static bool is_a(struct json_object *value, enum may_be type)
{
	switch (type) {
	case STRING:
		return json_object_is_type(value, json_type_string);
	case STRING_OR_NULL:
		return !value || json_object_is_type(value, json_type_string);
	case NUMBER:
		return json_object_is_type(value, json_type_int);
	case NUMBER_OR_NULL:
		return !value || json_object_is_type(value, json_type_int);
	case FLAG_OR_NULL:
		return !value || json_object_is_type(value, json_type_boolean);
	case ARRAY:
		return json_object_is_type(value, json_type_array);
	}
	return false;
}

struct member {
	const char *key;
	enum may_be type;
};

static const struct member of_report[] = {
	{ "version", NUMBER },        { "program", STRING },
	{ "kernel", STRING_OR_NULL }, { "config_sha256", STRING_OR_NULL },
	{ "duration_us", NUMBER },    { "devices", ARRAY },
	{ "findings", ARRAY },
};

static const struct member of_device[] = {
	{ "rule", STRING },
	{ "address", STRING_OR_NULL },
	{ "path", STRING_OR_NULL },
	{ "id", STRING_OR_NULL },
	{ "class", STRING_OR_NULL },
	{ "group", NUMBER_OR_NULL },
	{ "translated", FLAG_OR_NULL },
	{ "iommu_unit", STRING_OR_NULL },
	{ "group_type", STRING_OR_NULL },
	{ "viable", FLAG_OR_NULL },
	{ "driver", STRING_OR_NULL },
	{ "previous_driver", STRING_OR_NULL },
	{ "state", STRING },
	{ "errno", NUMBER },
	{ "findings", ARRAY },
};

static const struct member of_finding[] = {
	{ "code", STRING },
	{ "severity", STRING },
	{ "text", STRING },
	{ "remedy", STRING_OR_NULL },
};

static void check_shape(const struct check *check, const char *what, struct json_object *object,
			const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct json_object *value;

		if (!json_object_is_type(object, json_type_object) ||
		    !json_object_object_get_ex(object, members[i].key, &value))
			complain(check, VIOLATION_RECORD, "%s has no %s", what, members[i].key);
		else if (!is_a(value, members[i].type))
			complain(check, VIOLATION_RECORD, "%s: %s is %s", what, members[i].key,
				 json_object_to_json_string(value));
	}
}

static void check_findings_shape(const struct check *check, struct json_object *findings)
{
	for (size_t i = 0; i < length_of(findings); i++)
		check_shape(check, "a finding", json_object_array_get_idx(findings, i), of_finding,
			    ARRAY_SIZE(of_finding));
}

static void check_record(const struct check *check)
{
	struct json_object *record = check->trial->now.record, *devices = get(record, "devices");

	if (check->trial->now.is_damaged)
		complain(check, VIOLATION_RECORD, "it is no JSON");
	if (!record)
		return;
	check_shape(check, "the record", record, of_report, ARRAY_SIZE(of_report));
	check_findings_shape(check, get(record, "findings"));
	for (size_t i = 0; i < length_of(devices); i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		check_shape(check, "a device", device, of_device, ARRAY_SIZE(of_device));
		check_findings_shape(check, get(device, "findings"));
	}
}

/* A record of what was to be done is there before anything is, and is replaced in the end. */
static void check_finished(const struct check *check)
{
	struct json_object *findings = get(check->trial->now.record, "findings");

	for (size_t i = 0; i < length_of(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		if (strcmp(text_of(finding, "code"), "unfinished") == 0)
			complain(check, VIOLATION_RECORD, "it stays unfinished");
	}
}

/* --- what was recorded stays recorded */

static struct json_object *find_device(struct json_object *record, struct json_object *like)
{
	struct json_object *devices = get(record, "devices");

	for (size_t i = 0; i < length_of(devices); i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		if (strcmp(text_of(device, "rule"), text_of(like, "rule")) == 0 &&
		    strcmp(text_of(device, "address"), text_of(like, "address")) == 0)
			return device;
	}
	return NULL;
}

static bool has_finding(struct json_object *object, struct json_object *finding)
{
	struct json_object *findings = get(object, "findings");

	for (size_t i = 0; i < length_of(findings); i++) {
		struct json_object *other = json_object_array_get_idx(findings, i);

		if (strcmp(text_of(other, "code"), text_of(finding, "code")) == 0 &&
		    strcmp(text_of(other, "text"), text_of(finding, "text")) == 0)
			return true;
	}
	return false;
}

/* Those of BEFORE that neither NOW nor GOOD has: something else than the work removed them. */
static void check_findings_kept(const struct check *check, const char *whose,
				struct json_object *before, struct json_object *now,
				struct json_object *good)
{
	struct json_object *findings = get(before, "findings");

	for (size_t i = 0; i < length_of(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		if (!has_finding(now, finding) && has_finding(good, finding))
			complain(check, VIOLATION_LOST, "%s: the finding %s", whose,
				 text_of(finding, "code"));
	}
}

static void check_device_kept(const struct check *check, struct json_object *before)
{
	struct json_object *now = find_device(check->trial->now.record, before);
	struct json_object *good = find_device(check->trial->good.record, before);
	const char *address = text_of(before, "address");

	if (!now && !good)
		return;
	if (!now) {
		complain(check, VIOLATION_LOST, "the device %s %s", text_of(before, "rule"),
			 address);
		return;
	}
	if (*text_of(before, "previous_driver") && !*text_of(now, "previous_driver") &&
	    *text_of(good, "previous_driver"))
		complain(check, VIOLATION_LOST, "%s: the driver that it had before", address);
	check_findings_kept(check, address, before, now, good);
}

static void check_kept(const struct check *check)
{
	const struct trial *trial = check->trial;
	struct json_object *before = trial->record_before, *devices = get(before, "devices");

	if (!before)
		return;
	if (!trial->now.record) {
		complain(check, VIOLATION_LOST, "the record");
		return;
	}
	for (size_t i = 0; i < length_of(devices); i++)
		check_device_kept(check, json_object_array_get_idx(devices, i));
	check_findings_kept(check, "the record", before, trial->now.record, trial->good.record);
}

/* --- devices */

static bool is_stub(const char *driver)
{
	return strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "pci-stub") == 0 ||
	       strcmp(driver, "pciback") == 0;
}

/* The override is a stub's, or nobody's: that of the host's driver is no claim. */
static bool is_claimed(const struct device *device)
{
	return is_stub(device->driver) || is_stub(device->override) ||
	       strcmp(device->override, "none") == 0;
}

static bool is_same(const struct device *a, const struct device *b)
{
	return strcmp(a->driver, b->driver) == 0 && strcmp(a->override, b->override) == 0 &&
	       a->functions == b->functions && a->autoprobe == b->autoprobe &&
	       a->is_on_bus == b->is_on_bus;
}

/* Those that say that it is not claimed do not name it. */
static bool names_claim(struct json_object *device)
{
	static const char *const others[] = { "refused", "returned", "absent" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (strcmp(text_of(device, "state"), others[i]) == 0)
			return false;
	}
	return true;
}

static bool is_named(struct json_object *record, const char *address)
{
	struct json_object *devices = get(record, "devices");

	for (size_t i = 0; i < length_of(devices); i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		if (strcmp(text_of(device, "address"), address) == 0 && names_claim(device))
			return true;
	}
	return false;
}

static bool is_new_line(const char *line, size_t length, const char *good)
{
	_cleanup_free_ char *copy = memory_copy(line, length);

	return !good || !strstr(good, copy);
}

/* Whether a line of the output that the good run does not have is about WHAT. */
static bool says(const struct trial *trial, const char *what)
{
	const char *good = trial->good.outcome ? trial->good.outcome->output : NULL;

	for (const char *line = trial->now.outcome->output; *line;) {
		size_t length = strcspn(line, "\n");
		const char *found = strstr(line, what);

		if (found && found < line + length && is_new_line(line, length, good))
			return true;
		line += length + (line[length] == '\n');
	}
	return false;
}

static int exit_of(const struct outcome *outcome)
{
	return WIFEXITED(outcome->status) ? WEXITSTATUS(outcome->status) : -1;
}

/* It says that something went wrong that the good run does not have. */
static bool is_told(const struct trial *trial, const char *address)
{
	int now = exit_of(trial->now.outcome), good = exit_of(trial->good.outcome);

	if (now != good)
		return now != 0;
	return good != 0 && (says(trial, address) || says(trial, "error"));
}

static void check_untold(const struct check *check, const struct device *now,
			 const struct device *good)
{
	const struct trial *trial = check->trial;

	if (trial->is_killed || is_same(now, good) || is_told(trial, now->address))
		return;
	complain(check, trial->is_again ? VIOLATION_AGAIN : VIOLATION_SILENT,
		 "exit status %d; %s has %s, override %s; without the fault %s, override %s",
		 exit_of(trial->now.outcome), now->address,
		 *now->driver ? now->driver : "no driver", now->override,
		 *good->driver ? good->driver : "no driver", good->override);
}

/*
 * For the program there is no such device, so what it tells a stub driver of those that come later
 * is no claim of it. That a kernel has a device which it does not show is the harness's doing.
 */
static bool is_missing(const struct trial *trial, const struct device *device)
{
	const char *name = trial->missing ? strrchr(trial->missing, '/') : NULL;

	return name && strstr(trial->missing, device->address) &&
	       (strcmp(name, "/uevent") == 0 || strcmp(name + 1, device->address) == 0);
}

static void check_device(const struct check *check, size_t index)
{
	const struct trial *trial = check->trial;
	const struct device *before = &trial->before->devices[index];
	const struct device *now = &trial->now.sysfs->devices[index];
	const struct device *good = trial->good.sysfs ? &trial->good.sysfs->devices[index] : now;

	if (is_claimed(now) && !is_same(now, before) && !is_missing(trial, now) &&
	    !is_named(trial->now.record, now->address) &&
	    !(trial->may_only_log && says(trial, "report.json")))
		complain(check, VIOLATION_UNRECORDED, "%s has %s, override %s", now->address,
			 *now->driver ? now->driver : "no driver", now->override);
	if (!trial->may_take_more && !is_same(now, before) && is_same(good, before))
		complain(check, VIOLATION_GUARD, "%s has %s, override %s", now->address,
			 *now->driver ? now->driver : "no driver", now->override);
	if (trial->good.outcome && !trial->is_altered)
		check_untold(check, now, good);
}

/* Where all is said to be well, the record says of each device what it says without a fault. */
static void check_states(const struct check *check)
{
	const struct trial *trial = check->trial;
	struct json_object *devices = get(trial->good.record, "devices");

	if (!trial->good.outcome || trial->is_killed || trial->is_altered ||
	    exit_of(trial->now.outcome) != 0 || says(trial, "report.json"))
		return;
	for (size_t i = 0; i < length_of(devices); i++) {
		struct json_object *good = json_object_array_get_idx(devices, i);
		struct json_object *now = find_device(trial->now.record, good);

		if (strcmp(text_of(now, "state"), text_of(good, "state")) != 0)
			complain(
				check, trial->is_again ? VIOLATION_AGAIN : VIOLATION_SILENT,
				"exit status 0; %s is on record as '%s', without the fault as '%s'",
				text_of(good, "address"), text_of(now, "state"),
				text_of(good, "state"));
	}
}

/*
 * What could not be read is unknown; these findings say that it was seen. That no device
 * matches a rule may be so for what can be read, and is said with that.
 */
static void check_said(const struct check *check)
{
	static const char *const codes[] = {
		"off",
		"nothing-configured",
		"absent",
		"id-mismatch",
		"bridge",
		"sriov-missing",
		"needs-unrecorded",
		"needs-of-other-host",
		"iommu-off",
		"iommu-no-table",
		"iommu-off-by-option",
		"iommu-not-enabled",
		"iommu-init-failed",
		"iommu-noiommu-mode",
		"interrupt-remapping-off",
		"remapping-off-by-option",
		"reset-missing",
		"reset-weak",
		"not-assigned",
		"xen-dom0",
	};
	const struct trial *trial = check->trial;

	for (size_t i = 0; trial->good.outcome && !trial->is_altered && i < ARRAY_SIZE(codes);
	     i++) {
		_cleanup_free_ char *code = memory_printf(": %s: ", codes[i]);

		if (strstr(trial->now.outcome->output, code) &&
		    !strstr(trial->good.outcome->output, code) &&
		    (strcmp(codes[i], "absent") != 0 || !says(trial, ": unreadable: ")))
			complain(check, VIOLATION_FALSE, "%s", codes[i]);
	}
}

/* --- the run itself */

/* As a shell has it. */
static int shell_status(const struct outcome *outcome)
{
	return WIFSIGNALED(outcome->status) ? 128 + WTERMSIG(outcome->status) : exit_of(outcome);
}

static bool is_documented(const struct trial *trial)
{
	int status = shell_status(trial->now.outcome);

	for (const unsigned char *s = trial->statuses; *s != 255; s++) {
		if (*s == status)
			return true;
	}
	return false;
}

static void check_end(const struct check *check)
{
	const struct trial *trial = check->trial;
	const struct outcome *outcome = trial->now.outcome;

	if (!trial->is_killed && !outcome->is_late && !is_documented(trial))
		complain(check, VIOLATION_STATUS, "exit status %d", shell_status(outcome));
	if (!trial->may_overflow && strstr(outcome->output, "Segmentation fault"))
		complain(check, VIOLATION_STATUS, "the worker crashed");
	if (outcome->is_late)
		complain(check, VIOLATION_DEADLINE, "still at work");
	if (outcome->left_process)
		complain(check, VIOLATION_LEFT_PROCESS, "it outlives the program");
}

/* A process that has just died may still be closing its files. */
static bool is_locked(int fd)
{
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			return false;
		usleep(1000);
	}
	return true;
}

static void check_lock(const struct check *check, const char *directory, const char *name)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", directory, name);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && is_locked(fd))
		complain(check, VIOLATION_LEFT_LOCK, "%s", name);
}

static void check_locks(const struct check *check)
{
	_cleanup_free_ char *directory = memory_printf("%s/" LOCKS, check->trial->root);
	_cleanup_closedir_ DIR *names = opendir(directory);
	struct dirent *entry;

	while (names && (entry = readdir(names))) {
		if (entry->d_type == DT_REG)
			check_lock(check, directory, entry->d_name);
	}
}

void oracle_check_end(const struct trial *trial, violation_sink found, void *context)
{
	check_end(&(struct check){ trial, found, context });
}

void oracle_check_tree(const struct trial *trial, violation_sink found, void *context)
{
	const struct check check = { trial, found, context };

	check_locks(&check);
	check_record(&check);
	if (trial->must_finish)
		check_finished(&check);
	check_kept(&check);
	for (size_t i = 0; i < trial->now.sysfs->device_count; i++)
		check_device(&check, i);
	check_states(&check);
	if (!trial->is_again)
		check_said(&check);
}

void oracle_check_rest(const struct trial *trial, violation_sink found, void *context)
{
	const struct check check = { trial, found, context };
	struct json_object *devices = get(trial->now.record, "devices");

	for (size_t i = 0; i < length_of(devices); i++) {
		struct json_object *entry = json_object_array_get_idx(devices, i);
		const struct device *device =
			sysfs_find(trial->now.sysfs, text_of(entry, "address"));
		bool is_bound = device && strcmp(device->driver, text_of(entry, "driver")) == 0;

		if ((strcmp(text_of(entry, "state"), "bound") == 0) != is_bound)
			complain(&check, VIOLATION_SILENT, "%s is on record as %s, and has %s",
				 text_of(entry, "address"), text_of(entry, "state"),
				 device ? device->driver : "gone");
	}
}
