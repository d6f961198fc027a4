/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of this boot, by which the agent goes when a device is found anew. */
#ifndef PASSTHRU_CLI_REBIND_BOOT_RULES_H
#define PASSTHRU_CLI_REBIND_BOOT_RULES_H

#include "session/session.h"

/*
 * Whether a rule in the copy of the image matches DEVICE, of SESSION's facts; also when that could
 * not be read.
 */
bool boot_rules_may_match(const struct session *session, const struct pci_device *device);

#endif
