/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flow of both programs up to the plan: read what is wanted, look at the host, match, decide.
 * Each function says which ones it needs before; what none asked for is neither read nor computed.
 */
#ifndef PASSTHRU_SESSION_SESSION_H
#define PASSTHRU_SESSION_SESSION_H

#include "facts/facts.h"
#include "plan/decision.h"
#include "plan/match.h"
#include "session/sources.h"
#include "system/module.h"
#include "want/want.h"

/* Where a session reads. */
struct session_input {
	const struct root *root; /* the host */
	/* Configuration, record of needs and credentials; NULL: they are in `root`. */
	const struct root *image;
	const struct root *configuration; /* that alone, if it is not in `image`; or NULL */
	const char *cmdline;              /* in place of /proc/cmdline; or NULL */
	bool ignores_credentials;         /* this machine's: what is read is not for it alone */
	/* For session_read_next_boot(): as if they had been written. */
	const struct sources_dropin *dropins;
	size_t dropin_count;
	text_sink sink; /* gets the files of `image` that say something; or NULL */
	void *sink_context;
	/*
	 * How it finds the numbers of owners of WANT's rules, for session_read_next_boot(); its
	 * last argument is session->owners. NULL: names stay. The agent has the image's record of
	 * them.
	 */
	void (*find_owners)(const struct root *root, struct want *want, char **ret_record);
	bool is_narrow;              /* look only at what the rules rest on (plan/scope.h) */
	module_opener *open_modules; /* how this program gets at modules */
	void *modules_context;
};

/* {0} is an empty one. The plan points into it, so it stays where it is. */
struct session {
	struct session_input input;
	char *cmdline; /* NULL: it could not be read */
	struct want want;
	struct facts facts;
	bool is_scanned;              /* there are facts */
	struct module_index *modules; /* opened by the first that asks for details */
	struct matches matches;       /* of want and facts */
	struct plan plan;
	struct findings findings; /* those that are of no one device */
	char *owners;             /* what an image is to know of names of owners; NULL: nothing */
};

/* Read what is wanted. Negative errno when the kernel command line cannot be read. */
int session_read(struct session *session, const struct session_input *input);

/*
 * The same for the next boot of the system below INPUT->root: the files, or FILE instead. Without
 * /proc the files alone count, and they are read also when passthru is switched off.
 */
int session_read_next_boot(struct session *session, const struct session_input *input,
			   const char *file);

/*
 * Look at all devices as far as is cheap, and judge which rules are for this machine. Negative
 * errno when sysfs cannot be read.
 */
int session_scan(struct session *session);

/* After session_scan(): find out which devices are virtual functions, and how many there can be. */
void session_scan_functions(struct session *session);

/*
 * Or only find out what explains the IOMMU, for iommu_summary(). For those who look no closer: each
 * look adds its findings to those of the IOMMU.
 */
void session_scan_iommu(struct session *session);

/* Then look closer, at all devices. */
void session_scan_details(struct session *session);

/* Or only at those that the plan for WANT will ask for: this session's or another. */
void session_scan_concerned(struct session *session, const struct want *want);

/*
 * After session_scan(): note in the facts what the host needs, as the image has it on record. What
 * could not be read so far goes to the session's findings.
 */
void session_recall_needs(struct session *session);

/* Instead, on a running host: find it out. What cannot be resolved becomes a finding. */
void session_survey_needs(struct session *session);

/* After session_scan_functions(): match all rules and devices, unless that was done before. */
void session_match(struct session *session);

/* After that: the first rule that DEVICE fits wholly, or NULL. */
const struct rule *session_rule_of(const struct session *session, const struct pci_device *device);

/* Decide. Needs details of what the rules concern. */
void session_plan(struct session *session);

/* Decide for the next boot. From here on the facts are those of then: no module is loaded. */
void session_plan_next_boot(struct session *session);

/* A driver was bound to DEVICE for the first time, or ERROR says why not: scan_new_group(). */
void session_note_group(struct session *session, const struct pci_device *device, int error);

/*
 * Leave in the plan only the decisions that CONCERNS picks. What was found when deciding is
 * forgotten: it was told when the plan was made for the first time.
 */
void session_keep(struct session *session,
		  bool (*concerns)(const struct decision *decision, const void *context),
		  const void *context);

/* Forget the host and the plan, to look again. What is wanted and what was found stays. */
void session_forget(struct session *session);

void session_free(struct session *session);

#endif
