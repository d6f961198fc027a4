/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/archive.h"

#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#include "session/needs_record.h"
#include "system/installed.h"
#include "util/cleanup.h"

#define AGENT         (AGENT_PATH + 1) /* below a root */
#define RDINIT        "passthru-init"
#define FILE_SIZE_MAX (256 * 1024 * 1024)

/*
 * The /init of initramfs-tools reads this (initramfs-tools(7), CONFIGURATION FILES), then mounts
 * its own /run on the one that the agent left. So the first command of init-top makes it as it was
 * before.
 */
#define RUN_SCRIPT "conf/conf.d/passthru"
#define RUN_SCRIPT_TEXT                                                          \
	"order=/scripts/init-top/ORDER\n"                                        \
	"if [ -e /run/udev/rules.d/60-passthru.rules ] && [ -e $order ]; then\n" \
	"  {\n"                                                                  \
	"    echo 'mkdir -p /run/passthru /run/udev/rules.d'\n"                  \
	"    echo 'mount -o bind /dev/passthru /run/passthru'\n"                 \
	"    echo 'mount -o bind /dev/passthru/rules.d /run/udev/rules.d'\n"     \
	"    cat $order\n"                                                       \
	"  } >$order.new && mv $order.new $order\n"                              \
	"fi\n"

static int put(const char *path, const char *bytes, size_t size, void *context)
{
	cpio_add_file(context, path, 0644, bytes, size);
	return 0;
}

struct image_target archive_target(struct cpio *cpio)
{
	return (struct image_target){ put, cpio, .is_alone = true };
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

/* There is nothing else in the archive that could start one with a loader. */
static int read_agent(const struct root *root, char **ret, size_t *ret_size)
{
	int r = root_read_file(root, AGENT, FILE_SIZE_MAX, ret, ret_size);

	if (r < 0)
		fprintf(stderr, "passthru: could not read " AGENT_PATH ": %s\n", strerror(-r));
	if (r < 0 || !needs_loader(*ret, *ret_size))
		return r;
	fprintf(stderr,
		"passthru: %s is linked dynamically and could not start from this image: use the hooks of "
		"dracut or initramfs-tools, or an agent that was built without AGENT=dynamic\n",
		AGENT_PATH);
	return -ENOEXEC;
}

int archive_add_agent(struct cpio *cpio, const struct root *root, const char *needs)
{
	const struct image_target target = archive_target(cpio);
	const struct fill_source source = { .root = root, .walk = contents_each_file };
	_cleanup_free_ char *agent = NULL;
	size_t size;
	int r = read_agent(root, &agent, &size);

	if (r < 0)
		return r;
	cpio_add_link(cpio, RDINIT, "init");
	r = fill_configuration(&source, &target);
	if (r < 0)
		return r;
	if (needs)
		cpio_add_file(cpio, NEEDS_RECORD, 0644, needs, strlen(needs));
	cpio_add_file(cpio, RUN_SCRIPT, 0644, RUN_SCRIPT_TEXT, strlen(RUN_SCRIPT_TEXT));
	cpio_add_file(cpio, AGENT, 0755, agent, size);
	cpio_add_link(cpio, RDINIT, AGENT);
	return 0;
}
