/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/link.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define HOPS_MAX 32

/* Take "." and ".." out of PATH; above the root there is nothing. */
static char *straighten(const char *path)
{
	_cleanup_free_ char *copy = memory_dup(path);
	char *straight = memory_new(strlen(path) + 1, 1);
	char *rest = copy;

	for (char *part; (part = strsep(&rest, "/"));) {
		char *end = straight + strlen(straight);

		if (streq(part, "..")) {
			char *last = strrchr(straight, '/');

			*(last ? last : straight) = '\0';
		} else if (*part && !streq(part, ".")) {
			if (end != straight)
				*end++ = '/';
			strcpy(end, part);
		}
	}
	return straight;
}

int link_read(const struct root *root, const char *link, char **ret)
{
	_cleanup_free_ char *joined = NULL;
	const char *slash = strrchr(link, '/');
	char target[PATH_MAX];
	int r = root_readlink(root, link, target, sizeof(target));

	if (r < 0)
		return r;
	if (*target != '/' && slash)
		joined = memory_printf("%.*s/%s", (int)(slash - link), link, target);
	*ret = straighten(joined ? joined : target);
	return 0;
}

char *link_target(const struct root *root, const char *link)
{
	char *target = NULL;

	link_read(root, link, &target);
	return target;
}

int link_follow(const struct root *root, const char *path, char **ret)
{
	char *end = memory_dup(path);
	int r = 0;

	for (int hops = 0; r == 0 && hops < HOPS_MAX; hops++) {
		_cleanup_free_ char *before = end;

		r = link_read(root, before, &end);
		if (r < 0) {
			end = before;
			before = NULL;
		}
	}
	if (r == -EINVAL || r == -ENOENT || r == -ENOTDIR) {
		*ret = end;
		return 0;
	}
	free(end);
	return r < 0 ? r : -ELOOP;
}

char *link_end(const struct root *root, const char *path)
{
	char *end = NULL;

	link_follow(root, path, &end);
	return end;
}
