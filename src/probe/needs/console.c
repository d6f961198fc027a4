/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/console.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "probe/framebuffer.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define ACTIVE_CONSOLES "sys/class/tty/console/active"

/*
 * One that shows what the kernel writes is of no use without its display, ttynull of none at all;
 * what Xen makes of a dom0's own may be shown as well.
 */
static bool is_beside_display(const struct facts *facts, const char *name)
{
	bool is_terminal =
		strncmp(name, "tty", 3) == 0 && strspn(name + 3, "0123456789") == strlen(name + 3);

	return *name && !is_terminal && strcmp(name, "ttynull0") != 0 &&
	       !(facts_in_dom0(facts) && strncmp(name, "hvc", 3) == 0);
}

/* NAME is a terminal such as ttyS4; one of the display (tty0) has no device. */
static void note_console(const struct root *root, const char *name, struct facts *facts,
			 struct needs *needs)
{
	_cleanup_free_ char *path = memory_printf("sys/class/tty/%s", name);
	const struct pci_device *device = NULL;
	char target[PATH_MAX];
	int r;

	if (!*name || *name == '.' || strchr(name, '/'))
		return;
	r = facts_check_class_link(root_readlink(root, path, target, sizeof(target)), target);
	if (r < 0 && !is_absent(r)) {
		facts_note(facts, &facts->unread_consoles, path, r);
		return;
	}
	if (r == 0)
		device = facts_device_of_link(facts, target);
	if (device)
		needs_add(needs, NEED_CONSOLE, device, "the console %s", name);
	else
		facts->has_other_console |= is_beside_display(facts, name);
}

/* ATTRIBUTE is there and says that the firmware has used the display. */
static bool is_boot_display(const struct root *root, struct pci_device *device,
			    const char *attribute)
{
	_cleanup_free_ char *path = NULL;
	char name[ADDRESS_SIZE], text[4];
	int r;

	path = memory_printf(PCI_DEVICES "/%s/%s", address_format(&device->address, name),
			     attribute);
	r = root_read_attribute(root, path, text, sizeof(text));
	if (r < 0 && !is_absent(r))
		device_note(device, UNREAD_SHOWN, attribute, r);
	return r >= 0 && streq(text, "1");
}

/* Before Linux 6.17 only devices of class 0300 say so by themselves. */
static void note_display(const struct root *root, struct pci_device *device, struct needs *needs)
{
	if (device_is_display(device) &&
	    ((device_is_vga(device) && is_boot_display(root, device, "boot_vga")) ||
	     is_boot_display(root, device, "boot_display")))
		needs_add(needs, NEED_DISPLAY, device, "the display that the firmware uses");
	else if (device->framebuffer)
		needs_add(needs, NEED_DISPLAY, device, "the framebuffer of the firmware is on it");
}

void console_survey(const struct root *root, struct facts *facts, struct needs *needs)
{
	char active[256], *rest = active;
	int r = root_read_attribute(root, ACTIVE_CONSOLES, active, sizeof(active));

	framebuffer_survey(root, facts);
	for (size_t i = 0; i < facts->device_count; i++)
		note_display(root, &facts->devices[i], needs);
	if (r < 0 && !is_absent(r))
		facts_note(facts, &facts->unread_consoles, ACTIVE_CONSOLES, r);
	if (r < 0)
		return;
	for (char *name; (name = strsep(&rest, " "));)
		note_console(root, name, facts, needs);
}
