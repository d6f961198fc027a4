/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru import: what the host uses today, as a passthru.conf. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/import/model.h"
#include "cli/import/render.h"
#include "probe/scan.h"
#include "session/modprobe_files.h"
#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define FILE_SIZE_MAX (1024 * 1024)
#define MODPROBE      "modprobe.d" /* stands for its files that count */

/* In the order in which they win; "*" stands for the names in a directory. */
static const struct source {
	const char *path;
	import_reader *read;
} sources[] = {
	{ "proc/cmdline", import_read_cmdline },
	{ "etc/kernel/cmdline", import_read_cmdline },
	{ "boot/loader/entries/*.conf", import_read_loader_entry },
	{ "boot/efi/loader/entries/*.conf", import_read_loader_entry },
	{ "efi/loader/entries/*.conf", import_read_loader_entry },
	{ "etc/default/grub", import_read_grub },
	{ "etc/default/grub.d/*.cfg", import_read_grub },
	{ "etc/modprobe.conf", import_read_modprobe },
	{ MODPROBE, import_read_modprobe },
	{ "etc/modules", import_read_module_list },
	{ "etc/modules-load.d/*.conf", import_read_module_list },
	{ "etc/initramfs-tools/modules", import_read_module_list },
	{ "etc/dracut.conf", import_read_image_conf },
	{ "etc/dracut.conf.d/*.conf", import_read_image_conf },
	{ "etc/mkinitcpio.conf", import_read_image_conf },
	{ "etc/mkinitcpio.conf.d/*.conf", import_read_image_conf },
	{ "etc/sysconfig/mkinitrd", import_read_image_conf },
	{ "etc/sysconfig/vfio-bind", import_read_vfio_bind },
	{ "etc/default/vfio-bind", import_read_vfio_bind },
	{ "etc/driverctl.d/*", import_read_driverctl },
};

/* What is not there asks for nothing; what cannot be read must not pass for that. */
static void read_file(struct import *import, const struct root *root, const char *path,
		      import_reader *read)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *shown = memory_printf("/%s", path);
	size_t size;
	int r = root_read_file(root, path, FILE_SIZE_MAX, &text, &size);

	if (r == 0 && strlen(text) == size)
		read(import, shown, text);
	else if (r == 0 || r == -EINVAL)
		import_note(import, NOTE_UNCLEAR, "%s: this is no text file", shown);
	else if (r != -ENOENT)
		import_note(import, NOTE_UNCLEAR, "%s: %s", shown, strerror(-r));
}

struct reading {
	struct import *import;
	const struct root *root;
	const struct source *source;
};

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

	if (error < 0)
		import_note(reading->import, NOTE_UNCLEAR, "/%s: %s", path, strerror(-error));
	else if (!is_link_to_null(reading->root, path))
		read_file(reading->import, reading->root, path, reading->source->read);
}

static void read_source(struct import *import, const struct root *root, const struct source *source)
{
	const char *star = strchr(source->path, '*');
	_cleanup_free_ char *directory = NULL;
	_cleanup_(names_free) struct names names = { 0 };
	struct reading reading = { import, root, source };
	int r;

	if (strcmp(source->path, MODPROBE) == 0) {
		modprobe_each_file(root, true, read_modprobe_file, &reading);
		return;
	}
	if (!star) {
		read_file(import, root, source->path, source->read);
		return;
	}
	directory = memory_copy(source->path, (size_t)(star - source->path) - 1);
	r = listing_read(root, directory, star + 1, &names);
	if (r < 0 && r != -ENOENT)
		import_note(import, NOTE_UNCLEAR, "/%s: %s", directory, strerror(-r));
	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *path = memory_printf("%s/%s", directory, names.items[i]);

		read_file(import, root, path, source->read);
	}
}

static bool is_understood(const struct import *import)
{
	for (size_t i = 0; i < import->note_count; i++) {
		if (import->notes[i].kind == NOTE_UNCLEAR)
			return false;
	}
	return true;
}

int cli_import(const struct cli_options *options)
{
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_free_ char *text = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		read_source(&import, &options->root, &sources[i]);
	import_finish(&import);
	/* Without a host to look at, there is only less that can be said. */
	scan_host(&options->root, &facts);
	text = import_render(&import, &facts);
	fputs(text, stdout);
	return is_understood(&import) ? EXIT_GOOD : EXIT_BAD;
}
