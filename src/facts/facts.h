/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The snapshot of the host, as data: what plan/ works on. scan.h takes it. No I/O. */
#ifndef PASSTHRU_FACTS_FACTS_H
#define PASSTHRU_FACTS_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "facts/device.h"
#include "facts/machine.h"
#include "facts/needs.h"
#include "finding/finding.h"

enum platform { PLATFORM_BARE, PLATFORM_XEN_DOM0, PLATFORM_XEN_DOM0_PVH };
enum iommu_kind {
	IOMMU_KIND_NONE,
	IOMMU_KIND_INTEL,
	IOMMU_KIND_AMD,
	IOMMU_KIND_SMMU,
	IOMMU_KIND_XEN,
	IOMMU_KIND_VIRTIO, /* a hypervisor's, for this guest */
};

/* How much is known of what the host needs. */
enum needs_state {
	NEEDS_UNRECORDED, /* nobody has told: a generic image */
	NEEDS_DAMAGED,    /* there is a record, but it cannot be read */
	NEEDS_KNOWN,
};
enum iommu_state { IOMMU_STATE_UNKNOWN, IOMMU_STATE_ABSENT, IOMMU_STATE_OFF, IOMMU_STATE_ON };

/* One that is there and was not looked at (probe/look.h): all that is known of it. */
struct other_device {
	struct pci_address address;
	uint16_t vendor, device;
	/* A device that was looked at is in its IOMMU group, or is a virtual function of it. */
	bool is_related;
	bool is_taken; /* it is being looked at, and will be none of them (probe/look.c) */
};

struct facts {
	struct pci_device *devices; /* in the order of their addresses */
	size_t device_count;
	struct other_device *others; /* in the order of their addresses */
	size_t other_count;
	enum platform platform;
	enum iommu_kind iommu_kind;
	enum iommu_state iommu_state;
	bool is_smmu_v3;
	bool interrupt_remapping;
	bool remapping_is_unread;  /* `interrupt_remapping` says nothing */
	bool remapping_is_offered; /* by Intel's firmware, where there is none all the same */
	bool remapping_offer_is_unread;
	bool allows_unsafe_interrupts; /* of vfio_iommu_type1 */
	bool denylist_is_off;          /* of vfio-pci */
	enum needs_state needs_state;  /* of storage and network; */
	struct needs needs;            /* console and display are looked up at every boot */
	bool has_network_root;         /* the kernel command line says so; after scan_details() */
	struct machine machine;        /* as far as conditions ask for it; see probe/machine.h */
	char *unread; /* why it is not known what this host is: nothing is taken; or NULL */
	bool has_other_console;       /* neither on a display nor on a PCI device */
	char *unread_consoles;        /* why it is not known which cards consoles are on; or NULL */
	char *unread_framebuffer;     /* why it is not known what the firmware's is on; or NULL */
	struct pci_address *left_out; /* devices that are there and could not be read */
	size_t left_out_count;
	struct findings findings;       /* what could not be read */
	struct findings iommu_findings; /* what explains them */
};

/* EACH becomes each device of FACTS in turn. */
#define for_each_device(each, facts)                           \
	for (const struct pci_device *each = (facts)->devices; \
	     each && each < (facts)->devices + (facts)->device_count; each++)

/* A Xen dom0 of either kind. */
bool facts_in_dom0(const struct facts *facts);

/*
 * Whether the kernel may make an IOMMU group only when a driver is bound to a member: with an SMMU,
 * before Linux 6.15 (linux/drivers/base/dd.c really_probe, ->dma_configure).
 */
bool facts_groups_await_bind(const struct facts *facts);

/*
 * Where DEVICE is, as a number below twice that of all devices: the same for those that the kernel
 * may put into one group by their places, functions of one slot, or below one bridge. Whether the
 * hardware isolates them it alone knows.
 */
size_t facts_place(const struct facts *facts, const struct pci_device *device);

/*
 * Order the devices by address, for facts_find(), and find the owners of their domains; after it no
 * walk up their parents is endless. Once more whenever devices were added.
 */
void facts_sort(struct facts *facts);

/* The index of the device at ADDRESS, or -ENOENT. */
long facts_find(const struct facts *facts, const struct pci_address *address);

/*
 * The device that what LINK points at belongs to: the last PCI function on the way in a target such
 * as "../../devices/pci0000:00/0000:00:05.0/tty/ttyS4". NULL when there is none, or it was not
 * looked at.
 */
const struct pci_device *facts_device_of_link(const struct facts *facts, const char *link);

/* The same, whether it is one that was not looked at. */
bool facts_link_is_of_other(const struct facts *facts, const char *link);

/*
 * What reading a link of a class (sys/class/net/eth0) tells: 0 when TARGET is what it says, which
 * is a place among the devices; else a negative errno. RESULT is that of root_readlink(): a file in
 * its place, or a link to itself, does not say that there is no device.
 */
int facts_check_class_link(int result, const char *target);

/* Order those that were not looked at by address, for the next two. */
void facts_sort_others(struct facts *facts);

/* The one at ADDRESS of those that were not looked at, or NULL. */
struct other_device *facts_find_other(const struct facts *facts, const struct pci_address *address);

/* Whether one of these is on the bus of ADDRESS. */
bool facts_has_other_on_bus(const struct facts *facts, const struct pci_address *address);

/* Whether one of these is of VENDOR and DEVICE. */
bool facts_has_other_of(const struct facts *facts, uint32_t vendor, uint32_t device);

/* Whether there is a device at ADDRESS that could not be read. */
bool facts_has_left_out(const struct facts *facts, const struct pci_address *address);

/*
 * Note in *UNREAD, one of those of FACTS, and as a finding that WHAT could not be
 * read: ERROR, a negative errno.
 */
void facts_note(struct facts *facts, char **unread, const char *what, int error);

/* The bridge right above DEVICE, NULL on a root bus. */
const struct pci_device *facts_parent(const struct facts *facts, const struct pci_device *device);

/*
 * The device whose driver made the PCI domain that DEVICE is in ("pci0000:00/0e.0/pci10000:e0/...":
 * 0000:00:0e.0, an Intel VMD); NULL for a domain of the machine's own.
 */
const struct pci_device *facts_domain_owner(const struct facts *facts,
					    const struct pci_device *device);

/* The physical function of DEVICE; NULL when it is no virtual one. */
const struct pci_device *facts_physical(const struct facts *facts, const struct pci_device *device);

/*
 * What could not be read and may speak against taking DEVICE, or against giving it virtual
 * functions; NULL when nothing was. Such a device is left to the host.
 */
const char *facts_unread_of(const struct facts *facts, const struct pci_device *device);

void facts_free(struct facts *facts);

#endif
