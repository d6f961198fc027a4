/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Set what a rule says of a device, and set it back when the device is returned. A setting that
 * fails is a finding; the device is bound all the same.
 */
#ifndef PASSTHRU_APPLY_SETTINGS_H
#define PASSTHRU_APPLY_SETTINGS_H

#include "apply/context.h"

/*
 * Set those of TIME, and read them back, in half of the time that is left. For a BAR, the stub
 * driver that is bound already is unbound meanwhile.
 */
void settings_apply(const struct apply *apply, struct decision *decision, enum setting_time time);

/*
 * Give the device of DECISION, which no driver is bound to, its former values.
 * For a child; settings_check_restored() tells what was not set back.
 */
void settings_restore(const struct root *root, const struct decision *decision);
void settings_check_restored(const struct root *root, struct decision *decision);

#endif
