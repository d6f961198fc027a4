/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/image/fill.h"
#include "cli/image/good.h"
#include "cli/message.h"
#include "report/exit_status.h"
#include "session/fallback.h"
#include "session/needs_record.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"

struct build {
	struct call *call;
	const char *release;
	struct root image;   /* that is being made */
	struct root good;    /* where the configuration comes from instead, or not open */
	char *fallback;      /* why it does; or NULL */
	contents_walk *walk; /* the files of the configuration; NULL: none could be used */
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

/* What comes of good_open(). The caller frees it. */
static char *fallback_outcome(int error)
{
	if (error == 0)
		return memory_dup("so the image has the last good one");
	if (error == -ENOENT)
		return memory_dup("and no good one was kept: the image has no rules");
	return memory_printf("and the good one in /" GOOD_DIRECTORY
			     " could not be used (%s): the image has no rules",
			     error == -EBADMSG ? "it was changed" : strerror(-error));
}

/* The last good configuration, or none. */
static int fall_back(struct build *build)
{
	_cleanup_free_ char *outcome = NULL;
	int r = good_open(&build->call->root, &build->good);

	build->walk = r < 0 ? NULL : good_each_file;
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
	return r < 0 ? cli_error("/" GOOD_DIRECTORY, r) : 0;
}

static int read_configuration(struct build *build)
{
	int r = read_want(build);

	if (r < 0)
		return cli_error("/etc/passthru.conf", r);
	if (!build->session.want.has_errors) {
		r = good_keep(&build->call->root, &build->session.want);
		if (r < 0)
			fprintf(stderr,
				"passthru: warning: could not keep the configuration in /" GOOD_DIRECTORY
				": %s; after an error in it a package manager's build has no rules\n",
				strerror(-r));
		return 0;
	}
	cli_tell_findings(&build->session.want.findings);
	if (good_is_asked_for())
		return fall_back(build);
	build->call->status = EXIT_ERRORS;
	return -EINVAL;
}

static int fill(struct build *build, const struct image_target *target)
{
	_cleanup_free_ char *needs = NULL;
	const char *note = build->fallback;
	struct session *session = &build->session;
	int r = 0;

	if (build->walk)
		r = fill_configuration(session->input.image, build->walk, target);
	if (r == 0 && note)
		r = fill_put(target, FALLBACK_NOTE, note, strlen(note));
	if (r < 0)
		return r;
	fill_look(session, &needs);
	if (needs)
		r = fill_put(target, NEEDS_RECORD, needs, strlen(needs));
	if (r < 0 || !build->release)
		return r;
	return fill_modules(session->input.root, build->release, &session->plan, target);
}

int build_into(struct call *call, const char *into, const char *release)
{
	_cleanup_(build_free) struct build build = {
		.call = call,
		.release = release,
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
