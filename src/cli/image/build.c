/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/image/contents.h"
#include "cli/image/good.h"
#include "cli/image/plain.h"
#include "cli/message.h"
#include "probe/needs/survey.h"
#include "report/exit_status.h"
#include "session/fallback.h"
#include "session/module_record.h"
#include "session/needs_record.h"
#include "session/session.h"
#include "system/file.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define FILE_SIZE_MAX (16 * 1024 * 1024)

struct build {
	struct call *call;
	const char *release;
	struct root image; /* that is being made */
	struct root good;  /* where the configuration comes from instead, or not open */
	char *fallback;    /* why it does; or NULL */
	bool is_bare;      /* there is none at all that could be used */
	struct session session;
};

static void build_free(struct build *build)
{
	session_free(&build->session);
	root_close(&build->good);
	root_close(&build->image);
	free(build->fallback);
}

static int write_file(const struct build *build, const char *path, const char *bytes, size_t size)
{
	int r = root_make_parents(&build->image, path);

	if (r == 0)
		r = root_write_image(&build->image, path, bytes, size);
	return r < 0 ? cli_error(path, r) : 0;
}

static int read_want(struct build *build)
{
	const struct session_input input = {
		.root = &build->call->root,
		.image = build->good.fd >= 0 ? &build->good : NULL,
		.cmdline = "", /* that of this boot says nothing of the next one */
		.open_modules = kmod_open,
	};

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

/* The last good configuration, or none. */
static int fall_back(struct build *build)
{
	int r = good_open(&build->call->root, &build->good);

	build->is_bare = r < 0;
	build->fallback = memory_printf(
		"the configuration had an error when a package manager had the image built, %s: %s",
		r < 0 ? "and no good one was kept: the image has no rules"
		      : "so the image has the last good one",
		first_error(&build->session.want.findings));
	fprintf(stderr, "passthru: warning: %s\n", build->fallback);
	session_free(&build->session);
	build->session = (struct session){ 0 };
	if (r < 0)
		return 0;
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
			cli_error("/" GOOD_DIRECTORY, r);
		return 0;
	}
	cli_tell_findings(&build->session.want.findings);
	if (good_is_asked_for())
		return fall_back(build);
	build->call->status = EXIT_ERRORS;
	return -EINVAL;
}

static int put_file(const char *path, bool is_file, void *context)
{
	const struct build *build = context;
	const struct root *from = build->session.input.image;
	_cleanup_free_ char *bytes = NULL;
	size_t size = 0;
	int r = is_file ? root_read_file(from, path, FILE_SIZE_MAX, &bytes, &size) : 0;

	return r < 0 ? cli_error(path, r) : write_file(build, path, bytes ? bytes : "", size);
}

static int put_configuration(struct build *build)
{
	int r = build->is_bare ? 0
			       : contents_each_file(build->session.input.image, put_file, build);

	if (r == 0 && build->fallback)
		r = write_file(build, FALLBACK_NOTE, build->fallback, strlen(build->fallback));
	return r;
}

/*
 * Where there can be none, as in a chroot, the image is made without: then a device that the host
 * needs can be taken, and is given back in the boot.
 */
static int put_needs(struct build *build)
{
	struct session *session = &build->session;
	_cleanup_(needs_free) struct needs needs = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	_cleanup_free_ char *cmdline = NULL, *text = NULL;
	const struct root *root = &build->call->root;
	int r = sources_read_cmdline(root, NULL, &cmdline);

	if (r == 0)
		r = survey_needs(root, cmdline, &session->facts, &needs, &findings);
	cli_tell_findings(&findings);
	if (r != 0)
		return 0;
	text = needs_format(&needs);
	return write_file(build, NEEDS_RECORD, text, strlen(text));
}

/* Without a host to look at, the stubs themselves have to do. */
static int look(struct build *build)
{
	struct session *session = &build->session;

	if (build->is_bare)
		session->input = (struct session_input){ .root = &build->call->root };
	if (session_scan(session) < 0)
		return 0;
	if (!build->is_bare) {
		session_scan_functions(session);
		session_scan_concerned(session, &session->want);
	}
	return put_needs(build);
}

/* Unless the kernel reads it as it is, or it is there already. */
static int put_plain(const struct build *build, const char *path)
{
	const struct root *root = &build->call->root;
	_cleanup_free_ char *from = memory_printf(MODULE_TREES "/%s/%s", build->release, path);
	_cleanup_free_ char *plain = plain_path(path), *bytes = NULL;
	_cleanup_free_ char *to = memory_printf(MODULE_ARCHIVE "/%s/%s", build->release, plain);
	size_t size;
	int r;

	if (plain_is_needless(root, build->release, path) || root_exists(&build->image, to) == 0)
		return 0;
	r = plain_read(root, from, &bytes, &size);
	return r < 0 ? cli_error(from, r) : write_file(build, to, bytes, size);
}

/* An image without it is made all the same: then the agent goes by modules.dep. */
static int put_modules(struct build *build)
{
	_cleanup_(module_list_free) struct module_list list = { 0 };
	_cleanup_free_ char *tree = NULL, *path = NULL, *text = NULL;
	int r;

	if (!build->release)
		return 0;
	if (build->session.is_scanned && !build->is_bare)
		session_plan_next_boot(&build->session);
	r = contents_resolve_modules(&build->call->root, build->release, &build->session.plan,
				     &list);
	tree = memory_printf("/" MODULE_TREES "/%s", build->release);
	if (r < 0)
		return cli_error(tree, r), 0;
	path = module_record_path(build->release);
	text = module_list_format(&list);
	r = write_file(build, path, text, strlen(text));
	for (size_t s = 0; s < list.count; s++) {
		for (size_t f = 0; r == 0 && f < list.sections[s].file_count; f++)
			r = put_plain(build, list.sections[s].files[f].path);
	}
	return r;
}

int build_into(struct call *call, const char *into, const char *release)
{
	_cleanup_(build_free) struct build build = {
		.call = call,
		.release = release,
		.image.fd = -1,
		.good.fd = -1,
	};
	int r = root_open(into, &build.image);

	if (r < 0)
		return cli_error(into, r);
	r = read_configuration(&build);
	if (r == 0)
		r = put_configuration(&build);
	if (r == 0)
		r = look(&build);
	return r == 0 ? put_modules(&build) : r;
}
