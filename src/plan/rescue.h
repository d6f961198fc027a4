/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which devices a boot may be waiting for when its root file system does not appear. */
#ifndef PASSTHRU_PLAN_RESCUE_H
#define PASSTHRU_PLAN_RESCUE_H

#include <stdbool.h>

#include "facts/device.h"
#include "want/intent.h"

/*
 * Whether the root file system may be on DEVICE or come through it: storage or a USB controller,
 * with ON_NETWORK a network card as well.
 */
bool rescue_may_be_missed(const struct pci_device *device, bool on_network);

/* Whether RULE, which may be NULL, allows that the host does without DEVICE. */
bool rescue_is_allowed(const struct rule *rule, const struct pci_device *device);

#endif
