/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first line of list, check and status: whether the IOMMU is on. */
#ifndef PASSTHRU_CLI_IOMMU_H
#define PASSTHRU_CLI_IOMMU_H

#include "cli/terminal.h"
#include "session/session.h"

/*
 * Look at the host of SESSION, which has read what is wanted and nothing else, as far as the IOMMU
 * goes. Returns iommu_summary() of it, or why there is none; the caller frees it.
 */
char *iommu_look(struct session *session);

/* Print "IOMMU: SUMMARY" for TERMINAL, in a colour where it is not on. */
void iommu_print(const char *summary, const struct terminal *terminal);

#endif
