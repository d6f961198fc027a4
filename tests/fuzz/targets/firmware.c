/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firmware and devices say in bytes: ACPI tables, configuration space, and their texts. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "facts/topology.h"
#include "probe/iommu.h"
#include "probe/xen/abi.h"

/* Whether a line ends in " direct", by another reader. */
static bool has_direct(const char *text)
{
	size_t length = strlen(" direct");

	for (const char *at = text; (at = strstr(at, " direct")); at++) {
		/* A line that says nothing else is no region. */
		bool is_whole = at == text || at[-1] == '\n';

		if (!is_whole && (at[length] == '\n' || !at[length]))
			return true;
	}
	return false;
}

static void check_texts(const char *text)
{
	enum reset reset = topology_reset(text);

	must(iommu_has_direct_region(text) == has_direct(text), "regions", "%s", text);
	must((reset == RESET_NONE) == !*text, "reset", "%s", text);
	must(!topology_resets_alone(text) || *text, "reset", "%s", text);
	xen_console_interrupt_remapping(text);
	xen_console_iommu(text);
	must(!xen_cmdline_iommu_off(text) || strstr(text, "iommu"), "xen-cmdline", "%s", text);
}

static void run(const uint8_t *data, size_t size)
{
	/* Exactly as large as it is: what reads behind it is seen. */
	uint8_t *bytes = malloc(size ? size : 1);
	uint8_t sysctl[XEN_SYSCTL_SIZE] = { 0 };
	_cleanup_free_ char *text = fuzz_text(data, size);

	if (size)
		memcpy(bytes, data, size);
	iommu_iort_has_smmu(bytes, size);
	iommu_dmar_can_remap(bytes, size);
	if (topology_is_conventional_bridge(bytes, size))
		must(size >= 64 && (bytes[0x0e] & 0x7f) == 1, "config", "no bridge");
	memcpy(sysctl, data, size < sizeof(sysctl) ? size : sizeof(sysctl));
	xen_decode_directio(sysctl);
	xen_decode_console_count(sysctl);
	check_texts(text);
	free(bytes);
}

static void each_seed(void (*add)(const char *text, size_t size))
{
	char config[256] = { 0 }, iort[64] = { 'I', 'O', 'R', 'T' };

	config[0x06] = 0x10;
	config[0x0e] = 1;
	config[0x34] = 0x40;
	config[0x40] = 5;
	config[0x41] = 0x50;
	config[0x50] = 0x10;
	config[0x52] = 0x70;
	add(config, sizeof(config));
	add(config, 64);
	iort[36] = 1;
	iort[40] = 48;
	iort[48] = 4;
	iort[49] = 16;
	add(iort, sizeof(iort));
}

static const char *const seeds[] = { "0x00000000fee00000 0x00000000feefffff msi\n0x0 0x1 direct\n",
				     "flr pm bus",
				     "placeholder iommu=verbose,no-intremap,off no-iommu",
				     "Interrupt remapping enabled", NULL };
static const char *const words[] = {
	" direct\n", " direct-relaxable\n",         "iommu=", "no-iommu", "off", "flr",
	"pm",        "I/O virtualisation disabled", NULL
};

FUZZ_TARGET(firmware, .run = run, .seeds = seeds, .each_seed = each_seed, .words = words,
	    .size_max = 4096)
