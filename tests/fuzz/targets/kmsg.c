/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log, from a device and from a file that stands for it, and what it says. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "facts/evidence.h"
#include "model/model.h"
#include "probe/kmsg.h"
#include "util/memory.h"

#define LINE_MAX 8191 /* a longer one is none of the kernel's */

static void count(const char *record, void *context)
{
	size_t *records = context;
	unsigned priority;

	must(sscanf(record, "%u,", &priority) == 1 && priority < 8 && strchr(record, ';'),
	     "kmsg-kernel", "%s", record);
	must(kmsg_kernel_text(record) == strchr(record, ';') + 1, "kmsg-kernel", "%s", record);
	must(!strchr(record, '\n'), "kmsg-kernel", "%s", record);
	++*records;
}

/* Lines of facility 0 by another reader. */
static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		size_t digits = strspn(text, "0123456789");
		_cleanup_free_ char *number = memory_copy(text, digits);
		const char *semicolon = memchr(text, ';', (size_t)(end - text));

		if (end - text > LINE_MAX)
			return SIZE_MAX; /* how it is cut up nobody says */
		if (digits && digits < 4 && text[digits] == ',' && semicolon &&
		    strtoul(number, NULL, 10) < 8)
			lines++;
	}
	return lines;
}

static void check_evidence(const char *cmdline)
{
	static const enum iommu_state states[] = { IOMMU_STATE_ABSENT, IOMMU_STATE_OFF,
						   IOMMU_STATE_ON };
	static const enum iommu_kind kinds[] = { IOMMU_KIND_INTEL, IOMMU_KIND_AMD,
						 IOMMU_KIND_SMMU };
	struct evidence evidence = { 0 };

	evidence_read_cmdline(&evidence, cmdline);
	kmsg_each_line(model_root(), evidence_read_log_line, &evidence);
	for (size_t i = 0; i < 9; i++) {
		const struct facts facts = { .iommu_state = states[i % 3],
					     .iommu_kind = kinds[i / 3] };
		struct findings findings = { 0 };

		evidence_explain(&evidence, &facts, &findings);
		fuzz_check_findings(&findings);
		must(facts.iommu_state == IOMMU_STATE_ON || findings.count, "evidence",
		     "nothing explains that there is none");
		findings_free(&findings);
	}
	evidence_free(&evidence);
}

static void run(const uint8_t *data, size_t size)
{
	static const struct attribute device = { .read = NULL };
	_cleanup_free_ char *cmdline = fuzz_part(&data, &size);
	_cleanup_free_ char *text = fuzz_text(data, size);
	size_t of_file = 0, of_device = 0, lines = count_lines(text);

	model_reset();
	model_file("dev/kmsg", text);
	must(kmsg_each_record(model_root(), count, &of_file) == 0, "kmsg-read", "it fails");
	must(lines == SIZE_MAX || of_file == lines, "kmsg-lines", "%zu of %zu", of_file, lines);
	model_find("dev/kmsg")->attribute = &device;
	kmsg_each_record(model_root(), count, &of_device);
	check_evidence(cmdline);
}

static const char *const seeds[] = {
	"ro intel_iommu=on\n%%\n6,1,1,-;Linux version\n SUBSYSTEM=x\n"
	"4,2,2,-;DMAR: [Firmware Bug]: broken\n12,3,3,-;user\n",
	"amd_iommu=off\n%%\n6,1,1,-;AMD-Vi: failed to initialize\n30,1,1,-;x\n",
	"iommu=pt\n%%\n4,1,1,c;DMAR-IR: Failed to enable irq remapping\n", NULL
};
static const char *const words[] = { "6,1,1,-;",
				     "4,2,2,-;",
				     "12,",
				     "\n",
				     " ",
				     "DMAR: ",
				     "AMD-Vi: ",
				     "DMAR-IR: ",
				     "[Firmware Bug]",
				     "Initialization failed",
				     "ailed to initialize",
				     "ailed to enable irq remapping",
				     "Disable Interrupt-Remapping",
				     "intel_iommu=",
				     "amd_iommu=",
				     "iommu=",
				     "intremap=off",
				     "nointremap",
				     "pcie_acs_override=",
				     "%%\n",
				     "vfio.enable_unsafe_noiommu_mode=1",
				     "vfio_iommu_type1.allow_unsafe_interrupts=1",
				     NULL };

FUZZ_TARGET(kmsg, .run = run, .seeds = seeds, .words = words, .size_max = 20000)
