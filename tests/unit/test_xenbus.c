/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "facts/xenbus.h"

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

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "read", test_read, rows);
	return suite_run(&suite, "xenbus");
}
