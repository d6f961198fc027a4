/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules, through libkmod: module.c is the only file that includes libkmod.h. */
#ifndef PASSTHRU_SYSTEM_MODULE_H
#define PASSTHRU_SYSTEM_MODULE_H

#include <stdbool.h>

#include "system/root.h"

struct module_index; /* modules.dep, modules.alias, modprobe.d and kernel command line, opened */

/* Where a system has its module trees, one for each kernel release. */
#define MODULE_TREES "lib/modules"

/*
 * Where the archive of `passthru image` has them: in MODULE_TREES its index would take the place of
 * that of the image which it is appended to.
 */
#define MODULE_ARCHIVE "usr/lib/passthru/modules"

/*
 * Open the module tree of the running kernel below ROOT: that in MODULE_ARCHIVE where there is one.
 * In another root than "/" the host's modprobe.d is left alone. NULL when libkmod cannot; the
 * functions below take NULL.
 */
struct module_index *module_index_open(const struct root *root);

/* The same for the tree in MODULE_TREES of the kernel RELEASE, without any modprobe.d. */
struct module_index *module_index_open_release(const struct root *root, const char *release);
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
 * Call FUNCTION with the path, in its tree, of module NAME and of all that it depends on; not of
 * what is built in or not there. A return of it other than 0 ends the walk and is returned.
 */
int module_each_file(struct module_index *modules, const char *name,
		     int (*function)(const char *path, void *context), void *context);

/*
 * Load module NAME with all it depends on and its options from modprobe.d and the kernel command
 * line, behind which OPTIONS (or NULL) win; `install` commands are not run. Done by a child, so
 * that a damaged module or a hanging init costs no more than TIMEOUT_MS. 0 also when it is loaded
 * already or built in; -ENOENT when it, or something that it needs, is not there; -ETIMEDOUT; -EIO
 * when the child died; else what libkmod or the kernel answered. Success says that init returned 0,
 * not that any device is bound.
 */
int module_load(struct module_index *modules, const char *name, const char *options,
		int timeout_ms);

/*
 * Load all modules that have the alias ALIAS, such as the `modalias` of a device, as udev does;
 * blacklisted ones are left out. 0 when at least one is loaded; else as module_load().
 */
int module_load_alias(struct module_index *modules, const char *alias, int timeout_ms);

#endif
