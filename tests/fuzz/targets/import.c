/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What other means of passing devices through are set up: the file made of it asks for the same. */
#include "fuzz.h"

#include <string.h>

#include "cli/import/end_source.h"
#include "cli/import/model.h"
#include "cli/import/render.h"
#include "cli/import/shell.h"
#include "forms.h"
#include "util/memory.h"
#include "want/conf.h"

static const struct {
	import_reader *read;
	const char *file;
} readers[] = {
	{ import_read_running, "/proc/cmdline" },                                  /* A */
	{ import_read_cmdline, "/etc/kernel/cmdline" },                            /* B */
	{ import_read_kargs, "/usr/lib/bootc/kargs.d/a.toml" },                    /* C */
	{ import_read_uki, "/etc/kernel/uki.conf" },                               /* D */
	{ import_read_loader_entry, "/boot/loader/entries/a.conf" },               /* E */
	{ import_read_grub_menu, "/etc/grub.d/40_custom" },                        /* F */
	{ import_read_grub_legacy, "/boot/grub/menu.lst" },                        /* G */
	{ import_read_grubenv, "/boot/grub2/grubenv" },                            /* H */
	{ import_read_syslinux, "/boot/syslinux/syslinux.cfg" },                   /* I */
	{ import_read_limine, "/boot/limine.conf" },                               /* J */
	{ import_read_refind, "/boot/refind_linux.conf" },                         /* K */
	{ import_read_xen_cfg, "/boot/efi/EFI/xen/xen.cfg" },                      /* L */
	{ import_read_grub, "/etc/default/grub" },                                 /* M */
	{ import_read_limine_defaults, "/etc/default/limine" },                    /* N */
	{ import_read_extlinux_defaults, "/etc/update-extlinux.conf" },            /* O */
	{ import_read_sdboot_manage, "/etc/sdboot-manage.conf" },                  /* P */
	{ import_read_modprobe, "/etc/modprobe.d/a.conf" },                        /* Q */
	{ import_read_module_list, "/etc/modules" },                               /* R */
	{ import_read_dracut, "/etc/dracut.conf" },                                /* S */
	{ import_read_mkinitcpio, "/etc/mkinitcpio.conf" },                        /* T */
	{ import_read_mkinitrd, "/etc/sysconfig/mkinitrd" },                       /* U */
	{ import_read_vfio_bind, "/etc/default/vfio-bind" },                       /* V */
	{ import_read_driverctl, "/etc/driverctl.d/0000:01:00.0" },                /* W */
	{ import_read_openrc, "/etc/conf.d/modules" },                             /* X */
	{ import_read_booster, "/etc/booster.yaml" },                              /* Y */
	{ import_read_dpdk, "/etc/dpdk/interfaces" },                              /* Z */
	{ import_read_unraid, "/boot/config/vfio-pci.cfg" },                       /* [ */
	{ import_read_sysfs_conf, "/etc/sysfs.conf" },                             /* \ */
	{ import_read_tmpfiles, "/etc/tmpfiles.d/a.conf" },                        /* ] */
	{ import_read_udev, "/etc/udev/rules.d/a.rules" },                         /* ^ */
	{ import_read_script, "/etc/rc.local" },                                   /* _ */
	{ import_read_link, "/etc/systemd/network/a.link" },                       /* ` */
	{ import_read_nm_connection, "/etc/NetworkManager/system-connections/a" }, /* a */
	{ import_read_nm_conf, "/etc/NetworkManager/NetworkManager.conf" },        /* b */
	{ import_read_ifcfg, "/etc/sysconfig/network-scripts/ifcfg-a" },           /* c */
	{ import_read_netplan, "/etc/netplan/a.yaml" },                            /* d */
	{ import_read_proxmox_mapping, "/etc/pve/mapping/pci.cfg" },               /* e */
	{ import_read_proxmox_guest, "/etc/pve/qemu-server/100.conf" },            /* f */
	{ import_read_manifest, "/oem/a.yaml" },                                   /* g */
	{ import_read_host_name, "/etc/hostname" },                                /* h */
	{ import_read_qubes, "/usr/lib/dracut/modules.d/90qubes-pciback/a.sh" },   /* i */
};

/* Selector and driver, which are what a section says. */
static char *form_rule(const struct rule *rule)
{
	_cleanup_free_ char *selector = form_selector(&rule->selector);

	return memory_printf("%s %s", selector,
			     rule->options.driver == DRIVER_AUTO ? "auto"
								 : rule->options.stub->name);
}

static bool is_among(const char *form, const struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *other = form_rule(&rules[i]);

		if (strcmp(other, form) == 0)
			return true;
	}
	return false;
}

/* A form that a section of passthru.conf(5) has: the rest becomes devices, or a note. */
static bool can_be_said(const struct selector *selector)
{
	const uint32_t ids[] = { selector->id.vendor, selector->id.device, selector->id.subvendor,
				 selector->id.subdevice };
	uint32_t mask = selector->class.mask;

	for (size_t i = 0; selector->has_id && i < ARRAY_SIZE(ids); i++) {
		if (ids[i] > 0xffff && ids[i] != ID_ANY)
			return false;
	}
	return !(selector->has_address && selector->address.any_slot) &&
	       (!selector->has_class || mask == 0xff0000 || mask == 0xffff00 || mask == 0xffffff);
}

static void check_same(const struct import *import, const struct intent *written, const char *text)
{
	const struct intent *asked = &import->intent;

	for (size_t i = 0; i < asked->rule_count; i++) {
		struct rule rule = asked->rules[i];
		_cleanup_free_ char *form = NULL;

		/* Of a class only what the mask leaves counts. */
		rule.selector.class.value &= rule.selector.class.mask;
		form = form_rule(&rule);
		must(!can_be_said(&rule.selector) ||
			     is_among(form, written->rules, written->rule_count),
		     "import-same", "%s is not in\n%s", form, text);
	}
	must(written->rule_count <=
		     asked->rule_count + import->vf_wish_count + import->class_wish_count,
	     "import-same", "there is more in\n%s", text);
}

static void check_file(struct import *import)
{
	const struct import_host nothing = { 0 };
	_cleanup_free_ char *text = import_render(import, &nothing);
	struct intent written = { 0 };

	for (const char *c = text; *c; c++)
		must(*c == '\n' || (*c >= 0x20 && *c <= 0x7e), "import-plain", "%s", text);
	conf_parse(&written, "f", text, strlen(text));
	must(!written.findings.count, "import-parses", "%s\n%s",
	     written.findings.count ? written.findings.items[0].text : "", text);
	check_same(import, &written, text);
	intent_free(&written);
}

static void check_notes(const struct import *import)
{
	for (size_t i = 0; i < import->note_count; i++)
		must(fuzz_is_plain(import->notes[i].text) &&
			     import->notes[i].kind < NOTE_KIND_COUNT,
		     "import-note", "%s", import->notes[i].text);
}

static void on_overridden(const struct shell_variable *variable, const char *origin, void *context)
{
	(void)origin, (void)context;
	must(variable->value.text.length > 0, "shell-overridden", "%s", variable->name);
}

static void on_other(const char *line, const char *origin, void *context)
{
	must(*line && strstr(context, line), "shell-other", "%s: %s", origin, line);
}

/* Every byte of a variable is from some place. */
static void check_variable(const struct shell_variable *variable)
{
	const struct sourced *value = &variable->value;
	size_t end = 0;

	must(strlen(variable->name) && !strchr(variable->name, '='), "shell-name", "%s",
	     variable->name);
	for (size_t i = 0; i < value->span_count; i++) {
		must(value->spans[i].end >= end, "shell-span", "%s", variable->name);
		end = value->spans[i].end;
	}
	must(value->span_count && end == value->text.length, "shell-span", "%s", variable->name);
}

static void check_shell(char *text)
{
	const struct shell_reader reader = { on_overridden, on_other, text };
	struct shell shell = { 0 };

	shell_read(&shell, "f", text, &reader);
	for (size_t i = 0; i < shell.count; i++)
		check_variable(&shell.variables[i]);
	shell_free(&shell);
}

/* One text for one reader, as its first byte says; several for one file, with %% between. */
static void run(const uint8_t *data, size_t size)
{
	struct import import = { 0 };

	while (size) {
		unsigned number = (unsigned char)(*data - 'A') % ARRAY_SIZE(readers);
		_cleanup_free_ char *text = NULL;

		data++;
		size--;
		text = fuzz_part(&data, &size);
		readers[number].read(&import, readers[number].file, text);
		import_end_source(&import);
		check_shell(text);
	}
	import_finish(&import);
	check_notes(&import);
	check_file(&import);
	import_free(&import);
}

static const char *const seeds[] = {
	"Aro vfio-pci.ids=10de:2684,1:2:3 xen-pciback.hide=(03:02.0)(04:*.*) rd.qubes.hide_all_usb\n",
	"Bro\n# no\nvfio-pci.ids=1:2\n%%\nCkargs = [\"a\", 'vfio-pci.ids=3:4']\n%%\nDCmdline=a\n",
	"Etitle x\noptions ro pci-stub.ids=1:2 rd.driver.pre=vfio-pci\n%%\nHkernelopts=a\n",
	"Flinux /a vfio-pci.ids=1:2\nmodule2 --nounzip /b c\nmultiboot2 /xen.gz pciback.hide=(1:2.0)\n"
	"%%\nGkernel /a b\nmodule /c vfio-pci.ids=3:4\n%%\nLkernel=a b\noptions=c\n",
	"Iappend vfio-pci.ids=1:2\nAPPEND xen.gz a --- b c --- d\n%%\nJcmdline: a\ncmdline=b\n%%\n"
	"K\"a\" \"b\"\noptions \"c\"\n",
	"MA=1\nGRUB_CMDLINE_LINUX=\"vfio-pci.ids=1:2 $A\"\nexport GRUB_CMDLINE_XEN='x'\n"
	"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX ${A}$(b)`c`\"\n",
	"NKERNEL_CMDLINE[default]+=\" vfio-pci.ids=1:2\"\n%%\nOdefault_kernel_opts=a\n%%\n"
	"PLINUX_OPTIONS=a\n",
	"Qoptions vfio-pci ids=1:2,3:4 disable_vga=1\nsoftdep nouveau pre: vfio-pci\n"
	"options xen-pciback \\\nhide=(03:02.0) permissive\nblacklist nouveau\n%%\nRvfio\nvfio_pci ids=1:2 # a\n",
	"Sadd_drivers+=\" vfio vfio-pci \"\nkernel_cmdline=\"vfio-pci.ids=1:2\"\n%%\n"
	"TMODULES=(vfio_pci nvme)\n%%\nUMODULES=\"$MODULES pciback\"\n",
	"VDEVICES=\"0000:01:00.0 02:00.*\"\n",
	"Wvfio-pci\n%%\nWmlx5_vfio_pci\n",
	"Zpci\t0000:04:00.0\tvfio-pci\n%%\n[BIND=0000:05:00.0|8086:1528 00:02.1\n",
	"\\bus/pci/devices/0000:01:00.0/driver_override = vfio-pci\n"
	"bus/pci/drivers/vfio-pci/new_id=10de 2184\nclass/net/eth0/device/sriov_numvfs = 4\n%%\n"
	"]w /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs - - - - 7\n",
	"^SUBSYSTEM==\"pci\", KERNEL==\"0000:01:00.0|0000:01:00.1\", ATTR{driver_override}=\"vfio-pci\"\n"
	"ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x0300*\", \\\n TAG+=\"vfio-pci-bind\", "
	"RUN+=\"a\"\nKERNEL==\"eth0\", ATTR{device/sriov_numvfs}=\"4\"\n%%\n"
	"_echo vfio-pci >driver_override\n",
	"`[Match]\nPath=pci-0000:03:00.0\n[Link]\nSR-IOVVirtualFunctions=4\n[SR-IOV]\nVirtualFunction=3\n",
	"a[connection]\ninterface-name=a\n[sriov]\ntotal-vfs=4\n[match]\npath=pci-0000:03:00.0\n%%\n"
	"b[device]\nmatch-device=mac:1\nsriov-num-vfs=1\n%%\ncDEVICE=a\nSRIOV_TOTAL_VFS=1\n",
	"dnetwork:\n  ethernets:\n    a:\n      virtual-function-count: 4\n      match:\n        name: b\n"
	"    c:\n      link: a\n",
	"ha.b\n%%\negpu\n\tmap id=10de:2204,node=a,path=0000:01:00.0;02:00\n\tmdev 0\n%%\n"
	"fhostpci0: mapping=gpu,pcie=1\nhostpci1: host=03:00,x-vga=1\n[snap]\n",
	"gapiVersion: v1\nkind: PCIDeviceClaim\nspec:\n  address: \"0000:01:00.0\"\n  nodeName: a\n---\n"
	"kind: SRIOVNetworkDevice\naddress: 0000:03:00.0\nnumVFs: 4\n---\nkind: PCIDriverRebindConfig\n"
	"name: 0000:04:00.00\ntargetDriver: vfio-pci\n",
	"Ard.qubes.hide_pci=00_1c.0-00_00.0 rd.qubes.hide_all_usb rd.qubes.dom0_usb=00:14.0\n%%\n"
	"imodprobe xen-pciback\ngrep 02\n",
	"Xmodules=vfio\nmodule_vfio_pci_args=\"ids=1:2\"\n%%\nYmodules:\n - vfio\n",
	NULL
};
static const char *const words[] = { "%%\n",
				     "vfio-pci.ids=",
				     "pci-stub.ids=",
				     "xen-pciback.hide=",
				     "options ",
				     "softdep ",
				     "install ",
				     "blacklist ",
				     "ids=",
				     "hide=",
				     "permissive",
				     "GRUB_CMDLINE_LINUX=",
				     "DEVICES=",
				     "rd.qubes.hide_pci=",
				     "rd.qubes.hide_all_usb",
				     "(03:02.0)",
				     "(03:*.*)",
				     "10de:2684",
				     "1:2:3:4:30000:ff0000",
				     "0000:01:00.0",
				     "\"",
				     "'",
				     "\\\n",
				     "export ",
				     "+=",
				     "=(",
				     "$A",
				     "${A}",
				     "$(",
				     "`",
				     "kernel_cmdline=",
				     "KERNEL_CMDLINE[a]=",
				     "linux ",
				     "module ",
				     "kernel ",
				     "append ",
				     "cmdline: ",
				     "kargs = [",
				     " --- ",
				     "ATTR{driver_override}=\"vfio-pci\"",
				     "KERNEL==\"",
				     "sriov_numvfs",
				     "bus/pci/drivers/",
				     "BIND=",
				     "[Match]\n",
				     "SR-IOVVirtualFunctions=",
				     "total-vfs=",
				     "max_vfs=",
				     "virtual-function-count: ",
				     ")",
				     NULL };

FUZZ_TARGET(import, .run = run, .seeds = seeds, .words = words)
