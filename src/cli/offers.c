/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/offers.h"

#include <errno.h>
#include <string.h>

#include "plan/settings.h"
#include "probe/settings.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/parse.h"

#define MASK_DIGITS 16
#define HALF_DIGITS 8

/* "00000000000001c0" (linux/drivers/pci/pci-sysfs.c): bit N is 2^N MiB. */
static int parse_mask(const char *text, uint64_t *ret)
{
	uint32_t high, low;

	if (strlen(text) != MASK_DIGITS || parse_hex(text, HALF_DIGITS, &high) < 0 ||
	    parse_hex(text + HALF_DIGITS, HALF_DIGITS, &low) < 0)
		return -EBADMSG;
	*ret = (uint64_t)high << 32 | low;
	return 0;
}

/* "64M, 128M or 256M" */
static char *sizes_text(uint64_t mask)
{
	_cleanup_(names_free) struct names sizes = { 0 };

	if (!mask)
		return memory_dup("none");
	for (unsigned size = 0; size < 30; size++) {
		_cleanup_free_ char *one = mask >> size & 1 ? rebar_format(0, size) : NULL;

		if (one)
			names_add(&sizes, one + strlen("0:"));
	}
	return names_text(&sizes, " or ");
}

static void check_bar(const struct root *root, struct decision *decision, const char *value)
{
	char path[DEVICE_FILE_SIZE], text[MASK_DIGITS + 2];
	uint64_t mask = 0;
	_cleanup_free_ char *sizes = NULL;
	int r = root_read_attribute(root,
				    setting_file(decision->device, SETTING_REBAR, value, path),
				    text, sizeof(text));

	if (r >= 0)
		r = parse_mask(text, &mask);
	if (r < 0) {
		settings_drop(decision, SETTING_REBAR, FINDING_SETTING_FAILED,
			      "could not read which sizes there are:", strerror(-r));
		return;
	}
	if (mask >> rebar_size(value) & 1)
		return;
	sizes = sizes_text(mask);
	settings_drop(decision, SETTING_REBAR, FINDING_SETTING_UNSUPPORTED,
		      "the BAR comes in other sizes only:", sizes);
}

static bool has_word(const char *list, const char *word)
{
	_cleanup_free_ char *spaced = memory_printf(" %s ", list);
	_cleanup_free_ char *wanted = memory_printf(" %s ", word);

	return strstr(spaced, wanted);
}

/* Of a device that a stub driver has the list may be one that was set before. */
static void check_methods(struct decision *decision, const char *value)
{
	const char *former = decision->settings[SETTING_RESET_METHOD].former;
	_cleanup_free_ char *copy = memory_dup(value), *has = memory_dup(former ? former : "");
	char *rest = copy;

	if (plan_stub_of(decision->device))
		return;
	for (char *word; (word = strsep(&rest, " "));) {
		if (has_word(has, word))
			continue;
		settings_drop(decision, SETTING_RESET_METHOD, FINDING_SETTING_UNSUPPORTED,
			      "the device has other reset methods only:", has);
		return;
	}
}

void offers_check(const struct root *root, struct plan *plan)
{
	for_each_decision(decision, plan) {
		const char *bar = settings_value(decision, SETTING_REBAR);
		const char *methods = settings_value(decision, SETTING_RESET_METHOD);

		if (bar)
			check_bar(root, decision, bar);
		if (methods)
			check_methods(decision, methods);
	}
}
