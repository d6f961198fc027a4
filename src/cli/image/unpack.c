/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths and not system/root.h: it is other programs that fill the directory. */
#include "cli/image/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/frameworks.h"
#include "system/command.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define TIMEOUT_MS  120000
#define TEMPLATE    "/var/tmp/passthru-image-XXXXXX"
#define ENTRIES_MAX 16 /* open at a time */

#define SCRIPT_HEAD                                                                                \
	"cd \"$1\" || exit\n"                                                                      \
	"status=1\n"                                                                               \
	"is_whole() { test -h init || test -e init || test -h main/init || test -e main/init; }\n" \
	"try() {\n"                                                                                \
	"  is_whole || ! command -v \"$1\" || { \"$@\"; status=$?; }\n"                            \
	"}\n"                                                                                      \
	"{\n"
#define SCRIPT_TAIL      \
	"} >/dev/null\n" \
	"exit \"$status\"\n"

/*
 * Of an image that initramfs-tools 0.148 made, lsinitrd unpacks only the first part, and says
 * nothing. Then the next one gets its turn. The caller frees the script.
 */
static char *make_script(void)
{
	struct buffer script = { 0 };
	const struct framework *framework;

	buffer_add(&script, SCRIPT_HEAD);
	for (size_t i = 0; (framework = framework_at(i)); i++)
		buffer_printf(&script, "  try %s\n", framework->unpack);
	buffer_add(&script, SCRIPT_TAIL);
	return script.text;
}

/* unmkinitramfs keeps microcode and the image apart, where there is both. */
static int open_root(struct unpacked *unpacked)
{
	_cleanup_free_ char *main_part = memory_printf("%s/main", unpacked->directory);
	struct stat info;

	/* A link in the image would lead out of it. */
	if (lstat(main_part, &info) == 0 && S_ISDIR(info.st_mode))
		return root_open(main_part, &unpacked->root);
	return root_open(unpacked->directory, &unpacked->root);
}

/* Without privilege there are no device nodes to be had, which is no failure here. */
static bool is_image(const struct unpacked *unpacked, int result)
{
	if (result == -EIO && geteuid() == 0)
		return false;
	return root_exists(&unpacked->root, "init") == 0;
}

int unpack(const char *file, struct unpacked *ret)
{
	char path[PATH_MAX], directory[] = TEMPLATE;
	_cleanup_free_ char *output = NULL, *script = make_script();
	const char *const arguments[] = { "sh", "-c", script, "sh", directory, path, NULL };
	int r;

	if (!realpath(file, path) || access(path, R_OK) < 0)
		return -errno;
	if (!mkdtemp(directory))
		return -errno;
	ret->directory = memory_copy(directory, strlen(directory));
	r = command_output(arguments, TIMEOUT_MS, PIPE_BUF, &output);
	if (r < 0 && r != -EIO)
		return r;
	if (open_root(ret) < 0 || !is_image(ret, r))
		return -EIO;
	return 0;
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
}
