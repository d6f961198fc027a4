/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a record of a host must not tell. */
#include "fuzz.h"

#include <ctype.h>
#include <string.h>

#include "cli/record/mask.h"

static bool is_word(char c)
{
	return isalnum((unsigned char)c);
}

/* Six pairs of hexadecimal digits at the beginning of a word: a MAC address, whole. */
static bool has_address(const char *text)
{
	for (const char *c = text; *c; c++) {
		int pairs = 0;

		if (c > text && is_word(c[-1]))
			continue;
		while (pairs < 6 && isxdigit((unsigned char)c[3 * pairs]) &&
		       isxdigit((unsigned char)c[3 * pairs + 1])) {
			pairs++;
			if (pairs == 6 || (c[3 * pairs - 1] != ':' && c[3 * pairs - 1] != '-') ||
			    c[3 * pairs - 1] != c[2])
				break;
		}
		if (pairs == 6 && !is_word(c[17]) && c[17] != c[2])
			return true;
	}
	return false;
}

/* Nothing is left behind KEY but what stands for it. */
static void check_key(const char *text, const char *key)
{
	for (const char *at = text; (at = strcasestr(at, key));) {
		at += strlen(key);
		must(at[strspn(at, "x=")] == '\0' || strchr(" \t,", at[strspn(at, "x=")]),
		     "mask-secret", "%s", text);
	}
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);
	_cleanup_free_ char *masked = mask_line(text);
	_cleanup_free_ char *again = mask_line(text);
	_cleanup_free_ char *id = mask_id(text);

	must(strcmp(masked, again) == 0, "mask-same", "%s", text);
	must(!has_address(masked), "mask-mac", "%s becomes %s", text, masked);
	check_key(masked, "serial=");
	check_key(masked, "password=");
	must(strlen(id) <= strlen(text) || strncmp(id, "serial-", 7) == 0, "mask-id", "%s", id);
	must(strchr(text, '\n') || !strchr(masked, '\n'), "mask-line", "%s", masked);
}

static const char *const seeds[] = { "HWADDR=52:54:00:12:34:56",
				     "/dev/disk/by-id/nvme-X_123-part1 /dev/disk/by-id/md-uuid",
				     "rd.iscsi.password=secret root=/dev/sda serial=AB12",
				     "enx525400123456",
				     "36001405c2e9ab4ba00e4f6d9c2b1a3f4",
				     "netroot=iscsi:user:pw@1.2.3.4",
				     NULL };
static const char *const words[] = {
	"serial=", "password",          "token",           "=iscsi:", "/by-id/",
	"md-",     "52:54:00:12:34:56", "enx525400123456", "uniq=",   NULL
};

FUZZ_TARGET(mask, .run = run, .seeds = seeds, .words = words, .size_max = 512)
