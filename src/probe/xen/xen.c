/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/xen/xen.h"

#include <errno.h>
#include <string.h>

#include "probe/xen/abi.h"
#include "probe/xen/hypercall.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/text.h"

#define HYPERVISOR         "sys/hypervisor/"
#define XENFEAT_DOM0       (1u << 11)
#define PRIVCMD_TIMEOUT_MS 2000

#define HYPERCALL_XEN_VERSION 17
#define HYPERCALL_SYSCTL      35
#define VERSION_COMMANDLINE   9
#define COMMANDLINE_SIZE      1024
#define CONSOLE_SIZE          65536 /* the ring is 16 KiB unless conring_size= says otherwise */

/* As root_read_attribute(); what could not be read is noted: then nobody knows what host this is.
 */
static int read_attribute(const struct root *root, const char *path, char *text, size_t size,
			  struct facts *facts)
{
	int r = root_read_attribute(root, path, text, size);

	/* A text that is too long is none that is known, as any other nonsense. */
	if (r < 0 && !is_absent(r) && r != -EFBIG)
		facts_note(facts, &facts->unread, path, r);
	return r;
}

static bool is_dom0(const struct root *root, struct facts *facts)
{
	char text[16];
	uint32_t features;

	if (read_attribute(root, HYPERVISOR "properties/features", text, sizeof(text), facts) >=
		    0 &&
	    parse_hex(text, strlen(text), &features) == 0)
		return features & XENFEAT_DOM0;
	return read_attribute(root, HYPERVISOR "start_flags/initdomain", text, sizeof(text),
			      facts) >= 0 &&
	       streq(text, "1");
}

void xen_find_platform(const struct root *root, struct facts *facts)
{
	char type[16];

	facts->platform = PLATFORM_BARE;
	if (!is_dom0(root, facts))
		return;
	facts->platform = PLATFORM_XEN_DOM0;
	if (read_attribute(root, HYPERVISOR "guest_type", type, sizeof(type), facts) >= 0 &&
	    streq(type, "PVH"))
		facts->platform = PLATFORM_XEN_DOM0_PVH;
}

/* One conversation with the hypervisor. */
struct talk {
	struct hypercall hypercall;
	uint8_t *sysctl;
	char *text; /* CONSOLE_SIZE bytes for its answers */
	uint32_t version;
};

static int issue_sysctl(const struct talk *talk)
{
	return hypercall_issue(&talk->hypercall, HYPERCALL_SYSCTL, (uintptr_t)talk->sysctl, 0);
}

/* Find the interface version that this Xen speaks: it refuses any other before it does anything. */
static int ask_physinfo(struct talk *talk)
{
	int r = -EACCES;

	for (talk->version = XEN_SYSCTL_NEWEST; r == -EACCES && talk->version >= XEN_SYSCTL_OLDEST;
	     talk->version--) {
		xen_encode_physinfo(talk->sysctl, talk->version);
		r = issue_sysctl(talk);
		if (r >= 0)
			return 0;
	}
	return r;
}

static const char *read_console(struct talk *talk)
{
	uint32_t count;

	xen_encode_readconsole(talk->sysctl, talk->version, talk->text, CONSOLE_SIZE - 1);
	if (issue_sysctl(talk) < 0)
		return "";
	count = xen_decode_console_count(talk->sysctl);
	talk->text[count < CONSOLE_SIZE ? count : CONSOLE_SIZE - 1] = '\0';
	return talk->text;
}

static const char *read_cmdline(struct talk *talk)
{
	int r = hypercall_issue(&talk->hypercall, HYPERCALL_XEN_VERSION, VERSION_COMMANDLINE,
				(uintptr_t)talk->text);

	if (r < 0)
		return "";
	talk->text[COMMANDLINE_SIZE] = '\0';
	return talk->text;
}

/* Why the hypervisor has it off, as far as it tells. */
static void explain_off(const struct root *root, struct talk *talk, struct facts *facts)
{
	const char *reason = "it does not say why";

	if (xen_cmdline_iommu_off(read_cmdline(talk))) {
		findings_add(&facts->iommu_findings, FINDING_XEN_IOMMU_OFF_BY_OPTION,
			     "iommu= on Xen's command line");
		return;
	}
	if (xen_console_iommu(read_console(talk)) == XEN_NO)
		reason = "its log says that I/O virtualisation is disabled";
	else if (root_exists(root, "sys/firmware/acpi/tables/DMAR") == 0)
		reason =
			"it left the firmware's DMAR table to dom0, which means that it does not use it";
	findings_add(&facts->iommu_findings, FINDING_XEN_IOMMU_OFF,
		     "Xen does not translate the DMA of guests: %s", reason);
}

static void ask(const struct root *root, struct talk *talk, struct facts *facts)
{
	int r = ask_physinfo(talk);

	if (r < 0) {
		findings_add(&facts->iommu_findings, FINDING_IOMMU_UNKNOWN,
			     r == -EACCES
				     ? "Xen speaks none of the interface versions %#x to %#x (%s)"
				     : "Xen did not answer, interface versions %#x to %#x (%s)",
			     XEN_SYSCTL_OLDEST, XEN_SYSCTL_NEWEST, strerror(-r));
		return;
	}
	facts->iommu_state = xen_decode_directio(talk->sysctl) ? IOMMU_STATE_ON : IOMMU_STATE_OFF;
	if (facts->iommu_state == IOMMU_STATE_OFF)
		explain_off(root, talk, facts);
	facts->interrupt_remapping = xen_console_interrupt_remapping(read_console(talk)) == XEN_YES;
}

static int open_privcmd(const struct root *root, struct module_index *modules,
			struct hypercall *ret)
{
	int r = hypercall_open(root, ret);

	/* The record of another host is no reason to load anything here. */
	if (r != -ENOENT || root->is_confined)
		return r;
	r = module_load(modules, "xen-privcmd", NULL, PRIVCMD_TIMEOUT_MS);
	return r < 0 ? r : hypercall_open(root, ret);
}

void xen_survey_iommu(const struct root *root, struct module_index *modules, struct facts *facts)
{
	struct talk talk = { .hypercall = { -1, -1 } };
	int r = open_privcmd(root, modules, &talk.hypercall);

	facts->iommu_kind = IOMMU_KIND_XEN;
	facts->iommu_state = IOMMU_STATE_UNKNOWN;
	facts->interrupt_remapping = false;
	if (r < 0) {
		findings_add(&facts->iommu_findings, FINDING_IOMMU_UNKNOWN,
			     "/dev/xen/privcmd cannot be used: %s", strerror(-r));
		return;
	}
	talk.sysctl = hypercall_buffer_new(&talk.hypercall, XEN_SYSCTL_SIZE);
	talk.text = hypercall_buffer_new(&talk.hypercall, CONSOLE_SIZE);
	if (talk.sysctl && talk.text)
		ask(root, &talk, facts);
	else
		findings_add(&facts->iommu_findings, FINDING_IOMMU_UNKNOWN,
			     "no memory that the hypervisor could write to");
	hypercall_buffer_free(talk.sysctl, XEN_SYSCTL_SIZE);
	hypercall_buffer_free(talk.text, CONSOLE_SIZE);
	hypercall_close(&talk.hypercall);
}
