/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No guard opens since something could not be read. Every look at the host goes through root.h,
 * whose functions are replaced here (--wrap of the linker) by ones that fail when they are told to:
 * with what the kernel answers when memory, descriptors or the device fail.
 */
#include "helpers.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "forms.h"
#include "host.h"
#include "plan/condition.h"
#include "plan/match.h"
#include "probe/machine.h"
#include "probe/needs/console.h"
#include "probe/needs/survey.h"
#include "probe/scan.h"
#include "probe/sriov.h"
#include "probe/usage.h"
#include "session/needs_record.h"
#include "session/session.h"
#include "session/settings.h"
#include "tree.h"
#include "util/memory.h"

/* --- reads that fail */

static struct fault {
	const char *pattern; /* of fnmatch(3), of the paths for which all looks fail; NULL: none */
	size_t number;       /* of the only look that fails, from 1; 0: none */
	int error;           /* negative errno */
	size_t count;        /* looks so far */
	bool is_met;
	char path[256]; /* the last that failed */
} fault;

/* Of a look that fails its error, else 0. */
static int look(const struct root *root, const char *path)
{
	_cleanup_free_ char *whole = root->place ? memory_printf("%s/%s", root->place, path)
						 : memory_copy(path, strlen(path));
	bool fails = ++fault.count == fault.number;
	char *out = whole;

	for (const char *c = whole; *c; c++) {
		if (c[0] != '/' || c[1] != '/')
			*out++ = *c;
	}
	*out = '\0';
	if (fault.pattern)
		fails |= fnmatch(fault.pattern, whole, 0) == 0;
	fault.is_met |= fails;
	if (fails)
		snprintf(fault.path, sizeof(fault.path), "%s", whole);
	return fails ? fault.error : 0;
}

#define WRAP(name, parameters, arguments)                   \
	int __real_##name parameters;                       \
	int __wrap_##name parameters;                       \
	int __wrap_##name parameters                        \
	{                                                   \
		int r = look(root, path);                   \
                                                            \
		return r < 0 ? r : __real_##name arguments; \
	}

WRAP(root_enter, (const struct root *root, const char *path, struct root *ret), (root, path, ret))
WRAP(root_read, (const struct root *root, const char *path, char *buffer, size_t size),
     (root, path, buffer, size))
WRAP(root_read_attribute, (const struct root *root, const char *path, char *buffer, size_t size),
     (root, path, buffer, size))
WRAP(root_read_file,
     (const struct root *root, const char *path, size_t limit, char **ret, size_t *ret_size),
     (root, path, limit, ret, ret_size))
WRAP(root_readlink, (const struct root *root, const char *path, char *buffer, size_t size),
     (root, path, buffer, size))
WRAP(root_link_name, (const struct root *root, const char *path, char *buffer, size_t size),
     (root, path, buffer, size))
WRAP(root_exists, (const struct root *root, const char *path), (root, path))
WRAP(root_each_entry,
     (const struct root *root, const char *path, int (*function)(const char *name, void *context),
      void *context),
     (root, path, function, context))

/* No directory has a block device that something has to itself, nor a group that a guest has. */
static int answer(const struct root *root, const char *path)
{
	char text[16];
	int r = look(root, path);

	if (r == 0)
		r = __real_root_read(root, path, text, sizeof(text));
	return r >= 0 && strcmp(text, "busy\n") == 0 ? -EBUSY : r;
}

int __wrap_root_check_block(const struct root *root, const char *path);
int __wrap_root_check_block(const struct root *root, const char *path)
{
	return answer(root, path);
}

int __real_root_open_device(const struct root *root, const char *path);
int __wrap_root_open_device(const struct root *root, const char *path);
int __wrap_root_open_device(const struct root *root, const char *path)
{
	int r = answer(root, path);

	return r < 0 ? r : __real_root_open_device(root, path);
}

/* --- a host */

static const char host[] =
	"@ proc\n"
	"cmdline = ro\n"
	"swaps\n"
	"| Filename Type Size Used Priority\n"
	"| /dev/nvme1n1p2 partition 1 0 -2\n"
	"@ proc/self\n"
	"mountinfo\n"
	"| 22 1 253:0 / / rw - ext4 /dev/mapper/root rw\n"
	"| 23 22 259:1 / /boot rw - ext4 /dev/nvme0n1p1 rw\n"
	"| 24 22 0:44 / /srv rw - nfs4 10.0.0.1:/srv rw,addr=10.0.0.1\n"
	"@ proc/net\n"
	"route\n"
	"| Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
	"| bond0 00000000 0100000A 0003 0 0 0 00000000 0 0 0\n"
	"@ proc/bus/pci\n"
	"devices\n"
	"| 0008\t80863420\t0\tpcieport\n"
	"| 0010\t808610d3\t0\te1000e\n"
	"| 0018\t1b360010\t0\tnvme\n"
	"| 0020\t1b360010\t0\tnvme\n"
	"| 0028\t1b360002\t0\t\n"
	"| 0030\t808610c9\t0\tigb\n"
	"| 0031\t808610ca\t0\tigbvf\n"
	"| 0038\t1b36000d\t0\t\n"
	"| 0040\t144da80a\t0\tnvme\n"
	"| 0100\t10de2684\t0\t\n"
	"| 0101\t10de22bc\t0\tsnd_hda_intel\n"
	"@ proc/bus/input\n"
	"devices\n"
	"| I: Bus=0003\n"
	"| S: Sysfs=/devices/pci0000:00/0000:00:07.0/usb1/1-1/input/input1\n"
	"| B: KEY=fffffffffffffffe\n"
	"@ etc\n"
	"fstab\n"
	"| 10.0.0.1:/usr /usr nfs4 ro 0 0\n"
	"| /dev/nvme0n1p1 /boot ext4 ro 0 0\n"
	"crypttab\n"
	"| root /dev/md0 none luks\n"
	"@ usr/lib/passthru\n"
	"needs\n"
	"| passthru-needs 1\n"
	"| host Vendor Product\n"
	"| storage pci0000:00/03.0 1b36:0010:0000:0000 010802 / on /dev/nvme0n1\n"
	"| storage pci0000:00/04.0 1b36:0010:0000:0000 010802 / on /dev/nvme1n1\n"
	"| network pci0000:00/02.0 8086:10d3:0000:0000 020000 /usr\n"
	"@ sys/class/dmi/id\n"
	"sys_vendor = Vendor\n"
	"product_name = Product\n"
	"@ sys/class/tty/console\n"
	"active = tty0 ttyS4\n"
	"@ sys/class/tty\n"
	"ttyS4 -> sys/devices/pci0000:00/0000:00:05.0/tty/ttyS4\n"
	"@ sys/class/iommu/dmar0\n"
	"@ sys/kernel/irq/24\n"
	"chip_name = IR-PCI-MSI\n"
	"@ sys/bus/pci/drivers/e1000e\n"
	"module -> sys/module/e1000e\n"
	"@ sys/module/e1000e\n"
	"initstate = live\n"
	"@ sys/bus/pci/drivers/snd_hda_intel\n"
	"@ dev/vfio\n"
	"14 = busy\n"
	"@ dev\n"
	"nvme0n1 = idle\n"
	"nvme1n1 = busy\n"
	"nvme2n1 = busy\n"

	/* A bridge; behind it a display and its sound, which a driver has that is built in. */
	"@ sys/devices/pci0000:00/0000:00:01.0\n"
	"uevent\n"
	"| DRIVER=pcieport\n"
	"| PCI_CLASS=60400\n"
	"| PCI_ID=8086:3420\n"
	"config\n"
	": 000006 10\n"
	": 00000e 01\n"
	": 000034 40\n"
	": 000040 10 00 42 01\n"
	"@ sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0\n"
	"uevent\n"
	"| PCI_CLASS=30000\n"
	"| PCI_ID=10DE:2684\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/14\n"
	"boot_vga = 1\n"
	"d3cold_allowed = 1\n"
	"power/control = auto\n"
	"reset_method = bus\n"
	"removable = fixed\n"
	"@ sys/devices/pci0000:00/0000:00:01.0/0000:01:00.1\n"
	"uevent\n"
	"| DRIVER=snd_hda_intel\n"
	"| PCI_CLASS=40300\n"
	"| PCI_ID=10DE:22BC\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/14\n"
	"reset_method = bus\n"
	"removable = fixed\n"
	"@ sys/kernel/iommu_groups/14\n"
	"type = DMA-FQ\n"
	"reserved_regions\n"
	"| 0x00000000fee00000 0x00000000feefffff msi\n"

	/* A network card that the driver of a module has. */
	"@ sys/devices/pci0000:00/0000:00:02.0\n"
	"uevent\n"
	"| DRIVER=e1000e\n"
	"| PCI_CLASS=20000\n"
	"| PCI_ID=8086:10D3\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/2\n"
	"reset_method = flr\n"
	"@ sys/devices/pci0000:00/0000:00:02.0/net/eth0\n"
	"flags = 0x1003\n"
	"master -> sys/devices/virtual/net/bond0\n"
	"@ sys/class/net\n"
	"eth0 -> sys/devices/pci0000:00/0000:00:02.0/net/eth0\n"
	"bond0 -> sys/devices/virtual/net/bond0\n"
	"@ sys/devices/virtual/net/bond0\n"
	"lower_eth0 -> sys/devices/pci0000:00/0000:00:02.0/net/eth0\n"
	"@ sys/kernel/iommu_groups/2\n"
	"type = DMA-FQ\n"
	"reserved_regions\n"
	"| 0x000000007c800000 0x000000007fffffff direct\n"

	/* Two disks with / and more on them, and a third in use. */
	"@ sys/devices/pci0000:00/0000:00:03.0\n"
	"uevent\n"
	"| DRIVER=nvme\n"
	"| PCI_CLASS=10802\n"
	"| PCI_ID=1B36:0010\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/3\n"
	"@ sys/devices/pci0000:00/0000:00:04.0\n"
	"uevent\n"
	"| DRIVER=nvme\n"
	"| PCI_CLASS=10802\n"
	"| PCI_ID=1B36:0010\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/4\n"
	"@ sys/devices/pci0000:00/0000:00:08.0\n"
	"uevent\n"
	"| DRIVER=nvme\n"
	"| PCI_CLASS=10802\n"
	"| PCI_ID=144D:A80A\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/8\n"
	"@ sys/devices/pci0000:00/0000:00:03.0/nvme/nvme0/nvme0n1/nvme0n1p1\n"
	"partition = 1\n"
	"@ sys/devices/pci0000:00/0000:00:03.0/nvme/nvme0/nvme0n1/nvme0n1p2\n"
	"partition = 2\n"
	"@ sys/devices/pci0000:00/0000:00:04.0/nvme/nvme1/nvme1n1/nvme1n1p1\n"
	"partition = 1\n"
	"@ sys/devices/pci0000:00/0000:00:04.0/nvme/nvme1/nvme1n1/nvme1n1p2\n"
	"partition = 2\n"
	"@ sys/devices/virtual/block/md0/slaves\n"
	"nvme0n1p2 -> sys/devices/pci0000:00/0000:00:03.0/nvme/nvme0/nvme0n1/nvme0n1p2\n"
	"nvme1n1p1 -> sys/devices/pci0000:00/0000:00:04.0/nvme/nvme1/nvme1n1/nvme1n1p1\n"
	"@ sys/devices/virtual/block/dm-0/slaves\n"
	"md0 -> sys/devices/virtual/block/md0\n"
	"@ sys/devices/virtual/block/dm-0/dm\n"
	"name = root\n"
	"uuid = CRYPT-LUKS2-x\n"
	"@ sys/class/block\n"
	"nvme0n1 -> sys/devices/pci0000:00/0000:00:03.0/nvme/nvme0/nvme0n1\n"
	"nvme1n1 -> sys/devices/pci0000:00/0000:00:04.0/nvme/nvme1/nvme1n1\n"
	"nvme2n1 -> sys/devices/pci0000:00/0000:00:08.0/nvme/nvme2/nvme2n1\n"
	"nvme0n1p1 -> sys/devices/pci0000:00/0000:00:03.0/nvme/nvme0/nvme0n1/nvme0n1p1\n"
	"nvme0n1p2 -> sys/devices/pci0000:00/0000:00:03.0/nvme/nvme0/nvme0n1/nvme0n1p2\n"
	"nvme1n1p1 -> sys/devices/pci0000:00/0000:00:04.0/nvme/nvme1/nvme1n1/nvme1n1p1\n"
	"nvme1n1p2 -> sys/devices/pci0000:00/0000:00:04.0/nvme/nvme1/nvme1n1/nvme1n1p2\n"
	"md0 -> sys/devices/virtual/block/md0\n"
	"dm-0 -> sys/devices/virtual/block/dm-0\n"
	"@ sys/dev/block\n"
	"253:0 -> sys/devices/virtual/block/dm-0\n"
	"259:1 -> sys/devices/pci0000:00/0000:00:03.0/nvme/nvme0/nvme0n1/nvme0n1p1\n"

	/* A serial card with a console, a card with virtual functions, a USB controller. */
	"@ sys/devices/pci0000:00/0000:00:05.0\n"
	"uevent\n"
	"| PCI_CLASS=70002\n"
	"| PCI_ID=1B36:0002\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/5\n"
	"@ sys/devices/pci0000:00/0000:00:05.0/tty/ttyS4\n"
	"@ sys/devices/pci0000:00/0000:00:06.0\n"
	"uevent\n"
	"| DRIVER=igb\n"
	"| PCI_CLASS=20000\n"
	"| PCI_ID=8086:10C9\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/6\n"
	"sriov_totalvfs = 7\n"
	"sriov_numvfs = 1\n"
	"virtfn0 -> sys/devices/pci0000:00/0000:00:06.1\n"
	"@ sys/devices/pci0000:00/0000:00:06.1\n"
	"uevent\n"
	"| DRIVER=igbvf\n"
	"| PCI_CLASS=20000\n"
	"| PCI_ID=8086:10CA\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/61\n"
	"physfn -> sys/devices/pci0000:00/0000:00:06.0\n"
	"@ sys/devices/pci0000:00/0000:00:07.0\n"
	"uevent\n"
	"| PCI_CLASS=C0330\n"
	"| PCI_ID=1B36:000D\n"
	"iommu -> sys/class/iommu/dmar0\n"
	"iommu_group -> sys/kernel/iommu_groups/7\n";

/* A dom0 knows no groups: they are derived, and everything behind the bridge is in one. */
static const char dom0[] = "@ sys/hypervisor/properties\n"
			   "features = 001e28e0\n"
			   "@ sys/devices/pci0000:00\n"
			   "0000:00:01.0/config\n"
			   ": 00000e 01\n"
			   ": 000040 00\n";

static const char machine[] = "@ sys/class/dmi/id\n"
			      "modalias = (there)\n"
			      "sys_vendor = Maker\n"
			      "@ sys/devices/system/cpu\n"
			      "modalias = cpu:type:x86,ven0000:feature:,0000\n"
			      "@ proc/sys/kernel\n"
			      "arch = x86_64\n";

#define EACH                                       \
	"[device gpu]\naddress = 01:00.0\n"        \
	"[device nic]\naddress = 00:02.0\n"        \
	"[device root]\naddress = 00:03.0\n"       \
	"[device root2]\npath = pci0000:00/04.0\n" \
	"[device serial]\naddress = 00:05.0\n"     \
	"[device usb]\nclass = 0c03\n"             \
	"[device busy]\nid = 144d:a80a\n"          \
	"[device pf]\nid = 8086:10c9\n"

static const struct conf_row {
	const char *name;
	const char *more; /* of the host */
	const char *conf;
} confs[] = {
	{ "each", "", EACH },
	{ "one", "", "[device gpu]\naddress = 01:00.0\ngroup = whole\n" },
	{ "one of two disks", "", "[device root2]\npath = pci0000:00/04.0\niommu = warn\n" },
	{ "those with functions", "", "[device vf]\nid = 8086:10ca\niommu = warn\n" },
	{ "conditions, whose rules are for this machine", machine,
	  "[passthru]\niommu = warn\n[device disks]\nclass = 01\nmatch-platform = bare\n"
	  "match-firmware = sys_vendor:Maker !board_name:X !compatible:x\n"
	  "[device nics]\nclass = 02\nmatch-virtualization = no\nmatch-architecture = x86-64\n"
	  "match-device = !ffff:ffff\n" },
	{ "conditions, whose rules are for another machine", machine,
	  "[passthru]\niommu = warn\n[device disks]\nclass = 01\nmatch-platform = xen-dom0\n"
	  "[device nics]\nclass = 02\nmatch-firmware = compatible:x !sys_vendor:Maker\n"
	  "[device cards]\nclass = 03\nmatch-virtualization = yes\n"
	  "[device more]\nclass = 03\nmatch-architecture = arm64\n"
	  "[device rest]\nid = *:*\n" },
	{ "held", "", "[passthru]\non-failure = hold\n" EACH },
	{ "whole groups, IOMMU or not", "", "[passthru]\ngroup = whole\niommu = warn\n" EACH },
	{ "whole groups or nothing, IOMMU or not", "",
	  "[passthru]\ngroup = refuse\niommu = warn\n" EACH },
	{ "virtual functions", "",
	  "[sriov functions]\nid = 8086:10c9\nvfs = 2\n[device all]\nclass = 02\n" },
	{ "settings", "",
	  "[passthru]\niommu = warn\n[device gpu]\naddress = 01:00.0\n"
	  "reset-method = bus\nd3cold = no\npower-control = on\nmode = 0660\n" },
	{ "a dom0", dom0, "[passthru]\ngroup = refuse\niommu = warn\n" EACH },
	{ "a dom0, where all is allowed", dom0,
	  "[passthru]\niommu = warn\n[device disks]\nclass = 01\nallow = storage\n"
	  "[device nics]\nclass = 02\nallow = network\n" },
};

/* --- what comes of it */

struct outcome {
	struct want want;
	struct facts facts;
	struct plan plan;
	struct findings findings; /* of needs */
	int result;
};

static bool is_any(const struct facts *facts, const struct pci_device *device, const void *context)
{
	(void)facts, (void)device, (void)context;
	return true;
}

/* As the agent does it at boot. */
static void decide_at_boot(const struct tree *tree, struct outcome *ret)
{
	const struct root *root = &tree->root;
	struct matcher matcher;

	ret->result = scan_host(root, &ret->facts);
	if (ret->result < 0)
		return;
	machine_survey(root, want_traits(&ret->want), "ro", &ret->facts);
	conditions_judge(&ret->want, &ret->facts);
	needs_record_read(root, root, &ret->facts, NULL, NULL);
	console_survey(root, &ret->facts, &ret->facts.needs);
	if (want_has_functions(&ret->want))
		functions_survey(root, &ret->facts);
	matcher_make(&ret->want, &matcher);
	scan_details(root, NULL, "ro", &ret->facts, match_is_concerned, &matcher);
	matcher_free(&matcher);
	plan_make(&ret->want, &ret->facts, &ret->plan);
	settings_survey(root, &ret->plan);
}

static struct module_index *no_modules(const struct root *root, const char *cmdline, void *context)
{
	(void)root, (void)cmdline, (void)context;
	return NULL;
}

/* The same without a look at what no rule names. */
static void decide_narrowly(const struct tree *tree, struct outcome *ret)
{
	struct session session = {
		.input = { .root = &tree->root,
			   .image = &tree->root,
			   .is_narrow = true,
			   .open_modules = no_modules },
		.cmdline = memory_dup("ro"),
		.want = ret->want,
	};

	ret->result = session_scan(&session);
	if (ret->result == 0) {
		session_recall_needs(&session);
		if (want_has_functions(&session.want))
			session_scan_functions(&session);
		session_scan_concerned(&session, &session.want);
		session_plan(&session);
	}
	matches_free(&session.matches);
	free(session.cmdline);
	ret->facts = session.facts;
	ret->plan = session.plan;
	ret->findings = session.findings;
}

/* As `passthru assign` does it. */
static void decide_at_run_time(const struct tree *tree, struct outcome *ret)
{
	const struct root *root = &tree->root;
	int r;

	ret->result = scan_host(root, &ret->facts);
	if (ret->result < 0)
		return;
	for (size_t i = 0; i < ret->want.rule_count; i++)
		ret->want.rules[i].at_run_time = true;
	functions_survey(root, &ret->facts);
	scan_details(root, NULL, "ro", &ret->facts, is_any, NULL);
	usage_survey(root, &ret->facts);
	r = survey_needs(root, "ro", &ret->facts, &ret->facts.needs, &ret->findings);
	if (r >= 0)
		ret->facts.needs_state = r == 0 ? NEEDS_KNOWN : NEEDS_DAMAGED;
	console_survey(root, &ret->facts, &ret->facts.needs);
	plan_make(&ret->want, &ret->facts, &ret->plan);
	settings_survey(root, &ret->plan);
}

typedef void decider(const struct tree *tree, struct outcome *ret);

static void outcome_free(struct outcome *outcome)
{
	plan_free(&outcome->plan);
	facts_free(&outcome->facts);
	want_free(&outcome->want);
	findings_free(&outcome->findings);
}

static struct outcome decide(const struct tree *tree, const char *conf, decider *decide_how)
{
	struct outcome outcome = { 0 };

	form_want(conf, NULL, &outcome.want);
	assert_false(outcome.want.has_errors);
	fault.count = 0;
	fault.is_met = false;
	decide_how(tree, &outcome);
	return outcome;
}

/* The last decision on the device that LIKE is about; NULL without any. */
static const struct decision *find(const struct outcome *outcome, const struct decision *like)
{
	const struct decision *found = NULL;

	for (size_t i = 0; i < outcome->plan.count; i++) {
		const struct decision *decision = &outcome->plan.decisions[i];

		if (decision->device && like->device &&
		    address_compare(&decision->device->address, &like->device->address) == 0)
			found = decision;
	}
	return found;
}

static bool is_refusal(const struct decision *decision)
{
	return !decision || decision->verdict == VERDICT_REFUSE ||
	       decision->verdict == VERDICT_ABSENT;
}

static bool has_gained(const struct outcome *fine, const struct decision *decision)
{
	const struct decision *before = find(fine, decision);

	if (is_refusal(decision))
		return false;
	/* What is held was not taken, and a device that is held in place of being taken is none the
	 * less. */
	if (!before || is_refusal(before) ||
	    (before->verdict == VERDICT_HOLD && decision->verdict == VERDICT_TAKE))
		return true;
	return decision->viability == VIABILITY_YES && before->viability != VIABILITY_YES;
}

static bool has_finding(const struct findings *findings)
{
	return findings_severity(findings) > SEVERITY_INFO;
}

/* The reader of the record is told why the device is not as it would have been. */
static bool is_told(const struct outcome *outcome, const struct decision *before)
{
	for (size_t i = 0; i < outcome->plan.count; i++) {
		if (strcmp(outcome->plan.decisions[i].rule->name, before->rule->name) == 0 &&
		    has_finding(&outcome->plan.decisions[i].findings))
			return true;
	}
	return has_finding(&outcome->facts.findings) ||
	       has_finding(&outcome->facts.iommu_findings) || has_finding(&outcome->findings);
}

/* One that was to be set is not, and nothing says why. */
static bool has_lost_setting(const struct decision *before, const struct decision *decision)
{
	for (enum setting i = 0; before->settings && i < SETTING_COUNT; i++) {
		if (before->settings[i].value && !is_refusal(decision) &&
		    (!decision->settings || !decision->settings[i].value) &&
		    !has_finding(&decision->findings))
			return true;
	}
	return false;
}

static void compare(const struct outcome *fine, const struct outcome *outcome)
{
	_cleanup_free_ char *form = form_plan(&outcome->plan);
	_cleanup_free_ char *fine_form = form_plan(&fine->plan);

	if (outcome->result < 0)
		return;
	for (size_t i = 0; i < outcome->plan.count; i++) {
		if (has_gained(fine, &outcome->plan.decisions[i]))
			fail_msg("a guard opened by %s: %s\n%s\nbut without it\n%s", fault.path,
				 strerror(-fault.error), form, fine_form);
	}
	for (size_t i = 0; i < fine->plan.count; i++) {
		const struct decision *before = &fine->plan.decisions[i];

		if (!is_refusal(before) && is_refusal(find(outcome, before)) &&
		    !is_told(outcome, before))
			fail_msg("nobody tells of %s: %s\n%s\nbut without it\n%s", fault.path,
				 strerror(-fault.error), form, fine_form);
		if (has_lost_setting(before, find(outcome, before)))
			fail_msg("nobody tells of %s: %s\n%s\nbut without it\n%s", fault.path,
				 strerror(-fault.error), form, fine_form);
	}
}

static const int errors[] = { -EIO, -ENOMEM, -EMFILE, -EACCES };

static size_t looks;

static void fail_each(const struct tree *tree, const char *conf, decider *decide_how)
{
	struct outcome fine = decide(tree, conf, decide_how);
	size_t count = fault.count;

	assert_true(count > 40);
	for (size_t i = 1; i <= count; i++) {
		struct outcome outcome;

		fault.number = i;
		fault.error = errors[i % ARRAY_SIZE(errors)];
		outcome = decide(tree, conf, decide_how);
		fault.number = 0;
		compare(&fine, &outcome);
		outcome_free(&outcome);
		looks++;
	}
	outcome_free(&fine);
}

static void test_each(void **state)
{
	const struct conf_row *row = *state;
	struct tree tree = tree_make();

	fault = (struct fault){ 0 };
	host_lay_out(&tree, host);
	host_lay_out(&tree, row->more);
	fail_each(&tree, row->conf, decide_at_boot);
	fail_each(&tree, row->conf, decide_narrowly);
	fail_each(&tree, row->conf, decide_at_run_time);
	tree_remove(&tree);
}

#define GPU "address = 01:00.0\nallow = console"

/* All looks at one thing fail: what is refused then, and how that is said. */
static const struct row {
	const char *name;
	const char *pattern;
	decider *decider;
	const char *rule; /* of the only device */
	const char *plan; /* what comes of it; NULL for what must not be said */
} rows[] = {
	{ "the consoles", "sys/class/tty/console/active", decide_at_boot, "address = 00:05.0",
	  "a 0000:00:05.0: leave to the host vfio-pci guard-console\n" },
	{ "the device of a console", "sys/class/tty/ttyS4", decide_at_boot, "address = 00:05.0",
	  "a 0000:00:05.0: leave to the host vfio-pci guard-console\n" },
	{ "the record of needs", "usr/lib/passthru/needs", decide_at_boot, "address = 00:03.0",
	  "a 0000:00:03.0: leave to the host vfio-pci guard-storage\n" },
	{ "whose record it is", "sys/class/dmi/id/*", decide_at_boot, "address = 00:07.0",
	  "a 0000:00:07.0: leave to the host vfio-pci guard-storage\n" },
	{ "whether a driver is a module", "*/module/initstate", decide_at_boot,
	  "address = 01:00.1\non-failure = hold\ngroup = listed",
	  "a 0000:01:00.1: leave to the host vfio-pci guard-unknown\n" },
	{ "what host it is", "sys/hypervisor/*", decide_at_boot, GPU,
	  "a 0000:01:00.0: leave to the host vfio-pci guard-unknown\n" },
	{ "the path of a device", "sys/bus/pci/devices/0000:00:07.0", decide_at_boot,
	  "address = 00:07.0", "a -: absent vfio-pci absent\n" },
	{ "the physical function", "*/physfn", decide_at_boot, "address = 00:06.1",
	  "a 0000:00:06.1: leave to the host vfio-pci guard-unknown\n" },
	{ "the virtual functions", "*/virtfn0", decide_at_run_time, "address = 00:06.1",
	  "a 0000:00:06.1: leave to the host vfio-pci guard-unknown\n" },
	{ "how many functions", "*/sriov_numvfs", decide_at_run_time, "address = 00:06.0",
	  "a 0000:00:06.0: leave to the host vfio-pci in-use guard-unknown\n" },
	{ "its IOMMU group", "*/0000:01:00.0/iommu_group", decide_at_boot, GPU,
	  "a 0000:01:00.0: leave to the host vfio-pci iommu-unknown\n" },
	{ "the type of its group", "*/0000:01:00.0/iommu_group/type", decide_at_boot, GPU,
	  "a 0000:01:00.0: leave to the host vfio-pci iommu-unknown\n" },
	{ "the name of its group", "*/0000:01:00.0/iommu_group/name", decide_at_boot, GPU,
	  "a 0000:01:00.0: leave to the host vfio-pci iommu-unknown\n" },
	{ "the regions of its group", "*/iommu_group/reserved_regions", decide_at_boot, GPU,
	  "a 0000:01:00.0: leave to the host vfio-pci iommu-unknown\n" },
	{ "the members of its group", "*/iommu_group/devices", decide_at_boot, GPU,
	  "a 0000:01:00.0: leave to the host vfio-pci iommu-unknown\n" },
	{ "a member of its group", "*/0000:01:00.1/uevent", decide_at_boot, GPU,
	  "a 0000:01:00.0: leave to the host vfio-pci iommu-unknown\n" },
	{ "its IOMMU", "*/0000:01:00.0/iommu", decide_at_boot, GPU,
	  "a 0000:01:00.0: leave to the host vfio-pci iommu-unknown\n" },
	{ "which IOMMUs there are, so that it is not viable", "sys/class/iommu", decide_at_boot,
	  GPU, "a 0000:01:00.0: take vfio-pci group-incomplete\n" },
	{ "what remaps interrupts, so that it is not viable", "sys/kernel/irq*", decide_at_boot,
	  GPU, "a 0000:01:00.0: take vfio-pci group-incomplete\n" },
	{ "what is only shown", "*/reset_method", decide_at_boot, GPU,
	  "a 0000:01:00.0: take vfio-pci group-incomplete unreadable unreadable\n" },
	{ "the interfaces", "sys/class/net", decide_at_run_time, "address = 00:02.0",
	  "a 0000:00:02.0: leave to the host vfio-pci in-use\n" },
	{ "the flags of an interface", "sys/class/net/eth0/flags", decide_at_run_time,
	  "address = 00:02.0\nallow = storage",
	  "a 0000:00:02.0: leave to the host vfio-pci in-use\n" },
	{ "the disks", "sys/class/block", decide_at_run_time, "address = 00:08.0\nallow = storage",
	  "a 0000:00:08.0: leave to the host vfio-pci in-use\n" },
	{ "one disk", "dev/nvme2n1", decide_at_run_time, "address = 00:08.0\nallow = storage",
	  "a 0000:00:08.0: leave to the host vfio-pci in-use\n" },
	{ "what is mounted", "proc/self/mountinfo", decide_at_run_time,
	  "address = 00:03.0\niommu = warn", NULL },
	{ "what the array is made of", "*/md0/slaves", decide_at_run_time, "address = 00:03.0",
	  NULL },
	{ "the routes", "proc/net/route", decide_at_run_time, "address = 00:06.0\nallow = storage",
	  NULL },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	_cleanup_free_ char *conf = memory_printf("[device a]\n%s\n", row->rule);

	host_lay_out(&tree, host);
	/* Only without a domain the group's name says what it is. */
	if (strstr(row->pattern, "iommu_group/name"))
		tree_write(&tree, "sys/kernel/iommu_groups/14/type", "unknown\n");
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct outcome outcome;
		_cleanup_free_ char *form = NULL;

		fault = (struct fault){ .pattern = row->pattern, .error = errors[i] };
		outcome = decide(&tree, conf, row->decider);
		fault.pattern = NULL;
		assert_true(fault.is_met);
		form = form_plan(&outcome.plan);
		for (size_t d = 0; d < outcome.plan.count && !row->plan; d++)
			assert_true(is_refusal(&outcome.plan.decisions[d]));
		if (row->plan)
			assert_string_equal(form, row->plan);
		outcome_free(&outcome);
	}
	tree_remove(&tree);
}

#define X10 "xxxxxxxxxx"
#define X300                                                                                    \
	X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 \
		X10 X10 X10 X10 X10 X10 X10 X10

/* One thing of the host is another: a file with TEXT, or a link to it. */
static const struct replaced {
	const char *name, *path, *text;
	bool is_link;
	decider *decider;
	const char *rule, *plan;
} replacements[] = {
	{ "a console, by a file", "sys/class/tty/ttyS4", "", false, decide_at_boot,
	  "address = 00:05.0", "a 0000:00:05.0: leave to the host vfio-pci guard-console\n" },
	{ "a console, by a circle", "sys/class/tty/ttyS4", "ttyS4", true, decide_at_boot,
	  "address = 00:05.0", "a 0000:00:05.0: leave to the host vfio-pci guard-console\n" },
	{ "an interface, by a file", "sys/class/net/eth0", "", false, decide_at_run_time,
	  "address = 00:02.0\nallow = storage",
	  "a 0000:00:02.0: leave to the host vfio-pci in-use\n" },
	{ "an interface, by a circle", "sys/class/net/eth0", "eth0", true, decide_at_run_time,
	  "address = 00:02.0\nallow = storage",
	  "a 0000:00:02.0: leave to the host vfio-pci in-use\n" },
	{ "no interface, but a file that is no interface", "sys/class/net/bonding_masters", "",
	  false, decide_at_run_time, "address = 00:07.0\nallow = storage console",
	  "a 0000:00:07.0: take vfio-pci viable guard-overridden reset-missing\n" },
	{ "the module of a driver, by a file", "sys/bus/pci/drivers/e1000e/module", "", false,
	  decide_at_boot, "address = 00:02.0\niommu = warn\nallow = network",
	  "a 0000:00:02.0: leave to the host vfio-pci guard-overridden guard-unknown\n" },
	{ "the vendor, by a text that is too long", "sys/class/dmi/id/sys_vendor", X300, false,
	  decide_at_boot, "address = 00:07.0",
	  "a 0000:00:07.0: leave to the host vfio-pci guard-storage\n" },
};

static void test_replaced(void **state)
{
	const struct replaced *row = *state;
	struct tree tree = tree_make();
	_cleanup_free_ char *conf = memory_printf("[device a]\n%s\n", row->rule);
	_cleanup_free_ char *form = NULL;
	struct outcome outcome;

	fault = (struct fault){ 0 };
	host_lay_out(&tree, host);
	unlinkat(tree.root.fd, row->path, 0);
	if (row->is_link)
		tree_link(&tree, row->path, row->text);
	else
		tree_write(&tree, row->path, row->text);
	outcome = decide(&tree, conf, row->decider);
	form = form_plan(&outcome.plan);
	assert_string_equal(form, row->plan);
	outcome_free(&outcome);
	tree_remove(&tree);
}

/* A record that says less than there is would be worse than none. */
static void test_needs(void **state)
{
	const struct tree *tree = *state;
	struct facts facts = { 0 };
	size_t count;

	host_lay_out(tree, host);
	fault = (struct fault){ 0 };
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	count = 1;
	for (size_t i = 1; i <= count; i++) {
		struct findings findings = { 0 };
		struct needs needs = { 0 };
		int r;

		fault = (struct fault){ .number = i, .error = -EIO };
		r = survey_needs(&tree->root, "ro", &facts, &needs, &findings);
		count = count > fault.count ? count : fault.count + 1;
		assert_int_equal(r, fault.is_met ? SURVEY_INCOMPLETE : 0);
		assert_int_equal(findings.count > 0, fault.is_met);
		findings_free(&findings);
		needs_free(&needs);
	}
	assert_true(count > 50);
	facts_free(&facts);
}

static void test_enough(void **state)
{
	(void)state;
	assert_true(looks > 1500); /* or nothing was tested */
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "unread", test_row, rows);
	suite_add_rows(&suite, "replaced", test_replaced, replacements);
	suite_add_rows(&suite, "each look fails once", test_each, confs);
	suite_add_in_tree(&suite, "each look of `passthru needs` fails once", test_needs);
	suite_add(&suite, "that was enough", test_enough);
	return suite_run(&suite, "unread");
}
