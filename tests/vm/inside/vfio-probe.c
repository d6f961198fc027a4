/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfio-probe [--hold] ADDRESS...: goes the way that a VMM goes to get a device
 * (linux/Documentation/ driver-api/vfio.rst): group, container, type 1 IOMMU, device, and maps
 * its first BAR that can be mapped. Prints for each device whether it was given, or what failed.
 * Exit status 1 if one of them was not given. With --hold it keeps the device, as a guest would,
 * until it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int open_group(const char *address)
{
	char link[PATH_MAX], target[PATH_MAX], node[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/sys/bus/pci/devices/%s/iommu_group", address);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return -1;
	target[length] = '\0';
	snprintf(node, sizeof(node), "/dev/vfio/%s", strrchr(target, '/') + 1);
	return open(node, O_RDWR | O_CLOEXEC);
}

/* NULL, or the BAR that the kernel does not let be mapped, with errno: something else has its
 * memory. */
static const char *map_bar(int device)
{
	static const char *const names[] = { "BAR 0", "BAR 1", "BAR 2", "BAR 3", "BAR 4", "BAR 5" };

	for (unsigned i = VFIO_PCI_BAR0_REGION_INDEX; i <= VFIO_PCI_BAR5_REGION_INDEX; i++) {
		struct vfio_region_info info = { .argsz = sizeof(info), .index = i };
		void *memory;

		if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) < 0 ||
		    !(info.flags & VFIO_REGION_INFO_FLAG_MMAP))
			continue;
		memory = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, device,
			      (off_t)info.offset);
		if (memory == MAP_FAILED)
			return names[i];
		munmap(memory, info.size);
		return NULL;
	}
	return NULL;
}

/* NULL, or the step that failed, with errno. */
static const char *get_device(const char *address, int container, int group, bool hold)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	const char *failed;
	int device, error;

	if (group < 0)
		return "group";
	if (ioctl(group, VFIO_GROUP_GET_STATUS, &status) < 0)
		return "group status";
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
		errno = EBUSY;
		return "group not viable";
	}
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) < 0)
		return "container";
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) < 0)
		return "type 1 IOMMU";
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, address);
	if (device < 0)
		return "device";
	failed = map_bar(device);
	error = errno;
	if (hold && !failed) {
		printf("%s held\n", address);
		fflush(stdout);
		pause();
	}
	close(device); /* open, it would keep the group from the next one */
	errno = error;
	return failed;
}

static int probe(const char *address, bool hold)
{
	int container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	int group = open_group(address);
	const char *failed = get_device(address, container, group, hold);

	if (failed)
		printf("%s no %s: %s\n", address, failed, strerror(errno));
	else
		printf("%s yes\n", address);
	close(group);
	close(container);
	return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
	bool hold = argc > 1 && strcmp(argv[1], "--hold") == 0;
	int failures = 0;

	for (int i = hold ? 2 : 1; i < argc; i++)
		failures += probe(argv[i], hold);
	return failures ? 1 : 0;
}
