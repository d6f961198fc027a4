/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/vfio_node.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "facts/device.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define DELETED         " (deleted)"
#define FIRST_NAMESPACE "pid:[4026531836]" /* PID_NS_INIT_INO of linux/nsfs.h, since Linux 3.8 */

struct node_search {
	const struct root *root;
	const char *directory; /* that is gone through */
	const char *path;      /* "/dev/vfio/devices/vfio0" */
	char *node;
	bool is_open;
	int error; /* one that hides something */
};

static bool is_number(const char *name)
{
	return *name && name[strspn(name, "0123456789")] == '\0';
}

/* The directory is there without the node as well, but then it has no number of a device file. */
static int note_node(const char *name, void *context)
{
	struct node_search *search = context;
	_cleanup_free_ char *dev = memory_printf("%s/%s/dev", search->directory, name);
	int r;

	if (strncmp(name, "vfio", 4) != 0 || !is_number(name + 4) || search->node)
		return 0;
	r = root_exists(search->root, dev);
	if (r == 0)
		search->node = memory_printf(VFIO_NODES "/%s", name);
	return is_absent(r) ? 0 : r;
}

char *vfio_node_find(const struct root *root, const struct pci_address *address, int *ret_error)
{
	char name[ADDRESS_SIZE];
	_cleanup_free_ char *directory =
		memory_printf(PCI_DEVICES "/%s/vfio-dev", address_format(address, name));
	struct node_search search = { .root = root, .directory = directory };
	int r = root_each_entry(root, directory, note_node, &search);

	*ret_error = r < 0 && !is_absent(r) ? r : 0;
	return search.node;
}

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t rest = strlen(end);

	return length >= rest && memcmp(text + length - rest, end, rest) == 0;
}

/*
 * A process in a chroot or with mounts of its own has the node below a place of its own, and the
 * kernel marks a file that was removed (linux/fs/d_path.c).
 */
static bool is_node(const char *target, const char *path)
{
	size_t length = strlen(target);

	if (ends_with(target, length, DELETED))
		length -= strlen(DELETED);
	return ends_with(target, length, path);
}

static int look_at_descriptor(const char *name, void *context)
{
	struct node_search *search = context;
	_cleanup_free_ char *link = memory_printf("%s/%s", search->directory, name);
	char target[PATH_MAX];
	int r = root_readlink(search->root, link, target, sizeof(target));

	if (r >= 0)
		search->is_open |= is_node(target, search->path);
	return r < 0 && !is_absent(r) ? r : 0;
}

/* A process that has ended meanwhile has nothing open. */
static int look_at_process(const char *name, void *context)
{
	struct node_search *search = context;
	_cleanup_free_ char *directory = memory_printf("proc/%s/fd", name);
	int r;

	if (!is_number(name))
		return 0;
	search->directory = directory;
	r = root_each_entry(search->root, directory, look_at_descriptor, search);
	if (r < 0 && !is_absent(r) && r != -ESRCH)
		search->error = r;
	return 0;
}

/*
 * Whether /proc has the processes of all users and containers: it shows those of one PID namespace,
 * and with hidepid= perhaps only one's own (linux/Documentation/filesystems/proc.rst). Who may see
 * the first process's namespace sees all. A kernel without such namespaces has no file of them.
 */
static int check_sight(const struct root *root)
{
	char namespace[32];
	int r = root_readlink(root, "proc/1/ns/pid", namespace, sizeof(namespace));

	if (r >= 0)
		return streq(namespace, FIRST_NAMESPACE) ? 0 : -ESRCH;
	if (!is_absent(r))
		return r;
	r = root_exists(root, "proc/1/fd");
	return is_absent(r) ? -ESRCH : r;
}

int vfio_node_is_open(const struct root *root, const char *path)
{
	_cleanup_free_ char *whole = memory_printf("/%s", path);
	struct node_search search = { .root = root, .path = whole };
	int r = root_each_entry(root, "proc", look_at_process, &search);

	if (search.is_open)
		return 1;
	if (r < 0 && !is_absent(r))
		return r;
	return search.error ? search.error : check_sight(root);
}
