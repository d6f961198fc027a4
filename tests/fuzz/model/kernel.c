/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "util/parameter.h"
#include "util/text.h"
#include "want/hide.h"

#define DEVICES       "sys/bus/pci/devices"
#define DRIVERS       "sys/bus/pci/drivers"
#define ANY           UINT32_MAX
#define CLASS_BRIDGE  0x0604
#define OVERRIDE_MAX  4096
#define VF_OFFSET     16
#define VF_GROUP_BASE 1000

static struct device *devices, *last_device;
static struct driver *drivers, *last_driver;
static struct module *modules;
static unsigned vf_groups;
static bool in_dom0;
static const struct kernel_watcher *watcher;

void kernel_reset(void)
{
	devices = last_device = NULL;
	drivers = last_driver = NULL;
	modules = NULL;
	vf_groups = 0;
	in_dom0 = false;
	watcher = NULL;
}

struct device *kernel_devices(void)
{
	return devices;
}

struct driver *kernel_drivers(void)
{
	return drivers;
}

struct module *kernel_modules(void)
{
	return modules;
}

void kernel_set_dom0(bool is_dom0)
{
	in_dom0 = is_dom0;
}

void kernel_watch(const struct kernel_watcher *its)
{
	watcher = its;
}

bool device_is_there(const struct device *device)
{
	return device->link;
}

bool device_has_stub(const struct device *device)
{
	return device->driver && device->driver->is_stub;
}

static bool is_stub_name(const char *name)
{
	return strcmp(name, "vfio-pci") == 0 || strcmp(name, "pciback") == 0 ||
	       strcmp(name, "pci-stub") == 0 || strstr(name, "vfio");
}

bool device_is_claimed(const struct device *device)
{
	return device->override &&
	       (is_stub_name(device->override) || strcmp(device->override, "none") == 0);
}

struct device *kernel_find(const char *name)
{
	for (struct device *device = devices; device; device = device->next) {
		if (device->link && strcmp(device->name, name) == 0)
			return device;
	}
	return NULL;
}

/* The address in what was written to an attribute: the kernel finds a device by its name. */
static struct device *find_written(const char *text)
{
	return kernel_find(arena_copy(text, strcspn(text, "\n")));
}

/* Binding */

static bool entry_matches(const struct entry *entry, const struct device *device)
{
	const uint32_t *fields = entry->fields;

	return fields[0] == device->vendor && fields[1] == device->device &&
	       (fields[2] == ANY || fields[2] == device->subvendor) &&
	       (fields[3] == ANY || fields[3] == device->subdevice) &&
	       ((fields[4] ^ device->class) & fields[5]) == 0;
}

static bool is_listed(const struct driver *driver, const struct device *device)
{
	for (const struct entry *entry = driver->ids; entry; entry = entry->next) {
		if (entry_matches(entry, device))
			return true;
	}
	for (const struct entry *entry = driver->slots; entry; entry = entry->next) {
		if (address_compare(&entry->address, &device->address) == 0)
			return true;
	}
	return false;
}

static bool matches(const struct driver *driver, const struct device *device)
{
	if (device->override)
		return strcmp(device->override, driver->name) == 0;
	return strcmp(device->native, driver->name) == 0 || is_listed(driver, device);
}

static struct entry *add_entry(struct entry **list)
{
	struct entry *entry = arena_new(sizeof(*entry));

	entry->next = *list;
	*list = entry;
	return entry;
}

static int stub_probe(const struct driver *driver, const struct device *device)
{
	if (device->stub_error)
		return device->stub_error;
	if (!driver->is_vfio)
		return 0;
	if (device->class >> 8 == CLASS_BRIDGE || !node_child(device->directory, "iommu_group", 11))
		return -EINVAL;
	return device->vf_count ? -EBUSY : 0;
}

static void note_slot(struct driver *driver, const struct device *device)
{
	for (const struct entry *entry = driver->slots; entry; entry = entry->next) {
		if (address_compare(&entry->address, &device->address) == 0)
			return;
	}
	add_entry(&driver->slots)->address = device->address;
}

static void put_link(struct node *directory, const char *name, const char *target)
{
	struct node *link = node_new(directory, name, NODE_LINK);

	link->bytes = target;
	link->size = strlen(target);
}

static int probe(struct driver *driver, struct device *device)
{
	int r = driver->is_stub ? stub_probe(driver, device) : device->native_error;

	process_sleep(device->probe_us);
	if (r < 0)
		return r;
	if (driver->is_pciback)
		note_slot(driver, device);
	device->driver = driver;
	put_link(device->directory, "driver", arena_printf("/" DRIVERS "/%s", driver->name));
	node_new(driver->directory, device->name, NODE_LINK);
	trace("# %s gets %s\n", driver->name, device->name);
	if (watcher)
		watcher->on_bind(device, driver);
	return 0;
}

static void remove_vfs(struct device *device);

static void unbind(struct device *device)
{
	struct node *link = node_child(device->directory, "driver", 6);

	if (!device->driver)
		return;
	trace("# %s loses %s\n", device->driver->name, device->name);
	if (link)
		node_remove(link);
	link = node_child(device->driver->directory, device->name, strlen(device->name));
	if (link)
		node_remove(link);
	device->driver = NULL;
	remove_vfs(device);
}

/* Offer DEVICE to all drivers, or to DRIVER alone. */
static void attach(struct device *device)
{
	for (struct driver *driver = drivers; driver && !device->driver; driver = driver->next) {
		if (matches(driver, device))
			probe(driver, device);
	}
}

static void attach_driver(struct driver *driver)
{
	for (struct device *device = devices; device; device = device->next) {
		if (device->link && !device->driver && matches(driver, device))
			probe(driver, device);
	}
}

/* Attributes of drivers */

static int write_bind(void *owner, const char *text)
{
	struct driver *driver = owner;
	struct device *device = find_written(text);

	if (!device || !matches(driver, device))
		return -ENODEV;
	return device->driver ? -EBUSY : probe(driver, device);
}

static int write_unbind(void *owner, const char *text)
{
	struct device *device = find_written(text);

	if (!device || device->driver != owner)
		return -ENODEV;
	process_sleep(device->probe_us);
	unbind(device);
	return 0;
}

static int parse_ids(const char *text, uint32_t fields[static 6])
{
	fields[2] = fields[3] = ANY;
	fields[4] = fields[5] = 0;
	return sscanf(text, "%x %x %x %x %x %x", &fields[0], &fields[1], &fields[2], &fields[3],
		      &fields[4], &fields[5]) < 2
		       ? -EINVAL
		       : 0;
}

static int write_new_id(void *owner, const char *text)
{
	struct driver *driver = owner;
	uint32_t fields[6];

	if (parse_ids(text, fields) < 0)
		return -EINVAL;
	for (const struct entry *entry = driver->ids; entry; entry = entry->next) {
		if (memcmp(entry->fields, fields, sizeof(fields)) == 0)
			return -EEXIST;
	}
	memcpy(add_entry(&driver->ids)->fields, fields, sizeof(fields));
	attach_driver(driver);
	return 0;
}

/* linux/drivers/pci/pci-driver.c remove_id_store: the first that fits, by these fields. */
static int write_remove_id(void *owner, const char *text)
{
	struct driver *driver = owner;
	uint32_t fields[6];

	if (parse_ids(text, fields) < 0)
		return -EINVAL;
	for (struct entry **entry = &driver->ids; *entry; entry = &(*entry)->next) {
		if ((*entry)->fields[0] == fields[0] && (*entry)->fields[1] == fields[1] &&
		    (fields[2] == ANY || (*entry)->fields[2] == fields[2]) &&
		    (fields[3] == ANY || (*entry)->fields[3] == fields[3])) {
			*entry = (*entry)->next;
			return 0;
		}
	}
	return -ENODEV;
}

static int parse_slot(const char *text, struct pci_address *ret)
{
	return address_parse(arena_copy(text, strcspn(text, "\n")), ret);
}

static int write_new_slot(void *owner, const char *text)
{
	struct driver *driver = owner;
	struct pci_address address;

	if (parse_slot(text, &address) < 0)
		return -EINVAL;
	add_entry(&driver->slots)->address = address;
	return 0;
}

static int write_remove_slot(void *owner, const char *text)
{
	struct driver *driver = owner;
	struct pci_address address;

	if (parse_slot(text, &address) < 0)
		return -EINVAL;
	for (struct entry **entry = &driver->slots; *entry; entry = &(*entry)->next) {
		if (address_compare(&(*entry)->address, &address) == 0) {
			*entry = (*entry)->next;
			return 0;
		}
	}
	return -ENOENT;
}

static int read_addresses(const struct entry *list, char *buffer, size_t size)
{
	size_t used = 0;

	for (; list && used + ADDRESS_SIZE + 1 < size; list = list->next) {
		address_format(&list->address, buffer + used);
		used += strlen(buffer + used);
		buffer[used++] = '\n';
	}
	return (int)used;
}

static int read_slots(void *owner, char *buffer, size_t size)
{
	return read_addresses(((const struct driver *)owner)->slots, buffer, size);
}

static int read_permissive(void *owner, char *buffer, size_t size)
{
	return read_addresses(((const struct driver *)owner)->permissive, buffer, size);
}

static int write_permissive(void *owner, const char *text)
{
	struct driver *driver = owner;
	const struct device *device = find_written(text);

	if (!device || device->driver != driver)
		return -ENODEV;
	add_entry(&driver->permissive)->address = device->address;
	return 0;
}

static const struct {
	const char *name;
	struct attribute attribute;
	bool is_pcibacks;
} driver_attributes[] = {
	{ "bind", { .write = write_bind }, false },
	{ "unbind", { .write = write_unbind }, false },
	{ "new_id", { .write = write_new_id }, false },
	{ "remove_id", { .write = write_remove_id }, false },
	{ "new_slot", { .write = write_new_slot }, true },
	{ "remove_slot", { .write = write_remove_slot }, true },
	{ "slots", { .read = read_slots }, true },
	{ "permissive", { .read = read_permissive, .write = write_permissive }, true },
};

static void add_attribute(struct node *directory, const char *name,
			  const struct attribute *attribute, void *owner)
{
	struct node *node = node_child(directory, name, strlen(name));

	if (!node)
		node = node_new(directory, name, NODE_FILE);
	node->kind = NODE_FILE;
	node->attribute = attribute;
	node->owner = owner;
}

static struct driver *register_driver(const char *name, const char *module)
{
	struct driver *driver = arena_new(sizeof(*driver));

	driver->name = name;
	driver->module = module;
	driver->is_pciback = strcmp(name, "pciback") == 0;
	driver->is_vfio = strstr(name, "vfio");
	driver->is_stub = is_stub_name(name);
	driver->directory = model_directory(arena_printf(DRIVERS "/%s", name));
	for (size_t i = 0; i < sizeof(driver_attributes) / sizeof(driver_attributes[0]); i++) {
		if (!driver_attributes[i].is_pcibacks || driver->is_pciback)
			add_attribute(driver->directory, driver_attributes[i].name,
				      &driver_attributes[i].attribute, driver);
	}
	if (module) {
		model_file(arena_printf("sys/module/%s/initstate", module), "live\n");
		model_link(arena_printf(DRIVERS "/%s/module", name),
			   arena_printf("../../../../module/%s", module));
	}
	if (last_driver)
		last_driver->next = driver;
	else
		drivers = driver;
	last_driver = driver;
	return driver;
}

/* Modules */

struct module *kernel_find_module(const char *name)
{
	for (struct module *module = modules; module; module = module->next) {
		if (text_parameter_equal(module->name, name))
			return module;
	}
	return NULL;
}

struct module *kernel_add_module(const char *name, const char *driver)
{
	struct module *module = kernel_find_module(name);

	if (module)
		return module;
	module = arena_new(sizeof(*module));
	module->name = name;
	module->driver = driver;
	module->options = "";
	module->next = modules;
	modules = module;
	return module;
}

/* "8086:10d3,1:2:3:4" */
static void take_ids(struct driver *driver, const char *list)
{
	char *copy = arena_copy(list, strlen(list));

	for (char *item; (item = strsep(&copy, ","));) {
		uint32_t fields[6];

		for (char *c = item; (c = strchr(c, ':'));)
			*c = ' ';
		if (*item && parse_ids(item, fields) == 0)
			memcpy(add_entry(&driver->ids)->fields, fields, sizeof(fields));
	}
}

/* hide= of addresses alone, which is all that this model needs of it. */
static void take_slots(struct driver *driver, const char *list)
{
	struct address_pattern pattern;
	size_t length;

	for (; *list && hide_group_parse(list, &pattern, &length) == 0; list += length)
		add_entry(&driver->slots)->address = pattern.address;
}

/* Of an option that is given twice the last one counts. */
static void take_options(struct driver *driver, const char *options)
{
	const char *ids = "", *hide = "";
	char *rest = arena_copy(options, strlen(options));
	struct parameter parameter;

	while ((rest = parameter_next(rest, &parameter))) {
		if (strcmp(parameter.name, "ids") == 0)
			ids = parameter.value ? parameter.value : "";
		else if (strcmp(parameter.name, "hide") == 0)
			hide = parameter.value ? parameter.value : "";
	}
	if (driver->is_pciback)
		take_slots(driver, hide);
	else if (driver->is_stub)
		take_ids(driver, ids);
}

static void start(struct module *module, const char *options)
{
	struct driver *driver;

	module->is_loaded = true;
	if (!module->driver)
		return;
	driver = register_driver(module->driver, module->is_builtin ? NULL : module->name);
	take_options(driver, options);
	attach_driver(driver);
}

int kernel_load(const char *name, const char *options)
{
	struct module *module = kernel_find_module(name);
	int r = door_begin(arena_printf("lib/modules/%s", name));

	if (r)
		return r < 0 ? r : 0;
	if (!module || module->is_missing)
		return -ENOENT;
	if (module->is_loaded)
		return 0;
	process_sleep(module->load_us);
	if (module->error)
		return module->error;
	if (text_parameter_equal(module->name, "xen-pciback") && !in_dom0)
		return -ENODEV;
	trace("# module %s is loaded: %s %s\n", name, module->options, options ? options : "");
	start(module, arena_printf("%s %s", module->options, options ? options : ""));
	return door_end(0);
}

void kernel_start_builtin(struct module *module)
{
	module->is_builtin = true;
	start(module, module->options);
}

/* Attributes of devices */

static int read_uevent(void *owner, char *buffer, size_t size)
{
	const struct device *device = owner;
	size_t used = 0;

	if (device->driver)
		used = (size_t)snprintf(buffer, size, "DRIVER=%s\n", device->driver->name);
	return (int)used + snprintf(buffer + used, size - used,
				    "PCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\n"
				    "PCI_SLOT_NAME=%s\n",
				    device->class, device->vendor, device->device,
				    device->subvendor, device->subdevice, device->name);
}

static int read_override(void *owner, char *buffer, size_t size)
{
	const struct device *device = owner;

	return snprintf(buffer, size, "%s\n", device->override ? device->override : "(null)");
}

static int write_override(void *owner, const char *text)
{
	struct device *device = owner;

	if (strlen(text) >= OVERRIDE_MAX)
		return -EINVAL;
	device->override = strcspn(text, "\n") ? arena_copy(text, strcspn(text, "\n")) : NULL;
	if (watcher)
		watcher->on_override(device);
	return 0;
}

/* Success, whether a driver was found or not. */
static int write_probe(void *owner, const char *text)
{
	struct device *device = find_written(text);

	(void)owner;
	if (!device)
		return -ENODEV;
	attach(device);
	return 0;
}

/* Where udev runs, it loads the driver then. */
static int write_uevent(void *owner, const char *text)
{
	const struct device *device = owner;

	if (strncmp(text, "add", 3) != 0)
		return -EINVAL;
	if (model_find("run/udev/control"))
		kernel_load(device->native, NULL);
	return 0;
}

static int read_totalvfs(void *owner, char *buffer, size_t size)
{
	return snprintf(buffer, size, "%u\n", ((const struct device *)owner)->vf_total);
}

static int read_numvfs(void *owner, char *buffer, size_t size)
{
	return snprintf(buffer, size, "%u\n", ((const struct device *)owner)->vf_count);
}

static int read_autoprobe(void *owner, char *buffer, size_t size)
{
	return snprintf(buffer, size, "%d\n", ((const struct device *)owner)->autoprobes);
}

static int write_autoprobe(void *owner, const char *text)
{
	if (*text != '0' && *text != '1')
		return -EINVAL;
	((struct device *)owner)->autoprobes = *text == '1';
	return 0;
}

static bool vf_address(const struct device *physical, unsigned number, struct pci_address *ret)
{
	unsigned id = (unsigned)physical->address.bus << 8 | (unsigned)physical->address.slot << 3 |
		      physical->address.function;

	id += VF_OFFSET + number;
	*ret = (struct pci_address){ physical->address.domain, (uint8_t)(id >> 8),
				     (uint8_t)(id >> 3 & 0x1f), (uint8_t)(id & 7) };
	return id <= 0xffff;
}

/* Where the physical function has them, the virtual one has a group and a unit as well. */
static void put_in_group(const struct device *physical, struct node *directory, const char *name)
{
	const struct node *group = node_child(physical->directory, "iommu_group", 11);
	const struct node *unit = node_child(physical->directory, "iommu", 5);
	unsigned number = VF_GROUP_BASE + vf_groups++;

	if (!group)
		return;
	put_link(directory, "iommu_group", arena_printf("/sys/kernel/iommu_groups/%u", number));
	model_file(arena_printf("sys/kernel/iommu_groups/%u/devices/%s", number, name), "");
	model_file(arena_printf("sys/kernel/iommu_groups/%u/type", number), "DMA\n");
	if (unit)
		put_link(directory, "iommu", unit->bytes);
}

static bool add_vf(struct device *physical, unsigned number)
{
	struct pci_address address;
	struct device *device;
	struct node *directory, *link;
	char name[ADDRESS_SIZE];
	const char *place;

	if (!vf_address(physical, number, &address) || kernel_find(address_format(&address, name)))
		return false;
	place = arena_printf("%s/%s", node_path(physical->directory->parent), name);
	if (model_find(place))
		return false;
	directory = model_directory(place);
	put_in_group(physical, directory, name);
	model_link(arena_printf("%s/physfn", place), arena_printf("../%s", physical->name));
	model_link(arena_printf("%s/virtfn%u", node_path(physical->directory), number),
		   arena_printf("../%s", name));
	model_file(arena_printf("%s/uevent", place),
		   arena_printf("PCI_CLASS=%X\nPCI_ID=%04X:%04X\n", physical->class,
				physical->vendor, physical->device ^ 1));
	link = model_link(arena_printf(DEVICES "/%s", name),
			  arena_printf("../../../%s", place + strlen("sys/")));
	device = kernel_adopt_device(link);
	device->physical = physical;
	device->vf_number = number;
	snprintf(device->native, sizeof(device->native), "%s", physical->native);
	if (physical->autoprobes || device->override)
		attach(device);
	return true;
}

static void remove_vfs(struct device *physical)
{
	for (struct device *device = devices; device; device = device->next) {
		if (device->physical == physical && device->link)
			kernel_unplug(device);
	}
	for (unsigned i = 0; i < physical->vf_count; i++) {
		const char *name = arena_printf("virtfn%u", i);
		struct node *link = node_child(physical->directory, name, strlen(name));

		if (link)
			node_remove(link);
	}
	physical->vf_count = 0;
}

/* linux/drivers/pci/pci-sysfs.c sriov_numvfs_store */
static int write_numvfs(void *owner, const char *text)
{
	struct device *device = owner;
	unsigned wanted;

	if (sscanf(text, "%u", &wanted) != 1)
		return -EINVAL;
	if (wanted > device->vf_total)
		return -ERANGE;
	if (wanted == device->vf_count)
		return 0;
	if (!device->driver || device->driver->is_stub)
		return -ENOENT;
	process_sleep(device->probe_us);
	if (!wanted) {
		remove_vfs(device);
		return 0;
	}
	if (device->vf_count)
		return -EBUSY;
	if (wanted > device->vf_most)
		wanted = device->vf_most;
	while (device->vf_count < wanted && add_vf(device, device->vf_count))
		device->vf_count++;
	if (device->vf_count == wanted)
		return 0;
	remove_vfs(device);
	return -ENOMEM;
}

static const struct {
	const char *name;
	struct attribute attribute;
	bool is_of_physical;
} device_attributes[] = {
	{ "uevent", { .read = read_uevent, .write = write_uevent }, false },
	{ "driver_override", { .read = read_override, .write = write_override }, false },
	{ "sriov_totalvfs", { .read = read_totalvfs }, true },
	{ "sriov_numvfs", { .read = read_numvfs, .write = write_numvfs }, true },
	{ "sriov_drivers_autoprobe", { .read = read_autoprobe, .write = write_autoprobe }, true },
};

/* Life */

static bool parse_uevent(struct device *device, const char *text)
{
	bool has_class = false, has_id = false;

	for (; text && *text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL) {
		has_class |= sscanf(text, "PCI_CLASS=%x", &device->class) == 1;
		has_id |= sscanf(text, "PCI_ID=%x:%x", &device->vendor, &device->device) == 2;
		sscanf(text, "PCI_SUBSYS_ID=%x:%x", &device->subvendor, &device->subdevice);
		sscanf(text, "DRIVER=%63s", device->native);
	}
	/* Who it was recorded with was no driver of the host's. */
	if (is_stub_name(device->native))
		device->native[0] = '\0';
	return has_class && has_id;
}

static unsigned number_in(const struct node *directory, const char *name)
{
	const struct node *node = node_child(directory, name, strlen(name));
	unsigned number = 0;

	if (node)
		sscanf(node->bytes, "%u", &number);
	return number;
}

struct device *kernel_adopt_device(struct node *link)
{
	struct node *directory = model_find(arena_printf(DEVICES "/%s", link->name)), *uevent;
	struct device *device = arena_new(sizeof(*device));

	if (!directory || directory->kind != NODE_DIRECTORY ||
	    address_parse(link->name, &device->address) < 0)
		return NULL;
	uevent = node_child(directory, "uevent", strlen("uevent"));
	if (!uevent || !parse_uevent(device, uevent->bytes))
		return NULL;
	device->directory = directory;
	device->place = directory->parent;
	device->link = link;
	device->target = link->bytes;
	address_format(&device->address, device->name);
	device->vf_total = device->vf_most = number_in(directory, "sriov_totalvfs");
	device->autoprobes = true;
	for (size_t i = 0; i < sizeof(device_attributes) / sizeof(device_attributes[0]); i++) {
		if (!device_attributes[i].is_of_physical || device->vf_total)
			add_attribute(directory, device_attributes[i].name,
				      &device_attributes[i].attribute, device);
	}
	if (last_device)
		last_device->next = device;
	else
		devices = device;
	last_device = device;
	return device;
}

static void forget_drivers(void)
{
	struct node *directory = model_directory(DRIVERS);

	while (directory->children)
		node_remove(directory->children);
	directory = model_directory("sys/module");
	while (directory->children)
		node_remove(directory->children);
}

void kernel_adopt(void)
{
	static const struct attribute probe_attribute = { .write = write_probe };
	const struct node *bus = model_directory(DEVICES);

	forget_drivers();
	add_attribute(model_directory("sys/bus/pci"), "drivers_probe", &probe_attribute, NULL);
	for (struct node *link = bus->children; link; link = link->next)
		kernel_adopt_device(link);
}

static bool is_below(const struct device *device, const struct node *directory)
{
	const struct node *node = device->place;

	while (node && node != directory)
		node = node->parent;
	return node;
}

void kernel_unplug(struct device *device)
{
	if (!device->link)
		return;
	for (struct device *other = devices; other; other = other->next) {
		if (other != device && other->link && is_below(other, device->directory))
			kernel_unplug(other);
	}
	unbind(device);
	remove_vfs(device);
	node_remove(device->link);
	device->link = NULL;
	device->override = NULL;
	node_remove(device->directory);
}

/* Its directory is as it was, and its address is a new device's: no override, no functions. */
void kernel_plug(struct device *device)
{
	if (device->link || device->physical || !device->place->parent)
		return;
	node_put(device->place, device->directory);
	device->link = model_link(arena_printf(DEVICES "/%s", device->name), device->target);
	device->autoprobes = true;
	attach(device);
}
