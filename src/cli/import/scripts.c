/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of scripts: what they do is not guessed at, but that they do it is said. */
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"

bool import_is_about_binding(const char *text)
{
	static const char *const words[] = {
		"driver_override", "sriov_numvfs",      "/new_id",          "/new_slot",
		"drivers/vfio",    "drivers/pciback",   "drivers/pci-stub", "assignable-add",
		"driverctl",       "dpdk-devbind",      "dpdk_nic_bind",    "vfio-bind",
		"vfio-pci-bind",   "vfio-pci-override", "nodedev-detach"
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strstr(text, words[i]))
			return true;
	}
	/* What modprobe is told */
	return (strstr(text, "ids=") || strstr(text, "hide=")) && import_names_stub_module(text);
}

/* Its first such line is enough: the rest is for who looks at it. */
struct script {
	struct import *import;
	bool is_named;
};

static void on_script(char *line, const char *origin, void *context)
{
	struct script *script = context;

	if (script->is_named || !import_is_about_binding(line))
		return;
	import_note(script->import, NOTE_UNCLEAR, "%s: %s", origin, line);
	script->is_named = true;
}

/* Of passthru itself, and of those whose settings have readers of their own. */
static bool is_known(const char *file, const char *text)
{
	return strstr(text, "passthru-init") || strstr(file, "driverctl") ||
	       strstr(file, "qubes-pciback");
}

void import_read_script(struct import *import, const char *file, const char *text)
{
	struct script script = { .import = import };

	if (is_known(file, text))
		return;

	lines_each(file, text, "#", on_script, &script);
}
