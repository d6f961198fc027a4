/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/xen/xenbus.h"
#include "tree.h"
#include "util/memory.h"

#define XS_READ  2
#define XS_ERROR 16

/* What xenstore answers, and what the reader must make of it. */
static const struct row {
	const char *name;
	uint32_t type, length;
	const char *payload;
	int result;
} rows[] = {
	{ "a value", XS_READ, 12, "0000:02:00.0", 0 },
	{ "an empty value", XS_READ, 0, "", 0 },
	{ "no such path", XS_ERROR, 7, "ENOENT", -ENOENT },
	{ "another error", XS_ERROR, 7, "EACCES", -EIO },
	{ "another message", 15, 12, "0000:02:00.0", -EPROTO },
	{ "a value that is too long", XS_READ, 64, "", -EPROTO },
	{ "a value that is far too long", XS_READ, UINT32_MAX, "", -EPROTO },
	{ "cut off", XS_READ, 12, "0000", -EPROTO },
};

/* The answer waits in the socket before the question is asked. */
static void test_read(void **state)
{
	static const char path[] = "backend/pci/1/0/dev-0";
	const struct row *row = *state;
	const uint32_t header[4] = { row->type, 0, 0, row->length };
	const size_t size = strlen(row->payload) + (row->type == XS_ERROR); /* terminated */
	uint32_t asked[4];
	char buffer[64], question[64];
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(write(fds[1], header, sizeof(header)), sizeof(header));
	assert_int_equal(write(fds[1], row->payload, size), size);
	assert_int_equal(shutdown(fds[1], SHUT_WR), 0);
	assert_int_equal(xenbus_read(fds[0], path, buffer, sizeof(buffer)), row->result);
	if (row->result == 0)
		assert_string_equal(buffer, row->payload);
	assert_int_equal(read(fds[1], asked, sizeof(asked)), sizeof(asked));
	assert_int_equal(asked[0], XS_READ);
	assert_int_equal(asked[3], sizeof(path));
	assert_int_equal(read(fds[1], question, sizeof(question)), sizeof(path));
	assert_string_equal(question, path);
	close(fds[0]);
	close(fds[1]);
}

/* --- which guest has a device */

/* What xenstore holds; every other path is none. */
struct key {
	const char *path, *value;
};

static int connection = -ENOENT; /* what opening /dev/xen/xenbus gives (--wrap of the linker) */

int __wrap_root_open_device(const struct root *root, const char *path);
int __wrap_root_open_device(const struct root *root, const char *path)
{
	(void)root;
	assert_string_equal(path, "dev/xen/xenbus");
	return connection < 0 ? connection : dup(connection);
}

static const char *look_up(const struct key *keys, const char *path)
{
	for (; keys->path; keys++) {
		if (strcmp(keys->path, path) == 0)
			return keys->value;
	}
	return NULL;
}

/* A child, until nobody asks any more. */
static void answer(int fd, const struct key *keys)
{
	uint32_t header[4];
	char path[256];

	while (read(fd, header, sizeof(header)) == sizeof(header) &&
	       read(fd, path, header[3]) == header[3]) {
		const char *value = look_up(keys, path);

		header[0] = value ? XS_READ : XS_ERROR;
		value = value ? value : "ENOENT";
		header[3] = (uint32_t)strlen(value) + (header[0] == XS_ERROR);
		if (write(fd, header, sizeof(header)) < 0 || write(fd, value, header[3]) < 0)
			break;
	}
	_exit(0);
}

#define BACK_ENDS "sys/bus/xen-backend/devices/"

static const struct guest_row {
	const char *name;
	const char *back_ends[3]; /* their names; the node is called the same */
	struct key keys[5];
	int connection; /* 0: xenstore answers */
	int result;
	uint32_t domain;
} guest_rows[] = {
	{ "no back end", { NULL }, { { NULL } }, 0, -ENOENT, 0 },
	{ "the second device of the second guest",
	  { "pci-3-0", "pci-7-0" },
	  { { "pci-3-0/num_devs", "0" },
	    { "pci-7-0/num_devs", "2" },
	    { "pci-7-0/dev-0", "0000:03:00.0" },
	    { "pci-7-0/dev-1", "0000:02:00.0" } },
	  0,
	  0,
	  7 },
	{ "a guest that has others",
	  { "pci-3-0" },
	  { { "pci-3-0/num_devs", "2" }, { "pci-3-0/dev-1", "0000:02:00.1" } },
	  0,
	  -ENOENT,
	  0 },
	{ "a guest that is gone by now", { "pci-3-0" }, { { NULL } }, 0, -ENOENT, 0 },
	{ "back ends of other kinds", { "vbd-3-51712", "pci-x-0" }, { { NULL } }, 0, -ENOENT, 0 },
	{ "a number that is none", { "pci-3-0" }, { { "pci-3-0/num_devs", "x" } }, 0, -EPROTO, 0 },
	{ "no xenstore", { "pci-3-0" }, { { NULL } }, -ENOENT, -ENXIO, 0 },
	{ "no right to ask", { "pci-3-0" }, { { NULL } }, -EACCES, -EACCES, 0 },
};

static int find_guest(const struct tree *tree, const struct guest_row *row, uint32_t *ret)
{
	struct pci_address address;
	int fds[2], r;
	pid_t pid;

	assert_int_equal(address_parse("0000:02:00.0", &address), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		answer(fds[1], row->keys);
	}
	close(fds[1]);
	connection = row->connection ? row->connection : fds[0];
	r = xenbus_find_guest(&tree->root, &address, ret);
	close(fds[0]);
	waitpid(pid, NULL, 0);
	return r;
}

static void test_guest(void **state)
{
	const struct guest_row *row = *state;
	struct tree tree = tree_make();
	uint32_t domain = 0;
	int r;

	tree_directory(&tree, BACK_ENDS);
	for (size_t i = 0; i < ARRAY_SIZE(row->back_ends) && row->back_ends[i]; i++) {
		_cleanup_free_ char *path =
			memory_printf(BACK_ENDS "%s/nodename", row->back_ends[i]);

		tree_write(&tree, path, row->back_ends[i]);
	}
	r = find_guest(&tree, row, &domain);
	tree_remove(&tree);
	assert_int_equal(r, row->result);
	assert_int_equal(domain, row->domain);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "read", test_read, rows);
	suite_add_rows(&suite, "guest", test_guest, guest_rows);
	return suite_run(&suite, "xenbus");
}
