/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network card, as those who configure it name it, and its virtual functions. No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_NETWORK_H
#define PASSTHRU_CLI_IMPORT_NETWORK_H

#include "cli/import/model.h"

/* What is known of it. {0} is nothing. */
struct card {
	char *path; /* one or several with blanks between: "pci-0000:03:00.0" */
	char *mac, *interface, *driver;
	char *count;      /* of its virtual functions; NULL: it is not said */
	char *option;     /* that says so, */
	char *origin;     /* and where */
	bool is_narrower; /* it is matched by something else as well */
};

/* Replace *SLOT, of a card, by a copy of VALUE, without the quotes around it. */
void card_set(char **slot, const char *value);

/* Add what CARD has to IMPORT, if its number of virtual functions is said; it is empty then. */
void card_end(struct card *card, struct import *import);

#endif
