/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru image: an initramfs of its own, to be loaded beside one that knows nothing of passthru.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "cli/command.h"
#include "cli/image/archive.h"
#include "cli/image/build.h"
#include "cli/message.h"
#include "probe/needs/survey.h"
#include "session/session.h"
#include "system/file.h"
#include "system/kmod.h"
#include "util/cleanup.h"

struct image_options {
	const char *output, *into, *kernel;
	bool no_stubs;
};

struct image {
	const struct call *call;
	const struct image_options *options;
	struct session session;
	char *needs; /* as `passthru needs` prints it; NULL when that was not to be found out */
	struct cpio cpio;
};

static void survey(struct image *image)
{
	_cleanup_(needs_free) struct needs needs = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	_cleanup_free_ char *cmdline = NULL;
	const struct root *root = &image->call->root;
	int r = sources_read_cmdline(root, NULL, &cmdline);

	if (r == 0)
		r = survey_needs(root, cmdline, &image->session.facts, &needs, &findings);
	cli_tell_findings(&findings);
	if (r == 0)
		image->needs = needs_format(&needs);
}

/* The kernel that the image is for, in *STORE if need be; NULL for none. */
static const char *kernel_of(const struct image_options *options, struct utsname *store)
{
	if (options->no_stubs)
		return NULL;
	if (options->kernel)
		return options->kernel;
	return uname(store) == 0 ? store->release : NULL;
}

static int add_modules(struct image *image)
{
	struct utsname kernel;
	const char *release = kernel_of(image->options, &kernel);

	if (!release)
		return 0;
	return archive_add_modules(&image->cpio, &image->call->root, release, &image->session.plan);
}

/* Where there is no host to look at, as in a chroot, the stubs themselves have to do. */
static int fill(struct image *image)
{
	struct session *session = &image->session;
	int r;

	if (session_scan(session) == 0) {
		session_scan_functions(session);
		session_scan_concerned(session, &session->want);
		survey(image);
		session_plan_next_boot(session);
	}
	r = archive_add_agent(&image->cpio, &image->call->root, image->needs);
	if (r == 0)
		r = add_modules(image);
	cpio_finish(&image->cpio);
	return r;
}

static void image_free(struct image *image)
{
	cpio_free(&image->cpio);
	free(image->needs);
	session_free(&image->session);
}

static int run_image(struct call *call)
{
	const struct image_options *options = call->options;
	_cleanup_(image_free) struct image image = { .call = call, .options = options };
	const struct session_input input = {
		.root = &call->root,
		.cmdline = "", /* that of this boot says nothing of the next one */
		.open_modules = kmod_open,
	};
	const struct root here = { .fd = AT_FDCWD };
	struct utsname kernel;
	int r;

	if (!options->output == !options->into)
		return cli_usage_error(call, options->into ? "only one of -o and --into"
							   : "missing -o FILE or --into DIR");
	if (options->into)
		return build_into(call, options->into, kernel_of(options, &kernel));
	r = session_read_next_boot(&image.session, &input, NULL);
	if (r < 0)
		return cli_error("/proc/cmdline", r);
	cli_tell_findings(&image.session.want.findings);
	if (image.session.want.has_errors || fill(&image) < 0) {
		fputs("passthru: no image is written\n", stderr);
		return -EINVAL;
	}
	r = root_write_image(&here, options->output, image.cpio.bytes, image.cpio.size);
	return r < 0 ? cli_error(options->output, r) : 0;
}

static const struct command_option accepted[] = {
	{ .name = "output",
	  .letter = 'o',
	  .argument = "FILE",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct image_options, output),
	  .meaning = "output file (-o FILE)" },
	{ .name = "into",
	  .argument = "DIR",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct image_options, into),
	  .meaning = "instead, fill the image that is being made in DIR" },
	{ .name = "kernel",
	  .argument = "RELEASE",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct image_options, kernel),
	  .meaning = "kernel whose stub modules go into the image (default: running)" },
	{ .name = "no-stubs",
	  .offset = offsetof(struct image_options, no_stubs),
	  .meaning = "leave the stub modules out" },
};

const struct command image_command = {
	.name = "image",
	.operands = "",
	.summary = "write a supplementary initramfs (-o FILE)",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct image_options),
	.run = run_image,
};
