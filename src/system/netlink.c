/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/time.h>
#include <time.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define TIMEOUT_S   2
#define ANSWER_SIZE 32768 /* as iproute2 has it: the kernel fills no more at once */

struct answer {
	void (*function)(const struct nlmsghdr *message, void *context);
	void *context;
};

static int on_message(const struct nlmsghdr *message, void *context)
{
	const struct answer *answer = context;

	answer->function(message, answer->context);
	return MNL_CB_OK;
}

static int ask(struct mnl_socket *socket, unsigned sequence)
{
	const struct timeval timeout = { .tv_sec = TIMEOUT_S };
	char buffer[256] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct rtmsg *route;

	request->nlmsg_type = RTM_GETROUTE;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request->nlmsg_seq = sequence;
	route = mnl_nlmsg_put_extra_header(request, sizeof(*route));
	route->rtm_family = AF_UNSPEC;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &timeout,
		       sizeof(timeout)) < 0 ||
	    mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	return 0;
}

static int read_answer(struct mnl_socket *socket, unsigned sequence, struct answer *answer)
{
	_cleanup_free_ char *buffer = memory_new(ANSWER_SIZE, 1);
	unsigned port = mnl_socket_get_portid(socket);
	int r = MNL_CB_OK;

	while (r > MNL_CB_STOP) {
		ssize_t size = mnl_socket_recvfrom(socket, buffer, ANSWER_SIZE);

		if (size < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		r = mnl_cb_run(buffer, (size_t)size, sequence, port, on_message, answer);
	}
	return r < 0 ? -errno : 0;
}

int netlink_each_route(void (*function)(const struct nlmsghdr *message, void *context),
		       void *context)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct answer answer = { function, context };
	unsigned sequence = (unsigned)time(NULL);
	int r;

	if (!socket)
		return -errno;
	r = ask(socket, sequence);
	if (r == 0)
		r = read_answer(socket, sequence, &answer);
	mnl_socket_close(socket);
	return r;
}
