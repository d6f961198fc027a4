/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/kept.h"
#include "report/trial.h"
#include "system/efi_variable.h"
#include "system/kmod.h"
#include "trial/mark.h"
#include "trial/place.h"
#include "trial/units.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

struct preparation {
	const struct root *root;
	const struct want *want;
	const char *release; /* of the image's kernel; or NULL */
	const struct image_target *target;
	bool is_made_anyway; /* the image, where it has the agent refuse the configuration */
	struct trial_mark mark;
	char configuration[SHA256_TEXT_SIZE];
	struct root proven; /* the kept configuration, or not open */
	struct want proven_want;
};

static void preparation_free(struct preparation *preparation)
{
	want_free(&preparation->proven_want);
	root_close(&preparation->proven);
}

/* One that cannot be read is as good as none: then nothing replaces a configuration that fails. */
static void open_proven(struct preparation *preparation)
{
	int r = kept_open(preparation->root, &kept_proven, &preparation->proven,
			  &preparation->proven_want);

	if (r == 0)
		trial_identify(&preparation->proven_want, preparation->mark.proven);
	else if (r != -ENOENT)
		fprintf(stderr, "passthru: warning: could not read /%s: %s\n",
			kept_proven.directory, r == -EBADMSG ? "not as it was kept" : strerror(-r));
}

static bool is_proven(const struct preparation *preparation)
{
	return streq(preparation->configuration, preparation->mark.proven);
}

static void tell_armed(const struct preparation *preparation)
{
	const struct trial_mark *mark = &preparation->mark;

	fputs("passthru: the configuration is new and will be on trial at the next boot", stderr);
	if (mark->proof == TRIAL_CONFIRM)
		fprintf(stderr, "; run `passthru confirm` within %u s of it\n", mark->within_s);
	else
		fputs("\n", stderr);
}

/* A trial that is under way or has failed is not begun anew by the next image. */
static int arm(const struct preparation *preparation)
{
	const struct trial_mark *mark = &preparation->mark;
	struct trial_state state = { 0 };
	int r = trial_place_read(preparation->root, mark->store, &state);

	if (r < 0 && r != -ENOENT && r != -EBADMSG)
		return r;
	switch (trial_judge(&state, preparation->configuration, mark->tries)) {
	case TRIAL_FAILED:
		fputs("passthru: warning: the configuration was tried and is not proven: unless this boot proves it, it will not be used; change it, or "
		      "run `passthru trial reset` and build the image again\n",
		      stderr);
		return 0;
	case TRIAL_UNPROVEN:
		trial_arm(&state, preparation->configuration);
		r = trial_place_write(preparation->root, mark->store, &state, mark->tries);
		if (r == 0)
			tell_armed(preparation);
		return r;
	default:
		return 0;
	}
}

static int put_files(const struct preparation *preparation)
{
	const struct image_target *target = preparation->target;
	const struct fill_source proven = {
		.root = &preparation->proven,
		.walk = kept_each_file,
		.place = TRIAL_KEPT_DIRECTORY,
		.inside = TRIAL_PROVEN_DIRECTORY,
	};
	_cleanup_free_ char *text = trial_mark_format(&preparation->mark);
	int r = fill_put(target, TRIAL_MARK, text, strlen(text));

	if (r < 0 || is_proven(preparation) || preparation->proven.fd < 0)
		return r;
	return fill_configuration(&proven, target);
}

/* An image without the mark knows of no trials: its agent uses the configuration that it has. */
static int put_all(const struct preparation *preparation)
{
	int r = put_files(preparation);

	if (r < 0)
		fprintf(stderr,
			"passthru: no image: without /" TRIAL_MARK
			" and the proven configuration it would use the new one unprotected; correct the error above, such as a full file system, then build the image again, or set trial = no\n");
	return r;
}

/*
 * WHY there can be no trial. Where an administrator was to confirm it, the mark has the agent
 * refuse the configuration: with it a package manager's build goes on.
 */
static int go_without(const struct preparation *preparation, const char *why)
{
	bool is_refused = preparation->mark.proof == TRIAL_CONFIRM;
	int r;

	fprintf(stderr, "passthru: %sno trial of the configuration is possible here: %s%s\n",
		is_refused ? "" : "warning: ", why,
		is_refused ? "; trial = confirm cannot be kept, set trial = no or boot" : "");
	if (!is_refused)
		return 0;
	r = put_all(preparation);
	return r < 0 || preparation->is_made_anyway ? r : -EROFS;
}

/* The agent mounts it, and may have to load its module before. */
static const char *find_efivarfs_obstacle(const struct preparation *preparation)
{
	_cleanup_(module_list_free) struct module_list list = { 0 };
	struct module_index *modules;
	int r;

	if (preparation->mark.store != TRIAL_STORE_EFI || !preparation->release)
		return NULL;
	modules = kmod_open_release(preparation->root, preparation->release);
	if (!modules)
		return NULL;
	r = kmod_list_add(modules, EFI_VARIABLES_MODULE, "", &list);
	module_index_close(modules);
	return r == -ENOENT ? "the image's kernel has no efivarfs" : NULL;
}

static const char *find_obstacle(struct preparation *preparation, bool *ret_is_here)
{
	const char *why =
		trial_find_place(preparation->root, &preparation->mark.store, ret_is_here);

	return why ? why : trial_units_obstacle(preparation->root, preparation->mark.proof);
}

/* Who set trial = confirm may rely on it. */
static void tell_other_host(enum trial_choice choice, const char *why)
{
	if (choice == TRIAL_CONFIRM)
		fprintf(stderr,
			"passthru: warning: trial = confirm is not kept, the image's configuration is used without a trial: %s\n",
			why);
}

/* Who wants to confirm a configuration has not done so by booting it. */
static bool is_in_use(const struct preparation *preparation)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };

	return preparation->mark.proof == TRIAL_BOOT &&
	       store_read(preparation->root, &store) == 0 &&
	       store_came_up_with(&store, preparation->want);
}

static void keep_used(struct preparation *preparation)
{
	const struct root *root = preparation->root;
	int r = kept_write(root, &kept_proven, root, contents_each_file, preparation->want);

	if (r < 0) {
		fprintf(stderr, "passthru: warning: could not keep the configuration in /%s: %s\n",
			kept_proven.directory, strerror(-r));
		return;
	}
	root_close(&preparation->proven);
	strcpy(preparation->mark.proven, preparation->configuration);
}

static int prepare(struct preparation *preparation)
{
	bool is_here;
	const char *why = find_obstacle(preparation, &is_here);
	int r;

	if (why && !is_here)
		tell_other_host(preparation->mark.proof, why);
	if (why && !(is_here && preparation->mark.proof == TRIAL_CONFIRM))
		return 0;
	open_proven(preparation);
	if (!is_proven(preparation) && !why && is_in_use(preparation))
		keep_used(preparation);
	if (is_proven(preparation))
		return put_all(preparation);
	if (!why)
		why = find_efivarfs_obstacle(preparation);
	if (why)
		return go_without(preparation, why);
	r = arm(preparation);
	return r < 0 ? go_without(preparation, trial_store_error(r)) : put_all(preparation);
}

static bool has_trial(const struct want *want)
{
	return want->options.trial != TRIAL_NO && want->options.trial != TRIAL_UNSET &&
	       (want->rule_count || want_has_natives(want));
}

void fill_no_trial(const struct session *session)
{
	if (has_trial(&session->want))
		tell_other_host(session->want.options.trial,
				"it is for other hosts too (--no-trial; dracut: hostonly=no)");
}

int fill_trial(const struct session *session, const char *release,
	       const struct image_target *target, bool is_made_anyway)
{
	const struct options *options = &session->want.options;
	_cleanup_(preparation_free) struct preparation preparation = {
		.root = session->input.root,
		.want = &session->want,
		.release = release,
		.target = target,
		.is_made_anyway = is_made_anyway,
		.mark = { .proof = options->trial,
			  .tries = options->trial_tries,
			  .within_s = options->confirm_within_s },
		.proven.fd = -1,
	};

	if (!has_trial(&session->want))
		return 0;
	trial_identify(&session->want, preparation.configuration);
	return prepare(&preparation);
}
