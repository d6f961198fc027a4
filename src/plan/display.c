/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/display.h"

void display_keeps_from_guests(struct decision *decision)
{
	if (decision->viability != VIABILITY_UNJUDGED)
		decision->viability = VIABILITY_NO;
}

/* A console on a card (needs_add() in probe/needs/console.c) that the host keeps. */
static bool keeps_console_card(const struct plan *plan)
{
	for_each_device(device, plan->facts) {
		const struct decision *decision = plan_find(plan, device);

		if (needs_has(&plan->facts->needs, NEED_CONSOLE, device) &&
		    (!decision || !decision_claims(decision)))
			return true;
	}
	return false;
}

/* Another display card that the host keeps. */
static bool keeps_other_display(const struct plan *plan, const struct pci_device *device)
{
	for_each_device(other, plan->facts) {
		const struct decision *decision = plan_find(plan, other);

		if (other != device && device_is_display(other) && !other->is_virtual &&
		    !plan_stub_of(other) && (!decision || decision->verdict == VERDICT_REFUSE))
			return true;
	}
	return false;
}

/* Of a VGA device vfio-pci has the kernel remove it in any case (since Linux 6.0). */
static bool may_release(const struct decision *decision, const struct plan *plan)
{
	const struct pci_device *device = decision->device;

	return decision->rule->allow & ALLOW_CONSOLE || plan->facts->has_other_console ||
	       keeps_console_card(plan) || (device_is_vga(device) && decision->stub->is_vfio) ||
	       keeps_other_display(plan, device);
}

static void keep(struct decision *decision)
{
	findings_add(
		&decision->findings, FINDING_FRAMEBUFFER_KEPT,
		"the firmware framebuffer %s stays on it, because the host has no other console; guests cannot map its memory",
		decision->device->framebuffer);
	display_keeps_from_guests(decision);
}

void display_judge(struct decision *decision, const struct plan *plan)
{
	const char *unread = plan->facts->unread_framebuffer;

	if (decision->verdict != VERDICT_TAKE)
		return;
	if (decision->device->framebuffer) {
		decision->releases_framebuffer = may_release(decision, plan);
		if (!decision->releases_framebuffer)
			keep(decision);
	} else if (unread && device_is_display(decision->device)) {
		findings_add(&decision->findings, FINDING_FRAMEBUFFER_FAILED,
			     "could not tell whether a firmware framebuffer is on it: %s", unread);
		display_keeps_from_guests(decision);
	}
}
