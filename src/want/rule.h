/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule: which devices, how many, and what is to be done with them. */
#ifndef PASSTHRU_WANT_RULE_H
#define PASSTHRU_WANT_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "want/condition.h"
#include "want/selector.h"
#include "want/setting.h"
#include "want/stub.h"
#include "want/vf_list.h"

/* Unset (0) differs from every value: a rule then inherits. */
enum iommu_policy { IOMMU_UNSET, IOMMU_REQUIRE, IOMMU_WARN };
enum group_policy { GROUP_UNSET, GROUP_LISTED, GROUP_WHOLE, GROUP_REFUSE };
enum failure_policy { FAILURE_UNSET, FAILURE_HOST, FAILURE_HOLD };
enum driver_choice { DRIVER_UNSET, DRIVER_AUTO, DRIVER_STUB };
enum choice { CHOICE_UNSET, CHOICE_NO, CHOICE_YES };
/* What proves a new configuration: nothing has to, a good boot, or an administrator. */
enum trial_choice { TRIAL_UNSET, TRIAL_NO, TRIAL_BOOT, TRIAL_CONFIRM };

/* [device NAME] takes what it selects; [sriov NAME] has virtual functions made, and takes those. */
enum rule_kind { RULE_DEVICE, RULE_SRIOV };

/* What a rule may take although the host needs it. */
enum allow {
	ALLOW_STORAGE = 1 << 0,
	ALLOW_NETWORK = 1 << 1,
	ALLOW_CONSOLE = 1 << 2,
};

/* Whether a rule counts on this machine: what plan/condition.h makes of its conditions. */
enum standing {
	STANDING_COUNTS,
	STANDING_SET_ASIDE, /* its conditions do not hold: as if it were not there */
	STANDING_UNKNOWN,   /* that could not be read: it takes nothing, and no other rule does */
};

#define CONFIRM_MAX_S 86400

struct options {
	enum driver_choice driver;
	const struct stub *stub; /* for DRIVER_STUB */
	enum iommu_policy iommu;
	enum group_policy group;
	enum failure_policy on_failure;
	enum choice hotplug;
	/* Of [passthru] only: how long the boot may wait for its root; 0: nothing is returned. */
	uint32_t root_grace_s;
	bool has_root_grace;
	/* Of [passthru] only: see trial/state.h. 0: unset. */
	enum trial_choice trial;
	uint32_t trial_tries, confirm_within_s;
	uint64_t given; /* the keys that were set, by want/keys.c: none may be set twice */
};

struct rule {
	enum rule_kind kind;
	char *name;
	char *origin; /* "/etc/passthru.conf:12", "SMBIOS credential passthru.conf:1" */
	char *entry;  /* of a stub driver's own option, that which it is made of; else NULL */
	struct selector selector;
	uint32_t count;         /* 0: not given */
	uint32_t vfs;           /* of RULE_SRIOV: how many to make; 0: not given */
	struct vf_lists lists;  /* of RULE_SRIOV, or made on the running host for a VF */
	enum choice pf_up;      /* of RULE_SRIOV: bring the PF's interface up before */
	enum choice permissive; /* xen-pciback only */
	unsigned allow;         /* of enum allow */
	struct device_settings settings;
	char *owner_origin; /* of `owner` in a file: "/etc/passthru.conf:14"; else NULL */
	struct conditions conditions;
	enum standing standing;
	char *standing_why; /* NULL for STANDING_COUNTS */
	struct options options;
	/* Made on the running host: a driver that was loaded is made to let go of the device. */
	bool at_run_time;
};

/* Set what OPTIONS leaves unset to what PARENT says. */
void options_inherit(struct options *options, const struct options *parent);

/* The same for [passthru], with the keys that are of no device. */
void settings_inherit(struct options *settings, const struct options *parent);

/* An empty rule. NAME and ORIGIN are copied; the caller has rules_free() free it. */
struct rule rule_make(enum rule_kind kind, const char *name, const char *origin);

/*
 * All keys of RULE were set: see that they make a rule together, and fill in those that follow from
 * others. NULL, or what is wrong with it, to go behind the rule's name; the caller frees that.
 */
char *rule_complete(struct rule *rule);

/* "device" or "sriov", as in the section's head */
const char *rule_kind_word(enum rule_kind kind);

/* NAME can name a rule: 1 to 64 of A-Z a-z 0-9 . _ - */
bool rule_name_is_valid(const char *name);

/* Free what RULE has. */
void rule_free(struct rule *rule);

/* Free COUNT rules, and what they are in. */
void rules_free(struct rule *rules, size_t count);

#endif
