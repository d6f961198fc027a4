/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/usage.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <string.h>

#include "probe/xen/xenbus.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define BLOCK_CLASS "sys/class/block"
#define NET_CLASS   "sys/class/net"
#define BONDING     "bonding_masters" /* a file among the interfaces */

struct usage_survey {
	const struct root *root;
	struct facts *facts;
};

/* TEXT is the device's from here on. */
static void note(struct pci_device *device, enum usage usage, char *text)
{
	if (usage <= device->usage) {
		free(text);
		return;
	}
	free(device->used_by);
	device->usage = usage;
	device->used_by = text;
}

static void note_unread(struct pci_device *device, enum usage usage, const char *what, int error)
{
	note(device, usage,
	     memory_printf("it may be in use: could not read /%s: %s", what, strerror(-error)));
}

/* Any of them may be meant. */
static void note_all_unread(const struct usage_survey *survey, enum usage usage, const char *what,
			    int error)
{
	for (size_t i = 0; i < survey->facts->device_count; i++) {
		if (survey->facts->devices[i].is_complete)
			note_unread(&survey->facts->devices[i], usage, what, error);
	}
}

/* The device that NAME of the class in DIRECTORY belongs to, if it is one that is asked about. */
static struct pci_device *device_of(const struct usage_survey *survey, const char *directory,
				    const char *name, enum usage usage)
{
	_cleanup_free_ char *link = memory_printf("%s/%s", directory, name);
	const struct pci_device *device;
	char target[PATH_MAX];
	int r = root_readlink(survey->root, link, target, sizeof(target));

	r = facts_check_class_link(r, target);
	if (r < 0) {
		if (!is_absent(r) && !streq(name, BONDING))
			note_all_unread(survey, usage, link, r);
		return NULL;
	}
	device = facts_device_of_link(survey->facts, target);
	return device && device->is_complete
		       ? &survey->facts->devices[device - survey->facts->devices]
		       : NULL;
}

/*
 * The node of block device NAME. A '!' stands for a slash. A path of a multipath NVMe namespace,
 * nvme0c1n2, has none: it is used through nvme0n2 (linux/drivers/nvme/host/multipath.c).
 */
static char *block_node(const char *name)
{
	bool is_nvme = strncmp(name, "nvme", strlen("nvme")) == 0;
	const char *controller = is_nvme ? strchr(name, 'c') : NULL;
	const char *namespace = controller ? strchr(controller, 'n') : NULL;
	char *node;

	if (namespace)
		return memory_printf("dev/%.*s%s", (int)(controller - name), name, namespace);
	node = memory_printf("dev/%s", name);
	for (char *c = node; (c = strchr(c, '!'));)
		*c = '/';
	return node;
}

static int note_disk(const char *name, void *context)
{
	const struct usage_survey *survey = context;
	struct pci_device *device = device_of(survey, BLOCK_CLASS, name, USAGE_DISK);
	_cleanup_free_ char *node = device ? block_node(name) : NULL;
	int r = node ? root_check_block(survey->root, node) : 0;

	if (r == -EBUSY)
		note(device, USAGE_DISK,
		     memory_printf(
			     "/%s is in use: mounted, swap, or part of a RAID, LVM or the like",
			     node));
	else if (r < 0 && r != -ENOMEDIUM && !is_absent(r))
		note_unread(device, USAGE_DISK, node, r);
	return 0;
}

/* "0x1003" */
static int read_flags(const struct root *root, const char *path, uint32_t *ret)
{
	char text[16];
	int r = root_read_attribute(root, path, text, sizeof(text));

	if (r < 0)
		return r;
	return r < 2 || parse_hex(text + 2, strlen(text + 2), ret) < 0 ? -EBADMSG : 0;
}

static int note_interface(const char *name, void *context)
{
	const struct usage_survey *survey = context;
	struct pci_device *device = device_of(survey, NET_CLASS, name, USAGE_NETWORK);
	_cleanup_free_ char *path = memory_printf(NET_CLASS "/%s/flags", name);
	uint32_t flags = 0;
	int r = device ? read_flags(survey->root, path, &flags) : 0;

	if (r < 0 && !is_absent(r))
		note_unread(device, USAGE_NETWORK, path, r);
	if (flags & IFF_UP)
		note(device, USAGE_NETWORK, memory_printf("its interface %s is up", name));
	return 0;
}

static void note_functions(const struct root *root, struct pci_device *device, const char *name)
{
	_cleanup_free_ char *path = memory_printf(PCI_DEVICES "/%s/sriov_numvfs", name);
	uint32_t count = 0;
	char text[16];
	int r = root_read_attribute(root, path, text, sizeof(text));

	if (r >= 0 && parse_decimal(text, VF_COUNT_MAX, &count) < 0)
		r = -EBADMSG;
	if (r < 0 && !is_absent(r))
		note_unread(device, USAGE_FUNCTIONS, path, r);
	if (count)
		note(device, USAGE_FUNCTIONS,
		     memory_printf("%u virtual functions of it are on", count));
}

/* What open(2) says where there is no group, or none with a device of VFIO's. */
static bool has_no_guest(int error)
{
	return is_absent(error) || error == -ENXIO || error == -ENODEV;
}

/*
 * Only one process at a time can have a group open, or one of its devices otherwise
 * (linux/drivers/vfio/group.c vfio_group_fops_open).
 */
static void note_vfio_guest(const struct root *root, struct pci_device *device)
{
	static const char *const prefixes[] = { "", "noiommu-" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		_cleanup_free_ char *node =
			memory_printf("dev/vfio/%s%d", prefixes[i], device->group);
		int fd = root_open_device(root, node);

		if (fd == -EBUSY)
			note(device, USAGE_GUEST,
			     memory_printf("a guest has it: /%s is open", node));
		else if (fd < 0 && !has_no_guest(fd))
			note(device, USAGE_GUEST,
			     memory_printf("a guest may have it: could not open /%s: %s", node,
					   strerror(-fd)));
		if (fd >= 0)
			close(fd);
	}
}

/* Which node would tell is not known. */
static void note_unknown_guest(struct pci_device *device)
{
	note(device, USAGE_GUEST,
	     memory_printf("a guest may have it: %s", device->unread[UNREAD_GROUP]));
}

static void survey_class(const struct usage_survey *survey, const char *directory, enum usage usage,
			 int (*function)(const char *name, void *context))
{
	int r = root_each_entry(survey->root, directory, function, (void *)survey);

	if (r < 0 && !is_absent(r))
		note_all_unread(survey, usage, directory, r);
}

static void note_xen_guest(const struct root *root, struct pci_device *device)
{
	uint32_t domain = 0;
	int r = xenbus_find_guest(root, &device->address, &domain);

	if (r == 0)
		note(device, USAGE_GUEST,
		     memory_printf("the guest with domain id %u has it", domain));
	else if (r != -ENOENT)
		note(device, USAGE_GUEST,
		     memory_printf("a guest may have it, and xenstore does not say (%s)",
				   strerror(-r)));
}

void usage_survey(const struct root *root, struct facts *facts)
{
	struct usage_survey survey = { root, facts };
	bool in_dom0 = facts_in_dom0(facts);

	survey_class(&survey, BLOCK_CLASS, USAGE_DISK, note_disk);
	survey_class(&survey, NET_CLASS, USAGE_NETWORK, note_interface);
	for (size_t i = 0; i < facts->device_count; i++) {
		struct pci_device *device = &facts->devices[i];
		char name[ADDRESS_SIZE];

		if (!device->is_complete)
			continue;
		note_functions(root, device, address_format(&device->address, name));
		if (in_dom0)
			note_xen_guest(root, device);
		else if (device->unread[UNREAD_GROUP] && device->group == GROUP_NONE)
			note_unknown_guest(device);
		else if (device->group != GROUP_NONE)
			note_vfio_guest(root, device);
	}
}
