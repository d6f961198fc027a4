/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/kept.h"
#include "trial/mark.h"
#include "trial/place.h"
#include "trial/units.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

struct preparation {
	const struct root *root;
	const struct image_target *target;
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

static int put(const char *path, const char *bytes, size_t size, void *context)
{
	const struct image_target *target = context;
	_cleanup_free_ char *inside = memory_printf(TRIAL_PROVEN_DIRECTORY "/%s", path);

	return target->put(inside, bytes, size, target->context);
}

static int put_all(const struct preparation *preparation)
{
	const struct image_target *target = preparation->target;
	const struct image_target inside = { .put = put, .context = (void *)target };
	_cleanup_free_ char *text = trial_mark_format(&preparation->mark);
	int r = fill_put(target, TRIAL_MARK, text, strlen(text));

	if (r < 0 || is_proven(preparation) || preparation->proven.fd < 0)
		return r;
	return fill_configuration(&preparation->proven, kept_each_file, &inside);
}

/* WHY there can be no trial. */
static int go_without(const struct preparation *preparation, const char *why)
{
	bool is_fatal = preparation->mark.proof == TRIAL_CONFIRM;

	fprintf(stderr, "passthru: %sno trial of the configuration is possible here: %s%s\n",
		is_fatal ? "" : "warning: ", why,
		is_fatal ? "; trial = confirm cannot be kept, set trial = no or boot" : "");
	return is_fatal ? -EROFS : 0;
}

static int prepare(struct preparation *preparation)
{
	int r = 0;

	open_proven(preparation);
	if (!is_proven(preparation))
		r = arm(preparation);
	return r < 0 ? go_without(preparation, trial_store_error(r)) : put_all(preparation);
}

int fill_trial(const struct session *session, const struct image_target *target)
{
	const struct options *options = &session->want.options;
	_cleanup_(preparation_free) struct preparation preparation = {
		.root = session->input.root,
		.target = target,
		.mark = { .proof = options->trial,
			  .tries = options->trial_tries,
			  .within_s = options->confirm_within_s },
		.proven.fd = -1,
	};
	const char *why;
	bool is_here;

	if (options->trial == TRIAL_NO || options->trial == TRIAL_UNSET ||
	    (!session->want.rule_count && !want_has_natives(&session->want)))
		return 0;
	why = trial_find_place(session->input.root, &preparation.mark.store, &is_here);
	if (!why)
		why = trial_units_obstacle(session->input.root, options->trial);
	if (why)
		return is_here && options->trial == TRIAL_CONFIRM ? go_without(&preparation, why)
								  : 0;
	trial_identify(&session->want, preparation.configuration);
	return prepare(&preparation);
}
