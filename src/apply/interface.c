/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/interface.h"

#include <errno.h>
#include <linux/if.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "facts/link_message.h"
#include "system/child.h"
#include "system/clock.h"
#include "system/link_socket.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define UP_TIMEOUT_MS 5000
#define LINK_WAIT_MS  5000
#define LINK_PAUSE_MS 50
#define RENAMES_MAX   3 /* during one look */

/* "net/NAME/ATTRIBUTE" of DEVICE, without its newline; the length, or negative errno. */
static int read_attribute(const struct root *root, const struct pci_device *device,
			  const char *name, const char *attribute, char *buffer, size_t size)
{
	char path[DEVICE_FILE_SIZE], file[64];

	snprintf(file, sizeof(file), "net/%s/%s", name, attribute);
	return root_read_attribute(root, device_file(device, file, path), buffer, size);
}

struct interface_search {
	const struct root *root;
	const struct pci_device *device;
	struct interface *found;
	unsigned count;
};

/* Its driver calls the port of a VF "pf0vf3", of a subfunction "pf0sf88", and its own "p0". */
static bool is_representor(const struct interface_search *search, const char *name)
{
	char port[64];

	return read_attribute(search->root, search->device, name, "phys_port_name", port,
			      sizeof(port)) > 0 &&
	       strchr(port, 'f');
}

static int add_interface(const char *name, void *context)
{
	struct interface_search *search = context;

	if (strlen(name) >= INTERFACE_NAME_SIZE || is_representor(search, name))
		return 0;
	strcpy(search->found->name, name);
	search->count++;
	return 0;
}

static int read_number(const struct interface_search *search, const char *attribute, unsigned *ret)
{
	const char *name = search->found->name;
	char text[16];
	int r = read_attribute(search->root, search->device, name, attribute, text, sizeof(text));
	uint32_t number = 0;

	if (r < 0)
		return r;
	r = strncmp(text, "0x", 2) == 0 ? parse_hex(text + 2, strlen(text + 2), &number)
					: parse_decimal(text, INT32_MAX, &number);
	*ret = number;
	return r < 0 ? -EIO : 0;
}

static int find_once(const struct root *root, const struct pci_device *device,
		     struct interface *ret)
{
	struct interface_search search = { .root = root, .device = device, .found = ret };
	char path[DEVICE_FILE_SIZE];
	unsigned flags;
	int r = root_each_entry(root, device_file(device, "net", path), add_interface, &search);

	if (r < 0)
		return r;
	if (search.count != 1)
		return search.count ? -ENOTUNIQ : -ENOENT;
	r = read_number(&search, "ifindex", &ret->number);
	if (r == 0)
		r = read_number(&search, "flags", &flags);
	if (r < 0)
		return r == -ENOENT ? -EAGAIN : r; /* renamed meanwhile */
	ret->is_up = flags & IFF_UP;
	return 0;
}

int interface_find(const struct root *root, const struct pci_device *device, struct interface *ret)
{
	int r = -EAGAIN;

	for (int i = 0; i < RENAMES_MAX && r == -EAGAIN; i++)
		r = find_once(root, device, ret);
	return r;
}

struct rise {
	const struct root *root;
	unsigned number;
};

static int rise(void *context)
{
	const struct rise *work = context;
	uint32_t request[LINK_REQUEST_SIZE / sizeof(uint32_t)] = { 0 };
	_cleanup_free_ void *answer = memory_new(1, LINK_ANSWER_SIZE);
	int r = link_exchange(work->root, request, link_put_up(request, work->number), answer);

	return r < 0 ? r : link_parse_error(answer, (size_t)r);
}

int interface_bring_up(const struct apply *apply, const struct pci_device *device,
		       const struct interface *interface)
{
	struct rise work = { apply->root, interface->number };
	int left = apply_time_left(apply, UP_TIMEOUT_MS);
	struct interface now;
	int r = left ? child_run(rise, &work, left, NULL) : -ETIME;

	if (r == 0)
		r = interface_find(apply->root, device, &now);
	if (r < 0)
		return r;
	return now.is_up ? 0 : -EIO;
}

void interface_await_link(const struct apply *apply, const struct pci_device *device)
{
	const struct timespec pause = { .tv_nsec = LINK_PAUSE_MS * 1000000 };
	int64_t end = clock_ms() + apply_time_left(apply, LINK_WAIT_MS);
	struct interface interface;
	char carrier[4] = "";

	while (interface_find(apply->root, device, &interface) == 0 && interface.is_up &&
	       read_attribute(apply->root, device, interface.name, "carrier", carrier,
			      sizeof(carrier)) >= 0 &&
	       !streq(carrier, "1") && clock_ms() < end)
		nanosleep(&pause, NULL);
}
