/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/addon.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/image/beside.h"
#include "cli/image/uki.h"
#include "util/cleanup.h"

#define INSTEAD                                                                              \
	"build the image with the archive as a second initrd (ukify --initrd), or with the " \
	"stub of systemd 257 or later"

int addon_check(const char *image)
{
	unsigned stub = 0;
	int r = beside_stub(image, &stub);

	if (r < 0)
		fprintf(stderr, "passthru: could not read the unified kernel image %s: %s\n", image,
			r == -EBADMSG ? "it is no program for UEFI, or damaged" : strerror(-r));
	if (r < 0 || stub >= STUB_ADDON_INITRD)
		return r;
	if (!stub)
		fprintf(stderr,
			"passthru: could not find the release of the stub of %s: it may ignore the initrd "
			"of an addon; " INSTEAD "\n",
			image);
	else
		fprintf(stderr, "passthru: the stub of %s, systemd-stub %u, %s; " INSTEAD "\n",
			image, stub,
			stub >= STUB_ADDON_CMDLINE
				? "loads only the command line of an addon: with rdinit=/passthru-init the "
				  "kernel would panic"
				: "ignores addons: the agent would not run");
	return -EOPNOTSUPP;
}

void addon_print_command(const char *image, const char *archive)
{
	_cleanup_free_ char *folder = beside_folder(image, STUB_ADDON_INITRD);

	printf("ukify build --initrd=%s --cmdline=rdinit=/passthru-init "
	       "--output=%s/passthru.addon.efi\n",
	       archive, folder);
}
