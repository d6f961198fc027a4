/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tree (tests/README.md, Hosts) that answers writes to PCI's part of sysfs as the kernel does:
 * linux/drivers/base/bus.c and dd.c, drivers/pci/pci-driver.c, pci-sysfs.c, iov.c. What cannot be
 * read off the tree is in files that no program looks at: `.host-driver` of a device, the driver
 * that the host has for it, `.functions` of a physical one, the addresses that its virtual ones
 * get.
 */
#ifndef PASSTHRU_FAULTS_SYSFS_H
#define PASSTHRU_FAULTS_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define NAME_SIZE   64
#define DEVICES_MAX 64
#define DRIVERS_MAX 32
#define IDS_MAX     8
#define CLEARED     "(null)"

struct device {
	char address[16];
	char directory[192]; /* below the root, "sys/devices/..." */
	unsigned vendor, device;
	char driver[NAME_SIZE], override[NAME_SIZE], host_driver[NAME_SIZE];
	bool is_on_bus;
	char physical[16]; /* of a virtual function: whose, and its number */
	unsigned number;
	unsigned functions; /* how many virtual ones there are */
	bool autoprobe;
};

struct driver {
	char name[NAME_SIZE];
	struct {
		unsigned vendor, device;
	} ids[IDS_MAX]; /* of new_id */
	size_t id_count;
};

/* What writes can change. */
struct sysfs {
	struct device devices[DEVICES_MAX];
	size_t device_count;
	struct driver drivers[DRIVERS_MAX];
	size_t driver_count;
};

struct host {
	char *root;   /* the tree, without links */
	bool is_real; /* it is "/", and sysfs the kernel's */
	struct sysfs now;
};

/* Read what there is in the tree ROOT. Ends the harness on a failure. */
struct host host_open(const char *root);
void host_close(struct host *host);

/* Where the kernel answers: read it once more. */
void host_look(struct host *host);

/* Have the tree be as BEFORE was. */
void host_restore(struct host *host, const struct sysfs *before);

/*
 * LENGTH bytes of TEXT are written to PATH. Returns what write(2) returns, or a negative errno;
 * *RET_IS_OURS is false when it is no attribute that would react.
 */
ssize_t host_write(struct host *host, const char *path, const char *text, size_t length,
		   bool *ret_is_ours);

/* The device at ADDRESS, or NULL. */
const struct device *sysfs_find(const struct sysfs *sysfs, const char *address);

#endif
