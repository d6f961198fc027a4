/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long output, page by page. */
#ifndef PASSTHRU_CLI_PAGER_H
#define PASSTHRU_CLI_PAGER_H

#include <stdbool.h>

#include "cli/terminal.h"

/* {0} is one that was not opened. */
struct pager {
	bool is_open;
	int pid;
};

/*
 * Send standard output through $SYSTEMD_PAGER, $PAGER or less(1), as systemctl(1) does: on a
 * TERMINAL that is not dumb, unless the variable is "" or "cat", or no such program could be
 * started. less ends by itself where all fits the screen, and runs no other programs.
 */
void pager_open(struct pager *pager, const struct terminal *terminal);

/* Show what was printed and wait for the end; that nobody read it all is no error. */
void pager_close(struct pager *pager);

#endif
