/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices chosen at a terminal, from a numbered list, and questions there. */
#ifndef PASSTHRU_CLI_CHOOSE_H
#define PASSTHRU_CLI_CHOOSE_H

#include <stdbool.h>

#include "session/session.h"

/* Standard input and output are terminals. */
bool choose_is_possible(void);

/*
 * Print the devices of SESSION, which are matched, by IOMMU group, ask for one, and then for what
 * belongs to it: the rest of its group, the other functions of its slot. Those chosen are marked in
 * PICKED, one element for each device. -ECANCELED when the user chooses none.
 */
int choose_devices(struct session *session, bool picked[]);

/* Ask QUESTION. An empty answer means BY_DEFAULT, the end of the input no. */
bool choose_confirm(const char *question, bool by_default);

#endif
