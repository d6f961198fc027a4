/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/files.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import/end_source.h"
#include "session/modprobe_files.h"
#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define FILE_SIZE_MAX (1024 * 1024)
#define MODPROBE      "modprobe.d" /* stands for its files that count */

/*
 * In the order in which they win. "*" stands for names, and "{A,B}" at the beginning for several
 * directories, of which a file in A hides one of the same name in B.
 */
static const struct source {
	const char *path;
	import_reader *read;
	bool goes_on; /* it is read behind the row before, as one source with that */
} sources[] = {
	{ "proc/cmdline", import_read_running, false },
	{ "etc/kernel/cmdline", import_read_cmdline, false },
	{ "etc/kernel/cmdline.d/*.conf", import_read_cmdline, true },
	{ "usr/lib/kernel/cmdline", import_read_cmdline, false },
	{ "etc/kernel/uki.conf", import_read_uki, false },
	{ "etc/cmdline", import_read_cmdline, false },
	{ "etc/cmdline.d/*.conf", import_read_cmdline, true },
	{ "usr/lib/bootc/kargs.d/*.toml", import_read_kargs, false },
	{ "boot/cmdline.txt", import_read_cmdline, false },
	{ "boot/firmware/cmdline.txt", import_read_cmdline, false },
	{ "boot/loader/entries/*.conf", import_read_loader_entry, false },
	{ "boot/efi/loader/entries/*.conf", import_read_loader_entry, false },
	{ "efi/loader/entries/*.conf", import_read_loader_entry, false },
	{ "etc/default/grub", import_read_grub, false },
	{ "etc/default/grub.d/*.cfg", import_read_grub, true },
	{ "etc/grub.d/*", import_read_grub_menu, false },
	{ "boot/grub/grub.cfg", import_read_grub_menu, false },
	{ "boot/grub/custom.cfg", import_read_grub_menu, false },
	{ "boot/grub/menu.lst", import_read_grub_legacy, false },
	{ "boot/grub/grub.conf", import_read_grub_legacy, false },
	{ "boot/grub/grubenv", import_read_grubenv, false },
	{ "boot/grub2/grub.cfg", import_read_grub_menu, false },
	{ "boot/grub2/custom.cfg", import_read_grub_menu, false },
	{ "boot/grub2/grubenv", import_read_grubenv, false },
	{ "boot/efi/EFI/*/grub.cfg", import_read_grub_menu, false },
	{ "boot/efi/EFI/*/grubenv", import_read_grubenv, false },
	{ "boot/efi/EFI/*/xen.cfg", import_read_xen_cfg, false },
	{ "etc/sysconfig/bootloader", import_read_bootloader, false },
	{ "etc/update-extlinux.conf", import_read_extlinux_defaults, false },
	{ "boot/extlinux.conf", import_read_syslinux, false },
	{ "boot/extlinux/extlinux.conf", import_read_syslinux, false },
	{ "boot/syslinux/*.cfg", import_read_syslinux, false },
	{ "etc/default/limine", import_read_limine_defaults, false },
	{ "boot/limine.c*", import_read_limine, false },
	{ "boot/limine/limine.c*", import_read_limine, false },
	{ "boot/EFI/*/limine.c*", import_read_limine, false },
	{ "boot/efi/EFI/*/limine.c*", import_read_limine, false },
	{ "boot/refind_linux.conf", import_read_refind, false },
	{ "boot/efi/EFI/refind/refind.conf", import_read_refind, false },
	{ "efi/EFI/refind/refind.conf", import_read_refind, false },
	{ "etc/sdboot-manage.conf", import_read_sdboot_manage, false },
	{ "etc/modprobe.conf", import_read_modprobe, false },
	{ MODPROBE, import_read_modprobe, false },
	{ "etc/modules", import_read_module_list, false },
	{ "{etc,run,usr/local/lib,usr/lib}/modules-load.d/*.conf", import_read_module_list, false },
	{ "etc/initramfs-tools/modules", import_read_module_list, false },
	{ "etc/conf.d/modules", import_read_openrc, false },
	{ "etc/booster.yaml", import_read_booster, false },
	{ "etc/dracut.conf", import_read_dracut, false },
	{ "{etc,usr/lib/dracut}/dracut.conf.d/*.conf", import_read_dracut, true },
	{ "etc/mkinitcpio.conf", import_read_mkinitcpio, false },
	{ "etc/mkinitcpio.conf.d/*.conf", import_read_mkinitcpio, true },
	{ "etc/mkinitcpio.d/*.preset", import_read_mkinitcpio, false },
	{ "etc/sysconfig/mkinitrd", import_read_mkinitrd, false },
	{ "etc/sysconfig/mkinitrd/*", import_read_mkinitrd, true },
	{ "etc/sysconfig/kernel", import_read_mkinitrd, false },
	{ "etc/sysconfig/vfio-bind", import_read_vfio_bind, false },
	{ "etc/default/vfio-bind", import_read_vfio_bind, false },
	{ "etc/vfio-pci.cfg", import_read_vfio_bind, false },
	{ "etc/driverctl.d/*", import_read_driverctl, false },
	{ "etc/dpdk/interfaces", import_read_dpdk, false },
	{ "boot/config/vfio-pci.cfg", import_read_unraid, false },
	{ "boot/config/sriov.cfg", import_read_unraid, false },
	{ "etc/hostname", import_read_host_name, false },
	{ "etc/pve/mapping/pci.cfg", import_read_proxmox_mapping, false },
	{ "etc/pve/qemu-server/*.conf", import_read_proxmox_guest, false },
	{ "oem/*.yaml", import_read_manifest, false },
	{ "var/lib/rancher/*/server/manifests/*.yaml", import_read_manifest, false },
	{ "system/state/config.yaml", import_read_manifest, false },
	{ "etc/sysfs.conf", import_read_sysfs_conf, false },
	{ "etc/sysfs.d/*.conf", import_read_sysfs_conf, false },
	{ "{etc,run,usr/local/lib,usr/lib}/tmpfiles.d/*.conf", import_read_tmpfiles, false },
	{ "{etc,run,usr/local/lib,usr/lib,lib}/udev/rules.d/*.rules", import_read_udev, false },
	{ "{etc,run,usr/local/lib,usr/lib}/systemd/network/*.link", import_read_link, false },
	{ "etc/systemd/network/*.link.d/*.conf", import_read_link, false },
	{ "usr/lib/systemd/network/*.link.d/*.conf", import_read_link, false },
	{ "etc/NetworkManager/NetworkManager.conf", import_read_nm_conf, false },
	{ "{etc,run,usr/lib}/NetworkManager/conf.d/*.conf", import_read_nm_conf, false },
	{ "{etc,run,usr/lib}/NetworkManager/system-connections/*", import_read_nm_connection,
	  false },
	{ "etc/sysconfig/network-scripts/ifcfg-*", import_read_ifcfg, false },
	{ "{etc,run,usr/lib,lib}/netplan/*.yaml", import_read_netplan, false },
	{ "etc/initramfs-tools/hooks/*", import_read_script, false },
	{ "etc/initramfs-tools/scripts/*/*", import_read_script, false },
	{ "etc/initcpio/*/*", import_read_script, false },
	{ "usr/share/initramfs-tools/hooks/*", import_read_script, false },
	{ "usr/share/initramfs-tools/scripts/*/*", import_read_script, false },
	{ "usr/lib/dracut/modules.d/*/*.sh", import_read_script, false },
	{ "usr/lib/dracut/modules.d/*qubes-pciback/qubes-pciback.sh", import_read_qubes, false },
	{ "etc/rc.local", import_read_script, false },
	{ "etc/rc.d/rc.local", import_read_script, false },
	{ "etc/local.d/*.start", import_read_script, false },
	{ "etc/systemd/system/*.service", import_read_script, false },
	{ "etc/systemd/system/*.d/*.conf", import_read_script, false },
	{ "usr/local/lib/systemd/system/*.service", import_read_script, false },
	{ "etc/network/interfaces", import_read_script, false },
	{ "etc/network/interfaces.d/*", import_read_script, false },
	{ "etc/network/if-*.d/*", import_read_script, false },
	{ "etc/NetworkManager/dispatcher.d/*", import_read_script, false },
	{ "etc/crontab", import_read_script, false },
	{ "etc/cron.d/*", import_read_script, false },
	{ "boot/config/go", import_read_script, false },
};

struct reading {
	struct import *import;
	const struct root *root;
	const struct source *source;
};

static void note_error(const struct reading *reading, const char *path, int error)
{
	import_note(reading->import, NOTE_UNCLEAR, "could not read /%s: %s", path,
		    strerror(-error));
}

/* What is not there asks for nothing; what cannot be read must not pass for that. */
static int read_file(const struct reading *reading, const char *path)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *shown = memory_printf("/%s", path);
	size_t size;
	int r = root_read_file(reading->root, path, FILE_SIZE_MAX, &text, &size);

	if (r == 0 && strlen(text) == size)
		reading->source->read(reading->import, shown, text);
	else if (r == 0 || r == -EINVAL)
		import_note(reading->import, NOTE_UNCLEAR,
			    "could not read %s: this is no text file", shown);
	return r == -EINVAL ? 0 : r;
}

/* So a file of the same name in another directory is masked. */
static bool is_link_to_null(const struct root *root, const char *path)
{
	char target[sizeof("/dev/null")];

	return root_readlink(root, path, target, sizeof(target)) >= 0 &&
	       strcmp(target, "/dev/null") == 0;
}

static void read_modprobe_file(const char *path, int error, void *context)
{
	const struct reading *reading = context;

	if (error == 0 && !is_link_to_null(reading->root, path))
		error = read_file(reading, path);
	if (error < 0 && error != -ENOENT)
		note_error(reading, path, error);
}

/* A list of paths, in the order in which they are to be read. */
struct paths {
	char **items;
	size_t count;
};

static void paths_add(struct paths *paths, char *path)
{
	paths->items = memory_grow(paths->items, paths->count, sizeof(paths->items[0]));
	paths->items[paths->count++] = path;
}

static void paths_free(struct paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i]);
	free(paths->items);
	*paths = (struct paths){ 0 };
}

/* The paths below DIRECTORY ("" or with a slash behind it) that PATTERN stands for. */
static void expand(const struct reading *reading, const char *directory, const char *pattern,
		   struct paths *ret)
{
	size_t length = strcspn(pattern, "/");
	_cleanup_free_ char *component = memory_copy(pattern, length);
	_cleanup_free_ char *listed = NULL;
	_cleanup_(names_free) struct names names = { 0 };
	int r = 0;

	if (strchr(component, '*')) {
		listed = memory_printf("%s.", directory);
		r = listing_read(reading->root, listed, "", &names);
	} else {
		names_add(&names, component);
	}
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		note_error(reading, directory, r);
	for (size_t i = 0; i < names.count; i++) {
		if (fnmatch(component, names.items[i], 0) != 0)
			continue;
		if (pattern[length]) {
			_cleanup_free_ char *below =
				memory_printf("%s%s/", directory, names.items[i]);

			expand(reading, below, pattern + length + 1, ret);
		} else {
			paths_add(ret, memory_printf("%s%s", directory, names.items[i]));
		}
	}
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(name_of(*(char *const *)a), name_of(*(char *const *)b));
}

static bool has_name(const struct paths *paths, const char *path)
{
	for (size_t i = 0; i < paths->count; i++) {
		if (compare_names(&paths->items[i], &path) == 0)
			return true;
	}
	return false;
}

/* Of "{A,B}/PATTERN": all of A, and of B what has other names. */
static void expand_directories(const struct reading *reading, struct paths *ret)
{
	const char *end = strchr(reading->source->path, '}');
	_cleanup_free_ char *list =
		memory_copy(reading->source->path + 1, (size_t)(end - reading->source->path) - 1);
	char *rest = list;

	for (char *directory; (directory = strsep(&rest, ","));) {
		_cleanup_free_ char *below = memory_printf("%s/", directory);
		struct paths found = { 0 };

		expand(reading, below, end + 2, &found);
		for (size_t i = 0; i < found.count; i++) {
			if (has_name(ret, found.items[i]))
				free(found.items[i]);
			else
				paths_add(ret, found.items[i]);
		}
		free(found.items);
	}
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(ret->items[0]), compare_names);
}

/* The source is a file on one host and a folder on another: the next row is for that. */
static bool may_be_folder(const struct source *source)
{
	size_t length = strlen(source->path);

	return source + 1 < sources + ARRAY_SIZE(sources) && source[1].goes_on &&
	       strncmp(source[1].path, source->path, length) == 0 && source[1].path[length] == '/';
}

static void read_source(const struct reading *reading)
{
	const struct source *source = reading->source;
	_cleanup_(paths_free) struct paths paths = { 0 };
	bool is_pattern = strpbrk(source->path, "{*");

	if (*source->path == '{')
		expand_directories(reading, &paths);
	else
		expand(reading, "", source->path, &paths);
	for (size_t i = 0; i < paths.count; i++) {
		int r = *source->path == '{' && is_link_to_null(reading->root, paths.items[i])
				? 0
				: read_file(reading, paths.items[i]);

		if (r < 0 && r != -ENOENT && r != -ENOTDIR &&
		    !(r == -EISDIR && (is_pattern || may_be_folder(source))))
			note_error(reading, paths.items[i], r);
	}
}

void import_read_files(struct import *import, const struct root *root)
{
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		struct reading reading = { import, root, &sources[i] };

		if (!sources[i].goes_on)
			import_end_source(import);
		if (strcmp(sources[i].path, MODPROBE) == 0)
			modprobe_each_file(root, true, read_modprobe_file, &reading);
		else
			read_source(&reading);
	}
	import_end_source(import);
}
