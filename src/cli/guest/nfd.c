/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kubernetes-sigs.github.io/node-feature-discovery, Customization guide, Local feature source. */
#include <stdio.h>

#include "cli/guest/formats.h"
#include "cli/guest/names.h"
#include "util/cleanup.h"

#define DIRECTORY "/etc/kubernetes/node-feature-discovery/features.d"
#define LABEL     "passthru-"

/* With LABEL before it, the name of a label (k8s.io/apimachinery, IsQualifiedName). */
static const struct name_form label_form = { .size_max = 63 - (sizeof(LABEL) - 1) };

/* How many with the id of the device at INDEX a guest can have now: a label says what is true. */
static size_t count_assignable(const struct guest *guest, size_t index)
{
	size_t count = 0;

	for (size_t i = index; i < guest->count; i++)
		count += guest_first_of_id(guest, i) == index && guest->devices[i].is_assignable;
	return count;
}

void guest_print_nfd(const struct guest *guest)
{
	_cleanup_(names_free) struct names names = { 0 };

	guest_names(guest, &label_form, &names);
	puts("# For " DIRECTORY ": rename it into its place there when it is complete.");
	for (size_t i = 0; i < guest->count; i++) {
		if (guest_first_of_id(guest, i) == i)
			printf("feature.node.kubernetes.io/" LABEL "%s=%zu\n", names.items[i],
			       count_assignable(guest, i));
	}
}
