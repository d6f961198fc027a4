/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/image/fill.h"
#include "cli/image/trial.h"
#include "cli/kept.h"
#include "cli/message.h"
#include "report/exit_status.h"
#include "session/fallback.h"
#include "session/needs_record.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

struct build {
	struct call *call;
	const char *release;
	struct root image;   /* that is being made */
	struct root good;    /* where the configuration comes from instead, or not open */
	char *fallback;      /* why it does; or NULL */
	contents_walk *walk; /* the files of the configuration; NULL: none could be used */
	bool with_trial;
	struct session session;
};

static void build_free(struct build *build)
{
	session_free(&build->session);
	root_close(&build->good);
	root_close(&build->image);
	free(build->fallback);
}

static int put(const char *path, const char *bytes, size_t size, void *context)
{
	const struct root *image = context;
	int r = root_make_parents(image, path);

	return r == 0 ? root_write_image(image, path, bytes, size) : r;
}

static int read_want(struct build *build)
{
	const struct session_input input =
		fill_input(&build->call->root, build->good.fd >= 0 ? &build->good : NULL);

	return session_read_next_boot(&build->session, &input, NULL);
}

static const char *first_error(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (finding_severity(findings->items[i].code) == SEVERITY_ERROR)
			return findings->items[i].text;
	}
	return "";
}

/* A session that wants nothing. */
static int read_nothing(struct build *build)
{
	struct session_input *input = &build->session.input;

	*input = fill_input(&build->call->root, &build->call->root);
	return sources_read_cmdline(input->root, input->cmdline, &build->session.cmdline);
}

/* What comes of kept_open(). The caller frees it. */
static char *fallback_outcome(int error)
{
	if (error == 0)
		return memory_dup("so the image has the last good one");
	if (error == -ENOENT)
		return memory_dup("and no good one was kept: the image has no rules");
	return memory_printf(
		"and the good one in /%s could not be used (%s): the image has no rules",
		kept_good.directory, error == -EBADMSG ? "it was changed" : strerror(-error));
}

/*
 * Nobody reads what the build of the image says, and it must not fail for an error in the
 * configuration: PASSTHRU_STRICT=no, or by what a package manager has in the environment
 * (deb-postinst(5) DPKG_MAINTSCRIPT_NAME, kernel-install(8) KERNEL_INSTALL_LAYOUT and others).
 * PASSTHRU_STRICT=yes wins over those.
 */
static bool must_not_fail(void)
{
	static const char *const signs[] = { "DPKG_MAINTSCRIPT_NAME", "KERNEL_INSTALL_LAYOUT",
					     "KERNEL_INSTALL_MACHINE_ID" };
	static const char *const no[] = { "no", "0", "false", "off" };
	const char *strict = getenv("PASSTHRU_STRICT");

	if (strict && *strict)
		return text_is_one_of(strict, no, ARRAY_SIZE(no));
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		const char *sign = getenv(signs[i]);

		if (sign && *sign)
			return true;
	}
	return false;
}

/* The last good configuration, or none. */
static int fall_back(struct build *build)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *outcome = NULL;
	int r = kept_open(&build->call->root, &kept_good, &build->good, &want);

	build->walk = r < 0 ? NULL : kept_each_file;
	outcome = fallback_outcome(r);
	build->fallback = memory_printf(
		"the configuration had an error when a package manager had the image built, %s: %s",
		outcome, first_error(&build->session.want.findings));
	fprintf(stderr, "passthru: warning: %s\n", build->fallback);
	session_free(&build->session);
	build->session = (struct session){ 0 };
	if (r < 0)
		return read_nothing(build);
	r = read_want(build);
	return r < 0 ? cli_error(kept_good.directory, r) : 0;
}

static int read_configuration(struct build *build)
{
	const struct root *root = &build->call->root;
	int r = read_want(build);

	if (r < 0)
		return cli_error("/etc/passthru.conf", r);
	if (!build->session.want.has_errors) {
		r = kept_write(root, &kept_good, root, contents_each_file, &build->session.want);
		if (r < 0)
			fprintf(stderr,
				"passthru: warning: could not keep the configuration in /%s: %s; after an error in it a package manager's build has no rules\n",
				kept_good.directory, strerror(-r));
		return 0;
	}
	cli_tell_findings(&build->session.want.findings);
	if (must_not_fail())
		return fall_back(build);
	build->call->status = EXIT_ERRORS;
	return -EINVAL;
}

static int fill(struct build *build, const struct image_target *target)
{
	_cleanup_free_ char *needs = NULL;
	const char *note = build->fallback;
	struct session *session = &build->session;
	const struct fill_source source = {
		.root = session->input.image,
		.walk = build->walk,
		.place = note ? kept_good.directory : NULL,
	};
	int r = 0;

	if (build->walk)
		r = fill_configuration(&source, target);
	if (r == 0 && note)
		r = fill_put(target, FALLBACK_NOTE, note, strlen(note));
	if (r < 0)
		return r;
	fill_look(session, &needs);
	if (needs)
		r = fill_put(target, NEEDS_RECORD, needs, strlen(needs));
	if (r == 0)
		r = fill_owners(session, target);
	if (!build->with_trial)
		fill_no_trial(session);
	else if (r == 0)
		r = fill_trial(session, build->release, target, must_not_fail());
	if (r < 0 || !build->release)
		return r;
	return fill_modules(session, build->release, target);
}

int build_into(struct call *call, const char *into, const char *release, bool with_trial)
{
	_cleanup_(build_free) struct build build = {
		.call = call,
		.release = release,
		.with_trial = with_trial,
		.image.fd = -1,
		.good.fd = -1,
		.walk = contents_each_file,
	};
	const struct image_target target = { .put = put, .context = &build.image };
	int r = root_open(into, &build.image);

	if (r < 0)
		return cli_error(into, r);
	r = read_configuration(&build);
	return r == 0 ? fill(&build, &target) : r;
}
