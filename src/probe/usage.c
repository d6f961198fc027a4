/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/usage.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <string.h>

#include "probe/vfio_node.h"
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
	bool is_unread[USAGE_GUEST +
		       1]; /* of all: of one more that cannot be read nothing is new */
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
	     memory_printf("may be in use: could not read /%s: %s", what, strerror(-error)));
}

/* Any of them may be meant. */
static void note_all_unread(struct usage_survey *survey, enum usage usage, const char *what,
			    int error)
{
	if (survey->is_unread[usage])
		return;
	survey->is_unread[usage] = true;
	for (size_t i = 0; i < survey->facts->device_count; i++) {
		if (survey->facts->devices[i].is_complete)
			note_unread(&survey->facts->devices[i], usage, what, error);
	}
}

/* Those devices that are asked about which would be missed: what is used, and what it hangs on. */
struct used {
	struct pci_device *items[2];
	size_t count;
};

static void add_used(const struct usage_survey *survey, const struct pci_device *device,
		     struct used *used)
{
	struct facts *facts = survey->facts;

	if (device && device->is_complete)
		used->items[used->count++] = &facts->devices[device - facts->devices];
}

static void note_used(const struct used *used, enum usage usage, const char *text)
{
	for (size_t i = 0; i < used->count; i++)
		note(used->items[i], usage, memory_dup(text));
}

static void note_used_unread(const struct used *used, enum usage usage, const char *what, int error)
{
	for (size_t i = 0; i < used->count; i++)
		note_unread(used->items[i], usage, what, error);
}

/* The device that NAME of the class in DIRECTORY belongs to, and the owner of its PCI domain. */
static struct used find_used(struct usage_survey *survey, const char *directory, const char *name,
			     enum usage usage)
{
	_cleanup_free_ char *link = memory_printf("%s/%s", directory, name);
	struct used used = { .count = 0 };
	const struct pci_device *device;
	char target[PATH_MAX];
	int r = root_readlink(survey->root, link, target, sizeof(target));

	r = facts_check_class_link(r, target);
	if (r < 0) {
		if (!is_absent(r) && !streq(name, BONDING))
			note_all_unread(survey, usage, link, r);
		return used;
	}
	device = facts_device_of_link(survey->facts, target);
	if (!device)
		return used;
	add_used(survey, device, &used);
	add_used(survey, facts_domain_owner(survey->facts, device), &used);
	return used;
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
	struct usage_survey *survey = context;
	struct used used = find_used(survey, BLOCK_CLASS, name, USAGE_DISK);
	_cleanup_free_ char *node = used.count ? block_node(name) : NULL;
	_cleanup_free_ char *text =
		node ? memory_printf(
			       "/%s is in use: mounted, swap, or part of a RAID, LVM or the like",
			       node)
		     : NULL;
	int r = node ? root_check_block(survey->root, node) : 0;

	if (r == -EBUSY)
		note_used(&used, USAGE_DISK, text);
	else if (r < 0 && r != -ENOMEDIUM && !is_absent(r))
		note_used_unread(&used, USAGE_DISK, node, r);
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
	struct usage_survey *survey = context;
	struct used used = find_used(survey, NET_CLASS, name, USAGE_NETWORK);
	_cleanup_free_ char *path = memory_printf(NET_CLASS "/%s/flags", name);
	_cleanup_free_ char *text = memory_printf("interface %s is up", name);
	uint32_t flags = 0;
	int r = used.count ? read_flags(survey->root, path, &flags) : 0;

	if (r < 0 && !is_absent(r))
		note_used_unread(&used, USAGE_NETWORK, path, r);
	if (flags & IFF_UP)
		note_used(&used, USAGE_NETWORK, text);
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
		note(device, USAGE_FUNCTIONS, memory_printf("%u VFs are enabled", count));
}

/* What open(2) says where there is no group, or none with a device of VFIO's. */
static bool has_no_guest(int error)
{
	return is_absent(error) || error == -ENXIO || error == -ENODEV;
}

/* Where the kernel has no groups to be opened, a guest can only have the device's own node. */
static void note_node_guest(const struct root *root, struct pci_device *device)
{
	int r;
	_cleanup_free_ char *node = vfio_node_find(root, &device->address, &r);

	if (node)
		r = vfio_node_is_open(root, node);
	if (r > 0)
		note(device, USAGE_GUEST, memory_printf("in use by a guest: /%s is open", node));
	else if (r < 0)
		note(device, USAGE_GUEST,
		     memory_printf("may be in use by a guest: could not see who has %s%s open: %s",
				   node ? "/" : "its VFIO node", node ? node : "",
				   r == -ESRCH
					   ? "/proc does not show the processes of the whole host"
					   : strerror(-r)));
}

/*
 * Only one process at a time can have a group open, or one of its devices otherwise
 * (linux/drivers/vfio/group.c vfio_group_fops_open).
 */
static void note_vfio_guest(const struct root *root, struct pci_device *device)
{
	static const char *const prefixes[] = { "", "noiommu-" };
	bool has_group = false;

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		_cleanup_free_ char *node =
			memory_printf("dev/vfio/%s%d", prefixes[i], device->group);
		int fd = root_open_device(root, node);

		has_group |= !is_absent(fd);
		if (fd == -EBUSY)
			note(device, USAGE_GUEST,
			     memory_printf("in use by a guest: /%s is open", node));
		else if (fd < 0 && !has_no_guest(fd))
			note(device, USAGE_GUEST,
			     memory_printf("may be in use by a guest: could not open /%s: %s", node,
					   strerror(-fd)));
		if (fd >= 0)
			close(fd);
	}
	if (!has_group)
		note_node_guest(root, device);
}

/* Which node would tell is not known. */
static void note_unknown_guest(struct pci_device *device)
{
	note(device, USAGE_GUEST,
	     memory_printf("may be in use by a guest: %s", device->unread[UNREAD_GROUP]));
}

static void survey_class(struct usage_survey *survey, const char *directory, enum usage usage,
			 int (*function)(const char *name, void *context))
{
	int r = root_each_entry(survey->root, directory, function, survey);

	if (r < 0 && !is_absent(r))
		note_all_unread(survey, usage, directory, r);
}

static void note_xen_guest(const struct root *root, struct pci_device *device)
{
	uint32_t domain = 0;
	int r = xenbus_find_guest(root, &device->address, &domain);

	if (r == 0)
		note(device, USAGE_GUEST,
		     memory_printf("in use by the guest with domain ID %u", domain));
	else if (r != -ENOENT)
		note(device, USAGE_GUEST,
		     memory_printf("may be in use by a guest: could not ask xenstore: %s",
				   strerror(-r)));
}

void usage_survey(const struct root *root, struct facts *facts)
{
	struct usage_survey survey = { .root = root, .facts = facts };
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
