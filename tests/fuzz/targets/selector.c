/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of selectors: id, class, path, vf, and lspci's filter. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/memory.h"
#include "want/selector.h"

static void put_field(char *out, uint32_t field)
{
	if (field == ID_ANY)
		strcpy(out, "*");
	else
		snprintf(out, 9, "%04x", field);
}

static void check_id(const char *text)
{
	struct id_pattern id, again;
	char fields[4][9];
	_cleanup_free_ char *written = NULL;

	if (id_pattern_parse(text, &id) < 0)
		return;
	put_field(fields[0], id.vendor);
	put_field(fields[1], id.device);
	put_field(fields[2], id.subvendor);
	put_field(fields[3], id.subdevice);
	for (int i = 0; i < 4; i++)
		must(strlen(fields[i]) <= 4, "id-range", "%s", text);
	written = memory_printf("%s:%s:%s:%s", fields[0], fields[1], fields[2], fields[3]);
	must(id_pattern_parse(written, &again) == 0 && memcmp(&id, &again, sizeof(id)) == 0,
	     "id-round-trip", "%s is written %s", text, written);
}

static void check_class(const char *text)
{
	struct class_pattern class, again;
	size_t digits = strlen(text);
	char written[16];

	if (class_pattern_parse(text, &class) < 0)
		return;
	must((class.value & ~class.mask) == 0 && class.value <= 0xffffff, "class-range", "%s",
	     text);
	snprintf(written, sizeof(written), "%0*x", (int)digits, class.value >> (6 - digits) * 4);
	must(strcasecmp(written, text) == 0 && class_pattern_parse(written, &again) == 0 &&
		     class.value == again.value && class.mask == again.mask,
	     "class-round-trip", "%s is written %s", text, written);
}

/* What is a path has a host bridge first and a function last, and nothing that leads elsewhere. */
static void check_path(const char *text)
{
	const char *last = strrchr(text, '/');
	char rest;
	unsigned slot, function;

	if (path_check(text) < 0)
		return;
	must(strncmp(text, "pci", 3) == 0 && last, "path-shape", "%s", text);
	must(sscanf(last, "/%2x.%1x%c", &slot, &function, &rest) == 2, "path-shape", "%s", text);
	must(!strstr(text, "..") && !strstr(text, "//"), "path-shape", "%s", text);
}

static void check_vf(const char *text)
{
	struct vf_set set = { 0 };
	_cleanup_free_ char *written = memory_copy("", 0);
	struct vf_set again = { 0 };

	if (vf_set_parse(text, &set) < 0)
		return;
	must(set.count, "vf-shape", "%s is empty", text);
	for (size_t i = 0; i < set.count; i++) {
		_cleanup_free_ char *before = written;

		must(set.ranges[i].first <= set.ranges[i].last &&
			     set.ranges[i].last < VF_COUNT_MAX &&
			     vf_set_has(&set, set.ranges[i].first) &&
			     vf_set_highest(&set) >= set.ranges[i].last,
		     "vf-shape", "%s", text);
		written =
			memory_printf("%s%u-%u,", before, set.ranges[i].first, set.ranges[i].last);
	}
	must(vf_set_parse(written, &again) == 0 && again.count == set.count &&
		     memcmp(again.ranges, set.ranges, set.count * sizeof(set.ranges[0])) == 0 &&
		     vf_sets_meet(&set, &again),
	     "vf-round-trip", "%s is written %s", text, written);
	vf_set_free(&set);
	vf_set_free(&again);
}

/* It means what the id or the class in it means. */
static void check_filter(const char *text)
{
	struct selector selector = { 0 };
	struct id_pattern id;

	if (filter_parse(text, &selector) < 0)
		return;
	must(selector.has_id && selector.id.subvendor == ID_ANY &&
		     selector.id.subdevice == ID_ANY && !selector.has_address && !selector.path,
	     "filter", "%s", text);
	if (id_pattern_parse(text, &id) == 0 && !selector.has_class)
		must(id.vendor == selector.id.vendor && id.device == selector.id.device, "filter",
		     "%s is another id", text);
	selector_free(&selector);
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);

	check_id(text);
	check_class(text);
	check_path(text);
	check_vf(text);
	check_filter(text);
}

static const char *const seeds[] = {
	"10de:2684", "8086:*:1af4:1100",     "0300",
	"030000",    "pci0000:00/01.0/00.0", "pci0000:00/0e.0/pci10000:e0/06.0",
	"0-3,6",     ":2684:0300",           "0+2-5 7",
	NULL
};

FUZZ_TARGET(selector, .run = run, .seeds = seeds, .size_max = 256)
