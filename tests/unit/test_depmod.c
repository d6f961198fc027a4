/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "util/buffer.h"
#include "util/depmod.h"

struct row {
	const char *name;
	const char *text;
	const char *files; /* NULL: not listed */
};

#define DEP                                                                                 \
	"kernel/drivers/vfio/pci/vfio-pci-core.ko: kernel/drivers/vfio/vfio.ko\n"           \
	"kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/pci/vfio-pci-core.ko " \
	"kernel/drivers/vfio/vfio.ko\n"                                                     \
	"kernel/drivers/pci/pci-stub.ko:\n"

static const struct row rows[] = {
	{ "vfio-pci", DEP,
	  "kernel/drivers/vfio/pci/vfio-pci.ko.xz kernel/drivers/vfio/pci/vfio-pci-core.ko "
	  "kernel/drivers/vfio/vfio.ko" },
	{ "vfio_pci", DEP,
	  "kernel/drivers/vfio/pci/vfio-pci.ko.xz kernel/drivers/vfio/pci/vfio-pci-core.ko "
	  "kernel/drivers/vfio/vfio.ko" },
	{ "pci-stub", DEP, "kernel/drivers/pci/pci-stub.ko" },
	{ "pci", DEP, NULL },
	{ "vfio", DEP, NULL },
	{ "vfio", "kernel/drivers/vfio/vfio.ko\nkernel/x.ko", "kernel/drivers/vfio/vfio.ko" },
	{ "x", "x.ko.zst: y.ko", "x.ko.zst y.ko" },
	{ "x", "x\n\nx.o: y.ko", NULL },
	{ "x", "", NULL },
};

static void test_files(void **state)
{
	const struct row *row = *state;
	_cleanup_free_ char *files = depmod_files(row->text, row->name);

	if (!row->files)
		assert_null(files);
	else
		assert_string_equal(files, row->files);
}

#define ALIASES                                              \
	"# Aliases extracted from modules themselves.\n"     \
	"alias vfio_pci:v000015B3d0000101E* mlx5_vfio_pci\n" \
	"alias pci:v000015B3d0000101E* mlx5_core\n"          \
	"alias vfio_pci:\nalias vfio_pci:v1\nalias vfio_pci:v* vfio_pci"

static void add_alias(const char *alias, const char *module, void *context)
{
	buffer_printf(context, "%s=%s ", alias, module);
}

static void test_aliases(void **state)
{
	_cleanup_(buffer_free) struct buffer found = { 0 };

	(void)state;
	depmod_each_alias(ALIASES, "vfio_pci:", add_alias, &found);
	assert_string_equal(found.text,
			    "vfio_pci:v000015B3d0000101E*=mlx5_vfio_pci vfio_pci:v*=vfio_pci ");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "files", test_files, rows);
	suite_add(&suite, "aliases", test_aliases);
	return suite_run(&suite, "depmod");
}
