/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each of the other means asks for, and that the file made of it asks for the same. */
#include "helpers.h"

#include <string.h>

#include "cli/import/end_source.h"
#include "cli/import/model.h"
#include "cli/import/render.h"
#include "cli/import/shell.h"
#include "forms.h"
#include "random.h"
#include "util/buffer.h"
#include "util/memory.h"

struct assignment_row {
	const char *text;
	const char *expected; /* "ORIGIN NAME=VALUE" and a newline each, then what was told */
};

static const struct assignment_row assignment_rows[] = {
	{ "A=1\nB=2", "f:1 A=1\nf:2 B=2\n" },
	{ "A=\"x y\" # z", "f:1 A=x y\n" },
	{ "A='x \"y\"'", "f:1 A=x \"y\"\n" },
	{ "A=x\\ y", "f:1 A=x y\n" },
	{ "A=\"x\\\"y\\z\"", "f:1 A=x\"y\\z\n" },
	{ "A='x\\'y", "f:1 A=x\\y\n" },
	{ "A=x\"y\"'z'", "f:1 A=xyz\n" },
	{ "A=x;B=y", "f:1 A=x\n" },
	{ "A+=\" x \"", "f:1 A= x \n" },
	{ "A=\"x \\\n y\"\nB=2", "f:1 A=x  y\nf:3 B=2\n" },
	{ "A=(x \"y z\"\n w)\nB=2", "f:1 A=x y z\n w\nf:3 B=2\n" },
	{ "#A=1\n  B=2\nexport C\nif D", "f:2 B=2\nf:3 other: C\nf:4 other: if D\n" },
	{ "export A=1\n\texport\t B=2\nexport=3\nexportC=4",
	  "f:1 A=1\nf:2 B=2\nf:3 export=3\nf:4 exportC=4\n" },
	{ "A=\"never closed\nB=2", "f:1 A=never closed\nB=2\n" },
	{ "A=\\", "f:1 A=\\\n" },
	{ "A", "f:1 other: A\n" },
	{ "=1", "f:1 other: =1\n" },
	{ "9=1", "f:1 other: 9=1\n" },
	{ "A=1\nA=2", "f:2 A=2\nf:2 overrides f:1 A=1\n" },
	{ "A=1\nB=\nA=$B", "f:3 A=\nf:2 B=\nf:3 overrides f:1 A=1\n" },
	{ "A=1\nA=\"$A 2\"\nA+=\" 3\"", "f:1 A=1|f:2  2|f:3  3\n" },
	{ "A=(1)\nA+=(2)", "f:1 A=1|f:2  2\n" },
	{ "B=1\nA=\"x${B}y\"", "f:1 B=1\nf:2 A=x|f:1 1|f:2 y\n" },
	{ "A='$B'\nC=\\$B\nD=a$\nE=$C", "f:1 A=$B\nf:2 C=$B\nf:3 D=a$\nf:2 E=$B\n" },
	{ "A[x]=1\nA[y]+=2\nA[z=3", "f:1 A[x]=1\nf:2 A[y]=2\nf:3 other: A[z=3\n" },
	{ "A=$(a \"$(b)\" c)d\nB=`a b`\nC=${D:-x}\nE=$(a",
	  "f:1 A?=d\nf:2 B?=\nf:3 C?=\nf:4 E?=\n" },
	{ "A=`b`\nC=$A", "f:1 A?=\nf:2 C?=\n" },
};

static void form_variable(struct buffer *text, const struct shell_variable *variable)
{
	const struct sourced *value = &variable->value;
	size_t start = 0;

	for (size_t i = 0; i < value->span_count; i++) {
		const struct span *span = &value->spans[i];

		if (i && span->end == start)
			continue;
		buffer_printf(text, "%s%s ", i ? "|" : "", span->origin);
		if (i == 0)
			buffer_printf(text, "%s%s=", variable->name,
				      variable->is_partial ? "?" : "");
		buffer_add_bytes(text, value->text.text + start, span->end - start);
		start = span->end;
	}
	buffer_add(text, "\n");
}

static void on_overridden(const struct shell_variable *variable, const char *origin, void *context)
{
	buffer_printf(context, "%s overrides ", origin);
	form_variable(context, variable);
}

static void on_other(const char *line, const char *origin, void *context)
{
	buffer_printf(context, "%s other: %s\n", origin, line);
}

static void test_assignments(void **state)
{
	const struct assignment_row *row = *state;
	_cleanup_(buffer_free) struct buffer text = { 0 }, told = { 0 };
	const struct shell_reader reader = { on_overridden, on_other, &told };
	struct shell shell = { 0 };

	shell_read(&shell, "f", row->text, &reader);
	for (size_t i = 0; i < shell.count; i++)
		form_variable(&text, &shell.variables[i]);
	if (told.text)
		buffer_add(&text, told.text);
	shell_free(&shell);
	if (strcmp(text.text, row->expected) != 0)
		fail_showing(row->expected, text.text);
}

/* Variables in variables: what would be endless is cut off, and is said not to be whole. */
static void test_assignment_bomb(void **state)
{
	_cleanup_(buffer_free) struct buffer text = { 0 }, told = { 0 };
	const struct shell_reader reader = { on_overridden, on_other, &told };
	struct shell shell = { 0 };

	(void)state;
	buffer_add(&text, "A=0123456789\n");
	for (int i = 0; i < 40; i++)
		buffer_add(&text, "A=$A$A\n");
	shell_read(&shell, "f", text.text, &reader);
	assert_true(shell.variables[0].is_partial);
	shell_free(&shell);
}

struct reader_row {
	const char *name;
	import_reader *read;
	const char *file;
	const char *text;
	const char *rules; /* as form_rules() writes them */
	const char *notes; /* the first letter of the kind and the text behind the file's name */
};

#define VFIO " driver=vfio-pci\n"
#define XEN  " driver=xen-pciback\n"
#define STUB " driver=pci-stub\n"

static const struct reader_row reader_rows[] = {
	{ "cmdline", import_read_running, "/proc/cmdline",
	  "ro vfio_pci.ids=10de:2684,1:2:3 pci-stub.ids=4:5 xen-pciback.hide=(03:02.0)(04:00.*)",
	  "vfio-pci.ids: id=10de:2684" VFIO "vfio-pci.ids: id=0001:0002:0003:*" VFIO
	  "pci-stub.ids: id=0004:0005" STUB "xen-pciback.hide: address=0000:03:02.0" XEN
	  "xen-pciback.hide: address=0000:04:00.*" XEN,
	  "" },
	{ "cmdline: what is not for a stub driver", import_read_running, "/proc/cmdline",
	  "root=/dev/vda1 nvme.poll=1 passthru.device=10de:2684 rd.driver.pre=nvme vfio", "", "" },
	{ "cmdline: early modules, other options", import_read_running, "/proc/cmdline",
	  "rd.driver.pre=vfio-pci vfio-pci.disable_vga=1 vfio_iommu_type1.allow_unsafe_interrupts",
	  "",
	  "obsolete: rd.driver.pre=vfio-pci\nkeep: vfio-pci.disable_vga=1\n"
	  "keep: vfio_iommu_type1.allow_unsafe_interrupts\n" },
	{ "cmdline: modules that are not to be loaded", import_read_running, "/proc/cmdline",
	  "modprobe.blacklist=nouveau,nvidia module-blacklist=e1000e rd.driver.blacklist=vfio-pci "
	  "module_blacklist",
	  "",
	  "maybe: modprobe.blacklist=nouveau,nvidia\nmaybe: module-blacklist=e1000e\n"
	  "unclear: rd.driver.blacklist=vfio-pci\n" },
	{ "cmdline: Qubes", import_read_running, "/proc/cmdline",
	  "rd.qubes.hide_pci=03:00.0,0a:00.1,,x",
	  "rd.qubes.hide_pci: address=0000:03:00.0" XEN
	  "rd.qubes.hide_pci: address=0000:0a:00.1" XEN,
	  "unclear: rd.qubes.hide_pci: 'x'\n" },
	{ "cmdline: Qubes, the way to a device", import_read_running, "/proc/cmdline",
	  "rd.qubes.hide_pci=00_1c.0-00_00.0-00_02.1,10000_e0_06.0-00_00.0,00_14.0",
	  "rd.qubes.hide_pci: path=pci0000:00/1c.0/00.0/02.1" XEN
	  "rd.qubes.hide_pci: path=pci10000:e0/06.0/00.0" XEN
	  "rd.qubes.hide_pci: path=pci0000:00/14.0" XEN,
	  "" },
	{ "cmdline: Qubes, no way to a device", import_read_running, "/proc/cmdline",
	  "rd.qubes.hide_pci=00_1c.0-01_00.0,00_1c.0-00:00.0,00_1c,_,00_20.0", "",
	  "unclear: rd.qubes.hide_pci: '00_1c.0-01_00.0'\n"
	  "unclear: rd.qubes.hide_pci: '00_1c.0-00:00.0'\n"
	  "unclear: rd.qubes.hide_pci: '00_1c'\nunclear: rd.qubes.hide_pci: '_'\n"
	  "unclear: rd.qubes.hide_pci: '00_20.0'\n" },
	{ "cmdline: Qubes, the last option counts, and what dom0 keeps", import_read_running,
	  "/proc/cmdline",
	  "rd.qubes.hide_pci=09:00.0 rd.qubes.hide_pci=03:00.0,00:14.0,00_1c.0-00_00.0 "
	  "rd.qubes.dom0_usb=00:14.0,00_1c.0-00_00.0,y",
	  "rd.qubes.hide_pci: address=0000:03:00.0" XEN, "unclear: rd.qubes.dom0_usb: 'y'\n" },
	{ "cmdline: a slot of the guest, which only xl knows", import_read_running, "/proc/cmdline",
	  "xen-pciback.hide=(03:02.0@5)(04:00.0)", "xen-pciback.hide: address=0000:04:00.0" XEN,
	  "" },
	{ "loader entry", import_read_loader_entry, "/boot/loader/entries/a.conf",
	  "title vfio-pci.ids=9:9\n# options vfio-pci.ids=8:8\noptions ro vfio-pci.ids=1:2\r\n"
	  "  options\trd.driver.pre=vfio-pci\noptionsx vfio-pci.ids=7:7\noptions",
	  "vfio-pci.ids: id=0001:0002" VFIO, "obsolete:4: rd.driver.pre=vfio-pci\n" },
	{ "loader entry: all lines are one command line", import_read_loader_entry,
	  "/boot/loader/entries/a.conf",
	  "options vfio-pci.ids=1:2\noptions vfio-pci.ids=3:4 $tuned_params\n",
	  "vfio-pci.ids: id=0003:0004" VFIO, "" },
	{ "grub by hand", import_read_grub_menu, "/etc/grub.d/40_custom",
	  "#!/bin/sh\nexec tail -n +3 $0\nmenuentry 'vfio' {\n"
	  "  linux /vmlinuz root=UUID=1 vfio-pci.ids=1:2\n  initrd /initrd.img\n}\n"
	  "  multiboot2 /boot/xen.gz xen-pciback.hide=(05:00.0)\n"
	  "  module2 --nounzip /boot/initrd.img\n"
	  "  module2 /boot/vmlinuz-5.10 placeholder xen-pciback.hide=(03:02.0) $args\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "xen-pciback.hide: address=0000:05:00.0" XEN
	  "xen-pciback.hide: address=0000:03:02.0" XEN,
	  "void:7: xen-pciback.hide: Xen's own command line has no such option\n" },
	{ "grub made of what is read elsewhere", import_read_grub_menu, "/boot/grub/grub.cfg",
	  "# It is automatically generated by grub-mkconfig using templates\n"
	  "linux /vmlinuz vfio-pci.ids=1:2\n",
	  "", "" },
	{ "old grub", import_read_grub_legacy, "/boot/grub/menu.lst",
	  "title Xen\n\troot (hd0,0)\n\tkernel /boot/xen-4.1.gz vtd=1\n"
	  "\tmodule /boot/vmlinuz-2.6 ro pciback.hide=(01:00.0)(03:00.0)\n\tmodule /initrd.img\n"
	  "title Linux\n\tkernel (hd0,0)/vmlinuz ro pciback.hide=(01:00.0)(03:00.0)\n",
	  "pciback.hide: address=0000:01:00.0" XEN "pciback.hide: address=0000:03:00.0" XEN
	  "pciback.hide: address=0000:01:00.0" XEN "pciback.hide: address=0000:03:00.0" XEN,
	  "" },
	{ "entries of which only some have a list", import_read_grub_legacy, "/boot/grub/menu.lst",
	  "kernel /a vfio-pci.ids=1:2\nkernel /b ro\nkernel /c vfio-pci.ids=3:4 pci-stub.ids=5:6\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "vfio-pci.ids: id=0003:0004" VFIO
	  "pci-stub.ids: id=0005:0006" STUB,
	  "sometimes:1: vfio-pci.ids=1:2, but nothing in the entry at /boot/grub/menu.lst:2\n"
	  "sometimes:3: vfio-pci.ids=3:4 pci-stub.ids=5:6, but vfio-pci.ids=1:2 in the entry at "
	  "/boot/grub/menu.lst:1\n" },
	{ "grub's variables", import_read_grubenv, "/boot/grub2/grubenv",
	  "# GRUB Environment Block\nsaved_entry=1\nkernelopts=root=UUID=1 ro vfio-pci.ids=1:2 \n###",
	  "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "syslinux", import_read_syslinux, "/boot/syslinux/syslinux.cfg",
	  "default menu.c32\nlabel os\n  append vfio-pci.ids=1:2 initrd=/bzroot\n"
	  "label xen\n  APPEND xen.gz dom0_mem=1G --- vmlinuz xen-pciback.hide=(03:02.0) --- initrd\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "xen-pciback.hide: address=0000:03:02.0" XEN,
	  "sometimes:3: vfio-pci.ids=1:2, but xen-pciback.hide=(03:02.0) in the entry at "
	  "/boot/syslinux/syslinux.cfg:5\n"
	  "sometimes:5: xen-pciback.hide=(03:02.0), but vfio-pci.ids=1:2 in the entry at "
	  "/boot/syslinux/syslinux.cfg:3\n" },
	{ "Limine", import_read_limine, "/boot/limine.conf",
	  "/Linux\n    protocol: linux\n    cmdline: root=UUID=1 vfio-pci.ids=1:2\n",
	  "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "Limine: a macro", import_read_limine, "/boot/limine.conf",
	  "${IDS}=vfio-pci.ids=1:2\n/vfio-pci\n    cmdline: quiet ${IDS}\n", "",
	  "unclear:1: ${IDS}=vfio-pci.ids=1:2\n" },
	{ "grub: a variable", import_read_grub_menu, "/etc/grub.d/40_custom",
	  "set ids=\"vfio-pci.ids=1:2\"\nmenuentry 'vfio-pci' {\n linux /a $ids\n}\n", "",
	  "unclear:1: set ids=\"vfio-pci.ids=1:2\"\n" },
	{ "a list of modules: what is for other files", import_read_module_list,
	  "/etc/initramfs-tools/modules",
	  "options vfio-pci ids=1:2\nvfio_pci.ids=3:4\nvfio_pci ids = 5:6\nnvme a=1\n"
	  "softdep nouveau pre: vfio-pci\r\nvfio_pci\tids=7:8\r\n",
	  "vfio-pci.ids: id=0007:0008" VFIO,
	  "unclear:1: options vfio-pci ids=1:2\nunclear:2: vfio_pci.ids=3:4\n"
	  "unclear:3: vfio_pci ids = 5:6\nobsolete:5: softdep nouveau pre: vfio-pci\n"
	  "obsolete:6: vfio_pci\n" },
	{ "Limine of old", import_read_limine, "/boot/limine.cfg",
	  ":Linux\nKERNEL_CMDLINE=vfio-pci.ids=1:2\n", "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "Limine's defaults", import_read_limine_defaults, "/etc/default/limine",
	  "KERNEL_CMDLINE[default]=\"ro\"\nKERNEL_CMDLINE[default]+=\" vfio-pci.ids=1:2,3:4\"\n"
	  "KERNEL_CMDLINE[fallback]=pci-stub.ids=5:6\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "vfio-pci.ids: id=0003:0004" VFIO
	  "pci-stub.ids: id=0005:0006" STUB,
	  "" },
	{ "extlinux' defaults", import_read_extlinux_defaults, "/etc/update-extlinux.conf",
	  "default_kernel_opts=\"quiet vfio-pci.ids=1:2\"\nmodules=ext4,vfio-pci\n",
	  "vfio-pci.ids: id=0001:0002" VFIO, "obsolete:2: modules=ext4,vfio-pci\n" },
	{ "rEFInd", import_read_refind, "/boot/refind_linux.conf",
	  "\"Boot\"  \"root=UUID=1 rw vfio-pci.ids=1:2\"\n\"a \"\"b\"\"\" \"ro vfio-pci.ids=1:2\"\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "rEFInd's menu", import_read_refind, "/boot/efi/EFI/refind/refind.conf",
	  "timeout 20\nmenuentry Linux {\n  options \"ro vfio-pci.ids=1:2\"\n}\n",
	  "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "Xen started by the firmware", import_read_xen_cfg, "/boot/efi/EFI/qubes/xen.cfg",
	  "[global]\ndefault=a\n[a]\noptions=console=vga xen-pciback.hide=(05:00.0)\n"
	  "kernel=vmlinuz root=/dev/a xen-pciback.hide=(03:02.0)\nramdisk=initrd\n",
	  "xen-pciback.hide: address=0000:05:00.0" XEN "xen-pciback.hide: address=0000:03:02.0" XEN,
	  "void:4: xen-pciback.hide: Xen's own command line has no such option\n" },
	{ "bootc", import_read_kargs, "/usr/lib/bootc/kargs.d/10-a.toml",
	  "# kargs\nkargs = [\"intel_iommu=on\", # vfio-pci.ids=9:9\n  'vfio-pci.ids=1:2,3:4',\n]\n"
	  "match-architectures = [\"x86_64\"]\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "vfio-pci.ids: id=0003:0004" VFIO, "" },
	{ "bootc: a list that does not end", import_read_kargs, "/usr/lib/bootc/kargs.d/10-a.toml",
	  "kargs=[\"vfio-pci.ids=1:2", "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "ukify", import_read_uki, "/etc/kernel/uki.conf",
	  "[UKI]\nCmdline=root=UUID=1 vfio-pci.ids=1:2\n", "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "SUSE's boot loaders", import_read_bootloader, "/etc/sysconfig/bootloader",
	  "LOADER_TYPE=grub\nDEFAULT_APPEND=\"quiet vfio-pci.ids=1:2\"\n"
	  "XEN_KERNEL_APPEND='pciback.hide=(01:00.0)'\nXEN_APPEND=\"pciback.hide=(02:00.0)\"\n",
	  "pciback.hide: address=0000:02:00.0" XEN "vfio-pci.ids: id=0001:0002" VFIO
	  "pciback.hide: address=0000:01:00.0" XEN,
	  "void:4: pciback.hide: Xen's own command line has no such option\n" },
	{ "sdboot-manage", import_read_sdboot_manage, "/etc/sdboot-manage.conf",
	  "LINUX_OPTIONS=\"vfio-pci.ids=1:2\"\nENTRY_ROOT=vfio\n",
	  "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "cmdline in a file: lines and comments", import_read_cmdline, "/etc/kernel/cmdline",
	  "root=UUID=1 rw\n# vfio-pci.ids=1:2\n\tvfio-pci.ids=3:4\n #\nrd.driver.pre=vfio-pci\n",
	  "vfio-pci.ids: id=0003:0004" VFIO, "obsolete:5: rd.driver.pre=vfio-pci\n" },
	{ "cmdline in a file: the last list counts", import_read_cmdline, "/etc/kernel/cmdline",
	  "vfio-pci.ids=1:2\nvfio-pci.ids=3:4\n", "vfio-pci.ids: id=0003:0004" VFIO, "" },
	{ "cmdline: what is early, of several makers", import_read_running, "/proc/cmdline",
	  "modules-load=vfio_pci rd.modules_load=vfio,loop modules=nvme rd.driver.post=pciback", "",
	  "obsolete: modules-load=vfio_pci\nobsolete: rd.modules_load=vfio,loop\n"
	  "obsolete: rd.driver.post=pciback\n" },
	{ "cmdline: what no stub driver has", import_read_running, "/proc/cmdline",
	  "vfio-pci.disable_vg=1 vfio.enable_unsafe_noiommu_mode=1 pciback.verbose_request=1 "
	  "pci-stub.disable_vga=1 vfio-pci.permissive",
	  "",
	  "unclear: vfio-pci.disable_vg=1\nkeep: vfio.enable_unsafe_noiommu_mode=1\n"
	  "keep: pciback.verbose_request=1\nunclear: pci-stub.disable_vga=1\n"
	  "unclear: vfio-pci.permissive\n" },
	{ "cmdline: what is misspelt is not told twice", import_read_running, "/proc/cmdline",
	  "vfio-pci.pci-ids=01:00.0", "", "" },
	{ "grub: all kernel command lines", import_read_grub, "/etc/default/grub",
	  "GRUB_DEFAULT=vfio\nGRUB_CMDLINE_LINUX=\"vfio-pci.ids=1:2\"\n"
	  "GRUB_CMDLINE_LINUX_DEFAULT='quiet pci-stub.ids=3:4'\n"
	  "GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT=\"xen-pciback.hide=(03:02.0)\"\n"
	  "GRUB_CMDLINE_LINUX_DFAULT=vfio-pci.ids=5:6\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "pci-stub.ids: id=0003:0004" STUB
	  "xen-pciback.hide: address=0000:03:02.0" XEN,
	  "unclear:5: GRUB_CMDLINE_LINUX_DFAULT=vfio-pci.ids=5:6\n" },
	{ "grub: the last assignment counts", import_read_grub, "/etc/default/grub",
	  "GRUB_CMDLINE_LINUX=\"a vfio-pci.ids=1:2\"\nGRUB_CMDLINE_LINUX=vfio-pci.ids=3:4\n",
	  "vfio-pci.ids: id=0003:0004" VFIO,
	  "void:1: GRUB_CMDLINE_LINUX=a vfio-pci.ids=1:2 has no effect: it is "
	  "assigned again at /etc/default/grub:2\n" },
	{ "grub: what was assigned is part of what is", import_read_grub, "/etc/default/grub",
	  "IDS=3:4\nGRUB_CMDLINE_LINUX=pci-stub.ids=1:2\n"
	  "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX vfio-pci.ids=$IDS\"\n"
	  "GRUB_CMDLINE_LINUX+=' rd.driver.pre=vfio-pci'\n",
	  "pci-stub.ids: id=0001:0002" STUB "vfio-pci.ids: id=0003:0004" VFIO,
	  "obsolete:4: rd.driver.pre=vfio-pci\n" },
	{ "grub: the default comes behind", import_read_grub, "/etc/default/grub",
	  "GRUB_CMDLINE_LINUX_DEFAULT=vfio-pci.ids=1:2\nGRUB_CMDLINE_LINUX=vfio-pci.ids=3:4\n",
	  "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "grub: Xen's own line", import_read_grub, "/etc/default/grub",
	  "GRUB_CMDLINE_XEN=\"dom0_mem=1G xen-pciback.hide=(05:00.0)\"\n"
	  "GRUB_CMDLINE_XEN_DEFAULT=iommu=on\n",
	  "xen-pciback.hide: address=0000:05:00.0" XEN,
	  "void:1: xen-pciback.hide: Xen's own command line has no such option\n" },
	{ "grub: what only a shell knows", import_read_grub, "/etc/default/grub",
	  "GRUB_DISTRIBUTOR=`lsb_release -i`\nGRUB_CMDLINE_LINUX=\"$(cat /etc/vfio)\"\n"
	  "[ -z \"$A\" ] || GRUB_CMDLINE_LINUX=vfio-pci.ids=1:2\n",
	  "",
	  "unclear:3: [ -z \"$A\" ] || GRUB_CMDLINE_LINUX=vfio-pci.ids=1:2\n"
	  "unclear:2: GRUB_CMDLINE_LINUX is made by a command, in part at least\n" },
	{ "modprobe: options", import_read_modprobe, "/etc/modprobe.d/a.conf",
	  "options vfio-pci ids=1:2,3:4 disable_idle_d3=1\noptions pciback hide=(03:02.0) permissive\n"
	  "options e1000e IntMode=1\n#options vfio-pci ids=5:6\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "vfio-pci.ids: id=0003:0004" VFIO
	  "pciback.hide: address=0000:03:02.0" XEN,
	  "keep:1: vfio-pci.disable_idle_d3=1\n" },
	{ "modprobe: other lines", import_read_modprobe, "/etc/modprobe.d/a.conf",
	  "softdep nouveau pre: vfio-pci\nsoftdep a pre: b\nblacklist nouveau\n"
	  "install nouveau /bin/false\ninstall xhci_pci /sbin/modprobe \\\n vfio-pci\n"
	  "alias pci:v0000* vfio-pci\nalias a b",
	  "",
	  "obsolete:1: softdep nouveau pre: vfio-pci\nmaybe:3: blacklist nouveau\n"
	  "maybe:4: install nouveau /bin/false\nunclear:5: install xhci_pci /sbin/modprobe  vfio-pci\n"
	  "unclear:7: alias pci:v0000* vfio-pci\n" },
	{ "modprobe: what stands beside a module that is unwanted", import_read_modprobe,
	  "/etc/modprobe.d/a.conf",
	  "options nouveau modeset=0\noptions i915 modeset=0\nblacklist nouveau\n"
	  "alias nouveau off\nalias lbm-nouveau off\noptions lbm_nouveau modeset=0\n"
	  "options nouveau modeset=1\nalias x y\n",
	  "",
	  "maybe:3: blacklist nouveau\nmaybe:4: alias nouveau off\nmaybe:5: alias lbm-nouveau off\n"
	  "maybe:1: nouveau.modeset=0\nmaybe:6: lbm_nouveau.modeset=0\n" },
	{ "cmdline: what stands beside a module that is unwanted", import_read_running,
	  "/proc/cmdline", "nouveau.modeset=0 modprobe.blacklist=i915,nouveau", "",
	  "maybe: modprobe.blacklist=i915,nouveau\nmaybe: nouveau.modeset=0\n" },
	{ "modprobe: the last line is continued", import_read_modprobe, "/etc/modprobe.d/a.conf",
	  "options vfio-pci \\\n ids=1:2 \\", "vfio-pci.ids: id=0001:0002" VFIO, "" },
	{ "modules", import_read_module_list, "/etc/modules", "loop\nvfio_virqfd # old\n#vfio\n",
	  "", "obsolete:2: vfio_virqfd\n" },
	{ "modules: arguments", import_read_module_list, "/etc/initramfs-tools/modules",
	  "vfio_pci ids=1:2,3:4 disable_vga=1\nvfio vfio_iommu_type1 pci_stub ids=5:6 # x\n"
	  "xen-pciback\t hide=(03:02.0)\nloop max_loop=64\nvfio_pci ids =1:2\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "vfio-pci.ids: id=0003:0004" VFIO
	  "pci-stub.ids: id=0005:0006" STUB "xen-pciback.hide: address=0000:03:02.0" XEN,
	  "keep:1: vfio_pci.disable_vga=1\nobsolete:1: vfio_pci\n"
	  "obsolete:2: vfio vfio_iommu_type1 pci_stub\nobsolete:3: xen-pciback\n"
	  "unclear:5: vfio_pci ids =1:2\n" },
	{ "OpenRC", import_read_openrc, "/etc/conf.d/modules",
	  "modules=\"vfio vfio-pci\"\nmodules_5=\"loop\"\nmodule_vfio_pci_args=\"ids=1:2\"\n"
	  "module_pci_stub_args_5=ids=3:4\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "pci-stub.ids: id=0003:0004" STUB,
	  "obsolete:1: modules=vfio vfio-pci\n" },
	{ "booster", import_read_booster, "/etc/booster.yaml",
	  "compress: zstd\nmodules_force_load: vfio_pci\nmodules:\n - vfio\n - nvme\n"
	  "extra_files:\n - /etc/vfio # x\n",
	  "",
	  "obsolete:2: modules_force_load: vfio_pci\nobsolete:4: - vfio\n"
	  "unclear:7: - /etc/vfio\n" },
	{ "dracut", import_read_dracut, "/etc/dracut.conf.d/a.conf",
	  "force_drivers+=\" vfio vfio_pci \"\nhostonly=yes\n", "",
	  "obsolete:1: force_drivers= vfio vfio_pci \n" },
	{ "mkinitcpio", import_read_mkinitcpio, "/etc/mkinitcpio.conf",
	  "MODULES=(vfio_pci\n  vfio)\nHOOKS=(base udev)\n", "",
	  "obsolete:1: MODULES=vfio_pci\\x0a  vfio\n" },
	{ "mkinitrd", import_read_mkinitrd, "/etc/sysconfig/mkinitrd",
	  "PREMODS=\"pciback\"\nMODULES=ext4\n", "", "obsolete:1: PREMODS=pciback\n" },
	{ "mkinitrd: a file in a folder", import_read_mkinitrd, "/etc/sysconfig/mkinitrd/pciback",
	  "MODULES=\"$MODULES pciback\"\n", "", "obsolete:1: MODULES= pciback\n" },
	{ "dracut: a kernel command line", import_read_dracut, "/etc/dracut.conf.d/a.conf",
	  "uefi=yes\nkernel_cmdline+=\" rw rd.driver.pre=vfio-pci vfio-pci.ids=1:2 \"\n"
	  "kernel_cmdline+=' pci-stub.ids=3:4'\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "pci-stub.ids: id=0003:0004" STUB,
	  "obsolete:2: rd.driver.pre=vfio-pci\n" },
	{ "dracut: what is no list of modules", import_read_dracut, "/etc/dracut.conf.d/a.conf",
	  "install_items+=\" /sbin/vfio-pci-bind.sh /etc/vfio \"\nomit_drivers+=\" vfio-pci \"\n"
	  "add_dracutmodules+=\" passthru \"\n",
	  "",
	  "unclear:1: install_items= /sbin/vfio-pci-bind.sh /etc/vfio \n"
	  "unclear:2: omit_drivers= vfio-pci \n" },
	{ "vfio-bind", import_read_vfio_bind, "/etc/sysconfig/vfio-bind",
	  "#DEVICES=0000:09:00.0\nDEVICES=\"0000:01:00.0 0000:01:00.1  x\"\nOTHER=0000:02:00.0\n",
	  "DEVICES: address=0000:01:00.0" VFIO "DEVICES: address=0000:01:00.1" VFIO,
	  "unclear:2: DEVICES: 'x'\n" },
	{ "dpdk", import_read_dpdk, "/etc/dpdk/interfaces",
	  "# bus device driver\npci\t0000:04:00.0\tvfio-pci\npci 0000:04:00.1 uio_pci_generic\n"
	  "vmbus 0-1 uio_hv_generic\npci x vfio-pci\n",
	  "dpdk: address=0000:04:00.0" VFIO, "keep:3: uio_pci_generic\nunclear:5: 'x'\n" },
	{ "unraid", import_read_unraid, "/boot/config/vfio-pci.cfg",
	  "BIND=0000:05:00.0|8086:1528 0000:00:02.1|8086:4692 07:00.0 x|y\r\n",
	  "BIND: address=0000:05:00.0 id=8086:1528" VFIO
	  "BIND: address=0000:00:02.1 id=8086:4692" VFIO "BIND: address=0000:07:00.0" VFIO,
	  "unclear:1: BIND: 'x'\n" },
	{ "sysfs.conf", import_read_sysfs_conf, "/etc/sysfs.conf",
	  "bus/pci/devices/0000:01:00.0/driver_override = vfio-pci # a\n"
	  "/sys/devices/pci0000:00/0000:00:02.0/driver_override=nvme\n"
	  "devices/pci0000:00/0000:00:02.0/sriov_numvfs = 7\n"
	  "class/net/eth0/device/sriov_numvfs = 4\nclass/net/eth1/device/sriov_numvfs = 0\n"
	  "mode devices/pci0000:00/0000:00:02.0/sriov_numvfs = 0644\n"
	  "bus/pci/drivers/vfio-pci/new_id = 10de 2184\n"
	  "bus/pci/drivers/pciback/new_slot = 0000:03:00.0\n"
	  "bus/pci/drivers/nvidia/unbind = 0000:01:00.0\n"
	  "bus/pci/drivers/vfio-pci/new_id = x\nmodule/vfio_pci/parameters/ids = 1:2\n"
	  "kernel/mm/ksm/run = 1\nbus/pci/devices/x/driver_override = vfio-pci\nx = 1\n"
	  "bus/pci/drivers/mlx5_vfio_pci/new_id = 15b3 101e\n"
	  "bus/pci/drivers/mlx5_vfio_pci/bind = 0000:04:00.2\n"
	  "bus/pci/drivers/xen-pciback/new_slot = 0000:03:00.1\n",
	  "driver_override: address=0000:01:00.0" VFIO "new_id: id=10de:2184" VFIO
	  "new_slot: address=0000:03:00.0" XEN "new_id: id=15b3:101e driver=auto\n"
	  "bind: address=0000:04:00.2 driver=auto\n",
	  "keep:2: nvme\nmaybe:9: bus/pci/drivers/nvidia/unbind = 0000:01:00.0\n"
	  "unclear:10: bus/pci/drivers/vfio-pci/new_id = x\n"
	  "unclear:11: module/vfio_pci/parameters/ids = 1:2\n"
	  "unclear:13: bus/pci/devices/x/driver_override = vfio-pci\n"
	  "unclear:17: bus/pci/drivers/xen-pciback/new_slot = 0000:03:00.1\n" },
	{ "tmpfiles", import_read_tmpfiles, "/etc/tmpfiles.d/a.conf",
	  "w /sys/bus/pci/devices/0000:01:00.0/driver_override - - - - vfio-pci\n"
	  "w- /sys/class/net/eth0/device/sriov_numvfs - - - -  4\n"
	  "f /sys/bus/pci/devices/0000:02:00.0/driver_override - - - - vfio-pci\nw /sys\n"
	  "w+ /sys/bus/pci/drivers/vfio-pci/new_id - - - - 10de 2184 1043 8694\n",
	  "driver_override: address=0000:01:00.0" VFIO "new_id: id=10de:2184:1043:8694" VFIO, "" },
	{ "udev: by address", import_read_udev, "/etc/udev/rules.d/61-a.rules",
	  "ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"0000:01:00.0\", "
	  "ATTR{driver_override}=\"vfio-pci\"\n"
	  "SUBSYSTEM==\"pci\", KERNEL==\"0000:02:00.*|0000:03:00.0\", \\\n"
	  "  ATTR{driver_override} = \"mlx5_vfio_pci\"\n"
	  "KERNEL==\"0000:04:00.0\", ATTR{driver_override}=\"nvme\"\n"
	  "KERNEL==\"0000:04:*\", ATTR{driver_override}=\"vfio-pci\"\n"
	  "KERNEL==\"0000:05:00.0\", ATTR{driver_override}=\"xen-pciback\"\n"
	  "KERNEL==\"0000:06:00.0\", ATTR{driver_override}=\"$env{STUB}\"\n"
	  "KERNEL==\"0000:07:00.0\", ATTR{driver_override}=\"\"\n",
	  "driver_override: address=0000:01:00.0" VFIO
	  "driver_override: address=0000:02:00.* driver=auto\n"
	  "driver_override: address=0000:03:00.0 driver=auto\n",
	  "keep:4: nvme\n"
	  "unclear:5: KERNEL==\"0000:04:*\", ATTR{driver_override}=\"vfio-pci\"\n"
	  "unclear:6: xen-pciback\nunclear:7: driver_override: '$env{STUB}'\n"
	  "unclear:8: driver_override: ''\n" },
	{ "udev: by what it is", import_read_udev, "/etc/udev/rules.d/61-a.rules",
	  "SUBSYSTEM==\"pci\",ATTR{vendor}==\"0x10de\",ATTR{device}==\"0x2184\","
	  "ATTR{driver_override}=\"vfio-pci\"\n"
	  "ATTR{vendor}==\"0x8086\", ATTR{class}==\"0x0200*\", TAG+=\"vfio-pci-bind\"\n"
	  "ATTR{class}==\"0x030000\", ATTR{driver_override}=\"pci-stub\"\n"
	  "ATTR{class}==\"0x03??00\", ATTR{driver_override}=\"pci-stub\"\n"
	  "ATTR{device}==\"0x2184\", ATTR{driver_override}=\"vfio-pci\"\n"
	  "ATTR{vendor}!=\"0x10de\", ATTR{class}==\"0x03*\", ATTR{driver_override}=\"vfio-pci\"\n",
	  "driver_override: id=10de:2184" VFIO "driver_override: id=8086:* class=020000/ffff00" VFIO
	  "driver_override: class=030000/ffffff" STUB,
	  "unclear:4: ATTR{class}==\"0x03??00\", ATTR{driver_override}=\"pci-stub\"\n"
	  "unclear:5: ATTR{device}==\"0x2184\", ATTR{driver_override}=\"vfio-pci\"\n"
	  "unclear:6: ATTR{vendor}!=\"0x10de\", ATTR{class}==\"0x03*\", "
	  "ATTR{driver_override}=\"vfio-pci\"\n" },
	{ "udev: what is run, and what is of others", import_read_udev,
	  "/etc/udev/rules.d/61-a.rules",
	  "KERNEL==\"0000:01:00.0\", RUN+=\"/bin/sh -c 'echo \\\"a\\\" > /sys/bus/pci/drivers/vfio-pci/bind'\"\n"
	  "SUBSYSTEM==\"vfio\", KERNEL==\"vfio\", MODE=\"0666\", OPTIONS+=\"static_node=vfio/vfio\"\n"
	  "SUBSYSTEM==\"pci\", ATTR{power/control}=\"auto\"\n",
	  "",
	  "unclear:1: KERNEL==\"0000:01:00.0\", RUN+=\"/bin/sh -c 'echo \\x5c\"a\\x5c\" > "
	  "/sys/bus/pci/drivers/vfio-pci/bind'\"\n" },
	{ "udev: functions of a slot, and lines that are one", import_read_udev,
	  "/etc/udev/rules.d/61-a.rules",
	  "# a \\\nKERNEL==\"0000:03:00.[0-24]|0000:04:00.?|0000:05:00.*\", \\\r\n"
	  "  ATTR{driver_override}=\"vfio-pci\"\n"
	  "KERNEL==\"0000:06:00.[9]\", ATTR{driver_override}=\"vfio-pci\" \\",
	  "driver_override: address=0000:03:00.0" VFIO "driver_override: address=0000:03:00.1" VFIO
	  "driver_override: address=0000:03:00.2" VFIO "driver_override: address=0000:03:00.4" VFIO
	  "driver_override: address=0000:04:00.*" VFIO "driver_override: address=0000:05:00.*" VFIO,
	  "unclear:4: KERNEL==\"0000:06:00.[9]\", ATTR{driver_override}=\"vfio-pci\"\n" },
	{ "udev: the event's id, and the driver that a device has", import_read_udev,
	  "/etc/udev/rules.d/61-a.rules",
	  "ENV{PCI_ID}==\"10DE:2184\", ATTR{driver_override}=\"vfio-pci\"\n"
	  "ATTR{vendor}==\"0x10de\", DRIVER==\"nouveau\", ATTR{driver_override}=\"vfio-pci\"\n"
	  "KERNEL==\"0000:01:00.0\", DRIVER==\"\", ATTR{driver_override}=\"vfio-pci\"\n"
	  "KERNEL!=\"0000:01:00.0\", GOTO=\"end\"\nATTR{driver_override}=\"vfio-pci\"\n",
	  "driver_override: id=10de:2184" VFIO "driver_override: address=0000:01:00.0" VFIO,
	  "unclear:2: ATTR{vendor}==\"0x10de\", DRIVER==\"nouveau\", "
	  "ATTR{driver_override}=\"vfio-pci\"\nunclear:5: ATTR{driver_override}=\"vfio-pci\"\n" },
	{ "tmpfiles: quotes, and other types that write", import_read_tmpfiles,
	  "/etc/tmpfiles.d/a.conf",
	  "w! \"/sys/bus/pci/devices/0000:01:00.0/driver_override\" - - - - vfio-pci\r\n"
	  "f+ /sys/bus/pci/devices/0000:02:00.0/driver_override - - - - vfio-pci\n"
	  "f /sys/bus/pci/devices/0000:03:00.0/driver_override - - - - vfio-pci\n"
	  "#w /sys/bus/pci/devices/0000:04:00.0/driver_override - - - - vfio-pci\n",
	  "driver_override: address=0000:01:00.0" VFIO "driver_override: address=0000:02:00.0" VFIO,
	  "" },
	{ "modprobe.d: commands that bind", import_read_modprobe, "/etc/modprobe.d/a.conf",
	  "install ixgbe modprobe -i ixgbe; echo 4 >/sys/class/net/a/device/sriov_numvfs\n"
	  "install nouveau /bin/false\nweakdep nouveau vfio-pci\n"
	  "remove x echo >/sys/bus/pci/devices/0000:01:00.0/driver_override\n",
	  "",
	  "unclear:1: install ixgbe modprobe -i ixgbe; echo 4 >/sys/class/net/a/device/sriov_numvfs\n"
	  "maybe:2: install nouveau /bin/false\nobsolete:3: weakdep nouveau vfio-pci\n"
	  "unclear:4: remove x echo >/sys/bus/pci/devices/0000:01:00.0/driver_override\n" },
	{ "grub by hand: a line that goes on", import_read_grub_menu, "/boot/grub/custom.cfg",
	  "menuentry a {\n\tlinux /a ro \\\n\t  vfio-pci.ids=1:2 \\\n pci-stub.ids=3:4\n"
	  "# linux /b \\\n}\nlinux /c vfio-pci.ids=5:6\n",
	  "vfio-pci.ids: id=0001:0002" VFIO "pci-stub.ids: id=0003:0004" STUB
	  "vfio-pci.ids: id=0005:0006" VFIO,
	  "sometimes:2: vfio-pci.ids=1:2 pci-stub.ids=3:4, but vfio-pci.ids=5:6 in the entry at "
	  "/boot/grub/custom.cfg:7\nsometimes:7: vfio-pci.ids=5:6, but vfio-pci.ids=1:2 "
	  "pci-stub.ids=3:4 in the entry at /boot/grub/custom.cfg:2\n" },
	{ "grub: another file", import_read_grub, "/etc/default/grub",
	  ". /etc/default/grub-local\nsource a\nsourced a\n", "",
	  "unclear:1: . /etc/default/grub-local\nunclear:2: source a\n" },
	{ "ukify: the command line is in another file", import_read_uki, "/etc/kernel/uki.conf",
	  "[UKI]\nCmdline=@/etc/kernel/cmdline\nCmdline=@/etc/a\n", "",
	  "unclear:3: Cmdline=@/etc/a\n" },
	{ "Unraid: lists that are not clear", import_read_unraid, "/boot/config/vfio-pci.cfg",
	  "VFS=0000:04:00.0|8086:1572 0000:04:00.0|4\r\nBIND=x\n", "",
	  "unclear:1: VFS: '0000:04:00.0'\nunclear:1: VFS: '0000:04:00.0'\nunclear:2: BIND: 'x'\n" },
	{ "udev: what passthru has there itself", import_read_udev, "/run/udev/rules.d/a.rules",
	  "RUN+=\"passthru-init --hotplug\", ATTR{driver_override}=\"vfio-pci\"\n", "", "" },
	{ "script", import_read_script, "/etc/initramfs-tools/scripts/init-top/vfio.sh",
	  "#!/bin/sh\n# echo vfio-pci >driver_override\ncase $1 in prereqs) exit 0 ;; esac\n"
	  "for d in 0000:01:00.0; do echo vfio-pci >/sys/bus/pci/devices/$d/driver_override; done\n"
	  "echo 1 >/sys/bus/pci/drivers/vfio-pci/bind\n",
	  "",
	  "unclear:4: for d in 0000:01:00.0; do echo vfio-pci >/sys/bus/pci/devices/$d/driver_override; done\n" },
	{ "script: of tools that bind", import_read_script, "/etc/systemd/system/a.service",
	  "[Service]\n#ExecStart=vfio-bind 1\nExecStart=/usr/bin/vfio-bind 0000:01:00.0\n", "",
	  "unclear:3: ExecStart=/usr/bin/vfio-bind 0000:01:00.0\n" },
	{ "script: libvirt's", import_read_script, "/etc/rc.local",
	  "virsh nodedev-detach pci_0000_01_00_0\n", "",
	  "unclear:1: virsh nodedev-detach pci_0000_01_00_0\n" },
	{ "script: driverctl's own, whose files are read", import_read_script,
	  "/usr/lib/dracut/modules.d/05driverctl/a.sh", "driverctl load\n", "", "" },
	{ "script: what modprobe is told", import_read_script, "/etc/rc.local",
	  "modprobe -i vfio-pci\nmodprobe vfio-pci ids=1:2\n", "",
	  "unclear:2: modprobe vfio-pci ids=1:2\n" },
	{ "Proxmox: a guest", import_read_proxmox_guest, "/etc/pve/qemu-server/100.conf",
	  "#hostpci9: 09:00.0\nbios: ovmf\nhostpci0: 0000:02:00,pcie=1,x-vga=1\r\n"
	  "hostpci1: host=03:00.0;03:00.1,rombar=0\nhostpci12:10000:e1:00.0\n"
	  "hostpci2: 00:02.0,mdev=i915-GVTg_V5_4\nhostpci3: gpu\nhostpci4: mapping=a\n"
	  "[PENDING]\nhostpci5: 04:00.0\n[old]\nhostpci0: 77:00\n",
	  "hostpci0: address=0000:02:00.*" VFIO "hostpci1: address=0000:03:00.0" VFIO
	  "hostpci1: address=0000:03:00.1" VFIO "hostpci12: address=10000:e1:00.0" VFIO
	  "hostpci5: address=0000:04:00.0" VFIO,
	  "keep:6: hostpci2: 00:02.0,mdev=i915-GVTg_V5_4\nunclear:7: hostpci3: 'gpu'\n"
	  "unclear:8: hostpci4: mapping=a is not in /etc/pve/mapping/pci.cfg\n" },
	{ "Proxmox: names for devices", import_read_proxmox_mapping, "/etc/pve/mapping/pci.cfg",
	  "gpu\n\tdescription a: b\n"
	  "\tmap id=10de:2204,iommugroup=31,node=a,path=0000:01:00.0,subsystem-id=1043:87b3\n"
	  "\tmap id=10de:2204,node=b,path=0000:81:00\n\tmdev 0\n\npci: divided\n"
	  "\tmdev 1\n\tmap id=8086:1,path=00:02.0\nbad\n\tmap path=x\n\tmap node=a\n",
	  "gpu: address=0000:01:00.0 id=10de:2204:1043:87b3" VFIO "gpu: address=0000:81:00.*" VFIO,
	  "keep:9: divided: mediated devices\nunclear:12: map node=a\nunclear:11: bad: 'x'\n" },
	{ "Harvester: claims and virtual functions", import_read_manifest, "/oem/99.yaml",
	  "apiVersion: devices.harvesterhci.io/v1beta1\nkind: PCIDeviceClaim\nmetadata:\n"
	  "  name: a-1\nspec:\n  address: \"0000:01:00.0\" # b\n  nodeName: a\n---\n"
	  "kind: PCIDeviceClaim\nspec: {}\n---\nspec:\n  numVFs: 4\n  address: 0000:03:00.0\n"
	  "kind: SRIOVNetworkDevice\n---\nkind: Pod\nspec:\n  address: 0000:05:00.0\n",
	  "PCIDeviceClaim: address=0000:01:00.0" VFIO,
	  "unclear:9: PCIDeviceClaim: it is not clear which device is meant\n" },
	{ "Harvester: a manifest in another file", import_read_manifest, "/oem/99.yaml",
	  "stages:\n  boot:\n  - files:\n    - content: |\n        items:\n"
	  "        - apiVersion: v1\n          kind: PCIDeviceClaim\n          spec:\n"
	  "            address: 0000:01:00.0\n        - apiVersion: v1\n"
	  "          kind: PCIDeviceClaim\n          spec:\n            address: '0000:02:00.0'\n",
	  "PCIDeviceClaim: address=0000:01:00.0" VFIO "PCIDeviceClaim: address=0000:02:00.0" VFIO,
	  "" },
	{ "Talos", import_read_manifest, "/system/state/config.yaml",
	  "apiVersion: v1alpha1\nkind: PCIDriverRebindConfig\nname: 0000:04:00.00 # a\n"
	  "targetDriver: vfio-pci\n---\nkind: PCIDriverRebindConfig\nname: 0000:05:00.0\n",
	  "PCIDriverRebindConfig: address=0000:04:00.0" VFIO,
	  "unclear:6: PCIDriverRebindConfig: it is not clear which device is meant\n" },
	{ "driverctl: a bus and an address", import_read_driverctl,
	  "/etc/driverctl.d/pci-0000:81:00.0", "vfio-pci\n", "driverctl: address=0000:81:00.0" VFIO,
	  "" },
	{ "driverctl: an address", import_read_driverctl, "/etc/driverctl.d/0000:81:00.0",
	  "pciback", "driverctl: address=0000:81:00.0" XEN, "" },
	{ "driverctl: a variant of vfio-pci", import_read_driverctl,
	  "/etc/driverctl.d/pci-0000:81:00.0", "mlx5_vfio_pci\n",
	  "driverctl: address=0000:81:00.0 driver=auto\n", "" },
	{ "driverctl: another driver", import_read_driverctl, "/etc/driverctl.d/pci-0000:81:00.0",
	  "uio_pci_generic\n", "", "keep: uio_pci_generic\n" },
	{ "driverctl: a module, but no driver", import_read_driverctl,
	  "/etc/driverctl.d/pci-0000:81:00.0", "xen-pciback\n", "", "unclear: xen-pciback\n" },
	{ "driverctl: nothing", import_read_driverctl, "/etc/driverctl.d/pci-0000:81:00.0", "\n",
	  "", "unclear: driverctl: ''\n" },
	{ "driverctl: another bus", import_read_driverctl, "/etc/driverctl.d/vmbus-x", "vfio-pci\n",
	  "", "" },
};

static char *form_notes(const struct import *import, const char *file)
{
	static const char *const kinds[NOTE_KIND_COUNT] = { "obsolete", "maybe",     "keep",
							    "void",     "sometimes", "unclear" };
	char *text = memory_copy("", 0);

	for (size_t i = 0; i < import->note_count; i++) {
		_cleanup_free_ char *before = text;
		const struct note *note = &import->notes[i];

		if (strncmp(note->text, file, strlen(file)) != 0)
			fail_showing(file, note->text);
		text = memory_printf("%s%s%s\n", before, kinds[note->kind],
				     note->text + strlen(file));
	}
	return text;
}

static void test_reader(void **state)
{
	const struct reader_row *row = *state;
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_free_ char *rules = NULL, *notes = NULL;

	row->read(&import, row->file, row->text);
	import_finish(&import);
	rules = form_rules(import.intent.rules, import.intent.rule_count);
	notes = form_notes(&import, row->file);
	if (strcmp(rules, row->rules) != 0)
		fail_showing(row->rules, rules);
	if (strcmp(notes, row->notes) != 0)
		fail_showing(row->notes, notes);
}

struct resolve_row {
	const char *name;
	import_reader *read;
	const char *file;
	const char *text;
	const char *host;
	const char *rules; /* that sections say */
	const char *notes;
};

#define AUTO " driver=auto\n"
#define PF0  "0000:03:00.0 8086:10fb 0200 group=1 driver=ixgbe can=63"
#define PF1  "\n0000:03:00.1 8086:10fb 0200 group=2 driver=ixgbe can=63"
#define VF(number, slot, driver) \
	"\n0000:03:" slot " 8086:10ed 0200 group=3" driver " vf=" number " of=0000:03:00.0"
#define USED   " driver=ixgbevf"
#define HELD   " driver=vfio-pci"
#define NUMVFS "devices/pci0000:00/0000:03:00.0/sriov_numvfs = 4\n"

static const struct resolve_row resolve_rows[] = {
	{ "vfs of a driver", import_read_modprobe, "/etc/modprobe.d/a.conf",
	  "options ixgbe max_vfs=7\n", PF0 PF1 "\n0000:04:00.0 8086:10fb 0200 group=4 can=63",
	  "ixgbe.max_vfs: address=0000:03:00.0 id=8086:10fb vf=0-6 vfs=7" AUTO
	  "ixgbe.max_vfs: address=0000:03:00.1 id=8086:10fb vf=0-6 vfs=7" AUTO,
	  "" },
	{ "vfs of a driver that no device has", import_read_modprobe, "/etc/modprobe.d/a.conf",
	  "options ixgbe max_vfs=7\noptions igb max_vfs=x\noptions mlx4_core num_vfs=0\n"
	  "options i915 max_vfs=7\noptions sfc max_vfs=7\n",
	  "0000:04:00.0 8086:1572 0200 group=4 driver=i40e can=63", "",
	  "unclear:2: igb.max_vfs: 'x'\nkeep:4: i915.max_vfs=7\nunclear:5: sfc.max_vfs=7\n"
	  "unclear:1: ixgbe.max_vfs = 7: no device of this host has virtual functions, and the "
	  "driver ixgbe\n" },
	{ "vfs of a place, and nothing is known of it", import_read_sysfs_conf, "/etc/sysfs.conf",
	  NUMVFS, "", "sriov_numvfs: address=0000:03:00.0 vf=0-3 vfs=4" AUTO, "" },
	{ "vfs that are there, some with the host", import_read_sysfs_conf, "/etc/sysfs.conf",
	  NUMVFS,
	  PF0 " has=4" VF("0", "10.0", USED) VF("1", "10.2", HELD) VF("2", "10.4", "")
		  VF("3", "10.6", USED),
	  "sriov_numvfs: address=0000:03:00.0 id=8086:10fb vf=1-2 vfs=4" AUTO, "" },
	{ "vfs that the host uses, all of them", import_read_sysfs_conf, "/etc/sysfs.conf", NUMVFS,
	  PF0 " has=2" VF("0", "10.0", USED) VF("1", "10.2", USED), "",
	  "keep:1: sriov_numvfs: the host itself uses all virtual functions of 0000:03:00.0\n" },
	{ "vfs with two numbers", import_read_sysfs_conf, "/etc/sysfs.conf",
	  NUMVFS "bus/pci/devices/0000:03:00.0/sriov_numvfs = 7\n" NUMVFS, PF0,
	  "sriov_numvfs: address=0000:03:00.0 id=8086:10fb vf=0-3 vfs=4" AUTO
	  "sriov_numvfs: address=0000:03:00.0 id=8086:10fb vf=0-3 vfs=4" AUTO,
	  "unclear:2: sriov_numvfs = 7, but it is 4 at /etc/sysfs.conf:1: only one of them can be "
	  "right\n" },
	{ "vfs of what is to be taken itself", import_read_sysfs_conf, "/etc/sysfs.conf",
	  NUMVFS "bus/pci/devices/0000:03:00.0/driver_override = vfio-pci\n", PF0,
	  "driver_override: address=0000:03:00.0" VFIO,
	  "unclear:1: sriov_numvfs = 4: the same functions are meant at /etc/sysfs.conf:2\n" },
	{ "vfs, and a rule for one of them", import_read_sysfs_conf, "/etc/sysfs.conf",
	  NUMVFS "bus/pci/devices/0000:03:10.2/driver_override = vfio-pci\n",
	  PF0 " has=4" VF("0", "10.0", USED) VF("1", "10.2", HELD) VF("2", "10.4", USED)
		  VF("3", "10.6", USED),
	  "sriov_numvfs: address=0000:03:00.0 id=8086:10fb vf=1-1 vfs=4" AUTO
	  "driver_override: address=0000:03:00.0 id=8086:10fb vf=1-1 vfs=4" AUTO,
	  "" },
	{ "Unraid: virtual functions", import_read_unraid, "/boot/config/sriov.cfg",
	  "VFS=0000:03:00.0|8086:10fb|4 0000:05:00.0|8086:1572|2\n", PF0,
	  "VFS: address=0000:03:00.0 id=8086:10fb vf=0-3 vfs=4" AUTO
	  "VFS: address=0000:05:00.0 id=8086:1572 vf=0-1 vfs=2" AUTO,
	  "" },
	{ "link: a drop-in", import_read_link, "/etc/systemd/network/a.link.d/b.conf",
	  "[Link]\nSR-IOVVirtualFunctions=4\n", PF0, "",
	  "unclear:2: SR-IOVVirtualFunctions=4: it is not clear which card is meant\n" },
	{ "link: a place", import_read_link, "/etc/systemd/network/a.link",
	  "[Match]\nPath=pci-0000:03:00.0 pci-0000:05:00.1\nType=ether\n[Link]\nSR-IOVVirtualFunctions=4\n",
	  PF0,
	  "SR-IOVVirtualFunctions: address=0000:03:00.0 id=8086:10fb vf=0-3 vfs=4" AUTO
	  "SR-IOVVirtualFunctions: address=0000:05:00.1 vf=0-3 vfs=4" AUTO,
	  "" },
	{ "link: an interface, by its name", import_read_link, "/etc/systemd/network/a.link",
	  "[Match]\nOriginalName=eno1\n[Link]\nSR-IOVVirtualFunctions=4\n", PF0 PF1,
	  "SR-IOVVirtualFunctions: address=0000:03:00.1 id=8086:10fb vf=0-3 vfs=4" AUTO, "" },
	{ "link: an interface, by its address", import_read_link, "/etc/systemd/network/a.link",
	  "[Match]\nPermanentMACAddress=00:11:22:33:44:AA\n[Link]\nSR-IOVVirtualFunctions=4\n",
	  PF0 PF1, "SR-IOVVirtualFunctions: address=0000:03:00.1 id=8086:10fb vf=0-3 vfs=4" AUTO,
	  "" },
	{ "link: as many as are spoken of", import_read_link, "/etc/systemd/network/a.link",
	  "[Match]\nDriver=ixgbe\n[SR-IOV]\nVirtualFunction=5\n[SR-IOV]\nVirtualFunction=0\n", PF0,
	  "VirtualFunction: address=0000:03:00.0 id=8086:10fb vf=0-5 vfs=6" AUTO, "" },
	{ "link: several interfaces", import_read_link, "/etc/systemd/network/a.link",
	  "[Match]\r\nOriginalName=eno1 eno0\r\n[Link]\r\nSR-IOVVirtualFunctions=4\r\n", PF0 PF1,
	  "SR-IOVVirtualFunctions: address=0000:03:00.1 id=8086:10fb vf=0-3 vfs=4" AUTO
	  "SR-IOVVirtualFunctions: address=0000:03:00.0 id=8086:10fb vf=0-3 vfs=4" AUTO,
	  "" },
	{ "vfs of a driver, a number for each port", import_read_module_list, "/etc/modules",
	  "ixgbe max_vfs=7,7\nigb max_vfs=7,77\nmlx4_core num_vfs=5,5\n", PF0,
	  "ixgbe.max_vfs: address=0000:03:00.0 id=8086:10fb vf=0-6 vfs=7" AUTO,
	  "unclear:2: igb.max_vfs: '7,77'\nunclear:3: mlx4_core.num_vfs: '5,5'\n" },
	{ "link: who knows which", import_read_link, "/etc/systemd/network/a.link",
	  "[Match]\nOriginalName=e*\n[Link]\nSR-IOVVirtualFunctions=4\n", PF0, "",
	  "unclear:4: SR-IOVVirtualFunctions=4: it is not clear which card is meant\n" },
	{ "link: only where something else holds", import_read_link, "/etc/systemd/network/a.link",
	  "[Match]\nDriver=ixgbe\nHost=a\n[Link]\nSR-IOVVirtualFunctions=4\n", PF0, "",
	  "unclear:5: SR-IOVVirtualFunctions=4: it is not clear which card is meant\n" },
	{ "link: an interface that is not there", import_read_link, "/etc/systemd/network/a.link",
	  "[Match]\nOriginalName=eno9\n[Link]\nSR-IOVVirtualFunctions=4\n", PF0, "",
	  "unclear:4: SR-IOVVirtualFunctions = 4: no device of this host has the interface eno9\n" },
	{ "NetworkManager: a connection", import_read_nm_connection,
	  "/etc/NetworkManager/system-connections/a.nmconnection",
	  "[connection]\nid=a\ninterface-name=eno1\n[sriov]\nautoprobe-drivers=0\ntotal-vfs=4\n",
	  PF0 PF1, "total-vfs: address=0000:03:00.1 id=8086:10fb vf=0-3 vfs=4" AUTO, "" },
	{ "NetworkManager: settings of devices", import_read_nm_conf,
	  "/etc/NetworkManager/NetworkManager.conf",
	  "[main]\nplugins=keyfile\n[device-a]\nmatch-device=interface-name:eno1\nsriov-num-vfs=4\n"
	  "[device-b]\nmatch-device=mac:00:11:22:33:44:55\nsriov-num-vfs=2\n"
	  "[device-c]\nmatch-device=type:ethernet\nsriov-num-vfs=1\n"
	  "[device-d]\nmatch-device=driver:i40e\nsriov-num-vfs=0\n",
	  PF0 PF1,
	  "sriov-num-vfs: address=0000:03:00.1 id=8086:10fb vf=0-3 vfs=4" AUTO
	  "sriov-num-vfs: address=0000:03:00.0 id=8086:10fb vf=0-1 vfs=2" AUTO,
	  "unclear:11: sriov-num-vfs=1: it is not clear which card is meant\n" },
	{ "ifcfg", import_read_ifcfg, "/etc/sysconfig/network-scripts/ifcfg-eno1",
	  "DEVICE=\"eno1\"\nONBOOT=yes\nSRIOV_TOTAL_VFS=4\n", PF0 PF1,
	  "SRIOV_TOTAL_VFS: address=0000:03:00.1 id=8086:10fb vf=0-3 vfs=4" AUTO, "" },
	{ "netplan", import_read_netplan, "/etc/netplan/a.yaml",
	  "# a\nnetwork:\n  version: 2\n  ethernets:\n    eno1: # b\n      dhcp4: no\n"
	  "      virtual-function-count: 4 # c\n    nic:\n      match:\n"
	  "        macaddress: \"00:11:22:33:44:55\"\n      virtual-function-count: 2\n"
	  "    vf0: {link: eno9}\n  bonds:\n    x:\n      virtual-function-count: 9\n",
	  PF0 PF1,
	  "virtual-function-count: address=0000:03:00.1 id=8086:10fb vf=0-3 vfs=4" AUTO
	  "virtual-function-count: address=0000:03:00.0 id=8086:10fb vf=0-1 vfs=2" AUTO,
	  "" },
	{ "netplan: as many as are spoken of", import_read_netplan, "/etc/netplan/a.yaml",
	  "network:\n  ethernets:\n    eno0:\n      virtual-function-count: 4\n"
	  "    a:\n      link: eno1\n    b:\n      link: eno1\n    c:\n      link: eno0\n"
	  "  vlans:\n    d:\n      link: eno2\n",
	  PF0 PF1,
	  "virtual-function-count: address=0000:03:00.0 id=8086:10fb vf=0-3 vfs=4" AUTO
	  "link: address=0000:03:00.1 id=8086:10fb vf=0-1 vfs=2" AUTO,
	  "" },
	{ "netplan: in braces", import_read_netplan, "/etc/netplan/a.yaml",
	  "network:\n  ethernets:\n    eno1: {virtual-function-count: 4}\n", PF0 PF1, "",
	  "unclear:3: eno1: {virtual-function-count: 4}\n" },
};

#define USB_AT "0000:00:14.0 8086:a0ed 0c03\n0000:03:00.0 1912:0014 0c03\n0000:04:00.0 1:2 0200"

static const struct resolve_row qubes_rows[] = {
	{ "all USB", import_read_running, "/proc/cmdline",
	  "rd.qubes.hide_all_usb=off rd.qubes.hide_all_usb", USB_AT,
	  "rd.qubes.hide_all_usb: class=0c0300/ffff00" XEN, "" },
	{ "no USB", import_read_running, "/proc/cmdline",
	  "rd.qubes.hide_all_usb rd.qubes.hide_all_usb=0", USB_AT, "", "" },
	{ "all USB but what dom0 keeps", import_read_running, "/proc/cmdline",
	  "rd.qubes.hide_all_usb rd.qubes.dom0_usb=00:14.0", USB_AT,
	  "rd.qubes.hide_all_usb: address=0000:03:00.0 id=1912:0014" XEN, "" },
	{ "dom0 keeps what nobody hides", import_read_running, "/proc/cmdline",
	  "rd.qubes.dom0_usb=00:14.0", USB_AT, "", "" },
	{ "dom0 keeps some of unknown ones", import_read_running, "/proc/cmdline",
	  "rd.qubes.hide_all_usb rd.qubes.dom0_usb=00:14.0", "", "",
	  "unclear: rd.qubes.hide_all_usb: but some are kept, and this host has no such device\n" },
	{ "all network cards, by its script", import_read_qubes, "/a.sh",
	  "#!/bin/sh\n# 02\nmodprobe xen-pciback\nHIDE_PCI=`lspci -mm -n | grep '\"02'`\nre=02\n",
	  USB_AT, "class 02: class=020000/ff0000" XEN, "" },
	{ "its script: the class is a variable's", import_read_qubes, "/a.sh",
	  "re='02'\nHIDE=$(set -o pipefail; { lspci -mm -n | awk \"/^[^ ]* \\\"$re/\";}) ||\n"
	  "modprobe xen-pciback\n",
	  USB_AT, "class 02: class=020000/ff0000" XEN, "" },
	{ "its script: behind another command", import_read_qubes, "/a.sh",
	  "modprobe pciback && for d in `lspci -n && true`; do lspci -n | grep '^[^ ]* \"02'\n",
	  USB_AT, "class 02: class=020000/ff0000" XEN, "" },
	{ "its script: no class", import_read_qubes, "/a.sh",
	  "modprobe xen-pciback\nlspci && exit 02\nlspci || sleep 02; sleep 02\n"
	  "lspci -s 02:00.0\nlspci -s 00:02.0\nlspci -d 8086:1502\nlspci | grep 0280\nlspci | sleep 0.02\n"
	  "BUS=02:00.0\n",
	  USB_AT, "", "unclear:2: lspci && exit 02\n" },
	{ "its script: without lspci", import_read_qubes, "/a.sh", "modprobe pciback; exit 02\n",
	  USB_AT, "", "" },
	{ "another script", import_read_qubes, "/a.sh", "lspci | grep 02\n", USB_AT, "", "" },
};

struct unexplained_row {
	const char *cmdline;
	const char *host;
	const char *notes; /* behind "0000" */
};

#define NOBODY "and nothing that was read asks for "

static const struct unexplained_row unexplained_rows[] = {
	{ "vfio-pci.ids=10de:2684",
	  "0000:01:00.0 10de:2684 0300 driver=vfio-pci\n0000:02:00.0 10de:1234 0300 driver=vfio-pci\n"
	  "0000:04:00.0 10de:2684 0300 driver=nouveau",
	  "unclear:02:00.0 [10de:1234] is bound to vfio-pci, " NOBODY "that\n" },
	{ "xen-pciback.hide=(00:1c.0)",
	  "0000:00:1c.0 8086:a110 0604\n0000:03:00.0 1:2 0200 behind=0000:00:1c.0 driver=pciback\n"
	  "0000:04:00.0 1:2 0200 driver=pciback",
	  "unclear:04:00.0 [0001:0002] is bound to pciback, " NOBODY "that\n" },
	{ "", PF0 " has=2" VF("0", "10.0", USED) VF("1", "10.2", " driver=mlx5_vfio_pci"),
	  "unclear:03:00.0 [8086:10fb] has 2 virtual functions (sriov_numvfs), " NOBODY "them\n"
	  "unclear:03:10.2 [8086:10ed] is bound to mlx5_vfio_pci, " NOBODY "that\n" },
	{ "ixgbe.max_vfs=2", PF0 " has=2" VF("0", "10.0", HELD) VF("1", "10.2", USED), "" },
	{ "ixgbe.max_vfs=2", "0000:01:00.0 8086:10fb 0200 driver=ixgbe can=63 has=3", "" },
};

/* A host whose devices have what HOST says, by none of passthru's doing. */
static void make_host(const char *text, struct import_host *ret)
{
	static const struct import_interface interfaces[] = {
		{ (char *)"eno0", (char *)"00:11:22:33:44:55", { .bus = 3 } },
		{ (char *)"eno1", (char *)"00:11:22:33:44:aa", { .bus = 3, .function = 1 } },
	};
	size_t count;

	form_host(text, &ret->facts);
	count = ret->facts.device_count;
	ret->devices = memory_new(count, sizeof(ret->devices[0]));
	for (size_t i = 0; i < count; i++) {
		const struct pci_device *device = &ret->facts.devices[i];

		if (stub_of_driver(device->driver))
			strcpy(ret->devices[i].stub, device->driver);
		ret->devices[i].has_vfs = device->vf_count != 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(interfaces); i++) {
		struct import_interface *added;

		ret->interfaces =
			memory_grow(ret->interfaces, ret->interface_count, sizeof(*added));
		added = &ret->interfaces[ret->interface_count++];
		added->name = memory_copy(interfaces[i].name, strlen(interfaces[i].name));
		added->mac = memory_copy(interfaces[i].mac, strlen(interfaces[i].mac));
		added->address = interfaces[i].address;
	}
}

static void test_resolve(void **state)
{
	const struct resolve_row *row = *state;
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(import_host_free) struct import_host host = { 0 };
	_cleanup_(intent_free) struct intent said = { 0 };
	_cleanup_free_ char *rules = NULL, *notes = NULL;

	make_host(row->host, &host);
	row->read(&import, row->file, row->text);
	import_resolve(&import, &host, &said);
	rules = form_rules(said.rules, said.rule_count);
	notes = form_notes(&import, row->file);
	if (strcmp(rules, row->rules) != 0)
		fail_showing(row->rules, rules);
	if (strcmp(notes, row->notes) != 0)
		fail_showing(row->notes, notes);
}

static void test_unexplained(void **state)
{
	const struct unexplained_row *row = *state;
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(import_host_free) struct import_host host = { 0 };
	_cleanup_(intent_free) struct intent said = { 0 };
	_cleanup_free_ char *notes = NULL;

	make_host(row->host, &host);
	import_read_running(&import, "/proc/cmdline", row->cmdline);
	import_resolve(&import, &host, &said);
	notes = form_notes(&import, "0000");
	if (strcmp(notes, row->notes) != 0)
		fail_showing(row->notes, notes);
}

struct plan_row {
	const char *cmdline;
	const char *host;
};

#define TWINS                                                       \
	"0000:00:1c.0 8086:a110 0604 group=1 driver=pcieport\n"     \
	"0000:03:00.0 10de:2684 0300 group=2 behind=0000:00:1c.0\n" \
	"0000:03:00.1 10de:22ba 0403 group=2 behind=0000:00:1c.0\n" \
	"0000:04:00.0 10de:2684 0300 group=3 driver=nouveau\n"      \
	"0000:05:00.0 8086:10d3 0200 group=4"

static const struct plan_row plan_rows[] = {
	{ "vfio-pci.ids=10de:2684,8086:10d3", TWINS },
	{ "vfio-pci.ids=10de:ffffffff", TWINS },
	{ "pci-stub.ids=10de:2684 vfio-pci.ids=10de:22ba", TWINS },
	{ "vfio-pci.ids=ffffffff:ffffffff:ffffffff:ffffffff:030000:ff0000", TWINS },
	{ "vfio-pci.ids=ffffffff:ffffffff:ffffffff:ffffffff:030000:ffff00,8086:10d3", TWINS },
	{ "vfio-pci.ids=1:2", TWINS },
	{ "xen-pciback.hide=(03:00.0)(0000:05:00.0)", "xen\n" TWINS },
	{ "xen-pciback.hide=(03:00.*)", "xen\n" TWINS },
	{ "xen-pciback.hide=(03:00.0)", TWINS },
	{ "xen-pciback.hide=(09:00.0)", "xen\n" TWINS },
	{ "xen-pciback.hide=(0000:03:*.*)", "xen\n" TWINS },
	{ "xen-pciback.hide=(00:1c.0)", "xen\n" TWINS },
	{ "xen-pciback.hide=(00:1c.*) vfio-pci.ids=10de:2684", "xen\n" TWINS },
};

/* Without the names of the rules, which an option and a file cannot have in common. */
static char *plan_for(const char *conf, const char *cmdline, const char *host)
{
	struct want want = { 0 };
	struct facts facts = { 0 };
	struct plan plan = { 0 };
	char *form;

	form_want(conf, cmdline, &want);
	assert_findings(&want.findings, NULL);
	for (size_t i = 0; i < want.rule_count; i++) {
		free(want.rules[i].name);
		want.rules[i].name = memory_copy("rule", 4);
	}
	form_host(host, &facts);
	plan_make(&want, &facts, &plan);
	form = form_plan(&plan);
	plan_free(&plan);
	facts_free(&facts);
	want_free(&want);
	return form;
}

static char *imported_of(const char *cmdline, const char *host)
{
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(import_host_free) struct import_host at = { 0 };

	form_host(host, &at.facts);
	import_read_running(&import, "cmdline", cmdline);
	return import_render(&import, &at);
}

static void test_same_plan(void **state)
{
	const struct plan_row *row = *state;
	_cleanup_free_ char *conf = imported_of(row->cmdline, row->host);
	_cleanup_free_ char *expected = plan_for(NULL, row->cmdline, row->host);
	_cleanup_free_ char *plan = plan_for(conf, NULL, row->host);

	assert_true(*expected);
	if (strcmp(plan, expected) != 0)
		fail_showing(expected, plan);
}

struct permissive_row {
	const char *name, *parameter; /* on a command line */
	bool is_on;
	const char *notes;
};

/* The kernel reads the first characters of a value. */
static const struct permissive_row permissive_rows[] = {
	{ "without a value", "xen_pciback.permissive", true, "" },
	{ "1", "pciback.permissive=1", true, "" },
	{ "yes", "xen-pciback.permissive=yes", true, "" },
	{ "Y", "xen-pciback.permissive=Y", true, "" },
	{ "on", "xen-pciback.permissive=on", true, "" },
	{ "0", "xen-pciback.permissive=0", false, "" },
	{ "no", "pciback.permissive=no", false, "" },
	{ "N", "xen-pciback.permissive=N", false, "" },
	{ "off", "xen-pciback.permissive=off", false, "" },
	{ "oFF", "xen-pciback.permissive=oFF", false, "" },
	{ "neither", "xen-pciback.permissive=2", false, "unclear: xen-pciback.permissive=2\n" },
	{ "o", "xen-pciback.permissive=o", false, "unclear: xen-pciback.permissive=o\n" },
	{ "nothing", "xen-pciback.permissive=", false, "unclear: xen-pciback.permissive=\n" },
};

static void test_permissive(void **state)
{
	const struct permissive_row *row = *state;
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_free_ char *notes = NULL;

	import_read_running(&import, "/proc/cmdline", row->parameter);
	import_finish(&import);
	notes = form_notes(&import, "/proc/cmdline");
	assert_int_equal(import.permissive, row->is_on);
	assert_string_equal(notes, row->notes);
}

static void test_text(void **state)
{
	_cleanup_(import_free) struct import import = { .permissive = true };
	_cleanup_free_ char *text = NULL;
	const struct import_host none = { 0 };

	(void)state;
	import_read_running(&import, "/proc/cmdline", "vfio-pci.ids=1:2 xen-pciback.hide=(03:*.*)");
	import_read_grub(&import, "/etc/default/grub",
			 "GRUB_CMDLINE_LINUX='vfio-pci.ids=1:2,x xen-pciback.hide=(03:02.1)'");
	text = import_render(&import, &none);
	if (!strstr(text, "\n# /etc/default/grub:1: vfio-pci.ids\n# /proc/cmdline: vfio-pci.ids\n"
			  "[device vfio-pci-1]\nid = 0001:0002\ndriver = vfio-pci\n\n"
			  "# /etc/default/grub:1: xen-pciback.hide\n[device xen-pciback-2]\n"
			  "address = 0000:03:02.1\ndriver = xen-pciback\npermissive = yes\n\n"
			  "# Not understood") ||
	    !strstr(text, "xen-pciback.hide: matches no device") || !strstr(text, "'x' is skipped"))
		fail_showing("one section for two lines, one for one of them, two notes", text);
}

/* What other programs' files have, and what they are called, with any bytes. */
static const struct escaped_row {
	const char *name;
	import_reader *read;
	const char *file;
	const char *text;
	const char *expected; /* it is in what is printed */
} escaped_rows[] = {
	{ "what is said of an option", import_read_running, "/proc/cmdline",
	  "vfio-pci.ids=\xe2\x80\x9c\\1", "'\\xe2\\x80\\x9c\\x5c1'" },
	{ "a name above a section", import_read_proxmox_guest, "/etc/pve/qemu-server/1.conf",
	  "hostpci0\033[31m\xff\\x41: 0000:01:00.0\n",
	  "\n# /etc/pve/qemu-server/1.conf:1: hostpci0\\x1b[31m\\xff\\x5cx41\n[device " },
	{ "a name in a note", import_read_proxmox_guest, "/etc/pve/qemu-server/1.conf",
	  "hostpci0\033[31m\xff\\x41: mapping=\x80\n",
	  "\n#   /etc/pve/qemu-server/1.conf:1: hostpci0\\x1b[31m\\xff\\x5cx41: mapping=\\x80 is" },
	{ "a file's name above a section", import_read_modprobe,
	  "/etc/modprobe.d/\033[31m\n\xff\\x41.conf", "options vfio-pci ids=1:2\n",
	  "\n# /etc/modprobe.d/\\x1b[31m\\x0a\\xff\\x5cx41.conf:1: vfio-pci.ids\n[device " },
	{ "a file's name in a note", import_read_modprobe,
	  "/etc/modprobe.d/\033[31m\n\xff\\x41.conf", "install vfio-pci \x9b\n",
	  "\n#   /etc/modprobe.d/\\x1b[31m\\x0a\\xff\\x5cx41.conf:1: install vfio-pci \\x9b\n" },
};

static void assert_printable(const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c != '\n' && (*c < 0x20 || *c > 0x7e))
			fail_showing("printable characters", text);
	}
}

/* Each byte of them is escaped, and no more than once. */
static void test_escaped_once(void **state)
{
	const struct escaped_row *row = *state;
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_free_ char *text = NULL;
	const struct import_host none = { 0 };

	row->read(&import, row->file, row->text);
	text = import_render(&import, &none);
	assert_printable(text);
	if (!strstr(text, row->expected))
		fail_showing(row->expected, text);
}

/* Pieces of all the grammars, and what none of them has. */
static const char *const pieces[] = {
	"vfio-pci.ids=",
	"options vfio-pci ",
	"ids=",
	"10de:2684",
	",",
	"1:2:3:4:5:6",
	"xen-pciback.hide=",
	"(03:02.0)",
	"(03:*.*)",
	"(",
	")",
	"@5",
	"GRUB_CMDLINE_LINUX=",
	"DEVICES=",
	"MODULES=(",
	"\"",
	"'",
	"\\",
	"\\\n",
	"\n",
	" ",
	"\t",
	"#",
	"=",
	"rd.qubes.hide_pci=",
	"rd.qubes.hide_all_usb",
	"softdep ",
	"install ",
	"\r",
	"\033[31m",
	"options pciback hide=",
	"0000:01:00.0",
	"permissive",
	"vfio-pci",
	"\xff",
	"ffffffff:",
};

static void fill_random(struct random *random, char *text, size_t size)
{
	size_t length = 0;

	for (unsigned count = random_below(random, 40); count; count--) {
		const char *piece = pieces[random_below(random, ARRAY_SIZE(pieces))];

		if (length + strlen(piece) + 1 > size)
			break;
		strcpy(text + length, piece);
		length += strlen(piece);
	}
	text[length] = '\0';
}

/* Whatever a file says: what is made of it is plain text, and a configuration without an error. */
static void check_random(struct random *random)
{
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *conf = NULL;
	const struct import_host none = { 0 };
	char text[1024];

	for (size_t i = 0; i < ARRAY_SIZE(reader_rows); i++) {
		fill_random(random, text, sizeof(text));
		reader_rows[i].read(&import, reader_rows[i].file, text);
	}
	conf = import_render(&import, &none);
	for (const char *c = conf; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
	form_want(conf, NULL, &want);
	assert_findings(&want.findings, NULL);
}

static void test_random(void **state)
{
	struct random random = { 7 };

	(void)state;
	for (int i = 0; i < 500; i++)
		check_random(&random);
}

static void import_many(size_t count)
{
	const struct import_host none = { 0 };
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(buffer_free) struct buffer conf = { 0 };
	_cleanup_free_ char *text = NULL;

	/* One list: of several the driver reads only the last. */
	buffer_add(&conf, "options vfio-pci ids=");
	for (size_t i = 0; i < count; i++)
		buffer_printf(&conf, "%s8086:%zx", i ? "," : "", i % 0xffff);
	buffer_add(&conf, "\n");
	import_read_modprobe(&import, "/etc/modprobe.d/a.conf", conf.text);
	import_finish(&import);
	text = import_render(&import, &none);
	assert_int_equal(import.intent.rule_count, count);
}

static void test_many(void **state)
{
	(void)state;
	assert_not_quadratic(import_many, 4000);
}

/* One line, as far as modprobe.d is concerned. */
static void join_many(size_t count)
{
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(buffer_free) struct buffer conf = { 0 };

	buffer_add(&conf, "options vfio-pci \\\n");
	for (size_t i = 0; i < count; i++)
		buffer_add(&conf, "  \\\n");
	buffer_add(&conf, "ids=8086:1\n");
	import_read_modprobe(&import, "/etc/modprobe.d/a.conf", conf.text);
	import_finish(&import);
	assert_int_equal(import.intent.rule_count, 1);
}

static void test_many_lines_joined(void **state)
{
	(void)state;
	assert_not_quadratic(join_many, 50000);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "assignments", test_assignments, assignment_rows);
	suite_add(&suite, "assignments without an end", test_assignment_bomb);
	suite_add_rows(&suite, "reader", test_reader, reader_rows);
	suite_add_rows(&suite, "resolved", test_resolve, resolve_rows);
	suite_add_rows(&suite, "Qubes", test_resolve, qubes_rows);
	suite_add_rows(&suite, "permissive", test_permissive, permissive_rows);
	suite_add_rows(&suite, "unexplained", test_unexplained, unexplained_rows);
	suite_add_rows(&suite, "same plan", test_same_plan, plan_rows);
	suite_add_rows(&suite, "escaped once", test_escaped_once, escaped_rows);
	suite_add(&suite, "text", test_text);
	suite_add(&suite, "random texts", test_random);
	suite_add(&suite, "thousands of ids", test_many);
	suite_add(&suite, "thousands of lines that are one", test_many_lines_joined);
	return suite_run(&suite, "import");
}
