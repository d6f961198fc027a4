/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of modules in an image, and the options that the kernel command line adds. */
#include "fuzz.h"

#include <string.h>

#include "util/module_list.h"
#include "util/text.h"

/* What was read is written as it was read, and leads nowhere out of the module tree. */
static void check_list(const char *text, size_t size)
{
	_cleanup_(module_list_free) struct module_list list = { 0 }, again = { 0 };
	_cleanup_free_ char *written = NULL, *rewritten = NULL;

	unsigned line;

	if (module_list_parse(text, size, &list, &line) < 0) {
		must(line >= 1 && line <= size + 1, "module_list", "line %u", line);
		return;
	}
	written = module_list_format(&list);
	must(module_list_parse(written, strlen(written), &again, &line) == 0, "module_list", "%s",
	     written);
	rewritten = module_list_format(&again);
	must(streq(written, rewritten), "module_list", "%s", written);
	for (size_t s = 0; s < list.count; s++) {
		for (size_t f = 0; f < list.sections[s].file_count; f++) {
			const struct module_file *file = &list.sections[s].files[f];
			_cleanup_free_ char *name = module_name_of(file->path);

			must(name && *file->path != '/' && !strstr(file->path, "/../") &&
				     strncmp(file->path, "../", 3) != 0 &&
				     text_is_plain(file->options),
			     "module_list", "%s", file->path);
		}
	}
	module_list_match(&list, "vfio_pci:v000015B3d0000101Esv*", "vfio-pci");
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *cmdline = fuzz_part(&data, &size);
	_cleanup_free_ char *text = fuzz_text(data, size);
	_cleanup_free_ char *options = module_options_add(NULL, cmdline, "vfio-pci");
	_cleanup_free_ char *without = module_options_without(options, cmdline, "vfio_pci");

	must(text_is_plain(cmdline) == false || text_is_plain(without), "module_list", "%s",
	     without);
	check_list(text, strlen(text));
}

static const char *const seeds[] = {
	"ro vfio-pci.ids=1:2 vfio_pci.a=\"b c\"\n%%\n# passthru module list 1\nmodule vfio-pci\n"
	"alias vfio_pci:v*d*\nfile kernel/vfio.ko.xz\nsoft kernel/a.ko b=c\n"
	"file kernel/vfio-pci.ko.xz ids=1:2\n",
	NULL
};
static const char *const words[] = { "# passthru module list 1\n",
				     "module ",
				     "alias ",
				     "file ",
				     "soft ",
				     ".ko",
				     "../",
				     "vfio_pci.",
				     "\"",
				     "%%\n",
				     NULL };

FUZZ_TARGET(module_list, .run = run, .seeds = seeds, .words = words, .size_max = 1024)
