/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From host and configuration, as text, to the decisions (forms.h says how all three read). */
#include "helpers.h"

#include <string.h>

#include "devices.h"
#include "forms.h"
#include "plan/plan.h"

#define PORT  "0000:00:01.0 8086:1901 060400 group=14 driver=pcieport\n" /* of the same group */
#define UART  "0000:04:00.0 1b36:0002 070002 group=17 driver=serial\n"
#define LPC   "0000:00:1f.0 8086:2918 060100 group=3\n"
#define SMBUS "0000:00:1f.3 8086:2930 0c0500 group=3 driver=i801_smbus\n"

#define HOLD "on-failure = hold\n"

static const struct row {
	const char *name;
	const char *host;
	const char *conf;
	const char *plan;
} rows[] = {
	{ "no rule, no decision", GPU NIC, "", "" },
	{ "by address", GPU NIC, "[device a]\naddress = 0000:02:00.0\n",
	  "a 0000:02:00.0: take vfio-pci\n" },
	{ "by path", NIC "0000:05:00.0 1:2 0300 group=1 path=pci0000:00/03.0/00.0\n",
	  "[device a]\npath = pci0000:00/03.0/00.0\n", "a 0000:05:00.0: take vfio-pci\n" },
	{ "by id", GPU NIC, "[device a]\nid = 8086:10d3\n", "a 0000:02:00.0: take vfio-pci\n" },
	{ "by class", GPU NIC, "[device a]\nclass = 02\n", "a 0000:02:00.0: take vfio-pci\n" },
	{ "one of two twins, by address", NIC TWIN, "[device a]\naddress = 0000:03:00.0\n",
	  "a 0000:03:00.0: take vfio-pci\n" },
	{ "rules in their order, devices in that of their addresses", GPU AUDIO NIC TWIN,
	  "[device n]\nid = 8086:10d3\ncount = 2\n[device g]\naddress = 01:00.*\n",
	  "n 0000:02:00.0: take vfio-pci\nn 0000:03:00.0: take vfio-pci\n"
	  "g 0000:01:00.0: take vfio-pci\ng 0000:01:00.1: take vfio-pci\n" },
	{ "the first rule that fits wins", NIC TWIN,
	  "[device a]\naddress = 0000:03:00.0\ndriver = pci-stub\n[device b]\nid = 8086:10d3\n",
	  "a 0000:03:00.0: take pci-stub\nb 0000:02:00.0: take vfio-pci\n" },
	{ "pci-stub", NIC, "[device a]\nclass = 02\ndriver = pci-stub\n",
	  "a 0000:02:00.0: take pci-stub\n" },

	/* Not there, or something else is there */
	{ "absent", NIC, "[device a]\nid = 10de:2684\n", "a -: absent vfio-pci absent\n" },
	{ "absent, with hold", NIC, "[device a]\nid = 10de:2684\n" HOLD,
	  "a -: absent vfio-pci absent\n" },
	{ "absent on a host without devices", "", "[device a]\nid = 10de:2684\n",
	  "a -: absent vfio-pci absent\n" },
	{ "another id at the address", NIC, "[device a]\naddress = 0000:02:00.0\nid = 10de:2684\n",
	  "a 0000:02:00.0: leave to the host vfio-pci id-mismatch\n" },
	{ "another id at the address, with hold", NIC,
	  "[device a]\naddress = 0000:02:00.0\nid = 10de:2684\n" HOLD,
	  "a 0000:02:00.0: hold vfio-pci id-mismatch\n" },
	{ "another class at the path", GPU, "[device a]\npath = pci0000:00/01.0/00.0\nclass = 02\n",
	  "a 0000:01:00.0: leave to the host vfio-pci id-mismatch\n" },
	{ "of any function those that fit are meant", GPU AUDIO,
	  "[device a]\naddress = 01:00.*\nclass = 0300\n",
	  "a 0000:01:00.0: take vfio-pci group-incomplete\n" },
	{ "of any function none fits", GPU AUDIO, "[device a]\naddress = 01:00.*\nid = 1:2\n",
	  "a 0000:01:00.0: leave to the host vfio-pci id-mismatch\n"
	  "a 0000:01:00.1: leave to the host vfio-pci id-mismatch\n" },
	{ "address and path are of two devices", GPU NIC,
	  "[device a]\naddress = 0000:02:00.0\npath = pci0000:00/01.0/00.0\n",
	  "a 0000:01:00.0: leave to the host vfio-pci location-mismatch\n"
	  "a 0000:02:00.0: leave to the host vfio-pci location-mismatch\n" },
	{ "what fits a later rule is that one's, though a first means its place", NIC,
	  "[device a]\naddress = 0000:02:00.0\nid = 1:2\n[device b]\nid = 8086:10d3\n",
	  "a -: absent vfio-pci absent\n"
	  "b 0000:02:00.0: take vfio-pci\n" },

	/* count */
	{ "as many as count says", NIC TWIN, "[device a]\nid = 8086:10d3\ncount = 2\n",
	  "a 0000:02:00.0: take vfio-pci\na 0000:03:00.0: take vfio-pci\n" },
	{ "more than count says", NIC TWIN, "[device a]\nid = 8086:10d3\ncount = 1\n",
	  "a 0000:02:00.0: leave to the host vfio-pci count-mismatch\n"
	  "a 0000:03:00.0: leave to the host vfio-pci count-mismatch\n" },
	{ "fewer than count says, with hold", NIC, "[device a]\nid = 8086:10d3\ncount = 2\n" HOLD,
	  "a 0000:02:00.0: hold vfio-pci count-mismatch\n" },
	{ "none of count", NIC, "[device a]\nid = 1:2\ncount = 2\n",
	  "a -: absent vfio-pci absent\n" },
	{ "several without count are named", NIC TWIN, "[device a]\nid = 8086:10d3\n",
	  "a 0000:02:00.0: take vfio-pci several-match\n"
	  "a 0000:03:00.0: take vfio-pci several-match\n" },
	{ "several functions of an address are meant", GPU AUDIO, "[device a]\naddress = 01:00.*\n",
	  "a 0000:01:00.0: take vfio-pci\na 0000:01:00.1: take vfio-pci\n" },

	/* What is the host's own */
	{ "a bridge is never taken", PORT, "[device a]\naddress = 0000:00:01.0\n",
	  "a 0000:00:01.0: leave to the host vfio-pci bridge\n" },
	{ "nor held", PORT, "[device a]\naddress = 0000:00:01.0\n" HOLD,
	  "a 0000:00:01.0: leave to the host vfio-pci bridge\n" },
	{ "nor held for another reason", PORT,
	  "[device a]\naddress = 0000:00:01.0\nid = 1:2\n" HOLD,
	  "a 0000:00:01.0: leave to the host vfio-pci id-mismatch bridge\n" },
	{ "ISA and SMBus neither", LPC SMBUS, "[device a]\naddress = 00:1f.*\n" HOLD,
	  "a 0000:00:1f.0: leave to the host vfio-pci bridge\n"
	  "a 0000:00:1f.3: leave to the host vfio-pci bridge\n" },
	{ "a built-in driver has it: taken from it", UART, "[device a]\nclass = 07\n",
	  "a 0000:04:00.0: take vfio-pci\n" },
	{ "a module has it: in use", "0000:02:00.0 8086:10d3 02 group=1 driver=e1000e module\n",
	  "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: leave to the host vfio-pci driver-in-use\n" },
	{ "in use, nor held", "0000:02:00.0 8086:10d3 02 group=1 driver=e1000e module\n",
	  "[device a]\nclass = 02\n" HOLD,
	  "a 0000:02:00.0: leave to the host vfio-pci driver-in-use\n" },
	{ "a module of that driver, but no driver now",
	  "0000:02:00.0 8086:10d3 02 group=1 driver= module\n", "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take vfio-pci\n" },
	{ "the stub has it already", "0000:02:00.0 8086:10d3 02 group=1 driver=vfio-pci module\n",
	  "[device a]\nclass = 02\n", "a 0000:02:00.0: take vfio-pci already-bound\n" },
	{ "another stub has it", "0000:02:00.0 8086:10d3 02 group=1 driver=pci-stub module\n",
	  "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: leave to the host vfio-pci driver-in-use\n" },

	/* iommu */
	{ "no IOMMU", "0000:02:00.0 8086:10d3 02\n", "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: leave to the host vfio-pci iommu-off\n" },
	{ "no IOMMU, with hold", "0000:02:00.0 8086:10d3 02\n", "[device a]\nclass = 02\n" HOLD,
	  "a 0000:02:00.0: hold vfio-pci iommu-off\n" },
	{ "no IOMMU, iommu = warn", "0000:02:00.0 8086:10d3 02\n",
	  "[device a]\nclass = 02\niommu = warn\n",
	  "a 0000:02:00.0: take vfio-pci iommu-ignored\n" },
	{ "a group that does not translate", "0000:02:00.0 8086:10d3 02 group=0 untranslated\n",
	  "[device a]\nclass = 02\n", "a 0000:02:00.0: leave to the host vfio-pci iommu-off\n" },

	/* What VFIO will say. Without "remapping" above, nothing in this file is viable. */
	{ "viable", "remapping\n" NIC, "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take vfio-pci viable\n" },
	{ "not by pci-stub", "remapping\n" NIC, "[device a]\nclass = 02\ndriver = pci-stub\n",
	  "a 0000:02:00.0: take pci-stub\n" },
	{ "interrupts are not remapped", NIC, "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take vfio-pci\n" },
	{ "which is allowed", "unsafe interrupts\n" NIC, "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take vfio-pci viable\n" },
	{ "Arm needs no such chip", "smmu\n" NIC, "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take vfio-pci viable\n" },
	{ "no translation", "remapping\n0000:02:00.0 8086:10d3 02\n",
	  "[device a]\nclass = 02\niommu = warn\n",
	  "a 0000:02:00.0: take vfio-pci iommu-ignored\n" },
	{ "a direct region", "remapping\n0000:02:00.0 8086:10d3 02 group=1 direct\n",
	  "[device a]\nclass = 02\n", "a 0000:02:00.0: take vfio-pci direct-region\n" },
	{ "a member is the host's", "remapping\n" GPU AUDIO, "[device a]\nclass = 03\n",
	  "a 0000:01:00.0: take vfio-pci group-incomplete\n" },
	{ "all members are taken, the port does not count", "remapping\n" GPU AUDIO PORT,
	  "[device a]\naddress = 01:00.*\n",
	  "a 0000:01:00.0: take vfio-pci viable\na 0000:01:00.1: take vfio-pci viable\n" },
	{ "a member on pci-stub", "remapping\n" GPU AUDIO,
	  "[device a]\nclass = 03\n[device b]\nclass = 0403\ndriver = pci-stub\n",
	  "a 0000:01:00.0: take vfio-pci viable group-drivers-differ\n"
	  "b 0000:01:00.1: take pci-stub group-drivers-differ\n" },
	{ "a member is held", "remapping\n" GPU AUDIO,
	  "[device a]\nclass = 03\n[device b]\naddress = 01:00.1\nid = 1:2\n" HOLD,
	  "a 0000:01:00.0: take vfio-pci viable\nb 0000:01:00.1: hold vfio-pci id-mismatch\n" },
	{ "an ISA bridge in the group has the host's driver",
	  "remapping\n0000:00:1f.0 8086:2918 060100 group=3 driver=lpc_ich module\n"
	  "0000:00:1f.2 8086:2922 0106 group=3\n",
	  "[device a]\nclass = 0106\n", "a 0000:00:1f.2: take vfio-pci group-of-host\n" },

	/* What may trouble a guest */
	{ "on the denylist", "remapping\n0000:02:00.0 8086:37c8 0b4000 group=1\n",
	  "[device a]\nid = 8086:37c8\n",
	  "a 0000:02:00.0: leave to the host vfio-pci denylisted\n" },
	{ "of another vendor it is another device",
	  "remapping\n0000:02:00.0 1002:37c8 0b4000 group=1\n", "[device a]\nid = 1002:37c8\n",
	  "a 0000:02:00.0: take vfio-pci viable\n" },
	{ "no reset", "0000:02:00.0 8086:10d3 02 group=1 reset=\n", "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take vfio-pci reset-missing\n" },
	{ "a weak reset", "0000:02:00.0 8086:10d3 02 group=1 reset=pm\n",
	  "[device a]\nclass = 02\n", "a 0000:02:00.0: take vfio-pci reset-weak\n" },
	{ "a good reset", "0000:02:00.0 8086:10d3 02 group=1 reset=flr\n",
	  "[device a]\nclass = 02\n", "a 0000:02:00.0: take vfio-pci\n" },
	{ "no reset but that of the bus, and VFIO gets all of it",
	  "0000:01:00.0 10de:1b81 0300 group=1 reset= behind=0000:00:01.0\n"
	  "0000:01:00.1 10de:10f0 0403 group=1 reset= behind=0000:00:01.0\n",
	  "[device a]\naddress = 01:00.*\n",
	  "a 0000:01:00.0: take vfio-pci reset-bus\na 0000:01:00.1: take vfio-pci reset-bus\n" },
	{ "no reset but that of the bus, and another has a function",
	  "0000:01:00.0 10de:1b81 0300 group=1 reset= behind=0000:00:01.0\n"
	  "0000:01:00.1 10de:10f0 0403 group=2 reset= behind=0000:00:01.0\n",
	  "[device a]\naddress = 01:00.0\n", "a 0000:01:00.0: take vfio-pci reset-missing\n" },
	{ "no reset but that of the bus, and pci-stub does not do that",
	  "0000:01:00.0 10de:1b81 0300 group=1 reset= behind=0000:00:01.0\n"
	  "0000:01:00.1 10de:10f0 0403 group=1 reset= behind=0000:00:01.0\n",
	  "[device a]\naddress = 01:00.*\ndriver = pci-stub\n",
	  "a 0000:01:00.0: take pci-stub reset-missing\n"
	  "a 0000:01:00.1: take pci-stub reset-missing\n" },
	{ "a root bus is never reset",
	  "0000:00:01.0 1:2 02 group=1 reset=\n0000:00:01.1 1:2 02 group=1 reset=\n",
	  "[device a]\naddress = 00:01.*\n",
	  "a 0000:00:01.0: take vfio-pci reset-missing\n"
	  "a 0000:00:01.1: take vfio-pci reset-missing\n" },
	{ "of the class of bridges, and none: a rule names it",
	  "0000:05:00.0 10de:22a3 068000 group=1\n", "[device a]\nid = 10de:22a3\n",
	  "a 0000:05:00.0: take vfio-pci\n" },
	{ "of the class of bridges: a rule for the class",
	  "0000:05:00.0 10de:22a3 068000 group=1\n", "[device a]\nclass = 06\n",
	  "a 0000:05:00.0: leave to the host vfio-pci bridge\n" },
	{ "of the class of bridges: with its group", GPU "0000:01:00.3 1:2 068000 group=14\n",
	  "[device a]\nclass = 03\ngroup = whole\n",
	  "a 0000:01:00.0: take vfio-pci group-of-host\n" },
	{ "VMD: its disks go with its driver",
	  "remapping\n0000:d7:05.5 8086:201d 010400 group=5 path=pci0000:d7/05.5\n"
	  "10001:00:00.0 8086:2030 060400 group=5 path=pci0000:d7/05.5/pci10001:00/00.0\n"
	  "10001:01:00.0 8086:0a54 010802 group=5 path=pci0000:d7/05.5/pci10001:00/00.0/00.0\n",
	  "[device a]\nid = 8086:201d\ngroup = whole\n", "a 0000:d7:05.5: take vfio-pci viable\n" },
	{ "VMD: a disk without it",
	  "remapping\n0000:d7:05.5 8086:201d 010400 group=5 path=pci0000:d7/05.5\n"
	  "10001:01:00.0 8086:0a54 010802 group=5 path=pci0000:d7/05.5/pci10001:00/00.0/00.0\n",
	  "[device a]\nid = 8086:0a54\n", "a 10001:01:00.0: take vfio-pci group-incomplete\n" },
	{ "on a conventional bus",
	  "0000:00:1e.0 1:1 0604 conventional\n0000:05:00.0 8086:10d3 02 group=1 behind=0000:00:1e.0\n",
	  "[device a]\nclass = 02\n", "a 0000:05:00.0: take vfio-pci conventional-bridge\n" },
	{ "behind another bridge",
	  "0000:00:1e.0 1:1 0604\n0000:05:00.0 8086:10d3 02 group=1 behind=0000:00:1e.0\n",
	  "[device a]\nclass = 02\n", "a 0000:05:00.0: take vfio-pci\n" },
	{ "at an external port", "0000:02:00.0 8086:10d3 02 group=1 removable\n",
	  "[device a]\nclass = 02\n", "a 0000:02:00.0: take vfio-pci removable\n" },

	/* Xen */
	{ "auto in a Xen dom0", "xen\n0000:02:00.0 8086:10d3 02\n", "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take pciback of xen-pciback\n" },
	{ "vfio-pci in a Xen dom0, iommu = warn", "xen\n0000:02:00.0 8086:10d3 02\n",
	  "[device a]\nclass = 02\niommu = warn\ndriver = vfio-pci\n",
	  "a 0000:02:00.0: leave to the host vfio-pci xen-dom0\n" },
	{ "pci-stub in a Xen dom0", "xen\n0000:02:00.0 8086:10d3 02\n",
	  "[device a]\nclass = 02\ndriver = pci-stub\n", "a 0000:02:00.0: take pci-stub\n" },
	{ "no variant of vfio-pci in a Xen dom0",
	  "xen\n0000:02:00.0 8086:10d3 02 variant=mlx5_vfio_pci\n", "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take pciback of xen-pciback\n" },
	{ "xen-pciback without Xen", NIC, "[device a]\nclass = 02\ndriver = xen-pciback\n",
	  "a 0000:02:00.0: leave to the host pciback of xen-pciback not-xen\n" },
	{ "pciback, built in, has it without Xen",
	  "0000:02:00.0 8086:10d3 02 group=1 driver=pciback\n",
	  "[device a]\nclass = 02\ndriver = xen-pciback\n",
	  "a 0000:02:00.0: leave to the host pciback of xen-pciback not-xen\n" },
	{ "a PVH dom0", "pvh\n0000:02:00.0 8086:10d3 02\n", "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take pciback of xen-pciback xen-pvh\n" },
	{ "Xen does not translate", "xen off\n0000:02:00.0 8086:10d3 02\n",
	  "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: leave to the host pciback of xen-pciback iommu-off\n" },
	{ "Xen does not translate, iommu = warn", "xen off\n0000:02:00.0 8086:10d3 02\n",
	  "[device a]\nclass = 02\niommu = warn\n",
	  "a 0000:02:00.0: take pciback of xen-pciback iommu-ignored\n" },
	{ "Xen does not say", "xen unknown\n0000:02:00.0 8086:10d3 02\n",
	  "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: leave to the host pciback of xen-pciback iommu-unknown\n" },
	{ "permissive with another stub driver", NIC,
	  "[device a]\nclass = 02\npermissive = yes\ndriver = vfio-pci\n", "" },

	/* group */
	{ "listed: the missing members are named", GPU AUDIO PORT, "[device a]\nclass = 0300\n",
	  "a 0000:01:00.0: take vfio-pci group-incomplete\n" },
	{ "listed: bridges do not count", GPU PORT, "[device a]\nclass = 0300\n",
	  "a 0000:01:00.0: take vfio-pci\n" },
	{ "listed: all are listed, by two rules", GPU AUDIO,
	  "[device a]\nclass = 0300\n[device b]\nclass = 0403\n",
	  "a 0000:01:00.0: take vfio-pci\nb 0000:01:00.1: take vfio-pci\n" },
	{ "listed: a held member has no driver either", GPU AUDIO,
	  "[device a]\nclass = 0300\n[device b]\naddress = 01:00.1\nid = 1:2\n" HOLD,
	  "a 0000:01:00.0: take vfio-pci\nb 0000:01:00.1: hold vfio-pci id-mismatch\n" },
	{ "listed: a member left to the host is missing", GPU AUDIO,
	  "[device a]\nclass = 0300\n[device b]\naddress = 01:00.1\nid = 1:2\n",
	  "a 0000:01:00.0: take vfio-pci group-incomplete\n"
	  "b 0000:01:00.1: leave to the host vfio-pci id-mismatch\n" },
	{ "no group is no common group", "0000:02:00.0 1:2 02\n0000:03:00.0 1:3 02\n",
	  "[device a]\nid = 1:2\niommu = warn\n", "a 0000:02:00.0: take vfio-pci iommu-ignored\n" },
	{ "whole: the rest comes along, the bridge does not", GPU AUDIO PORT NIC,
	  "[device a]\nclass = 0300\ngroup = whole\ndriver = pci-stub\n",
	  "a 0000:01:00.0: take pci-stub\na 0000:01:00.1: take pci-stub group-whole\n" },
	{ "whole: another rule keeps its device", GPU AUDIO,
	  "[device a]\nclass = 0300\ngroup = whole\n[device b]\nclass = 0403\ndriver = pci-stub\n",
	  "a 0000:01:00.0: take vfio-pci group-drivers-differ\n"
	  "b 0000:01:00.1: take pci-stub group-drivers-differ\n" },
	{ "whole: a member in use is not taken",
	  GPU "0000:01:00.1 10de:22bc 0403 group=14 driver=snd_hda_intel module\n",
	  "[device a]\nclass = 0300\ngroup = whole\n",
	  "a 0000:01:00.0: take vfio-pci group-incomplete\n"
	  "a 0000:01:00.1: leave to the host vfio-pci group-whole driver-in-use\n" },
	{ "whole: a refused device takes nothing along", GPU AUDIO,
	  "[device a]\naddress = 01:00.0\nid = 1:2\ngroup = whole\n",
	  "a 0000:01:00.0: leave to the host vfio-pci id-mismatch\n" },
	{ "refuse: the group is complete", GPU AUDIO PORT,
	  "[device a]\naddress = 01:00.*\ngroup = refuse\n",
	  "a 0000:01:00.0: take vfio-pci\na 0000:01:00.1: take vfio-pci\n" },
	{ "refuse: a member is missing", GPU AUDIO, "[device a]\nclass = 0300\ngroup = refuse\n",
	  "a 0000:01:00.0: leave to the host vfio-pci group-refused\n" },
	{ "refuse: a member is missing, with hold", GPU AUDIO,
	  "[device a]\nclass = 0300\ngroup = refuse\n" HOLD,
	  "a 0000:01:00.0: hold vfio-pci group-refused\n" },
	{ "refuse: another rule's refusal cascades, whichever comes first",
	  "0000:01:00.0 1:1 03 group=1\n0000:01:00.1 1:2 04 group=1\n"
	  "0000:01:00.2 1:3 02 group=1 driver=x module\n",
	  "[device a]\nid = 1:1\ngroup = refuse\n[device b]\nid = 1:2\ngroup = refuse\n"
	  "[device c]\nid = 1:3\n",
	  "a 0000:01:00.0: leave to the host vfio-pci group-refused\n"
	  "b 0000:01:00.1: leave to the host vfio-pci group-refused\n"
	  "c 0000:01:00.2: leave to the host vfio-pci driver-in-use\n" },
	{ "refuse: the first is refused because of a later one's refusal",
	  "0000:01:00.0 1:1 03 group=1\n0000:01:00.1 1:2 04 group=1 driver=x module\n",
	  "[device a]\nid = 1:1\ngroup = refuse\n[device b]\nid = 1:2\n",
	  "a 0000:01:00.0: leave to the host vfio-pci group-refused\n"
	  "b 0000:01:00.1: leave to the host vfio-pci driver-in-use\n" },
	{ "refuse and listed: who stays is told what is missing",
	  GPU AUDIO "0000:01:00.2 10de:1ada 0c0330 group=14\n",
	  "[device a]\nclass = 0300\ngroup = refuse\n[device b]\nclass = 0403\n",
	  "a 0000:01:00.0: leave to the host vfio-pci group-refused\n"
	  "b 0000:01:00.1: take vfio-pci group-incomplete\n" },

	/* Variants of vfio-pci */
	{ "a variant, its driver named as its module",
	  "0000:02:00.0 15b3:101e 02 group=1 variant=mlx5_vfio_pci\n", "[device a]\nclass = 02\n",
	  "a 0000:02:00.0: take mlx5_vfio_pci\n" },
	{ "a variant, its driver named otherwise",
	  "0000:02:00.0 8086:e20b 03 group=1 variant=xe_vfio_pci\n", "[device a]\nclass = 03\n",
	  "a 0000:02:00.0: take xe-vfio-pci of xe_vfio_pci\n" },
	{ "a variant that was not asked for",
	  "0000:02:00.0 15b3:101e 02 group=1 variant=mlx5_vfio_pci\n",
	  "[device a]\nclass = 02\ndriver = vfio-pci\n", "a 0000:02:00.0: take vfio-pci\n" },
	{ "a variant for pci-stub", "0000:02:00.0 15b3:101e 02 group=1 variant=mlx5_vfio_pci\n",
	  "[device a]\nclass = 02\ndriver = pci-stub\n", "a 0000:02:00.0: take pci-stub\n" },
	{ "a variant that has it already",
	  "0000:02:00.0 15b3:101e 02 group=1 driver=mlx5_vfio_pci module variant=mlx5_vfio_pci\n",
	  "[device a]\nclass = 02\n", "a 0000:02:00.0: take mlx5_vfio_pci already-bound\n" },

	/* Nothing is bound */
	{ "with any error in the configuration", NIC, "[device a]\nclass = 02\n[device b]\n", "" },
};

static void test_decisions(void **state)
{
	const struct row *row = *state;
	assert_planned(row->host, row->conf, row->plan);
}

static void test_off(void **state)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };

	(void)state;
	form_host(NIC, &facts);
	form_want("[device a]\nclass = 02\n", "passthru=off", &want);
	plan_make(&want, &facts, &plan);
	assert_int_equal(plan.count, 0);
}

static const struct state_row {
	const char *name;
	const char *conf;
	const char *state;
} state_rows[] = {
	{ "taken", "class = 02\n", "planned" },
	{ "held", "address = 02:00.0\nclass = 03\n" HOLD, "planned" },
	{ "refused", "address = 02:00.0\nclass = 03\n", "refused" },
	{ "absent", "class = 03\n", "absent" },
};

static void test_state(void **state)
{
	const struct state_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	char conf[200] = "[device a]\n";

	form_host(NIC, &facts);
	form_want(strcat(conf, row->conf), NULL, &want);
	plan_make(&want, &facts, &plan);
	assert_int_equal(plan.count, 1);
	assert_string_equal(state_word(plan.decisions[0].state), row->state);
	assert_int_equal(plan.decisions[0].error, 0);
}

/* What a finding has to name, so that the user knows where to look. */
static const struct text_row {
	const char *name;
	const char *conf;
	enum finding_code code;
	const char *mentions[3];
} text_rows[] = {
	{ "absent", "id = 1:2\n", FINDING_ABSENT, { "conf:1" } },
	{ "id-mismatch",
	  "address = 01:00.0\nid = 1:2\n",
	  FINDING_ID_MISMATCH,
	  { "conf:1", "10de:2684", "030000" } },
	{ "absent, for its subsystem alone",
	  "id = 10de:2684:10de:22ba\n",
	  FINDING_ABSENT,
	  { "conf:1", "0000:01:00.0", "subsystem 0000:0000" } },
	{ "absent, for its subsystem alone: the first of several kinds",
	  "id = 10de:*:1043:*\n",
	  FINDING_ABSENT,
	  { "conf:1", "10de:2684 is at 0000:01:00.0" } },
	{ "id-mismatch of the subsystem alone",
	  "address = 01:00.0\nid = 10de:2684:1043:*\n",
	  FINDING_ID_MISMATCH,
	  { "conf:1", "10de:2684", "subsystem 0000:0000" } },
	{ "location-mismatch",
	  "address = 01:00.0\npath = pci0000:00/02.0\n",
	  FINDING_LOCATION_MISMATCH,
	  { "conf:1", "pci0000:00/01.0/00.0" } },
	{ "count-mismatch",
	  "class = 0300\ncount = 3\n",
	  FINDING_COUNT_MISMATCH,
	  { "conf:1", "3", "1" } },
	{ "group-incomplete",
	  "class = 0300\n",
	  FINDING_GROUP_INCOMPLETE,
	  { "group 14", "0000:01:00.1", "0000:01:00.2" } },
};

static void test_text(void **state)
{
	const struct text_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	const struct finding *finding;
	char conf[200] = "[device a]\n";

	form_host(GPU AUDIO "0000:01:00.2 10de:1ada 0c0330 group=14\n", &facts);
	form_want(strcat(conf, row->conf), NULL, &want);
	plan_make(&want, &facts, &plan);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.decisions[0].findings.count, 1);
	finding = &plan.decisions[0].findings.items[0];
	assert_int_equal(finding->code, row->code);
	for (size_t i = 0; i < ARRAY_SIZE(row->mentions) && row->mentions[i]; i++) {
		if (!strstr(finding->text, row->mentions[i]))
			fail_msg("'%s' does not mention %s", finding->text, row->mentions[i]);
	}
}

static bool is_of_second_rule(const struct decision *decision, const void *context)
{
	const struct want *want = context;

	return decision->rule == &want->rules[1];
}

/* What is kept is found by its device, nothing else is. */
static void test_keep(void **state)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };

	(void)state;
	form_host(GPU NIC TWIN, &facts);
	form_want("[device a]\nid = 10de:2684\n[device b]\nid = 8086:10d3\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	plan_keep(&plan, is_of_second_rule, &want);
	assert_int_equal(plan.count, 2);
	assert_null(plan_find(&plan, &facts.devices[0]));
	for (size_t i = 0; i < 2; i++) {
		assert_ptr_equal(plan.decisions[i].device, &facts.devices[i + 1]);
		assert_ptr_equal(plan_find(&plan, &facts.devices[i + 1]), &plan.decisions[i]);
		assert_int_equal(plan.decisions[i].findings.count, 2);
	}
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "plan", test_decisions, rows);
	suite_add(&suite, "plan: passthru=off", test_off);
	suite_add_rows(&suite, "state", test_state, state_rows);
	suite_add(&suite, "what is kept", test_keep);
	suite_add_rows(&suite, "text", test_text, text_rows);
	return suite_run(&suite, "plan");
}
