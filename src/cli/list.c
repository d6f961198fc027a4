/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list: every PCI device with what a rule can say of it. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/host.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* "storage: / on /dev/sda1; uplink: default route over eth0"; "" for what it can spare. */
static char *why_needed(const struct needs *needs, const struct pci_device *device)
{
	char *text = memory_copy("", 0);

	for (size_t i = 0; i < needs->count; i++) {
		const struct need *need = &needs->items[i];
		_cleanup_free_ char *before = NULL;

		if (!device->path || strcmp(need->path, device->path) != 0)
			continue;
		before = text;
		text = memory_printf("%s%s%s: %s", before, *before ? "; " : "  ",
				     need_word(need->kind), need->why);
	}
	return text;
}

static void print_device(const struct needs *needs, const struct pci_device *device)
{
	_cleanup_free_ char *group =
		device->group == GROUP_NONE ? NULL : memory_printf("%d", device->group);
	_cleanup_free_ char *path = text_escape(device->path ? device->path : "-");
	_cleanup_free_ char *why = why_needed(needs, device);
	char name[ADDRESS_SIZE];

	printf("%-12s  %04x:%04x  %06x  %5s  %-12s  %s%s\n", address_format(&device->address, name),
	       device->vendor, device->device, device->class, group ? group : "-",
	       device->driver[0] ? device->driver : "-", path, why);
}

static bool is_listed(const struct facts *facts, const struct pci_device *device,
		      const void *context)
{
	(void)facts, (void)device, (void)context;
	return true;
}

int cli_list(const struct cli_options *options)
{
	_cleanup_(host_free) struct host host = { 0 };
	_cleanup_(findings_free) struct findings unresolved = { 0 };
	int r = host_read(&host, &options->root, NULL, NULL);

	if (r < 0)
		return cli_error("/proc/cmdline", r);
	r = host_scan(&host, is_listed, NULL);
	if (r < 0)
		return cli_error("/sys/bus/pci/devices", r);
	host_survey(&host, &unresolved);
	if (unresolved.count)
		fputs("passthru: not all that the host needs could be found out; `passthru needs` says more\n",
		      stderr);
	printf("%-12s  %-9s  %-6s  %5s  %-12s  %s\n", "ADDRESS", "ID", "CLASS", "GROUP", "DRIVER",
	       "PATH, AND WHAT THE HOST NEEDS IT FOR");
	for (size_t i = 0; i < host.facts.device_count; i++)
		print_device(&host.facts.needs, &host.facts.devices[i]);
	for (size_t i = 0; i < host.facts.findings.count; i++)
		fprintf(stderr, "passthru: left out: %s\n", host.facts.findings.items[i].text);
	return EXIT_GOOD;
}
