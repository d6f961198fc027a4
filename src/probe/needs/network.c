/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/network.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "facts/network_root.h"
#include "facts/route.h"
#include "probe/needs/reading.h"
#include "probe/needs/rtnetlink.h"
#include "system/netlink.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/parameter.h"
#include "util/parse.h"

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
static void add_below(const struct survey *survey, const char *name, struct names *names)
{
	_cleanup_free_ char *directory = memory_printf(INTERFACES "/%s", name);
	_cleanup_free_ char *link = memory_printf(INTERFACES "/%s/master", name);
	size_t before = names->count;
	char master[64];

	reading_each_entry(survey, directory, add_lower, names);
	if (names->count == before && reading_link_name(survey, link, master, sizeof(master)) > 0)
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
		_cleanup_free_ char *directory = reading_link(survey, link);

		if (directory && is_hardware(survey, directory, kind, why))
			is_found = true;
		else
			add_below(survey, names.items[i], &names);
	}
	return is_found;
}

/* The interfaces by their numbers, as routes have them. */
struct numbered {
	const struct survey *survey;
	struct routes *routes;
	const struct route *route;
	unsigned wanted;
};

static int add_if_wanted(const char *name, void *context)
{
	struct numbered *numbered = context;
	_cleanup_free_ char *path = memory_printf(INTERFACES "/%s/ifindex", name);
	char text[16];
	uint32_t number;

	if (reading_attribute(numbered->survey, path, text, sizeof(text)) < 0 ||
	    parse_decimal(text, INT_MAX, &number) < 0 || number != numbered->wanted)
		return 0;
	routes_add(numbered->routes, numbered->route, name);
	return -ECANCELED;
}

static void add_hop(const struct route *route, unsigned interface, void *context)
{
	struct numbered *numbered = context;

	numbered->route = route;
	numbered->wanted = interface;
	reading_each_entry(numbered->survey, INTERFACES, add_if_wanted, numbered);
}

static void add_hops(const struct nlmsghdr *message, void *context)
{
	rtnetlink_each_hop(message, add_hop, context);
}

/* Only these know of VRFs and policy routing. What they do not say, the files in /proc do. */
static void read_all_tables(const struct survey *survey, struct routes *routes)
{
	struct numbered numbered = { .survey = survey, .routes = routes };

	if (!survey->root->is_confined)
		netlink_each_route(add_hops, &numbered);
}

static void read_routes(const struct survey *survey, struct routes *routes)
{
	_cleanup_free_ char *ipv4 = NULL;
	_cleanup_free_ char *ipv6 = NULL;

	if (reading_file(survey, "proc/net/route", ROUTES_SIZE_MAX, &ipv4) == 0)
		routes_parse_ipv4(routes, ipv4);
	if (reading_file(survey, "proc/net/ipv6_route", ROUTES_SIZE_MAX, &ipv6) == 0)
		routes_parse_ipv6(routes, ipv6);
	read_all_tables(survey, routes);
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

	read_routes(survey, &routes);
	interface = address ? routes_find(&routes, address) : NULL;
	return (interface && note_interface(survey, interface, NEED_NETWORK, what)) ||
	       note_default_routes(survey, &routes, NEED_NETWORK, what);
}

/* The interfaces that VALUE ("eth0:dhcp") names, or has the addresses of. False without any. */
static bool note_named(const struct survey *survey, const struct routes *routes, const char *value,
		       const char *what)
{
	_cleanup_free_ char *copy = memory_dup(value);
	char *rest = copy;
	bool is_found = false;

	for (char *word; (word = strsep(&rest, ":"));) {
		_cleanup_free_ char *path = memory_printf(INTERFACES "/%s", word);
		const char *interface = routes_find(routes, word);

		if (*word && *word != '.' && !strchr(word, '/') && reading_exists(survey, path))
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
	_cleanup_free_ char *copy = memory_dup(cmdline);
	_cleanup_(routes_free) struct routes routes = { 0 };
	struct parameter parameter;

	read_routes(survey, &routes);
	for (char *rest = copy; (rest = parameter_next(rest, &parameter));) {
		if (network_root_is_asked(&parameter))
			note_parameter(survey, &routes, &parameter);
	}
	note_default_routes(survey, &routes, NEED_UPLINK, "default route");
}
