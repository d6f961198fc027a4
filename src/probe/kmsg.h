/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log, for what it says of the IOMMU (Documentation/ABI/testing/dev-kmsg). */
#ifndef PASSTHRU_PROBE_KMSG_H
#define PASSTHRU_PROBE_KMSG_H

#include "system/root.h"

/*
 * The text of the line RECORD of /dev/kmsg ("6,339,5140900,-;text") if the kernel itself wrote it:
 * facility 0. NULL for what user space wrote, which can imitate anything, for the KEY=value lines
 * that follow a record, and for what is no record.
 */
const char *kmsg_kernel_text(const char *record);

/*
 * Call FUNCTION with each record that the kernel wrote, as /dev/kmsg has it; see below.
 */
int kmsg_each_record(const struct root *root, void (*function)(const char *record, void *context),
		     void *context);

/*
 * Call FUNCTION with the text of each line that the kernel wrote and that has not been overwritten
 * yet. The end of the log is not waited for. 0, or negative errno when it cannot be read; 1 when
 * it was written as fast as it was read, and so was left after 64 MiB or two seconds.
 */
int kmsg_each_line(const struct root *root, void (*function)(const char *text, void *context),
		   void *context);

#endif
