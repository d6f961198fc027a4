/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of all sources but modprobe.d: each has a grammar of its own. */
#include <string.h>

#include "cli/import/model.h"
#include "cli/import/shell.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
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

static void read_parameters(struct import *import, const char *text, const char *origin)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	const struct native_place place = { origin, NULL };
	struct natives natives = { 0 };
	struct parameter parameter;
	char *rest = copy;

	while ((rest = parameter_next(rest, &parameter))) {
		native_add(&natives, &place, &parameter);
		import_parameter(import, &parameter, origin);
	}
	natives_finish(&natives, &import->intent);
}

void import_read_cmdline(struct import *import, const char *file, const char *text)
{
	read_parameters(import, text, file);
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

/* An assignment and where it is. */
struct assignments {
	struct import *import;
	const char *file;
};

/* GRUB_CMDLINE_XEN and GRUB_CMDLINE_XEN_DEFAULT are the hypervisor's, which has no such options. */
static void on_grub(const char *name, const char *value, unsigned line, void *context)
{
	const struct assignments *assignments = context;
	_cleanup_free_ char *origin = memory_printf("%s:%u", assignments->file, line);

	if (strncmp(name, "GRUB_CMDLINE_XEN", strlen("GRUB_CMDLINE_XEN")) == 0) {
		if (import_names_stub_module(value))
			import_note(assignments->import, NOTE_UNCLEAR,
				    "%s: %s is for Xen itself, which has no such options: %s",
				    origin, name, value);
	} else if (strncmp(name, "GRUB_CMDLINE_", strlen("GRUB_CMDLINE_")) == 0) {
		read_parameters(assignments->import, value, origin);
	}
}

void import_read_grub(struct import *import, const char *file, const char *text)
{
	struct assignments assignments = { import, file };

	shell_each_assignment(text, on_grub, &assignments);
}

static void on_image_conf(const char *name, const char *value, unsigned line, void *context)
{
	const struct assignments *assignments = context;

	if (import_names_stub_module(value))
		import_note(assignments->import, NOTE_OBSOLETE, "%s:%u: %s=%s", assignments->file,
			    line, name, value);
}

void import_read_image_conf(struct import *import, const char *file, const char *text)
{
	struct assignments assignments = { import, file };

	shell_each_assignment(text, on_image_conf, &assignments);
}

static void on_vfio_bind(const char *name, const char *value, unsigned line, void *context)
{
	const struct assignments *assignments = context;
	_cleanup_free_ char *origin = memory_printf("%s:%u", assignments->file, line);
	_cleanup_free_ char *copy = memory_copy(value, strlen(value));
	char *rest = copy;

	if (strcmp(name, "DEVICES") != 0)
		return;
	for (char *word; (word = strsep(&rest, " \t\n"));) {
		struct address_pattern address;

		if (address_pattern_parse(word, &address) == 0)
			import_add_address(assignments->import, "DEVICES", origin, &address,
					   stub_find("vfio-pci"));
		else if (*word)
			import_note(assignments->import, NOTE_UNCLEAR, "%s: DEVICES: '%s'", origin,
				    word);
	}
}

void import_read_vfio_bind(struct import *import, const char *file, const char *text)
{
	struct assignments assignments = { import, file };

	shell_each_assignment(text, on_vfio_bind, &assignments);
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
