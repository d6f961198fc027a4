/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/list/details.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "system/kmod.h"
#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define ABOUT_SIZE 256

/* Where the devices at a PCI device are, and what is said of each. */
struct attachment {
	const char *class; /* a directory of links in sysfs */
	const char *kind;
	const char *about; /* an attribute */
	bool (*is_one)(const struct root *root, const char *path, const char *name,
		       const char *about);
};

static bool is_disk(const struct root *root, const char *path, const char *name, const char *about)
{
	_cleanup_free_ char *partition = memory_printf("%s/partition", path);

	(void)name, (void)about;
	return root_exists(root, partition) < 0;
}

static bool is_interface(const struct root *root, const char *path, const char *name,
			 const char *about)
{
	(void)root, (void)path, (void)name, (void)about;
	return true;
}

/* No root hub ("usb1"), and no interface of a device ("1-1:1.0"). */
static bool is_usb_device(const struct root *root, const char *path, const char *name,
			  const char *about)
{
	(void)root, (void)path, (void)about;
	return strncmp(name, "usb", strlen("usb")) != 0 && !strchr(name, ':');
}

/* A connector of a card ("card0-HDMI-A-1") with a display at it. */
static bool is_display(const struct root *root, const char *path, const char *name,
		       const char *about)
{
	(void)root, (void)path;
	return strncmp(name, "card", strlen("card")) == 0 && strchr(name, '-') &&
	       streq(about, "connected");
}

static const struct attachment sources[] = {
	{ "sys/class/block", "disk", "device/model", is_disk },
	{ "sys/class/net", "interface", "operstate", is_interface },
	{ "sys/bus/usb/devices", "usb", "product", is_usb_device },
	{ "sys/class/drm", "display", "status", is_display },
};

/* Models are padded with spaces. Escaped; "" where there is nothing to be read. */
static char *read_about(const struct root *root, const char *path, const char *attribute)
{
	_cleanup_free_ char *file = memory_printf("%s/%s", path, attribute);
	char text[ABOUT_SIZE];
	int length = root_read_attribute(root, file, text, sizeof(text));

	while (length > 0 && text[length - 1] == ' ')
		length--;
	text[length > 0 ? length : 0] = '\0';
	return text_escape(text);
}

static void add_attached(struct details *details, const struct attachment *source, const char *name,
			 const char *about)
{
	struct attached attached = { source->kind, text_escape(name), memory_dup(about) };

	details->attached = memory_grow(details->attached, details->attached_count,
					sizeof(details->attached[0]));
	details->attached[details->attached_count++] = attached;
}

static void read_attached(struct inventory *inventory, const struct attachment *source,
			  const char *name)
{
	const struct root *root = inventory->session.input.root;
	const struct facts *facts = &inventory->session.facts;
	_cleanup_free_ char *path = memory_printf("%s/%s", source->class, name);
	_cleanup_free_ char *about = NULL;
	const struct pci_device *device;
	const struct item *item;
	char target[PATH_MAX];

	if (root_readlink(root, path, target, sizeof(target)) < 0)
		return;
	device = facts_device_of_link(facts, target);
	item = device ? &inventory->items[device - facts->devices] : NULL;
	if (!item || !item->details)
		return;
	about = read_about(root, path, source->about);
	if (source->is_one(root, path, name, about))
		add_attached(item->details, source, name, about);
}

static void read_source(struct inventory *inventory, const struct attachment *source)
{
	_cleanup_(names_free) struct names names = { 0 };

	listing_read(inventory->session.input.root, source->class, "", &names);
	for (size_t i = 0; i < names.count; i++)
		read_attached(inventory, source, names.items[i]);
}

static void read_plain(const struct root *directory, const char *name, char *buffer, size_t size)
{
	if (root_read_attribute(directory, name, buffer, size) < 0 || !text_is_plain(buffer))
		buffer[0] = '\0';
}

static int read_numa_node(const struct root *directory)
{
	char text[16];
	uint32_t number;

	if (root_read_attribute(directory, "numa_node", text, sizeof(text)) < 0 ||
	    parse_decimal(text, INT_MAX, &number) < 0)
		return -1;
	return (int)number;
}

static struct details *read_device(const struct inventory *inventory,
				   const struct pci_device *device)
{
	const struct session *session = &inventory->session;
	_cleanup_(root_close) struct root directory = { .fd = -1 };
	_cleanup_free_ char *modalias = device_modalias(device);
	struct details *details = memory_new(1, sizeof(*details));
	char path[DEVICE_FILE_SIZE];

	details->numa_node = -1;
	if (session->modules)
		kmod_find_modules(session->modules, modalias, &details->modules);
	if (root_enter(session->input.root, device_file(device, "", path), &directory) < 0)
		return details;
	read_plain(&directory, "current_link_speed", details->speed, sizeof(details->speed));
	read_plain(&directory, "current_link_width", details->width, sizeof(details->width));
	read_plain(&directory, "max_link_speed", details->max_speed, sizeof(details->max_speed));
	read_plain(&directory, "max_link_width", details->max_width, sizeof(details->max_width));
	details->numa_node = read_numa_node(&directory);
	return details;
}

void details_read(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++) {
		struct item *item = &inventory->items[i];

		if (item->is_shown)
			item->details = read_device(inventory, item->device);
	}
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		read_source(inventory, &sources[i]);
}

/* A port without a card at it has a speed, but a width of 0. */
char *details_link(const struct details *details)
{
	bool is_less = !streq(details->speed, details->max_speed) ||
		       !streq(details->width, details->max_width);

	if (!*details->speed || !*details->width || streq(details->width, "0"))
		return NULL;
	if (!is_less || !*details->max_speed || !*details->max_width)
		return memory_printf("%s x%s", details->speed, details->width);
	return memory_printf("%s x%s of %s x%s", details->speed, details->width, details->max_speed,
			     details->max_width);
}

void details_free(struct details *details)
{
	if (!details)
		return;
	for (size_t i = 0; i < details->attached_count; i++) {
		free(details->attached[i].name);
		free(details->attached[i].about);
	}
	free(details->attached);
	names_free(&details->modules);
	free(details);
}
