/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variables of UEFI, which the firmware keeps over boots, by way of efivarfs (linux/fs/efivarfs,
 * Documentation/filesystems/efivarfs.rst).
 */
#ifndef PASSTHRU_SYSTEM_EFI_VARIABLE_H
#define PASSTHRU_SYSTEM_EFI_VARIABLE_H

#include <stddef.h>

#include "system/module.h"
#include "system/root.h"

#define EFI_VARIABLES        "sys/firmware/efi/efivars"
#define EFI_VARIABLES_MODULE "efivarfs"

/*
 * Have efivarfs at its place, by its module among MODULES (or NULL) if need be. The caller is a
 * process that may do so in a mount namespace of its own, which ends with it: open a root after
 * this. -ENODEV where the firmware is none of UEFI or the kernel does not have it; -EPERM where a
 * sandbox refuses; other negative errno.
 */
int efi_variables_mount(struct module_index *modules);

/*
 * Read the variable NAME ("Name-GUID") into BUFFER of SIZE bytes, terminated. Returns its length
 * without the attributes. -ENOENT without one, -ENODEV without efivarfs, -EFBIG when it does not
 * fit, -EBADMSG when it has other attributes than efi_variable_write() gives it.
 */
int efi_variable_read(const struct root *root, const char *name, char *buffer, size_t size);

/*
 * Make the variable NAME hold SIZE bytes: non-volatile, for boot and run time (UEFI 2.10, 8.2), in
 * one write(2). It is immutable afterwards, as efivarfs makes each that it does not know. A
 * variable that could not be written is removed if it was new. Negative errno: -ENOSPC when the
 * firmware has no room, -EROFS when it takes none.
 */
int efi_variable_write(const struct root *root, const char *name, const char *bytes, size_t size);

/* Remove the variable NAME. Negative errno. */
int efi_variable_remove(const struct root *root, const char *name);

#endif
