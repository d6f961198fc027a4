/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/overlap.h"

#include <string.h>

static bool addresses_meet(const struct address_pattern *a, const struct address_pattern *b)
{
	return address_pattern_matches(a, &b->address) || address_pattern_matches(b, &a->address);
}

static bool fields_meet(uint32_t a, uint32_t b)
{
	return a == b || a == ID_ANY || b == ID_ANY;
}

static bool ids_meet(const struct id_pattern *a, const struct id_pattern *b)
{
	return fields_meet(a->vendor, b->vendor) && fields_meet(a->device, b->device) &&
	       fields_meet(a->subvendor, b->subvendor) && fields_meet(a->subdevice, b->subdevice);
}

static bool has_place(const struct selector *selector)
{
	return selector->has_address || selector->path;
}

/* Both say where it is, in the same way; or neither does, and both say what it is. */
static bool selectors_meet(const struct selector *a, const struct selector *b)
{
	if (a->has_id && b->has_id && !ids_meet(&a->id, &b->id))
		return false;
	if (a->has_address && b->has_address)
		return addresses_meet(&a->address, &b->address);
	if (a->path && b->path)
		return strcmp(a->path, b->path) == 0;
	return !has_place(a) && !has_place(b) && a->has_id && b->has_id;
}

bool rules_overlap(const struct rule *sriov, const struct rule *other)
{
	if (!selectors_meet(&sriov->selector, &other->selector))
		return false;
	if (other->kind == RULE_SRIOV || !other->selector.vf.count)
		return true;
	return vf_sets_meet(&sriov->selector.vf, &other->selector.vf);
}
