/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Misspelt options of the stub drivers: which one was meant. No I/O. */
#ifndef PASSTHRU_WANT_NEAR_H
#define PASSTHRU_WANT_NEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "want/stub.h"

/*
 * The stub driver for whose own option NAME, which is no such option, was probably meant: it
 * differs from "vfio-pci.ids" or another by its separators and two letters; or it names one of
 * these drivers, and ids or slots, or VALUE (which may be NULL) is a list of them. NULL for any
 * other name.
 */
const struct stub *near_stub(const char *name, const char *value);

/* WORD begins like a list of ids ("10de:1aeb,...") or of slots ("(01:00.0)..."). */
bool near_is_list(const char *word);

/*
 * Where in NAME, a word without '=', a list begins that was probably meant as the value of what is
 * before it: "vfio-pci.ids:10de:1aeb". *RET_LENGTH is how long that is. NULL without one.
 */
const char *near_value(const char *name, size_t *ret_length);

/* NAME has the name of a stub driver in it, or of one that belongs to it, whatever its separators.
 */
bool near_names_driver(const char *name);

/* TEXT has a quotation mark that only typography knows. */
bool near_has_typographic_quote(const char *text);

#endif
