/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decision on each device, and the plan that they are. */
#ifndef PASSTHRU_PLAN_DECISION_H
#define PASSTHRU_PLAN_DECISION_H

#include <stddef.h>

#include "facts/facts.h"
#include "finding/finding.h"
#include "plan/kinds.h"
#include "plan/members.h"
#include "want/want.h"

enum verdict {
	VERDICT_TAKE,
	VERDICT_REFUSE, /* left to the host */
	VERDICT_HOLD,   /* not taken, and no driver is to have it */
	VERDICT_ABSENT, /* the rule found no device */
	VERDICT_DIVIDE, /* it is to have virtual functions, and keeps its own driver */
	VERDICT_RETURN, /* given back; see release.h */
};

/* Whether VFIO will hand the device to a guest once the plan is carried out. */
enum viability {
	VIABILITY_UNJUDGED, /* not taken, or not by VFIO */
	VIABILITY_NO,
	VIABILITY_YES,
};

/* Where the device stands: what was planned, until apply has made it so. */
enum state {
	STATE_PLANNED,
	STATE_BOUND,
	STATE_CLAIMED,
	STATE_HELD,
	STATE_REFUSED,
	STATE_ABSENT,
	STATE_FAILED,
	STATE_RETURNED, /* given back: the boot needs it, nobody meant it, or somebody said so */
	STATE_WAITING,  /* a physical function that gets virtual ones later, with its driver */
	STATE_READY,    /* a physical function that has them */
	STATE_UNKNOWN,  /* only of a report: none of these */
};

/* What becomes of one setting of a device. */
struct decision_setting {
	char *value;  /* that it is to have; NULL: none */
	char *former; /* that it had before, to be returned with; NULL where there is none */
};

struct decision {
	const struct rule *rule;
	const struct pci_device *device; /* NULL when absent */
	enum verdict verdict;
	const struct stub *stub;
	char driver[DRIVER_NAME_SIZE];      /* the stub (or variant) driver that is to have it */
	char module[DRIVER_NAME_SIZE];      /* what provides that driver */
	char host_driver[DRIVER_NAME_SIZE]; /* the other one that had it; "" for none */
	struct findings findings;

	enum viability viability;
	bool releases_framebuffer;  /* that of the firmware, which is on the device */
	struct vf_values vf_wanted; /* of a VF: what its rule sets of it */
	/* An array by enum setting; NULL: nothing is set, and nothing was. See plan/settings.h. */
	struct decision_setting *settings;

	/* The outcome, filled in by apply. */
	enum state state;
	struct vf_values vf_former; /* what was changed for vf_wanted, to be undone with it */
	int framebuffer_error;      /* negative errno of unbinding it, or 0 */
	int error;                  /* negative errno of what went wrong first, or 0 */
	bool is_armed; /* the stub driver knows of devices of this rule that come later */
};

struct plan {
	const struct want *want;
	const struct facts *facts;
	struct decision *decisions; /* in the order of the rules, then of addresses */
	size_t count;
	/* For each device of FACTS, the number of its decision, from 1; 0: none. */
	size_t *of_device;
	struct groups groups; /* of FACTS */
	/* Of each need, whether it is in its place, as far as somebody has asked: guard.c. */
	unsigned char *need_places;
	struct kinds *kinds; /* of FACTS, made when they are first asked for: plan_kinds() */
};

/* EACH becomes each decision of PLAN in turn; none may be added meanwhile. */
#define for_each_decision(each, plan)                   \
	for (struct decision *each = (plan)->decisions; \
	     each && each < (plan)->decisions + (plan)->count; each++)

/* "bound", "claimed", ... as in the report */
const char *state_word(enum state state);

/* The state that WORD is; STATE_UNKNOWN for any other. */
enum state state_parse(const char *word);

/* The device is claimed by a driver_override: for its stub driver, or so that none gets it. */
bool decision_claims(const struct decision *decision);

/* The driver that is to have the device has it. */
bool decision_is_bound(const struct decision *decision);

/*
 * The claim only keeps all drivers off: of a device that is held, and of one that the loading of
 * its stub driver would bind together with others, one after the other (struct stub, is_slow).
 */
bool decision_is_fenced(const struct decision *decision);

/* A driver has the device, and not the one that is to have it. */
bool decision_has_other_driver(const struct decision *decision);

/*
 * The device is taken if only it can be: it is no physical function that is to be divided, whatever
 * became of that.
 */
bool decision_is_to_be_taken(const struct decision *decision);

/* A plan on FACTS for the rules of WANT, without decisions yet. plan_free() ends it. */
void plan_begin(const struct want *want, const struct facts *facts, struct plan *ret);

/* The stub driver (for a variant, vfio-pci) that has DEVICE already, or NULL. */
const struct stub *plan_stub_of(const struct pci_device *device);

/* The decision on DEVICE, or NULL. Where one rule takes it and another divides it, the former. */
struct decision *plan_find(const struct plan *plan, const struct pci_device *device);

/* The devices of PLAN's facts by what they are. */
const struct kinds *plan_kinds(const struct plan *plan);

/*
 * DEVICE is in the PCI domain of a device that PLAN claims (Intel VMD), and goes when the driver of
 * that does.
 */
bool plan_takes_domain_of(const struct plan *plan, const struct pci_device *device);

/* Leave in PLAN only the decisions that CONCERNS picks; pointers to decisions hold no longer. */
void plan_keep(struct plan *plan,
	       bool (*concerns)(const struct decision *decision, const void *context),
	       const void *context);

/* Append a decision to take DEVICE for RULE; the pointer holds until the next one is appended. */
struct decision *plan_add(struct plan *plan, const struct rule *rule,
			  const struct pci_device *device);

/* Forget the settings of DECISION. */
void decision_free_settings(struct decision *decision);

/* Take back the last plan_add(). */
void plan_drop_last(struct plan *plan);

/*
 * Do not take the device of DECISION, for the reason given: leave it to the host, or let no driver
 * have it where the rule says on-failure = hold.
 */
void plan_refuse(struct decision *decision, enum finding_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void plan_free(struct plan *plan);

#endif
