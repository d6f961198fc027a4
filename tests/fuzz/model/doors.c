/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands for src/system/kmod.c, replay.c, command.c, netlink.c and efi_variable.c, and for
 * src/probe/xen/hypercall.c.
 */
#include "model/doors.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/kernel.h"
#include "model/model.h"
#include "probe/xen/hypercall.h"
#include "system/command.h"
#include "system/efi_variable.h"
#include "system/kmod.h"
#include "system/link_socket.h"
#include "system/netlink.h"
#include "system/replay.h"
#include "system/tree.h"
#include "util/memory.h"

#define SYSCTL_READCONSOLE 1
#define SYSCTL_PHYSINFO    3
#define HYPERCALL_SYSCTL   35
#define HYPERCALL_VERSION  17

static struct hypervisor hypervisor;
static const char *zpool;
static bool index_is_lost;

void doors_reset(void)
{
	hypervisor = (struct hypervisor){ .console = "", .cmdline = "" };
	zpool = NULL;
	index_is_lost = false;
}

struct hypervisor *doors_hypervisor(void)
{
	return &hypervisor;
}

void doors_set_zpool(const char *text)
{
	zpool = text;
}

void doors_lose_index(void)
{
	index_is_lost = true;
}

/* system/kmod.h and system/replay.h: one kernel stands behind both */

/* The device whose modalias this is. */
static const struct device *find_alias(const char *alias)
{
	for (const struct device *device = kernel_devices(); device; device = device->next) {
		const char *begin =
			arena_printf("pci:v%08Xd%08Xsv%08Xsd%08X", device->vendor, device->device,
				     device->subvendor, device->subdevice);

		if (strncmp(alias, begin, strlen(begin)) == 0)
			return device;
	}
	return NULL;
}

static char *find_variant(struct module_index *index, const char *alias)
{
	const struct device *device = find_alias(alias + strlen("vfio_"));

	(void)index;
	for (const struct module *module = kernel_modules(); device && module;
	     module = module->next) {
		if (module->variant && strcmp(module->variant, device->native) == 0)
			return memory_copy(module->name, strlen(module->name));
	}
	return NULL;
}

static char *options_of(struct module_index *index, const char *name)
{
	const struct module *module = kernel_find_module(name);

	(void)index;
	return module ? memory_dup(module->options) : NULL;
}

static int load(struct module_index *index, const char *name, const char *options)
{
	(void)index;
	return kernel_load(name, options);
}

static void close_index(struct module_index *index)
{
	free(index);
}

static struct module_index *open_index(void)
{
	static const struct module_access access = { find_variant, options_of, load, close_index };
	struct module_index *index = NULL;

	if (!index_is_lost && door_only("modules.dep.bin") >= 0) {
		index = memory_new(1, sizeof(*index));
		index->access = &access;
	}
	return index;
}

struct module_index *kmod_open(const struct root *root, const char *cmdline, void *context)
{
	(void)root, (void)cmdline, (void)context;
	return open_index();
}

struct module_index *kmod_open_release(const struct root *root, const char *release)
{
	(void)root, (void)release;
	return open_index();
}

void kmod_find_modules(struct module_index *index, const char *modalias, struct names *ret)
{
	(void)index, (void)modalias, (void)ret;
}

int kmod_list_add(struct module_index *index, const char *name, const char *cmdline,
		  struct module_list *list)
{
	(void)index, (void)cmdline;
	if (!kernel_find_module(name))
		return -ENOENT;
	module_section_add(module_list_add(list, name), arena_printf("kernel/%s.ko", name), "",
			   false);
	return 0;
}

struct module_index *replay_new(const struct root *root, const char *release,
				struct module_list *list, const char *cmdline)
{
	(void)root, (void)release, (void)cmdline;
	module_list_free(list);
	return open_index();
}

/* system/netlink.h */

int netlink_each_route(void (*function)(const struct nlmsghdr *message, void *context),
		       void *context)
{
	(void)function, (void)context;
	return -EAFNOSUPPORT;
}

/* system/link_socket.h */

int link_exchange(const struct root *root, const void *request, size_t size, void *answer)
{
	(void)root, (void)request, (void)size, (void)answer;
	return -EAFNOSUPPORT;
}

int link_listen(const struct root *root)
{
	(void)root;
	return -EAFNOSUPPORT;
}

void link_await(int fd, int timeout_ms)
{
	(void)fd, (void)timeout_ms;
}

/* probe/xen/hypercall.h */

int hypercall_open(const struct root *root, struct hypercall *ret)
{
	int r = root_exists(root, "dev/xen/privcmd");

	if (r == 0)
		*ret = (struct hypercall){ 0, -1 };
	return r;
}

void hypercall_close(struct hypercall *hypercall)
{
	*hypercall = (struct hypercall){ -1, -1 };
}

void *hypercall_buffer_new(const struct hypercall *hypercall, size_t size)
{
	(void)hypercall;
	return door_only("hypercall") < 0 ? NULL : memory_new(size, 1);
}

void hypercall_buffer_free(void *buffer, size_t size)
{
	(void)size;
	free(buffer);
}

/* struct xen_sysctl, at the offsets of facts/kernel-and-xen.md's release 4.11 to 4.22. */
static int sysctl(uint8_t *bytes)
{
	uint32_t command, version, count;
	uint64_t buffer;

	memcpy(&command, bytes, sizeof(command));
	memcpy(&version, bytes + 4, sizeof(version));
	if (version != hypervisor.version)
		return -EACCES;
	if (command == SYSCTL_PHYSINFO) {
		memcpy(bytes + 36, &hypervisor.capabilities, sizeof(uint32_t));
		return 0;
	}
	if (command != SYSCTL_READCONSOLE)
		return -ENOSYS;
	memcpy(&buffer, bytes + 16, sizeof(buffer));
	memcpy(&count, bytes + 24, sizeof(count));
	if (count > strlen(hypervisor.console))
		count = (uint32_t)strlen(hypervisor.console);
	memcpy((void *)(uintptr_t)buffer, hypervisor.console, count);
	memcpy(bytes + 24, &count, sizeof(count));
	return 0;
}

int hypercall_issue(const struct hypercall *hypercall, uint64_t op, uint64_t first, uint64_t second)
{
	int r = door_only("privcmd");

	(void)hypercall;
	if (r == 0)
		r = hypervisor.is_there ? hypervisor.error : -ENOSYS;
	if (r < 0)
		return r;
	if (op == HYPERCALL_SYSCTL)
		return sysctl((uint8_t *)(uintptr_t)first);
	if (op != HYPERCALL_VERSION)
		return -ENOSYS;
	strncpy((char *)(uintptr_t)second, hypervisor.cmdline, 1024);
	return 0;
}

/* system/command.h */

int command_output_bytes(const char *const arguments[], int timeout_ms, size_t limit, char **ret,
			 size_t *ret_size)
{
	int r = door_only(arguments[0]);

	(void)timeout_ms;
	if (r < 0)
		return r;
	if (!zpool || strcmp(arguments[0], "zpool") != 0)
		return -ENOENT;
	if (strlen(zpool) > limit)
		return -EFBIG;
	*ret = memory_copy(zpool, strlen(zpool));
	*ret_size = strlen(zpool);
	return 0;
}

int command_output(const char *const arguments[], int timeout_ms, size_t limit, char **ret)
{
	size_t size;

	return command_output_bytes(arguments, timeout_ms, limit, ret, &size);
}

int command_run(const char *const arguments[])
{
	int r = door_only(arguments[0]);

	return r < 0 ? r : -ENOENT;
}

/* libblkid and libc, where these would ask the real host. */

char *blkid_evaluate_tag(const char *token, const char *value, blkid_cache *cache)
{
	(void)token, (void)value, (void)cache;
	return NULL;
}

uid_t geteuid(void)
{
	return 0;
}

/* system/efi_variable.h: a host without UEFI */

int efi_variables_mount(struct module_index *modules)
{
	(void)modules;
	return -ENODEV;
}

int efi_variable_read(const struct root *root, const char *name, char *buffer, size_t size)
{
	(void)root, (void)name, (void)buffer, (void)size;
	return -ENODEV;
}

int efi_variable_write(const struct root *root, const char *name, const char *bytes, size_t size)
{
	(void)root, (void)name, (void)bytes, (void)size;
	return -ENODEV;
}

int efi_variable_remove(const struct root *root, const char *name)
{
	(void)root, (void)name;
	return -ENODEV;
}

/* system/tree.h: nothing is unpacked there */

int tree_put_directory(const struct root *root, const char *path)
{
	(void)root, (void)path;
	return -EROFS;
}

int tree_put_file(const struct root *root, const char *path, const char *bytes, size_t size)
{
	(void)root, (void)path, (void)bytes, (void)size;
	return -EROFS;
}

int tree_put_link(const struct root *root, const char *path, const char *target)
{
	(void)root, (void)path, (void)target;
	return -EROFS;
}
