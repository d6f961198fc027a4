/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/credentials.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "facts/machine.h"
#include "probe/kmsg.h"
#include "probe/machine.h"
#include "system/listing.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "want/conf.h"

#define SMBIOS_TABLE   "sys/firmware/dmi/tables/DMI"
#define FW_CFG         "sys/firmware/qemu_fw_cfg"
#define FW_CFG_ENTRIES FW_CFG "/by_name/opt/io.systemd.credentials"
#define FW_CFG_ACPI    "sys/bus/acpi/devices/QEMU0002:00"
#define SUFFIX         ".cred"

/* A directory of credentials, with one in each file. */
struct place {
	char path[28];
	bool has_suffix;   /* the files' names */
	bool is_encrypted; /* it is for nobody but systemd */
	/* systemd keeps units and users out of it, who find the same elsewhere. */
	bool may_be_denied;
};

static const struct place of_pid1 = { .path = CREDENTIALS_DIRECTORY, .may_be_denied = true };

/*
 * Of systemd-stub(7), but for the first: that is in an archive that systemd-vmspawn(1) makes, which
 * is measured.
 */
static const struct place others[] = {
	{ .path = ".extra/system_credentials", .has_suffix = true },
	{ .path = ".extra/credentials", .has_suffix = true, .is_encrypted = true },
	{ .path = ".extra/global_credentials", .has_suffix = true, .is_encrypted = true },
	{ .path = "run/credentials/@encrypted", .is_encrypted = true, .may_be_denied = true },
};

/* ORIGIN, a credential NAME of LENGTH bytes, cannot be used for the reason WHY; both are moved. */
static void add_unread(struct credentials *credentials, char *origin, const char *name,
		       size_t length, char *why)
{
	credentials_add(credentials, origin, name, length, CREDENTIAL_UNREAD, why, strlen(why));
	free(why);
}

static char *why_unread(int error)
{
	return memory_printf("could not be read: %s", strerror(-error));
}

/* A whole place or table: for all that is known, some credential is there. */
static void add_unread_place(struct credentials *credentials, const char *path, int error)
{
	static const char nameless[] = CREDENTIAL_NAME ".unread";

	add_unread(credentials, memory_printf("/%s", path), nameless, strlen(nameless),
		   why_unread(error));
}

/* The file PATH has the credential NAME of LENGTH bytes. ORIGIN is moved. */
static void read_text(const struct root *machine, const char *path, char *origin, const char *name,
		      size_t length, struct credentials *ret)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(machine, path, CONF_SIZE_MAX, &text, &size);

	if (r < 0)
		add_unread(ret, origin, name, length, why_unread(r));
	else
		credentials_add(ret, origin, name, length, CREDENTIAL_TEXT, text, size);
}

/* Encrypted ones stay so: keys are in the TPM, whose driver may be a module, or in the real root.
 */
static void read_place(const struct root *machine, const struct place *place,
		       struct credentials *ret)
{
	const char *suffix = place->has_suffix ? SUFFIX : "";
	_cleanup_(names_free) struct names names = { 0 };
	int r = listing_read(machine, place->path, suffix, &names);

	if (r < 0 && !is_absent(r) && !(place->may_be_denied && r == -EACCES))
		add_unread_place(ret, place->path, r);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		size_t length = strlen(name) - strlen(suffix);
		char *origin = memory_printf("/%s/%s", place->path, name);

		if (place->is_encrypted)
			add_unread(ret, origin, name, length,
				   memory_dup("encrypted: only systemd can read it, later"));
		else
			read_text(machine, origin + 1, origin, name, length, ret);
	}
}

static void read_fw_cfg(const struct root *machine, struct credentials *ret)
{
	_cleanup_(names_free) struct names names = { 0 };
	int r = listing_read(machine, FW_CFG_ENTRIES, "", &names);

	if (r < 0 && !is_absent(r))
		add_unread_place(ret, FW_CFG_ENTRIES, r);
	/* Without systemd nothing loads the module as early. */
	if (r < 0 && root_exists(machine, FW_CFG) == -ENOENT &&
	    root_exists(machine, FW_CFG_ACPI) == 0)
		findings_add(
			&ret->findings, FINDING_CREDENTIAL,
			"credentials of fw_cfg are not read: module qemu_fw_cfg is not loaded");
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		_cleanup_free_ char *path = memory_printf(FW_CFG_ENTRIES "/%s/raw", name);

		read_text(machine, path, memory_printf("fw_cfg credential %s", name), name,
			  strlen(name), ret);
	}
}

/* A user may not read it; PID 1 and the agent may. */
static void read_smbios(const struct root *machine, struct credentials *ret)
{
	_cleanup_free_ char *table = NULL;
	size_t size;
	int r = root_read_file(machine, SMBIOS_TABLE, CONF_SIZE_MAX, &table, &size);

	if (r == 0)
		credentials_add_smbios(ret, table, size);
	else if (r == -EACCES && geteuid() != 0)
		findings_add(&ret->findings, FINDING_CREDENTIAL,
			     "only root can see credentials of SMBIOS");
	else if (!is_absent(r))
		add_unread_place(ret, SMBIOS_TABLE, r);
}

static void find_encryption(const char *text, void *context)
{
	const char *found = strstr(text, "Memory Encryption Features active:");
	bool *is_encrypted = context;

	if (found && (strstr(found, "SEV") || strstr(found, "TDX")))
		*is_encrypted = true;
}

/*
 * Whether memory is hidden from the hypervisor, which is then not to be trusted
 * (systemd/src/basic/confidential-virt.c), or that is not known. CPUID does not tell of SEV; the
 * kernel's log does (linux/arch/x86/mm/mem_encrypt.c). arm64: linux/arch/arm64/kernel/rsi.c.
 */
static bool is_confidential(const struct root *machine)
{
	char modalias[4097];
	bool is_encrypted = false;
	int r = root_read_attribute(machine, CPU_DIRECTORY "/modalias", modalias, sizeof(modalias));

	if (r >= 0)
		r = machine_has_hypervisor_bit(modalias);
	if (r < 0)
		return root_exists(machine, "sys/devices/platform/arm-cca-dev") == 0;
	return r > 0 &&
	       (kmsg_each_line(machine, find_encryption, &is_encrypted) < 0 || is_encrypted);
}

/* What the hypervisor says, or the firmware of a machine without one. */
static void read_firmware(const struct root *machine, struct credentials *ret)
{
	size_t before = ret->count;

	read_fw_cfg(machine, ret);
	read_smbios(machine, ret);
	if (ret->count > before && is_confidential(machine))
		credentials_cut(ret, before,
				"as in a confidential VM, the hypervisor is not trusted");
}

void credentials_read(const struct root *machine, const char *cmdline, struct credentials *ret)
{
	read_place(machine, &of_pid1, ret);
	read_firmware(machine, ret);
	credentials_add_cmdline(ret, cmdline);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		read_place(machine, &others[i], ret);
}
