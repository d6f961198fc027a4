/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/archive.h"

#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#include "cli/image/contents.h"
#include "cli/image/plain.h"
#include "cli/message.h"
#include "session/module_record.h"
#include "session/needs_record.h"
#include "system/installed.h"
#include "system/module.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"

#define AGENT         (AGENT_PATH + 1) /* below a root */
#define RDINIT        "passthru-init"
#define FILE_SIZE_MAX (256 * 1024 * 1024)

struct archive {
	struct cpio *cpio;
	const struct root *root;
};

static int add_file(const struct archive *archive, const char *from, const char *to, uint32_t mode)
{
	_cleanup_free_ char *bytes = NULL, *shown = memory_printf("/%s", from);
	size_t size;
	int r = root_read_file(archive->root, from, FILE_SIZE_MAX, &bytes, &size);

	if (r < 0)
		return cli_error(shown, r);
	cpio_add_file(archive->cpio, to, mode, bytes, size);
	return 0;
}

/* What is no file is an empty one here: what it hides may be in the image that this goes with. */
static int add_content(const char *path, bool is_file, void *context)
{
	const struct archive *archive = context;

	if (is_file)
		return add_file(archive, path, path, 0644);
	cpio_add_file(archive->cpio, path, 0644, "", 0);
	return 0;
}

/* Whether an ELF file of SIZE bytes asks for a loader (elf(5) PT_INTERP), in the host's word size.
 */
static bool needs_loader(const char *bytes, size_t size)
{
	ElfW(Ehdr) header;
	ElfW(Phdr) segment;

	if (size < sizeof(header) || memcmp(bytes, ELFMAG, SELFMAG) != 0)
		return false;
	memcpy(&header, bytes, sizeof(header));
	for (size_t i = 0; i < header.e_phnum; i++) {
		size_t offset = header.e_phoff + i * sizeof(segment);

		if (offset > size || size - offset < sizeof(segment))
			return false;
		memcpy(&segment, bytes + offset, sizeof(segment));
		if (segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

/* There is nothing else in the archive that could start one. */
static int check_agent(const struct root *root)
{
	_cleanup_free_ char *bytes = NULL;
	size_t size;

	if (root_read_file(root, AGENT, FILE_SIZE_MAX, &bytes, &size) < 0 ||
	    !needs_loader(bytes, size))
		return 0;
	fprintf(stderr,
		"passthru: %s is linked dynamically and could not start from this image: use the hooks of "
		"dracut or initramfs-tools, or an agent that was built without AGENT=dynamic\n",
		AGENT_PATH);
	return -ENOEXEC;
}

int archive_add_agent(struct cpio *cpio, const struct root *root, const char *needs)
{
	struct archive archive = { cpio, root };
	int r = check_agent(root);

	if (r < 0)
		return r;
	cpio_add_link(cpio, RDINIT, "init");
	r = contents_each_file(root, add_content, &archive);
	if (r == 0 && needs)
		cpio_add_file(cpio, NEEDS_RECORD, 0644, needs, strlen(needs));
	if (r == 0)
		r = add_file(&archive, AGENT, AGENT, 0755);
	if (r == 0)
		cpio_add_link(cpio, RDINIT, AGENT);
	return r;
}

static int add_module(const struct archive *archive, const char *release, const char *path)
{
	_cleanup_free_ char *from = memory_printf(MODULE_TREES "/%s/%s", release, path);
	_cleanup_free_ char *plain = plain_path(path), *bytes = NULL;
	_cleanup_free_ char *to = memory_printf(MODULE_ARCHIVE "/%s/%s", release, plain);
	size_t size;
	int r = plain_read(archive->root, from, &bytes, &size);

	if (r < 0)
		return cli_error(from, r);
	cpio_add_file(archive->cpio, to, 0644, bytes, size);
	return 0;
}

/* A module that others need as well is there once. */
static int add_files(const struct archive *archive, const char *release,
		     const struct module_list *list)
{
	_cleanup_(names_free) struct names paths = { 0 };
	int r = 0;

	for (size_t s = 0; s < list->count; s++) {
		for (size_t f = 0; f < list->sections[s].file_count; f++)
			names_add_once(&paths, list->sections[s].files[f].path);
	}
	for (size_t i = 0; r == 0 && i < paths.count; i++)
		r = add_module(archive, release, paths.items[i]);
	return r;
}

int archive_add_modules(struct cpio *cpio, const struct root *root, const char *release,
			const struct plan *plan)
{
	_cleanup_(module_list_free) struct module_list list = { 0 };
	_cleanup_free_ char *path = module_record_path(release), *text = NULL;
	_cleanup_free_ char *tree = memory_printf("/" MODULE_TREES "/%s", release);
	struct archive archive = { cpio, root };
	int r = contents_resolve_modules(root, release, plan, &list);

	if (r < 0)
		return cli_error(tree, r);
	text = module_list_format(&list);
	cpio_add_file(cpio, path, 0644, text, strlen(text));
	return add_files(&archive, release, &list);
}
