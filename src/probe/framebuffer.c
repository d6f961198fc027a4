/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/framebuffer.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "facts/framebuffer.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/text.h"

#define IOMEM "proc/iomem"

/* The driver of the platform device NAME, in BUFFER; "" for none. Negative errno. */
static int read_driver(const struct root *root, const char *name,
		       char buffer[static DRIVER_NAME_SIZE])
{
	_cleanup_free_ char *link = memory_printf(PLATFORM_DEVICES "/%s/driver", name);
	int r = root_link_name(root, link, buffer, DRIVER_NAME_SIZE);

	if (r >= 0)
		return 0;
	buffer[0] = '\0';
	return is_absent(r) ? 0 : r;
}

static int find_in_memory(const struct root *root, const struct pci_address *only,
			  struct pci_address *ret)
{
	_cleanup_free_ char *iomem = NULL;
	size_t size;
	int r = root_read_file(root, IOMEM, IOMEM_SIZE_MAX, &iomem, &size);

	return r < 0 ? r : framebuffer_find(iomem, only, ret);
}

/* The device in whose BAR a framebuffer is; NULL for none. Negative errno. */
static int find_by_memory(const struct root *root, const struct facts *facts,
			  const struct pci_device **ret)
{
	struct pci_address address;
	int r = find_in_memory(root, NULL, &address);
	long index = r > 0 ? facts_find(facts, &address) : -ENOENT;

	*ret = index >= 0 ? &facts->devices[index] : NULL;
	return r < 0 ? r : 0;
}

/*
 * The device that the framebuffer NAME is on. One that has no driver keeps memory only where the
 * kernel has given it some by itself, so the device above it does not count. What could not be read
 * is *RET_WHAT.
 */
static int find_device(const struct root *root, const struct facts *facts, const char *name,
		       const char *driver, const struct pci_device **ret, const char **ret_what)
{
	_cleanup_free_ char *link = memory_printf(PLATFORM_DEVICES "/%s", name);
	char target[PATH_MAX];
	int r = root_readlink(root, link, target, sizeof(target));

	if (r < 0)
		return is_absent(r) ? 0 : r;
	if (*driver && facts_link_is_of_other(facts, target))
		return 0;
	*ret = *driver ? facts_device_of_link(facts, target) : NULL;
	*ret_what = IOMEM;
	return *ret ? 0 : find_by_memory(root, facts, ret);
}

static void survey_one(const struct root *root, struct facts *facts, const char *name)
{
	const struct pci_device *found = NULL;
	const char *what = PLATFORM_DEVICES;
	struct pci_device *device;
	char driver[DRIVER_NAME_SIZE];
	int r = read_driver(root, name, driver);

	if (r == 0)
		r = find_device(root, facts, name, driver, &found, &what);
	if (r < 0)
		facts_note(facts, &facts->unread_framebuffer, what, r);
	if (r < 0 || !found || found->framebuffer)
		return;
	device = &facts->devices[found - facts->devices];
	device->framebuffer = memory_dup(name);
	device->framebuffer_driver = memory_dup(driver);
}

static int keep_name(const char *name, void *context)
{
	if (framebuffer_is_name(name) && text_is_plain(name))
		names_add(context, name);
	return 0;
}

void framebuffer_survey(const struct root *root, struct facts *facts)
{
	_cleanup_(names_free) struct names names = { 0 };
	int r = root_each_entry(root, PLATFORM_DEVICES, keep_name, &names);

	if (r < 0 && !is_absent(r))
		facts_note(facts, &facts->unread_framebuffer, PLATFORM_DEVICES, r);
	for (size_t i = 0; i < names.count; i++)
		survey_one(root, facts, names.items[i]);
}

int framebuffer_check_gone(const struct root *root, const struct pci_device *device)
{
	struct pci_address address;
	char driver[DRIVER_NAME_SIZE];
	int r = read_driver(root, device->framebuffer, driver);

	if (r == 0 && *driver)
		return -EBUSY;
	if (r == 0)
		r = find_in_memory(root, &device->address, &address);
	return r > 0 ? -EADDRINUSE : r;
}
