/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/announce.h"

#include <errno.h>
#include <sha256.h>
#include <string.h>

#include "report/trial.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define KEPT_SIZE_MAX 1024

static const struct {
	const char *directory, *name;
} places[] = {
	{ "run/issue.d", "passthru.issue" },
	{ "run/motd.d", "passthru" },
};

static char *text_of(const struct recorded_trial *trial)
{
	if (trial->verdict == TRIAL_FAILED)
		return memory_dup(
			"passthru: the configuration failed its trial and is not used; see `passthru trial`\n");
	if (trial->verdict == TRIAL_UNPROVEN)
		return memory_dup(
			"passthru: the configuration of this boot's image is not used, it was never armed here; see `passthru trial`\n");
	if (trial->verdict == TRIAL_TRYING && trial->awaits_confirmation)
		return memory_printf(
			"passthru: the configuration is on trial: run `passthru confirm` within %u s of the boot, else the host reboots\n",
			trial->within_s);
	return NULL;
}

static void tell_unwritten(struct agent *agent, const char *directory, const char *name, int error)
{
	_cleanup_free_ char *text = memory_printf("warning: could not write /%s/%s: %s", directory,
						  name, strerror(-error));

	log_line(SEVERITY_WARNING, text, &agent->log);
}

static void write_one(struct agent *agent, const char *directory, const char *name,
		      const char *text)
{
	int r = root_replace_file(&agent->root, directory, name, text);

	if (r < 0)
		tell_unwritten(agent, directory, name, r);
}

static bool is_kept(const struct agent *agent, const char *configuration)
{
	char text[KEPT_SIZE_MAX], digest[SHA256_TEXT_SIZE];
	int r = root_read(&agent->root, TRIAL_KEPT_DIGEST, text, sizeof(text));

	if (r < 0)
		return false;
	SHA256Data((const uint8_t *)text, (size_t)r, digest);
	return streq(digest, configuration);
}

/*
 * One that the store calls proven, but of which the host has no copy yet, is for the units too: the
 * power may have gone between the two.
 */
static bool is_settled(const struct agent *agent, const struct recorded_trial *trial)
{
	return trial->verdict == TRIAL_NONE ||
	       (trial->verdict == TRIAL_PROVEN && is_kept(agent, trial->configuration));
}

void announce_trial(struct agent *agent, const struct store *store)
{
	const struct recorded_trial trial = store_trial(store);
	_cleanup_free_ char *text = text_of(&trial);

	if (is_settled(agent, &trial))
		return;
	write_one(agent, REPORT_DIRECTORY, TRIAL_FLAG, "");
	for (size_t i = 0; text && i < ARRAY_SIZE(places); i++)
		write_one(agent, places[i].directory, places[i].name, text);
}
