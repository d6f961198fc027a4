/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xenstore, which may answer anything. */
#include "fuzz.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "model/file.h"
#include "model/model.h"
#include "probe/xen/xenbus.h"

static void check_answer(void)
{
	int fd = root_open_device(model_root(), "dev/xen/xenbus");
	char buffer[64];
	int r;

	memset(buffer, 'x', sizeof(buffer));
	r = xenbus_read(fd, "backend/pci/1/0/num_devs", buffer, sizeof(buffer));
	must(r <= 0, "xenbus", "%d", r);
	if (r == 0)
		must(memchr(buffer, '\0', sizeof(buffer)), "xenbus", "it is not terminated");
	close(fd);
}

/* What it answers: raw bytes, or values below xenstore/ of the model. */
static void run(const uint8_t *data, size_t size)
{
	const struct pci_address address = { 0, 1, 0, 0 };
	_cleanup_free_ char *values = NULL;
	uint32_t domain = 0xdead;
	char *rest;
	int r;

	model_reset();
	model_bytes("dev/xen/xenbus", data, size);
	check_answer();
	model_reset();
	values = rest = fuzz_text(data, size);
	model_file("dev/xen/xenbus", "");
	model_file("sys/bus/xen-backend/devices/pci-7-0/nodename", "backend/pci/7/0\n");
	for (unsigned i = 0; rest; i++) {
		const char *value = strsep(&rest, "\n");

		model_file(i ? arena_printf("xenstore/backend/pci/7/0/dev-%u", i - 1)
			     : "xenstore/backend/pci/7/0/num_devs",
			   value);
	}
	r = xenbus_find_guest(model_root(), &address, &domain);
	must(r < 0 || domain == 7, "xenbus", "domain %u", domain);
	must(r == 0 || domain == 0xdead, "xenbus", "domain %u of an error", domain);
}

static const char *const seeds[] = { "2\n0000:02:00.0\n0000:01:00.0\n", "1\n", "\x02", NULL };

FUZZ_TARGET(xenbus, .run = run, .seeds = seeds, .size_max = 512)
