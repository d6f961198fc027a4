/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/devspec.h"

#include <blkid/blkid.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "probe/needs/reading.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define TAG_SIZE_MAX 1024

/* Tags of libmount, and their directories below /dev/disk (udev's 60-persistent-storage.rules). */
static const struct {
	const char *tag;
	const char *directory;
} tags[] = {
	{ "UUID=", "by-uuid" },           { "LABEL=", "by-label" }, { "PARTUUID=", "by-partuuid" },
	{ "PARTLABEL=", "by-partlabel" }, { "ID=", "by-id" },
};

static int find_tag(const char *spec)
{
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
		if (strncmp(spec, tags[i].tag, strlen(tags[i].tag)) == 0)
			return (int)i;
	}
	return -ENOENT;
}

#define OFFSET_MARK "/PARTNROFF="

/* "259:2" */
static bool is_number(const char *spec)
{
	size_t major = strspn(spec, "0123456789");

	return major && spec[major] == ':' && spec[major + 1] &&
	       !spec[major + 1 + strspn(spec + major + 1, "0123456789")];
}

bool devspec_is(const char *spec)
{
	return find_tag(spec) >= 0 || strncmp(spec, "/dev/", strlen("/dev/")) == 0 ||
	       is_number(spec);
}

struct mapping {
	const struct survey *survey;
	const char *wanted;
	char *found;
};

static int compare_mapping(const char *name, void *context)
{
	struct mapping *mapping = context;
	_cleanup_free_ char *path = memory_printf("sys/class/block/%s/dm/name", name);
	char text[256];

	if (reading_attribute(mapping->survey, path, text, sizeof(text)) < 0 ||
	    !streq(text, mapping->wanted))
		return 0;
	mapping->found = memory_dup(name);
	return -ECANCELED;
}

/* Where udev is not at work, /dev/mapper has nodes instead of links. */
static char *find_mapping(const struct survey *survey, const char *name)
{
	struct mapping mapping = { survey, name, NULL };

	reading_each_entry(survey, "sys/class/block", compare_mapping, &mapping);
	return mapping.found;
}

/* The kernel's name for the node PATH: it writes '!' for a '/' in it. */
static char *kernel_name(const struct survey *survey, const char *path)
{
	char *name = NULL;

	if (strncmp(path, "dev/", strlen("dev/")) != 0)
		return NULL;
	path += strlen("dev/");
	if (strncmp(path, "mapper/", strlen("mapper/")) == 0)
		return find_mapping(survey, path + strlen("mapper/"));
	name = memory_dup(path);
	for (char *c = name; (c = strchr(c, '/'));)
		*c = '!';
	return name;
}

static char *find_path(const struct survey *survey, const char *path)
{
	_cleanup_free_ char *node = reading_link_end(survey, path);
	_cleanup_free_ char *name = node ? kernel_name(survey, node) : NULL;
	_cleanup_free_ char *link = name ? memory_printf("sys/class/block/%s", name) : NULL;

	return link ? reading_link(survey, link) : NULL;
}

/* The link that udev makes for VALUE, which in fstab may stand in quotes. */
static char *find_tag_link(const struct survey *survey, const char *directory, const char *value)
{
	char encoded[TAG_SIZE_MAX * 4];
	_cleanup_free_ char *path = NULL;
	char *found;

	if (strlen(value) > TAG_SIZE_MAX ||
	    blkid_encode_string(value, encoded, sizeof(encoded)) < 0)
		return NULL;
	path = memory_printf("dev/disk/%s/%s", directory, encoded);
	found = find_path(survey, path);
	if (found)
		return found;
	/* Of UUIDs on GPT udev makes small letters; users write them as they like. */
	for (char *c = path + strlen("dev/disk/") + strlen(directory); *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return find_path(survey, path);
}

static char *ask_libblkid(const struct survey *survey, const char *tag, const char *value)
{
	_cleanup_free_ char *name = memory_copy(tag, strlen(tag) - 1);
	_cleanup_free_ char *node = blkid_evaluate_tag(name, value, NULL);

	return node ? find_path(survey, node + strspn(node, "/")) : NULL;
}

/* A partition by its number, among those of one disk. */
struct partition {
	const struct survey *survey;
	const char *disk;
	long wanted;
	char *found;
};

static long partition_number(const struct survey *survey, const char *directory)
{
	_cleanup_free_ char *path = memory_printf("%s/partition", directory);
	char text[16];
	uint32_t number;

	if (reading_attribute(survey, path, text, sizeof(text)) < 0 ||
	    parse_decimal(text, INT_MAX, &number) < 0)
		return -ENOENT;
	return number;
}

static int compare_partition(const char *name, void *context)
{
	struct partition *partition = context;
	_cleanup_free_ char *directory = memory_printf("%s/%s", partition->disk, name);

	if (partition_number(partition->survey, directory) != partition->wanted)
		return 0;
	partition->found = memory_dup(directory);
	return -ECANCELED;
}

/*
 * The partition OFFSET numbers behind the one at BASE, which is freed (linux/block/early-lookup.c
 * devt_from_partuuid). Without it there is BASE itself: it is on the same disk.
 */
static char *find_offset(const struct survey *survey, char *base, long offset)
{
	_cleanup_free_ char *disk = memory_copy(base, (size_t)(strrchr(base, '/') - base));
	long number = partition_number(survey, base);
	struct partition partition = { survey, disk, number + offset, NULL };

	if (number >= 0)
		reading_each_entry(survey, disk, compare_partition, &partition);
	if (!partition.found)
		return base;
	free(base);
	return partition.found;
}

static char *find_tagged(const struct survey *survey, const char *spec, int index)
{
	_cleanup_free_ char *value = memory_dup(spec);
	char *out = value, *found, *offset;

	for (const char *c = spec + strlen(tags[index].tag); *c; c++) {
		if (*c != '"')
			*out++ = *c;
	}
	*out = '\0';
	offset = streq(tags[index].tag, "PARTUUID=") ? strstr(value, OFFSET_MARK) : NULL;
	if (offset)
		*offset = '\0';
	found = find_tag_link(survey, tags[index].directory, value);
	if (!found && !survey->root->is_confined)
		found = ask_libblkid(survey, tags[index].tag, value);
	if (found && offset)
		return find_offset(survey, found, strtol(offset + strlen(OFFSET_MARK), NULL, 10));
	return found;
}

char *devspec_find(const struct survey *survey, const char *spec, const char **ret_tried)
{
	static const char by_number[] = "/dev/block/"; /* links of udev's, to the same */
	bool is_link = strncmp(spec, by_number, strlen(by_number)) == 0;
	const char *number = is_link ? spec + strlen(by_number) : spec;
	int tag = find_tag(spec);

	if (tag >= 0) {
		*ret_tried = survey->root->is_confined
				     ? "looked for a link below /dev/disk"
				     : "looked for a link below /dev/disk, asked libblkid";
		return find_tagged(survey, spec, tag);
	}
	if (is_number(number)) {
		_cleanup_free_ char *link = memory_printf("sys/dev/block/%s", number);

		*ret_tried = "looked in /sys/dev/block";
		return reading_link(survey, link);
	}
	*ret_tried = "followed it, looked in /sys/class/block and for a mapping of that name";
	return find_path(survey, spec + strspn(spec, "/"));
}
