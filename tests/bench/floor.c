/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor: what the kernel itself takes to give devices to vfio-pci, loaded already. Each one is
 * looked at (what it is, who has it, its group), all are claimed before the first is bound, each is
 * verified, and nothing else is done.
 *
 * floor ADDRESS... [-- ADDRESS...]: takes the first, and only looks at those behind the dashes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEVICES "/sys/bus/pci/devices/"
#define BIND    "/sys/bus/pci/drivers/vfio-pci/bind"

static char buffer[4096];

static const char *file_of(const char *address, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), DEVICES "%s/%s", address, name);
	return path;
}

static int get(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t length = read(fd, buffer, sizeof(buffer));

	close(fd);
	return length > 0;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t length = write(fd, text, strlen(text));

	close(fd);
	return length > 0;
}

int main(int argc, char **argv)
{
	int good = 1, last = 0;

	while (last + 1 < argc && strcmp(argv[last + 1], "--") != 0)
		last++;
	for (int i = 1; i < argc; i++)
		good &= i == last + 1 || get(file_of(argv[i], "uevent"));
	for (int i = 1; i <= last; i++)
		good &= readlink(file_of(argv[i], "iommu_group"), buffer, sizeof(buffer)) > 0;
	for (int i = 1; i <= last; i++)
		good &= put(file_of(argv[i], "driver_override"), "vfio-pci");
	for (int i = 1; i <= last; i++)
		good &= put(BIND, argv[i]);
	for (int i = 1; i <= last; i++)
		good &= readlink(file_of(argv[i], "driver"), buffer, sizeof(buffer)) > 0;
	return !good;
}
