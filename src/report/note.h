/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of devices, or is about to be done with them, in a report that is there. */
#ifndef PASSTHRU_REPORT_NOTE_H
#define PASSTHRU_REPORT_NOTE_H

#include "report/store.h"

/* The last entry for the device at ADDRESS, or NULL. Where two rules are about it, a refused one
 * only if both are. */
struct entry *store_find_at(const struct store *store, const struct pci_address *address);

/* The entry for the rule and the device of DECISION, or NULL. */
struct entry *store_find(const struct store *store, const struct decision *decision);

/*
 * Note how DECISION ended: state, driver and errno of its entry are replaced, the previous driver
 * where there is one, findings appended that it does not have. Without an entry for its rule and
 * address one is added, in the place of one that the rule, which may be one entry of a list, has
 * for a device which was absent. One that was waiting is replaced as a whole.
 */
void store_note(struct store *store, const struct decision *decision);

/*
 * Note that PROGRAM is about to carry out DECISION, which has a device: its entry gets the finding
 * `unfinished`, and the previous driver. Without an entry for the device one is added, of state
 * `planned`. store_settle() undoes it, once what came of it has been noted, if anything has: it
 * takes such findings away, and entries that are still planned.
 */
void store_intend(struct store *store, const struct decision *decision, const char *program);
void store_settle(struct store *store, const struct pci_address *address);

/* Remove all entries for the device at ADDRESS. */
void store_forget(struct store *store, const struct pci_address *address);

/* Append to ENTRY, or to the report itself for NULL, the FINDINGS that it does not have. */
void store_add(struct store *store, struct entry *entry, const struct findings *findings);

/* The findings of the report that are of no device, and those of its IOMMU. */
struct recorded_finding store_findings(const struct store *store);
struct recorded_finding store_iommu_findings(const struct store *store);

/* One of these is an error. */
bool store_has_error(const struct store *store);

/*
 * Set KEY, a literal, of ENTRY, or of the report itself for NULL. A text from outside is escaped;
 * it is null for "".
 */
void store_set_flag(struct store *store, struct entry *entry, const char *key, bool flag);
void store_set_text(struct store *store, struct entry *entry, const char *key, const char *text);

/* The same, of the report's `iommu`, which becomes one where there is none. */
void store_set_iommu_text(struct store *store, const char *key, const char *text);

#endif
