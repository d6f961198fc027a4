/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an image says on the modules of the stub drivers, for a program that has no libkmod. */
#ifndef PASSTHRU_SESSION_MODULE_RECORD_H
#define PASSTHRU_SESSION_MODULE_RECORD_H

#include "finding/finding.h"
#include "session/sources.h"
#include "system/root.h"
#include "util/module_list.h"

/* The file of `passthru modules` for the kernel RELEASE, below an image. The caller frees it. */
char *module_record_path(const char *release);

/*
 * Read it below IMAGE into *RET, which module_list_free() takes in any case. SINK (or NULL) gets it
 * as it is. Negative errno with *RET_WHY, a text that the caller frees: it could not be read, it is
 * damaged, there are only those of other kernels. -ENOENT with NULL there when IMAGE has none at
 * all.
 */
int module_record_read(const struct root *image, const char *release, text_sink sink,
		       void *sink_context, struct module_list *ret, char **ret_why);

/*
 * In its stead: what the lists of depmod(8) and modprobe.d below ROOT say of all modules of stub
 * drivers and of their variants. That leaves out softdeps, and all aliases but those of variants.
 */
void module_record_derive(const struct root *root, const char *release, struct module_list *ret);

#endif
