/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel modules. There are two ways to them: the command has libkmod (system/kmod.h), the agent
 * replays what the command found out when the image was made (system/replay.h).
 */
#ifndef PASSTHRU_SYSTEM_MODULE_H
#define PASSTHRU_SYSTEM_MODULE_H

#include <stdbool.h>

#include "system/root.h"

/* Where a system has its module trees, one for each kernel release. */
#define MODULE_TREES "lib/modules"

/*
 * Where an image has what is ours: RELEASE.list, and as RELEASE/... those files of the tree that
 * are not in MODULE_TREES, or not as the kernel can read them.
 */
#define MODULE_ARCHIVE "usr/lib/passthru/modules"

struct module_index;

/* One of the two ways. None of the functions gets a NULL. */
struct module_access {
	/* The variant driver's module for a device with the alias "vfio_pci:...". The caller frees
	 * it. */
	char *(*find_variant)(struct module_index *modules, const char *alias);
	/* The options of module NAME by modprobe.d and the kernel command line, or NULL. The caller
	 * frees them. */
	char *(*options_of)(struct module_index *modules, const char *name);
	/* Of module_load(): in the child. */
	int (*load)(struct module_index *modules, const char *name, const char *options);
	void (*close)(struct module_index *modules);
};

/* What is known of the modules of one kernel. The functions below take NULL for it. */
struct module_index {
	const struct module_access *access;
	char *last_modalias, *last_variant; /* of module_find_variant(): twins come in a row */
};

/*
 * Open that of the running kernel on the host below ROOT, with the kernel command line CMDLINE;
 * CONTEXT is whatever the opener needs. NULL when there is none.
 */
typedef struct module_index *module_opener(const struct root *root, const char *cmdline,
					   void *context);

void module_index_close(struct module_index *modules);

/*
 * The module of the vfio-pci variant driver for a device: the one that has an alias with
 * `vfio_pci:` where MODALIAS has `pci:` (linux/include/linux/mod_devicetable.h
 * PCI_DRIVER_OVERRIDE_VFIO). vfio-pci itself is none. The caller frees it; NULL when there is no
 * variant.
 */
char *module_find_variant(struct module_index *modules, const char *modalias);

/*
 * Whether modprobe.d or the kernel command line gives module NAME the switch OPTION, and its value
 * is not a false one.
 */
bool module_has_switch(struct module_index *modules, const char *name, const char *option);

/*
 * Load module NAME with all it depends on and its options from modprobe.d and the kernel command
 * line, behind which OPTIONS (or NULL) win; `install` commands are not run. Done by a child, so
 * that a damaged module or a hanging init costs no more than TIMEOUT_MS. 0 also when it is loaded
 * already or built in; -ENOENT when it, or something that it needs, is not there; -ETIMEDOUT; -EIO
 * when the child died; else what the kernel answered. Success says that init returned 0, not that
 * any device is bound.
 */
int module_load(struct module_index *modules, const char *name, const char *options,
		int timeout_ms);

#endif
