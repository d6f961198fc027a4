/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/trial.h"

#include "report/json_value.h"
#include "report/note.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/text.h"

#define AS_PLANNED "as_planned"
#define VERIFIED   "verified"

static const struct json_value *trial_of(const struct store *store)
{
	return json_get(store->report, "trial");
}

static enum trial_verdict parse_verdict(const char *word)
{
	static const enum trial_verdict judged[] = { TRIAL_PROVEN, TRIAL_TRYING, TRIAL_FAILED,
						     TRIAL_UNPROVEN };

	for (size_t i = 0; i < ARRAY_SIZE(judged); i++) {
		if (streq(word, trial_word(judged[i])))
			return judged[i];
	}
	return TRIAL_NONE;
}

struct recorded_trial store_trial(const struct store *store)
{
	const struct json_value *value = trial_of(store);
	struct recorded_trial trial = {
		.verdict = parse_verdict(json_get_text(value, "state")),
		.configuration = json_get_text(value, "configuration"),
		.awaits_confirmation =
			streq(json_get_text(value, "proof"), trial_proof_word(TRIAL_CONFIRM)),
	};

	if (parse_decimal(json_get_text(value, "confirm_within_s"), CONFIRM_MAX_S,
			  &trial.within_s) < 0 ||
	    !trial_is_digest(trial.configuration))
		trial.verdict = TRIAL_NONE;
	return trial;
}

bool entry_is_as_planned(const struct entry *entry)
{
	static const bool is_bad[] = {
		[STATE_PLANNED] = true,  [STATE_CLAIMED] = true, [STATE_FAILED] = true,
		[STATE_RETURNED] = true, [STATE_UNKNOWN] = true,
	};

	return !entry->is_unfinished &&
	       !((size_t)entry->state < ARRAY_SIZE(is_bad) && is_bad[entry->state]);
}

static bool has_finding(const struct store *store, enum finding_code code)
{
	for_each_recorded(finding, store_findings(store))
	{
		if (recorded_is(&finding, code))
			return true;
	}
	return false;
}

bool store_ended_well(const struct store *store)
{
	static const enum finding_code codes[] = { FINDING_AGENT_DIED, FINDING_DEADLINE,
						   FINDING_UNFINISHED, FINDING_RETURNED };

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (has_finding(store, codes[i]))
			return false;
	}
	return true;
}

bool store_came_up_with(const struct store *store, const struct want *want)
{
	struct store_head booted = store_head(store);

	return store_trial(store).verdict == TRIAL_NONE && *booted.config_sha256 &&
	       streq(booted.config_sha256, want->sha256) && booted.options_sha256 &&
	       streq(booted.options_sha256, want->options_sha256) && store_ended_well(store) &&
	       *json_get_text(store->report, VERIFIED) && !has_finding(store, FINDING_SKIPPED) &&
	       !has_finding(store, FINDING_REPLACED) && !has_finding(store, FINDING_TRIAL_STATE);
}

bool store_is_as_planned(const struct store *store)
{
	return streq(json_get_text(store->report, AS_PLANNED), "true");
}

void store_set_as_planned(struct store *store, bool is_as_planned)
{
	store_set_flag(store, NULL, AS_PLANNED, is_as_planned);
}

void store_set_proven(struct store *store)
{
	json_set(store->document, json_get(store->report, "trial"), "state", JSON_STRING,
		 trial_word(TRIAL_PROVEN));
}
