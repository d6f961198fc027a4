/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/machine.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define FIELD_SIZE         1024
#define MODALIAS_SIZE      4097 /* a page */
#define COMPATIBLE_MAX     65536
#define NOT_TOLD_BY_KERNEL "the kernel does not tell that for this architecture"

struct machine_reading {
	const struct root *root;
	struct machine *machine;
};

static void note(const struct machine_reading *reading, enum trait trait, const char *path,
		 int error)
{
	machine_set_unread(reading->machine, trait,
			   memory_printf("could not read /%s: %s", path, strerror(-error)));
}

static void set_absent(const struct machine_reading *reading, enum trait trait)
{
	reading->machine->traits[trait].state = TRAIT_KNOWN;
}

/*
 * A field that the firmware does not set has no file. But the kernel always makes modalias beside
 * them (linux/drivers/firmware/dmi-id.c), so without it the field was not looked for.
 */
static void find_absent_field(const struct machine_reading *reading, enum trait trait,
			      const char *path)
{
	int r = root_exists(reading->root, DMI_DIRECTORY);

	if (r == 0)
		r = root_exists(reading->root, DMI_DIRECTORY "/modalias");
	else if (is_absent(r))
		r = 0;
	if (r == 0)
		set_absent(reading, trait);
	else
		note(reading, trait, path, r);
}

static void read_field(const struct machine_reading *reading, enum trait trait)
{
	_cleanup_free_ char *path = memory_printf(DMI_DIRECTORY "/%s", trait_field(trait));
	char text[FIELD_SIZE];
	int r = root_read_attribute(reading->root, path, text, sizeof(text));

	if (r >= 0)
		machine_set(reading->machine, trait, text);
	else if (is_absent(r))
		find_absent_field(reading, trait, path);
	else
		note(reading, trait, path, r);
}

/* Texts, each terminated; the last may lack that. */
static void read_compatible(const struct machine_reading *reading, enum trait trait)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(reading->root, DEVICE_TREE "/compatible", COMPATIBLE_MAX, &text,
			       &size);

	if (r < 0 && is_absent(r)) {
		int base = root_exists(reading->root, DEVICE_TREE);

		if (is_absent(base))
			set_absent(reading, trait);
		else
			note(reading, trait, DEVICE_TREE "/compatible", base < 0 ? base : r);
		return;
	}
	if (r < 0) {
		note(reading, trait, DEVICE_TREE "/compatible", r);
		return;
	}
	set_absent(reading, trait);
	for (size_t i = 0; i < size; i += strlen(text + i) + 1)
		machine_set(reading->machine, trait, text + i);
}

static void read_architecture(const struct machine_reading *reading)
{
	struct utsname system;
	char text[sizeof(system.machine)];
	int r = root_read_attribute(reading->root, KERNEL_MACHINE, text, sizeof(text));

	if (r == -ENOENT && !reading->root->is_confined && uname(&system) == 0) {
		strcpy(text, system.machine);
		r = 0;
	}
	if (r < 0)
		note(reading, TRAIT_ARCHITECTURE, KERNEL_MACHINE, r);
	else
		machine_set(reading->machine, TRAIT_ARCHITECTURE, machine_architecture(text));
}

/* Where the processor does not tell, hypervisors with a device tree do. */
static void read_hypervisor_node(const struct machine_reading *reading)
{
	int r = root_exists(reading->root, DEVICE_TREE "/hypervisor");

	if (r == 0)
		machine_set(reading->machine, TRAIT_VIRTUALIZATION, "yes");
	else if (is_absent(r))
		machine_set_unread(reading->machine, TRAIT_VIRTUALIZATION,
				   memory_dup(NOT_TOLD_BY_KERNEL));
	else
		note(reading, TRAIT_VIRTUALIZATION, DEVICE_TREE "/hypervisor", r);
}

/* A dom0 runs on a hypervisor, but has the machine, as systemd-detect-virt(1) sees it. */
static void read_virtualization(const struct machine_reading *reading, const struct facts *facts)
{
	char modalias[MODALIAS_SIZE];
	int r;

	if (facts->unread) {
		machine_set_unread(reading->machine, TRAIT_VIRTUALIZATION,
				   memory_dup(facts->unread));
		return;
	}
	if (facts_in_dom0(facts)) {
		machine_set(reading->machine, TRAIT_VIRTUALIZATION, "no");
		return;
	}
	r = root_read_attribute(reading->root, CPU_DIRECTORY "/modalias", modalias,
				sizeof(modalias));
	if (r < 0) {
		note(reading, TRAIT_VIRTUALIZATION, CPU_DIRECTORY "/modalias", r);
		return;
	}
	r = machine_has_hypervisor_bit(modalias);
	if (r < 0)
		read_hypervisor_node(reading);
	else
		machine_set(reading->machine, TRAIT_VIRTUALIZATION, r ? "yes" : "no");
}

static void note_platform(const struct machine_reading *reading, const struct facts *facts)
{
	if (facts->unread)
		machine_set_unread(reading->machine, TRAIT_PLATFORM, memory_dup(facts->unread));
	else
		machine_set(reading->machine, TRAIT_PLATFORM,
			    facts_in_dom0(facts) ? "xen-dom0" : "bare");
}

static void read_trait(const struct machine_reading *reading, enum trait trait, const char *cmdline,
		       const struct facts *facts)
{
	if (trait == TRAIT_COMPATIBLE)
		read_compatible(reading, trait);
	else if (trait_field(trait))
		read_field(reading, trait);
	else if (trait == TRAIT_CMDLINE)
		machine_set_cmdline(reading->machine, cmdline);
	else if (trait == TRAIT_ARCHITECTURE)
		read_architecture(reading);
	else if (trait == TRAIT_VIRTUALIZATION)
		read_virtualization(reading, facts);
	else if (trait == TRAIT_PLATFORM)
		note_platform(reading, facts);
}

void machine_survey(const struct root *root, unsigned traits, const char *cmdline,
		    struct facts *facts)
{
	const struct machine_reading reading = { root, &facts->machine };

	for (unsigned trait = 0; trait < TRAIT_COUNT; trait++) {
		if (traits >> trait & 1)
			read_trait(&reading, (enum trait)trait, cmdline, facts);
	}
}
