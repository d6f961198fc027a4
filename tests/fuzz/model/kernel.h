/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a host is alive: PCI devices, their drivers and the modules that bring these, as the
 * kernel's driver core has them (linux/drivers/base/{bus,dd}.c, drivers/pci/{pci-driver,iov}.c,
 * drivers/xen/xen-pciback/pci_stub.c).
 */
#ifndef PASSTHRU_FUZZ_KERNEL_H
#define PASSTHRU_FUZZ_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "model/node.h"
#include "util/address.h"

#define MODEL_NAME_SIZE 64

/* What a driver takes without an override: by ids that it was told, or by address. */
struct entry {
	struct entry *next;
	uint32_t fields[6]; /* vendor, device, subvendor, subdevice, class, mask */
	struct pci_address address;
};

struct driver {
	struct driver *next; /* in the order in which they were registered */
	const char *name;
	const char *module; /* NULL: built in */
	struct node *directory;
	struct entry *ids, *slots, *permissive;
	bool is_stub, is_vfio, is_pciback;
};

struct device {
	struct device *next;
	struct node *directory, *place; /* its parent, also while it is gone */
	struct node *link;              /* in the list of the bus; NULL: it is gone */
	const char *target;             /* of the link */
	char name[ADDRESS_SIZE];
	struct pci_address address;
	uint32_t vendor, device, subvendor, subdevice, class;
	const char *override; /* NULL without one */
	struct driver *driver;
	char native[MODEL_NAME_SIZE]; /* the host's driver for it; "" for none */
	struct device *physical;
	unsigned vf_number, vf_total, vf_count;
	unsigned vf_most; /* of which its driver makes no more, and says nothing */
	bool autoprobes;
	int stub_error;   /* what a stub driver's probe of it says, or 0 */
	int native_error; /* likewise its own driver's */
	int64_t probe_us;
	void *notes; /* of those who look at the model */
};

/* A module in the image. */
struct module {
	struct module *next;
	const char *name, *driver;
	bool is_missing, is_loaded, is_builtin;
	int error;           /* of its init, or 0 */
	int64_t load_us;     /* how long that takes */
	const char *options; /* of modprobe.d, "" for none */
	const char *variant; /* the native driver for whose devices it is a variant of vfio-pci */
};

/* Everything dead. Belongs to model_reset(). */
void kernel_reset(void);

/* Bring to life the devices below sys/bus/pci/devices; no driver has any then. */
void kernel_adopt(void);

/* Bring one to life, from its directory and its link there. NULL when it is no device. */
struct device *kernel_adopt_device(struct node *link);

struct device *kernel_devices(void);
struct device *kernel_find(const char *name);
struct driver *kernel_drivers(void);
struct module *kernel_modules(void);
struct module *kernel_find_module(const char *name);

struct module *kernel_add_module(const char *name, const char *driver);

/* As modprobe NAME OPTIONS does, and as the kernel does for what is built in, at its start. */
int kernel_load(const char *name, const char *options);
void kernel_start_builtin(struct module *module);

/* Take DEVICE away, with those below it, and put it back in its place, where drivers are offered
 * it. */
void kernel_unplug(struct device *device);
void kernel_plug(struct device *device);

/* Whether DEVICE is there; whether a stub driver has it; has an override for one, or to be held. */
bool device_is_there(const struct device *device);
bool device_has_stub(const struct device *device);
bool device_is_claimed(const struct device *device);

/* Called when a driver gets a device, and when an override was set for one. */
struct kernel_watcher {
	void (*on_bind)(struct device *device, struct driver *driver);
	void (*on_override)(struct device *device);
};

void kernel_watch(const struct kernel_watcher *watcher);

/* This is a Xen dom0. */
void kernel_set_dom0(bool is_dom0);

#endif
