/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"
#include "want/credential.h"

#define SMBIOS "SMBIOS credential "
#define KERNEL "kernel command line credential "

/* "ORIGIN (NAME): TEXT" of each, with a word for a fault. */
static void assert_credentials(const struct credentials *credentials, const char *expected)
{
	_cleanup_(buffer_free) struct buffer text = { 0 };

	buffer_add(&text, "");
	for (size_t i = 0; i < credentials->count; i++) {
		const struct credential *item = &credentials->items[i];

		buffer_printf(&text, "%s (%s): %s%s\n", item->origin, item->name,
			      item->fault == FINDING_CREDENTIAL_ERROR    ? "error: "
			      : item->fault == FINDING_CREDENTIAL_UNREAD ? "unread: "
									 : "",
			      credential_text(item));
	}
	if (strcmp(text.text, expected) != 0)
		fail_showing(expected, text.text);
}

static const struct name_row {
	const char *name;
	size_t length;
	bool is_ours;
} name_rows[] = {
	{ "passthru.conf", 13, true },       { "passthru.conf.x", 15, true },
	{ "passthru.conf.", 14, true },      { "passthru.confx", 14, false },
	{ "passthru.con", 12, false },       { "passthru.conf.x", 12, false },
	{ "Passthru.conf", 13, false },      { "", 0, false },
	{ "udev.conf.passthru", 18, false },
};

static void test_names(void **state)
{
	const struct name_row *row = *state;

	assert_int_equal(credential_is_ours(row->name, row->length), row->is_ours);
}

/* Strings have "|" between them. */
static const struct smbios_row {
	const char *name;
	struct {
		int type, length;
		const char *strings;
	} structures[4];
	size_t cut; /* so many bytes of the table are missing */
	const char *expected;
} smbios_rows[] = {
	{ "nothing", { { 0, 0, NULL } }, 0, "" },
	{ "one of text",
	  { { 1, 27, "QEMU|pc" },
	    { 11, 5, "io.systemd.credential:passthru.conf=[passthru]\niommu = warn\n" },
	    { 127, 4, "" } },
	  0,
	  SMBIOS "passthru.conf (passthru.conf): [passthru]\niommu = warn\n\n" },
	{ "one of Base64",
	  { { 11, 5, "io.systemd.credential.binary:passthru.conf.a=W3Bhc3N0aHJ1XQo=" } },
	  0,
	  SMBIOS "passthru.conf.a (passthru.conf.a): [passthru]\n\n" },
	{ "several strings, in several structures",
	  { { 11, 5, "x|io.systemd.credential:passthru.conf=a|io.systemd.credential:y=b" },
	    { 11, 5, "io.systemd.credential:passthru.conf.b=c" } },
	  0,
	  SMBIOS "passthru.conf (passthru.conf): a\n" SMBIOS
		 "passthru.conf.b (passthru.conf.b): c\n" },
	{ "the first of a name counts",
	  { { 11, 5,
	      "io.systemd.credential:passthru.conf=a|io.systemd.credential:passthru.conf=b" } },
	  0,
	  SMBIOS "passthru.conf (passthru.conf): a\n" },
	{ "an empty one is there",
	  { { 11, 5, "io.systemd.credential:passthru.conf=" } },
	  0,
	  SMBIOS "passthru.conf (passthru.conf): \n" },
	{ "other strings are not ours",
	  { { 11, 5,
	      "io.systemd.credential|io.systemd.credential:|io.systemd.credential:passthru.conf|"
	      "io.systemd.credentialpassthru.conf=x|io.systemd.credential.bin:passthru.conf=x|"
	      "IO.systemd.credential:passthru.conf=x|io.systemd.credential.binary|"
	      "io.systemd.credential:passthru.confx=x|vendor:passthru.conf=x" } },
	  0,
	  "" },
	{ "another type", { { 12, 5, "io.systemd.credential:passthru.conf=x" } }, 0, "" },
	{ "behind the end of the table",
	  { { 127, 4, "" }, { 11, 5, "io.systemd.credential:passthru.conf=x" } },
	  0,
	  "" },
	{ "a longer head",
	  { { 11, 9, "io.systemd.credential:passthru.conf=x" } },
	  0,
	  SMBIOS "passthru.conf (passthru.conf): x\n" },
	{ "a head that is too short ends it",
	  { { 2, 3, "" }, { 11, 5, "io.systemd.credential:passthru.conf=x" } },
	  0,
	  "" },
	{ "the end of the strings is missing",
	  { { 11, 5, "io.systemd.credential:passthru.conf=x" } },
	  1,
	  "" },
	{ "a string is cut off",
	  { { 11, 5, "io.systemd.credential:passthru.conf=a" },
	    { 11, 5, "io.systemd.credential:passthru.conf.b=b" } },
	  4,
	  SMBIOS "passthru.conf (passthru.conf): a\n" },
	{ "a head is cut off", { { 11, 5, "a" }, { 11, 5, "a" } }, 5, "" },
	{ "a name for no file",
	  { { 11, 5,
	      "io.systemd.credential:passthru.conf.a/../b=x|io.systemd.credential:passthru.conf.=x" } },
	  0,
	  SMBIOS "passthru.conf.a/../b (passthru.conf.bad): error: bad name\n" SMBIOS
		 "passthru.conf. (passthru.conf.bad): error: bad name\n" },
};

/* In memory of exactly its size, so that what reads behind it is seen. */
static void test_smbios(void **state)
{
	const struct smbios_row *row = *state;
	_cleanup_(credentials_free) struct credentials credentials = { 0 };
	_cleanup_(buffer_free) struct buffer table = { 0 };
	_cleanup_free_ char *exact = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(row->structures) && row->structures[i].strings; i++) {
		char head[32] = { (char)row->structures[i].type, (char)row->structures[i].length };
		size_t start;

		buffer_add_bytes(&table, head, (size_t)row->structures[i].length);
		start = table.length;
		buffer_add_bytes(&table, row->structures[i].strings,
				 strlen(row->structures[i].strings));
		for (size_t c = start; c < table.length; c++) {
			if (table.text[c] == '|')
				table.text[c] = '\0';
		}
		buffer_add_bytes(&table, "\0", *row->structures[i].strings ? 2 : 1);
		if (!*row->structures[i].strings)
			buffer_add_bytes(&table, "", 1);
	}
	exact = memory_new(1, table.length ? table.length - row->cut : 1);
	memcpy(exact, table.length ? table.text : "", table.length - row->cut);
	credentials_add_smbios(&credentials, exact, table.length - row->cut);
	assert_credentials(&credentials, row->expected);
}

static const struct cmdline_row {
	const char *name, *cmdline, *expected;
} cmdline_rows[] = {
	{ "nothing", "quiet root=/dev/sda", "" },
	{ "text", "a systemd.set_credential=passthru.conf:x=y:z b",
	  KERNEL "passthru.conf (passthru.conf): x=y:z\n" },
	{ "in quotes", "systemd.set_credential=\"passthru.conf:a b\"",
	  KERNEL "passthru.conf (passthru.conf): a b\n" },
	{ "Base64", "systemd.set_credential_binary=passthru.conf.a:W3Bhc3N0aHJ1XQo=",
	  KERNEL "passthru.conf.a (passthru.conf.a): [passthru]\n\n" },
	{ "a dash for the underscore",
	  "systemd.set-credential=passthru.conf:a systemd.set-credential-binary=passthru.conf.b:Yg==",
	  KERNEL "passthru.conf (passthru.conf): a\n" KERNEL
		 "passthru.conf.b (passthru.conf.b): b\n" },
	{ "not ours",
	  "systemd.set_credential=x:y systemd.set_credential systemd.set_credential=passthru.conf "
	  "systemd.set_credentials=passthru.conf:x rd.systemd.set_credential=passthru.conf:x "
	  "passthru.conf:x=1",
	  "" },
	{ "behind --", "-- systemd.set_credential=passthru.conf:x", "" },
	{ "no Base64", "systemd.set_credential_binary=passthru.conf:a b",
	  KERNEL "passthru.conf (passthru.conf): error: expected Base64\n" },
	{ "a NUL byte is not for a file", "systemd.set_credential_binary=passthru.conf:YQBi",
	  KERNEL "passthru.conf (passthru.conf): NUL byte\n" },
};

static void test_cmdline(void **state)
{
	const struct cmdline_row *row = *state;
	_cleanup_(credentials_free) struct credentials credentials = { 0 };

	credentials_add_cmdline(&credentials, row->cmdline);
	assert_credentials(&credentials, row->expected);
}

static const struct base64_row {
	const char *name, *text;
	const char *bytes; /* NULL for an error */
} base64_rows[] = {
	{ "empty", "", "" },
	{ "one byte", "Zg==", "f" },
	{ "two bytes", "Zm8=", "fo" },
	{ "three bytes", "Zm9v", "foo" },
	{ "four bytes", "Zm9vYg==", "foob" },
	{ "the last digits", "+/+/", "\xfb\xff\xbf" },
	{ "digits are missing", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
	  NULL },
	{ "in lines", "Zm9v\nYm\r\nFy\n", "foobar" },
	{ "padding is missing", "Zg", NULL },
	{ "half of it", "Zg=", NULL },
	{ "too much of it", "Z===", NULL },
	{ "only padding", "====", NULL },
	{ "in the middle", "Zg==Zm9v", NULL },
	{ "one digit more", "Zm9vY", NULL },
	{ "a space", "Zm 9v", NULL },
	{ "no digit", "Zm9-", NULL },
	{ "nor this", "Zm9_", NULL },
	{ "nor a high byte", "Zm9\xc3", NULL },
};

static void test_base64(void **state)
{
	const struct base64_row *row = *state;
	_cleanup_(credentials_free) struct credentials credentials = { 0 };

	credentials_add(&credentials, memory_dup("o"), CREDENTIAL_NAME, strlen(CREDENTIAL_NAME),
			CREDENTIAL_BASE64, row->text, strlen(row->text));
	assert_int_equal(credentials.count, 1);
	assert_int_equal(credentials.items[0].fault,
			 row->bytes ? FINDING_CREDENTIAL : FINDING_CREDENTIAL_ERROR);
	assert_string_equal(credentials.items[0].text, row->bytes ? row->bytes : "expected Base64");
}

/* Each digit has its own value: what 64 of them make is known. */
static void test_base64_digits(void **state)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	_cleanup_(credentials_free) struct credentials credentials = { 0 };

	(void)state;
	credentials_add(&credentials, memory_dup("o"), CREDENTIAL_NAME, strlen(CREDENTIAL_NAME),
			CREDENTIAL_BASE64, digits, strlen(digits));
	assert_int_equal(credentials.items[0].size, 48);
	for (unsigned i = 0; i < 64; i++) {
		const unsigned char *bytes =
			(const unsigned char *)credentials.items[0].text + i / 4 * 3;
		unsigned bits = (unsigned)bytes[0] << 16 | (unsigned)bytes[1] << 8 | bytes[2];

		assert_int_equal(bits >> (18 - i % 4 * 6) & 63, i);
	}
}

static void add(struct credentials *credentials, const char *name, enum credential_kind kind,
		const char *text)
{
	credentials_add(credentials, memory_dup(name), name, strlen(name), kind, text,
			strlen(text));
}

/* As files of conf.d: in byte order, the later of one key wins. */
static void test_parse(void **state)
{
	_cleanup_(credentials_free) struct credentials credentials = { 0 };
	_cleanup_(intent_free) struct intent intent = { 0 };

	(void)state;
	add(&credentials, "passthru.conf.b", CREDENTIAL_TEXT,
	    "[passthru]\niommu = require\n[device b]\nid = 1:2\n");
	add(&credentials, "passthru.conf.10-a", CREDENTIAL_TEXT, "[device a]\nid = 1:3\n");
	add(&credentials, "passthru.conf", CREDENTIAL_TEXT, "[passthru]\niommu = warn\n");
	credentials_parse(&credentials, &intent);
	assert_int_equal(intent.rule_count, 2);
	assert_string_equal(intent.rules[0].origin, "passthru.conf.10-a:1");
	assert_string_equal(intent.rules[1].origin, "passthru.conf.b:3");
	assert_int_equal(intent.options.iommu, IOMMU_REQUIRE);
	assert_findings(&intent.findings,
			"credential: passthru.conf is part of the configuration\n"
			"credential: passthru.conf.10-a is part of the configuration\n"
			"credential: passthru.conf.b is part of the configuration");
}

static const struct drop_row {
	const char *name;
	enum credential_kind kind;
	const char *text, *findings;
} drop_rows[] = {
	{ "an error", CREDENTIAL_TEXT, "\n[device x]\n",
	  "credential-error: passthru.conf.x:2: [device x] selects nothing" },
	{ "each error", CREDENTIAL_TEXT, "x\ny\n",
	  "credential-error: passthru.conf.x:1: expected KEY = VALUE\n"
	  "credential-error: passthru.conf.x:2: expected KEY = VALUE" },
	{ "a name of another credential's rule", CREDENTIAL_TEXT, "[device a]\nid = 1:2\n",
	  "credential-error: passthru.conf.x:1: [device a] is there already, at passthru.conf:3" },
	{ "no Base64", CREDENTIAL_BASE64, "[",
	  "credential-error: passthru.conf.x: expected Base64" },
	{ "a NUL byte", CREDENTIAL_BASE64, "YQBi",
	  "credential-error: passthru.conf.x:1: NUL byte" },
	{ "unread", CREDENTIAL_UNREAD, "could not be read: why",
	  "credential-unread: passthru.conf.x: could not be read: why" },
};

/* One fault, and none counts: half of a configuration is not what anybody meant. */
static void test_drop(void **state)
{
	const struct drop_row *row = *state;
	_cleanup_(credentials_free) struct credentials credentials = { 0 };
	_cleanup_(intent_free) struct intent intent = { 0 };

	add(&credentials, "passthru.conf", CREDENTIAL_TEXT,
	    "[passthru]\niommu = warn\n[device a]\nid = 1:3\n");
	add(&credentials, "passthru.conf.x", row->kind, row->text);
	credentials_parse(&credentials, &intent);
	assert_int_equal(intent.rule_count, 0);
	assert_int_equal(intent.options.iommu, IOMMU_UNSET);
	assert_findings(&intent.findings, row->findings);
}

static void test_cut(void **state)
{
	_cleanup_(credentials_free) struct credentials credentials = { 0 };
	_cleanup_(intent_free) struct intent intent = { 0 };

	(void)state;
	add(&credentials, "passthru.conf", CREDENTIAL_TEXT, "");
	add(&credentials, "passthru.conf.x", CREDENTIAL_TEXT, "[device x]\nid = 1:2\n");
	add(&credentials, "passthru.conf.y", CREDENTIAL_UNREAD, "why");
	credentials_cut(&credentials, 1, "no");
	credentials_parse(&credentials, &intent);
	assert_int_equal(intent.rule_count, 0);
	assert_findings(&intent.findings, "credential: passthru.conf is part of the configuration\n"
					  "credential: passthru.conf.y is not used: no\n"
					  "credential: passthru.conf.x is not used: no");
}

static void test_too_many(void **state)
{
	_cleanup_(credentials_free) struct credentials credentials = { 0 };
	char name[32];

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		sprintf(name, CREDENTIAL_NAME ".%u", i);
		add(&credentials, name, CREDENTIAL_TEXT, "");
	}
	assert_int_equal(credentials.count, 256);
	assert_int_equal(credentials.items[254].fault, FINDING_CREDENTIAL);
	assert_int_equal(credentials.items[255].fault, FINDING_CREDENTIAL_ERROR);
	assert_string_equal(credentials.items[255].text, "too many credentials");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "name", test_names, name_rows);
	suite_add_rows(&suite, "SMBIOS", test_smbios, smbios_rows);
	suite_add_rows(&suite, "kernel command line", test_cmdline, cmdline_rows);
	suite_add_rows(&suite, "Base64", test_base64, base64_rows);
	suite_add(&suite, "Base64: digits", test_base64_digits);
	suite_add(&suite, "parse", test_parse);
	suite_add_rows(&suite, "drop", test_drop, drop_rows);
	suite_add(&suite, "cut", test_cut);
	suite_add(&suite, "too many", test_too_many);
	return suite_run(&suite, "credential");
}
