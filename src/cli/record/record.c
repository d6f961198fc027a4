/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * passthru record: what passthru reads of this host, as text in the form of tests/README.md. What
 * it records is a table: whatever the readers of facts/ read belongs into it.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "cli/record/mask.h"
#include "facts/device.h"
#include "facts/framebuffer.h"
#include "probe/framebuffer.h"
#include "probe/kmsg.h"
#include "probe/machine.h"
#include "report/exit_status.h"
#include "session/credentials.h"
#include "session/sources.h"
#include "system/link.h"
#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/modprobe.h"
#include "util/text.h"
#include "want/modprobe.h"

#define TEXT_SIZE_MAX  (4 * 1024 * 1024)
#define TABLE_SIZE     4096
#define BRIDGE_SIZE    256
#define BYTES_PER_LINE 16
#define BAR_DIGIT      strlen("resource")
#define WORDS_MAX      8
#define IRQ_CHIPS      "sys/kernel/irq"
#define IDS            "dev/disk/by-id"

/* One directory that is being recorded; its head is printed before the first thing in it. */
struct directory {
	const struct root *root;
	const char *path;
	bool has_head;
};

/* "*" in a path stands for each entry there, and where that is a link for what it leads to. */
struct row {
	const char *path;
	const char *files[WORDS_MAX]; /* of lines */
	const char *links[WORDS_MAX]; /* patterns (fnmatch(3)) */
	void (*more)(struct directory *directory);
};

static void print_head(struct directory *directory)
{
	if (!directory->has_head)
		printf("\n@ %s\n", directory->path);
	directory->has_head = true;
}

static char *path_of(const struct directory *directory, const char *name)
{
	return memory_printf("%s/%s", directory->path, name);
}

/* Backslashes and tabs stay: mountinfo has the ones, tables in proc the others. */
static void print_line(const char *before, const char *line)
{
	fputs(before, stdout);
	for (const char *c = line; *c; c++)
		putchar((*c >= ' ' && *c <= '~') || *c == '\t' ? *c : '?');
	putchar('\n');
}

static void print_masked(const char *before, const char *line)
{
	_cleanup_free_ char *masked = mask_line(line);

	print_line(before, masked);
}

/* "NAME = LINE", or NAME and each line behind a "| ". */
static void print_text(struct directory *directory, const char *name, const char *text)
{
	_cleanup_free_ char *one = memory_printf("%s = ", name);
	_cleanup_free_ char *copy = memory_dup(text);
	size_t size = strlen(copy);
	char *rest = size ? copy : NULL;

	print_head(directory);
	if (size && copy[size - 1] == '\n')
		copy[size - 1] = '\0';
	if (size && !strchr(copy, '\n')) {
		print_masked(one, copy);
		return;
	}
	puts(name);
	for (char *line; (line = strsep(&rest, "\n"));)
		print_masked("| ", line);
}

static void print_file(struct directory *directory, const char *name)
{
	_cleanup_free_ char *path = path_of(directory, name);
	_cleanup_free_ char *text = NULL;
	size_t size;

	if (root_read_file(directory->root, path, TEXT_SIZE_MAX, &text, &size) == 0)
		print_text(directory, name, text);
}

static void print_byte_line(const char *bytes, size_t first, size_t end)
{
	size_t i = first;

	while (i < end && !bytes[i])
		i++;
	if (i == end)
		return;
	printf(": %06zx", first);
	for (i = first; i < end; i++)
		printf(" %02x", (unsigned char)bytes[i]);
	putchar('\n');
}

/* The first SIZE bytes of a file that is not text; lines of zeros are left out. */
static void print_bytes(struct directory *directory, const char *name, size_t size)
{
	_cleanup_free_ char *path = path_of(directory, name);
	_cleanup_free_ char *bytes = NULL;
	size_t length;

	if (root_read_file(directory->root, path, TEXT_SIZE_MAX, &bytes, &length) < 0)
		return;
	print_head(directory);
	puts(name);
	length = length < size ? length : size;
	for (size_t i = 0; i < length; i += BYTES_PER_LINE)
		print_byte_line(bytes, i,
				i + BYTES_PER_LINE < length ? i + BYTES_PER_LINE : length);
}

static void print_presence(struct directory *directory, const char *name)
{
	_cleanup_free_ char *path = path_of(directory, name);

	if (root_exists(directory->root, path) < 0)
		return;
	print_head(directory);
	printf("%s = (there)\n", name);
}

static void print_link(struct directory *directory, const char *name)
{
	_cleanup_free_ char *path = path_of(directory, name);
	_cleanup_free_ char *target = link_target(directory->root, path);
	_cleanup_free_ char *line = NULL;
	_cleanup_free_ char *id = NULL;

	if (!target)
		return;
	if (strcmp(directory->path, IDS) == 0)
		id = mask_id(name);
	line = memory_printf("%s -> %s", id ? id : name, target);
	print_head(directory);
	print_masked("", line);
}

static void print_links(struct directory *directory, const char *pattern)
{
	_cleanup_(names_free) struct names names = { 0 };

	listing_read(directory->root, directory->path, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		if (fnmatch(pattern, names.items[i], 0) == 0)
			print_link(directory, names.items[i]);
	}
}

static bool is_bridge(const struct directory *directory)
{
	_cleanup_free_ char *path = path_of(directory, "uevent");
	struct pci_device device = { 0 };
	char text[4096];
	bool found = root_read(directory->root, path, text, sizeof(text)) >= 0 &&
		     device_parse_uevent(&device, text) == 0 &&
		     device.class >> 8 == CLASS_PCI_BRIDGE;

	device_free(&device);
	return found;
}

/* Of BARs that can be resized, to which sizes, and all sizes of now. */
static void record_bars(struct directory *directory)
{
	char name[] = "resourceN_resize";
	bool has_some = false;

	for (*strchr(name, 'N') = '0'; name[BAR_DIGIT] <= '5'; name[BAR_DIGIT]++) {
		_cleanup_free_ char *path = path_of(directory, name);

		if (root_exists(directory->root, path) < 0)
			continue;
		print_file(directory, name);
		has_some = true;
	}
	if (has_some)
		print_file(directory, "resource");
}

/* Before Linux 5.15 there is no reset_method; and a bridge may be one to a conventional bus. */
static void more_of_device(struct directory *directory)
{
	_cleanup_free_ char *method = path_of(directory, "reset_method");

	if (root_exists(directory->root, method) < 0)
		print_presence(directory, "reset");
	if (is_bridge(directory))
		print_bytes(directory, "config", BRIDGE_SIZE);
	record_bars(directory);
}

static void more_of_tables(struct directory *directory)
{
	print_presence(directory, "DMAR");
	print_presence(directory, "IVRS");
	print_presence(directory, "RMAD");
	print_bytes(directory, "IORT", TABLE_SIZE);
}

static void keep_line(char *line, unsigned number, void *context)
{
	_cleanup_(natives_free) struct natives natives = { 0 };

	(void)number;
	if (modprobe_parse(&natives, "", line))
		names_add(context, line);
}

/* Of a file of modprobe.d only what passthru reads: the lines on stub drivers. */
static void print_options(struct directory *directory, const char *name)
{
	_cleanup_free_ char *path = path_of(directory, name);
	_cleanup_free_ char *one = memory_printf("%s = ", name);
	_cleanup_(names_free) struct names lines = { 0 };
	_cleanup_free_ char *text = NULL;
	size_t size;

	if (root_read_file(directory->root, path, TEXT_SIZE_MAX, &text, &size) < 0)
		return;
	modprobe_each_line(text, keep_line, &lines);
	if (!lines.count)
		return;
	print_head(directory);
	if (lines.count > 1)
		puts(name);
	for (size_t i = 0; i < lines.count; i++)
		print_masked(lines.count > 1 ? "| " : one, lines.items[i]);
}

static void more_of_modprobe(struct directory *directory)
{
	_cleanup_(names_free) struct names names = { 0 };

	listing_read(directory->root, directory->path, ".conf", &names);
	for (size_t i = 0; i < names.count; i++)
		print_options(directory, names.items[i]);
}

/* A module that was loaded has a state; of one that is built in there is only the link. */
static void more_of_driver(struct directory *directory)
{
	_cleanup_free_ char *link = path_of(directory, "module");
	_cleanup_free_ char *module = link_target(directory->root, link);
	struct directory of_module = { .root = directory->root, .path = module };

	if (module)
		print_file(&of_module, "initstate");
}

/* The links whose target has PART in it; of the others there are many. */
static void print_links_to(struct directory *directory, const char *part)
{
	_cleanup_(names_free) struct names names = { 0 };

	listing_read(directory->root, directory->path, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *path = path_of(directory, names.items[i]);
		_cleanup_free_ char *target = link_target(directory->root, path);

		if (target && strstr(target, part))
			print_link(directory, names.items[i]);
	}
}

/* Consoles on PCI devices. */
static void more_of_consoles(struct directory *directory)
{
	print_links_to(directory, "/pci");
}

/* Of the places of memory only those of framebuffers, and the BARs that they are in. */
static void print_framebuffer_memory(const struct root *root)
{
	struct directory proc = { .root = root, .path = "proc" };
	_cleanup_free_ char *text = NULL, *copy = NULL;
	char *rest;
	size_t size;

	if (root_read_file(root, "proc/iomem", IOMEM_SIZE_MAX, &text, &size) < 0)
		return;
	print_head(&proc);
	puts("iomem");
	copy = memory_dup(text);
	rest = copy;
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (framebuffer_concerns(text, line))
			print_line("| ", line);
	}
}

static void more_of_platform(struct directory *directory)
{
	_cleanup_(names_free) struct names names = { 0 };
	bool has_framebuffer = false;

	listing_read(directory->root, directory->path, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *path = path_of(directory, names.items[i]);
		_cleanup_free_ char *end = link_end(directory->root, path);
		struct directory of_device = { .root = directory->root, .path = end };

		if (!framebuffer_is_name(names.items[i]) || !end)
			continue;
		print_link(directory, names.items[i]);
		print_link(&of_device, "driver");
		directory->has_head = false;
		has_framebuffer = true;
	}
	if (has_framebuffer)
		print_framebuffer_memory(directory->root);
}

/* /dev/mapper, and the folders of volume groups. */
static void more_of_mappings(struct directory *directory)
{
	print_links_to(directory, "dev/dm-");
	print_links_to(directory, "dev/mapper/");
}

/*
 * Serial numbers, UUID and asset tag are one machine's alone. That modalias is there says that all
 * fields which are not there are not set.
 */
static void more_of_firmware(struct directory *directory)
{
	static const char *const secrets[] = { "product_serial", "product_uuid", "board_serial",
					       "chassis_asset_tag" };

	print_presence(directory, "modalias");
	/* Links to themselves: they are there, and what they say is not known. */
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++) {
		_cleanup_free_ char *path = path_of(directory, secrets[i]);

		if (root_exists(directory->root, path) != -ENOENT)
			printf("%s -> %s\n", secrets[i], path);
	}
}

static void more_of_device_tree(struct directory *directory)
{
	print_bytes(directory, "compatible", TABLE_SIZE);
	print_presence(directory, "hypervisor");
}

/* Before Linux 6.1 there is no such file. */
static void more_of_kernel(struct directory *directory)
{
	struct utsname system;

	if (root_exists(directory->root, KERNEL_MACHINE) == 0) {
		print_file(directory, "arch");
	} else if (!directory->root->is_confined && uname(&system) == 0) {
		print_head(directory);
		print_line("arch = ", system.machine);
	}
}

/* As PID 1 has them, wherever they are from: that on the command line is masked. */
static void more_of_credentials(struct directory *directory)
{
	_cleanup_(credentials_free) struct credentials credentials = { 0 };
	_cleanup_free_ char *cmdline = NULL;

	if (sources_read_cmdline(directory->root, NULL, &cmdline) < 0)
		cmdline = memory_dup("");
	credentials_read(directory->root, cmdline, &credentials);
	for (size_t i = 0; i < credentials.count; i++)
		print_text(directory, credentials.items[i].name,
			   credential_text(&credentials.items[i]));
}

static const struct row rows[] = {
	{ .path = "proc", .files = { "cmdline", "swaps" } },
	{ .path = CREDENTIALS_DIRECTORY, .more = more_of_credentials },
	{ .path = "sys/hypervisor", .files = { "type", "guest_type" } },
	{ .path = "sys/hypervisor/properties", .files = { "features" } },
	{ .path = "sys/hypervisor/start_flags", .files = { "initdomain" } },
	{ .path = "sys/firmware/acpi/tables", .more = more_of_tables },
	{ .path = "sys/class/iommu", .links = { "*" } },
	{ .path = "sys/module/vfio_iommu_type1/parameters",
	  .files = { "allow_unsafe_interrupts" } },
	{ .path = "sys/bus/pci/devices/*",
	  .files = { "uevent", "reset_method", "removable", "boot_vga", "boot_display",
		     "sriov_totalvfs", "sriov_numvfs", "d3cold_allowed" },
	  .links = { "iommu_group", "iommu", "physfn", "virtfn*" },
	  .more = more_of_device },
	{ .path = "sys/bus/pci/devices/*",
	  .files = { "current_link_speed", "current_link_width", "max_link_speed", "max_link_width",
		     "numa_node" } },
	{ .path = "sys/bus/pci/devices/*/power", .files = { "control" } },
	{ .path = "sys/kernel/iommu_groups/*", .files = { "name", "type", "reserved_regions" } },
	{ .path = "sys/bus/pci/drivers/*", .links = { "module" }, .more = more_of_driver },
	/* What conditions ask for. */
	{ .path = DMI_DIRECTORY,
	  .files = { "sys_vendor", "product_name", "product_version", "product_family",
		     "product_sku", "board_vendor", "board_name", "board_version" } },
	{ .path = DMI_DIRECTORY,
	  .files = { "bios_vendor", "bios_version" },
	  .more = more_of_firmware },
	{ .path = DEVICE_TREE, .more = more_of_device_tree },
	{ .path = CPU_DIRECTORY, .files = { "modalias" } },
	{ .path = "proc/sys/kernel", .more = more_of_kernel },
	/* What the host needs its devices for. */
	{ .path = PLATFORM_DEVICES, .more = more_of_platform },
	{ .path = "sys/class/tty/console", .files = { "active" } },
	{ .path = "sys/class/tty", .more = more_of_consoles },
	{ .path = "proc/self", .files = { "mountinfo" } },
	{ .path = "proc/net", .files = { "route", "ipv6_route" } },
	{ .path = "proc/bus/input", .files = { "devices" } },
	{ .path = "etc", .files = { "fstab", "crypttab" } },
	{ .path = "etc/modprobe.d", .more = more_of_modprobe },
	{ .path = "run/modprobe.d", .more = more_of_modprobe },
	{ .path = "usr/local/lib/modprobe.d", .more = more_of_modprobe },
	{ .path = "usr/lib/modprobe.d", .more = more_of_modprobe },
	{ .path = "lib/modprobe.d", .more = more_of_modprobe },
	{ .path = "run/systemd", .links = { "volatile-root" } },
	{ .path = "sys/dev/block", .links = { "*" } },
	{ .path = "sys/class/block", .links = { "*" } },
	{ .path = "sys/class/block/*", .files = { "partition" } },
	{ .path = "sys/class/block/*/dm", .files = { "name", "uuid" } },
	{ .path = "sys/class/block/*/loop", .files = { "backing_file" } },
	{ .path = "sys/class/block/*/slaves", .links = { "*" } },
	{ .path = "dev/*", .more = more_of_mappings },
	{ .path = "dev/disk/*", .links = { "*" } },
	{ .path = "sys/fs/btrfs/*/devices", .links = { "*" } },
	{ .path = "sys/fs/bcachefs/*/*", .links = { "block" } },
	{ .path = "sys/devices/virtual/nvme-subsystem/*", .links = { "nvme*" } },
	{ .path = "sys/devices/virtual/nvme-fabrics/ctl/*", .files = { "address" } },
	{ .path = "sys/class/iscsi_connection/*", .files = { "persistent_address" } },
	{ .path = "sys/class/net", .links = { "*" } },
	{ .path = "sys/class/net/*", .files = { "operstate" } },
	/* What else is at a device. */
	{ .path = "sys/class/block/*/device", .files = { "model" } },
	{ .path = "sys/class/drm", .links = { "card*-*" } },
	{ .path = "sys/class/drm/*", .files = { "status" } },
	{ .path = "sys/bus/usb/devices", .links = { "*-*" } },
	{ .path = "sys/bus/usb/devices/*", .files = { "product" } },
	{ .path = "sys/devices/virtual/net/*", .links = { "lower_*", "master" } },
};

static void record_directory(const struct root *root, const char *path, const struct row *row)
{
	struct directory directory = { .root = root, .path = path };

	if (!text_is_plain(path))
		return;
	for (size_t i = 0; i < WORDS_MAX && row->files[i]; i++)
		print_file(&directory, row->files[i]);
	for (size_t i = 0; i < WORDS_MAX && row->links[i]; i++)
		print_links(&directory, row->links[i]);
	if (row->more)
		row->more(&directory);
}

/* PATH is that of ROW, or what the stars in it stand for so far. */
static void record_path(const struct root *root, const char *path, const struct row *row)
{
	const char *star = strchr(path, '*');
	_cleanup_free_ char *above = NULL;
	_cleanup_(names_free) struct names names = { 0 };

	if (!star) {
		record_directory(root, path, row);
		return;
	}
	above = memory_copy(path, (size_t)(star - path) - 1);
	listing_read(root, above, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *entry = memory_printf("%s/%s", above, names.items[i]);
		_cleanup_free_ char *end = link_end(root, entry);
		_cleanup_free_ char *next = end ? memory_printf("%s%s", end, star + 1) : NULL;

		if (next)
			record_path(root, next, row);
	}
}

/* One that is remapped says it for all; without any, the first. */
static void record_interrupt_chip(const struct root *root)
{
	_cleanup_(names_free) struct names names = { 0 };
	_cleanup_free_ char *found = NULL;
	struct directory directory = { .root = root };
	bool is_remapped = false;

	listing_read(root, IRQ_CHIPS, "", &names);
	for (size_t i = 0; i < names.count && !is_remapped; i++) {
		_cleanup_free_ char *path =
			memory_printf(IRQ_CHIPS "/%s/chip_name", names.items[i]);
		char chip[64];

		if (root_read_attribute(root, path, chip, sizeof(chip)) < 0)
			continue;
		is_remapped = strncmp(chip, "IR-", 3) == 0;
		if (found && !is_remapped)
			continue;
		free(found);
		found = memory_printf(IRQ_CHIPS "/%s", names.items[i]);
	}
	directory.path = found;
	if (found)
		print_file(&directory, "chip_name");
}

/* What the kernel says of IOMMUs; the rest of its log is nobody's business. */
static void print_log_record(const char *record, void *context)
{
	static const char *const words[] = { "DMAR",     "AMD-Vi",    "IOMMU",       "iommu: ",
					     "arm-smmu", "remapping", "ACS override" };

	(void)context;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strstr(kmsg_kernel_text(record), words[i])) {
			print_masked("| ", record);
			return;
		}
	}
}

static void record_log(const struct root *root)
{
	if (root_exists(root, "dev/kmsg") < 0)
		return;
	puts("\n@ dev\nkmsg");
	if (kmsg_each_record(root, print_log_record, NULL) > 0)
		fputs("passthru: could not read the kernel log to its end: something writes to it all the time\n",
		      stderr);
}

/* Without the comments, which may tell anything. */
static void record_conf_file(const struct root *root, const char *path)
{
	_cleanup_free_ char *text = NULL;
	char *rest;
	size_t size;

	if (root_read_file(root, path, TEXT_SIZE_MAX, &text, &size) < 0)
		return;
	rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		line += strspn(line, " \t");
		if (*line && *line != '#' && *line != ';')
			print_masked("", line);
	}
}

static void record_conf(const struct root *root)
{
	_cleanup_(names_free) struct names names = { 0 };

	record_conf_file(root, "etc/passthru.conf");
	listing_read(root, "etc/passthru.conf.d", ".conf", &names);
	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *path = memory_printf("etc/passthru.conf.d/%s", names.items[i]);

		record_conf_file(root, path);
	}
}

/* A dump on a terminal says itself what it is at. */
static void say_reading(struct progress_line *progress, const char *what)
{
	if (!isatty(STDOUT_FILENO))
		progress_say(progress, "reading %s", what);
}

static int run_record(struct call *call)
{
	const struct root *root = &call->root;
	struct progress_line progress = { 0 };
	struct utsname system;

	if (!root->is_confined && geteuid() != 0) {
		fputs("passthru record: needs root: the kernel's log, most of the devices' configuration\n"
		      "space and some files in /etc are closed to others\n",
		      stderr);
		call->status = EXIT_NEEDS_ROOT;
		return -EPERM;
	}
	uname(&system);
	printf("# Recorded by passthru record on Linux %s.\n", system.release);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		say_reading(&progress, rows[i].path);
		record_path(root, rows[i].path, &rows[i]);
	}
	say_reading(&progress, "the kernel log");
	record_interrupt_chip(root);
	record_log(root);
	puts("\n=== as recorded\n--- conf");
	record_conf(root);
	progress_end(&progress);
	puts("--- plan\n--- needs");
	return 0;
}

const struct command record_command = {
	.name = "record",
	.operands = "",
	.summary = "dump what passthru reads on this host, for bug reports",
	.run = run_record,
};
