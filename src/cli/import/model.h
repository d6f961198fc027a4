/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What other means of passing devices through are set up on a host, as rules of passthru and notes.
 * Readers get a text and say what it asks for; they open nothing. render.h writes it down.
 */
#ifndef PASSTHRU_CLI_IMPORT_MODEL_H
#define PASSTHRU_CLI_IMPORT_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "util/parameter.h"
#include "want/native.h"

/* What is to be done about a line that gives no rule. */
enum note_kind {
	NOTE_OBSOLETE, /* it helped a stub driver to come early */
	NOTE_MAYBE,    /* it may have been there for that, or for something else */
	NOTE_KEEP,     /* it does what passthru does not */
	NOTE_VOID,     /* another one counts in its place */
	NOTE_UNCLEAR,  /* it may ask for devices, but cannot be understood */
	NOTE_KIND_COUNT,
};

struct note {
	enum note_kind kind;
	char *text; /* "/etc/modprobe.d/vfio.conf:2: softdep nouveau pre: vfio-pci", escaped */
};

struct import {
	struct intent intent;   /* rules are named after the option they come from */
	struct natives natives; /* of modprobe.d, until import_finish() */
	bool permissive;        /* xen-pciback is told to be permissive with all it has */
	struct note *notes;
	size_t note_count;
};

/* Add what TEXT, read from FILE ("/etc/default/grub"), asks for. */
typedef void import_reader(struct import *import, const char *file, const char *text);

/* Kernel command lines: /proc/cmdline, /etc/kernel/cmdline. */
import_reader import_read_cmdline;
/* The options of an entry of a boot loader (The Boot Loader Specification, UAPI.1, type #1). */
import_reader import_read_loader_entry;
/* GRUB_CMDLINE_*= of /etc/default/grub. */
import_reader import_read_grub;
/* modprobe.d(5). */
import_reader import_read_modprobe;
/* Modules to load, one a line: /etc/modules, modules-load.d(5). */
import_reader import_read_module_list;
/* What makers of an initramfs are told in assignments: dracut.conf(5), mkinitcpio.conf(5). */
import_reader import_read_image_conf;
/* DEVICES= of the service vfio-bind. */
import_reader import_read_vfio_bind;
/* A file of driverctl(8): named BUS-ADDRESS or ADDRESS, in it the driver. */
import_reader import_read_driverctl;

/* All sources were read: what the files of modprobe.d say together becomes rules. */
void import_finish(struct import *import);

/*
 * Add a rule that gives the device(s) at ADDRESS to the stub driver, from the option NAME. The
 * pointer holds until the next one is added.
 */
struct rule *import_add_address(struct import *import, const char *name, const char *origin,
				const struct address_pattern *address, const struct stub *stub);

void import_note(struct import *import, enum note_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* WORD is the name of a stub driver's module, or of one that belongs to it. */
bool import_is_stub_module(const char *word);

/* Some word of TEXT, between blanks, quotes and the like, is. */
bool import_names_stub_module(const char *text);

/*
 * PARAMETER ("vfio-pci.disable_vga=1") stands at ORIGIN, on a command line or for a module. Not for
 * the drivers' own lists of devices, which are read with those before and behind them:
 * native_add().
 */
void import_parameter(struct import *import, const struct parameter *parameter, const char *origin);

void import_free(struct import *import);

#endif
