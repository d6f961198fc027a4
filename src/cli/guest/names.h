/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names for devices, made of those of their rules, for formats that allow less. */
#ifndef PASSTHRU_CLI_GUEST_NAMES_H
#define PASSTHRU_CLI_GUEST_NAMES_H

#include "cli/guest/guest.h"

/* What a name must be. It has letters, digits and "._-", and begins and ends with one of the
 * former. */
struct name_form {
	size_t size_max; /* in characters; at least 40 */
	bool has_no_dots;
	bool begins_with_letter; /* and has two characters */
	bool is_of_device;       /* each device has its own; else all of one id have the same */
};

/*
 * Append to RET a name for each device of GUEST, in their order. Two are the same only if FORM has
 * one for all devices of an id, which then have it whatever their rules.
 */
void guest_names(const struct guest *guest, const struct name_form *form, struct names *ret);

#endif
