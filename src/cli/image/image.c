/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru image: an initramfs of its own, to be loaded beside one that knows nothing of passthru.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/command.h"
#include "cli/image/addon.h"
#include "cli/image/archive.h"
#include "cli/image/build.h"
#include "cli/image/fill.h"
#include "cli/image/trial.h"
#include "cli/message.h"
#include "system/file.h"
#include "util/cleanup.h"

struct image_options {
	const char *output, *into, *kernel, *uki;
	bool no_stubs, no_trial, off;
};

struct image {
	const struct call *call;
	const struct image_options *options;
	struct session session;
	char *needs; /* as `passthru needs` prints it; NULL when that was not to be found out */
	struct cpio cpio;
};

/* The kernel that the image is for, in *STORE if need be; NULL for none. */
static const char *kernel_of(const struct image_options *options, struct utsname *store)
{
	if (options->no_stubs)
		return NULL;
	if (options->kernel)
		return options->kernel;
	return uname(store) == 0 ? store->release : NULL;
}

static int fill(struct image *image)
{
	const struct root *root = &image->call->root;
	const struct image_target target = archive_target(&image->cpio);
	struct utsname kernel;
	const char *release = kernel_of(image->options, &kernel);
	int r;

	fill_look(&image->session, &image->needs);
	r = archive_add_agent(&image->cpio, root, image->needs);
	if (r == 0)
		r = fill_owners(&image->session, &target);
	if (image->options->no_trial)
		fill_no_trial(&image->session);
	else if (r == 0)
		r = fill_trial(&image->session, release, &target, false);
	if (r == 0 && release)
		r = fill_modules(&image->session, release, &target);
	cpio_finish(&image->cpio);
	return r;
}

static int fill_all(struct image *image)
{
	const struct session_input input = fill_input(&image->call->root, NULL);
	int r = session_read_next_boot(&image->session, &input, NULL);

	if (r < 0)
		return cli_error("/proc/cmdline", r);
	cli_tell_findings(&image->session.want.findings);
	return image->session.want.has_errors ? -EINVAL : fill(image);
}

/* For the one boot loader that cannot change the kernel command line, but loads another image. */
static int fill_off(struct image *image)
{
	cpio_add_file(&image->cpio, OFF_MARK, 0644, "", 0);
	cpio_finish(&image->cpio);
	return 0;
}

static void image_free(struct image *image)
{
	cpio_free(&image->cpio);
	free(image->needs);
	session_free(&image->session);
}

static int check_call(struct call *call)
{
	const struct image_options *options = call->options;

	if (!options->output == !options->into)
		return cli_usage_error(call, options->into ? "only one of -o and --into"
							   : "missing -o FILE or --into DIR");
	if (options->kernel && strchr(options->kernel, '/'))
		return cli_usage_error(call, "no kernel release: '%s'", options->kernel);
	if (options->off && options->into)
		return cli_usage_error(call, "--off goes with -o FILE");
	if (options->uki && (options->into || options->off))
		return cli_usage_error(call, "--uki goes with -o FILE, and not with --off");
	return 0;
}

static int write_image(struct call *call)
{
	const struct image_options *options = call->options;
	_cleanup_(image_free) struct image image = { .call = call, .options = options };
	const struct root here = { .fd = AT_FDCWD };
	int r = options->uki ? addon_check(options->uki) : 0;

	if (r == 0)
		r = options->off ? fill_off(&image) : fill_all(&image);
	if (r < 0) {
		fputs("passthru: no image is written\n", stderr);
		return r;
	}
	r = root_write_image(&here, options->output, image.cpio.bytes, image.cpio.size);
	if (r < 0)
		return cli_error(options->output, r);
	if (options->uki)
		addon_print_command(options->uki, options->output);
	return 0;
}

static int run_image(struct call *call)
{
	const struct image_options *options = call->options;
	struct utsname kernel;
	int r = check_call(call);

	if (r < 0)
		return r;
	if (options->into)
		return build_into(call, options->into, kernel_of(options, &kernel),
				  !options->no_trial);
	return write_image(call);
}

static const struct command_option accepted[] = {
	{ .name = "output",
	  .letter = 'o',
	  .argument = "FILE",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct image_options, output),
	  .usage = "-o FILE|--into DIR",
	  .meaning = "write the image to FILE" },
	{ .name = "into",
	  .argument = "DIR",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct image_options, into),
	  .usage = "",
	  .meaning = "instead, fill the image that is being made in DIR" },
	{ .name = "kernel",
	  .argument = "RELEASE",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct image_options, kernel),
	  .meaning = "kernel whose stub modules go into the image (default: running)" },
	{ .name = "uki",
	  .argument = "IMAGE",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct image_options, uki),
	  .meaning = "refuse if the stub of this unified kernel image loads no addon's initrd" },
	{ .name = "no-stubs",
	  .offset = offsetof(struct image_options, no_stubs),
	  .meaning = "leave the stub modules out" },
	{ .name = "off",
	  .offset = offsetof(struct image_options, off),
	  .meaning = "instead, write one that switches passthru off where it is loaded as well" },
	{ .name = "no-trial",
	  .offset = offsetof(struct image_options, no_trial),
	  .meaning = "the image is for other hosts too: use its configuration without a trial" },
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
