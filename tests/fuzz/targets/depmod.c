/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modules.dep and modules.builtin. */
#include "fuzz.h"

#include <string.h>

#include "util/depmod.h"
#include "util/text.h"

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *name = fuzz_part(&data, &size);
	_cleanup_free_ char *text = fuzz_text(data, size);
	_cleanup_free_ char *files = NULL;

	name[strcspn(name, "\n")] = '\0';
	files = depmod_files(text, name);
	if (!files)
		return;
	must(!strchr(files, '\n') && strlen(files) <= strlen(text), "depmod", "%s", files);
	/* It is a line of the text; a colon, which would be left out, ends the file's own name. */
	if (!strchr(text, ':'))
		must(strstr(text, files) && strstr(files, ".ko"), "depmod", "%s", files);
}

static const char *const seeds[] = {
	"vfio-pci\n%%\nkernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko.xz\n"
	"kernel/a.ko:\n",
	"xen_pciback\n%%\nkernel/drivers/xen/xen-pciback/xen-pciback.ko\n", NULL
};
static const char *const words[] = { "vfio-pci", ".ko", ".xz", ":", "kernel/", "%%\n", NULL };

FUZZ_TARGET(depmod, .run = run, .seeds = seeds, .words = words, .size_max = 1024)
