/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebuild.h"

#include "util/cleanup.h"

const char *rebuild_command(const struct root *root)
{
	/* Where a distribution has its own way to call dracut, that comes first. */
	static const struct {
		const char *program, *command;
	} frameworks[] = {
		{ "usr/sbin/update-initramfs", "update-initramfs -u" },
		{ "usr/bin/mkinitcpio", "mkinitcpio -P" },
		{ "usr/bin/dracut", "dracut -f" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(frameworks); i++) {
		if (root_exists(root, frameworks[i].program) == 0)
			return frameworks[i].command;
	}
	return "dracut -f, update-initramfs -u or mkinitcpio -P";
}
