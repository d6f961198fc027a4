/* SPDX-License-Identifier: GPL-2.0-or-later */
/* harvester/pcidevices, pkg/apis/devices.harvesterhci.io/v1beta1: pcidevice.go, pcideviceclaim.go
 */
#include <stdio.h>
#include <string.h>

#include "cli/guest/formats.h"
#include "cli/pciids.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define API   "devices.harvesterhci.io/v1beta1"
#define QUERY "kubectl get pcidevices.devices.harvesterhci.io NAME -o jsonpath="

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* C, if it is in FROM, as it is in TO. */
static char convert(char c, const char *from, const char *to)
{
	const char *place = c ? strchr(from, c) : NULL;

	return place ? to[place - from] : c;
}

/* The text in brackets up to a slash, else the first word: its letters and digits, in lower case.
 */
static void put_vendor(struct buffer *text, const char *name)
{
	const char *bracket = strchr(name, '[');
	const char *ends = bracket ? "/]" : " ";

	if (bracket)
		name = bracket + 1;
	for (size_t i = 0; i < strcspn(name, ends); i++) {
		char c = convert(name[i], UPPER, LOWER);

		if (c && strchr(LOWER "0123456789", c))
			buffer_add_bytes(text, &c, 1);
	}
}

/* In upper case, with an underscore for a slash, a dot and spaces, and without all else. */
static void put_product(struct buffer *text, const char *name)
{
	for (; *name; name++) {
		char c = convert(convert(*name, LOWER, UPPER), "/. ", "___");

		if ((*name == ' ' && name[1] == ' ') || !strchr(UPPER "0123456789_", c))
			continue;
		buffer_add_bytes(text, &c, 1);
	}
}

/* What Harvester calls the resource of such devices, by the names in pci.ids. */
static char *make_resource(struct pciids *ids, const struct pci_device *device)
{
	_cleanup_free_ char *vendor = pciids_vendor(ids, device);
	_cleanup_free_ char *product = pciids_product(ids, device);
	struct buffer text = { 0 };

	put_vendor(&text, vendor ? vendor : "unknown");
	buffer_add(&text, ".com/");
	if (product)
		put_product(&text, product);
	else
		buffer_printf(&text, "%04x", device->device);
	return text.text;
}

static void print_claim(const struct guest *guest, size_t index)
{
	const struct pci_address *address = &guest->devices[index].device->address;
	_cleanup_free_ char *name = memory_printf("%s-%04x%02x%02x%x", guest->node, address->domain,
						  address->bus, address->slot, address->function);
	char text[ADDRESS_SIZE];

	printf("apiVersion: " API "\nkind: PCIDeviceClaim\nmetadata:\n  name: \"%s\"\n"
	       "  ownerReferences:\n  - apiVersion: " API "\n    kind: PCIDevice\n"
	       "    name: \"%s\"\n    uid: \"\"\nspec:\n  address: \"%s\"\n  nodeName: \"%s\"\n"
	       "  userName: \"admin\"\n---\n",
	       name, name, guest_address(guest, index, text), guest->node);
}

void guest_print_harvester(const struct guest *guest)
{
	_cleanup_(names_free) struct names resources = { 0 };
	struct pciids *ids = pciids_open(guest->root);

	for (size_t i = 0; i < guest->count; i++) {
		_cleanup_free_ char *resource = make_resource(ids, guest->devices[i].device);

		names_add(&resources, resource);
	}
	pciids_close(ids);
	puts("# Harvester unbinds vfio-pci from devices without a claim. For each uid, run\n"
	     "# " QUERY "{.metadata.uid}");
	for (size_t i = 0; i < guest->count; i++)
		print_claim(guest, i);
	puts("# Its pci.ids may be another. To compare, run\n# " QUERY "{.status.resourceName}");
	guest_print_host_devices(&resources);
}
