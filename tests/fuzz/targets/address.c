/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses, as users and as sysfs write them. */
#include "fuzz.h"

#include <string.h>
#include <strings.h>

#include "util/address.h"

/* What is read is written again in one way, and means the same. */
static void check_address(const char *text)
{
	struct pci_address address, again;
	char name[ADDRESS_SIZE];

	if (address_parse(text, &address) < 0)
		return;
	address_format(&address, name);
	must(address_parse(name, &again) == 0 && address_compare(&address, &again) == 0,
	     "address-round-trip", "%s is written %s", text, name);
	must(address.slot <= 0x1f && address.function <= 7, "address-range", "%s", text);
	/* Leading zeros of the domain are all that may differ. */
	must(strcasecmp(name + strlen(name) - strlen("00:00.0"),
			text + strlen(text) - strlen("00:00.0")) == 0,
	     "address-round-trip", "%s is written %s", text, name);
}

static void check_pattern(const char *text)
{
	struct address_pattern pattern;
	struct pci_address address;
	bool is_address = address_parse(text, &address) == 0;

	if (address_pattern_parse(text, &pattern) < 0) {
		must(!is_address, "address-pattern", "%s is an address but no pattern", text);
		return;
	}
	must(address_pattern_matches(&pattern, &pattern.address), "address-pattern",
	     "%s does not match itself", text);
	must(!pattern.any_slot, "address-pattern", "%s has no slot", text);
	pattern.address.function ^= 1;
	must(!is_address || !address_pattern_matches(&pattern, &address), "address-pattern",
	     "%s matches another function", text);
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);

	check_address(text);
	check_pattern(text);
}

static const char *const seeds[] = { "0000:01:00.0", "01:00.*", "10000:e1:1f.7", NULL };

FUZZ_TARGET(address, .run = run, .seeds = seeds, .size_max = 64)
