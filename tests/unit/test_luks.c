/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "facts/luks.h"
#include "util/memory.h"

/* One mapping that is met: 33333333-Aaaa, called root_crypt. */
static const struct row {
	const char *name;
	const char *key, *options; /* of its line in crypttab, NULL without one */
	const char *cmdline;
	bool asks;
} rows[] = {
	{ "nothing is said", NULL, NULL, "quiet", true },
	{ "no key", "none", "luks,discard", "", true },
	{ "-", "-", "luks", "", true },
	{ "a key file", "/etc/keys/root", "luks", "", false },
	{ "a TPM", "none", "luks,tpm2-device=auto", "", false },
	{ "a FIDO2 token", "-", "fido2-device=auto", "", false },
	{ "a smart card", "", "pkcs11-uri=auto", "", false },
	{ "a key for all", NULL, NULL, "rd.luks.key=/key:UUID=1", false },
	{ "a key for it", NULL, NULL, "rd.luks.key=33333333-AAAA=/key", false },
	{ "a key for another one", NULL, NULL, "rd.luks.key=44444444-aaaa=/key", true },
	{ "no key for it", NULL, NULL, "rd.luks.key=33333333-aaaa=none", true },
	{ "a TPM for all", NULL, NULL, "rd.luks.options=discard,tpm2-device=auto", false },
	{ "a TPM for it", NULL, NULL, "rd.luks.options=33333333-aaaa=tpm2-device=auto", false },
	{ "a TPM for another one", NULL, NULL, "rd.luks.options=44444444-aaaa=tpm2-device=auto",
	  true },
	{ "options without a key", NULL, NULL, "rd.luks.options=discard", true },
	{ "not for the initramfs alone", NULL, NULL, "luks.options=33333333aaaa=fido2-device=auto",
	  false },
	{ "a key of mkinitcpio's hook", NULL, NULL, "cryptkey=UUID=1:vfat:/key", false },
	{ "a key of initramfs-tools", NULL, NULL,
	  "cryptopts=target=root_crypt,source=/dev/sda3,key=/key", false },
	{ "a key script of initramfs-tools", NULL, NULL,
	  "cryptopts=target=root_crypt,source=/dev/sda3,keyscript=/usr/bin/a", false },
	{ "no key of initramfs-tools", NULL, NULL, "cryptopts=target=root_crypt,source=/dev/sda3",
	  true },
	{ "a key of initramfs-tools for another one", NULL, NULL,
	  "cryptopts=source=/dev/sda3,key=/key", true },
	{ "a name that is nearly one", NULL, NULL, "xrd.luks.key=/key rd.luks.keys=/key", true },
	{ "without a value", NULL, NULL, "rd.luks.key cryptkey luks.options=", true },
};

static void test_asks(void **state)
{
	const struct row *row = *state;
	_cleanup_(luks_free) struct luks luks = { 0 };
	_cleanup_free_ char *copy = memory_copy(row->cmdline, strlen(row->cmdline));
	struct parameter parameter;

	if (row->key)
		luks_note_row(&luks, "root_crypt", row->key, row->options);
	for (char *rest = copy; (rest = parameter_next(rest, &parameter));)
		luks_note_parameter(&luks, &parameter);
	assert_false(luks_asks(&luks)); /* none is met */
	names_add(&luks.met, "33333333Aaaa root_crypt");
	assert_int_equal(luks_asks(&luks), row->asks);
	names_add(&luks.met, "5555 other");
	assert_int_equal(luks_asks(&luks), row->asks || !luks.has_key);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "asks", test_asks, rows);
	return suite_run(&suite, "luks");
}
