/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/link_socket.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "util/cleanup.h"

#define TIMEOUT_S 2

/* Anybody can send to the socket; the kernel's number is 0. */
static int receive(int fd, void *answer)
{
	for (;;) {
		struct sockaddr_nl from = { 0 };
		socklen_t length = sizeof(from);
		ssize_t size = recvfrom(fd, answer, LINK_ANSWER_SIZE, MSG_TRUNC,
					(struct sockaddr *)&from, &length);

		if (size < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (length != sizeof(from) || from.nl_pid)
			continue;
		return size > LINK_ANSWER_SIZE ? -EMSGSIZE : (int)size;
	}
}

int link_exchange(const struct root *root, const void *request, size_t size, void *answer)
{
	const struct timeval timeout = { .tv_sec = TIMEOUT_S };
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	_cleanup_close_ int fd = -1;

	if (root->is_confined)
		return -EOPNOTSUPP;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0 ||
	    sendto(fd, request, size, 0, (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	return receive(fd, answer);
}
