/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which devices a rule means: address, path, id, class, vf. All that are given must hold. */
#ifndef PASSTHRU_WANT_SELECTOR_H
#define PASSTHRU_WANT_SELECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "util/address.h"
#include "want/vf.h"

#define ID_ANY UINT32_MAX /* as the kernel's PCI_ANY_ID */

struct id_pattern {
	uint32_t vendor, device, subvendor, subdevice; /* 0 to ffff, or ID_ANY */
};

struct class_pattern {
	uint32_t value, mask; /* 24 bits: base class, subclass, programming interface */
};

struct selector {
	/* A bridge at the address means what is behind it, and never the bridge. */
	bool means_below_bridges;
	bool has_address, has_id, has_class;
	struct address_pattern address;
	struct id_pattern id;
	struct class_pattern class;
	char *path; /* NULL when not given */
	/* When given, all the above is of a physical function, and this says which of its own. */
	struct vf_set vf;
};

/*
 * Parse the value of one selector key. 0, or -EINVAL with *RET untouched.
 *
 * id:    "10de:2684[:1043:889c]", each field one to four hexadecimal digits or '*'
 * class: "03", "0300" or "030000": two, four or six hexadecimal digits
 */
int id_pattern_parse(const char *text, struct id_pattern *ret);
int class_pattern_parse(const char *text, struct class_pattern *ret);

/*
 * A filter as lspci's -d takes it: "[vendor]:[device][:class]", a field that is empty or '*' stands
 * for any, the class as above. 0, or -EINVAL with *RET untouched.
 */
int filter_parse(const char *text, struct selector *ret);

/*
 * One entry of `vfio-pci.ids=` or `pci-stub.ids=`, as those drivers read it with the kernel's
 * sscanf (linux/drivers/vfio/pci/vfio_pci.c vfio_pci_fill_ids, linux/drivers/pci/pci-stub.c):
 * vendor:device[:subvendor[:subdevice[:class[:class_mask]]]], hexadecimal, "0x" and blanks before a
 * number allowed, ffffffff for any. Reading ends where no number follows; *RET_REST is what is
 * left, which the drivers ignore. -EINVAL for fewer than two fields.
 */
int native_id_parse(const char *text, struct selector *ret, const char **ret_rest);

/* Nothing at all is selected; a number of a virtual function alone is of no device. */
bool selector_is_empty(const struct selector *selector);

void selector_free(struct selector *selector);

#endif
