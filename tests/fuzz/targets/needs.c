/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of what the host needs. */
#include "fuzz.h"

#include <string.h>
#include <strings.h>

#include "facts/needs.h"
#include "want/selector.h"

/* What is read is what would be written, but for the case of hexadecimal digits. */
static void check_text(const uint8_t *data, size_t size)
{
	struct needs needs = { 0 }, again = { 0 };
	_cleanup_free_ char *written = NULL;
	_cleanup_free_ char *text = fuzz_text(data, size);

	if (needs_parse((const char *)data, size, &needs) < 0)
		return;
	must(strlen(text) == size, "needs-plain", "there is a NUL in it");
	written = needs_format(&needs);
	must(strcasecmp(written, text) == 0, "needs-round-trip", "%s\nis written\n%s", text,
	     written);
	must(needs_parse(written, strlen(written), &again) == 0 && again.count == needs.count,
	     "needs-round-trip", "%s", written);
	must(fuzz_is_plain(needs.host), "needs-plain", "%s", needs.host);
	for (size_t i = 0; i < needs.count; i++) {
		must(path_check(needs.items[i].path) == 0 && needs.items[i].class <= 0xffffff,
		     "needs-shape", "%s", needs.items[i].path);
		must(fuzz_is_plain(needs.items[i].why), "needs-plain", "%s", needs.items[i].why);
	}
	needs_free(&needs);
	needs_free(&again);
}

/* Whatever is noted can be read again, and no reason for a device is lost. */
static void check_adding(const uint8_t *data, size_t size)
{
	struct pci_device devices[2] = {
		{ .path = (char *)"pci0000:00/03.0", .vendor = 0x1b36, .class = 0x010802 },
		{ .path = (char *)"pci0000:00/01.0/00.0", .vendor = 0x8086, .class = 0x020000 },
	};
	struct needs needs = { 0 }, again = { 0 };
	_cleanup_free_ char *written = NULL;

	while (size) {
		unsigned choice = *data;
		_cleanup_free_ char *why = NULL;

		data++;
		size--;
		why = fuzz_part(&data, &size);
		needs_add(&needs, (enum need_kind)(choice / 2 % NEED_KIND_COUNT),
			  &devices[choice % 2], "%s", why);
	}
	needs_sort(&needs);
	written = needs_format(&needs);
	if (strlen(written) <= NEEDS_SIZE_MAX)
		must(needs_parse(written, strlen(written), &again) == 0 &&
			     again.count == needs.count,
		     "needs-round-trip", "%s", written);
	for (size_t i = 0; i < again.count; i++)
		must(strcmp(again.items[i].why, needs.items[i].why) == 0 &&
			     again.items[i].kind == needs.items[i].kind,
		     "needs-round-trip", "%s", again.items[i].why);
	needs_free(&needs);
	needs_free(&again);
}

static void run(const uint8_t *data, size_t size)
{
	check_text(data, size);
	check_adding(data, size);
}

static const char *const seeds[] = {
	"passthru-needs 1\nhost QEMU Standard PC\n"
	"storage pci0000:00/03.0 1b36:0010:1af4:1100 010802 / on /dev/nvme0n1p1\n",
	"passthru-needs 1\nhost \n", "passthru-needs 1\nhost a\x7f\n",
	"a/ on /dev/sda\n%%\nb/usr\\%%\n", NULL
};
static const char *const words[] = {
	"passthru-needs 1\n",   "host ",   "storage ", "network ",  "console ",
	"passphrase ",          "uplink ", "display ", "keyboard ", "pci0000:00/03.0 ",
	"1b36:0010:1af4:1100 ", "010802 ", "%%\n",     "\x7f",      NULL
};

FUZZ_TARGET(needs, .run = run, .seeds = seeds, .words = words)
