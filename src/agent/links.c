/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel sends no uevent when an interface comes up, but a message of rtnetlink(7), whichever
 * tool brings it up. Then udev is told of the PF, and its rules call the agent: in the place, and
 * with the rights, of every other call.
 */
#include "agent/links.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/interface.h"
#include "apply/sysfs.h"
#include "system/child.h"
#include "system/file.h"
#include "system/initramfs.h"
#include "system/link_socket.h"
#include "system/lock.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define LOCK_NAME      "links.lock"
#define LOOK_AGAIN_MS  30000 /* a message may have come before the report had the PF */
#define WITHOUT_KERNEL 1000  /* where no messages can be had */
#define SYSTEMD        "run/systemd/system" /* sd_booted(3) */

const struct mode links_mode = { .option = "--await-links" };

struct waiter {
	const struct root *root;
	struct log *log;
	struct pci_address *told; /* PFs whose interface is up, and of which udev was told so */
	size_t told_count;
};

bool links_are_awaited(const struct decision *decision)
{
	return decision->state == STATE_WAITING &&
	       findings_have(&decision->findings, FINDING_PF_DOWN);
}

int links_request(const struct root *root)
{
	return root_replace_file(root, REPORT_DIRECTORY, LINKS_NAME, "");
}

static bool is_awaited(const struct entry *entry)
{
	if (entry->state != STATE_WAITING || !entry->has_address)
		return false;
	for_each_recorded(finding, entry_findings(entry))
	{
		if (recorded_is(&finding, FINDING_PF_DOWN))
			return true;
	}
	return false;
}

static void tell_udev(struct waiter *waiter, const struct pci_device *device, const char *interface)
{
	int r = sysfs_announce(waiter->root, device);
	char name[ADDRESS_SIZE];
	_cleanup_free_ char *text = NULL;

	address_format(&device->address, name);
	if (r < 0)
		text = memory_printf("error: %s: could not tell udev that interface %s is up: %s",
				     name, interface, strerror(-r));
	else
		text = memory_printf("%s: interface %s is up, so VFs are tried again", name,
				     interface);
	log_line(r < 0 ? SEVERITY_ERROR : SEVERITY_INFO, text, waiter->log);
}

static struct pci_address *find_told(const struct waiter *waiter, const struct pci_address *address)
{
	for (size_t i = 0; i < waiter->told_count; i++) {
		if (address_compare(&waiter->told[i], address) == 0)
			return &waiter->told[i];
	}
	return NULL;
}

/* Once, until the interface has been down: the driver may have another reason. */
static void look_at(struct waiter *waiter, const struct pci_address *address)
{
	const struct pci_device device = { .address = *address };
	struct pci_address *told = find_told(waiter, address);
	struct interface interface;
	bool is_up = interface_find(waiter->root, &device, &interface) == 0 && interface.is_up;

	if (is_up && !told) {
		tell_udev(waiter, &device, interface.name);
		waiter->told = memory_grow(waiter->told, waiter->told_count, sizeof(*waiter->told));
		waiter->told[waiter->told_count++] = *address;
	} else if (!is_up && told) {
		*told = waiter->told[--waiter->told_count];
	}
}

/* How many PFs wait, by the report of now; or negative errno when it could not be read. */
static int look(struct waiter *waiter)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	int r = store_read(waiter->root, &store), count = 0;

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for_each_entry(entry, &store)
	{
		if (!is_awaited(entry))
			continue;
		look_at(waiter, &entry->address);
		count++;
	}
	return count;
}

static int tell_failure(struct waiter *waiter, const char *what, const char *reason)
{
	_cleanup_free_ char *text = memory_printf(
		"error: could not %s, so VFs are not tried again when an interface comes up: %s",
		what, reason);

	log_line(SEVERITY_ERROR, text, waiter->log);
	return EXIT_UNKNOWN;
}

static int await_links(struct waiter *waiter)
{
	_cleanup_close_ int fd = link_listen(waiter->root);
	int r;

	while ((r = look(waiter)) > 0)
		link_await(fd, fd < 0 ? WITHOUT_KERNEL : LOOK_AGAIN_MS);
	return r == 0 ? EXIT_OK : tell_failure(waiter, "read /" REPORT_PATH, store_read_error(r));
}

/* What is asked for from now on is asked for anew. */
static int await_alone(struct waiter *waiter)
{
	int r = root_remove(waiter->root, LINKS_PATH);

	if (r < 0 && r != -ENOENT)
		return tell_failure(waiter, "remove /" LINKS_PATH, strerror(-r));
	return await_links(waiter);
}

/* Who has the lock looks once more when it is given up: others that were asked end at once. */
static int await_if_alone(struct waiter *waiter)
{
	int status;

	do {
		int lock_fd = root_lock(waiter->root, REPORT_DIRECTORY, LOCK_NAME, 0);

		if (lock_fd == -ETIMEDOUT)
			return EXIT_OK;
		if (lock_fd < 0)
			return tell_failure(waiter, "lock /" LINKS_PATH, strerror(-lock_fd));
		status = await_alone(waiter);
		root_unlock(lock_fd);
	} while (status == EXIT_OK && root_exists(waiter->root, LINKS_PATH) == 0);
	return status;
}

static int await_below_root(struct agent *agent)
{
	const struct root *root = &agent->root;
	struct waiter waiter = { .root = root, .log = &agent->log };
	int status;

	agent->log = (struct log){ root, !root->is_confined, { 0 } };
	status = await_if_alone(&waiter);
	free(waiter.told);
	agent_tell_status(agent, status);
	return status;
}

int links_run(struct agent *agent, const char *path)
{
	int r = root_open(path, &agent->root);

	if (r < 0) {
		fprintf(stderr, "passthru-init: %s: %s\n", path, strerror(-r));
		return EXIT_UNKNOWN;
	}
	r = await_below_root(agent);
	root_close(&agent->root);
	return r;
}

static int run_detached(void *context)
{
	return links_run(context, "/");
}

void links_begin(void)
{
	_cleanup_(root_close) struct root root = { .fd = -1 };
	struct agent agent = { .mode = &links_mode };

	if (root_open("/", &root) == 0 && initramfs_is_left() &&
	    root_exists(&root, SYSTEMD) == -ENOENT && root_exists(&root, LINKS_PATH) == 0)
		child_detach(run_detached, &agent);
}
