/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/iommu.h"

#include <stdio.h>
#include <string.h>

#include "facts/iommu_summary.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define INDENT 7 /* of "IOMMU: " */

char *iommu_look(struct session *session)
{
	int r = session_scan(session);

	if (r < 0)
		return memory_printf("unknown: could not read /sys/bus/pci/devices: %s",
				     strerror(-r));
	session_scan_iommu(session);
	return iommu_summary(&session->facts);
}

void iommu_print(const char *summary, const struct terminal *terminal)
{
	static const char *const bad[] = { "OFF", "none", "unknown" };
	_cleanup_free_ char *line = memory_printf("IOMMU: %s", summary);
	_cleanup_free_ char *lines = terminal_wrap(line, terminal->columns, INDENT);
	bool is_coloured = false;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		is_coloured |=
			terminal->has_colours && strncmp(summary, bad[i], strlen(bad[i])) == 0;
	printf("%s%s%s\n", is_coloured ? "\033[33m" : "", lines, is_coloured ? "\033[0m" : "");
}
