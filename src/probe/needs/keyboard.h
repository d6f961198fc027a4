/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The controllers that keyboards are at. */
#ifndef PASSTHRU_PROBE_NEEDS_KEYBOARD_H
#define PASSTHRU_PROBE_NEEDS_KEYBOARD_H

#include <stdbool.h>

#include "probe/needs/ancestry.h"

/*
 * Call FUNCTION with the directory ("sys/devices/...") of each keyboard in TEXT, of
 * /proc/bus/input/devices: a device that has the keys of the first row and below, as udev's
 * input_id has it, which leaves out buttons and most mice. No I/O.
 */
void keyboard_parse(const char *text, void (*function)(const char *directory, void *context),
		    void *context);

/*
 * Note the controllers of keyboards: each as NEED_PASSPHRASE where the boot ASKS for one, else the
 * only one as NEED_KEYBOARD, if no keyboard is at anything but PCI (such as PS/2).
 */
void keyboard_survey(const struct survey *survey, bool asks);

#endif
