/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A finding: one thing worth telling, as data. Every stage of the flow makes them; the log, the
 * report, `check` and the tests print the same ones.
 */
#ifndef PASSTHRU_FINDING_FINDING_H
#define PASSTHRU_FINDING_FINDING_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum severity {
	SEVERITY_INFO,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
};

/* Each is a row in finding.c; the words there are stable (passthru-init(8), FINDINGS). */
enum finding_code {
	FINDING_CONFIG_ERROR,
	FINDING_BAD_OPTION,
	FINDING_OPTION_OVERRIDDEN,
	FINDING_OPTIONS_IN_FORCE,
	FINDING_OFF,
	FINDING_NOTHING_CONFIGURED,
	FINDING_SKIPPED,
	FINDING_NO_SYSFS,
	FINDING_NO_PROC,
	FINDING_HOST_UNSEEN,
	FINDING_UNREADABLE,
	FINDING_AGENT_DIED,
	FINDING_DEADLINE,
	FINDING_ABSENT,
	FINDING_ID_MISMATCH,
	FINDING_LOCATION_MISMATCH,
	FINDING_COUNT_MISMATCH,
	FINDING_SEVERAL_MATCH,
	FINDING_BRIDGE,
	FINDING_ADDRESS_ALONE,
	FINDING_GUARD_STORAGE,
	FINDING_GUARD_NETWORK,
	FINDING_GUARD_CONSOLE,
	FINDING_GUARD_UNKNOWN,
	FINDING_GUARD_OVERRIDDEN,
	FINDING_HOST_NETWORK,
	FINDING_HOST_DISPLAY,
	FINDING_HOST_KEYBOARD,
	FINDING_ROOT_UNRESOLVED,
	FINDING_NEED_UNRESOLVED,
	FINDING_NEEDS_UNRECORDED,
	FINDING_NEEDS_OF_OTHER_HOST,
	FINDING_NEEDS_DAMAGED,
	FINDING_RETURNED,
	FINDING_SRIOV_MISSING,
	FINDING_SRIOV_TOO_MANY,
	FINDING_SRIOV_TAKEN,
	FINDING_SRIOV_IN_USE,
	FINDING_SRIOV_WAITING,
	FINDING_SRIOV_FAILED,
	FINDING_NOT_MEANT,
	FINDING_WATCH_FAILED,
	FINDING_RELEASED,
	FINDING_NOT_ASSIGNED,
	FINDING_XEN_DOM0,
	FINDING_NOT_XEN,
	FINDING_XEN_PVH,
	FINDING_XEN_IOMMU_OFF,
	FINDING_DRIVER_IN_USE,
	FINDING_IN_USE,
	FINDING_ALREADY_BOUND,
	FINDING_BOUND_BY_OTHER,
	FINDING_IOMMU_OFF,
	FINDING_IOMMU_UNKNOWN,
	FINDING_IOMMU_IGNORED,
	FINDING_GROUP_INCOMPLETE,
	FINDING_GROUP_REFUSED,
	FINDING_GROUP_WHOLE,
	FINDING_GROUP_DRIVERS_DIFFER,
	FINDING_GROUP_OF_HOST,
	FINDING_IOMMU_NO_TABLE,
	FINDING_IOMMU_OFF_BY_OPTION,
	FINDING_IOMMU_NOT_ENABLED,
	FINDING_IOMMU_INIT_FAILED,
	FINDING_IOMMU_FIRMWARE_BUG,
	FINDING_LOG_ENDLESS,
	FINDING_IOMMU_OPTION_INEFFECTIVE,
	FINDING_NO_IOMMU_MODE,
	FINDING_ACS_OVERRIDE,
	FINDING_INTERRUPT_REMAPPING_OFF,
	FINDING_UNSAFE_INTERRUPTS,
	FINDING_DENYLISTED,
	FINDING_DIRECT_REGION,
	FINDING_RESET_MISSING,
	FINDING_RESET_WEAK,
	FINDING_CONVENTIONAL_BRIDGE,
	FINDING_REMOVABLE,
	FINDING_CLAIM_FAILED,
	FINDING_RELEASE_FAILED,
	FINDING_STUB_MISSING,
	FINDING_MODULE_FAILED,
	FINDING_BIND_FAILED,
	FINDING_PERMISSIVE_FAILED,
	FINDING_RETURN_FAILED,
	FINDING_TAKEN_BACK,
	FINDING_UNFINISHED,
	FINDING_IMAGE_NO_AGENT,
	FINDING_IMAGE_CONFIG,
	FINDING_IMAGE_MODULE,
	FINDING_IMAGE_LATE,
	FINDING_CHANGED,
	FINDING_NO_RECORD,
	FINDING_CODE_COUNT,
};

struct finding {
	enum finding_code code;
	char *text; /* escaped: only 0x20-0x7e */
};

struct findings {
	struct finding *items;
	size_t count;
};

/* Append a finding; its text is escaped here, once, so that no printer has to. */
void findings_add(struct findings *findings, enum finding_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void findings_add_v(struct findings *findings, enum finding_code code, const char *format,
		    va_list arguments) __attribute__((format(printf, 3, 0)));

/* Move all of SOURCE behind those of FINDINGS; SOURCE is empty afterwards. */
void findings_move(struct findings *findings, struct findings *source);

void findings_free(struct findings *findings);

/* The gravest severity among them, SEVERITY_INFO when there are none. */
enum severity findings_severity(const struct findings *findings);

const char *finding_word(enum finding_code code);
enum severity finding_severity(enum finding_code code);
/* What to do about it, or NULL where nothing is to be done. */
const char *finding_remedy(enum finding_code code);

/* "info", "warning", "error" */
const char *severity_word(enum severity severity);

#endif
