/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "forms.h"
#include "probe/framebuffer.h"
#include "tree.h"
#include "util/memory.h"

#define HOST                                                   \
	"0000:00:05.0 1234:1111 038000 path=pci0000:00/05.0\n" \
	"0000:00:06.0 1234:1111 030000 path=pci0000:00/06.0\n"
#define BAR   "c0000000-c0ffffff : 0000:00:05.0\n"
#define EFIFB "  c0000000-c03e7fff : efifb\n"
#define BELOW "pci0000:00/0000:00:06.0/efi-framebuffer.0"

static const struct row {
	const char *name;
	const char *place;  /* of efi-framebuffer.0, below /sys/devices; NULL: there is none */
	const char *driver; /* of it */
	const char *iomem;  /* NULL: there is none */
	const char *on;     /* DEVICE FRAMEBUFFER DRIVER */
	const char *unread;
	int gone; /* of what is on the first device then */
} rows[] = {
	{ "none", NULL, NULL, BAR, NULL, NULL, 0 },
	{ "below platform, as before Linux 6.9", "platform/efi-framebuffer.0", "efi-framebuffer",
	  BAR EFIFB, "0000:00:05.0 efi-framebuffer.0 efi-framebuffer", NULL, -EBUSY },
	{ "below its device, whatever else is", BELOW, "efi-framebuffer", BAR EFIFB,
	  "0000:00:06.0 efi-framebuffer.0 efi-framebuffer", NULL, -EBUSY },
	{ "below its device, memory not needed", BELOW, "efi-framebuffer", NULL,
	  "0000:00:06.0 efi-framebuffer.0 efi-framebuffer", NULL, -EBUSY },
	{ "below its device, but unbound", BELOW, NULL, BAR, NULL, NULL, 0 },
	{ "unbound, and keeps memory", "platform/efi-framebuffer.0", NULL,
	  BAR "  c0000000-c03e7fff : BOOTFB\n", "0000:00:05.0 efi-framebuffer.0 ", NULL,
	  -EADDRINUSE },
	{ "on no device", "platform/efi-framebuffer.0", "efi-framebuffer",
	  "80000000-803e7fff : efifb\n", NULL, NULL, 0 },
	{ "on a device that is not known", "platform/efi-framebuffer.0", "efi-framebuffer",
	  "c0000000-c0ffffff : 0000:00:07.0\n" EFIFB, NULL, NULL, 0 },
	{ "no /proc/iomem", "platform/efi-framebuffer.0", "efi-framebuffer", NULL, NULL,
	  "could not read /proc/iomem: No such file or directory", 0 },
	{ "not for others than root", "platform/efi-framebuffer.0", "efi-framebuffer",
	  "00000000-00000000 : efifb\n", NULL, "could not read /proc/iomem: Permission denied", 0 },
};

static void lay_out(const struct tree *tree, const struct row *row)
{
	_cleanup_free_ char *target = NULL;

	tree_directory(tree, PLATFORM_DEVICES);
	if (row->iomem)
		tree_write(tree, "proc/iomem", row->iomem);
	if (!row->place)
		return;
	target = memory_printf("sys/devices/%s/driver", row->place);
	if (row->driver)
		tree_link(tree, target, "/sys/bus/platform/drivers/efi-framebuffer");
	free(target);
	target = memory_printf("../../../devices/%s", row->place);
	tree_link(tree, PLATFORM_DEVICES "/efi-framebuffer.0", target);
}

static char *form_framebuffer(const struct facts *facts)
{
	char name[ADDRESS_SIZE];

	for_each_device(device, facts) {
		if (device->framebuffer)
			return memory_printf("%s %s %s", address_format(&device->address, name),
					     device->framebuffer, device->framebuffer_driver);
	}
	return NULL;
}

static const struct pci_device *device_with_one(const struct facts *facts)
{
	for_each_device(device, facts) {
		if (device->framebuffer)
			return device;
	}
	return NULL;
}

static void test_survey(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_free_ char *on = NULL;
	int gone = 0;

	lay_out(&tree, row);
	form_host(HOST, &facts);
	framebuffer_survey(&tree.root, &facts);
	on = form_framebuffer(&facts);
	if (on)
		gone = framebuffer_check_gone(&tree.root, device_with_one(&facts));
	tree_remove(&tree);
	assert_string_equal(on ? on : "", row->on ? row->on : "");
	assert_string_equal(facts.unread_framebuffer ? facts.unread_framebuffer : "",
			    row->unread ? row->unread : "");
	assert_int_equal(facts.findings.count, row->unread ? 1 : 0);
	assert_int_equal(gone, row->gone);
}

/* That its driver is gone is half of it: nothing is known without /proc/iomem. */
static void test_gone(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };
	struct pci_device *device;

	form_host(HOST, &facts);
	device = &facts.devices[0];
	device->framebuffer = memory_dup("efi-framebuffer.0");
	device->framebuffer_driver = memory_dup("efi-framebuffer");
	assert_int_equal(framebuffer_check_gone(&tree->root, device), -ENOENT);
	tree_write(tree, "proc/iomem", BAR);
	assert_int_equal(framebuffer_check_gone(&tree->root, device), 0);
	tree_write(tree, PLATFORM_DEVICES "/efi-framebuffer.0/driver", "");
	assert_int_equal(framebuffer_check_gone(&tree->root, device), -EINVAL);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "framebuffer", test_survey, rows);
	suite_add_in_tree(&suite, "gone", test_gone);
	return suite_run(&suite, "probe framebuffer");
}
