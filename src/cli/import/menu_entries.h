/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of a boot menu, each of which has a kernel command line. No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_MENU_ENTRIES_H
#define PASSTHRU_CLI_IMPORT_MENU_ENTRIES_H

#include "cli/import/model.h"

/* Note that of one menu the entry at ORIGIN gives the stub drivers OPTIONS ("" for none). */
void menu_entry_add(struct menu *menu, const char *origin, const char *options);

/* Tell what some entries have and others do not, and forget the menu. */
void menu_entries_end(struct import *import);

#endif
