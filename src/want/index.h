/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules by what they select, so that nobody has to compare thousands of them with each device or
 * with each other. A rule that is found may still not match; one that is not found does not. No
 * I/O.
 */
#ifndef PASSTHRU_WANT_INDEX_H
#define PASSTHRU_WANT_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "want/rule.h"

/* One of the keys by which a rule is found. */
struct index_entry {
	uint64_t key;
	size_t rule;
};

struct rule_index {
	struct index_entry *entries; /* in the order of keys, then of rules */
	size_t count;
};

/* Those of COUNT RULES that are not set aside, by address, by path, and by id where they have no
 * place. The caller frees it. */
void rule_index_make(const struct rule *rules, size_t count, struct rule_index *ret);
void rule_index_free(struct rule_index *index);

/* The entries with KEY, in the order of their rules, as their number; *RET_ENTRIES is the first. */
size_t rule_index_find(const struct rule_index *index, uint64_t key,
		       const struct index_entry **ret_entries);

/* For all functions of a slot; for a whole path; for vendor and device. */
uint64_t index_key_of_address(const struct pci_address *address);
uint64_t index_key_of_path(const char *path);
uint64_t index_key_of_id(uint32_t vendor, uint32_t device);

/* Rules that are found by no other key, such as those by class: for every device. */
#define INDEX_KEY_ANY 0

/*
 * Call FUNCTION with each key that SELECTOR is found by: its address, its path, or its id where it
 * has no place; INDEX_KEY_ANY for what is of no one slot or id.
 */
void index_each_key(const struct selector *selector, void (*function)(uint64_t key, void *context),
		    void *context);

#endif
