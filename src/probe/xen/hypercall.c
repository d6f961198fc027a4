/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/xen/hypercall.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

struct privcmd_hypercall {
	uint64_t op;
	uint64_t arg[5];
};

#define IOCTL_PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))

int hypercall_open(const struct root *root, struct hypercall *ret)
{
	struct hypercall hypercall = { .buffer_fd = -1 };

	hypercall.privcmd_fd = root_open_device(root, "dev/xen/privcmd");
	if (hypercall.privcmd_fd < 0)
		return hypercall.privcmd_fd;
	hypercall.buffer_fd = root_open_device(root, "dev/xen/hypercall");
	*ret = hypercall;
	return 0;
}

void hypercall_close(struct hypercall *hypercall)
{
	if (hypercall->privcmd_fd >= 0)
		close(hypercall->privcmd_fd);
	if (hypercall->buffer_fd >= 0)
		close(hypercall->buffer_fd);
	*hypercall = (struct hypercall){ -1, -1 };
}

/* A fork must not make the pages copy-on-write, and they must be there before the hypercall. */
static int pin(void *buffer, size_t size)
{
	if (madvise(buffer, size, MADV_DONTFORK) < 0 || mlock(buffer, size) < 0)
		return -errno;
	memset(buffer, 0, size);
	return 0;
}

void *hypercall_buffer_new(const struct hypercall *hypercall, size_t size)
{
	void *buffer = MAP_FAILED;

	if (hypercall->buffer_fd >= 0)
		buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, hypercall->buffer_fd,
			      0);
	if (buffer != MAP_FAILED)
		return buffer;
	buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (buffer == MAP_FAILED)
		return NULL;
	if (pin(buffer, size) == 0)
		return buffer;
	munmap(buffer, size);
	return NULL;
}

void hypercall_buffer_free(void *buffer, size_t size)
{
	if (buffer)
		munmap(buffer, size);
}

int hypercall_issue(const struct hypercall *hypercall, uint64_t op, uint64_t first, uint64_t second)
{
	struct privcmd_hypercall call = { .op = op, .arg = { first, second } };
	int r = ioctl(hypercall->privcmd_fd, IOCTL_PRIVCMD_HYPERCALL, &call);

	return r < 0 ? -errno : r;
}
