/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/fill.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/image/plain.h"
#include "cli/kept.h"
#include "cli/message.h"
#include "cli/owners.h"
#include "cli/progress.h"
#include "probe/needs/survey.h"
#include "session/module_record.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"

#define FILE_SIZE_MAX (16 * 1024 * 1024)

int fill_put(const struct image_target *target, const char *path, const char *bytes, size_t size)
{
	int r = target->put(path, bytes, size, target->context);

	if (r < 0)
		fprintf(stderr, "passthru: could not write the image's /%s: %s\n", path,
			strerror(-r));
	return r;
}

/* --- the host */

struct session_input fill_input(const struct root *root, const struct root *image)
{
	return (struct session_input){
		.root = root,
		.image = image,
		.cmdline = "", /* that of this boot says nothing of the next one */
		.ignores_credentials = true,
		.find_owners = owners_find,
		.open_modules = kmod_open,
	};
}

static char *survey(const struct session *session)
{
	_cleanup_(needs_free) struct needs needs = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	_cleanup_free_ char *cmdline = NULL;
	const struct root *root = session->input.root;
	int r = sources_read_cmdline(root, NULL, &cmdline);

	if (r == 0)
		r = survey_needs(root, cmdline, &session->facts, &needs, &findings);
	cli_tell_findings(&findings);
	return r == 0 ? needs_format(&needs) : NULL;
}

void fill_look(struct session *session, char **ret_needs)
{
	_cleanup_(progress_end) struct progress_line progress = { 0 };

	progress_say(&progress, "looking at the devices of this host");
	if (session_scan(session) < 0)
		return;
	session_scan_functions(session);
	session_scan_concerned(session, &session->want);
	progress_end(&progress);
	if (ret_needs)
		*ret_needs = survey(session);
	session_plan_next_boot(session);
}

/* --- the configuration */

struct configuration {
	const struct fill_source *source;
	const struct image_target *target;
};

static char *place_in(const char *directory, const char *path)
{
	return directory ? memory_printf("%s/%s", directory, path) : memory_dup(path);
}

static int put_file(const char *path, bool is_file, void *context)
{
	const struct configuration *configuration = context;
	const struct fill_source *source = configuration->source;
	_cleanup_free_ char *shown = place_in(source->place, path), *bytes = NULL;
	_cleanup_free_ char *inside = place_in(source->inside, path);
	size_t size = 0;
	int r = is_file ? root_read_file(source->root, path, FILE_SIZE_MAX, &bytes, &size) : 0;

	if (r == 0)
		return fill_put(configuration->target, inside, bytes ? bytes : "", size);
	fprintf(stderr, "passthru: could not read /%s: %s\n", shown, strerror(-r));
	return r;
}

int fill_configuration(const struct fill_source *source, const struct image_target *target)
{
	struct configuration configuration = { source, target };

	return source->walk(source->root, put_file, &configuration);
}

/* --- the owners */

/* Those of the configuration that was proven, which may be used in its stead. */
static void add_proven(const struct root *root, char **record)
{
	_cleanup_(root_close) struct root proven = { .fd = -1 };
	_cleanup_(want_free) struct want want = { 0 };

	if (kept_open(root, &kept_proven, &proven, &want) == 0)
		owners_find(root, &want, record);
}

int fill_owners(struct session *session, const struct image_target *target)
{
	add_proven(session->input.root, &session->owners);
	if (!session->owners)
		return 0;
	return fill_put(target, OWNERS_RECORD, session->owners, strlen(session->owners));
}

/* --- the modules */

struct filling {
	const struct root *root;
	const struct image_target *target;
	const char *release;
	struct progress_line *progress;
};

/* What could not be done for them, and for one that is not alone what comes of it. */
static int fail(const struct filling *filling, const char *what, const char *path,
		const char *reason, int error, const char *outcome)
{
	bool is_alone = filling->target->is_alone;

	progress_clear(filling->progress);
	fprintf(stderr, "passthru: %scould not %s /%s: %s%s%s\n", is_alone ? "" : "warning: ", what,
		path, reason, is_alone ? "" : "; ", is_alone ? "" : outcome);
	return is_alone ? error : 0;
}

static int put(const struct filling *filling, const char *path, const char *bytes, size_t size,
	       const char *outcome)
{
	const struct image_target *target = filling->target;
	int r = target->put(path, bytes, size, target->context);

	return r < 0 ? fail(filling, "write the image's", path, strerror(-r), r, outcome) : 0;
}

#define NO_LIST  "the agent will use modules.dep, without a module list"
#define NO_PLAIN "the kernel may be unable to load it from the image"

/* Unless the framework's file does: the kernel reads that as it is. */
static int put_module(const struct filling *filling, const char *path)
{
	const struct root *root = filling->root;
	_cleanup_free_ char *from = memory_printf(MODULE_TREES "/%s/%s", filling->release, path);
	_cleanup_free_ char *plain = plain_path(path), *bytes = NULL;
	_cleanup_free_ char *to = memory_printf(MODULE_ARCHIVE "/%s/%s", filling->release, plain);
	const char *reason;
	size_t size;
	int r;

	if (!filling->target->is_alone && plain_is_needless(root, filling->release, path))
		return 0;
	r = plain_read(root, from, &bytes, &size);
	if (r == 0)
		return put(filling, to, bytes, size, NO_PLAIN);
	reason = r == -ENOENT && root_exists(root, from) == 0
			 ? "the program for its suffix (xz, zstd or gzip) is not installed"
			 : strerror(-r);
	return fail(filling, "decompress", from, reason, r, NO_PLAIN);
}

/* A module that several others need as well is put once. */
static int put_modules(const struct filling *filling, const struct module_list *list)
{
	_cleanup_(names_free) struct names paths = { 0 };
	int r = 0;

	for (size_t s = 0; s < list->count; s++) {
		for (size_t f = 0; f < list->sections[s].file_count; f++)
			names_add_once(&paths, list->sections[s].files[f].path);
	}
	for (size_t i = 0; r == 0 && i < paths.count; i++)
		r = put_module(filling, paths.items[i]);
	return r;
}

int fill_modules(const struct session *session, const char *release,
		 const struct image_target *target)
{
	_cleanup_(module_list_free) struct module_list list = { 0 };
	_cleanup_free_ char *path = module_record_path(release), *text = NULL;
	_cleanup_free_ char *tree = memory_printf(MODULE_TREES "/%s", release);
	_cleanup_(progress_end) struct progress_line progress = { 0 };
	const struct filling filling = { session->input.root, target, release, &progress };
	int r;

	progress_say(&progress, "adding the modules of stub drivers for kernel %s", release);
	r = contents_resolve_modules(session, release, &list);
	if (r < 0)
		return fail(&filling, "list the modules of", tree, strerror(-r), r, NO_LIST);
	text = module_list_format(&list);
	r = put(&filling, path, text, strlen(text), NO_LIST);
	return r == 0 ? put_modules(&filling, &list) : r;
}
