/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stub drivers' own lists: what is taken of them is what the kernel would take. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "util/memory.h"
#include "want/hide.h"
#include "want/modprobe.h"
#include "want/native.h"
#include "want/selector.h"

/*
 * The kernel's sscanf("%x:%x:%x:%x:%x:%x"), as linux/drivers/pci/pci-stub.c has it, on texts that
 * libc's reads in the same way: without signs, and with numbers of no more than eight digits.
 */
static bool can_be_compared(const char *text)
{
	size_t digits = 0;

	for (const char *c = text; *c; c++) {
		digits = strchr("0123456789abcdefABCDEF", *c) ? digits + 1 : 0;
		if (strchr("+-", *c) || digits > 8)
			return false;
	}
	return true;
}

static void check_id(const char *text)
{
	unsigned fields[6] = { 0, 0, ID_ANY, ID_ANY, 0, 0 };
	struct selector selector = { 0 };
	const char *rest = NULL;
	int r = native_id_parse(text, &selector, &rest), count;

	if (r == 0)
		must(rest >= text && rest <= text + strlen(text), "native-id", "%s", text);
	if (!can_be_compared(text))
		return;
	count = sscanf(text, "%x:%x:%x:%x:%x:%x", &fields[0], &fields[1], &fields[2], &fields[3],
		       &fields[4], &fields[5]);
	must((count >= 2) == (r == 0), "native-id", "%s has %d fields", text, count);
	if (r < 0)
		return;
	must(selector.id.vendor == fields[0] && selector.id.device == fields[1] &&
		     selector.id.subvendor == fields[2] && selector.id.subdevice == fields[3],
	     "native-id", "%s is another id", text);
	must(selector.has_class == (fields[5] != 0) &&
		     (!selector.has_class ||
		      (selector.class.value == fields[4] && selector.class.mask == fields[5])),
	     "native-id", "%s is another class", text);
}

/* A group that is taken is one that linux/drivers/xen/xen-pciback/pci_stub.c takes. */
static void check_group(const char *text, size_t length, const struct address_pattern *pattern)
{
	_cleanup_free_ char *group = memory_copy(text, length);
	unsigned domain = 0, bus = 0, slot = 0, function = 0;
	int end = 0, any = 0;

	if (pattern->any_slot)
		any = sscanf(group, " (%x:%x:*.*%n", &domain, &bus, &end) == 2 ||
		      (domain = 0, sscanf(group, " (%x:*.*%n", &bus, &end) == 1);
	else if (pattern->any_function)
		any = sscanf(group, " (%x:%x:%x.*%n", &domain, &bus, &slot, &end) == 3 ||
		      (domain = 0, sscanf(group, " (%x:%x.*%n", &bus, &slot, &end) == 2);
	else
		any = sscanf(group, " (%x:%x:%x.%x%n", &domain, &bus, &slot, &function, &end) ==
			      4 ||
		      (domain = 0, sscanf(group, " (%x:%x.%x%n", &bus, &slot, &function, &end)) ==
			      3;
	must(any && group[end] == ')', "hide-group", "%s", group);
	must(pattern->address.domain == domain && pattern->address.bus == bus &&
		     (pattern->any_slot || pattern->address.slot == slot) &&
		     (pattern->any_slot || pattern->any_function ||
		      pattern->address.function == function),
	     "hide-group", "%s is another address", group);
}

static void check_hide(const char *text)
{
	size_t length;

	for (const char *group = text; *group; group += length) {
		struct address_pattern pattern;
		int r = hide_group_parse(group, &pattern, &length);

		must(length && length <= strlen(group), "hide-length", "%s", group);
		if (r == 0)
			check_group(group, length, &pattern);
	}
}

/* On a command line, or as `options MODULE` of modprobe.d: the same rules. */
static void check_option(const char *module, const char *name, const char *value)
{
	struct parameter parameter = { (char *)name, (char *)value };
	const struct native_place place = { "here", module };
	_cleanup_free_ char *text = NULL;
	struct natives natives = { 0 };
	struct intent intent = { 0 };

	native_add(&natives, &place, &parameter);
	fuzz_check_findings(&natives.findings);
	text = natives_text(&natives);
	natives_finish(&natives, &intent);
	fuzz_check_findings(&intent.findings);
	must(!intent.rule_count || *text, "native-text", "%s=%s", name, value);
	for (size_t i = 0; i < intent.rule_count; i++)
		must(intent.rules[i].options.stub && !selector_is_empty(&intent.rules[i].selector),
		     "native-rule", "%s=%s", name, value);
	intent_free(&intent);
}

static void check_modprobe(const char *text)
{
	_cleanup_free_ char *joined = memory_printf("options vfio-pci ids=%s\n", text);
	struct natives natives = { 0 };
	struct intent intent = { 0 };

	modprobe_parse(&natives, "/etc/modprobe.d/a.conf", joined);
	fuzz_check_findings(&natives.findings);
	natives_finish(&natives, &intent);
	fuzz_check_findings(&intent.findings);
	intent_free(&intent);
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);

	check_id(text);
	check_hide(text);
	check_option(NULL, "vfio-pci.ids", text);
	check_option("pci_stub", "ids", text);
	check_option(NULL, "xen-pciback.hide", text);
	check_modprobe(text);
}

static const char *const seeds[] = { "10de:2684", "1:2:3:4:30000:ff0000,0x8086:10d3",
				     "(03:02.0)(0001:04:00.*) (05:*.*)", "ffffffff:1, 2:3", NULL };

FUZZ_TARGET(native, .run = run, .seeds = seeds, .size_max = 256)
