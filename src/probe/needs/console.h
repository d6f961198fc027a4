/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's console and display: what can be seen of its needs before any module is loaded. */
#ifndef PASSTHRU_PROBE_NEEDS_CONSOLE_H
#define PASSTHRU_PROBE_NEEDS_CONSOLE_H

#include "facts/facts.h"
#include "system/root.h"

/*
 * Note in NEEDS the card that an active console is on (/sys/class/tty/console/active, Linux
 * Documentation/ABI/testing/sysfs-tty), and the display that the firmware used (`boot_vga`,
 * `boot_display`, Documentation/ABI/testing/sysfs-bus-pci, and framebuffer_survey()). Which
 * consoles there are and could not be read is noted in FACTS.
 */
void console_survey(const struct root *root, struct facts *facts, struct needs *needs);

#endif
