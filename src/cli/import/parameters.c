/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parameters of the kernel and its modules, wherever they are written. */
#include <errno.h>
#include <string.h>

#include "cli/import/menu_entries.h"
#include "cli/import/qubes.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/*
 * What else the stub drivers' modules can be told (linux/drivers/vfio/, drivers/xen/xen-pciback/):
 * passthru loads them as modprobe does, so all of this stays in force.
 */
static const char *const settings[] = {
	"vfio.enable_unsafe_noiommu_mode",
	"vfio_iommu_type1.allow_unsafe_interrupts",
	"vfio_iommu_type1.disable_hugepages",
	"vfio_iommu_type1.dma_entry_limit",
	"vfio-pci.disable_denylist",
	"vfio-pci.disable_idle_d3",
	"vfio-pci.disable_vga",
	"vfio-pci.enable_sriov",
	"vfio-pci.nointxmask",
	"vfio-platform.reset_required",
	"xen-pciback.passthrough",
	"xen-pciback.verbose_request",
	"pciback.passthrough",
	"pciback.verbose_request",
};

/* Drivers that make virtual functions as soon as they have a device, so many for each. */
static const char *const makers[] = { "ixgbe.max_vfs", "igb.max_vfs", "mlx4_core.num_vfs",
				      "be2net.num_vfs" };

/* What only limits how many there can be. */
static const char *const limits[] = { "i915.max_vfs", "xe.max_vfs" };

static bool is_one_of(const char *name, const char *const names[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_parameter_equal(name, names[i]))
			return true;
	}
	return false;
}

static bool is_of_stub(const char *name)
{
	const char *dot = strchr(name, '.');
	_cleanup_free_ char *module = dot ? memory_copy(name, (size_t)(dot - name)) : NULL;

	return module && import_is_stub_module(module);
}

/*
 * 1, 0, or -EINVAL: as param_set_bool() and kstrtobool() of Linux read a module's parameter.
 * Without a value it is on; what follows the first characters does not count.
 */
static int read_bool(const char *value)
{
	char c = 'y';

	if (value && (*value == 'o' || *value == 'O'))
		c = value[1] == 'n' || value[1] == 'N'   ? 'y'
		    : value[1] == 'f' || value[1] == 'F' ? 'n'
							 : 'x';
	else if (value)
		c = *value;
	if (c && strchr("yYtT1", c))
		return 1;
	return c && strchr("nNfF0", c) ? 0 : -EINVAL;
}

static bool is_permissive(const char *name)
{
	return text_parameter_equal(name, "xen-pciback.permissive") ||
	       text_parameter_equal(name, "pciback.permissive");
}

/* A parameter of a stub driver's module that names no devices: "vfio-pci.disable_vga=1". */
static void parse_setting(struct import *import, const struct parameter *parameter,
			  const char *origin)
{
	const char *value = parameter->value;

	if (is_permissive(parameter->name) && read_bool(value) >= 0)
		import->permissive |= read_bool(value);
	else
		import_note(import,
			    is_one_of(parameter->name, settings, ARRAY_SIZE(settings))
				    ? NOTE_KEEP
				    : NOTE_UNCLEAR,
			    "%s: %s%s%s", origin, parameter->name, value ? "=" : "",
			    value ? value : "");
}

static void on_unwanted(char *name, void *context)
{
	import_add_unwanted(context, name);
}

/* Returns whether PARAMETER keeps modules from being loaded, as `blacklist` of modprobe.d does. */
static bool parse_blacklist(struct import *import, const struct parameter *parameter,
			    const char *origin)
{
	static const char *const names[] = { "modprobe.blacklist", "module_blacklist",
					     "rd.driver.blacklist" };

	if (!is_one_of(parameter->name, names, ARRAY_SIZE(names)))
		return false;
	text_each_item(parameter->value, on_unwanted, import);
	import_note(import, import_names_stub_module(parameter->value) ? NOTE_UNCLEAR : NOTE_MAYBE,
		    "%s: %s=%s", origin, parameter->name, parameter->value);
	return true;
}

static bool loads_modules(const char *name)
{
	static const char *const names[] = { "rd.driver.pre",   "rd.driver.post", "rdloaddriver",
					     "rd.modules-load", "modules-load",   "earlymodules",
					     "modules",         "doload" };

	return is_one_of(name, names, ARRAY_SIZE(names));
}

/* Returns whether PARAMETER has a driver leave display modes, and most of the card, alone. */
static bool parse_modeset(struct import *import, const struct parameter *parameter,
			  const char *origin)
{
	const char *dot = strrchr(parameter->name, '.');
	_cleanup_free_ char *module = NULL;

	if (!dot || strcmp(dot, ".modeset") != 0 || strcmp(parameter->value, "0") != 0)
		return false;
	module = memory_copy(parameter->name, (size_t)(dot - parameter->name));
	import_add_modeset(import, module, origin);
	return true;
}

/* Of "7,7", a number for each port, the first if all are the same; else all of VALUE. */
static char *count_of(const char *value)
{
	size_t length = strcspn(value, ",");
	const char *next = value;

	while (strncmp(next, value, length) == 0 && next[length] == ',')
		next += length + 1;
	return strncmp(next, value, length) == 0 && !next[length] ? memory_copy(value, length)
								  : memory_dup(value);
}

/* Returns whether PARAMETER is a number of virtual functions. */
static bool parse_vfs(struct import *import, const struct parameter *parameter, const char *origin)
{
	const char *dot = strrchr(parameter->name, '.');
	_cleanup_free_ char *module = NULL, *count = NULL;

	if (!dot || (strcmp(dot, ".max_vfs") != 0 && strcmp(dot, ".num_vfs") != 0))
		return false;
	/* That of mlx4_core counts those of one port, of the other, and of both. */
	count = strcmp(dot, ".num_vfs") == 0 ? memory_dup(parameter->value)
					     : count_of(parameter->value);
	module = memory_copy(parameter->name, (size_t)(dot - parameter->name));
	if (is_one_of(parameter->name, makers, ARRAY_SIZE(makers)))
		import_add_vfs(import, parameter->name, origin, VFS_OF_DRIVER, module, NULL, count);
	else
		import_note(import,
			    is_one_of(parameter->name, limits, ARRAY_SIZE(limits)) ? NOTE_KEEP
										   : NOTE_UNCLEAR,
			    "%s: %s=%s", origin, parameter->name, parameter->value);
	return true;
}

/* What is not in a list of devices. NAME is the parameter's as on a command line. */
static void parse_other(struct import *import, const struct parameter *parameter,
			const char *origin)
{
	if (is_of_stub(parameter->name))
		parse_setting(import, parameter, origin);
	else if (qubes_add(&import->qubes, parameter, origin) || !parameter->value ||
		 parse_blacklist(import, parameter, origin) ||
		 parse_modeset(import, parameter, origin) || parse_vfs(import, parameter, origin))
		return;
	else if (loads_modules(parameter->name) && import_names_stub_module(parameter->value))
		import_note(import, NOTE_OBSOLETE, "%s: %s=%s", origin, parameter->name,
			    parameter->value);
}

void import_parameter(struct import *import, struct natives *natives,
		      const struct native_place *place, const struct parameter *parameter)
{
	size_t given = natives->count, findings = natives->findings.count;
	_cleanup_free_ char *name = place->module
					    ? memory_printf("%s.%s", place->module, parameter->name)
					    : memory_copy(parameter->name, strlen(parameter->name));
	const struct parameter whole = { name, parameter->value };

	native_add(natives, place, parameter);
	/* Nothing more can be said of what is one of their lists, or was meant to be. */
	if (natives->count == given && natives->findings.count == findings)
		parse_other(import, &whole, place->origin);
}

/* It never had an effect there, but what was meant is clear. */
static void tell_xens(struct import *import, const struct parameter *parameter, const char *origin)
{
	if (is_of_stub(parameter->name))
		import_note(import, NOTE_VOID, "%s: %s: Xen's own command line has no such option",
			    origin, parameter->name);
}

static void add_entry(struct import *import, const char *origin, const struct natives *natives)
{
	_cleanup_free_ char *options = natives_text(natives);

	menu_entry_add(&import->menu, origin, options);
}

void import_cmdline(struct import *import, const struct sourced *cmdline, enum cmdline_kind kind)
{
	const char *text = sourced_text(cmdline);
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	struct natives own = { 0 };
	struct natives *natives = kind == CMDLINE_RUNNING ? &import->running : &own;
	struct parameter parameter;
	bool is_whole = true;
	char *rest = copy;

	while ((rest = parameter_next(rest, &parameter))) {
		const struct native_place place = {
			sourced_origin(cmdline, (size_t)(parameter.name - copy)), NULL
		};

		is_whole &= *parameter.name != '$';
		if (kind == CMDLINE_XEN)
			tell_xens(import, &parameter, place.origin);
		if (kind != CMDLINE_XEN || is_of_stub(parameter.name))
			import_parameter(import, natives, &place, &parameter);
	}
	if (kind == CMDLINE_ENTRY && is_whole)
		add_entry(import, sourced_origin(cmdline, 0), &own);
	qubes_end(import);
	natives_finish(&own, &import->intent);
}
