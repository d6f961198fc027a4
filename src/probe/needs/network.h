/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a network interface, or a server behind it, to the network card. */
#ifndef PASSTHRU_PROBE_NEEDS_NETWORK_H
#define PASSTHRU_PROBE_NEEDS_NETWORK_H

#include "probe/needs/ancestry.h"

/*
 * Note the cards below the interface that leads to the server ADDRESS, for WHAT ("/ on 10.0.0.1"),
 * as NEED_NETWORK: through bond, team, bridge and VLAN. Where ADDRESS is NULL or there is no route
 * to it: those of the default routes. False when no card was found.
 */
bool network_note_server(const struct survey *survey, const char *address, const char *what);

/*
 * Note what carries the network that CMDLINE asks for (NEED_NETWORK: network_root.h), and what
 * carries the default routes (NEED_UPLINK).
 */
void network_survey(const struct survey *survey, const char *cmdline);

#endif
