/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/xen/xenbus.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define BACK_ENDS   "sys/bus/xen-backend/devices"
#define NODE_SIZE   256
#define DEVICES_MAX 256
#define TIMEOUT_MS  2000

/* Message types of xs_wire.h. */
#define XS_READ  2
#define XS_ERROR 16

struct xs_header {
	uint32_t type, request, transaction, length;
};

static int read_exactly(int fd, void *buffer, size_t size)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	for (size_t done = 0; done < size;) {
		ssize_t n;

		if (poll(&poll_fd, 1, TIMEOUT_MS) != 1)
			return -ETIMEDOUT;
		n = read(fd, (char *)buffer + done, size - done);
		if (n <= 0)
			return n < 0 ? -errno : -EPROTO;
		done += (size_t)n;
	}
	return 0;
}

int xenbus_read(int fd, const char *path, char *buffer, size_t size)
{
	struct xs_header header = { .type = XS_READ, .length = (uint32_t)strlen(path) + 1 };
	char message[sizeof(header) + NODE_SIZE];
	int r;

	if (header.length > NODE_SIZE)
		return -ENAMETOOLONG;
	memcpy(message, &header, sizeof(header));
	memcpy(message + sizeof(header), path, header.length);
	if (write(fd, message, sizeof(header) + header.length) !=
	    (ssize_t)(sizeof(header) + header.length))
		return -EIO;
	r = read_exactly(fd, &header, sizeof(header));
	if (r < 0)
		return r;
	if (header.length >= size || (header.type != XS_READ && header.type != XS_ERROR))
		return -EPROTO;
	r = read_exactly(fd, buffer, header.length);
	if (r < 0)
		return r;
	buffer[header.length] = '\0';
	if (header.type == XS_ERROR) /* the name of an errno */
		return streq(buffer, "ENOENT") ? -ENOENT : -EIO;
	return 0;
}

struct xenbus_search {
	const struct root *root;
	const struct pci_address *address;
	int fd;
	uint32_t domain;
	bool is_found;
};

static int read_key(const struct xenbus_search *search, const char *node, const char *key,
		    char *buffer, size_t size)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", node, key);

	return xenbus_read(search->fd, path, buffer, size);
}

/* Whether the back end at NODE has the device; a slot that was emptied is left out. */
static int look_in(const struct xenbus_search *search, const char *node)
{
	char text[NODE_SIZE];
	uint32_t count;
	int r = read_key(search, node, "num_devs", text, sizeof(text));

	if (r < 0)
		return r;
	if (parse_decimal(text, DEVICES_MAX, &count) < 0)
		return -EPROTO;
	for (uint32_t i = 0; i < count; i++) {
		struct pci_address address;
		char key[sizeof("dev-") + 10];

		snprintf(key, sizeof(key), "dev-%u", i);
		r = read_key(search, node, key, text, sizeof(text));
		if (r < 0 && r != -ENOENT)
			return r;
		if (r == 0 && address_parse(text, &address) == 0 &&
		    address_compare(&address, search->address) == 0)
			return 0;
	}
	return -ENOENT;
}

/* Of the name of a back end, "pci-DOMAIN-NUMBER"; -EINVAL when it is of another kind. */
static int domain_of(const char *name, uint32_t *ret_domain)
{
	static const char prefix[] = "pci-";
	_cleanup_free_ char *domain = NULL;

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return -EINVAL;
	name += strlen(prefix);
	domain = memory_copy(name, strcspn(name, "-"));
	return parse_decimal(domain, UINT32_MAX, ret_domain);
}

static int look_at_back_end(const char *name, void *context)
{
	struct xenbus_search *search = context;
	_cleanup_free_ char *path = memory_printf(BACK_ENDS "/%s/nodename", name);
	char node[NODE_SIZE];
	uint32_t domain;
	int r;

	if (domain_of(name, &domain) < 0)
		return 0;
	if (search->fd < 0)
		search->fd = root_open_device(search->root, "dev/xen/xenbus");
	if (search->fd < 0) /* -ENOENT would say that there is no guest */
		return search->fd == -ENOENT ? -ENXIO : search->fd;
	r = root_read_attribute(search->root, path, node, sizeof(node));
	if (r >= 0)
		r = look_in(search, node);
	if (r == 0) {
		search->domain = domain;
		search->is_found = true;
	}
	/* Gone meanwhile, or without this device. */
	return r == -ENOENT ? 0 : r;
}

int xenbus_find_guest(const struct root *root, const struct pci_address *address,
		      uint32_t *ret_domain)
{
	struct xenbus_search search = { .root = root, .address = address, .fd = -1 };
	int r = root_each_entry(root, BACK_ENDS, look_at_back_end, &search);

	cleanup_close(&search.fd);
	if (r < 0)
		return r;
	if (!search.is_found)
		return -ENOENT;
	*ret_domain = search.domain;
	return 0;
}
