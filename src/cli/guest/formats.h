/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats with a file of their own, and what several use. All write to standard output. */
#ifndef PASSTHRU_CLI_GUEST_FORMATS_H
#define PASSTHRU_CLI_GUEST_FORMATS_H

#include "cli/guest/guest.h"

/* The address of the device at INDEX; returns BUFFER. */
const char *guest_address(const struct guest *guest, size_t index,
			  char buffer[static ADDRESS_SIZE]);

/* The index of the first device with the id of the one at INDEX. */
size_t guest_first_of_id(const struct guest *guest, size_t index);

/* What a guest of KubeVirt asks for: devices of the resources NAMES, one for each. */
void guest_print_host_devices(const struct names *names);

/* KubeVirt: what the cluster permits, and what the guest asks for. */
void guest_print_kubevirt(const struct guest *guest);

/* Harvester: a claim for each device, and what the guest asks for. */
void guest_print_harvester(const struct guest *guest);

/* A feature file for nfd-worker of Node Feature Discovery: labels with the number of devices. */
void guest_print_nfd(const struct guest *guest);

/* Proxmox VE 8: sections of /etc/pve/mapping/pci.cfg, to which a guest refers by name. */
void guest_print_proxmox_mapping(const struct guest *guest);

/* OpenStack: the section [pci] of nova.conf. */
void guest_print_nova(const struct guest *guest);

/* Incus: the devices of an instance or a profile. */
void guest_print_incus(const struct guest *guest);

#endif
