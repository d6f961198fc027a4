/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Healing: devices are given back when the boot waits for its root file system too long. */
#ifndef PASSTHRU_INIT_HEAL_H
#define PASSTHRU_INIT_HEAL_H

#include "init/agent.h"

/* Where there is something to give back, leave word for the hooks and for heal_work(). */
void heal_prepare(const struct run *run);

#endif
