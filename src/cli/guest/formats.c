/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/guest/formats.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define HOST_DOMAIN_MAX 0xffff /* of QEMU's host= (hw/core/qdev-properties-system.c) */

const char *guest_address(const struct guest *guest, size_t index, char buffer[static ADDRESS_SIZE])
{
	return address_format(&guest->devices[index].device->address, buffer);
}

/* No device before INDEX is the same as it, in the sense of IS_SAME. */
static bool is_first_of(const struct guest *guest, size_t index,
			bool (*is_same)(const struct pci_device *a, const struct pci_device *b))
{
	for (size_t i = 0; i < index; i++) {
		if (is_same(guest->devices[i].device, guest->devices[index].device))
			return false;
	}
	return true;
}

static bool have_same_group(const struct pci_device *a, const struct pci_device *b)
{
	return a->group == b->group;
}

static bool have_same_slot(const struct pci_device *a, const struct pci_device *b)
{
	return address_same_slot(&a->address, &b->address);
}

static bool have_same_id(const struct pci_device *a, const struct pci_device *b)
{
	return a->vendor == b->vendor && a->device == b->device;
}

size_t guest_first_of_id(const struct guest *guest, size_t index)
{
	size_t first = 0;

	while (!have_same_id(guest->devices[first].device, guest->devices[index].device))
		first++;
	return first;
}

/* The same for iommufd, by which a guest takes a device, not a group. */
static void print_own_nodes(const struct guest *guest)
{
	size_t count = 0;

	for (size_t i = 0; i < guest->count; i++) {
		if (!guest->devices[i].node)
			continue;
		printf("%s, \"/%s\"", count++ ? "" : ", \"/dev/iommu\"", guest->devices[i].node);
	}
}

/* The device nodes that VFIO hands the groups out by, in quotes and with commas. */
static void print_vfio_nodes(const struct guest *guest)
{
	fputs("\"/dev/vfio/vfio\"", stdout);
	for (size_t i = 0; i < guest->count; i++) {
		int group = guest->devices[i].device->group;

		if (group != GROUP_NONE && is_first_of(guest, i, have_same_group))
			printf(", \"/dev/vfio/%d\"", group);
	}
	print_own_nodes(guest);
}

/* xl-pci-configuration(5): BDF@VSLOT,KEY=VALUE */
static void print_xl(const struct guest *guest)
{
	char name[ADDRESS_SIZE];

	fputs("pci = [", stdout);
	for (size_t i = 0; i < guest->count; i++) {
		printf("%s '%s", i ? "," : "", guest_address(guest, i, name));
		if (guest->slot)
			printf("@%x", guest->slot + (unsigned)i);
		printf("%s'", guest->devices[i].is_permissive ? ",permissive=1" : "");
	}
	puts(" ]");
}

/* https://libvirt.org/formatdomain.html, Host device assignment. */
static void print_hostdev(const struct guest *guest, size_t index)
{
	const struct pci_address *address = &guest->devices[index].device->address;

	/* managed='no': passthru has given it to the driver already, and nobody is to take it back
	 */
	printf("<hostdev mode='subsystem' type='pci' managed='no'>\n"
	       "  <driver name='%s'/>\n"
	       "  <source>\n"
	       "    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n"
	       "  </source>\n",
	       guest->in_dom0 ? "xen" : "vfio", address->domain, address->bus, address->slot,
	       address->function);
	if (guest->slot)
		printf("  <address type='pci' domain='0x0000' bus='0x00' slot='0x%02x' function='0x0'/>\n",
		       guest->slot + (unsigned)index);
	puts("</hostdev>");
}

static void print_libvirt(const struct guest *guest)
{
	for (size_t i = 0; i < guest->count; i++)
		print_hostdev(guest, i);
	if (guest->in_dom0)
		return;
	/* All that libvirt itself allows must be in it, too. */
	fputs("<!-- For <qemu:commandline> instead of <hostdev>, in /etc/libvirt/qemu.conf:\n"
	      "cgroup_device_acl = [ \"/dev/null\", \"/dev/full\", \"/dev/zero\", \"/dev/random\",\n"
	      "  \"/dev/urandom\", \"/dev/ptmx\", \"/dev/kvm\", ",
	      stdout);
	print_vfio_nodes(guest);
	puts(" ] -->");
}

static void print_qemu(const struct guest *guest)
{
	char name[ADDRESS_SIZE];

	fputs("# QEMU's user must be allowed to open ", stdout);
	print_vfio_nodes(guest);
	putchar('\n');
	for (size_t i = 0; i < guest->count; i++) {
		printf("-device vfio-pci,%s%s",
		       guest->devices[i].device->address.domain > HOST_DOMAIN_MAX
			       ? "sysfsdev=/sys/bus/pci/devices/"
			       : "host=",
		       guest_address(guest, i, name));
		if (guest->slot)
			printf(",addr=%02x.0", guest->slot + (unsigned)i);
		puts(i + 1 < guest->count ? " \\" : "");
	}
}

/* qm.conf(5): one hostpciN for the functions of a slot, which stay together in the guest. */
static void print_proxmox(const struct guest *guest)
{
	size_t number = 0;
	char name[ADDRESS_SIZE];

	for (size_t i = 0; i < guest->count; i++) {
		if (!is_first_of(guest, i, have_same_slot))
			continue;
		printf("hostpci%zu: %s", number++, guest_address(guest, i, name));
		for (size_t j = i + 1; j < guest->count; j++) {
			if (have_same_slot(guest->devices[i].device, guest->devices[j].device))
				printf(";%s", guest_address(guest, j, name));
		}
		putchar('\n');
	}
}

/* The template of the guest; below it, as a comment, what the host must report to the front-end. */
static void print_opennebula(const struct guest *guest)
{
	const char *separator = "";
	char name[ADDRESS_SIZE];

	for (size_t i = 0; i < guest->count; i++)
		printf("PCI = [ SHORT_ADDRESS = \"%s\" ]\n",
		       strchr(guest_address(guest, i, name), ':') + 1);
	puts("# For the host's monitoring, /var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf:");
	fputs("# :filter: '", stdout);
	for (size_t i = 0; i < guest->count; i++) {
		const struct pci_device *device = guest->devices[i].device;

		if (!is_first_of(guest, i, have_same_id))
			continue;
		printf("%s%04x:%04x", separator, device->vendor, device->device);
		separator = ",";
	}
	puts("'\n# :short_address:");
	for (size_t i = 0; i < guest->count; i++)
		printf("#   - '%s'\n", strchr(guest_address(guest, i, name), ':') + 1);
}

/* All but xl, libvirt and qemu name a device to QEMU or libvirt in the end, which know 16 bits. */
static const struct guest_format formats[] = {
	{ "xl", HYPERVISOR_XEN, 0xffff, false, print_xl },
	{ "libvirt", HYPERVISOR_ANY, 0xffff, false, print_libvirt },
	{ "qemu", HYPERVISOR_KVM, UINT32_MAX, false, print_qemu },
	{ "proxmox", HYPERVISOR_KVM, 0xffff, false, print_proxmox },
	{ "proxmox-mapping", HYPERVISOR_KVM, 0xffff, true, guest_print_proxmox_mapping },
	{ "opennebula", HYPERVISOR_KVM, 0, false, print_opennebula },
	{ "nova", HYPERVISOR_KVM, 0xffff, false, guest_print_nova },
	{ "incus", HYPERVISOR_KVM, 0xffff, false, guest_print_incus },
	{ "kubevirt", HYPERVISOR_KVM, 0xffff, false, guest_print_kubevirt },
	{ "harvester", HYPERVISOR_KVM, 0xffff, true, guest_print_harvester },
	{ "nfd", HYPERVISOR_KVM, UINT32_MAX, false, guest_print_nfd }, /* names no address */
};

const struct guest_format *guest_format_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}

void guest_list_formats(struct names *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		names_add(names, formats[i].name);
}
