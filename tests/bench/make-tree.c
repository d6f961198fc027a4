/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make-tree DIRECTORY COUNT: makes in an empty directory what passthru reads of a host with so many
 * network functions, up to 256 a bus, each bus a root bus. The first of bus 01 has an IOMMU group
 * and is listed in etc/passthru.conf.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_directory(const char *path)
{
	if (mkdir(path, 0755) < 0)
		err(1, "%s", path);
}

static void make_link(const char *target, const char *path)
{
	if (symlink(target, path) < 0)
		err(1, "%s", path);
}

static void make_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		err(1, "%s", path);
}

static void make_function(unsigned number)
{
	unsigned bus = number >> 8;
	char address[16], root_bus[64], device[96], file[128], link[64], target[128];

	snprintf(address, sizeof(address), "0000:%02x:%02x.%x", bus & 0xff, number >> 3 & 31,
		 number & 7);
	snprintf(root_bus, sizeof(root_bus), "sys/devices/pci0000:%02x", bus);
	snprintf(device, sizeof(device), "%s/%s", root_bus, address);
	snprintf(file, sizeof(file), "%s/uevent", device);
	snprintf(link, sizeof(link), "sys/bus/pci/devices/%s", address);
	snprintf(target, sizeof(target), "../../../%s", device + sizeof("sys"));
	if ((number & 255) == 0)
		make_directory(root_bus);
	make_directory(device);
	make_file(file, "PCI_CLASS=20000\nPCI_ID=8086:10D3\nPCI_SUBSYS_ID=8086:0000\n");
	make_link(target, link);
}

int main(int argc, char **argv)
{
	static const char *const directories[] = { "etc",
						   "proc",
						   "sys",
						   "sys/bus",
						   "sys/bus/pci",
						   "sys/bus/pci/devices",
						   "sys/class",
						   "sys/class/iommu",
						   "sys/class/iommu/dmar0",
						   "sys/devices",
						   "sys/kernel",
						   "sys/kernel/iommu_groups",
						   "sys/kernel/iommu_groups/1",
						   "sys/kernel/iommu_groups/1/devices" };
	unsigned count = argc == 3 ? (unsigned)atoi(argv[2]) : 0;

	if (count <= 256 || count > 65536 || chdir(argv[1]) < 0)
		errx(1, "usage: make-tree DIRECTORY COUNT, 257 to 65536");
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		make_directory(directories[i]);
	for (unsigned i = 0; i < count; i++)
		make_function(i);
	make_link("../../../kernel/iommu_groups/1",
		  "sys/devices/pci0000:01/0000:01:00.0/iommu_group");
	make_link("../../../class/iommu/dmar0", "sys/devices/pci0000:01/0000:01:00.0/iommu");
	make_link("../../../../devices/pci0000:01/0000:01:00.0",
		  "sys/kernel/iommu_groups/1/devices/0000:01:00.0");
	make_file("proc/cmdline", "quiet\n");
	make_file("etc/passthru.conf", "[device nic]\naddress = 0000:01:00.0\nid = 8086:10d3\n");
	return 0;
}
