/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "session/credentials.h"
#include "session/sources.h"
#include "tree.h"
#include "util/buffer.h"
#include "util/memory.h"

#define PID1   "run/credentials/@system/"
#define FW_CFG "sys/firmware/qemu_fw_cfg/by_name/opt/io.systemd.credentials/"
#define DMI    "sys/firmware/dmi/tables/DMI"
#define SYSTEM ".extra/system_credentials/"
#define LINUX  "kernel command line credential "
#define LOOP   "could not be read: Too many levels of symbolic links\n"

#define INTEL      "cpu:type:x86,ven0000fam0006mod00CF:feature:,0000,0116"
#define HYPERVISOR ",009F"
#define ACTIVE     "6,1,2,-;Memory Encryption Features active: "

/* One structure of SMBIOS, with the strings TEXT. */
static void put_smbios(const struct tree *tree, const char *text)
{
	char table[512] = { 11, 5, 0, 0, 1 };

	strcpy(table + 5, text);
	tree_write_bytes(tree, DMI, table, 5 + strlen(text) + 2);
}

static void put(const struct tree *tree, const char *path, const char *text)
{
	if (strcmp(path, DMI) == 0)
		put_smbios(tree, text);
	else if (strncmp(text, "-> ", 3) == 0)
		tree_link(tree, path, text + 3);
	else
		tree_write(tree, path, text);
}

static const struct row {
	const char *name;
	struct {
		const char *path, *text; /* "-> TARGET" for a link */
	} files[6];
	const char *cmdline;
	const char *expected; /* "ORIGIN: TEXT" of each */
	const char *findings;
} rows[] = {
	{ "nowhere", { { "etc/passthru.conf", "x" } }, "", "", NULL },
	{ "PID 1",
	  { { PID1 "passthru.conf", "a" }, { PID1 "passthru.conf.b", "b" }, { PID1 "x", "c" } },
	  "",
	  "/" PID1 "passthru.conf: a\n/" PID1 "passthru.conf.b: b\n",
	  NULL },
	{ "fw_cfg",
	  { { FW_CFG "passthru.conf/raw", "a" },
	    { FW_CFG "passthru.conf/size", "1" },
	    { FW_CFG "x/raw", "b" } },
	  "",
	  "fw_cfg credential passthru.conf: a\n",
	  NULL },
	{ "SMBIOS",
	  { { DMI, "io.systemd.credential:passthru.conf=a" } },
	  "",
	  "SMBIOS credential passthru.conf: a\n",
	  NULL },
	{ "the kernel command line",
	  { { NULL } },
	  "systemd.set_credential=passthru.conf:a",
	  LINUX "passthru.conf: a\n",
	  NULL },
	{ "an archive beside the image",
	  { { SYSTEM "passthru.conf.cred", "a" }, { SYSTEM "passthru.conf", "b" } },
	  "",
	  "/" SYSTEM "passthru.conf.cred: a\n",
	  NULL },
	{ "of one name PID 1's counts",
	  { { PID1 "passthru.conf", "1" },
	    { FW_CFG "passthru.conf/raw", "2" },
	    { DMI, "io.systemd.credential:passthru.conf=3" },
	    { SYSTEM "passthru.conf.cred", "5" } },
	  "systemd.set_credential=passthru.conf:4",
	  "/" PID1 "passthru.conf: 1\n",
	  NULL },
	{ "then that of fw_cfg",
	  { { FW_CFG "passthru.conf/raw", "2" },
	    { DMI, "io.systemd.credential:passthru.conf=3" },
	    { SYSTEM "passthru.conf.cred", "5" } },
	  "systemd.set_credential=passthru.conf:4",
	  "fw_cfg credential passthru.conf: 2\n",
	  NULL },
	{ "then that of SMBIOS",
	  { { DMI, "io.systemd.credential:passthru.conf=3" },
	    { SYSTEM "passthru.conf.cred", "5" } },
	  "systemd.set_credential=passthru.conf:4",
	  "SMBIOS credential passthru.conf: 3\n",
	  NULL },
	{ "then that of the kernel command line",
	  { { SYSTEM "passthru.conf.cred", "5" }, { ".extra/credentials/passthru.conf.cred", "" } },
	  "systemd.set_credential=passthru.conf:4",
	  LINUX "passthru.conf: 4\n",
	  NULL },
	{ "an encrypted one of a name that another has is not missed",
	  { { SYSTEM "passthru.conf.cred", "5" }, { ".extra/credentials/passthru.conf.cred", "" } },
	  "",
	  "/" SYSTEM "passthru.conf.cred: 5\n",
	  NULL },
	{ "different names from all of them",
	  { { PID1 "passthru.conf.1", "1" },
	    { FW_CFG "passthru.conf.2/raw", "2" },
	    { DMI, "io.systemd.credential:passthru.conf.3=3" },
	    { SYSTEM "passthru.conf.5.cred", "5" } },
	  "systemd.set_credential=passthru.conf.4:4",
	  "/" PID1 "passthru.conf.1: 1\nfw_cfg credential passthru.conf.2: 2\n"
	  "SMBIOS credential passthru.conf.3: 3\n" LINUX "passthru.conf.4: 4\n"
	  "/" SYSTEM "passthru.conf.5.cred: 5\n",
	  NULL },
	{ "encrypted ones are told",
	  { { ".extra/credentials/passthru.conf.cred", "x" },
	    { ".extra/credentials/x.cred", "x" },
	    { ".extra/global_credentials/passthru.conf.a.cred", "x" },
	    { "run/credentials/@encrypted/passthru.conf.b", "x" } },
	  "",
	  "/.extra/credentials/passthru.conf.cred: encrypted: only systemd can read it, later\n"
	  "/.extra/global_credentials/passthru.conf.a.cred: encrypted: only systemd can read it, later\n"
	  "/run/credentials/@encrypted/passthru.conf.b: encrypted: only systemd can read it, later\n",
	  NULL },
	{ "what cannot be read is told",
	  { { PID1 "passthru.conf", "-> passthru.conf" },
	    { FW_CFG "passthru.conf.a/raw", "-> raw" },
	    { SYSTEM "passthru.conf.b.cred", "-> passthru.conf.b.cred" } },
	  "",
	  "/" PID1 "passthru.conf: " LOOP "fw_cfg credential passthru.conf.a: " LOOP "/" SYSTEM
	  "passthru.conf.b.cred: " LOOP,
	  NULL },
	{ "SMBIOS cannot be read", { { DMI "", NULL } }, "", "/" DMI ": " LOOP, NULL },
	{ "a directory cannot be read",
	  { { ".extra/credentials", "-> credentials" } },
	  "",
	  "/.extra/credentials: " LOOP,
	  NULL },
	{ "fw_cfg without its driver",
	  { { "sys/bus/acpi/devices/QEMU0002:00/path", "x" } },
	  "",
	  "",
	  "credential: credentials of fw_cfg are not read: module qemu_fw_cfg is not loaded" },
	{ "fw_cfg with its driver, and without credentials",
	  { { "sys/bus/acpi/devices/QEMU0002:00/path", "x" },
	    { "sys/firmware/qemu_fw_cfg/rev", "3" } },
	  "",
	  "",
	  NULL },
};

static void test_read(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(credentials_free) struct credentials credentials = { 0 };
	_cleanup_(buffer_free) struct buffer text = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i].path; i++) {
		if (row->files[i].text)
			put(&tree, row->files[i].path, row->files[i].text);
		else
			tree_link(&tree, row->files[i].path, "DMI");
	}
	credentials_read(&tree.root, row->cmdline, &credentials);
	buffer_add(&text, "");
	for (size_t i = 0; i < credentials.count; i++)
		buffer_printf(&text, "%s: %s\n", credentials.items[i].origin,
			      credential_text(&credentials.items[i]));
	if (strcmp(text.text, row->expected) != 0)
		fail_showing(row->expected, text.text);
	assert_findings(&credentials.findings, row->findings);
	tree_remove(&tree);
}

static const struct trust_row {
	const char *name;
	const char *modalias, *log; /* NULL for none */
	bool is_trusted;
} trust_rows[] = {
	{ "a machine", INTEL, ACTIVE "AMD SEV\n", true },
	{ "a virtual machine", INTEL HYPERVISOR, "6,1,2,-;Linux version 6\n", true },
	{ "with memory that is encrypted for it alone", INTEL HYPERVISOR, ACTIVE "AMD SME\n",
	  true },
	{ "SEV", INTEL HYPERVISOR, "6,0,1,-;x\n" ACTIVE "AMD SEV\n6,2,3,-;x\n", false },
	{ "SEV-SNP", INTEL HYPERVISOR, ACTIVE "AMD SEV SEV-ES SEV-SNP\n", false },
	{ "SEV of an older kernel", INTEL HYPERVISOR,
	  "6,1,2,-;AMD Memory Encryption Features active: SEV\n", false },
	{ "TDX", INTEL HYPERVISOR, ACTIVE "Intel TDX\n", false },
	{ "what a program says is no evidence", INTEL HYPERVISOR,
	  "12,1,2,-;Memory Encryption Features active: AMD SEV\n", true },
	{ "without the log that is not known", INTEL HYPERVISOR, NULL, false },
	{ "another architecture", "cpu:type:aarch64:feature:,0001", NULL, true },
	{ "an architecture that says nothing", NULL, NULL, true },
};

/* Who runs a confidential VM has no say in it; what is measured or on its command line counts. */
static void test_trust(void **state)
{
	const struct trust_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(credentials_free) struct credentials credentials = { 0 };

	put_smbios(&tree, "io.systemd.credential:passthru.conf=a");
	tree_write(&tree, FW_CFG "passthru.conf.a/raw", "a");
	tree_write(&tree, SYSTEM "passthru.conf.c.cred", "a");
	if (row->modalias)
		tree_write(&tree, "sys/devices/system/cpu/modalias", row->modalias);
	if (row->log)
		tree_write(&tree, "dev/kmsg", row->log);
	credentials_read(&tree.root, "systemd.set_credential=passthru.conf.b:a", &credentials);
	assert_int_equal(credentials.count, row->is_trusted ? 4 : 2);
	assert_findings(
		&credentials.findings,
		row->is_trusted
			? NULL
			: "credential: SMBIOS credential passthru.conf is not used: as in a confidential VM\n"
			  "credential: fw_cfg credential passthru.conf.a is not used: as in a confidential VM");
	tree_remove(&tree);
}

static void test_realm(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(credentials_free) struct credentials credentials = { 0 };

	put_smbios(tree, "io.systemd.credential:passthru.conf=a");
	tree_directory(tree, "sys/devices/platform/arm-cca-dev");
	credentials_read(&tree->root, "", &credentials);
	assert_int_equal(credentials.count, 0);
}

static void read_want(const struct tree *tree, const char *cmdline, text_sink sink, void *context,
		      struct want *ret)
{
	const struct sources_request request = { .machine = &tree->root,
						 .sink = sink,
						 .sink_context = context };

	sources_read(&tree->root, &request, cmdline, ret);
}

/* The origins of the rules, in their order, and what is set in [passthru]. */
static const struct precedence_row {
	const char *name;
	bool has_files, has_credential, has_cmdline;
	const char *rules;
	enum group_policy group;
} precedence_rows[] = {
	{ "nothing", false, false, false, "", GROUP_LISTED },
	{ "files", true, false, false, "/etc/passthru.conf:1 /etc/passthru.conf.d/a.conf:3",
	  GROUP_WHOLE },
	{ "credentials", false, true, false, "SMBIOS credential passthru.conf:3", GROUP_REFUSE },
	{ "the kernel command line", false, false, true, "the kernel command line", GROUP_LISTED },
	{ "files and credentials", true, true, false,
	  "SMBIOS credential passthru.conf:3 /etc/passthru.conf:1", GROUP_REFUSE },
	{ "files and the kernel command line", true, false, true,
	  "the kernel command line /etc/passthru.conf:1 /etc/passthru.conf.d/a.conf:3",
	  GROUP_LISTED },
	{ "credentials and the kernel command line", false, true, true,
	  "the kernel command line SMBIOS credential passthru.conf:3", GROUP_LISTED },
	{ "all", true, true, true,
	  "the kernel command line SMBIOS credential passthru.conf:3 /etc/passthru.conf:1",
	  GROUP_LISTED },
};

/* The order of passthru.conf(5), PRECEDENCE. */
static void test_precedence(void **state)
{
	const struct precedence_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(buffer_free) struct buffer rules = { 0 };

	if (row->has_files) {
		tree_write(&tree, "etc/passthru.conf", "[device main]\nid = 1:1\n");
		tree_write(&tree, "etc/passthru.conf.d/a.conf",
			   "[passthru]\ngroup = whole\n[device same]\nid = 1:2\n");
	}
	if (row->has_credential)
		put_smbios(&tree, "io.systemd.credential:passthru.conf="
				  "[passthru]\ngroup = refuse\n[device same]\nid = 1:3\n");
	read_want(&tree, row->has_cmdline ? "passthru.device=1:4 passthru.group=listed" : "", NULL,
		  NULL, &want);
	buffer_add(&rules, "");
	for (size_t i = 0; i < want.rule_count; i++)
		buffer_printf(&rules, "%s%s", i ? " " : "", want.rules[i].origin);
	assert_string_equal(rules.text, row->rules);
	assert_int_equal(want.options.group, row->group);
	assert_false(want.has_errors);
	assert_int_equal(findings_have(&want.findings, FINDING_REPLACED),
			 row->has_files && row->has_credential);
	tree_remove(&tree);
}

/* The digest is that of the files, and a trial is one of them. */
static void test_digest(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want before = { 0 }, after = { 0 };

	tree_write(tree, "etc/passthru.conf", "[device main]\nid = 1:1\n");
	read_want(tree, "", NULL, NULL, &before);
	put_smbios(tree, "io.systemd.credential:passthru.conf=[device other]\nid = 1:2\n");
	read_want(tree, "", NULL, NULL, &after);
	assert_int_equal(after.rule_count, 2);
	assert_string_equal(before.sha256, after.sha256);
	assert_string_equal(before.options_sha256, after.options_sha256);
}

static void test_off(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };

	put_smbios(tree, "io.systemd.credential:passthru.conf=nonsense");
	read_want(tree, "passthru=off", NULL, NULL, &want);
	assert_findings(&want.findings, NULL);
}

/* What one source says against another is the credential's error, and the other stays. */
static void test_conflict(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 }, broken = { 0 };

	tree_write(tree, "etc/passthru.conf", "[device main]\nid = 1:1\n");
	put_smbios(tree, "io.systemd.credential:passthru.conf=[sriov pf]\nid = 1:1\nvfs = 1\n");
	read_want(tree, "", NULL, NULL, &want);
	assert_false(want.has_errors);
	assert_int_equal(want.rule_count, 1);
	assert_string_equal(want.rules[0].name, "main");
	assert_findings(
		&want.findings,
		"credential-error: /etc/passthru.conf:1: [device main] matches functions of [sriov pf]");
	tree_write(tree, "etc/passthru.conf", "x\n");
	read_want(tree, "", NULL, NULL, &broken);
	assert_true(broken.has_errors);
}

static void copy(const char *path, const char *text, void *context)
{
	tree_write(context, path, text);
}

/* A hot-plugged device is treated by what the agent found at boot, whatever there is by then. */
static void test_copy(void **state)
{
	const struct tree *tree = *state;
	struct tree its = tree_make();
	_cleanup_(want_free) struct want want = { 0 }, again = { 0 };

	put_smbios(tree, "io.systemd.credential:passthru.conf=[device a]\nid = 1:1\n");
	tree_write(tree, SYSTEM "passthru.conf.b.cred", "[device b]\nid = 1:2\n");
	read_want(tree, "systemd.set_credential=passthru.conf:x", copy, &its, &want);
	assert_int_equal(want.rule_count, 2);
	read_want(&its, "systemd.set_credential=passthru.conf:x", NULL, NULL, &again);
	assert_int_equal(again.rule_count, 2);
	assert_string_equal(again.rules[0].origin, "/" PID1 "passthru.conf:1");
	assert_false(findings_have(&again.findings, FINDING_CREDENTIAL_ERROR));
	tree_remove(&its);
}

static const struct fault_row {
	const char *name, *cmdline;
} fault_rows[] = {
	{ "a NUL byte behind a rule",
	  "systemd.set_credential_binary=passthru.conf.x:W2RldmljZSB4XQppZCA9IDE6MwoA" },
	{ "no Base64", "systemd.set_credential_binary=passthru.conf.x:W" },
	{ "a bad name", "systemd.set_credential=passthru.conf.a/b:" },
	{ "encrypted", "" },
};

/* None counted at boot: then none counts later either. */
static void test_copy_of_fault(void **state)
{
	const struct fault_row *row = *state;
	struct tree tree = tree_make(), its = tree_make();
	_cleanup_(want_free) struct want want = { 0 }, again = { 0 };

	tree_write(&tree, SYSTEM "passthru.conf.cred", "[device a]\nid = 1:1\n");
	if (!*row->cmdline)
		tree_write(&tree, ".extra/credentials/passthru.conf.x.cred", "x");
	read_want(&tree, row->cmdline, copy, &its, &want);
	assert_int_equal(want.rule_count, 0);
	assert_int_equal(findings_severity(&want.findings), SEVERITY_ERROR);
	assert_false(want.has_errors);
	read_want(&its, "", NULL, NULL, &again);
	assert_int_equal(again.rule_count, 0);
	assert_int_equal(findings_severity(&again.findings), SEVERITY_ERROR);
	tree_remove(&tree);
	tree_remove(&its);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "read", test_read, rows);
	suite_add_rows(&suite, "trust", test_trust, trust_rows);
	suite_add_in_tree(&suite, "trust: a realm of Arm CCA", test_realm);
	suite_add_rows(&suite, "precedence", test_precedence, precedence_rows);
	suite_add_in_tree(&suite, "digest", test_digest);
	suite_add_in_tree(&suite, "off", test_off);
	suite_add_in_tree(&suite, "conflict", test_conflict);
	suite_add_in_tree(&suite, "copy", test_copy);
	suite_add_rows(&suite, "copy of a fault", test_copy_of_fault, fault_rows);
	return suite_run(&suite, "credentials");
}
