/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/link.h"

#include <limits.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define HOPS_MAX 32

/* Take "." and ".." out of PATH; above the root there is nothing. */
static char *straighten(const char *path)
{
	_cleanup_free_ char *copy = memory_copy(path, strlen(path));
	char *straight = memory_new(strlen(path) + 1, 1);
	char *rest = copy;

	for (char *part; (part = strsep(&rest, "/"));) {
		char *end = straight + strlen(straight);

		if (strcmp(part, "..") == 0) {
			char *last = strrchr(straight, '/');

			*(last ? last : straight) = '\0';
		} else if (*part && strcmp(part, ".") != 0) {
			if (end != straight)
				*end++ = '/';
			strcpy(end, part);
		}
	}
	return straight;
}

char *link_target(const struct root *root, const char *link)
{
	_cleanup_free_ char *joined = NULL;
	const char *slash = strrchr(link, '/');
	char target[PATH_MAX];

	if (root_readlink(root, link, target, sizeof(target)) < 0)
		return NULL;
	if (*target == '/' || !slash)
		return straighten(target);
	joined = memory_printf("%.*s/%s", (int)(slash - link), link, target);
	return straighten(joined);
}

char *link_end(const struct root *root, const char *path)
{
	char *end = memory_copy(path, strlen(path));

	for (int hops = 0; end; hops++) {
		_cleanup_free_ char *before = end;

		end = hops < HOPS_MAX ? link_target(root, before) : NULL;
		if (!end && hops < HOPS_MAX) {
			end = before;
			before = NULL;
			break;
		}
	}
	return end;
}
