/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list: every PCI device with what a rule can say of it. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "facts/scan.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static void print_device(const struct pci_device *device)
{
	_cleanup_free_ char *group =
		device->group == GROUP_NONE ? NULL : memory_printf("%d", device->group);
	_cleanup_free_ char *path = text_escape(device->path ? device->path : "-");
	char name[ADDRESS_SIZE];

	printf("%-12s  %04x:%04x  %06x  %5s  %-12s  %s\n", address_format(&device->address, name),
	       device->vendor, device->device, device->class, group ? group : "-",
	       device->driver[0] ? device->driver : "-", path);
}

static bool is_listed(const struct facts *facts, const struct pci_device *device,
		      const void *context)
{
	(void)facts, (void)device, (void)context;
	return true;
}

int cli_list(int argc, char **argv)
{
	_cleanup_(facts_free) struct facts facts = { 0 };
	struct cli_options options;
	int r = cli_options_read(argc, argv, OPTION_ROOT, &options);

	if (r >= 0)
		return r;
	r = scan_host(&options.root, &facts);
	if (r < 0) {
		root_close(&options.root);
		return cli_error("/sys/bus/pci/devices", r);
	}
	printf("%-12s  %-9s  %-6s  %5s  %-12s  %s\n", "ADDRESS", "ID", "CLASS", "GROUP", "DRIVER",
	       "PATH");
	scan_details(&options.root, NULL, "", &facts, is_listed, NULL);
	for (size_t i = 0; i < facts.device_count; i++)
		print_device(&facts.devices[i]);
	for (size_t i = 0; i < facts.findings.count; i++)
		fprintf(stderr, "passthru: left out: %s\n", facts.findings.items[i].text);
	root_close(&options.root);
	return EXIT_GOOD;
}
