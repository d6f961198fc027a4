/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules as a list says, by finit_module(2): the kernel reads, checks and decompresses. */
#ifndef PASSTHRU_SYSTEM_REPLAY_H
#define PASSTHRU_SYSTEM_REPLAY_H

#include "system/module.h"
#include "util/module_list.h"

/*
 * Modules of the running kernel from below ROOT, which must stay open. LIST is moved into it. The
 * parameters of the kernel command line CMDLINE are added to the options of the list. A file is
 * looked for in MODULE_ARCHIVE, then in MODULE_TREES; there also under the names that it has when
 * the maker of the image compressed or decompressed it.
 */
struct module_index *replay_new(const struct root *root, const char *release,
				struct module_list *list, const char *cmdline);

#endif
