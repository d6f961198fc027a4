/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/storage.h"

#include <errno.h>
#include <string.h>

#include "facts/luks.h"
#include "facts/network_root.h"
#include "facts/tables.h"
#include "probe/needs/block.h"
#include "probe/needs/devspec.h"
#include "probe/needs/fstab.h"
#include "probe/needs/mountinfo.h"
#include "probe/needs/network.h"
#include "probe/needs/reading.h"
#include "probe/needs/zfs.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/parameter.h"
#include "util/text.h"

#define TABLE_SIZE_MAX (16 * 1024 * 1024)

struct storage {
	const struct survey *survey;
	struct mounts mounts;
	struct names done; /* walks, which many lines can ask for */
	struct luks luks;
	struct storage_found *found;
};

static void unresolved(struct storage *storage, const char *what, const char *spec,
		       const char *tried)
{
	bool is_root = streq(what, "/");

	findings_add(storage->survey->findings,
		     is_root ? FINDING_ROOT_UNRESOLVED : FINDING_NEED_UNRESOLVED,
		     "%s: %s was not found (%s)", what, spec, tried);
}

static void resolved(struct storage *storage, const char *what)
{
	if (streq(what, "/"))
		storage->found->root = true;
}

static void note_directory(struct storage *storage, const char *what, const char *directory)
{
	_cleanup_free_ char *walk = memory_printf("%s %s", what, directory);

	if (names_has(&storage->done, walk))
		return;
	names_add(&storage->done, walk);
	if (block_note(storage->survey, &storage->mounts, directory, what, &storage->luks.met))
		resolved(storage, what);
}

static void note_one_device(struct storage *storage, const char *what, const char *spec)
{
	const char *tried;
	_cleanup_free_ char *directory = devspec_find(storage->survey, spec, &tried);

	if (directory)
		note_directory(storage, what, directory);
	else
		unresolved(storage, what, spec, tried);
}

#define NEXT_DEVICE ":/dev/"

/* Of a bcachefs, "/dev/sda:/dev/sdb" are all its members. */
static void note_device(struct storage *storage, const char *what, const char *spec)
{
	for (const char *next; (next = strstr(spec, NEXT_DEVICE)); spec = next + 1) {
		_cleanup_free_ char *one = memory_copy(spec, (size_t)(next - spec));

		note_one_device(storage, what, one);
	}
	note_one_device(storage, what, spec);
}

static void note_zfs(struct storage *storage, const char *what, const char *dataset)
{
	_cleanup_(names_free) struct names devices = { 0 };
	int r = zfs_find_devices(storage->survey->root, dataset, &devices);

	if (r < 0 || !devices.count)
		unresolved(storage, what, dataset, "asked zpool status");
	/* It is there, but could not be asked. */
	if (r < 0 && !is_absent(r) && r != -EXDEV && r != -EINVAL)
		findings_add(storage->survey->findings, FINDING_UNREADABLE,
			     "could not ask zpool for the disks of %s: %s", dataset, strerror(-r));
	for (size_t i = 0; i < devices.count; i++)
		note_device(storage, what, devices.items[i]);
}

static void note_remote(struct storage *storage, const char *what, const struct mount *mount)
{
	_cleanup_free_ char *address = table_option(mount->options, "addr");
	_cleanup_free_ char *where = memory_printf("%s on %s", what, mount->source);

	if (network_note_server(storage->survey, address, where))
		resolved(storage, what);
	else
		unresolved(storage, what, mount->source,
			   "looked for the network card that leads there");
}

/*
 * The root is made of other file systems, as an overlay: root= says where they are. Where it does
 * not, OSTree has the physical one on /sysroot (composefs), and systemd a link to its device
 * (systemd-volatile-root.service(8), for `bootctl` and the GPT generator).
 */
static void note_below_root(struct storage *storage)
{
	const struct mount *physical = mounts_find(&storage->mounts, "/sysroot");
	_cleanup_free_ char *directory =
		physical ? block_of_mount(storage->survey, physical) : NULL;
	_cleanup_free_ char *node = reading_link(storage->survey, "run/systemd/volatile-root");
	_cleanup_free_ char *spec = node ? memory_printf("/%s", node) : NULL;

	if (directory)
		note_directory(storage, "/", directory);
	if (spec)
		note_device(storage, "/", spec);
}

/* What is not on one block device goes by its type. */
static void note_mount(struct storage *storage, const char *what, const struct mount *mount)
{
	static const char *const remote[] = { "nfs", "nfs4", "cifs", "smb3", "ceph" };
	static const char *const memory[] = { "tmpfs", "ramfs", "rootfs", "autofs" };
	_cleanup_free_ char *directory = block_of_mount(storage->survey, mount);

	if (directory)
		note_directory(storage, what, directory);
	else if (strstr(mount->source, NEXT_DEVICE))
		note_device(storage, what, mount->source);
	else if (streq(mount->type, "zfs"))
		note_zfs(storage, what, mount->source);
	else if (text_is_one_of(mount->type, remote, ARRAY_SIZE(remote)))
		note_remote(storage, what, mount);
	else if (text_is_one_of(mount->type, memory, ARRAY_SIZE(memory)))
		resolved(storage, what);
	else if (!streq(what, "/"))
		unresolved(storage, what, mount->source, "it is on no block device");
	else
		note_below_root(storage);
}

/* A device, or a file with swap or with a file system in it. */
static void note_spec(struct storage *storage, const char *what, const char *spec)
{
	const struct mount *mount;

	if (devspec_is(spec)) {
		note_device(storage, what, spec);
	} else if (*spec == '/') {
		mount = mounts_of_file(&storage->mounts, spec);
		if (mount)
			note_mount(storage, what, mount);
	}
}

static bool boot_waits_for(const char *options)
{
	static const char *const not_waited[] = { "nofail", "noauto", "_netdev",
						  "x-systemd.automount" };

	for (size_t i = 0; i < ARRAY_SIZE(not_waited); i++) {
		_cleanup_free_ char *value = table_option(options, not_waited[i]);

		if (value)
			return false;
	}
	return true;
}

static bool is_bind(const char *options)
{
	_cleanup_free_ char *bind = table_option(options, "bind");
	_cleanup_free_ char *rbind = table_option(options, "rbind");

	return bind || rbind;
}

/*
 * The file system that a bind mount is from, which the boot waits for then. That of the root is
 * known.
 */
static void note_bind(struct storage *storage, const struct fstab_entry *entry)
{
	const struct mount *mount = mounts_of_file(&storage->mounts, entry->spec);

	if (mount && strcmp(mount->point, "/") != 0)
		note_mount(storage, entry->point, mount);
}

static void note_fstab_entry(const struct fstab_entry *entry, void *context)
{
	if (!boot_waits_for(entry->options))
		return;
	if (entry->is_swap)
		note_spec(context, "swap", entry->spec);
	else if (is_bind(entry->options))
		note_bind(context, entry);
	else if (*entry->point == '/')
		note_spec(context, entry->point, entry->spec);
}

static void note_fstab(struct storage *storage)
{
	static const char path[] = "etc/fstab";
	_cleanup_free_ char *text = NULL;
	int r = 0;

	if (reading_file(storage->survey, path, TABLE_SIZE_MAX, &text) == 0)
		r = fstab_each_entry(text, note_fstab_entry, storage);
	if (r < 0)
		reading_note(storage->survey, path, r);
}

static void note_swap_row(const struct table_row *row, void *context)
{
	enum { FILE_NAME, TYPE };
	static const char *const types[] = { "partition", "file" };

	if (text_is_one_of(row->fields[TYPE], types, ARRAY_SIZE(types)))
		note_spec(context, "swap", row->fields[FILE_NAME]);
}

static void note_crypttab_row(const struct table_row *row, void *context)
{
	enum { NAME, DEVICE, KEY, OPTIONS };
	_cleanup_free_ char *what = memory_printf("crypttab %s", row->fields[NAME]);
	struct storage *storage = context;

	luks_note_row(&storage->luks, row->fields[NAME], row->fields[KEY], row->fields[OPTIONS]);
	if (row->count > DEVICE && boot_waits_for(row->fields[OPTIONS]))
		note_spec(storage, what, row->fields[DEVICE]);
}

/* A host without the file has nothing of that kind. */
static void each_row_of(struct storage *storage, const char *path,
			void (*function)(const struct table_row *row, void *context))
{
	_cleanup_free_ char *text = NULL;

	if (reading_file(storage->survey, path, TABLE_SIZE_MAX, &text) == 0)
		table_each_row(text, function, storage);
}

/* Parameters that name a device, and what stands before the name when it is none yet. */
static const struct {
	const char *name;
	const char *what;
	const char *left_out;
	const char *put_before;
} device_parameters[] = {
	{ "root", "/", "block:", "" },
	{ "resume", "resume", "", "" },
	{ "mount.usr", "/usr", "", "" },
	{ "rd.luks.uuid", "rd.luks.uuid", "luks-", "UUID=" },
	{ "rd.lvm.lv", "rd.lvm.lv", "", "/dev/" },
	{ "rd.md.uuid", "rd.md.uuid", "", "/dev/disk/by-id/md-uuid-" },
};

static void note_parameter(struct storage *storage, const struct parameter *parameter)
{
	for (size_t i = 0; i < ARRAY_SIZE(device_parameters); i++) {
		size_t left_out = strlen(device_parameters[i].left_out);
		_cleanup_free_ char *spec = NULL;
		const char *value = parameter->value;

		if (!streq(parameter->name, device_parameters[i].name))
			continue;
		if (strncmp(value, device_parameters[i].left_out, left_out) == 0)
			value += left_out;
		spec = memory_printf("%s%s", device_parameters[i].put_before, value);
		/* Of other forms of root= the mounted root tells more. */
		if (devspec_is(spec) && !network_root_is_remote(spec))
			note_device(storage, device_parameters[i].what, spec);
	}
}

static void note_cmdline(struct storage *storage, const char *cmdline)
{
	_cleanup_free_ char *copy = memory_dup(cmdline);
	struct parameter parameter;

	for (char *rest = copy; (rest = parameter_next(rest, &parameter));) {
		if (parameter.value)
			note_parameter(storage, &parameter);
		luks_note_parameter(&storage->luks, &parameter);
	}
}

static void read_mounts(struct storage *storage)
{
	_cleanup_free_ char *text = NULL;
	int r = reading_file(storage->survey, "proc/self/mountinfo", TABLE_SIZE_MAX, &text);

	if (r == 0)
		r = mountinfo_parse(text, &storage->mounts);
	if (r < 0)
		findings_add(storage->survey->findings, FINDING_ROOT_UNRESOLVED,
			     "could not read /proc/self/mountinfo: %s", strerror(-r));
}

static void note_mounted(struct storage *storage)
{
	static const char *const points[] = { "/", "/usr", "/boot", "/efi", "/boot/efi" };

	for (size_t i = 0; i < ARRAY_SIZE(points); i++) {
		const struct mount *mount = mounts_find(&storage->mounts, points[i]);

		if (mount)
			note_mount(storage, points[i], mount);
	}
}

void storage_survey(const struct survey *survey, const char *cmdline, struct storage_found *ret)
{
	struct storage storage = { .survey = survey, .found = ret };

	*ret = (struct storage_found){ 0 };
	read_mounts(&storage);
	note_mounted(&storage);
	each_row_of(&storage, "proc/swaps", note_swap_row);
	note_fstab(&storage);
	each_row_of(&storage, "etc/crypttab", note_crypttab_row);
	note_cmdline(&storage, cmdline);
	ret->asks_passphrase = luks_asks(&storage.luks);
	mounts_free(&storage.mounts);
	names_free(&storage.done);
	luks_free(&storage.luks);
}
