/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/depmod.h"

#include <stdbool.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/*
 * Whether FILE ("vfio-pci.ko.xz: ...") is that of module NAME. There are thousands of lines, so
 * nothing is copied.
 */
static bool is_file_of(const char *file, const char *name)
{
	for (; *name; file++, name++) {
		char a = *file == '-' ? '_' : *file, b = *name == '-' ? '_' : *name;

		if (a != b)
			return false;
	}
	return strncmp(file, ".ko", strlen(".ko")) == 0;
}

/* The last component of the path that ends at END. */
static const char *file_of(const char *line, const char *end)
{
	const char *slash = memrchr(line, '/', (size_t)(end - line));

	return slash ? slash + 1 : line;
}

char *depmod_files(const char *text, const char *name)
{
	const char *line = text, *end;

	for (; *line; line = *end ? end + 1 : end) {
		const char *colon, *path_end;

		end = strchrnul(line, '\n');
		colon = memchr(line, ':', (size_t)(end - line));
		path_end = colon ? colon : end;
		if (!is_file_of(file_of(line, path_end), name))
			continue;
		return memory_printf("%.*s%.*s", (int)(path_end - line), line,
				     (int)(end - path_end - (*path_end == ':')),
				     path_end + (*path_end == ':'));
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

		end = strchrnul(line, '\n');
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
