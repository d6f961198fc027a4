/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one source (the files, or the kernel command line) asks for. Both parsers fill this same
 * structure through the same functions, so that whatever works in one works in the other.
 */
#ifndef PASSTHRU_WANT_INTENT_H
#define PASSTHRU_WANT_INTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding/finding.h"
#include "want/selector.h"
#include "want/stub.h"

/* Unset (0) differs from every value: a rule then inherits. */
enum iommu_policy { IOMMU_UNSET, IOMMU_REQUIRE, IOMMU_WARN };
enum group_policy { GROUP_UNSET, GROUP_LISTED, GROUP_WHOLE, GROUP_REFUSE };
enum failure_policy { FAILURE_UNSET, FAILURE_HOST, FAILURE_HOLD };
enum driver_choice { DRIVER_UNSET, DRIVER_AUTO, DRIVER_STUB };
enum permissive { PERMISSIVE_UNSET, PERMISSIVE_NO, PERMISSIVE_YES };
enum hotplug { HOTPLUG_UNSET, HOTPLUG_NO, HOTPLUG_YES };

/* [device NAME] takes what it selects; [sriov NAME] has virtual functions made, and takes those. */
enum rule_kind { RULE_DEVICE, RULE_SRIOV };

/* What a rule may take although the host needs it. */
enum allow {
	ALLOW_STORAGE = 1 << 0,
	ALLOW_NETWORK = 1 << 1,
	ALLOW_CONSOLE = 1 << 2,
};

struct options {
	enum driver_choice driver;
	const struct stub *stub; /* for DRIVER_STUB */
	enum iommu_policy iommu;
	enum group_policy group;
	enum failure_policy on_failure;
	enum hotplug hotplug;
	/* Of [passthru] only: how long the boot may wait for its root; 0: nothing is given back. */
	uint32_t root_grace_s;
	bool has_root_grace;
};

struct rule {
	enum rule_kind kind;
	char *name;
	char *origin; /* "/etc/passthru.conf:12", "the kernel command line" */
	char *entry;  /* of a stub driver's own option, that which it is made of; else NULL */
	struct selector selector;
	uint32_t count;             /* 0: not given */
	uint32_t vfs;               /* of RULE_SRIOV: how many to make; 0: not given */
	enum permissive permissive; /* xen-pciback only */
	unsigned allow;             /* of enum allow */
	struct options options;
	/* Made on the running host: a driver that was loaded is made to let go of the device. */
	bool at_run_time;
};

struct intent {
	struct options options;
	struct rule *rules;
	size_t rule_count;
	unsigned rule_options; /* how many of the rules are passthru.device= and passthru.sriov= */
	bool off;              /* passthru=off or rd.passthru=0 */
	char **skip;           /* names of rules to leave out */
	size_t skip_count;
	struct findings findings;
};

/* Append an empty rule; the pointer holds until the next one is appended. */
struct rule *intent_add_rule(struct intent *intent, enum rule_kind kind, const char *name,
			     const char *origin);

/* The rule called NAME, or NULL. */
struct rule *intent_find_rule(const struct intent *intent, const char *name);

/*
 * Set KEY of the keys that [passthru] and [device] sections share. 0; or -ENOENT unknown key,
 * -EEXIST given twice, -EINVAL bad value, with *RET_EXPECTED then saying what would be right.
 */
int options_set(struct options *options, const char *key, const char *value,
		const char **ret_expected);

/* The same for all keys of [passthru]. */
int settings_set(struct options *settings, const char *key, const char *value,
		 const char **ret_expected);

/* Set what OPTIONS leaves unset to what PARENT says. */
void options_inherit(struct options *options, const struct options *parent);

/* The same for [passthru], with the keys that are of no device. */
void settings_inherit(struct options *settings, const struct options *parent);

/* The same for the keys of a [device] section, which are those and the selectors. */
int rule_set(struct rule *rule, const char *key, const char *value, const char **ret_expected);

/*
 * All keys of RULE were set: see that they make a rule together, and fill in those that follow from
 * others. NULL, or what is wrong with it, to go behind the rule's name; the caller frees that.
 */
char *rule_complete(struct rule *rule);

/* "device" or "sriov", as in the section's head */
const char *rule_kind_word(enum rule_kind kind);

/* NAME can name a rule: 1 to 64 of A-Z a-z 0-9 . _ - */
bool rule_name_is_valid(const char *name);

void intent_free(struct intent *intent);

#endif
