/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/outlook.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trial/place.h"
#include "trial/units.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define WATCHDOG "sys/class/watchdog/watchdog0"

static void tell_no_place(const struct want *want, const char *why, struct findings *findings)
{
	if (want->options.trial == TRIAL_CONFIRM)
		findings_add(findings, FINDING_TRIAL_STATE,
			     "trial = confirm cannot be kept, so no image can be built: %s", why);
	else
		findings_add(findings, FINDING_NO_TRIAL,
			     "a new configuration cannot be tried on this host: %s", why);
}

static const char *judge(const struct root *root, enum trial_store_kind kind,
			 const struct want *want, struct findings *findings)
{
	struct trial_state state = { 0 };
	char configuration[SHA256_TEXT_SIZE];
	int r = trial_place_read(root, kind, &state);

	trial_identify(want, configuration);
	if (r < 0 && r != -ENOENT)
		findings_add(findings, FINDING_TRIAL_STATE,
			     "could not read the state of trials in %s: %s", trial_store_name(kind),
			     trial_store_error(r));
	switch (trial_judge(&state, configuration, want->options.trial_tries)) {
	case TRIAL_PROVEN:
		return "This configuration is proven on this host.";
	case TRIAL_FAILED:
		findings_add(findings, FINDING_TRIAL_FAILED,
			     "this configuration was tried and not proven; it will not be used");
		return NULL;
	case TRIAL_TRYING:
		return "This configuration is armed: it is on trial at the next boot.";
	default:
		return "This configuration is new: the next image arms it, and the boot after that tries it.";
	}
}

const char *outlook_of_trial(const struct root *root, const struct want *want,
			     struct findings *findings)
{
	enum trial_store_kind kind;
	bool is_here;
	const char *why;

	if (want->options.trial == TRIAL_NO || want->has_errors || want->off ||
	    (!want->rule_count && !want_has_natives(want)))
		return NULL;
	why = trial_find_place(root, &kind, &is_here);
	if (!is_here)
		return NULL;
	if (!why)
		why = trial_units_obstacle(root, want->options.trial);
	if (!why)
		return judge(root, kind, want, findings);
	tell_no_place(want, why, findings);
	return NULL;
}

static long read_number(const struct root *root, const char *path)
{
	char text[24];

	return root_read_attribute(root, path, text, sizeof(text)) > 0 ? strtol(text, NULL, 10) : 0;
}

/* One that some process feeds, as systemd does with RuntimeWatchdogSec=; "" for none. */
static char *watchdog_of(const struct root *root)
{
	char state[16], name[64];

	if (root_read_attribute(root, WATCHDOG "/state", state, sizeof(state)) < 0 ||
	    !streq(state, "active"))
		return memory_dup("");
	if (root_read_attribute(root, WATCHDOG "/identity", name, sizeof(name)) < 0)
		strcpy(name, "watchdog0");
	return memory_printf("%s after %ld s", name, read_number(root, WATCHDOG "/timeout"));
}

char *outlook_of_hang(const struct root *root)
{
	_cleanup_free_ char *watchdog = watchdog_of(root);
	long panic_s = read_number(root, "proc/sys/kernel/panic");
	bool is_hung_panic = read_number(root, "proc/sys/kernel/hung_task_panic") > 0;
	_cleanup_free_ char *panic =
		panic_s > 0 ? memory_printf("%spanic=%ld (a panic%s)", *watchdog ? ", " : "",
					    panic_s, is_hung_panic ? " or hung task" : "")
		: panic_s < 0
			? memory_printf("%spanic=%ld (a panic%s, at once)", *watchdog ? ", " : "",
					panic_s, is_hung_panic ? " or hung task" : "")
			: memory_dup("");

	if (!*watchdog && !*panic)
		return memory_dup(
			"Nothing resets this host if it hangs. Optional: RuntimeWatchdogSec= in /etc/systemd/system.conf, and panic=10 on the kernel command line.");
	return memory_printf("If the host hangs it is reset by: %s%s.", watchdog, panic);
}
