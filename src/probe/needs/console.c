/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/console.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define ACTIVE_CONSOLES "sys/class/tty/console/active"
#define CLASS_VGA       0x0300

/* NAME is a terminal such as ttyS4; one of the display (tty0) has no device. */
static void note_console(const struct root *root, const char *name, struct facts *facts,
			 struct needs *needs)
{
	_cleanup_free_ char *path = memory_printf("sys/class/tty/%s", name);
	const struct pci_device *device;
	char target[PATH_MAX];
	int r;

	if (!*name || *name == '.' || strchr(name, '/'))
		return;
	r = facts_check_class_link(root_readlink(root, path, target, sizeof(target)), target);
	if (r < 0 && !is_absent(r))
		facts_note(facts, &facts->unread_consoles, path, r);
	if (r < 0)
		return;
	device = facts_device_of_link(facts, target);
	if (device)
		needs_add(needs, NEED_CONSOLE, device, "the console %s", name);
}

static void note_display(const struct root *root, struct pci_device *device, struct needs *needs)
{
	_cleanup_free_ char *path = NULL;
	char name[ADDRESS_SIZE], text[4];
	int r;

	path = memory_printf(PCI_DEVICES "/%s/boot_vga", address_format(&device->address, name));
	r = root_read_attribute(root, path, text, sizeof(text));
	if (r < 0 && !is_absent(r))
		device_note(device, UNREAD_SHOWN, "boot_vga", r);
	if (r >= 0 && streq(text, "1"))
		needs_add(needs, NEED_DISPLAY, device, "the display that the firmware uses");
}

void console_survey(const struct root *root, struct facts *facts, struct needs *needs)
{
	char active[256], *rest = active;
	int r = root_read_attribute(root, ACTIVE_CONSOLES, active, sizeof(active));

	for (size_t i = 0; i < facts->device_count; i++) {
		if (facts->devices[i].class >> 8 == CLASS_VGA)
			note_display(root, &facts->devices[i], needs);
	}
	if (r < 0 && !is_absent(r))
		facts_note(facts, &facts->unread_consoles, ACTIVE_CONSOLES, r);
	if (r < 0)
		return;
	for (char *name; (name = strsep(&rest, " "));)
		note_console(root, name, facts, needs);
}
