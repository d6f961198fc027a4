/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/frameworks.h"

#include <string.h>

#include "util/cleanup.h"

#define ORDER          "scripts/init-top/ORDER"
#define ORDER_SIZE_MAX (16 * 1024 * 1024)
#define SCRIPTS        "/scripts/init-top/"

/* initramfs-tools runs the scripts in the order of this file, and udev is one of them. */
static bool has_first_script(const struct root *image)
{
	_cleanup_free_ char *text = NULL;
	const char *script;
	size_t size;

	if (root_read_file(image, ORDER, ORDER_SIZE_MAX, &text, &size) < 0)
		return false;
	script = strstr(text, SCRIPTS);
	return script && strncmp(script, SCRIPTS "00-passthru", strlen(SCRIPTS "00-passthru")) == 0;
}

static const struct framework frameworks[] = {
	{
		.program = "usr/bin/dracut",
		.rebuild = "dracut -f",
		/* The first phase, in its old and its new place. */
		.places = { "usr/lib/dracut/hooks/cmdline/00-passthru-hook.sh",
			    "var/lib/dracut/hooks/cmdline/00-passthru-hook.sh" },
	},
	{
		.program = "usr/sbin/update-initramfs", /* there may be one that calls dracut */
		.rebuild = "update-initramfs -u",
		.has_hook = has_first_script,
	},
	{
		.program = "usr/bin/mkinitcpio",
		.rebuild = "mkinitcpio -P",
		.places = { "hooks/passthru" }, /* of the early hooks */
	},
};

const struct framework *framework_at(size_t number)
{
	return number < ARRAY_SIZE(frameworks) ? &frameworks[number] : NULL;
}

const struct framework *framework_of_host(const struct root *root)
{
	for (size_t i = ARRAY_SIZE(frameworks); i > 0; i--) {
		if (root_exists(root, frameworks[i - 1].program) == 0)
			return &frameworks[i - 1];
	}
	return NULL;
}

static bool has_any(const struct root *image, const char *const places[], size_t count)
{
	for (size_t i = 0; i < count && places[i]; i++) {
		if (root_exists(image, places[i]) == 0)
			return true;
	}
	return false;
}

bool framework_runs_agent(const struct root *image)
{
	/* systemd, in images of dracut and mkinitcpio */
	static const char *const units[] = {
		"etc/systemd/system/sysinit.target.wants/passthru-init.service",
		"usr/lib/systemd/system/sysinit.target.wants/passthru-init.service",
	};

	if (has_any(image, units, ARRAY_SIZE(units)))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(frameworks); i++) {
		const struct framework *framework = &frameworks[i];

		if (has_any(image, framework->places, FRAMEWORK_PLACES_MAX) ||
		    (framework->has_hook && framework->has_hook(image)))
			return true;
	}
	return false;
}
