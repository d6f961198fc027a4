/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/depmod.h"

#include <stdbool.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* Whether PATH ("kernel/drivers/vfio/pci/vfio-pci.ko.xz") is the file of module NAME. */
static bool is_file_of(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;
	const char *end = strstr(file, ".ko");
	_cleanup_free_ char *module = end ? memory_copy(file, (size_t)(end - file)) : NULL;

	return module && text_parameter_equal(module, name);
}

char *depmod_files(const char *text, const char *name)
{
	_cleanup_free_ char *copy = memory_dup(text);
	char *rest = copy;

	for (char *line; (line = strsep(&rest, "\n"));) {
		char *others = line + strcspn(line, ":");

		if (*others)
			*others++ = '\0';
		if (is_file_of(line, name))
			return memory_printf("%s%s", line, others);
	}
	return NULL;
}

void depmod_each_alias(const char *text, const char *prefix,
		       void (*function)(const char *alias, const char *module, void *context),
		       void *context)
{
	_cleanup_free_ char *start = memory_printf("alias %s", prefix);
	const char *line = text, *end;

	for (; *line; line = *end ? end + 1 : end) {
		_cleanup_free_ char *copy = NULL;
		char *module;

		end = line + strcspn(line, "\n");
		if (strncmp(line, start, strlen(start)) != 0)
			continue;
		copy = memory_copy(line, (size_t)(end - line));
		module = strrchr(copy, ' ');
		if (module == copy + strlen("alias"))
			continue;
		*module++ = '\0';
		function(copy + strlen("alias "), module, context);
	}
}
