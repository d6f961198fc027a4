/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan for the next boot, as lines for a reader. */
#ifndef PASSTHRU_CLI_ACCOUNT_H
#define PASSTHRU_CLI_ACCOUNT_H

#include "report/record.h"
#include "session/session.h"

/* Print all lines of RECORD, problems first: a long plan must not hide them. */
void account_print(const struct record *record);

/* Behind it: which command explains its findings. */
void account_tell_explain(const struct record *record);

/*
 * What SESSION has found and planned, after next_boot_plan(), on a host with this KERNEL. IOMMU is
 * its iommu_summary(), or NULL.
 */
struct record account_of(const struct session *session, const char *kernel, const char *iommu);

#endif
