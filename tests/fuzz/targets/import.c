/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What other means of passing devices through are set up: the file made of it asks for the same. */
#include "fuzz.h"

#include <string.h>

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
	{ import_read_running, "/proc/cmdline" },
	{ import_read_loader_entry, "/boot/loader/entries/a.conf" },
	{ import_read_grub, "/etc/default/grub" },
	{ import_read_modprobe, "/etc/modprobe.d/a.conf" },
	{ import_read_module_list, "/etc/modules" },
	{ import_read_dracut, "/etc/dracut.conf" },
	{ import_read_vfio_bind, "/etc/default/vfio-bind" },
	{ import_read_driverctl, "/etc/driverctl.d/0000:01:00.0" },
};

/* Selector and driver, which are what a section says. */
static char *form_rule(const struct rule *rule)
{
	_cleanup_free_ char *selector = form_selector(&rule->selector);

	return memory_printf("%s %s", selector, rule->options.stub->name);
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

static void check_same(const struct intent *asked, const struct intent *written, const char *text)
{
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
	must(written->rule_count <= asked->rule_count, "import-same", "there is more in\n%s", text);
}

static void check_file(struct import *import)
{
	const struct facts nothing = { 0 };
	_cleanup_free_ char *text = import_render(import, &nothing);
	struct intent written = { 0 };

	for (const char *c = text; *c; c++)
		must(*c == '\n' || (*c >= 0x20 && *c <= 0x7e), "import-plain", "%s", text);
	conf_parse(&written, "f", text, strlen(text));
	must(!written.findings.count, "import-parses", "%s\n%s",
	     written.findings.count ? written.findings.items[0].text : "", text);
	check_same(&import->intent, &written, text);
	intent_free(&written);
}

static void check_notes(const struct import *import)
{
	for (size_t i = 0; i < import->note_count; i++)
		must(fuzz_is_plain(import->notes[i].text) &&
			     import->notes[i].kind < NOTE_KIND_COUNT,
		     "import-note", "%s", import->notes[i].text);
}

static void on_assignment(const char *name, const char *value, unsigned line, void *context)
{
	const char *text = context;
	unsigned lines = 1;

	for (const char *c = text; (c = strchr(c, '\n')); c++)
		lines++;
	must(line >= 1 && line <= lines, "shell-line", "%u of %u", line, lines);
	must(strlen(name) + strlen(value) < strlen(text) + 1, "shell-value", "%s=%s", name, value);
	must(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
		     strlen(name),
	     "shell-name", "%s", name);
}

/* One text for one reader, as its first byte says; several for one file, with %% between. */
static void run(const uint8_t *data, size_t size)
{
	struct import import = { 0 };

	while (size) {
		unsigned number = *data % ARRAY_SIZE(readers);
		_cleanup_free_ char *text = NULL;

		data++;
		size--;
		text = fuzz_part(&data, &size);
		readers[number].read(&import, readers[number].file, text);
		shell_each_assignment(text, on_assignment, text);
	}
	import_finish(&import);
	check_notes(&import);
	check_file(&import);
	import_free(&import);
}

/* 'h' is reader 0, and so on up to 'o'. */
static const char *const seeds[] = {
	"hro vfio-pci.ids=10de:2684,1:2:3 xen-pciback.hide=(03:02.0)(04:*.*) rd.qubes.hide_all_usb\n",
	"ititle x\noptions ro pci-stub.ids=1:2 rd.driver.pre=vfio-pci\n",
	"jGRUB_CMDLINE_LINUX=\"vfio-pci.ids=1:2\"\nexport GRUB_CMDLINE_XEN='x'\n",
	"koptions vfio-pci ids=1:2,3:4 disable_vga=1\nsoftdep nouveau pre: vfio-pci\n"
	"options xen-pciback \\\nhide=(03:02.0) permissive\nblacklist nouveau\n%%\nlvfio\nvfio_pci\n",
	"madd_drivers+=\" vfio vfio-pci \"\nMODULES=(vfio_pci nvme)\n",
	"nDEVICES=\"0000:01:00.0 02:00.*\"\n",
	"ovfio-pci\n",
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
				     ")",
				     NULL };

FUZZ_TARGET(import, .run = run, .seeds = seeds, .words = words)
