/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/base.h"
#include "model/doors.h"
#include "model/model.h"
#include "session/needs_record.h"
#include "util/cleanup.h"
#include "util/text.h"

#define ROOT_BUS   "sys/devices/pci0000:00"
#define SLOT_FIRST 0x10
#define RUN_UNIT   64

/* The numbers of a statement `device`. */
enum { DEVICE_KIND, DEVICE_PLACE, DEVICE_STATE, DEVICE_GROUP, DEVICE_VFS, DEVICE_EXTRA };
enum { PLACE_SLOT, PLACE_BEHIND, PLACE_FUNCTION };
enum { GROUP_OWN, GROUP_LAST, GROUP_WITHOUT, GROUP_NO_UNIT, GROUP_NO_IOMMU, GROUP_DIRECT };
enum {
	EXTRA_REMOVABLE = 1,
	EXTRA_NO_RESET = 2,
	EXTRA_WEAK_RESET = 4,
	EXTRA_TWIN = 8,
	EXTRA_STUB_REFUSES = 16,
	EXTRA_OWN_REFUSES = 32,
	EXTRA_SLOW = 64,
	EXTRA_FEWER_VFS = 128,
};
enum { STATE_UNLOADED, STATE_BUILTIN, STATE_LOADED };

static const struct kind {
	unsigned class, vendor, device;
	const char *native;
} kinds[] = {
	{ 0x010802, 0x1b36, 0x0010, "nvme" },
	{ 0x020000, 0x8086, 0x10d3, "e1000e" },
	{ 0x010601, 0x8086, 0x2922, "ahci" },
	{ 0x030000, 0x10de, 0x2684, "nouveau" },
	{ 0x040300, 0x10de, 0x22ba, "snd_hda_intel" },
	{ 0x0c0330, 0x1b36, 0x000d, "xhci_hcd" },
	{ 0x070002, 0x13fe, 0x1600, "serial" },
	{ 0x060400, 0x1b36, 0x000c, "pcieport" },
	{ 0x060000, 0x8086, 0x29c0, "" },
	{ 0x060100, 0x8086, 0x2918, "lpc_ich" },
	{ 0x0c0500, 0x8086, 0x2930, "i801_smbus" },
	{ 0x080501, 0x1b36, 0x0007, "sdhci-pci" },
	{ 0x0c0400, 0x1077, 0x2261, "qla2xxx" },
	{ 0x0b4000, 0x8086, 0x0435, "dh895xcc" },
	{ 0x020000, 0x15b3, 0x101e, "mlx5_core" },
	{ 0x060400, 0x1b36, 0x000e, "" }, /* to a conventional bus */
};

#define KIND_CONVENTIONAL 15
#define KIND_BRIDGE       7

/* What is being built. */
struct build {
	bool in_dom0;
	unsigned iommu; /* as the statement says: 0 on */
	unsigned slot, bus, groups, bridge_slot;
	const char *bridge; /* directory of the last one, NULL without */
	const char *last,
		*last_bus; /* the device that was added last, and its directory's parent */
	struct pci_address last_address;
	unsigned last_group;
	const struct kind *last_kind;
	unsigned extras[64], states[64]; /* of those that were added, in their order */
	size_t added;
	const char *names[64];
};

struct device *build_device(unsigned number)
{
	unsigned count = 0;

	for (struct device *device = kernel_devices(); device; device = device->next)
		count++;
	for (struct device *device = kernel_devices(); device; device = device->next) {
		if (number % count == 0)
			return device;
		number--;
	}
	return NULL;
}

struct notes *notes_of(struct device *device)
{
	if (!device->notes)
		device->notes = arena_new(sizeof(struct notes));
	return device->notes;
}

const char *fault_name(unsigned number)
{
	static const char *const names[] = {
		NULL,
		"driver_override",
		"bind",
		"unbind",
		"drivers_probe",
		"driver",
		"report.json",
		"rescue",
		"needs",
		"active",
		"uevent",
		"iommu_group",
		"devices",
		"fork",
		"lock",
		"new_id",
		"remove_id",
		"new_slot",
		"remove_slot",
		"sriov_numvfs",
		"cmdline",
		"passthru.conf",
		"kmsg",
		"passthru",
		"initstate",
		"hotplug",
		"boot_vga",
		"pipe",
		"mmap",
		"vfio-pci",
		"pciback",
		"permissive",
		"name",
		"reset_method",
		"sriov_drivers_autoprobe",
		"rules.d",
		"privcmd",
		"config",
		"report.json.new",
		"virtfn0",
	};

	return names[number % ARRAY_SIZE(names)];
}

/* Devices */

static void put_group(const struct build *build, const char *directory, const char *name,
		      unsigned group, unsigned kind)
{
	const char *its = arena_printf("sys/kernel/iommu_groups/%u", group);

	if (build->in_dom0 || build->iommu == 1 || build->iommu == 2 || kind == GROUP_WITHOUT)
		return;
	model_link(arena_printf("%s/iommu_group", directory), arena_printf("/%s", its));
	model_file(arena_printf("%s/devices/%s", its, name), "");
	model_file(arena_printf("%s/type", its), "DMA-FQ\n");
	model_file(arena_printf("%s/reserved_regions", its),
		   kind == GROUP_DIRECT ? "0x0000000000000000 0x00000000000fffff direct\n"
					: "0x00000000fee00000 0x00000000feefffff msi\n");
	if (kind == GROUP_NO_IOMMU)
		model_file(arena_printf("%s/name", its), "vfio-noiommu\n");
	if (kind != GROUP_NO_UNIT && kind != GROUP_NO_IOMMU)
		model_link(arena_printf("%s/iommu", directory), "/sys/devices/virtual/iommu/dmar0");
}

static void put_files(const char *directory, const struct kind *kind, unsigned twin, unsigned extra)
{
	model_file(arena_printf("%s/uevent", directory),
		   arena_printf("%s%s\nPCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=1AF4:%04X\n",
				*kind->native ? "DRIVER=" : "", kind->native, kind->class,
				kind->vendor, kind->device, 0x1100 + twin));
	model_file(arena_printf("%s/removable", directory),
		   extra & EXTRA_REMOVABLE ? "removable\n" : "fixed\n");
	if (!(extra & EXTRA_NO_RESET))
		model_file(arena_printf("%s/reset_method", directory),
			   extra & EXTRA_WEAK_RESET ? "pm\n" : "flr bus\n");
	if (kind->class >> 8 == 0x0300)
		model_file(arena_printf("%s/boot_vga", directory), "0\n");
}

static void put_config(const char *directory, bool is_conventional)
{
	unsigned char config[256] = { 0 };

	config[0x06] = 0x10;
	config[0x0e] = 0x01;
	config[0x34] = 0x40;
	config[0x40] = 0x10;
	config[0x42] = is_conventional ? 0x70 : 0x40;
	model_bytes(arena_printf("%s/config", directory), config, sizeof(config));
}

/* Where the next device goes: its address, and the directory that it is in. */
static const char *next_place(struct build *build, unsigned place, struct pci_address *ret)
{
	if (place == PLACE_FUNCTION && build->last && build->last_address.function < 7) {
		*ret = build->last_address;
		ret->function++;
		return build->last_bus;
	}
	if (place == PLACE_BEHIND && build->bridge && build->bridge_slot < 0x20) {
		*ret = (struct pci_address){ 0, (uint8_t)build->bus, (uint8_t)build->bridge_slot++,
					     0 };
		return build->bridge;
	}
	*ret = (struct pci_address){ 0, 0, (uint8_t)(build->slot++ & 0x1f), 0 };
	return ROOT_BUS;
}

static void note_added(struct build *build, const char *name, const unsigned *arguments)
{
	if (build->added == ARRAY_SIZE(build->names))
		return;
	build->names[build->added] = name;
	build->extras[build->added] = arguments[DEVICE_EXTRA];
	build->states[build->added++] = arguments[DEVICE_STATE] % 3;
}

static void add_device(struct build *build, const struct statement *statement)
{
	const unsigned *arguments = statement->arguments;
	unsigned number = arguments[DEVICE_KIND] % ARRAY_SIZE(kinds);
	unsigned group = arguments[DEVICE_GROUP] % 6, extra = arguments[DEVICE_EXTRA];
	const struct kind *kind = &kinds[number];
	struct pci_address address;
	const char *parent = next_place(build, arguments[DEVICE_PLACE] % 3, &address);
	const char *name = address_format(&address, arena_new(ADDRESS_SIZE));
	const char *directory = arena_printf("%s/%s", parent, name);

	if (model_find(directory))
		return;
	if (group != GROUP_LAST || !build->last)
		build->last_group = 100 + build->groups++;
	put_files(directory, kind, extra & EXTRA_TWIN ? 0 : (unsigned)build->added, extra);
	put_group(build, directory, name, build->last_group, group);
	if (arguments[DEVICE_VFS] % 5)
		model_file(arena_printf("%s/sriov_totalvfs", directory),
			   arena_printf("%u\n", arguments[DEVICE_VFS] % 5));
	model_link(arena_printf("sys/bus/pci/devices/%s", name),
		   arena_printf("../../../%s", directory + strlen("sys/")));
	build->last = directory;
	build->last_bus = parent;
	build->last_address = address;
	note_added(build, name, arguments);
	if (number != KIND_BRIDGE && number != KIND_CONVENTIONAL)
		return;
	put_config(directory, number == KIND_CONVENTIONAL);
	build->bridge = directory;
	build->bus++;
	build->bridge_slot = 0;
}

/* The rest of what the host is, before it is alive */

static void set_platform(struct build *build, const struct statement *statement)
{
	struct hypervisor *hypervisor = doors_hypervisor();
	unsigned kind = statement->arguments[0] % 3, answer = statement->arguments[1] % 6;

	if (!kind)
		return;
	build->in_dom0 = true;
	kernel_set_dom0(true);
	model_file("sys/hypervisor/type", "xen\n");
	model_file("sys/hypervisor/properties/features", "000228f0\n");
	model_file("sys/hypervisor/guest_type", kind == 2 ? "PVH\n" : "PV\n");
	if (answer != 2)
		model_file("dev/xen/privcmd", "");
	*hypervisor = (struct hypervisor){
		.is_there = true,
		.version = answer == 3 ? 0x99 : 0x15,
		.capabilities = answer == 1 ? 0 : 4,
		.console = answer == 5 ? "Interrupt remapping enabled\n" : "",
		.cmdline = answer == 1 ? "iommu=off" : "",
		.error = answer == 4 ? -EPERM : 0,
	};
}

static void set_iommu(const struct build *build)
{
	if (build->in_dom0 || build->iommu == 2 || model_find("sys/class/iommu"))
		return;
	model_file("sys/firmware/acpi/tables/DMAR", "(there)");
	if (build->iommu == 1)
		return;
	model_directory("sys/devices/virtual/iommu/dmar0");
	model_link("sys/class/iommu/dmar0", "/sys/devices/virtual/iommu/dmar0");
	if (build->iommu == 0)
		model_file("sys/kernel/irq/0/chip_name", "IR-IO-APIC\n");
}

static void each_of(const struct script *script, const char *word, struct build *build,
		    void (*function)(struct build *build, const struct statement *statement))
{
	for (size_t i = 0; i < script->count; i++) {
		if (strcmp(script->statements[i].word, word) == 0)
			function(build, &script->statements[i]);
	}
}

static void on_iommu(struct build *build, const struct statement *statement)
{
	build->iommu = statement->arguments[0] % 4;
}

static void on_base(struct build *build, const struct statement *statement)
{
	const char *conf = NULL;

	if (build->last_kind || kernel_devices() || model_find("sys/bus"))
		return; /* one is enough */
	if (base_restore(statement->name, statement->arguments[0], &conf) && conf)
		model_file("etc/passthru.conf", conf);
}

/* The node of this number among all below NODE. */
static struct node *node_number(struct node *node, unsigned *number)
{
	if (!(*number)--)
		return node;
	for (struct node *child = node->children; child; child = child->next) {
		struct node *found = node_number(child, number);

		if (found)
			return found;
	}
	return NULL;
}

static unsigned count_nodes(const struct node *node)
{
	unsigned count = 1;

	for (const struct node *child = node->children; child; child = child->next)
		count += count_nodes(child);
	return count;
}

/* What a guard goes by is left alone, but that it may be hard to read. */
static bool is_guards(const char *path)
{
	return strncmp(path, "usr/lib", 7) == 0 || strncmp(path, "sys/class/dmi", 13) == 0 ||
	       strncmp(path, "sys/class/tty", 13) == 0;
}

static void on_edit(struct build *build, const struct statement *statement)
{
	enum { REMOVE, EMPTY, GARBAGE, LINK, NO_DATA, DENIED, NUMBER };
	static const char garbage[] = "\x1b]0;\n\xff=-1 \\";
	struct node *sys = model_directory("sys"), *node, *other;
	unsigned number = statement->arguments[0] * 17 + statement->arguments[2];
	unsigned mode = statement->arguments[1] % 7, target = number * 31;

	(void)build;
	number %= count_nodes(sys);
	target %= count_nodes(sys);
	node = node_number(sys, &number);
	other = node_number(sys, &target);
	if (!node->parent || node == sys || is_guards(node_path(node)))
		return;
	if (mode == REMOVE) {
		node_remove(node);
	} else if (mode == NO_DATA || mode == DENIED) {
		node->error = mode == NO_DATA ? -EIO : -EACCES;
	} else if (node->kind != NODE_DIRECTORY) {
		node->kind = mode == LINK ? NODE_LINK : NODE_FILE;
		if (mode == EMPTY)
			node_set(node, "", 0);
		else if (mode == GARBAGE)
			node_set(node, garbage, sizeof(garbage) - 1);
		else if (mode == NUMBER)
			node_set(node, "4294967297\n", 11);
		else
			node_set(node, arena_printf("/%s", node_path(other)),
				 strlen(node_path(other)) + 1);
	}
}

/* Configuration */

static const char *id_of(const struct device *device)
{
	return arena_printf("%04x:%04x", device->vendor, device->device);
}

/* "pci0000:00/01.0/00.0" from where the device is in sysfs. */
static const char *path_of(const struct device *device)
{
	char *path = device_path_from_link(device->target), *copy;

	copy = arena_copy(path ? path : "", path ? strlen(path) : 0);
	free(path);
	return copy;
}

struct keys {
	const char *text, *between; /* what is there, and what stands between two */
};

static void put_key(struct keys *keys, const char *key, const char *value)
{
	const char *equals = *keys->between == '\n' ? " = " : "=";

	keys->text = arena_printf("%s%s%s%s%s", keys->text, *keys->text ? keys->between : "", key,
				  equals, value);
}

static void put_place(struct keys *keys, unsigned select, const struct device *device)
{
	switch (select) {
	case 0:
	case 4:
	case 8:
		put_key(keys, "address", device->name);
		break;
	case 2:
	case 5:
		put_key(keys, "path", path_of(device));
		break;
	case 6:
		put_key(keys, "address",
			arena_printf("%.*s*", (int)strlen(device->name) - 1, device->name));
		break;
	case 9:
		put_key(keys, "address", "0000:7f:1f.7");
		break;
	default:
		break;
	}
}

static void put_identity(struct keys *keys, unsigned select, const struct device *device)
{
	if (select == 1 || select == 4 || select == 5 || select == 11)
		put_key(keys, "id", id_of(device));
	else if (select == 8)
		put_key(keys, "id", "dead:beef");
	else if (select == 10)
		put_key(keys, "id", arena_printf("%04x:*", device->vendor));
	if (select == 3 || select == 11)
		put_key(keys, "class", arena_printf("%04x", device->class >> 8 & 0xffff));
	else if (select == 7)
		put_key(keys, "class", arena_printf("%02x", device->class >> 16 & 0xff));
}

enum {
	RULE_SELECT,
	RULE_TARGET,
	RULE_DRIVER,
	RULE_IOMMU,
	RULE_GROUP,
	RULE_FAILURE,
	RULE_ALLOW,
	RULE_HOTPLUG,
	RULE_COUNT,
	RULE_VFS,
	RULE_VF,
	RULE_PERMISSIVE,
};

static const struct {
	const char *key;
	const char *words[4]; /* "" leaves it out */
} options[] = {
	[RULE_DRIVER] = { "driver", { "", "vfio-pci", "xen-pciback", "pci-stub" } },
	[RULE_IOMMU] = { "iommu", { "", "require", "warn", "" } },
	[RULE_GROUP] = { "group", { "", "listed", "whole", "refuse" } },
	[RULE_FAILURE] = { "on-failure", { "", "host", "hold", "" } },
	[RULE_HOTPLUG] = { "hotplug", { "", "yes", "no", "" } },
	[RULE_COUNT] = { "count", { "", "1", "2", "3" } },
	[RULE_VF] = { "vf", { "", "0", "0-1", "1" } },
	[RULE_PERMISSIVE] = { "permissive", { "", "yes", "no", "" } },
};

static const char *allow_words(unsigned bits)
{
	return arena_printf("%s%s%s", bits & ALLOW_STORAGE ? "+storage" : "",
			    bits & ALLOW_NETWORK ? "+network" : "",
			    bits & ALLOW_CONSOLE ? "+console" : "");
}

static const char *rule_keys(const unsigned *arguments, const char *between)
{
	const struct device *device = build_device(arguments[RULE_TARGET]);
	struct keys keys = { "", between };
	unsigned vfs = arguments[RULE_VFS] % 6, select = arguments[RULE_SELECT] % 12;

	if (!device)
		return NULL;
	put_place(&keys, select, device);
	put_identity(&keys, select, device);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		const char *word = options[i].key ? options[i].words[arguments[i] % 4] : "";

		if (*word)
			put_key(&keys, options[i].key, word);
	}
	if (arguments[RULE_ALLOW] % 8)
		put_key(&keys, "allow", allow_words(arguments[RULE_ALLOW] % 8) + 1);
	if (vfs)
		put_key(&keys, "vfs", arena_printf("%u", vfs));
	return keys.text;
}

static const char *set_line(const struct statement *statement)
{
	static const struct {
		const char *key;
		const char *words[5];
	} keys[] = {
		{ "driver", { "auto", "vfio-pci", "xen-pciback", "pci-stub", "auto" } },
		{ "iommu", { "require", "warn", "require", "warn", "warn" } },
		{ "group", { "listed", "whole", "refuse", "whole", "listed" } },
		{ "on-failure", { "host", "hold", "host", "hold", "hold" } },
		{ "hotplug", { "yes", "no", "yes", "no", "no" } },
		{ "root-grace", { "15", "0", "1", "3600", "3" } },
	};

	return arena_printf("%s = %s\n", keys[statement->arguments[0] % 6].key,
			    keys[statement->arguments[0] % 6].words[statement->arguments[1] % 5]);
}

static const char *cmdline_word(const struct statement *statement)
{
	static const char *const words[] = {
		"quiet",
		"passthru=off",
		"rd.passthru=0",
		"passthru.skip=r0",
		"intel_iommu=on",
		"intel_iommu=off",
		"ip=dhcp",
		"root=nfs:10.0.0.1:/x",
		"vfio-pci.ids=%s",
		"xen-pciback.hide=(%s)",
		"pci-stub.ids=%s",
		"--",
		"passthru.bogus=1",
		"vfio.enable_unsafe_noiommu_mode=1",
		"ip=off",
		"passthru.device=%s",
		"\"a b",
		"root=/dev/sda2",
		"rd.neednet=1",
		"passthru.on-failure=hold",
		"passthru.group=whole",
		"vfio_iommu_type1.allow_unsafe_interrupts=1",
		"passthru.device=class=02,allow=network",
		"root=nbd:10.0.2.2:10809",
	};
	const struct device *device = build_device(statement->arguments[1]);
	const char *word = words[statement->arguments[0] % ARRAY_SIZE(words)];
	const char *at = strstr(word, "%s");

	if (!at || !device)
		return word;
	return arena_printf("%.*s%s%s", (int)(at - word), word,
			    strstr(word, ".ids") ? id_of(device) : device->name, at + 2);
}

static void configure(const struct script *script)
{
	const char *settings = "", *rules = "", *cmdline, *before = model_text("etc/passthru.conf");
	unsigned number = 0;

	cmdline = model_text("proc/cmdline");
	cmdline = cmdline ? arena_copy(cmdline, strcspn(cmdline, "\n")) : "ro";
	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];
		bool is_sriov = statement->arguments[RULE_VFS] % 6;
		const char *keys;

		if (strcmp(statement->word, "rule") == 0) {
			keys = rule_keys(statement->arguments, "\n");
			if (keys)
				rules = arena_printf("%s[%s r%u]\n%s\n", rules,
						     is_sriov ? "sriov" : "device", number++, keys);
		} else if (strcmp(statement->word, "option") == 0) {
			keys = rule_keys(statement->arguments, ",");
			if (keys)
				cmdline = arena_printf("%s passthru.%s=%s", cmdline,
						       is_sriov ? "sriov" : "device", keys);
		} else if (strcmp(statement->word, "set") == 0) {
			settings = arena_printf("%s%s", settings, set_line(statement));
		} else if (strcmp(statement->word, "word") == 0) {
			cmdline = arena_printf("%s %s", cmdline, cmdline_word(statement));
		} else if (strcmp(statement->word, "noconf") == 0) {
			before = NULL;
		}
	}
	if (*settings || *rules)
		model_file("etc/passthru.conf",
			   arena_printf("%s\n[passthru]\n%s%s", before ? before : "", settings,
					rules));
	model_file("proc/cmdline", arena_printf("%s\n", cmdline));
}

/* What the host needs */

static void need(struct device *device, enum need_kind kind)
{
	notes_of(device)->needed |= 1u << kind;
}

static const char *need_lines(const struct script *script)
{
	const char *text = "";

	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];
		enum need_kind kind = (enum need_kind)(statement->arguments[0] % NEED_KIND_COUNT);
		struct device *device = build_device(statement->arguments[1]);

		if (strcmp(statement->word, "need") != 0 || !device ||
		    path_check(path_of(device)) < 0)
			continue;
		need(device, kind);
		text = arena_printf("%s%s %s %04x:%04x:%04x:%04x %06x for once\n", text,
				    need_word(kind), path_of(device), device->vendor,
				    device->device, device->subvendor, device->subdevice,
				    device->class);
	}
	return text;
}

static void forget_needs(void)
{
	for (struct device *device = kernel_devices(); device; device = device->next)
		notes_of(device)->needed = 0;
}

static void record_needs(const struct script *script)
{
	enum { KNOWN, DAMAGED, OTHER, UNREADABLE, EMPTY, CUT_OFF };
	const char *lines = need_lines(script), *text;
	unsigned state = KNOWN;

	for (size_t i = 0; i < script->count; i++) {
		if (strcmp(script->statements[i].word, "needs") == 0)
			state = script->statements[i].arguments[0] % 6;
	}
	if (state == KNOWN && !*lines)
		return; /* a generic image */
	text = arena_printf("passthru-needs 1\nhost %s\n%s",
			    state == OTHER ? "Another" : "QEMU Standard PC", lines);
	if (state == DAMAGED)
		text = arena_printf("%sx\n", text);
	else if (state == EMPTY)
		text = "";
	else if (state == CUT_OFF)
		text = arena_copy(text, strlen(text) - 1);
	model_file(NEEDS_RECORD, text);
	if (state == UNREADABLE)
		model_find(NEEDS_RECORD)->error = -EIO;
	if (state != KNOWN)
		forget_needs();
}

/* One is enough: a second would take the name of the first. */
static void put_console(struct device *device)
{
	if (!device || model_find("sys/class/tty/ttyS4"))
		return;
	model_file("sys/class/tty/console/active", "tty0 ttyS4\n");
	model_directory(arena_printf("%s/tty/ttyS4", node_path(device->directory)));
	model_link("sys/class/tty/ttyS4",
		   arena_printf("../../%s/tty/ttyS4", node_path(device->directory) + 4));
	if (!*path_of(device))
		return;
	need(device, NEED_CONSOLE);
	notes_of(device)->is_console = true;
}

static void use_device(struct device *device, unsigned kind)
{
	enum { NOT, NETWORK, DISK, GUEST };
	const struct node *group;
	const char *directory;

	if (!device || kind == NOT)
		return;
	directory = node_path(device->directory);
	notes_of(device)->is_used = kind != GUEST;
	if (kind == NETWORK) {
		model_file(arena_printf("%s/net/eth0/flags", directory), "0x1003\n");
		model_link("sys/class/net/eth0", arena_printf("../../%s/net/eth0", directory + 4));
	} else if (kind == DISK) {
		model_directory(arena_printf("%s/block/sda", directory));
		model_link("sys/class/block/sda",
			   arena_printf("../../%s/block/sda", directory + 4));
		model_file("dev/sda", "")->error = -EBUSY;
	} else {
		group = node_child(device->directory, "iommu_group", 11);
		if (group && group->kind == NODE_LINK && strrchr(group->bytes, '/'))
			model_file(arena_printf("dev/vfio/%s", strrchr(group->bytes, '/') + 1), "")
				->error = -EBUSY;
	}
}

static void say_what_is_special(const struct script *script)
{
	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];
		struct device *device = build_device(statement->arguments[0]);

		if (strcmp(statement->word, "console") == 0)
			put_console(device);
		else if (strcmp(statement->word, "usage") == 0)
			use_device(device, statement->arguments[1] % 4);
		else if (strcmp(statement->word, "run") == 0 && statement->arguments[0])
			model_limit_run(statement->arguments[0] * RUN_UNIT);
		else if (strcmp(statement->word, "display") == 0 && device &&
			 device->class >> 8 == 0x0300)
			model_file(arena_printf("%s/boot_vga", node_path(device->directory)),
				   "1\n");
	}
}

/* Life */

static void add_modules(void)
{
	static const char *const stubs[][2] = { { "vfio-pci", "vfio-pci" },
						{ "xen-pciback", "pciback" },
						{ "pci-stub", "pci-stub" },
						{ "xen-privcmd", NULL } };

	for (struct device *device = kernel_devices(); device; device = device->next) {
		if (*device->native)
			kernel_add_module(device->native, device->native);
	}
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++)
		kernel_add_module(stubs[i][0], stubs[i][1]);
	kernel_add_module("mlx5_vfio_pci", "mlx5_vfio_pci")->variant = "mlx5_core";
}

static void start_driver(struct device *device, unsigned state)
{
	struct module *module = device ? kernel_find_module(device->native) : NULL;

	if (!module || module->is_loaded || state == STATE_UNLOADED)
		return;
	if (state == STATE_BUILTIN)
		kernel_start_builtin(module);
	else
		kernel_load(module->name, NULL);
}

static void start_drivers(const struct build *build, const struct script *script)
{
	for (size_t i = 0; i < build->added; i++)
		start_driver(kernel_find(build->names[i]), build->states[i]);
	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];

		if (strcmp(statement->word, "driver") == 0)
			start_driver(build_device(statement->arguments[0]),
				     statement->arguments[1] % 3);
	}
}

static void set_stub(const struct statement *statement)
{
	enum { PRESENT, MISSING, BUILTIN, LOADED, BROKEN, SLOW, WITH_IDS, BUILTIN_WITH_IDS };
	static const char *const names[] = { "vfio-pci", "xen-pciback", "pci-stub",
					     "mlx5_vfio_pci" };
	struct module *module = kernel_find_module(names[statement->arguments[0] % 4]);
	const struct device *device = build_device(statement->arguments[2]);
	unsigned state = statement->arguments[1] % 8;

	if (module->is_loaded)
		return;
	if ((state == WITH_IDS || state == BUILTIN_WITH_IDS) && device)
		module->options = strcmp(module->name, "xen-pciback") == 0
					  ? arena_printf("hide=(%s)", device->name)
					  : arena_printf("ids=%s", id_of(device));
	if (state == WITH_IDS && device)
		model_file(arena_printf("etc/modprobe.d/%s.conf", module->name),
			   arena_printf("options %s %s\n", module->name, module->options));
	if (state == MISSING)
		module->is_missing = true;
	else if (state == BROKEN)
		module->error = -EINVAL;
	else if (state == SLOW)
		module->load_us = 4000000;
	else if (state == LOADED)
		kernel_load(module->name, NULL);
	else if (state == BUILTIN || state == BUILTIN_WITH_IDS)
		kernel_start_builtin(module);
}

static void set_extras(const struct build *build)
{
	for (size_t i = 0; i < build->added; i++) {
		struct device *device = kernel_find(build->names[i]);
		unsigned extra = build->extras[i];

		if (!device)
			continue;
		if (extra & EXTRA_STUB_REFUSES)
			device->stub_error = -EINVAL;
		if (extra & EXTRA_OWN_REFUSES)
			device->native_error = -ENODEV;
		if (extra & EXTRA_SLOW)
			device->probe_us = 2500000;
		if (extra & EXTRA_FEWER_VFS && device->vf_most)
			device->vf_most--;
	}
}

static int write_kmsg(void *owner, const char *text)
{
	(void)owner, (void)text;
	return 0;
}

static void set_up(struct build *build, const struct script *script)
{
	static const struct attribute kmsg = { .write = write_kmsg };

	each_of(script, "xen", build, set_platform);
	each_of(script, "iommu", build, on_iommu);
	each_of(script, "base", build, on_base);
	set_iommu(build);
	each_of(script, "device", build, add_device);
	each_of(script, "edit", build, on_edit);
	model_directory("run");
	model_directory("sys/bus/pci/devices");
	model_file("dev/kmsg", "6,1,1,-;Linux version\n4,2,2,-;DMAR: Initialization failed\n")
		->attribute = &kmsg;
	model_file("sys/class/dmi/id/sys_vendor", "QEMU\n");
	model_file("sys/class/dmi/id/product_name", "Standard PC\n");
	if (model_find("sys/class/dmi/id/board_name"))
		node_remove(model_find("sys/class/dmi/id/board_name"));
}

void build_host(const struct script *script)
{
	struct build build = { .slot = SLOT_FIRST, .bus = 0x20 };

	model_reset();
	kernel_reset();
	doors_reset();
	set_up(&build, script);
	kernel_adopt();
	set_extras(&build);
	record_needs(script);
	say_what_is_special(script);
	configure(script);
	add_modules();
	start_drivers(&build, script);
	for (size_t i = 0; i < script->count; i++) {
		if (strcmp(script->statements[i].word, "stub") == 0)
			set_stub(&script->statements[i]);
	}
}
