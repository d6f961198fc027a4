/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host itself needs of its PCI devices, and why: found on the running host, written into
 * the image as text, read back by the agent, before whose eyes no disk or network exists. No I/O.
 */
#ifndef PASSTHRU_FACTS_NEEDS_H
#define PASSTHRU_FACTS_NEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/device.h"
#include "finding/finding.h"

#define NEEDS_SIZE_MAX (1024 * 1024) /* for about 2,000 devices */

/* Each is a row in needs.c; what a guard makes of it is in plan/guard.c. */
enum need_kind {
	NEED_STORAGE,    /* file systems and swap that the host cannot boot without */
	NEED_NETWORK,    /* what carries a root file system on the network */
	NEED_CONSOLE,    /* the card of a serial port that is the console */
	NEED_PASSPHRASE, /* the controller of a keyboard, where a passphrase is asked for */
	NEED_UPLINK,     /* what carries the default route */
	NEED_DISPLAY,    /* the display that firmware and console use */
	NEED_KEYBOARD,   /* the only controller with a keyboard */
	NEED_KIND_COUNT,
};

struct need {
	enum need_kind kind;
	char *path; /* as in struct pci_device */
	uint32_t vendor, device, subvendor, subdevice;
	uint32_t class;
	char *why;    /* "/ on /dev/nvme0n1p2"; escaped */
	bool is_full; /* there is no room for more reasons */
};

struct needs {
	char *host; /* what the machine calls itself, escaped; NULL or "" when it does not say */
	struct need *items;
	size_t count;
};

/*
 * Note that the host needs DEVICE for what the format says. A second reason of one kind for one
 * device is appended to the first, up to 500 bytes of them. A device without a path cannot
 * be noted: nothing happens.
 */
void needs_add(struct needs *needs, enum need_kind kind, const struct pci_device *device,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The host needs the device at the path of DEVICE for KIND. */
bool needs_has(const struct needs *needs, enum need_kind kind, const struct pci_device *device);

/* Move all of SOURCE behind those of NEEDS; SOURCE is empty afterwards. */
void needs_move(struct needs *needs, struct needs *source);

/* Order them by kind and path: what was found does not depend on the order it was found in. */
void needs_sort(struct needs *needs);

/* NEEDS as the text that goes into an image. The caller frees it. */
char *needs_format(const struct needs *needs);

/*
 * Read such a text of SIZE bytes, up to NEEDS_SIZE_MAX. -EINVAL when any line of it is not as
 * needs_format() writes it: half a record is worse than none. *RET is then untouched.
 */
int needs_parse(const char *text, size_t size, struct needs *ret);

/* "storage", "network", ... as in the record */
const char *need_word(enum need_kind kind);

void needs_free(struct needs *needs);

#endif
