/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make-lines KIND COUNT: prints what a benchmark has much of. KIND is
 *   config   so many lines of passthru.conf, a section and 22 comments to each 25
 *   absent   a [device] section for each of so many devices that no host has
 *   listed   a [device] section for each of so many functions of make-tree
 *   fstab    so many lines of fstab
 *   kmsg     so many records of the kernel's log
 *   report   a report of so many devices that were refused
 *   ids      modprobe.d's options of vfio-pci, with so many ids
 *   domains  a host dump with so many domains of PCI, two disks in each, with the owner's group
 *   bridges  a host dump with so many functions that have no reset, each behind a bridge
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_OF_SECTION 25

static void print_section(unsigned number, unsigned domain)
{
	printf("[device d%u]\naddress = %04x:%02x:%02x.%x\nid = 8086:10d3\n", number,
	       domain + (number >> 16), number >> 8 & 255, number >> 3 & 31, number & 7);
}

static void print_config(unsigned number, unsigned count)
{
	(void)count;
	if (number % LINES_OF_SECTION == 0)
		print_section(number / LINES_OF_SECTION, 1);
	else if (number % LINES_OF_SECTION >= 3)
		printf("# %u\n", number);
}

static void print_absent(unsigned number, unsigned count)
{
	(void)count;
	print_section(number, 1);
}

static void print_listed(unsigned number, unsigned count)
{
	(void)count;
	print_section(number, 0);
}

static void print_fstab(unsigned number, unsigned count)
{
	(void)count;
	printf("UUID=%08x-0000-4000-8000-000000000000 /srv/%u ext4 defaults 0 2\n", number, number);
}

static void print_record(unsigned number, unsigned count)
{
	(void)count;
	printf("6,%u,%u,-;usb 1-1: new device\n", number, number * 10);
}

static void print_id(unsigned number, unsigned count)
{
	(void)count;
	printf("%s%04x:%04x", number ? "," : "options vfio-pci ids=", 0x1000 + (number >> 16),
	       number & 0xffff);
}

static void print_report(unsigned number, unsigned count)
{
	if (number == 0)
		puts("{\"version\":1,\"program\":\"passthru-init\",\"findings\":[],\"devices\":[");
	printf("{\"rule\":\"all\",\"address\":\"0000:%02x:%02x.%x\",\"id\":\"8086:10d3\",\"class\":\"020000\","
	       "\"driver\":\"vfio-pci\",\"state\":\"refused\",\"findings\":[{\"code\":\"host-network\","
	       "\"severity\":\"warning\",\"text\":\"number %u\",\"remedy\":\"none\"}]}%s\n",
	       number >> 8, number >> 3 & 31, number & 7, number,
	       number + 1 < count ? "," : "],\"as_planned\":true,\"verified\":false}");
}

static void print_host(void)
{
	puts("@ proc\ncmdline = quiet\n@ sys/kernel/irq/9\nchip_name = IR-IO-APIC\n"
	     "@ sys/firmware/acpi/tables\nDMAR = (there)\n@ sys/class/iommu\n"
	     "dmar0 -> sys/devices/virtual/iommu/dmar0");
}

static void print_device(const char *directory, unsigned class, const char *id, unsigned group)
{
	printf("@ %s\nuevent\n| PCI_CLASS=%X\n| PCI_ID=%s\n"
	       "iommu_group -> sys/kernel/iommu_groups/%u\n"
	       "iommu -> sys/devices/virtual/iommu/dmar0\n",
	       directory, class, id, group);
}

/* As behind Intel's VMD, where a device is in the group of what made its domain. */
static void print_domain(unsigned number, unsigned count)
{
	char owner[64], disk[128];

	(void)count;
	if (number == 0)
		print_host();
	snprintf(owner, sizeof(owner), "sys/devices/pci0000:%02x/0000:%02x:%02x.%x",
		 number >> 8 & 255, number >> 8 & 255, number >> 3 & 31, number & 7);
	print_device(owner, 0x10400, "8086:467F", number);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(disk, sizeof(disk), "%s/pci%x:00/%x:00:00.%x", owner, 0x10000 + number,
			 0x10000 + number, i);
		print_device(disk, 0x10802, i ? "144D:A80B" : "144D:A80A", number);
	}
}

/* Four functions on each bus, and 128 buses in each domain. */
static void print_bridge(unsigned number, unsigned count)
{
	unsigned domain = number >> 9, bridge = number >> 2 & 127;
	char above[64], function[96];

	(void)count;
	if (number == 0)
		print_host();
	snprintf(above, sizeof(above), "sys/devices/pci%04x:00/%04x:00:%02x.%x", domain, domain,
		 bridge >> 3, bridge & 7);
	if ((number & 3) == 0)
		print_device(above, 0x60400, "8086:A110", number + count);
	snprintf(function, sizeof(function), "%s/%04x:%02x:00.%x", above, domain, bridge + 1,
		 number & 3);
	print_device(function, 0x10802, "144D:A80A", number);
}

static const struct {
	const char *name;
	void (*print)(unsigned number, unsigned count);
} kinds[] = {
	{ "config", print_config }, { "absent", print_absent },  { "listed", print_listed },
	{ "fstab", print_fstab },   { "kmsg", print_record },    { "ids", print_id },
	{ "report", print_report }, { "domains", print_domain }, { "bridges", print_bridge },
};

int main(int argc, char **argv)
{
	unsigned count = argc == 3 ? (unsigned)atoi(argv[2]) : 0;

	for (size_t i = 0; argc == 3 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		for (unsigned n = 0; n < count; n++)
			kinds[i].print(n, count);
		return fflush(stdout) != 0;
	}
	errx(1, "usage: make-lines KIND COUNT");
}
