/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which machine this is: the firmware, the processor, the kernel's command line. */
#ifndef PASSTHRU_PROBE_MACHINE_H
#define PASSTHRU_PROBE_MACHINE_H

#include "facts/facts.h"
#include "system/root.h"

#define DMI_DIRECTORY  "sys/class/dmi/id"
#define DEVICE_TREE    "sys/firmware/devicetree/base"
#define CPU_DIRECTORY  "sys/devices/system/cpu"
#define KERNEL_MACHINE "proc/sys/kernel/arch" /* since Linux 6.1 */

/*
 * After scan_host(): fill ->machine of FACTS with TRAITS, as of want_traits(), and nothing else.
 * What the machine does not have is known; what could not be read is noted as such.
 */
void machine_survey(const struct root *root, unsigned traits, const char *cmdline,
		    struct facts *facts);

#endif
