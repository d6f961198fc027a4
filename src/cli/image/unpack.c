/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/image/beside.h"
#include "cli/image/newc.h"
#include "cli/image/uki.h"
#include "session/sources.h"
#include "system/command.h"
#include "system/file.h"
#include "system/tree.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define TIMEOUT_MS  120000
#define TEMPLATE    "/var/tmp/passthru-image-XXXXXX"
#define OUTPUT_MAX  ((size_t)1 << 30)
#define ENTRIES_MAX 16 /* open at a time */

/* It fails only where there is no program: what follows a compressed archive is not its business.
 */
#define DECOMPRESS "\"$1\" -dc <\"$2\" || command -v \"$1\" >/dev/null"

static const struct root here = { .fd = AT_FDCWD };

static int fail(struct unpacked *unpacked, int error, char *why)
{
	free(unpacked->why);
	unpacked->why = why;
	return error;
}

/* As the kernel does, which goes on where an entry cannot be made: device nodes need privilege. */
static int put_entry(struct unpacked *unpacked, const struct newc_entry *entry)
{
	const char *name = strrchr(entry->path, '/');
	int r = 0;

	name = name ? name + 1 : entry->path;
	if (!*name || streq(name, ".") || streq(name, ".."))
		return 0;
	if (S_ISDIR(entry->mode)) {
		r = tree_put_directory(&unpacked->root, entry->path);
	} else if (S_ISREG(entry->mode)) {
		r = tree_put_file(&unpacked->root, entry->path, entry->data.bytes,
				  entry->data.size);
	} else if (S_ISLNK(entry->mode)) {
		_cleanup_free_ char *target = memory_copy(entry->data.bytes, entry->data.size);

		r = tree_put_link(&unpacked->root, entry->path, target);
	}
	return r == -ENOSPC || r == -EDQUOT || r == -EIO || r == -ENOMEM ? r : 0;
}

static int put_plain(struct unpacked *unpacked, const struct part *archive)
{
	_cleanup_(newc_reader_free) struct newc_reader reader = { .archive = *archive };
	int r;

	do {
		struct newc_entry entry = { 0 };

		r = newc_next_entry(&reader, &entry);
		if (r > 0) {
			int error = put_entry(unpacked, &entry);

			free(entry.path);
			if (error < 0)
				return fail(unpacked, error,
					    memory_printf("could not write to %s: %s",
							  unpacked->directory, strerror(-error)));
		}
	} while (r > 0);
	return r;
}

static int decompress(struct unpacked *unpacked, const struct newc_archive *archive, char **ret,
		      size_t *ret_size)
{
	_cleanup_free_ char *path = memory_printf("%s/compressed", unpacked->directory);
	const char *const arguments[] = {
		"sh", "-c", DECOMPRESS, "sh", archive->program, path, NULL
	};
	int r = root_write_image(&here, path, archive->bytes.bytes, archive->bytes.size);

	if (r < 0)
		return fail(unpacked, r,
			    memory_printf("could not write %s: %s", path, strerror(-r)));
	r = command_output_bytes(arguments, TIMEOUT_MS, OUTPUT_MAX, ret, ret_size);
	if (r == -EIO)
		return fail(unpacked, r, memory_printf("%s is not installed", archive->program));
	if (r < 0)
		return fail(unpacked, r,
			    memory_printf("could not run %s: %s", archive->program, strerror(-r)));
	return 0;
}

static int put_archives(struct unpacked *unpacked, const struct part *file, bool is_outer);

static int put_compressed(struct unpacked *unpacked, const struct newc_archive *archive)
{
	_cleanup_free_ char *bytes = NULL;
	struct part plain = { 0 };
	int r = decompress(unpacked, archive, &bytes, &plain.size);

	if (r < 0)
		return r;
	plain.bytes = bytes;
	if (!plain.size)
		return fail(unpacked, -EBADMSG,
			    memory_printf("%s could not decompress it", archive->program));
	return put_archives(unpacked, &plain, false);
}

static int put_archive(struct unpacked *unpacked, const struct newc_archive *archive, bool is_outer)
{
	if (!archive->program)
		return put_plain(unpacked, &archive->bytes);
	if (!is_outer)
		return fail(unpacked, -EBADMSG,
			    memory_dup("a compressed archive is in a compressed one"));
	return put_compressed(unpacked, archive);
}

static int put_archives(struct unpacked *unpacked, const struct part *file, bool is_outer)
{
	struct newc_archive archive;
	size_t offset = 0;
	int r;

	while ((r = newc_next_archive(file, &offset, &archive)) > 0) {
		r = put_archive(unpacked, &archive, is_outer);
		if (r < 0)
			return r;
	}
	if (r == -EILSEQ)
		return fail(unpacked, -EBADMSG,
			    memory_printf(
				    "its archive at byte %zu is not at a multiple of 4 bytes: the "
				    "kernel does not find it",
				    offset));
	if (r < 0)
		return fail(
			unpacked, r,
			memory_printf("what it has at byte %zu is no initramfs, or a truncated one",
				      offset));
	return 0;
}

static void add_cmdline(struct unpacked *unpacked, const struct part *section)
{
	_cleanup_free_ char *text = uki_text(section), *before = unpacked->cmdline;

	unpacked->cmdline =
		memory_printf("%s%s%s", before ? before : "", before && *text ? " " : "", text);
}

/* What the stub of the image does with an addon. */
static int add_addon(struct unpacked *unpacked, const char *path)
{
	_cleanup_free_ char *bytes = NULL;
	struct part file = { 0 };
	struct uki addon = { 0 };
	int r = beside_read(path, &bytes, &file.size);

	file.bytes = bytes;
	if (r == 0)
		r = uki_read(&file, &addon);
	if (r < 0)
		return fail(unpacked, r,
			    memory_printf("could not read its addon %s: %s", path,
					  r == -EBADMSG ? "it is damaged" : strerror(-r)));
	if (unpacked->stub >= STUB_ADDON_CMDLINE && addon.cmdline.bytes)
		add_cmdline(unpacked, &addon.cmdline);
	if (!addon.initrd.bytes)
		return 0;
	if (unpacked->stub >= STUB_ADDON_INITRD)
		return put_archives(unpacked, &addon.initrd, true);
	names_add(&unpacked->ignored, path);
	return 0;
}

static int add_addons(struct unpacked *unpacked, const char *file)
{
	_cleanup_free_ char *folder = beside_folder(file, unpacked->stub);
	_cleanup_(names_free) struct names addons = { 0 };
	int r = beside_list_addons(folder, &addons);

	if (r < 0)
		return fail(unpacked, r,
			    memory_printf("could not read its addons in %s: %s", folder,
					  strerror(-r)));
	for (size_t i = 0; r == 0 && i < addons.count; i++)
		r = add_addon(unpacked, addons.items[i]);
	return r;
}

/* An addon has no stub: it is the image beside it that counts. */
static int put_addon(struct unpacked *unpacked, const char *file, const struct uki *uki)
{
	_cleanup_free_ char *image = beside_image(file);
	int r = image ? beside_stub(image, &unpacked->stub) : 0;

	if (r < 0)
		return fail(unpacked, r,
			    memory_printf("could not read the image of the addon, %s: %s", image,
					  strerror(-r)));
	if (image && unpacked->stub < (uki->initrd.bytes ? STUB_ADDON_INITRD : STUB_ADDON_CMDLINE))
		names_add(&unpacked->ignored, file);
	return uki->initrd.bytes ? put_archives(unpacked, &uki->initrd, true) : 0;
}

static int put_uki(struct unpacked *unpacked, const char *path, const struct part *file)
{
	struct uki uki;
	int r = uki_read(file, &uki);

	if (r < 0)
		return fail(unpacked, r, memory_dup("it is a damaged program for UEFI"));
	if (!uki.kernel.bytes && !uki_is_addon(&uki))
		return fail(
			unpacked, -EBADMSG,
			memory_dup(
				"it is a program for UEFI, but neither a unified kernel image nor an addon"));
	unpacked->is_uki = true;
	unpacked->has_kernel = uki.kernel.bytes;
	unpacked->stub = uki.stub;
	add_cmdline(unpacked, &uki.cmdline);
	if (!uki.kernel.bytes)
		return put_addon(unpacked, path, &uki);
	if (uki.uname.bytes)
		unpacked->release = uki_text(&uki.uname);
	r = uki.initrd.bytes ? put_archives(unpacked, &uki.initrd, true) : 0;
	return r == 0 ? add_addons(unpacked, path) : r;
}

static int make_directory(struct unpacked *unpacked)
{
	_cleanup_free_ char *root = NULL;
	char directory[] = TEMPLATE;

	if (!mkdtemp(directory))
		return fail(unpacked, -errno,
			    memory_printf("could not make a directory in /var/tmp: %s",
					  strerror(errno)));
	unpacked->directory = memory_dup(directory);
	root = memory_printf("%s/root", directory);
	if (mkdir(root, 0700) < 0)
		return -errno;
	return root_open(root, &unpacked->root);
}

int unpack(const char *file, struct unpacked *ret)
{
	_cleanup_free_ char *bytes = NULL;
	struct part part = { 0 };
	int r = beside_read(file, &bytes, &part.size);

	if (r == 0)
		r = make_directory(ret);
	if (r < 0)
		return r;
	part.bytes = bytes;
	if (pe_is(&part))
		return put_uki(ret, file, &part);
	r = put_archives(ret, &part, true);
	if (r == 0 && root_exists(&ret->root, "init") < 0 &&
	    root_exists(&ret->root, "passthru-init") < 0 && root_exists(&ret->root, OFF_MARK) < 0)
		r = fail(ret, -EBADMSG, memory_dup("it has neither /init nor /passthru-init"));
	return r;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status, (void)type, (void)ftw;
	return remove(path);
}

void unpacked_remove(struct unpacked *unpacked)
{
	root_close(&unpacked->root);
	if (unpacked->directory)
		nftw(unpacked->directory, remove_entry, ENTRIES_MAX, FTW_DEPTH | FTW_PHYS);
	free(unpacked->directory);
	free(unpacked->cmdline);
	free(unpacked->release);
	free(unpacked->why);
	names_free(&unpacked->ignored);
}
