/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vlan-tagger ID TAGGED PEER UNTAGGED PEER: a switch between two network devices of QEMU (-netdev
 * socket,udp=), each frame a datagram. Frames of the VLAN ID pass, without their tag; the way back
 * adds it. All other frames are dropped.
 */
#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ADDRESSES 12 /* bytes of both Ethernet addresses */
#define TAG       4

static int open_socket(const char *port, const char *peer)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		err(1, "port %s", port);
	address.sin_port = htons(atoi(peer));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		err(1, "port %s", peer);
	return fd;
}

/* A peer that is not there yet gets nothing. */
static void pass(int from, int to, const unsigned char tag[TAG], int has_tag)
{
	unsigned char frame[65536 + TAG];
	ssize_t size = recv(from, frame, sizeof(frame) - TAG, 0);

	if (size < ADDRESSES + TAG)
		return;
	if (!has_tag) {
		memmove(frame + ADDRESSES + TAG, frame + ADDRESSES, size - ADDRESSES);
		memcpy(frame + ADDRESSES, tag, TAG);
		size += TAG;
	} else if (frame[ADDRESSES] == tag[0] && frame[ADDRESSES + 1] == tag[1] &&
		   (frame[ADDRESSES + 2] & 0xf) == tag[2] && frame[ADDRESSES + 3] == tag[3]) {
		size -= TAG;
		memmove(frame + ADDRESSES, frame + ADDRESSES + TAG, size - ADDRESSES);
	} else {
		return;
	}
	if (send(to, frame, size, 0) < 0)
		return;
}

int main(int argc, char **argv)
{
	unsigned char tag[TAG] = { 0x81, 0x00 };
	struct pollfd fds[2];

	if (argc != 6)
		errx(2, "wrong usage");
	tag[2] = atoi(argv[1]) >> 8;
	tag[3] = atoi(argv[1]) & 0xff;
	fds[0] = (struct pollfd){ open_socket(argv[2], argv[3]), POLLIN, 0 };
	fds[1] = (struct pollfd){ open_socket(argv[4], argv[5]), POLLIN, 0 };
	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents)
			pass(fds[0].fd, fds[1].fd, tag, 1);
		if (fds[1].revents)
			pass(fds[1].fd, fds[0].fd, tag, 0);
	}
	return 1;
}
