/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What other means of passing devices through are set up on a host, as rules of passthru and notes.
 * Readers get a text and say what it asks for; they open nothing. render.h writes it down.
 */
#ifndef PASSTHRU_CLI_IMPORT_MODEL_H
#define PASSTHRU_CLI_IMPORT_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/import/shell.h"
#include "util/names.h"
#include "util/parameter.h"
#include "want/native.h"

/* What is to be done about a line that gives no rule. */
enum note_kind {
	NOTE_OBSOLETE,  /* it helped a stub driver to come early */
	NOTE_MAYBE,     /* it may have been there for that, or for something else */
	NOTE_KEEP,      /* it does what passthru does not */
	NOTE_VOID,      /* it has no effect where it stands */
	NOTE_SOMETIMES, /* it is in some boot entries only */
	NOTE_UNCLEAR,   /* it may ask for devices, but cannot be understood */
	NOTE_KIND_COUNT,
};

struct note {
	enum note_kind kind;
	char *text; /* "/etc/modprobe.d/vfio.conf:2: softdep nouveau pre: vfio-pci", escaped */
};

/* How a source names the physical function that is to have virtual ones. */
enum vfs_of {
	VFS_OF_SELECTED,  /* by what a rule can select, */
	VFS_OF_INTERFACE, /* by the name of a network interface, */
	VFS_OF_MAC,       /* its address, */
	VFS_OF_DRIVER,    /* or all that a driver has */
};

/* Virtual functions that a source has made. */
struct vf_wish {
	enum vfs_of of;
	struct selector selector; /* for VFS_OF_SELECTED */
	char *name;               /* for the others */
	uint32_t count;
	char *option, *origin;
};

struct selectors {
	struct selector *items;
	size_t count;
};

/* All devices of a class, but some. */
struct class_wish {
	struct class_pattern class;
	struct selectors kept; /* those that the host keeps */
	char *option, *origin;
};

/* An option of Qubes' initramfs. {0}: it is not given. */
struct qubes_option {
	char *value, *origin;
};

struct qubes {
	struct qubes_option hide_pci, hide_all_usb, dom0_usb;
};

/* A line of Proxmox' mapping/pci.cfg, which is for this host. */
struct named_device {
	char *name, *origin;
	char *places, *options;
	bool is_mediated; /* the host's driver keeps it */
};

struct menu_entry {
	char *origin, *options;
};

struct menu {
	struct menu_entry *entries;
	size_t count;
};

/* `options nouveau modeset=0` */
struct modeset {
	char *module, *origin;
};

struct import {
	struct intent intent; /* rules are named after the option they come from */
	/* Until import_finish(), since their drivers read only the last one: of modprobe.d, */
	struct natives natives;
	struct natives running; /* of the running kernel's command line, */
	struct natives loading; /* and of who loads the modules */
	struct vf_wish *vf_wishes;
	size_t vf_wish_count;
	struct class_wish *class_wishes;
	size_t class_wish_count;
	struct named_device *mappings;
	size_t mapping_count;
	char *host_name;          /* without a domain; NULL: not known */
	bool permissive;          /* xen-pciback is told to be permissive with all it has */
	struct names unwanted;    /* modules that are not to be loaded, */
	struct modeset *modesets; /* and modeset=0 of modules, which is said for the same reason */
	size_t modeset_count;
	struct note *notes;
	size_t note_count;

	/* Of the source that is being read, until import_end_source(). */
	struct shell shell;
	const struct assignments *assignments; /* what its variables mean */
	struct sourced cmdline;                /* that stands in several files */
	struct menu menu;
	struct qubes qubes;
};

/* Add what TEXT, read from FILE ("/etc/default/grub"), asks for. */
typedef void import_reader(struct import *import, const char *file, const char *text);

/* /proc/cmdline, which the stub drivers that run now were given */
import_reader import_read_running;
/* A kernel command line that a file has to itself, or shares with others: /etc/kernel/cmdline, */
import_reader import_read_cmdline;
/* also as bootc has it, /usr/lib/bootc/kargs.d, */
import_reader import_read_kargs;
/* and of a unified kernel image: ukify's configuration. */
import_reader import_read_uki;
/* Command lines of boot menus: The Boot Loader Specification (UAPI.1), type #1, */
import_reader import_read_loader_entry;
/* GRUB's that is written by hand, such as 40_custom, */
import_reader import_read_grub_menu;
/* that of the old GRUB, menu.lst, */
import_reader import_read_grub_legacy;
/* the variables that GRUB keeps, */
import_reader import_read_grubenv;
/* syslinux and extlinux, Limine, rEFInd, */
import_reader import_read_syslinux;
import_reader import_read_limine;
import_reader import_read_refind;
/* and Xen that is started by the firmware. */
import_reader import_read_xen_cfg;
/* What boot menus are made of: GRUB_CMDLINE_*= of /etc/default/grub and what is read behind it, */
import_reader import_read_grub;
/* KERNEL_CMDLINE[...]= for Limine, */
import_reader import_read_limine_defaults;
/* update-extlinux.conf, */
import_reader import_read_extlinux_defaults;
/* SUSE's settings for boot loaders, */
import_reader import_read_bootloader;
/* and sdboot-manage.conf. */
import_reader import_read_sdboot_manage;
/* modprobe.d(5). */
import_reader import_read_modprobe;
/* Modules to load, one a line, with their arguments: /etc/modules, modules-load.d(5). */
import_reader import_read_module_list;
/* The same as variables, for OpenRC. */
import_reader import_read_openrc;
/* booster.yaml */
import_reader import_read_booster;
/* What makers of an initramfs are told in assignments: dracut.conf(5), */
import_reader import_read_dracut;
/* mkinitcpio.conf(5), */
import_reader import_read_mkinitcpio;
/* and mkinitrd's. */
import_reader import_read_mkinitrd;
/* DEVICES= of the service vfio-bind. */
import_reader import_read_vfio_bind;
/* A file of driverctl(8): named BUS-ADDRESS or ADDRESS, in it the driver. */
import_reader import_read_driverctl;
/* Of the devices of /etc/dpdk/interfaces those on the bus pci. */
import_reader import_read_dpdk;
/* BIND= of Unraid's vfio-pci.cfg. */
import_reader import_read_unraid;
/* What the host is called, which files for several hosts name. */
import_reader import_read_host_name;
/* Proxmox' guests, and its names for devices. */
import_reader import_read_proxmox_mapping;
import_reader import_read_proxmox_guest;
/* Manifests of Harvester and Talos. */
import_reader import_read_manifest;
/* What is written to sysfs: sysfs.conf(5), lines `w` of tmpfiles.d(5), rules of udev(7). */
import_reader import_read_sysfs_conf;
import_reader import_read_tmpfiles;
import_reader import_read_udev;
/* Virtual functions of network cards: systemd.link(5), connections and settings of NetworkManager,
 * ifcfg files, netplan(5). */
import_reader import_read_link;
import_reader import_read_nm_connection;
import_reader import_read_nm_conf;
import_reader import_read_ifcfg;
import_reader import_read_netplan;
/* The script of Qubes' dracut module. */
import_reader import_read_qubes;
/* Scripts, and what else runs commands: they are named, not guessed at. */
import_reader import_read_script;

/*
 * Add a rule that gives the device(s) at ADDRESS to the stub driver, from the option NAME. The
 * pointer holds until the next one is added.
 */
struct rule *import_add_address(struct import *import, const char *name, const char *origin,
				const struct address_pattern *address, const struct stub *stub);

/*
 * Add a rule that gives what SELECTOR matches to DRIVER, by its name in sysfs: a stub driver, or a
 * variant of one. Any other driver becomes a note, and so does what names none. The selector has
 * no path.
 */
void import_add_driver(struct import *import, const char *name, const char *origin,
		       const struct selector *selector, const char *driver);

/* The same for the device(s) at ADDRESS. */
void import_add_override(struct import *import, const char *name, const char *origin,
			 const struct address_pattern *address, const char *driver);

/*
 * Add COUNT virtual functions, a number as text, of what is OF the kind and called NAME, or means
 * SELECTOR, from which its path is taken; the other one is NULL. What is no number becomes a note.
 */
void import_add_vfs(struct import *import, const char *option, const char *origin, enum vfs_of of,
		    const char *name, const struct selector *selector, const char *count);

/*
 * Have xen-pciback take all devices of the class VALUE, as far as MASK has bits, but KEPT, which is
 * the model's from here on; NULL for none.
 */
void import_add_class(struct import *import, const char *option, const char *origin, uint32_t value,
		      uint32_t mask, const struct selectors *kept);

/* Add what comes of VALUE being written to PATH ("/sys/...", or without that). */
void import_add_write(struct import *import, const char *path, const char *value,
		      const char *origin);

/* What is said for NODE holds here: NULL, this host, or who knows. */
bool import_is_this_host(const struct import *import, const char *node);

/* TEXT, part of what is run, has devices bound, or virtual functions made. */
bool import_is_about_binding(const char *text);

/* The same for each address in LIST, a copy of which is cut at the characters of SEPARATORS. */
void import_add_addresses(struct import *import, const char *name, const char *origin,
			  const char *list, const char *separators, const struct stub *stub);

void import_note(struct import *import, enum note_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* WORD is the name of a stub driver's module, or of one that belongs to it. */
bool import_is_stub_module(const char *word);

/* Some word of TEXT, between blanks, quotes and the like, is. */
bool import_names_stub_module(const char *text);

/* The module NAME is not to be loaded. */
void import_add_unwanted(struct import *import, const char *name);

/* The module NAME is given modeset=0 at ORIGIN. */
void import_add_modeset(struct import *import, const char *name, const char *origin);

/* Note each modeset=0 of a module that is not to be loaded (it has the same reason); forget all. */
void import_end_modesets(struct import *import);

/* Add what ARGUMENTS, at ORIGIN, ask for that MODULE is loaded with. */
void import_arguments(struct import *import, const char *module, const char *arguments,
		      const char *origin);

enum cmdline_kind {
	CMDLINE_RUNNING,    /* of the running kernel */
	CMDLINE_CONFIGURED, /* of one that is to be booted */
	CMDLINE_ENTRY,      /* the same, of one that a menu offers among others */
	CMDLINE_XEN,        /* of the hypervisor, which has none of our options */
};

/* Add what a command line asks for. */
void import_cmdline(struct import *import, const struct sourced *cmdline, enum cmdline_kind kind);

/*
 * PARAMETER stands at PLACE, on a command line or for a module. What is for a driver's own list of
 * devices goes to NATIVES, since it has to be read with those before and behind it.
 */
void import_parameter(struct import *import, struct natives *natives,
		      const struct native_place *place, const struct parameter *parameter);

void menu_free(struct menu *menu);
void selectors_free(struct selectors *selectors);
void qubes_free(struct qubes *qubes);

/* No note is NOTE_UNCLEAR. */
bool import_is_understood(const struct import *import);

void import_free(struct import *import);

#endif
