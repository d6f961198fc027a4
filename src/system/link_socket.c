/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/link_socket.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "util/cleanup.h"

#define TIMEOUT_S 2
#define MOMENT_NS 200000000

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

int link_listen(const struct root *root)
{
	const struct sockaddr_nl self = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int fd, r;

	if (root->is_confined)
		return -EOPNOTSUPP;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&self, sizeof(self)) == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

/* Of more than the socket holds the kernel tells once, as ENOBUFS, and goes on. */
void link_await(int fd, int timeout_ms)
{
	const struct timespec moment = { .tv_nsec = MOMENT_NS };
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char nothing;

	if (poll(&poll_fd, 1, timeout_ms) <= 0)
		return;
	nanosleep(&moment, NULL);
	while (recv(fd, &nothing, sizeof(nothing), 0) >= 0 || errno == ENOBUFS)
		continue;
}
