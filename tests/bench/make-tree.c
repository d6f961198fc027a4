/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make-tree DIRECTORY COUNT: makes in an empty directory what passthru reads of a host with so many
 * network functions, up to 256 a bus, each bus a root bus, each function in an IOMMU group of its
 * own. 0000:00:01.0 is listed in etc/passthru.conf.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void make_group(unsigned number, const char *device, const char *address)
{
	char path[128], target[128];

	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%u", number);
	make_directory(path);
	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%u/devices", number);
	make_directory(path);
	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%u/devices/%s", number, address);
	snprintf(target, sizeof(target), "../../../../%s", device + sizeof("sys"));
	make_link(target, path);
	snprintf(path, sizeof(path), "%s/iommu_group", device);
	snprintf(target, sizeof(target), "../../../kernel/iommu_groups/%u", number);
	make_link(target, path);
	snprintf(path, sizeof(path), "%s/iommu", device);
	make_link("../../../class/iommu/dmar0", path);
}

/* They are the same: one file for each bus. */
static void make_uevent(const char *root_bus, unsigned bus, const char *path)
{
	char first[128];

	snprintf(first, sizeof(first), "%s/0000:%02x:00.0/uevent", root_bus, bus & 0xff);
	if (strcmp(first, path) == 0)
		make_file(path, "PCI_CLASS=20000\nPCI_ID=8086:10D3\nPCI_SUBSYS_ID=8086:0000\n");
	else if (link(first, path) < 0)
		err(1, "%s", path);
}

static void make_function(unsigned number)
{
	unsigned bus = number >> 8;
	char address[16], root_bus[64], device[96], file[128], path[64], target[128];

	snprintf(address, sizeof(address), "0000:%02x:%02x.%x", bus & 0xff, number >> 3 & 31,
		 number & 7);
	snprintf(root_bus, sizeof(root_bus), "sys/devices/pci0000:%02x", bus);
	snprintf(device, sizeof(device), "%s/%s", root_bus, address);
	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s", address);
	snprintf(target, sizeof(target), "../../../%s", device + sizeof("sys"));
	if ((number & 255) == 0)
		make_directory(root_bus);
	make_directory(device);
	snprintf(file, sizeof(file), "%s/uevent", device);
	make_uevent(root_bus, bus, file);
	snprintf(file, sizeof(file), "%s/driver_override", device);
	make_file(file, "(null)\n");
	make_link(target, path);
	make_group(number, device, address);
}

int main(int argc, char **argv)
{
	static const char *const directories[] = { "dev",
						   "etc",
						   "etc/modprobe.d",
						   "etc/passthru.conf.d",
						   "proc",
						   "proc/self",
						   "run",
						   "sys",
						   "sys/bus",
						   "sys/bus/pci",
						   "sys/bus/pci/devices",
						   "sys/bus/pci/drivers",
						   "sys/class",
						   "sys/class/iommu",
						   "sys/class/iommu/dmar0",
						   "sys/devices",
						   "sys/kernel",
						   "sys/kernel/iommu_groups" };
	unsigned count = argc == 3 ? (unsigned)atoi(argv[2]) : 0;

	if (count < 16 || count > 65536 || chdir(argv[1]) < 0)
		errx(1, "usage: make-tree DIRECTORY COUNT, 16 to 65536");
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		make_directory(directories[i]);
	for (unsigned i = 0; i < count; i++)
		make_function(i);
	make_file("proc/cmdline", "quiet\n");
	make_file("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
	make_file("etc/passthru.conf", "[device nic]\naddress = 0000:00:01.0\nid = 8086:10d3\n");
	return 0;
}
