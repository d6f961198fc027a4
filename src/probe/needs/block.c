/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/block.h"

#include <limits.h>
#include <string.h>

#include "probe/needs/devspec.h"
#include "probe/needs/network.h"
#include "probe/needs/reading.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define BTRFS       "sys/fs/btrfs"
#define BCACHEFS    "sys/fs/bcachefs"
#define CLASS       "sys/class/block"
#define PARTS_MAX   4096
#define NVME_SYSTEM "/nvme-subsystem/"
#define NVME_REMOTE "/nvme-fabrics/ctl/"

/* One walk: every directory is looked at once, so that whatever the links say, it ends. */
struct block_walk {
	const struct survey *survey;
	const struct mounts *mounts;
	const char *why;  /* "/ on /dev/nvme0n1p2" */
	const char *from; /* the directory that is looked at */
	size_t parts;     /* of which it is made */
	struct names directories;
	struct names *luks;
	bool is_grounded; /* on some hardware */
	bool is_broken;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void give_up(struct block_walk *walk, const char *reason)
{
	walk->is_broken = true;
	findings_add(walk->survey->findings, FINDING_NEED_UNRESOLVED, "%s: %s (%s)", walk->why,
		     reason, walk->from);
}

static void go_to(struct block_walk *walk, const char *directory)
{
	walk->parts++;
	if (walk->directories.count < PARTS_MAX)
		names_add_once(&walk->directories, directory);
	else if (!walk->is_broken)
		give_up(walk, "it is made of too many devices");
}

/* NAME is one of the kernel's: "sda2" */
static int go_to_name(const char *name, void *context)
{
	struct block_walk *walk = context;
	_cleanup_free_ char *link = memory_printf(CLASS "/%s", name);
	_cleanup_free_ char *directory = reading_link(walk->survey, link);

	if (directory)
		go_to(walk, directory);
	return 0;
}

/* What DIRECTORY itself is a part of or is made of. */
static void go_to_slaves(struct block_walk *walk, const char *directory)
{
	_cleanup_free_ char *partition = memory_printf("%s/partition", directory);
	_cleanup_free_ char *slaves = memory_printf("%s/slaves", directory);

	if (reading_exists(walk->survey, partition)) {
		_cleanup_free_ char *disk =
			memory_copy(directory, (size_t)(base_name(directory) - directory - 1));

		go_to(walk, disk);
	}
	reading_each_entry(walk->survey, slaves, go_to_name, walk);
}

/* If the device is a member of the btrfs called UUID, all of them are needed. */
static int go_to_members(const char *uuid, void *context)
{
	struct block_walk *walk = context;
	_cleanup_free_ char *members = memory_printf(BTRFS "/%s/devices", uuid);
	_cleanup_free_ char *member = memory_printf("%s/%s", members, base_name(walk->from));

	if (reading_exists(walk->survey, member))
		reading_each_entry(walk->survey, members, go_to_name, walk);
	return 0;
}

/* The block devices of one bcachefs. */
struct members {
	const struct survey *survey;
	const char *directory; /* of the file system in sysfs */
	struct names names;
};

static int add_member(const char *name, void *context)
{
	struct members *members = context;
	_cleanup_free_ char *link = memory_printf("%s/%s/block", members->directory, name);
	_cleanup_free_ char *directory = NULL;

	if (strncmp(name, "dev-", strlen("dev-")) == 0)
		directory = reading_link(members->survey, link);
	if (directory)
		names_add(&members->names, directory);
	return 0;
}

/* The same of the bcachefs UUID (linux/fs/bcachefs/super.c bch2_dev_sysfs_online: dev-N/block). */
static int go_to_bcachefs(const char *uuid, void *context)
{
	struct block_walk *walk = context;
	_cleanup_free_ char *directory = memory_printf(BCACHEFS "/%s", uuid);
	struct members members = { .survey = walk->survey, .directory = directory };

	reading_each_entry(walk->survey, directory, add_member, &members);
	for (size_t i = 0; names_has(&members.names, walk->from) && i < members.names.count; i++)
		go_to(walk, members.names.items[i]);
	names_free(&members.names);
	return 0;
}

static void go_to_backing_file(struct block_walk *walk, const char *directory)
{
	_cleanup_free_ char *path = memory_printf("%s/loop/backing_file", directory);
	_cleanup_free_ char *below = NULL;
	const struct mount *mount;
	char file[PATH_MAX + 16];

	if (reading_attribute(walk->survey, path, file, sizeof(file)) <= 0)
		return;
	mount = mounts_of_file(walk->mounts, file);
	below = mount ? block_of_mount(walk->survey, mount) : NULL;
	if (below)
		go_to(walk, below);
}

struct subsystem {
	struct block_walk *walk;
	char *directory;
};

/* Links in it are controllers. The namespaces are there too, but as directories. */
static int go_to_controller(const char *name, void *context)
{
	const struct subsystem *subsystem = context;
	_cleanup_free_ char *link = memory_printf("%s/%s", subsystem->directory, name);
	_cleanup_free_ char *controller = NULL;

	if (strncmp(name, "nvme", strlen("nvme")) == 0)
		controller = reading_link(subsystem->walk->survey, link);
	if (controller)
		go_to(subsystem->walk, controller);
	return 0;
}

/*
 * A namespace that several controllers may share hangs on none of them
 * (linux/drivers/nvme/host/core.c nvme_init_subsystem: links to the controllers).
 */
static void go_to_controllers(struct block_walk *walk, const char *directory)
{
	const char *at = strstr(directory, NVME_SYSTEM);
	struct subsystem subsystem = { .walk = walk };
	size_t head;

	if (!at)
		return;
	head = (size_t)(at - directory) + strlen(NVME_SYSTEM);
	head += strcspn(directory + head, "/");
	subsystem.directory = memory_copy(directory, head);
	reading_each_entry(walk->survey, subsystem.directory, go_to_controller, &subsystem);
	free(subsystem.directory);
}

static void note_luks(struct block_walk *walk, const char *directory)
{
	_cleanup_free_ char *uuid_path = memory_printf("%s/dm/uuid", directory);
	_cleanup_free_ char *name_path = memory_printf("%s/dm/name", directory);
	_cleanup_free_ char *both = NULL;
	char uuid[256], name[256];
	const char *digits;

	if (reading_attribute(walk->survey, uuid_path, uuid, sizeof(uuid)) <= 0 ||
	    strncmp(uuid, "CRYPT-LUKS", strlen("CRYPT-LUKS")) != 0 ||
	    reading_attribute(walk->survey, name_path, name, sizeof(name)) <= 0)
		return;
	digits = uuid + strlen("CRYPT-LUKS") + strcspn(uuid + strlen("CRYPT-LUKS"), "-");
	digits += *digits == '-';
	both = memory_printf("%.*s %s", (int)strcspn(digits, "-"), digits, name);
	names_add_once(walk->luks, both);
}

/* The server of the NVMe controller at DIRECTORY or above it, which is one over a network. */
static char *nvme_server(const struct survey *survey, const char *directory)
{
	size_t head = (size_t)(strstr(directory, NVME_REMOTE) - directory) + strlen(NVME_REMOTE);
	size_t length = head + strcspn(directory + head, "/");
	_cleanup_free_ char *path = memory_printf("%.*s/address", (int)length, directory);
	char address[512];

	if (reading_attribute(survey, path, address, sizeof(address)) <= 0)
		return NULL;
	return table_option(address, "traddr");
}

/* The portal of the iSCSI session that DIRECTORY, of one of its disks, is in. */
static char *iscsi_server(const struct survey *survey, const char *directory)
{
	const char *number = strstr(directory, "/session") + strlen("/session");
	_cleanup_free_ char *path =
		memory_printf("sys/class/iscsi_connection/connection%.*s:0/persistent_address",
			      (int)strcspn(number, "/"), number);
	char address[256];

	if (reading_attribute(survey, path, address, sizeof(address)) <= 0)
		return NULL;
	return memory_dup(address);
}

static bool is_called(const char *directory, const char *prefix)
{
	return strncmp(base_name(directory), prefix, strlen(prefix)) == 0;
}

/* Whether DIRECTORY is a disk on the network; *RET_SERVER, if it is known, is where. */
static bool is_remote(const struct survey *survey, const char *directory, char **ret_server)
{
	*ret_server = NULL;
	if (strstr(directory, NVME_REMOTE))
		*ret_server = nvme_server(survey, directory);
	else if (strstr(directory, "/session"))
		*ret_server = iscsi_server(survey, directory);
	else
		return is_called(directory, "nbd") || is_called(directory, "rbd");
	return true;
}

/* In memory, and so on no hardware that could be taken. */
static bool is_memory(const char *directory)
{
	return is_called(directory, "zram") || is_called(directory, "ram");
}

/* DIRECTORY is made of nothing and hangs on no PCI device. */
static void end_at(struct block_walk *walk, const char *directory)
{
	static const char virtual[] = "sys/devices/virtual/";
	_cleanup_free_ char *server = NULL;

	if (is_remote(walk->survey, directory, &server))
		walk->is_grounded |= network_note_server(walk->survey, server, walk->why);
	else if (strncmp(directory, virtual, strlen(virtual)) != 0 || is_memory(directory))
		walk->is_grounded = true;
	else
		give_up(walk, "no hardware was found below it");
}

static void look_at(struct block_walk *walk, const char *directory)
{
	walk->from = directory;
	walk->parts = 0;
	note_luks(walk, directory);
	go_to_slaves(walk, directory);
	reading_each_entry(walk->survey, BTRFS, go_to_members, walk);
	reading_each_entry(walk->survey, BCACHEFS, go_to_bcachefs, walk);
	go_to_backing_file(walk, directory);
	go_to_controllers(walk, directory);
	if (ancestry_note(walk->survey, directory, NEED_STORAGE, walk->why))
		walk->is_grounded = true;
	else if (!walk->parts)
		end_at(walk, directory);
}

bool block_note(const struct survey *survey, const struct mounts *mounts, const char *directory,
		const char *what, struct names *ret_luks)
{
	_cleanup_free_ char *why = memory_printf("%s on /dev/%s", what, base_name(directory));
	struct block_walk walk = {
		.survey = survey,
		.mounts = mounts,
		.why = why,
		.luks = ret_luks,
	};

	go_to(&walk, directory);
	for (size_t i = 0; i < walk.directories.count; i++)
		look_at(&walk, walk.directories.items[i]);
	if (!walk.is_grounded && !walk.is_broken)
		give_up(&walk, "no hardware, or no network card, was found below it");
	names_free(&walk.directories);
	return walk.is_grounded;
}

char *block_of_mount(const struct survey *survey, const struct mount *mount)
{
	const char *tried;
	char *directory = devspec_find(survey, mount->device, &tried);

	/* btrfs has a device number of its own that is no block device's. */
	if (!directory && strncmp(mount->source, "/dev/", strlen("/dev/")) == 0)
		directory = devspec_find(survey, mount->source, &tried);
	return directory;
}
