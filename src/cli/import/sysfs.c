/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of files that say what is to be written to sysfs. */
#include <fnmatch.h>
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"

/* A value that is written to an attribute. */
struct attribute {
	struct import *import;
	char *directory;  /* in sysfs: "bus/pci/drivers/vfio-pci" */
	const char *name; /* "new_id" */
	const char *value, *origin;
};

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void not_understood(const struct attribute *attribute)
{
	import_note(attribute->import, NOTE_UNCLEAR, "%s: %s/%s = %s", attribute->origin,
		    attribute->directory, attribute->name, attribute->value);
}

/* "10de 2184", with up to five more numbers (linux/drivers/pci/pci-driver.c new_id_store) */
static void add_new_id(const struct attribute *attribute, const char *driver)
{
	_cleanup_free_ char *entry = memory_copy(attribute->value, strlen(attribute->value));
	struct selector selector = { 0 };
	const char *rest;

	for (char *c = entry; *c; c++) {
		if (*c == ' ' || *c == '\t')
			*c = ':';
	}
	if (native_id_parse(entry, &selector, &rest) < 0 || *rest)
		not_understood(attribute);
	else
		import_add_driver(attribute->import, attribute->name, attribute->origin, &selector,
				  driver);
}

/* Of a driver that is no stub. What takes a device from it is not needed any more. */
static void write_other_driver(const struct attribute *attribute, const char *driver)
{
	if (strcmp(attribute->name, "unbind") == 0)
		import_note(attribute->import, NOTE_MAYBE, "%s: %s/unbind = %s", attribute->origin,
			    attribute->directory, attribute->value);
	else if (import_is_stub_module(driver))
		not_understood(attribute); /* it binds nothing: no driver has that name */
}

static void write_stub(const struct attribute *attribute, const char *driver)
{
	struct address_pattern address;

	if (strcmp(attribute->name, "new_id") == 0)
		add_new_id(attribute, driver);
	else if ((strcmp(attribute->name, "bind") == 0 ||
		  strcmp(attribute->name, "new_slot") == 0) &&
		 address_pattern_parse(attribute->value, &address) == 0)
		import_add_override(attribute->import, attribute->name, attribute->origin, &address,
				    driver);
	else
		not_understood(attribute);
}

static void write_driver(const struct attribute *attribute)
{
	const char *driver = last_name(attribute->directory);

	if (stub_of_driver(driver))
		write_stub(attribute, driver);
	else
		write_other_driver(attribute, driver);
}

/* An attribute of the device that is behind a network interface. */
static void write_interface(const struct attribute *attribute)
{
	const char *name = attribute->directory + strlen("class/net/");
	_cleanup_free_ char *interface = memory_copy(name, strcspn(name, "/"));

	if (strcmp(attribute->name, "sriov_numvfs") == 0)
		import_add_vfs(attribute->import, attribute->name, attribute->origin,
			       VFS_OF_INTERFACE, interface, NULL, attribute->value);
	else if (strcmp(attribute->name, "driver_override") == 0)
		not_understood(attribute);
}

static void write_device(const struct attribute *attribute)
{
	struct selector selector = { .has_address = true };
	bool is_override = strcmp(attribute->name, "driver_override") == 0;

	if (!is_override && strcmp(attribute->name, "sriov_numvfs") != 0)
		return;
	if (address_pattern_parse(last_name(attribute->directory), &selector.address) < 0)
		not_understood(attribute);
	else if (is_override)
		import_add_override(attribute->import, attribute->name, attribute->origin,
				    &selector.address, attribute->value);
	else
		import_add_vfs(attribute->import, attribute->name, attribute->origin,
			       VFS_OF_SELECTED, NULL, &selector, attribute->value);
}

static void write_other(const struct attribute *attribute)
{
	if (import_names_stub_module(attribute->directory) ||
	    strcmp(attribute->name, "drivers_probe") == 0)
		not_understood(attribute);
}

static const struct {
	const char *directory; /* a pattern of fnmatch(3) */
	void (*write)(const struct attribute *attribute);
} directories[] = {
	{ "bus/pci/drivers/*", write_driver },
	{ "bus/pci/devices/*", write_device },
	{ "devices/pci*", write_device },
	{ "class/net/*/device", write_interface },
	{ "*", write_other },
};

void import_add_write(struct import *import, const char *path, const char *value,
		      const char *origin)
{
	struct attribute attribute = { import, NULL, NULL, value, origin };
	_cleanup_free_ char *directory = NULL;

	path += strspn(path, "/");
	if (strncmp(path, "sys/", strlen("sys/")) == 0)
		path += strlen("sys/");
	path += strspn(path, "/");
	attribute.name = last_name(path);
	if (attribute.name == path)
		return;
	directory = memory_copy(path, (size_t)(attribute.name - path) - 1);
	attribute.directory = directory;
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		if (fnmatch(directories[i].directory, directory, 0) == 0) {
			directories[i].write(&attribute);
			return;
		}
	}
}

/* "ATTRIBUTE = VALUE"; "mode ATTRIBUTE = ..." and "owner ATTRIBUTE = ..." write nothing. */
static void on_sysfs_conf(char *line, const char *origin, void *context)
{
	char *value;

	lines_cut_comment(line, '#');
	value = strchr(line, '=');
	if (!value)
		return;
	*value++ = '\0';
	lines_cut_comment(line, '\0'); /* the blanks */
	if (!strpbrk(line, " \t"))
		import_add_write(context, line, value + strspn(value, " \t"), origin);
}

void import_read_sysfs_conf(struct import *import, const char *file, const char *text)
{
	lines_each(file, text, "#", on_sysfs_conf, import);
}

static char *skip_word(char *text)
{
	text += strcspn(text, " \t");
	return text + strspn(text, " \t");
}

/* What is in quotes is one word, which a path rarely needs to be. */
static char *path_of(const char *text)
{
	bool is_quoted = *text == '"' || *text == '\'';

	text += is_quoted;
	return memory_copy(text, strcspn(text, is_quoted ? "\"'" : " \t"));
}

/* Types that write to what is there: w, also with signs behind it, and f+. */
static bool is_write(const char *type)
{
	return *type == 'w' || (*type == 'f' && strcspn(type, "+") < strcspn(type, " \t"));
}

/* "w PATH MODE USER GROUP AGE ARGUMENT", where the argument is all that follows */
static void on_tmpfiles(char *line, const char *origin, void *context)
{
	char *path = skip_word(line), *argument = path;
	_cleanup_free_ char *name = path_of(path);

	for (int i = 0; i < 5; i++)
		argument = skip_word(argument);
	if (is_write(line))
		import_add_write(context, name, argument, origin);
}

void import_read_tmpfiles(struct import *import, const char *file, const char *text)
{
	lines_each(file, text, "#", on_tmpfiles, import);
}
