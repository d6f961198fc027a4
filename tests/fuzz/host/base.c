/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/base.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "host/script.h"
#include "model/model.h"
#include "util/cleanup.h"

#define HOSTS     "tests/hosts/*.host"
#define BASES_MAX 512
#define TEXT_MAX  (256 * 1024)

struct base {
	char stem[32];
	unsigned number;
	char *host, *conf; /* conf is NULL without one */
	struct snapshot *snapshot;
};

static struct base bases[BASES_MAX];
static size_t base_total;

static char *read_file(const char *path)
{
	char *text = calloc(1, TEXT_MAX);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, TEXT_MAX - 1) < 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	close(fd);
	return text;
}

static char *join(const char *a, const char *b)
{
	char *text;

	if (asprintf(&text, "%s\n%s", a, b) < 0)
		abort();
	return text;
}

static void add(const char *stem, unsigned number, char *host, const char *conf)
{
	struct base *base = &bases[base_total];

	if (base_total == BASES_MAX)
		return;
	base_total++;
	snprintf(base->stem, sizeof(base->stem), "%s", stem);
	base->number = number;
	base->host = host;
	base->conf = conf ? strdup(conf) : NULL;
}

/* What is behind the line HEAD in TEXT, up to the next part; NULL without one. */
static char *part(char *text, const char *head)
{
	char *found = strstr(text, head), *end;

	if (!found)
		return NULL;
	found = strdup(found + strlen(head));
	end = strstr(found, "\n--- ");
	if (end)
		end[1] = '\0';
	return found;
}

static void read_host(const char *path)
{
	const char *slash = strrchr(path, '/') + 1;
	char *text = read_file(path), *rest = text, *test;
	unsigned number = 0;
	char stem[32] = "";

	strncpy(stem, slash, strcspn(slash, ".") % sizeof(stem));
	test = strstr(rest, "\n=== ");
	if (test)
		*test++ = '\0';
	add(stem, number, strdup(rest), NULL);
	while (test) {
		char *next = strstr(test, "\n=== "), *conf, *parts, *lines;

		if (next)
			*next++ = '\0';
		conf = part(test, "\n--- conf\n");
		parts = strstr(test, "\n--- ");
		if (parts)
			parts[1] = '\0';
		lines = strchr(test, '\n');
		add(stem, ++number, join(text, lines ? lines : ""), conf);
		free(conf);
		test = next;
	}
	free(text);
}

static void read_hosts(void)
{
	glob_t found;

	if (base_total)
		return;
	if (glob(HOSTS, 0, NULL, &found) != 0) {
		fputs("no " HOSTS ": run from the top of the source tree\n", stderr);
		exit(EXIT_FAILURE);
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		read_host(found.gl_pathv[i]);
	globfree(&found);
}

size_t base_count(void)
{
	read_hosts();
	return base_total;
}

const char *base_name(size_t index, unsigned *ret_number)
{
	read_hosts();
	*ret_number = bases[index].number;
	return bases[index].stem;
}

const char *script_any_base(unsigned number, unsigned *ret_test)
{
	return base_name(number % base_count(), ret_test);
}

/* In the model that is there, which must be empty. */
static void lay_out(struct base *base)
{
	static const struct tree tree;

	host_lay_out(&tree, base->host);
	base->snapshot = snapshot_take();
}

bool base_restore(const char *stem, unsigned number, const char **ret_conf)
{
	read_hosts();
	for (size_t i = 0; i < base_total; i++) {
		struct base *base = &bases[i];

		if (strcmp(base->stem, stem) != 0 || base->number != number)
			continue;
		if (base->snapshot)
			snapshot_restore(base->snapshot);
		else
			lay_out(base);
		*ret_conf = base->conf;
		return true;
	}
	return false;
}
