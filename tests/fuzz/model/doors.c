/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands for src/system/module.c, command.c and netlink.c, and for src/probe/xen/hypercall.c. */
#include "model/doors.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/kernel.h"
#include "model/model.h"
#include "probe/xen/hypercall.h"
#include "system/child.h"
#include "system/command.h"
#include "system/module.h"
#include "system/netlink.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"

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

/* system/module.h */

struct module_index {
	char unused;
};

struct module_index *module_index_open(const struct root *root)
{
	(void)root;
	return index_is_lost || door_only("modules.dep.bin") < 0
		       ? NULL
		       : memory_new(1, sizeof(struct module_index));
}

struct module_index *module_index_open_release(const struct root *root, const char *release)
{
	(void)release;
	return module_index_open(root);
}

void module_index_close(struct module_index *index)
{
	free(index);
}

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

char *module_find_variant(struct module_index *index, const char *modalias)
{
	const struct device *device = index ? find_alias(modalias) : NULL;

	for (const struct module *module = kernel_modules(); device && module;
	     module = module->next) {
		if (module->variant && strcmp(module->variant, device->native) == 0)
			return memory_copy(module->name, strlen(module->name));
	}
	return NULL;
}

bool module_has_switch(struct module_index *index, const char *name, const char *option)
{
	const struct module *module = index ? kernel_find_module(name) : NULL;
	char *rest = module ? arena_copy(module->options, strlen(module->options)) : NULL;
	struct parameter parameter;

	while (rest && (rest = parameter_next(rest, &parameter))) {
		if (text_parameter_equal(parameter.name, option))
			return true;
	}
	return false;
}

int module_each_file(struct module_index *index, const char *name,
		     int (*function)(const char *path, void *context), void *context)
{
	if (!index || !kernel_find_module(name))
		return -ENOENT;
	return function(arena_printf("kernel/%s.ko", name), context);
}

struct load {
	const char *name, *options;
};

static int load(void *context)
{
	const struct load *its = context;

	return kernel_load(its->name, its->options);
}

int netlink_each_route(void (*function)(const struct nlmsghdr *message, void *context),
		       void *context)
{
	(void)function, (void)context;
	return -EAFNOSUPPORT;
}

int module_load(struct module_index *index, const char *name, const char *options, int timeout_ms)
{
	struct load its = { name, options };

	return index ? child_run(load, &its, timeout_ms, NULL) : -ENOENT;
}

int module_load_alias(struct module_index *index, const char *alias, int timeout_ms)
{
	const struct device *device = index && alias ? find_alias(alias) : NULL;
	struct load its = { device ? device->native : "", NULL };

	if (!index || !alias)
		return -ENOENT;
	return child_run(load, &its, timeout_ms, NULL);
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

int command_output(const char *const arguments[], int timeout_ms, size_t limit, char **ret)
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
	return 0;
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
