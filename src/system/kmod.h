/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules through libkmod, for the command: kmod.c is the only file that includes libkmod.h.
 */
#ifndef PASSTHRU_SYSTEM_KMOD_H
#define PASSTHRU_SYSTEM_KMOD_H

#include "system/module.h"
#include "util/module_list.h"
#include "util/names.h"

/*
 * The modules of the running kernel. In another root than "/" the host's modprobe.d is left alone.
 * NULL when libkmod cannot.
 */
module_opener kmod_open;

/* Those of the kernel RELEASE below ROOT, with its modprobe.d, for the list of an image. */
struct module_index *kmod_open_release(const struct root *root, const char *release);

/*
 * Append to LIST what loading module NAME takes, as `modprobe --show-depends` finds it out: in
 * order, with softdeps and with options, without those that the command line CMDLINE of the running
 * kernel gives. -ENOENT when the kernel has no such module; another negative errno.
 */
int kmod_list_add(struct module_index *modules, const char *name, const char *cmdline,
		  struct module_list *list);

/*
 * Add to RET the modules with a driver for the device that the kernel calls MODALIAS, built-in ones
 * too, in the order in which modprobe(8) tries them.
 */
void kmod_find_modules(struct module_index *modules, const char *modalias, struct names *ret);

#endif
