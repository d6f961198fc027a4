/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of files that are assignments of a shell: each has variables of its own. */
#include "cli/import/assignments.h"

#include <fnmatch.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

enum meaning {
	MEANS_CMDLINE,   /* all in a row that are so marked are one kernel command line, */
	MEANS_ANOTHER,   /* but another one begins here */
	MEANS_XEN,       /* the command line of the hypervisor */
	MEANS_MODULES,   /* to be loaded early */
	MEANS_ARGUMENTS, /* of the module that is part of the variable's name */
	MEANS_DEVICES,   /* for vfio-pci */
	MEANS_UNKNOWN,   /* not understood where it names a stub driver */
	MEANS_NOTHING,
};

struct variable_kind {
	const char *name; /* a pattern of fnmatch(3) */
	enum meaning meaning;
};

/* The first kind that fits counts; kinds are looked at in their order, whichever was set first. */
struct assignments {
	const struct variable_kind *kinds;
	size_t count;
};

#define ASSIGNMENTS(kinds)                  \
	{                                   \
		(kinds), ARRAY_SIZE(kinds), \
	}

/* The default one is appended to the other (grub/util/grub.d/10_linux.in). */
static const struct variable_kind of_grub[] = {
	{ "GRUB_CMDLINE_LINUX", MEANS_CMDLINE },
	{ "GRUB_CMDLINE_LINUX_DEFAULT", MEANS_CMDLINE },
	{ "GRUB_CMDLINE_LINUX_RECOVERY", MEANS_ANOTHER },
	{ "GRUB_CMDLINE_LINUX_XEN_REPLACE", MEANS_ANOTHER },
	{ "GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT", MEANS_CMDLINE },
	{ "GRUB_CMDLINE_XEN", MEANS_XEN },
	{ "GRUB_CMDLINE_XEN_DEFAULT", MEANS_XEN },
	{ "GRUB_CMDLINE_*", MEANS_UNKNOWN },
	{ "*", MEANS_NOTHING },
};
static const struct variable_kind of_limine[] = {
	{ "KERNEL_CMDLINE*", MEANS_ANOTHER },
	{ "*", MEANS_NOTHING },
};
static const struct variable_kind of_extlinux[] = {
	{ "default_kernel_opts", MEANS_CMDLINE },
	{ "modules", MEANS_MODULES },
	{ "*", MEANS_NOTHING },
};
static const struct variable_kind of_bootloader[] = {
	{ "XEN_APPEND", MEANS_XEN },
	{ "*_APPEND", MEANS_ANOTHER },
	{ "*", MEANS_NOTHING },
};
static const struct variable_kind of_sdboot_manage[] = {
	{ "LINUX*OPTIONS*", MEANS_ANOTHER },
	{ "*", MEANS_NOTHING },
};
static const struct variable_kind of_dracut[] = {
	{ "kernel_cmdline", MEANS_CMDLINE },
	{ "add_drivers", MEANS_MODULES },
	{ "force_drivers", MEANS_MODULES },
	{ "drivers", MEANS_MODULES },
	{ "*", MEANS_UNKNOWN },
};
static const struct variable_kind of_mkinitcpio[] = {
	{ "MODULES", MEANS_MODULES },
	{ "*", MEANS_UNKNOWN },
};
static const struct variable_kind of_mkinitrd[] = {
	{ "MODULES", MEANS_MODULES },
	{ "PREMODS", MEANS_MODULES },
	{ "*INITRD_MODULES", MEANS_MODULES },
	{ "MODULES_LOADED_ON_BOOT", MEANS_MODULES },
	{ "*", MEANS_UNKNOWN },
};
static const struct variable_kind of_openrc[] = {
	{ "module_*_args*", MEANS_ARGUMENTS },
	{ "modules*", MEANS_MODULES },
	{ "*", MEANS_NOTHING },
};
static const struct variable_kind of_vfio_bind[] = {
	{ "DEVICES", MEANS_DEVICES },
	{ "*", MEANS_NOTHING },
};

static void on_overridden(const struct shell_variable *variable, const char *origin, void *context)
{
	struct import *import = context;

	if (import_names_stub_module(sourced_text(&variable->value)))
		import_note(import, NOTE_VOID,
			    "%s: %s=%s has no effect: it is assigned again at %s",
			    sourced_origin(&variable->value, 0), variable->name,
			    sourced_text(&variable->value), origin);
}

/* Another file may set whatever it likes. */
static void on_other(const char *line, const char *origin, void *context)
{
	bool is_include = strncmp(line, ". ", 2) == 0 || strncmp(line, "source ", 7) == 0;

	if (is_include || import_names_stub_module(line))
		import_note(context, NOTE_UNCLEAR, "%s: %s", origin, line);
}

static void read_assignments(struct import *import, const struct assignments *assignments,
			     const char *file, const char *text)
{
	const struct shell_reader reader = { on_overridden, on_other, import };

	import->assignments = assignments;
	shell_read(&import->shell, file, text, &reader);
}

void import_read_grub(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_grub);

	read_assignments(import, &assignments, file, text);
}

void import_read_limine_defaults(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_limine);

	read_assignments(import, &assignments, file, text);
}

void import_read_extlinux_defaults(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_extlinux);

	read_assignments(import, &assignments, file, text);
}

void import_read_bootloader(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_bootloader);

	read_assignments(import, &assignments, file, text);
}

void import_read_sdboot_manage(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_sdboot_manage);

	read_assignments(import, &assignments, file, text);
}

void import_read_dracut(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_dracut);

	read_assignments(import, &assignments, file, text);
}

void import_read_mkinitcpio(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_mkinitcpio);

	read_assignments(import, &assignments, file, text);
}

void import_read_mkinitrd(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_mkinitrd);

	read_assignments(import, &assignments, file, text);
}

void import_read_openrc(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_openrc);

	read_assignments(import, &assignments, file, text);
}

void import_read_vfio_bind(struct import *import, const char *file, const char *text)
{
	static const struct assignments assignments = ASSIGNMENTS(of_vfio_bind);

	read_assignments(import, &assignments, file, text);
}

static const struct variable_kind *kind_of(const struct assignments *assignments, const char *name)
{
	size_t i = 0;

	while (fnmatch(assignments->kinds[i].name, name, 0) != 0)
		i++; /* "*" is the last one */
	return &assignments->kinds[i];
}

/* A command line that several variables make up. */
static void end_cmdline(struct import *import, struct sourced *cmdline)
{
	if (cmdline->span_count)
		import_cmdline(import, cmdline, CMDLINE_CONFIGURED);
	sourced_free(cmdline);
}

/* Each of the places that the value is from, for itself. */
static void note_value(struct import *import, enum note_kind kind,
		       const struct shell_variable *variable)
{
	const struct sourced *value = &variable->value;
	size_t start = 0;

	for (size_t i = 0; i < value->span_count; i++) {
		const struct span *span = &value->spans[i];
		_cleanup_free_ char *text =
			memory_copy(sourced_text(value) + start, span->end - start);

		if (import_names_stub_module(text))
			import_note(import, kind, "%s: %s=%s", span->origin, variable->name, text);
		start = span->end;
	}
}

/* "module_vfio_pci_args", which may have a kernel's version behind it */
static void add_arguments(struct import *import, const struct shell_variable *variable,
			  const char *origin)
{
	const char *name = variable->name + strlen("module_");
	_cleanup_free_ char *module = memory_copy(name, (size_t)(strstr(name, "_args") - name));

	import_arguments(import, module, sourced_text(&variable->value), origin);
}

static void end_variable(struct import *import, const struct shell_variable *variable,
			 enum meaning meaning, struct sourced *cmdline)
{
	const char *origin = sourced_origin(&variable->value, 0);

	switch (meaning) {
	case MEANS_ANOTHER:
		end_cmdline(import, cmdline);
		/* fallthrough */
	case MEANS_CMDLINE:
		if (cmdline->span_count)
			sourced_add(cmdline, " ", 1, origin);
		sourced_add_all(cmdline, &variable->value);
		break;
	case MEANS_XEN:
		end_cmdline(import, cmdline);
		import_cmdline(import, &variable->value, CMDLINE_XEN);
		break;
	case MEANS_MODULES:
		note_value(import, NOTE_OBSOLETE, variable);
		break;
	case MEANS_ARGUMENTS:
		add_arguments(import, variable, origin);
		break;
	case MEANS_DEVICES:
		import_add_addresses(import, variable->name, origin, sourced_text(&variable->value),
				     " \t\n", stub_find("vfio-pci"));
		break;
	case MEANS_UNKNOWN:
		note_value(import, NOTE_UNCLEAR, variable);
		return;
	case MEANS_NOTHING:
		return;
	}
	if (variable->is_partial)
		import_note(import, NOTE_UNCLEAR, "%s: %s is made by a command, in part at least",
			    origin, variable->name);
}

void assignments_end(struct import *import)
{
	const struct assignments *assignments = import->assignments;
	const struct shell *shell = &import->shell;
	_cleanup_(sourced_free) struct sourced cmdline = { 0 };

	for (size_t k = 0; assignments && k < assignments->count; k++) {
		const struct variable_kind *kind = &assignments->kinds[k];

		for (size_t i = 0; i < shell->count; i++) {
			if (kind_of(assignments, shell->variables[i].name) == kind)
				end_variable(import, &shell->variables[i], kind->meaning, &cmdline);
		}
	}
	end_cmdline(import, &cmdline);
	shell_free(&import->shell);
	import->assignments = NULL;
}
