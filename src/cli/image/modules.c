/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru modules: how to load the stub drivers, as the list that the agent follows. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/command.h"
#include "cli/image/contents.h"
#include "cli/image/plain.h"
#include "cli/message.h"
#include "session/module_record.h"
#include "session/session.h"
#include "system/file.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"

struct modules_options {
	const char *into;
};

struct build_target {
	const struct root *host;
	struct root image;
	const char *release;
};

static void build_target_close(struct build_target *target)
{
	root_close(&target->image);
}

static int write_file(const struct build_target *target, const char *path, const char *bytes,
		      size_t size)
{
	int r = root_make_parents(&target->image, path);

	if (r == 0)
		r = root_write_image(&target->image, path, bytes, size);
	return r < 0 ? cli_error(path, r) : 0;
}

/* Unless the kernel reads it as it is, or it is there already. */
static int put_plain(const struct build_target *target, const char *path)
{
	_cleanup_free_ char *from = memory_printf(MODULE_TREES "/%s/%s", target->release, path);
	_cleanup_free_ char *plain = plain_path(path), *bytes = NULL;
	_cleanup_free_ char *to = memory_printf(MODULE_ARCHIVE "/%s/%s", target->release, plain);
	size_t size;
	int r;

	if (plain_is_needless(target->host, target->release, path) ||
	    root_exists(&target->image, to) == 0)
		return 0;
	r = plain_read(target->host, from, &bytes, &size);
	return r < 0 ? cli_error(from, r) : write_file(target, to, bytes, size);
}

static int put_list(const struct build_target *target, const struct module_list *list)
{
	_cleanup_free_ char *path = module_record_path(target->release);
	_cleanup_free_ char *text = module_list_format(list);
	int r = write_file(target, path, text, strlen(text));

	for (size_t s = 0; s < list->count; s++) {
		for (size_t f = 0; r == 0 && f < list->sections[s].file_count; f++)
			r = put_plain(target, list->sections[s].files[f].path);
	}
	return r;
}

/* Without a host to look at, as in a chroot, the stubs themselves have to do. */
static int resolve(struct call *call, const char *release, struct module_list *list)
{
	_cleanup_(session_free) struct session session = { 0 };
	const struct session_input input = {
		.root = &call->root,
		.cmdline = "", /* that of this boot says nothing of the next one */
		.open_modules = kmod_open,
	};
	_cleanup_free_ char *tree = memory_printf("/" MODULE_TREES "/%s", release);
	int r = session_read_next_boot(&session, &input, NULL);

	if (r == 0 && !session.want.has_errors && session_scan(&session) == 0) {
		session_scan_functions(&session);
		session_scan_concerned(&session, &session.want);
		session_plan_next_boot(&session);
	}
	r = contents_resolve_modules(&call->root, release, &session.plan, list);
	return r < 0 ? cli_error(tree, r) : 0;
}

static int run_modules(struct call *call)
{
	const struct modules_options *options = call->options;
	_cleanup_(module_list_free) struct module_list list = { 0 };
	_cleanup_(build_target_close) struct build_target target = { .host = &call->root,
								     .image.fd = -1 };
	_cleanup_free_ char *text = NULL;
	struct utsname kernel;
	int r;

	uname(&kernel);
	target.release = call->operand_count ? call->operands[0] : kernel.release;
	if (strchr(target.release, '/'))
		return cli_usage_error(call, "no kernel release: '%s'", target.release);
	r = resolve(call, target.release, &list);
	if (r < 0)
		return r;
	if (options->into) {
		r = root_open(options->into, &target.image);
		return r < 0 ? cli_error(options->into, r) : put_list(&target, &list);
	}
	text = module_list_format(&list);
	fputs(text, stdout);
	return 0;
}

static const struct command_option accepted[] = {
	{ .name = "into",
	  .argument = "DIR",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct modules_options, into),
	  .meaning = "put it into the image made in DIR, and modules that the kernel cannot "
		     "decompress" },
};

const struct command modules_command = {
	.name = "modules",
	.operands = "[RELEASE]",
	.operand_max = 1,
	.summary = "how a kernel loads the stub drivers, as the record for its image",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct modules_options),
	.run = run_modules,
};
