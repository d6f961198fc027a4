/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/boot_wait.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define TEXT_SIZE_MAX 1048576
#define NAME_SIZE     256
#define DEV           "/dev/"
#define LIVE          "/run/initramfs/live" /* dracut's dmsquash-live mounts the medium there */
#define QUESTIONS     "run/systemd/ask-password"
#define QUESTION      "ask." /* what their names begin with */

/* Of an administrator, and of generators: the first one of a name counts, systemd.unit(5). */
static const char *const unit_directories[] = {
	"run/systemd/generator.early", "etc/systemd/system",         "run/systemd/system",
	"run/systemd/generator",       "run/systemd/generator.late",
};

/* What the boot waits for: the second only where there is such a unit (mount.usr=). */
static const struct awaited_mount {
	const char *unit, *point;
	bool is_always;
} awaited[] = {
	{ "sysroot.mount", "/sysroot", true },
	{ "sysroot-usr.mount", "/sysroot/usr", false },
};

/* What follows PREFIX in the last line of TEXT that begins with it, terminated; or NULL. */
static char *find_value(char *text, const char *prefix)
{
	char *value = NULL;

	for (char *line; (line = strsep(&text, "\n"));) {
		if (strncmp(line, prefix, strlen(prefix)) == 0)
			value = line + strlen(prefix);
	}
	return value;
}

/* As systemd reads "%%". Other specifiers no generator writes. */
static void unescape_specifiers(char *text)
{
	char *out = text;

	for (; *text; *out++ = *text++) {
		if (text[0] == '%' && text[1] == '%')
			text++;
	}
	*out = '\0';
}

static char *read_text(const struct root *root, const char *path)
{
	char *text;
	size_t size;

	return root_read_file(root, path, TEXT_SIZE_MAX, &text, &size) < 0 ? NULL : text;
}

/* The node that UNIT mounts, without the leading slash. NULL if there is none. */
static char *find_node(const struct root *root, const char *unit)
{
	for (size_t i = 0; i < ARRAY_SIZE(unit_directories); i++) {
		_cleanup_free_ char *path = memory_printf("%s/%s", unit_directories[i], unit);
		_cleanup_free_ char *text = read_text(root, path);
		char *what = text ? find_value(text, "What=") : NULL;

		if (!what)
			continue;
		unescape_specifiers(what);
		return strncmp(what, DEV, strlen(DEV)) == 0 ? memory_dup(what + 1) : NULL;
	}
	return NULL;
}

/* The name of the disk at NODE as sysfs has it: udev's links lead to it. */
static int find_disk(const struct root *root, const char *node, char name[static NAME_SIZE])
{
	const char *last = strrchr(node, '/') + 1;
	int r = root_link_name(root, node, name, NAME_SIZE);

	if (r != -EINVAL)
		return r;
	if (strlen(last) >= NAME_SIZE)
		return -ENAMETOOLONG;
	strcpy(name, last);
	return 0;
}

/* Where the disk at NODE is in udev's database. NULL if that cannot be told. */
static char *find_entry(const struct root *root, const char *node)
{
	_cleanup_free_ char *path = NULL;
	char name[NAME_SIZE], number[32];

	if (find_disk(root, node, name) < 0)
		return NULL;
	path = memory_printf("sys/class/block/%s/dev", name);
	if (root_read_attribute(root, path, number, sizeof(number)) < 0)
		return NULL;
	return memory_printf("run/udev/data/b%s", number);
}

/* A RAID or btrfs without all its members has a node, too. Where udev says nothing, that counts. */
static bool is_ready(const struct root *root, const char *node)
{
	_cleanup_free_ char *entry = find_entry(root, node), *text = NULL;
	const char *ready;

	if (!entry)
		return true;
	text = read_text(root, entry);
	if (!text)
		return root_exists(root, entry) != -ENOENT;
	ready = find_value(text, "E:SYSTEMD_READY=");
	return !ready || !streq(ready, "0");
}

/* proc_pid_mountinfo(5): the fifth field is the mount point. */
static bool is_mount_of(char *line, const char *point)
{
	const char *field = NULL;

	for (int i = 0; i < 5; i++)
		field = strsep(&line, " ");
	return field && streq(field, point);
}

static bool is_mounted(const struct root *root, const char *point)
{
	_cleanup_free_ char *text = read_text(root, "proc/self/mountinfo");
	char *rest = text;

	for (char *line; (line = strsep(&rest, "\n"));) {
		if (is_mount_of(line, point))
			return true;
	}
	return false;
}

static bool is_there(const struct root *root, const struct awaited_mount *mount)
{
	_cleanup_free_ char *node = find_node(root, mount->unit);

	if (!node)
		return !mount->is_always || is_mounted(root, mount->point);
	return (root_exists(root, node) == 0 && is_ready(root, node)) ||
	       is_mounted(root, mount->point);
}

bool boot_wait_is_over(const struct root *root)
{
	if (is_mounted(root, LIVE))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(awaited); i++) {
		if (!is_there(root, &awaited[i]))
			return false;
	}
	return true;
}

/* One whose program was killed is answered by nobody. */
static int look_at_question(const char *name, void *context)
{
	const struct root *root = context;
	_cleanup_free_ char *path = memory_printf(QUESTIONS "/%s", name);
	_cleanup_free_ char *text = NULL;
	const char *pid;
	char process[32];
	uint32_t number;

	if (strncmp(name, QUESTION, strlen(QUESTION)) != 0)
		return 0;
	text = read_text(root, path);
	pid = text ? find_value(text, "PID=") : NULL;
	if (!pid || parse_decimal(pid, INT32_MAX, &number) < 0)
		return 0;
	snprintf(process, sizeof(process), "proc/%u/comm", number);
	return root_exists(root, process) == 0 ? -ECANCELED : 0;
}

bool boot_wait_is_for_user(const struct root *root)
{
	return root_each_entry(root, QUESTIONS, look_at_question, (void *)root) == -ECANCELED;
}
