/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One PCI function as sysfs shows it, and the parsers of what sysfs says of it. No I/O. */
#ifndef PASSTHRU_FACTS_DEVICE_H
#define PASSTHRU_FACTS_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/address.h"

#define DRIVER_NAME_SIZE 64
#define GROUP_TYPE_SIZE  16
/* Those of Linux have up to some 25 bytes. A device with a longer one counts as not readable. */
#define PCI_DRIVER_SIZE 48

#define CLASS_HOST_BRIDGE 0x0600
#define CLASS_PCI_BRIDGE  0x0604
#define GROUP_NONE        (-1)

enum reset {
	RESET_UNKNOWN, /* kernels before 5.15 do not tell */
	RESET_NONE,
	RESET_WEAK, /* by its power state only */
	RESET_GOOD,
};

/* What is going on with a device that a driver has. */
enum usage {
	USAGE_NONE,    /* nothing that is known of */
	USAGE_NETWORK, /* the only one that a rule can have interrupted, so that all others win */
	USAGE_DISK,
	USAGE_FUNCTIONS, /* its virtual functions are on */
	USAGE_GUEST,
};

/* What rests on something that could not be read. */
enum unread {
	UNREAD_GUARD, /* whether it may be taken at all: nobody takes it */
	UNREAD_GROUP, /* its IOMMU group, and whether an IOMMU translates for it */
	UNREAD_SHOWN, /* only what is told of it */
	UNREAD_COUNT,
};

/* A host has up to tens of thousands, so what is small is kept small. */
struct pci_device {
	struct pci_address address;
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class;               /* 24 bits */
	char driver[PCI_DRIVER_SIZE]; /* "" when no driver has it */
	struct pci_address parent;
	struct pci_address physical;
	uint16_t vf_total, vf_count; /* virtual functions: it can have, it has */
	uint16_t vf_number;
	uint32_t domain_owner; /* after facts_sort(), the index of the device whose driver made its
				  domain, from 1 */
	bool is_virtual : 1;   /* it is number `vf_number` of those of `physical` */
	bool has_parent : 1;   /* it is behind the bridge at `parent` */
	char *path;            /* "pci0000:00/01.0/00.0" */

	/*
	 * What could not be read of it, for another reason than that it is not there: "could not
	 * read sys/...: Input/output error", the first of each kind; or NULL. See device_note().
	 */
	char *unread[UNREAD_COUNT];

	/*
	 * The platform device that keeps its memory for the framebuffer of the firmware, or NULL;
	 * and the driver of that, "" for none. After framebuffer_survey().
	 */
	char *framebuffer, *framebuffer_driver;

	/* From here on known only after scan_details(). */
	char *directory;                  /* in sysfs, "sys/devices/..."; NULL when not known */
	char *variant_module;             /* the vfio-pci variant for it, NULL without one */
	char *iommu_unit;                 /* "dmar0"; NULL when none has it */
	int group;                        /* number of its IOMMU group, GROUP_NONE without one */
	char group_type[GROUP_TYPE_SIZE]; /* "DMA-FQ", "identity", ...; "" when not known */
	enum reset reset : 8;
	bool is_complete : 1;
	bool lacks_relatives : 1;        /* some of these are among facts.others */
	bool has_topology : 1;           /* the next two and `reset` are known */
	bool is_conventional_bridge : 1; /* of bridges above; see topology.h */
	bool resets_alone : 1;           /* only where there are no IOMMU groups */
	bool has_direct_region : 1;      /* of any member of the group */
	bool is_removable : 1;           /* at an external port */
	bool translated : 1;             /* an IOMMU stands between it and memory */
	/* No driver has been bound to it, and only then its group is made: it may get one. */
	bool group_awaits_bind : 1;
	bool is_fenced : 1; /* one was, for that, and HOLD_OVERRIDE keeps all others off since */
	bool driver_is_module : 1;

	/* On the running host only, after usage_survey(). */
	enum usage usage : 8;
	char *used_by; /* "the interface eth0 is up"; NULL with USAGE_NONE */
};

/*
 * Read the attribute `uevent` of a PCI device (linux/drivers/pci/pci-driver.c pci_uevent): driver,
 * class and ids of DEVICE. -EINVAL when class or ids are missing or malformed. TEXT is cut up.
 */
int device_parse_uevent(struct pci_device *device, char *text);

/*
 * The device's path, from what its link below /sys/bus/pci/devices points at
 * ("../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0"). The caller frees it; NULL when there
 * is no host bridge in it.
 */
char *device_path_from_link(const char *target);

/*
 * Its directory below the root, from the same link: to go there is cheaper than to follow the link
 * each time. The caller frees it; NULL when the link does not lead to one.
 */
char *device_directory_from_link(const char *target);

/* The bridge right above the device, from the same link. -ENOENT when it is on a root bus. */
int device_parent_from_link(const char *target, struct pci_address *ret);

/* Where sysfs has the devices by their addresses, and the drivers by their names. */
#define PCI_DEVICES "sys/bus/pci/devices"
#define PCI_DRIVERS "sys/bus/pci/drivers"

#define DEVICE_FILE_SIZE 512

/* The path of ATTRIBUTE (of less than 64 bytes) of DEVICE, below the root. Returns BUFFER. */
char *device_file(const struct pci_device *device, const char *attribute,
		  char buffer[static DEVICE_FILE_SIZE]);

/* What the kernel calls it for modules (the same pci_uevent). The caller frees it. */
char *device_modalias(const struct pci_device *device);

/* A PCI, host, ISA or other bridge (base class 06), or an SMBus controller: the host's own. */
bool device_is_infrastructure(const struct pci_device *device);

/* Of the class of bridges to something else, 0680, which devices like an NVSwitch have, too. */
bool device_is_other_bridge(const struct pci_device *device);

/* A controller that may have disks: base class 01, SD (0805), Fibre Channel (0c04). */
bool device_is_storage(const struct pci_device *device);

/* A USB controller, at which there may be disks and keyboards: class 0c03. */
bool device_is_usb(const struct pci_device *device);

/* A display controller: base class 03. */
bool device_is_display(const struct pci_device *device);

/* One of those that are compatible with VGA: class 0300. */
bool device_is_vga(const struct pci_device *device);

/* A network controller: base class 02. */
bool device_is_network(const struct pci_device *device);

/* Note in DEVICE->unread that WHAT ("sys/...") could not be read: ERROR, a negative errno. */
void device_note(struct pci_device *device, enum unread kind, const char *what, int error);

void device_free(struct pci_device *device);

#endif
