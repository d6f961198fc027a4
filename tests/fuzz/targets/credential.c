/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Credentials of SMBIOS and of the kernel command line: anybody's bytes. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "want/credential.h"

static bool is_base64(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n",
			    bytes[i]) ||
		    !bytes[i])
			return false;
	}
	return true;
}

/* Whatever it is, the copy's name is one for a file, and there is no fault that a copy lacks. */
static void check(struct credentials *credentials)
{
	struct intent intent = { 0 };
	bool has_fault = false;

	for (size_t i = 0; i < credentials->count; i++) {
		const struct credential *item = &credentials->items[i];

		must(!strchr(item->name, '/') && strlen(item->name) <= 255 &&
			     credential_is_ours(item->name, strlen(item->name)),
		     "credential-name", "%s", item->name);
		must(strlen(item->text) <= item->size, "credential-text", "%s", item->name);
		has_fault |= item->fault != FINDING_CREDENTIAL;
	}
	credentials_parse(credentials, &intent);
	if (has_fault)
		must(findings_severity(&intent.findings) == SEVERITY_ERROR, "credential-fault",
		     "not told");
	if (findings_severity(&intent.findings) == SEVERITY_ERROR)
		must(!intent.rule_count, "credential-drop", "%zu rules", intent.rule_count);
	fuzz_check_findings(&intent.findings);
	intent_free(&intent);
	credentials_free(credentials);
}

/* What decodes had digits alone, four of which are three bytes. */
static void check_base64(const char *bytes, size_t size)
{
	struct credentials credentials = { 0 };

	credentials_add(&credentials, memory_dup("o"), CREDENTIAL_NAME, strlen(CREDENTIAL_NAME),
			CREDENTIAL_BASE64, bytes, size);
	if (credentials.items[0].fault == FINDING_CREDENTIAL)
		must(is_base64(bytes, size) && credentials.items[0].size <= size / 4 * 3,
		     "credential-base64", "%zu of %zu", credentials.items[0].size, size);
	check(&credentials);
}

static void run(const uint8_t *data, size_t size)
{
	struct credentials of_smbios = { 0 }, of_cmdline = { 0 };
	_cleanup_free_ char *text = fuzz_text(data, size);
	/* Exactly as large as it is: what reads behind it is seen. */
	char *bytes = malloc(size ? size : 1);

	if (size)
		memcpy(bytes, data, size);
	credentials_add_smbios(&of_smbios, bytes, size);
	check(&of_smbios);
	credentials_add_cmdline(&of_cmdline, text);
	check(&of_cmdline);
	check_base64(bytes, size);
	free(bytes);
}

static void each_seed(void (*add)(const char *text, size_t size))
{
	static const char table[] =
		"\1\5\0\0x\0\0\13\5\0\0\2io.systemd.credential:passthru.conf=[device a]\nid = 1:2\n\0"
		"io.systemd.credential.binary:passthru.conf.b=W3Bhc3N0aHJ1XQo=\0\0\177\4\0\0\0";

	add(table, sizeof(table));
}

static const char *const seeds[] = {
	"quiet systemd.set_credential=passthru.conf:x systemd.set_credential_binary=passthru.conf.b:Zg==",
	"W3Bhc3N0aHJ1XQo=", NULL
};
static const char *const words[] = { "io.systemd.credential:",
				     "io.systemd.credential.binary:",
				     "systemd.set_credential=",
				     "systemd.set_credential_binary=",
				     "passthru.conf",
				     "[device a]\n",
				     "id = 1:2\n",
				     "Zg==",
				     NULL };

FUZZ_TARGET(credential, .run = run, .seeds = seeds, .each_seed = each_seed, .words = words,
	    .size_max = 4096)
