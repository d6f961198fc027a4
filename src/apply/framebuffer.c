/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/framebuffer.h"

#include <errno.h>
#include <string.h>

#include "apply/reason.h"
#include "apply/task.h"
#include "plan/display.h"
#include "probe/framebuffer.h"
#include "system/clock.h"
#include "util/cleanup.h"
#include "util/memory.h"

static int unbind(const struct root *root, const struct decision *decision)
{
	const struct pci_device *device = decision->device;
	_cleanup_free_ char *path =
		memory_printf(PLATFORM_DRIVERS "/%s/unbind", device->framebuffer_driver);

	return root_write(root, path, device->framebuffer);
}

void framebuffer_release(const struct apply *apply, struct decision *decision)
{
	int half_ms = (int)((apply->deadline_ms - clock_ms()) / 2);

	if (!*decision->device->framebuffer_driver)
		return;
	decision->framebuffer_error =
		half_ms > 0 ? task_run(apply, decision, unbind, half_ms) : -ETIME;
}

static void tell(struct decision *decision, int error)
{
	const char *name = decision->device->framebuffer;

	if (error == -EBUSY && decision->framebuffer_error) {
		error = decision->framebuffer_error;
	} else if (error != -EBUSY && error != -EADDRINUSE) {
		findings_add(&decision->findings, FINDING_FRAMEBUFFER_FAILED,
			     "could not tell whether the firmware framebuffer %s is gone: %s", name,
			     strerror(-error));
		return;
	}
	findings_add(&decision->findings, FINDING_FRAMEBUFFER_FAILED,
		     "could not unbind the firmware framebuffer %s: %s", name,
		     reason_text(FINDING_FRAMEBUFFER_FAILED, error));
}

void framebuffer_verify(const struct apply *apply, struct decision *decision)
{
	int r;

	if (!decision->releases_framebuffer)
		return;
	r = framebuffer_check_gone(apply->root, decision->device);
	if (r == 0)
		return;
	tell(decision, r);
	display_keeps_from_guests(decision);
}
