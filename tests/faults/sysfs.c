/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sysfs.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define DEVICES     "sys/bus/pci/devices"
#define DRIVERS     "sys/bus/pci/drivers"
#define HOST_DRIVER ".host-driver"
#define FUNCTIONS   ".functions"
#define TEXT_SIZE   4097

/* --- the files of a device */

static char *path_of(const struct host *host, const struct device *device, const char *name)
{
	return memory_printf("%s/%s/%s", host->root, device->directory, name);
}

/* What is there as text, "" when there is nothing. Without the newline. */
static void read_text(const char *path, char text[static TEXT_SIZE])
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, TEXT_SIZE - 1);

	text[length > 0 ? length : 0] = '\0';
	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = '\0';
}

static void read_name(const struct host *host, const struct device *device, const char *file,
		      char name[static NAME_SIZE])
{
	_cleanup_free_ char *path = path_of(host, device, file);
	char text[TEXT_SIZE];

	read_text(path, text);
	snprintf(name, NAME_SIZE, "%.*s", NAME_SIZE - 1, text);
}

/* The file may be one that a campaign has replaced by what cannot be written. */
static void write_text(const char *path, const char *text)
{
	_cleanup_close_ int fd =
		open(path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		err(2, "%s", path);
}

static void save_driver_link(const struct host *host, const struct device *device)
{
	_cleanup_free_ char *link = path_of(host, device, "driver");
	char target[NAME_SIZE * 4] = "", *end = target;

	unlink(link);
	if (!device->driver[0])
		return;
	for (const char *c = device->directory; (c = strchr(c, '/')); c++)
		end = stpcpy(end, "../");
	stpcpy(stpcpy(end, "bus/pci/drivers/"), device->driver);
	if (symlink(target, link) < 0 && errno != EEXIST)
		err(2, "%s", link);
}

static void save_uevent(const struct host *host, const struct device *device)
{
	_cleanup_free_ char *path = path_of(host, device, "uevent");
	char text[TEXT_SIZE], *rest = text;

	read_text(path, text);
	if (strncmp(text, "DRIVER=", strlen("DRIVER=")) == 0)
		strsep(&rest, "\n");
	if (rest) {
		_cleanup_free_ char *line = device->driver[0]
						    ? memory_printf("DRIVER=%s\n", device->driver)
						    : memory_copy("", 0);
		_cleanup_free_ char *whole = memory_printf("%s%s\n", line, rest);

		write_text(path, whole);
	}
}

static void save_text(const struct host *host, const struct device *device, const char *name,
		      const char *text)
{
	_cleanup_free_ char *path = path_of(host, device, name);
	_cleanup_free_ char *line = memory_printf("%s\n", text);

	write_text(path, line);
}

static void save_number(const struct host *host, const struct device *device, const char *name,
			unsigned number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	save_text(host, device, name, text);
}

static void save_bus_link(const struct host *host, const struct device *device)
{
	_cleanup_free_ char *link = memory_printf("%s/" DEVICES "/%s", host->root, device->address);
	_cleanup_free_ char *target =
		memory_printf("../../../%s", device->directory + strlen("sys/"));

	unlink(link);
	if (device->is_on_bus && symlink(target, link) < 0)
		err(2, "%s", link);
}

/* The link `virtfnN` of a physical function. */
static void save_function_link(const struct host *host, const struct device *physical,
			       const struct device *device)
{
	_cleanup_free_ char *link =
		memory_printf("%s/%s/virtfn%u", host->root, physical->directory, device->number);
	_cleanup_free_ char *target = memory_printf("../%s", device->address);

	unlink(link);
	if (device->is_on_bus && symlink(target, link) < 0)
		err(2, "%s", link);
}

static struct device *find_device(struct sysfs *sysfs, const char *address)
{
	for (size_t i = 0; i < sysfs->device_count; i++) {
		if (strcmp(sysfs->devices[i].address, address) == 0)
			return &sysfs->devices[i];
	}
	return NULL;
}

const struct device *sysfs_find(const struct sysfs *sysfs, const char *address)
{
	return find_device((struct sysfs *)sysfs, address);
}

static void save_place(struct host *host, const struct device *device)
{
	struct device *physical = find_device(&host->now, device->physical);

	save_bus_link(host, device);
	if (physical)
		save_function_link(host, physical, device);
}

/* Write down what of DEVICE is not as in BEFORE. */
static void save(struct host *host, const struct device *device, const struct device *before)
{
	if (strcmp(device->driver, before->driver) != 0) {
		save_driver_link(host, device);
		save_uevent(host, device);
	}
	if (strcmp(device->override, before->override) != 0)
		save_text(host, device, "driver_override", device->override);
	if (device->functions != before->functions)
		save_number(host, device, "sriov_numvfs", device->functions);
	if (device->autoprobe != before->autoprobe)
		save_number(host, device, "sriov_drivers_autoprobe", device->autoprobe);
	if (device->is_on_bus != before->is_on_bus)
		save_place(host, device);
}

static void save_ids(const struct host *host, const struct driver *driver)
{
	_cleanup_free_ char *path =
		memory_printf("%s/" DRIVERS "/%s/.ids", host->root, driver->name);
	_cleanup_free_ char *text = memory_copy("", 0);

	for (size_t i = 0; i < driver->id_count; i++) {
		_cleanup_free_ char *more = text;

		text = memory_printf("%s%x %x\n", more, driver->ids[i].vendor,
				     driver->ids[i].device);
	}
	write_text(path, text);
}

void host_restore(struct host *host, const struct sysfs *before)
{
	struct sysfs after = host->now;

	host->now = *before;
	for (size_t i = 0; i < before->device_count; i++)
		save(host, &host->now.devices[i], &after.devices[i]);
	for (size_t i = 0; i < before->driver_count; i++) {
		if (memcmp(&before->drivers[i], &after.drivers[i], sizeof(after.drivers[i])) != 0)
			save_ids(host, &before->drivers[i]);
	}
}

/* --- reading a tree */

static void read_driver_link(const struct host *host, struct device *device)
{
	_cleanup_free_ char *link = path_of(host, device, "driver");
	char target[PATH_MAX];
	ssize_t length = readlink(link, target, sizeof(target) - 1);

	target[length > 0 ? length : 0] = '\0';
	if (length > 0)
		snprintf(device->driver, NAME_SIZE, "%.*s", NAME_SIZE - 1,
			 strrchr(target, '/') + 1);
}

static void read_ids(const struct host *host, struct device *device)
{
	_cleanup_free_ char *path = path_of(host, device, "uevent");
	char text[TEXT_SIZE];
	const char *ids;

	read_text(path, text);
	ids = strstr(text, "PCI_ID=");
	if (!ids || sscanf(ids, "PCI_ID=%x:%x", &device->vendor, &device->device) != 2)
		errx(2, "%s: no PCI_ID", path);
}

static struct device *add_device(struct host *host, const char *address, const char *directory)
{
	struct device *device = &host->now.devices[host->now.device_count];
	char text[NAME_SIZE];

	if (++host->now.device_count == DEVICES_MAX)
		errx(2, "too many devices");
	snprintf(device->address, sizeof(device->address), "%s", address);
	snprintf(device->directory, sizeof(device->directory), "%s", directory);
	read_ids(host, device);
	read_driver_link(host, device);
	read_name(host, device, "driver_override", device->override);
	read_name(host, device, HOST_DRIVER, device->host_driver);
	read_name(host, device, "sriov_numvfs", text);
	device->functions = (unsigned)strtoul(text, NULL, 10);
	read_name(host, device, "sriov_drivers_autoprobe", text);
	device->autoprobe = strcmp(text, "1") == 0;
	return device;
}

static void add_from_bus(struct host *host, const char *address)
{
	_cleanup_free_ char *link = memory_printf("%s/" DEVICES "/%s", host->root, address);
	_cleanup_free_ char *path = realpath(link, NULL);

	if (!path || strncmp(path, host->root, strlen(host->root)) != 0)
		errx(2, "%s leads nowhere", link);
	add_device(host, address, path + strlen(host->root) + 1)->is_on_bus = true;
}

/* Those that are not on the bus by now. */
static void add_functions(struct host *host, const struct device *physical)
{
	_cleanup_free_ char *path = path_of(host, physical, FUNCTIONS);
	char text[TEXT_SIZE], *rest = text;
	unsigned number = 0;

	read_text(path, text);
	for (char *address; (address = strsep(&rest, "\n")) && *address;) {
		struct device *device = find_device(&host->now, address);

		if (!device) {
			_cleanup_free_ char *directory =
				memory_printf("%.*s/%s",
					      (int)(strrchr(physical->directory, '/') -
						    physical->directory),
					      physical->directory, address);

			device = add_device(host, address, directory);
		}
		strcpy(device->physical, physical->address);
		device->number = number++;
	}
}

static void each_name(const struct host *host, const char *directory,
		      void (*function)(struct host *host, const char *name), struct host *context)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", host->root, directory);
	_cleanup_closedir_ DIR *names = opendir(path);
	struct dirent *entry;

	if (!names)
		err(2, "%s", path);
	while ((entry = readdir(names))) {
		if (entry->d_name[0] != '.')
			function(context, entry->d_name);
	}
}

static void add_id(struct driver *driver, unsigned vendor, unsigned device)
{
	if (driver->id_count == IDS_MAX)
		errx(2, "too many ids for %s", driver->name);
	driver->ids[driver->id_count].vendor = vendor;
	driver->ids[driver->id_count++].device = device;
}

static void add_driver(struct host *host, const char *name)
{
	struct driver *driver = &host->now.drivers[host->now.driver_count];
	_cleanup_free_ char *path = memory_printf("%s/" DRIVERS "/%s/.ids", host->root, name);
	char text[TEXT_SIZE], *rest = text;
	unsigned vendor, device;

	if (++host->now.driver_count == DRIVERS_MAX)
		errx(2, "too many drivers");
	snprintf(driver->name, sizeof(driver->name), "%.*s", NAME_SIZE - 1, name);
	read_text(path, text);
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (sscanf(line, "%x %x", &vendor, &device) == 2)
			add_id(driver, vendor, device);
	}
}

static int compare_devices(const void *a, const void *b)
{
	const struct device *left = a, *right = b;

	return strcmp(left->address, right->address);
}

static void read_all(struct host *host)
{
	host->now = (struct sysfs){ 0 };
	each_name(host, DEVICES, add_from_bus, host);
	for (size_t i = 0, count = host->now.device_count; i < count; i++)
		add_functions(host, &host->now.devices[i]);
	qsort(host->now.devices, host->now.device_count, sizeof(host->now.devices[0]),
	      compare_devices);
	if (!host->is_real)
		each_name(host, DRIVERS, add_driver, host);
}

struct host host_open(const char *root)
{
	struct host host = { .root = realpath(root, NULL) };

	if (!host.root)
		err(2, "%s", root);
	host.is_real = strcmp(host.root, "/") == 0;
	if (host.is_real)
		host.root[0] = '\0';
	read_all(&host);
	return host;
}

void host_look(struct host *host)
{
	if (host->is_real)
		read_all(host);
}

void host_close(struct host *host)
{
	free(host->root);
	*host = (struct host){ 0 };
}

/* --- what the kernel does */

static struct driver *find_driver(struct sysfs *sysfs, const char *name)
{
	for (size_t i = 0; i < sysfs->driver_count; i++) {
		if (strcmp(sysfs->drivers[i].name, name) == 0)
			return &sysfs->drivers[i];
	}
	return NULL;
}

static bool has_id(const struct driver *driver, const struct device *device)
{
	for (size_t i = 0; i < driver->id_count; i++) {
		if (driver->ids[i].vendor == device->vendor &&
		    driver->ids[i].device == device->device)
			return true;
	}
	return false;
}

/* pci_match_device() */
static bool matches(const struct driver *driver, const struct device *device)
{
	if (strcmp(device->override, CLEARED) != 0)
		return strcmp(device->override, driver->name) == 0;
	return has_id(driver, device) || strcmp(device->host_driver, driver->name) == 0;
}

/* bind_store() */
static int bind_to(struct driver *driver, struct device *device)
{
	if (!device || !device->is_on_bus || !matches(driver, device))
		return -ENODEV;
	if (device->driver[0])
		return -EBUSY;
	strcpy(device->driver, driver->name);
	return 0;
}

/* The kernel asks the drivers in the order in which they came; a stub came before the host's. */
static void probe(struct sysfs *sysfs, struct device *device)
{
	for (size_t i = 0; i < sysfs->driver_count && !device->driver[0]; i++) {
		if (has_id(&sysfs->drivers[i], device))
			bind_to(&sysfs->drivers[i], device);
	}
	for (size_t i = 0; i < sysfs->driver_count && !device->driver[0]; i++)
		bind_to(&sysfs->drivers[i], device);
}

static int unbind(const struct driver *driver, struct device *device)
{
	if (!device || strcmp(device->driver, driver->name) != 0)
		return -ENODEV;
	device->driver[0] = '\0';
	return 0;
}

static int new_id(struct sysfs *sysfs, struct driver *driver, unsigned vendor, unsigned device)
{
	add_id(driver, vendor, device);
	for (size_t i = 0; i < sysfs->device_count; i++) {
		if (sysfs->devices[i].is_on_bus && !sysfs->devices[i].driver[0])
			bind_to(driver, &sysfs->devices[i]);
	}
	return 0;
}

static int remove_id(struct driver *driver, unsigned vendor, unsigned device)
{
	for (size_t i = 0; i < driver->id_count; i++) {
		if (driver->ids[i].vendor != vendor || driver->ids[i].device != device)
			continue;
		driver->ids[i] = driver->ids[--driver->id_count];
		return 0;
	}
	return -ENODEV;
}

/* An attribute of the directory of a driver. */
static int write_driver(struct sysfs *sysfs, const char *path, const char *text)
{
	char name[NAME_SIZE] = "", attribute[NAME_SIZE] = "";
	unsigned vendor = 0, id = 0;
	struct device *device = find_device(sysfs, text);
	struct driver *driver;

	sscanf(path, "%63[^/]/%63[^/]", name, attribute);
	driver = find_driver(sysfs, name);
	if (!driver)
		return -ENODEV;
	if (strcmp(attribute, "bind") == 0)
		return bind_to(driver, device);
	if (strcmp(attribute, "unbind") == 0)
		return unbind(driver, device);
	if (sscanf(text, "%x %x", &vendor, &id) < 2)
		return -EINVAL;
	return strcmp(attribute, "new_id") == 0 ? new_id(sysfs, driver, vendor, id)
						: remove_id(driver, vendor, id);
}

/* sriov_numvfs_store() */
static int set_functions(struct sysfs *sysfs, struct device *physical, unsigned count)
{
	if (!physical->driver[0])
		return -ENOENT;
	if (count && physical->functions)
		return -EBUSY;
	for (size_t i = 0; i < sysfs->device_count; i++) {
		struct device *device = &sysfs->devices[i];

		if (strcmp(device->physical, physical->address) != 0)
			continue;
		device->is_on_bus = device->number < count;
		strcpy(device->override, CLEARED);
		device->driver[0] = '\0';
		if (device->is_on_bus && physical->autoprobe)
			probe(sysfs, device);
	}
	physical->functions = count;
	return 0;
}

/* driver_set_override() */
static int set_override(struct device *device, const char *text)
{
	if (strlen(text) >= NAME_SIZE)
		return -EINVAL;
	strcpy(device->override, *text ? text : CLEARED);
	return 0;
}

/* uevent_store(): udev is told, and what is read there stays as it is. */
static int announce(const char *text)
{
	return strcmp(text, "add") == 0 ? 0 : -EINVAL;
}

static int write_device(struct sysfs *sysfs, struct device *device, const char *name,
			const char *text, bool *ret_is_ours)
{
	*ret_is_ours = true;
	if (strcmp(name, "driver_override") == 0)
		return set_override(device, text);
	if (strcmp(name, "sriov_numvfs") == 0)
		return set_functions(sysfs, device, (unsigned)strtoul(text, NULL, 10));
	if (strcmp(name, "sriov_drivers_autoprobe") == 0)
		return device->autoprobe = strcmp(text, "1") == 0, 0;
	if (strcmp(name, "uevent") == 0)
		return announce(text);
	*ret_is_ours = false;
	return 0;
}

static int write_any_device(struct sysfs *sysfs, const char *path, const char *text,
			    bool *ret_is_ours)
{
	const char *name = strrchr(path, '/');

	for (size_t i = 0; i < sysfs->device_count; i++) {
		struct device *device = &sysfs->devices[i];
		size_t length = strlen(device->directory);

		if (name - path == (ssize_t)length && strncmp(path, device->directory, length) == 0)
			return write_device(sysfs, device, name + 1, text, ret_is_ours);
	}
	return 0;
}

static int write_attribute(struct sysfs *sysfs, const char *path, const char *text,
			   bool *ret_is_ours)
{
	struct device *device = find_device(sysfs, text);

	*ret_is_ours = true;
	if (strncmp(path, DRIVERS "/", strlen(DRIVERS "/")) == 0)
		return write_driver(sysfs, path + strlen(DRIVERS "/"), text);
	if (strcmp(path, "sys/bus/pci/drivers_probe") == 0) {
		if (device && device->is_on_bus)
			probe(sysfs, device);
		return device && device->is_on_bus ? 0 : -ENODEV;
	}
	*ret_is_ours = false;
	return write_any_device(sysfs, path, text, ret_is_ours);
}

ssize_t host_write(struct host *host, const char *path, const char *text, size_t length,
		   bool *ret_is_ours)
{
	struct sysfs after = host->now;
	size_t root_length = strlen(host->root);
	_cleanup_free_ char *line = memory_copy(text, strcspn(text, "\n"));
	int r;

	*ret_is_ours = false;
	if (host->is_real || strncmp(path, host->root, root_length) != 0 ||
	    path[root_length] != '/')
		return 0;
	r = write_attribute(&after, path + root_length + 1, line, ret_is_ours);
	/* It would stay in the file, for all runs after this one. */
	if (!*ret_is_ours && strncmp(path + root_length, "/sys/", strlen("/sys/")) == 0)
		errx(2, "%s: nothing here says what a write to it does", path);
	if (r < 0)
		return r;
	host_restore(host, &after);
	return (ssize_t)length;
}
