/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/efi_variable.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define MODULE_TIMEOUT_MS 2000
#define VARIABLE_SIZE_MAX 4096

/* The first four bytes of a file: EFI_VARIABLE_NON_VOLATILE, _BOOTSERVICE_ACCESS,
 * _RUNTIME_ACCESS. */
static const char attributes[4] = { 7, 0, 0, 0 };

static int mount_it(void)
{
	const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	/* EBUSY: it is there already. */
	if (mount("efivarfs", "/" EFI_VARIABLES, "efivarfs", flags, NULL) == 0 || errno == EBUSY)
		return 0;
	return errno == ENOENT ? -ENODEV : -errno;
}

int efi_variables_mount(struct module_index *modules)
{
	int r;

	/* A service manager may have done so already, and refuse it then. */
	if (unshare(CLONE_NEWNS) == 0)
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (access("/" EFI_VARIABLES, F_OK) < 0)
		return -ENODEV;
	r = mount_it();
	if (r != -ENODEV || !modules)
		return r;
	r = module_load(modules, EFI_VARIABLES_MODULE, NULL, MODULE_TIMEOUT_MS);
	if (r < 0)
		return r == -ENOENT ? -ENODEV : r;
	return mount_it();
}

static char *path_of(const char *name)
{
	return memory_printf(EFI_VARIABLES "/%s", name);
}

int efi_variable_read(const struct root *root, const char *name, char *buffer, size_t size)
{
	_cleanup_free_ char *path = path_of(name), *bytes = NULL;
	size_t length, head = sizeof(attributes);
	int r = root_read_file(root, path, VARIABLE_SIZE_MAX, &bytes, &length);

	if (r == -ENOENT && root_exists(root, EFI_VARIABLES) == -ENOENT)
		return -ENODEV;
	if (r < 0)
		return r;
	if (length < head || memcmp(bytes, attributes, head) != 0)
		return -EBADMSG;
	length -= head;
	if (length >= size)
		return -EFBIG;
	memcpy(buffer, bytes + head, length);
	buffer[length] = '\0';
	return (int)length;
}

/*
 * Set the flag of NAME, or take it away, and tell whether it was set. Where there are no such
 * flags, or no file, nothing is in the way.
 */
static int set_immutable(int directory_fd, const char *name, bool is_on, bool *ret_was_on)
{
	_cleanup_close_ int fd = openat(directory_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int flags = 0;

	*ret_was_on = false;
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return errno == ENOTTY || errno == EOPNOTSUPP ? 0 : -errno;
	*ret_was_on = flags & FS_IMMUTABLE_FL;
	if (is_on == *ret_was_on)
		return 0;
	flags ^= FS_IMMUTABLE_FL;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0 ? -errno : 0;
}

static int write_once(int fd, const char *bytes, size_t size)
{
	char whole[sizeof(attributes) + VARIABLE_SIZE_MAX];
	size_t length = sizeof(attributes) + size;
	ssize_t n;

	if (size > VARIABLE_SIZE_MAX)
		return -EFBIG;
	memcpy(whole, attributes, sizeof(attributes));
	memcpy(whole + sizeof(attributes), bytes, size);
	n = write(fd, whole, length);
	if (n < 0)
		return -errno;
	return (size_t)n == length ? 0 : -EIO;
}

/* The directory of NAME, which nothing keeps from being changed now; the caller closes it. */
static int open_for_change(const struct root *root, const char *name, bool *ret_was_immutable)
{
	_cleanup_free_ char *path = path_of(name);
	const char *file;
	int directory_fd = root_open_parent(root, path, &file), r;

	if (directory_fd < 0)
		return directory_fd;
	r = set_immutable(directory_fd, name, false, ret_was_immutable);
	if (r == 0)
		return directory_fd;
	close(directory_fd);
	return r;
}

int efi_variable_write(const struct root *root, const char *name, const char *bytes, size_t size)
{
	bool is_new, was_immutable;
	_cleanup_close_ int directory_fd = open_for_change(root, name, &was_immutable);
	_cleanup_close_ int fd = -1;
	const int flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC;
	int r;

	if (directory_fd < 0)
		return directory_fd;
	fd = openat(directory_fd, name, flags);
	is_new = fd < 0 && errno == ENOENT;
	if (is_new)
		fd = openat(directory_fd, name, flags | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return -errno;
	r = write_once(fd, bytes, size);
	if (r < 0 && is_new)
		unlinkat(directory_fd, name, 0);
	if (was_immutable)
		set_immutable(directory_fd, name, true, &was_immutable);
	return r;
}

int efi_variable_remove(const struct root *root, const char *name)
{
	bool was_immutable;
	_cleanup_close_ int directory_fd = open_for_change(root, name, &was_immutable);

	if (directory_fd < 0)
		return directory_fd;
	return unlinkat(directory_fd, name, 0) < 0 ? -errno : 0;
}
