/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that come later than the agent. The kernel offers a new PCI device at once to the drivers
 * that are there, in the order in which they were loaded (linux/drivers/pci/bus.c
 * pci_bus_add_device, drivers/base/dd.c device_attach), before udev hears of it; /sys/bus/pci/
 * drivers_autoprobe does not prevent that. The agent loads the stub driver before any other module,
 * so it is the stub that gets the device, if only it knows that it is to.
 */
#ifndef PASSTHRU_PLAN_HOTPLUG_H
#define PASSTHRU_PLAN_HOTPLUG_H

#include <stdint.h>

#include "plan/decision.h"

/*
 * Whether, once the plan was carried out, the stub driver of DECISION is to be told of devices of
 * its rule which come later. Not, when the rule wants none, or when there is no telling.
 */
bool hotplug_is_wanted(const struct decision *decision);

/*
 * Whether what it is then told is about the device of DECISION, since the rule names no ids: this
 * one is to be taken again when it is found again. Else it is about the rule, and said once.
 */
bool hotplug_is_of_device(const struct decision *decision);

/* A number that two decisions have in common for which hotplug_is_same(), and hardly any others. */
uint64_t hotplug_key(const struct decision *decision);

/* Of two decisions of which it is to be told: the same entry of its list serves both. */
bool hotplug_is_same(const struct decision *a, const struct decision *b);

/* The ids and class that it is told: those of the rule, else those of the device. */
struct selector hotplug_kind(const struct decision *decision);

/*
 * What to tell it: ids as `new_id` reads them, or for a stub that lists slots the address for
 * `new_slot`. NULL when there is nothing to tell, or when the host has a device of these ids: that
 * could come back as well. The caller frees it.
 */
char *hotplug_entry(const struct plan *plan, const struct decision *decision);

/*
 * Whether hotplug_entry() for DECISION, however it ends, rests on more of the devices that were not
 * looked at than on their vendor and device.
 */
bool hotplug_rests_on_others(const struct plan *plan, const struct decision *decision);

/*
 * The rule that may have had a stub driver take DEVICE by its list, though it may mean another
 * device; NULL when there is none. TOLD is the name of the rule for which the stub has got another
 * device of these ids, or NULL.
 */
const struct rule *hotplug_suspect(const struct want *want, const struct pci_device *device,
				   const char *told);

#endif
