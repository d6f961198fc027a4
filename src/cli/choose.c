/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/choose.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/list/kind.h"
#include "cli/pciids.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

struct choosing {
	struct session *session;
	struct pciids *ids;
	bool *picked;
	size_t *numbers; /* of the list, from 1; the indices of their devices */
	size_t count;
};

bool choose_is_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Without its newline and the spaces around it; NULL at the end. The caller frees it. */
static char *read_answer(void)
{
	char *line = NULL, *start;
	size_t size = 0, length;

	fflush(stdout);
	if (getline(&line, &size, stdin) < 0) {
		free(line);
		putchar('\n');
		return NULL;
	}
	start = line + strspn(line, " \t");
	length = strcspn(start, " \t\r\n");
	memmove(line, start, length);
	line[length] = '\0';
	return line;
}

bool choose_confirm(const char *question, bool by_default)
{
	for (;;) {
		_cleanup_free_ char *answer = NULL;

		printf("%s [%s] ", question, by_default ? "Y/n" : "y/N");
		answer = read_answer();
		if (!answer)
			return false;
		if (!*answer)
			return by_default;
		if (*answer == 'y' || *answer == 'Y')
			return true;
		if (*answer == 'n' || *answer == 'N')
			return false;
		puts("Answer y or n.");
	}
}

/* Bridges stay with the host, and what a rule has already is not to be added again. */
static bool is_offered(const struct choosing *choice, const struct pci_device *device)
{
	return !device_is_infrastructure(device) && !session_rule_of(choice->session, device);
}

static void put_needs(struct buffer *line, const struct facts *facts,
		      const struct pci_device *device)
{
	for (size_t i = 0; i < facts->needs.count; i++) {
		const struct need *need = &facts->needs.items[i];

		if (device->path && streq(need->path, device->path))
			buffer_printf(line, "  <- the host needs it: %s", need->why);
	}
}

static void put_device(struct buffer *line, const struct choosing *choice,
		       const struct pci_device *device)
{
	const struct rule *rule = session_rule_of(choice->session, device);
	_cleanup_free_ char *name = pciids_device(choice->ids, device);
	char address[ADDRESS_SIZE];

	buffer_printf(line, "%s  %04x:%04x  %-8s  %-14s  %s",
		      address_format(&device->address, address), device->vendor, device->device,
		      kind_of(device), device->driver[0] ? device->driver : "-", name);
	if (rule)
		buffer_printf(line, "  (rule %s)", rule->name);
	put_needs(line, &choice->session->facts, device);
}

static void print_device(struct choosing *choice, size_t index)
{
	const struct pci_device *device = &choice->session->facts.devices[index];
	_cleanup_(buffer_free) struct buffer line = { 0 };

	put_device(&line, choice, device);
	if (!is_offered(choice, device)) {
		printf("   -  %s\n", line.text);
		return;
	}
	choice->numbers[choice->count++] = index;
	printf("%4zu  %s\n", choice->count, line.text);
}

static bool is_first_of_group(const struct facts *facts, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (facts->devices[i].group == facts->devices[index].group &&
		    !device_is_infrastructure(&facts->devices[i]))
			return false;
	}
	return true;
}

/* In the order in which the first of each group is found. */
static void print_devices(struct choosing *choice)
{
	const struct facts *facts = &choice->session->facts;

	for (size_t first = 0; first < facts->device_count; first++) {
		int group = facts->devices[first].group;

		if (device_is_infrastructure(&facts->devices[first]) ||
		    !is_first_of_group(facts, first))
			continue;
		if (group == GROUP_NONE)
			puts("no IOMMU group");
		else
			printf("IOMMU group %d\n", group);
		for (size_t i = first; i < facts->device_count; i++) {
			if (facts->devices[i].group == group &&
			    !device_is_infrastructure(&facts->devices[i]))
				print_device(choice, i);
		}
	}
}

/* The index of the device, or -ECANCELED. */
static long ask_for_device(const struct choosing *choice)
{
	for (;;) {
		_cleanup_free_ char *answer = NULL;
		uint32_t number;

		printf("Which device is for guests? Its number, or nothing to leave: ");
		answer = read_answer();
		if (!answer || !*answer)
			return -ECANCELED;
		if (parse_decimal(answer, (uint32_t)choice->count, &number) == 0 && number)
			return (long)choice->numbers[number - 1];
		printf("'%s' is no number from 1 to %zu.\n", text_is_plain(answer) ? answer : "?",
		       choice->count);
	}
}

static bool is_in_group(const struct pci_device *chosen, const struct pci_device *device)
{
	return chosen->group != GROUP_NONE && chosen->group == device->group;
}

/* One that is in its group too was asked for already. */
static bool is_in_slot_alone(const struct pci_device *chosen, const struct pci_device *device)
{
	return address_same_slot(&chosen->address, &device->address) &&
	       !is_in_group(chosen, device);
}

/* Ask for the devices that BELONGS says of, with the reason WHY and the answer that is usual. */
static void ask_for_others(struct choosing *choice, const struct pci_device *chosen,
			   bool (*belongs)(const struct pci_device *chosen,
					   const struct pci_device *device),
			   const char *why, bool by_default)
{
	const struct facts *facts = &choice->session->facts;

	for (size_t i = 0; i < facts->device_count; i++) {
		const struct pci_device *device = &facts->devices[i];
		_cleanup_free_ char *class = NULL, *question = NULL;
		char address[ADDRESS_SIZE];

		if (choice->picked[i] || !is_offered(choice, device) || !belongs(chosen, device))
			continue;
		class = pciids_class(choice->ids, device);
		question = memory_printf("%s (%s) is %s: add it too?",
					 address_format(&device->address, address), class, why);
		choice->picked[i] = choose_confirm(question, by_default);
	}
}

static int ask(struct choosing *choice)
{
	const struct pci_device *chosen;
	long index;

	print_devices(choice);
	if (!choice->count) {
		puts("There is no device that could be added.");
		return -ECANCELED;
	}
	index = ask_for_device(choice);
	if (index < 0)
		return (int)index;
	chosen = &choice->session->facts.devices[index];
	choice->picked[index] = true;
	ask_for_others(choice, chosen, is_in_group, "in the same IOMMU group", true);
	/* Where there are groups they say what cannot be separated. */
	ask_for_others(choice, chosen, is_in_slot_alone, "another function of the same slot",
		       chosen->group == GROUP_NONE);
	return 0;
}

int choose_devices(struct session *session, bool picked[])
{
	struct choosing choice = {
		.session = session,
		.ids = pciids_open(session->input.root),
		.numbers = memory_new(session->facts.device_count, sizeof(size_t)),
	};
	int r;

	choice.picked = picked;
	r = ask(&choice);
	pciids_close(choice.ids);
	free(choice.numbers);
	return r;
}
