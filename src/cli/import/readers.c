/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of all sources but modprobe.d: each has a grammar of its own. */
#include <string.h>

#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* Hand over the lines of TEXT, counted, without comments and blanks around them. */
static void each_line(struct import *import, const char *file, const char *text,
		      void (*function)(struct import *import, char *line, const char *origin))
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	char *rest = copy;
	unsigned number = 0;

	for (char *line; (line = strsep(&rest, "\n"));) {
		_cleanup_free_ char *origin = memory_printf("%s:%u", file, ++number);

		line += strspn(line, " \t");
		line[strcspn(line, "#\r")] = '\0';
		if (*line)
			function(import, line, origin);
	}
}

void import_read_running(struct import *import, const char *file, const char *text)
{
	_cleanup_(sourced_free) struct sourced cmdline = { 0 };

	sourced_add(&cmdline, text, strlen(text), file);
	import_cmdline(import, &cmdline, CMDLINE_RUNNING);
}

/* mkinitcpio leaves out comments; who does not has them on a line that nobody meant. */
void import_read_cmdline(struct import *import, const char *file, const char *text)
{
	_cleanup_(sourced_free) struct sourced cmdline = { 0 };

	for (unsigned number = 1; *text; number++) {
		_cleanup_free_ char *origin = memory_printf("%s:%u", file, number);
		size_t length = strcspn(text, "\n");

		length += text[length] == '\n';
		if (text[strspn(text, " \t")] != '#')
			sourced_add(&cmdline, text, length, origin);
		text += length;
	}
	if (cmdline.span_count)
		import_cmdline(import, &cmdline, CMDLINE_CONFIGURED);
}

static void read_parameters(struct import *import, const char *text, const char *origin)
{
	_cleanup_(sourced_free) struct sourced cmdline = { 0 };

	sourced_add(&cmdline, text, strlen(text), origin);
	import_cmdline(import, &cmdline, CMDLINE_CONFIGURED);
}

/* In each_line() a '#' begins a comment anywhere: no option that counts here has one in it. */
static void on_loader_line(struct import *import, char *line, const char *origin)
{
	size_t length = strcspn(line, " \t");

	if (length == strlen("options") && strncmp(line, "options", length) == 0)
		read_parameters(import, line + length, origin);
}

void import_read_loader_entry(struct import *import, const char *file, const char *text)
{
	each_line(import, file, text, on_loader_line);
}

static void on_module(struct import *import, char *line, const char *origin)
{
	if (import_names_stub_module(line))
		import_note(import, NOTE_OBSOLETE, "%s: %s", origin, line);
}

void import_read_module_list(struct import *import, const char *file, const char *text)
{
	each_line(import, file, text, on_module);
}

void import_read_driverctl(struct import *import, const char *file, const char *text)
{
	const char *name = strrchr(file, '/') + 1;
	const char *address_text = strncmp(name, "pci-", 4) == 0 ? name + 4 : name;
	_cleanup_free_ char *driver = memory_copy(text, strcspn(text, " \t\r\n"));
	const struct stub *stub = stub_of_driver(driver);
	struct address_pattern address;
	struct rule *rule;

	if (address_pattern_parse(address_text, &address) < 0)
		return; /* another bus */
	if (!stub) {
		import_note(import, NOTE_KEEP, "%s: %s", file, driver);
		return;
	}
	rule = import_add_address(import, "driverctl", file, &address, stub);
	/* A variant of vfio-pci is what a device gets that has one. */
	if (!stub_find_driver(driver))
		rule->options.driver = DRIVER_AUTO;
}
