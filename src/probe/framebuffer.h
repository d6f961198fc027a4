/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which device the framebuffer of the firmware is on (facts/framebuffer.h). */
#ifndef PASSTHRU_PROBE_FRAMEBUFFER_H
#define PASSTHRU_PROBE_FRAMEBUFFER_H

#include "facts/facts.h"
#include "system/root.h"

#define PLATFORM_DEVICES "sys/bus/platform/devices"
#define PLATFORM_DRIVERS "sys/bus/platform/drivers"
#define IOMEM_SIZE_MAX   (16 * 1024 * 1024) /* for tens of thousands of devices */

/*
 * Note in FACTS the framebuffers and the devices they are on: by the device that the kernel has
 * made their parent (since Linux 6.9), or else by /proc/iomem, which tells only root. What could
 * not be read of that is noted in ->unread_framebuffer.
 */
void framebuffer_survey(const struct root *root, struct facts *facts);

/*
 * 0 when the framebuffer that was on DEVICE has no driver and none of its memory any more; -EBUSY
 * when it has a driver, -EADDRINUSE when it has memory all the same, or another negative errno when
 * that cannot be told.
 */
int framebuffer_check_gone(const struct root *root, const struct pci_device *device);

#endif
