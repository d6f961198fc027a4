/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text forms of the structures that go through the flow, so that tables of tests can be read. */
#ifndef PASSTHRU_TESTS_FORMS_H
#define PASSTHRU_TESTS_FORMS_H

#include "facts/facts.h"
#include "plan/plan.h"
#include "want/want.h"

/* "address=0000:01:00.* id=10de:2684 class=030000/ffff00": only what is set. The caller frees it.
 */
char *form_selector(const struct selector *selector);

/* "driver=vfio-pci iommu=warn": only what is set. The caller frees it. */
char *form_options(const struct options *options);

/* One line each, "NAME: " selector, count, options. The caller frees it. */
char *form_rules(const struct rule *rules, size_t count);

/*
 * Make FACTS of lines "ADDRESS ID CLASS WORD...": WORD is group=N (translated), untranslated,
 * driver=NAME, module (the driver is one), variant=MODULE, path=PATH, behind=ADDRESS (of a bridge),
 * conventional (it is one to such a bus), direct, removable, reset=METHODS,
 * unit=NAME, type=WORD (of the group), used=disk|network|functions|guest; can=N and has=N virtual
 * functions, vf=N of=ADDRESS (it is one), unread=guard|group|shown. "xen" alone makes a dom0 whose
 * hypervisor translates for every device, "pvh" a PVH one, "xen off" and "xen unknown" one whose
 * hypervisor does not, or does not say; "network root" is the kernel command line's, "unread host"
 * and "unread consoles" could not be read; "smmu" is an Arm host, "remapping" and "unsafe
 * interrupts" are what they say. A line "need KIND PATH IDS CLASS WHY" is one of a record of what
 * the host needs; "damaged record" stands for one that cannot be read. "left out ADDRESS" is a
 * device that is there and could not be read.
 */
void form_host(const char *text, struct facts *ret);

/* Make a want of a configuration file and a kernel command line, either may be NULL. */
void form_want(const char *conf, const char *cmdline, struct want *ret);

/* The same with a file /etc/modprobe.d/x.conf, which may be NULL as well. */
void form_want_of(const char *conf, const char *modprobe, const char *cmdline, struct want *ret);

/* The same with a credential passthru.conf, which may be NULL as well. */
void form_want_with(const char *conf, const char *credential, const char *cmdline,
		    struct want *ret);

/* A finding that so many rows would have that only tests of its own look for it. */
bool form_omits(const char *word);

/*
 * One line each, "RULE ADDRESS: VERDICT DRIVER FINDING...", for a physical function with its state
 * behind the driver. The caller frees it.
 */
char *form_plan(const struct plan *plan);

/* What comes of a host and a configuration is the plan EXPECTED, in the form above. */
void assert_planned(const char *host, const char *conf, const char *expected);

#endif
