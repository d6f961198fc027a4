/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pciids.h"

#include <errno.h>
#include <pci/pci.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "system/child.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define NAME_SIZE       256
#define FILE_SIZE_MAX   (16 * 1024 * 1024) /* ten times what it is today */
#define PATH_OF_FD      "/proc/self/fd/%d"
#define LOAD_TIMEOUT_MS 5000

/* libpci's own type, as the header that all see does not have it. */
struct pciids {
	struct pci_access *access;
};

/* The signatures are libpci's. */
static void say_nothing(char *format, ...) /* NOLINT */
{
	(void)format;
}

__attribute__((noreturn)) static void leave_child(char *format, ...) /* NOLINT */
{
	(void)format;
	_exit(EXIT_FAILURE);
}

/* What a child could read; so memory is what is missing. */
__attribute__((noreturn)) static void give_up(char *format, ...) /* NOLINT */
{
	(void)format;
	fputs("passthru: out of memory\n", stderr);
	abort();
}

static int try_load(void *context)
{
	struct pciids *ids = context;

	ids->access->error = leave_child;
	return pci_load_name_list(ids->access) ? 0 : -EBADMSG;
}

/*
 * libpci cannot go on when its error function returns, and has it called for whatever is wrong with
 * the file: that ends a child and not us. -EBADMSG then.
 */
static int load(struct pciids *ids)
{
	int r = child_run(try_load, ids, LOAD_TIMEOUT_MS, NULL);

	if (r == 0)
		pci_load_name_list(ids->access);
	return r == -EIO ? -EBADMSG : r;
}

/* libpci opens by name, waits for a FIFO and follows links out of a root: so it gets a copy. */
static int load_copy(struct pciids *ids, const char *text, size_t size)
{
	_cleanup_close_ int fd = memfd_create("pci.ids", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (write(fd, text, size) != (ssize_t)size)
		return -EIO;
	pci_set_name_list_path(ids->access, memory_printf(PATH_OF_FD, fd), 1);
	return load(ids);
}

static int load_file(struct pciids *ids, const struct root *root, const char *path)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(root, path, FILE_SIZE_MAX, &text, &size);

	return r < 0 ? r : load_copy(ids, text, size);
}

static const char *reason(int error)
{
	if (error == -EBADMSG)
		return "it is damaged";
	return error == -EINVAL ? "it is no regular file" : strerror(-error);
}

/* Where this libpci, Debian and Fedora have it. -ENOENT when there is none. */
static int load_first(struct pciids *ids, const struct root *root)
{
	_cleanup_free_ char *own = memory_printf("%s", ids->access->id_file_name);
	const char *files[] = {
		own + strspn(own, "/"),        "usr/share/misc/pci.ids",
		"usr/share/misc/pci.ids.gz",   "usr/share/hwdata/pci.ids",
		"usr/share/hwdata/pci.ids.gz",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int r = load_file(ids, root, files[i]);

		if (r == -ENOENT)
			continue;
		if (r < 0)
			fprintf(stderr,
				"passthru: could not read /%s, so names of devices are missing: %s\n",
				files[i], reason(r));
		return r;
	}
	return -ENOENT;
}

/* Without any, devices have numbers for names. */
static void load_names(struct pciids *ids, const struct root *root)
{
	_cleanup_(root_close) struct root host = { .fd = -1 };

	if (load_first(ids, root) == -ENOENT && root->is_confined && root_open("/", &host) == 0)
		load_first(ids, &host);
}

struct pciids *pciids_open(const struct root *root)
{
	struct pciids *ids = memory_new(1, sizeof(*ids));

	/* Without pci_init(), which looks for hardware and sets what is set here. */
	ids->access = pci_alloc();
	ids->access->error = give_up;
	ids->access->debug = say_nothing;
	ids->access->warning = say_nothing;
	ids->access->id_lookup_mode = 0; /* no cache of names from the net */
	load_names(ids, root);
	/* What is not known now is not looked for again. The flag for it has changed its name. */
	pci_set_name_list_path(ids->access, "/dev/null", 0);
	return ids;
}

void pciids_close(struct pciids *ids)
{
	pci_cleanup(ids->access);
	free(ids);
}

char *pciids_device(struct pciids *ids, const struct pci_device *device)
{
	char name[NAME_SIZE];

	return text_escape(
		pci_lookup_name(ids->access, name, sizeof(name),
				PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_HWDB,
				device->vendor, device->device));
}

/*
 * The vendor in its own short form ("Advanced Micro Devices, Inc. [AMD/ATI]"), or as many of its
 * words as come before what says only that it is a company.
 */
static void shorten_vendor(char *name)
{
	static const char *const company[] = {
		"Co.",  "Co",     "Co.,",  "Company",      "Corp.",   "Corp",   "Corporation",
		"Inc.", "Inc",    "Inc.,", "Incorporated", "Limited", "Ltd.",   "Ltd",
		"LLC",  "L.L.C.", "GmbH",  "AG",           "A/S",     "S.p.A.", "B.V.",
	};
	char *bracket = strrchr(name, '['), *end = name + strlen(name);
	char *word = name + strcspn(name, " ");

	if (bracket && bracket > name && end[-1] == ']') {
		end[-1] = '\0';
		memmove(name, bracket + 1, strlen(bracket + 1) + 1);
		return;
	}
	while (*word) {
		char *next = word + 1 + strcspn(word + 1, " ");
		_cleanup_free_ char *text = memory_copy(word + 1, (size_t)(next - word - 1));

		if (text_is_one_of(text, company, ARRAY_SIZE(company)))
			*word = '\0';
		else
			word = next;
	}
	end = name + strlen(name);
	if (end > name && end[-1] == ',')
		end[-1] = '\0';
}

char *pciids_short_device(struct pciids *ids, const struct pci_device *device)
{
	const int flags = PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB;
	char vendor_room[NAME_SIZE], name_room[NAME_SIZE];
	const char *vendor = pci_lookup_name(ids->access, vendor_room, sizeof(vendor_room),
					     PCI_LOOKUP_VENDOR | flags, device->vendor);
	const char *name =
		pci_lookup_name(ids->access, name_room, sizeof(name_room),
				PCI_LOOKUP_DEVICE | flags, device->vendor, device->device);
	_cleanup_free_ char *of_vendor = vendor ? memory_dup(vendor) : NULL;
	_cleanup_free_ char *text = NULL;

	if (!of_vendor)
		return memory_printf("Device %04x:%04x", device->vendor, device->device);
	shorten_vendor(of_vendor);
	text = name ? memory_printf("%s %s", of_vendor, name)
		    : memory_printf("%s Device %04x", of_vendor, device->device);
	return text_escape(text);
}

char *pciids_class(struct pciids *ids, const struct pci_device *device)
{
	char name[NAME_SIZE];

	return text_escape(pci_lookup_name(ids->access, name, sizeof(name),
					   PCI_LOOKUP_CLASS | PCI_LOOKUP_NO_HWDB,
					   device->class >> 8));
}

char *pciids_vendor(struct pciids *ids, const struct pci_device *device)
{
	char buffer[NAME_SIZE];
	const char *name =
		pci_lookup_name(ids->access, buffer, sizeof(buffer),
				PCI_LOOKUP_VENDOR | PCI_LOOKUP_NO_HWDB | PCI_LOOKUP_NO_NUMBERS,
				device->vendor);

	return name ? text_escape(name) : NULL;
}

char *pciids_product(struct pciids *ids, const struct pci_device *device)
{
	char buffer[NAME_SIZE];
	const char *name =
		pci_lookup_name(ids->access, buffer, sizeof(buffer),
				PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_HWDB | PCI_LOOKUP_NO_NUMBERS,
				device->vendor, device->device);

	return name ? text_escape(name) : NULL;
}
