/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/network.h"

#include <string.h>

#include "facts/route.h"
#include "util/cleanup.h"
#include "util/link.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/parameter.h"

#define INTERFACES      "sys/class/net"
#define ROUTES_SIZE_MAX (16 * 1024 * 1024)

static int add_lower(const char *name, void *context)
{
	if (strncmp(name, "lower_", strlen("lower_")) == 0)
		names_add_once(context, name + strlen("lower_"));
	return 0;
}

/*
 * What the interface NAME stands on: the kernel links lower_IF for bond, team, bridge, VLAN alike
 * (linux/net/core/dev.c netdev_adjacent_sysfs_add). A port of Open vSwitch has none, but a master.
 */
static void add_below(const struct root *root, const char *name, struct names *names)
{
	_cleanup_free_ char *directory = memory_printf(INTERFACES "/%s", name);
	_cleanup_free_ char *link = memory_printf(INTERFACES "/%s/master", name);
	size_t before = names->count;
	char master[64];

	root_each_entry(root, directory, add_lower, names);
	if (names->count == before && root_link_name(root, link, master, sizeof(master)) > 0)
		names_add_once(names, master);
}

static bool is_hardware(const struct survey *survey, const char *directory, enum need_kind kind,
			const char *why)
{
	static const char virtual[] = "sys/devices/virtual/";

	return ancestry_note(survey, directory, kind, why) > 0 ||
	       strncmp(directory, virtual, strlen(virtual)) != 0;
}

/* Whether there is a card, or other hardware, below the interface NAME. */
static bool note_interface(const struct survey *survey, const char *name, enum need_kind kind,
			   const char *what)
{
	_cleanup_free_ char *why = memory_printf("%s over %s", what, name);
	_cleanup_(names_free) struct names names = { 0 };
	bool is_found = false;

	names_add(&names, name);
	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *link = memory_printf(INTERFACES "/%s", names.items[i]);
		_cleanup_free_ char *directory = link_target(survey->root, link);

		if (directory && is_hardware(survey, directory, kind, why))
			is_found = true;
		else
			add_below(survey->root, names.items[i], &names);
	}
	return is_found;
}

static void read_routes(const struct root *root, struct routes *routes)
{
	_cleanup_free_ char *ipv4 = NULL;
	_cleanup_free_ char *ipv6 = NULL;
	size_t size;

	if (root_read_file(root, "proc/net/route", ROUTES_SIZE_MAX, &ipv4, &size) == 0)
		routes_parse_ipv4(routes, ipv4);
	if (root_read_file(root, "proc/net/ipv6_route", ROUTES_SIZE_MAX, &ipv6, &size) == 0)
		routes_parse_ipv6(routes, ipv6);
}

static bool note_default_routes(const struct survey *survey, const struct routes *routes,
				enum need_kind kind, const char *what)
{
	bool is_found = false;

	for (size_t i = 0; i < routes->count; i++) {
		if (routes->items[i].is_default)
			is_found |= note_interface(survey, routes->items[i].interface, kind, what);
	}
	return is_found;
}

bool network_note_server(const struct survey *survey, const char *address, const char *what)
{
	_cleanup_(routes_free) struct routes routes = { 0 };
	const char *interface;

	read_routes(survey->root, &routes);
	interface = address ? routes_find(&routes, address) : NULL;
	return (interface && note_interface(survey, interface, NEED_NETWORK, what)) ||
	       note_default_routes(survey, &routes, NEED_NETWORK, what);
}

bool network_is_root(const char *root)
{
	static const char *const prefixes[] = { "nfs",  "/dev/nfs", "iscsi:", "nbd:",
						"dhcp", "cifs:",    "http" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (strncmp(root, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

static bool is_switched_off(const char *value)
{
	static const char *const words[] = { "0", "no", "off", "none" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(value, words[i]) == 0)
			return true;
	}
	return false;
}

static bool asks_for_network(const struct parameter *parameter)
{
	static const char *const names[] = { "netroot", "nfsroot", "ip", "rd.neednet" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(parameter->name, names[i]) == 0)
			return !parameter->value || !is_switched_off(parameter->value);
	}
	return strcmp(parameter->name, "root") == 0 && parameter->value &&
	       network_is_root(parameter->value);
}

/* The interfaces that VALUE ("eth0:dhcp") names, or has the addresses of. False without any. */
static bool note_named(const struct survey *survey, const struct routes *routes, const char *value,
		       const char *what)
{
	_cleanup_free_ char *copy = memory_copy(value, strlen(value));
	char *rest = copy;
	bool is_found = false;

	for (char *word; (word = strsep(&rest, ":"));) {
		_cleanup_free_ char *path = memory_printf(INTERFACES "/%s", word);
		const char *interface = routes_find(routes, word);

		if (*word && *word != '.' && !strchr(word, '/') &&
		    root_exists(survey->root, path) == 0)
			interface = word;
		if (interface)
			is_found |= note_interface(survey, interface, NEED_NETWORK, what);
	}
	return is_found;
}

static void note_parameter(const struct survey *survey, const struct routes *routes,
			   const struct parameter *parameter)
{
	const char *value = parameter->value ? parameter->value : "";

	if (note_named(survey, routes, value, parameter->name) ||
	    note_default_routes(survey, routes, NEED_NETWORK, parameter->name))
		return;
	findings_add(
		survey->findings, FINDING_NEED_UNRESOLVED,
		"%s=%s on the kernel command line asks for the network, but no network card was found for it (looked for interfaces and addresses in it and for default routes)",
		parameter->name, value);
}

void network_survey(const struct survey *survey, const char *cmdline)
{
	_cleanup_free_ char *copy = memory_copy(cmdline, strlen(cmdline));
	_cleanup_(routes_free) struct routes routes = { 0 };
	struct parameter parameter;

	read_routes(survey->root, &routes);
	for (char *rest = copy; (rest = parameter_next(rest, &parameter));) {
		if (asks_for_network(&parameter))
			note_parameter(survey, &routes, &parameter);
	}
	note_default_routes(survey, &routes, NEED_UPLINK, "default route");
}
