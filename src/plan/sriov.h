/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical functions that are to have virtual ones (linux/drivers/pci/iov.c). They stay with their
 * own driver, which has to be there before any virtual function can be.
 */
#ifndef PASSTHRU_PLAN_SRIOV_H
#define PASSTHRU_PLAN_SRIOV_H

#include "plan/decision.h"

/* Refuse the VF of DECISION where its rule gives it a MAC address that another VF gets as well. */
void sriov_check_mac(struct decision *decision, const struct plan *plan);

/*
 * The end of the decisions on physical functions (VERDICT_DIVIDE): one is refused when it cannot
 * have as many as its rule says, or not without a loss; else its state is STATE_READY when it has
 * them, STATE_PLANNED when they can be made now, STATE_WAITING when it has no driver yet.
 */
void sriov_judge(struct plan *plan);

#endif
