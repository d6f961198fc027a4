/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was set of devices, in a report: "settings" of passthru-report(5). */
#ifndef PASSTHRU_REPORT_SETTINGS_H
#define PASSTHRU_REPORT_SETTINGS_H

#include "plan/decision.h"
#include "report/entry.h"

struct json_writer;

/* What DECISION has; null where it has none. */
void settings_put_json(struct json_writer *json, const struct decision *decision);

/* For a device that is to be returned: ENTRY, or NULL, says what it is to be returned with. */
void settings_recall(struct decision *decision, const struct entry *entry);

/*
 * For a device that was claimed before, and is to be set anew: the former values are those from
 * before that.
 */
void settings_recall_former(struct decision *decision, const struct entry *entry);

/*
 * What of the settings of ENTRY, a device that its stub driver has, the kernel has otherwise now:
 * "d3cold is yes, not no", or could not be read. NULL where all hold; the caller frees it.
 */
char *settings_difference(const struct root *root, const struct entry *entry);

/* ENTRY has settings of nodes in /dev/vfio, which udev makes: they may come late. */
bool settings_await_udev(const struct entry *entry);

#endif
