/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/guest/names.h"

#include <stdlib.h>
#include <string.h>

#include "cli/guest/formats.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define PREFIX "pci-"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_letter_or_digit(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static bool needs_prefix(const struct name_form *form, const char *name)
{
	if (form->begins_with_letter)
		return !is_letter(name[0]) || !name[1];
	return !is_letter_or_digit(name[0]);
}

/* NAME with SUFFIX, as FORM has it; its end is cut where it is too long. */
static char *fit(const struct name_form *form, const char *name, const char *suffix)
{
	_cleanup_free_ char *whole =
		memory_printf("%s%s", needs_prefix(form, name) ? PREFIX : "", name);
	size_t length = strnlen(whole, form->size_max - strlen(suffix));

	while (length > 1 && !is_letter_or_digit(whole[length - 1]))
		length--;
	whole[length] = '\0';
	for (char *c = whole; form->has_no_dots && *c; c++) {
		if (*c == '.')
			*c = '-';
	}
	return memory_printf("%s%s", whole, suffix);
}

/* The NUMBER-th try for a name: "gpu"; "gpu-10de-2184", "gpu-10de-2184-2"; or "gpu-2", "gpu-3". */
static char *make_name(const struct name_form *form, const struct guest_device *device,
		       unsigned number)
{
	_cleanup_free_ char *suffix = NULL;

	if (number == 1)
		return fit(form, device->name, "");
	if (form->is_of_device)
		suffix = memory_printf("-%u", number);
	else if (number == 2)
		suffix =
			memory_printf("-%04x-%04x", device->device->vendor, device->device->device);
	else
		suffix = memory_printf("-%04x-%04x-%u", device->device->vendor,
				       device->device->device, number - 1);
	return fit(form, device->name, suffix);
}

static void add_new(const struct name_form *form, const struct guest_device *device,
		    struct names *names)
{
	for (unsigned number = 1;; number++) {
		_cleanup_free_ char *name = make_name(form, device, number);

		if (names_has(names, name))
			continue;
		names_add(names, name);
		return;
	}
}

void guest_names(const struct guest *guest, const struct name_form *form, struct names *ret)
{
	for (size_t i = 0; i < guest->count; i++) {
		size_t first = form->is_of_device ? i : guest_first_of_id(guest, i);

		if (first < i)
			names_add(ret, ret->items[first]);
		else
			add_new(form, &guest->devices[i], ret);
	}
}
