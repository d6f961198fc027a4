/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of words: mountinfo, fstab, routes, zpool's, input devices. */
#include "fuzz.h"

#include <arpa/inet.h>
#include <string.h>

#include "facts/route.h"
#include "facts/tables.h"
#include "probe/needs/keyboard.h"
#include "probe/needs/mountinfo.h"
#include "probe/needs/zfs.h"
#include "util/memory.h"

static void on_row(const struct table_row *row, void *context)
{
	size_t *rows = context;

	must(row->count >= 1 && row->count <= ROW_FIELDS_MAX && *row->fields[0] != '#', "table-row",
	     "%zu fields", row->count);
	for (size_t i = 0; i < ROW_FIELDS_MAX; i++)
		must(row->fields[i] && (i < row->count || !*row->fields[i]), "table-row",
		     "field %zu", i);
	++*rows;
}

static size_t count_lines(const char *text)
{
	size_t count = *text != '\0';

	for (; (text = strchr(text, '\n')); text++)
		count++;
	return count;
}

static void check_mounts(const char *text)
{
	struct mounts mounts = { 0 };

	mountinfo_parse(text, &mounts);
	for (size_t i = 0; i < mounts.count; i++) {
		const struct mount *mount = &mounts.items[i];
		const struct mount *found = mounts_find(&mounts, mount->point), *file;
		_cleanup_free_ char *path = memory_printf("%s/x", mount->point);
		_cleanup_free_ char *option = table_option(mount->options, "addr");

		must(found && found >= mount && strcmp(found->point, mount->point) == 0,
		     "mount-find", "%s", mount->point);
		file = mounts_of_file(&mounts, path);
		must(!file || strncmp(file->point, path, strlen(file->point)) == 0, "mount-file",
		     "%s is on %s", path, file->point);
		must(!option || strstr(mount->options, "addr"), "table-option", "%s",
		     mount->options);
	}
	mounts_free(&mounts);
}

/* The most specific of those that lead there, bit by bit. */
static bool leads_to(const struct route *route, const uint8_t address[static 16])
{
	for (unsigned bit = 0; bit < route->prefix; bit++) {
		unsigned shift = 7 - bit % 8;

		if ((route->network[bit / 8] ^ address[bit / 8]) >> shift & 1)
			return false;
	}
	return true;
}

static void check_route(const struct routes *routes, const char *text)
{
	const char *found = routes_find(routes, text);
	uint8_t address[16];
	const struct route *best = NULL;

	if (inet_pton(AF_INET6, text, address) != 1)
		return;
	for (size_t i = 0; i < routes->count; i++) {
		const struct route *route = &routes->items[i];

		if (leads_to(route, address) && (!best || route->prefix > best->prefix))
			best = route;
	}
	must(best ? found && strcmp(best->interface, found) == 0 : !found, "route", "%s goes to %s",
	     text, found ? found : "nothing");
}

static void check_routes(const char *text, const char *address)
{
	struct routes routes = { 0 };

	routes_parse_ipv4(&routes, text);
	routes_parse_ipv6(&routes, text);
	for (size_t i = 0; i < routes.count; i++)
		must(routes.items[i].prefix <= 128, "route", "/%u", routes.items[i].prefix);
	check_route(&routes, address);
	routes_free(&routes);
}

static void on_keyboard(const char *directory, void *context)
{
	(void)context;
	must(strncmp(directory, "sys/", 4) == 0, "keyboard", "%s", directory);
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *address = fuzz_part(&data, &size);
	_cleanup_free_ char *text = fuzz_text(data, size);
	struct names names = { 0 };
	size_t rows = 0;

	address[strcspn(address, "\n")] = '\0';
	table_each_row(text, on_row, &rows);
	must(rows <= count_lines(text), "table-rows", "%zu", rows);
	check_mounts(text);
	check_routes(text, address);
	keyboard_parse(text, on_keyboard, NULL);
	zfs_parse_status(text, &names);
	for (size_t i = 0; i < names.count; i++)
		must(strncmp(names.items[i], "/dev/", 5) == 0, "zfs", "%s", names.items[i]);
	names_free(&names);
}

static const char *const seeds[] = {
	"::ffff:10.0.0.1\n%%\neth0 00000000 0102000A 0003 0 0 0 00000000 0 0 0\n"
	"eth1 0000000A 00000000 0001 0 0 0 000000FF 0 0 0\n",
	"2001:db8::1\n%%\n20010db8000000000000000000000000 20 "
	"00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 "
	"00000000 00000001 eth0\n",
	"%%\n25 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,addr=1.2.3.4\n"
	"26 25 0:22 / /a\\040b rw - nfs srv:/x rw\n",
	"%%\nUUID=1-2 / ext4 defaults 0 1\n# x\n/dev/sda2 none swap sw 0 0\n",
	"%%\nI: Bus=0011\nS: Sysfs=/devices/platform/i8042/serio0/input/input0\n"
	"B: KEY=402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n\n",
	"%%\n  pool: rpool\n\tNAME\n\trpool ONLINE 0 0 0\n\t  /dev/sda3 ONLINE 0 0 0\n",
	NULL
};
static const char *const words[] = { "%%\n",      " - ",       "\\040",      "eth0 ",
				     "00000000 ", "/dev/sda ", "S: Sysfs=/", "B: KEY=",
				     "fffffffe",  "addr=",     NULL };

FUZZ_TARGET(tables, .run = run, .seeds = seeds, .words = words)
