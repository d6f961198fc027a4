/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that the stub drivers have of their own, wherever they are written. No I/O. */
#ifndef PASSTHRU_WANT_NATIVE_H
#define PASSTHRU_WANT_NATIVE_H

#include "util/parameter.h"
#include "want/intent.h"

/*
 * What is given of these options, in the order in which the drivers get it: all of modprobe.d, then
 * the kernel command line. {0} has none.
 */
struct natives {
	struct native_given *given;
	size_t count;
	struct findings findings;
};

/* Where a parameter stands. */
struct native_place {
	const char *origin; /* "/etc/modprobe.d/vfio.conf:2", "the kernel command line" */
	/* Of `options MODULE` in modprobe.d; NULL on a command line, where it is part of the name.
	 */
	const char *module;
};

/*
 * Note in NATIVES what PARAMETER gives if it is vfio-pci.ids or another stub driver's own option.
 * What was probably meant for one of them, but is none, and an entry that stands apart from its
 * list, become bad-option findings. Any other parameter is passed over.
 */
void native_add(struct natives *natives, const struct native_place *place,
		const struct parameter *parameter);

/* Tell what is wrong with PARAMETER, which is none of these options, if it was meant for one. */
void native_tell_misspelt(struct natives *natives, const struct native_place *place,
			  const struct parameter *parameter);

/* Move all of SOURCE behind what is in NATIVES; SOURCE is empty afterwards. */
void natives_move(struct natives *natives, struct natives *source);

/* STUB is given an option of its own which asks for something, whether that counts or not. */
bool natives_have(const struct natives *natives, const struct stub *stub);

/* Those that count as "vfio-pci.ids=10de:2184" and a newline each. The caller frees it. */
char *natives_text(const struct natives *natives);

/*
 * Add to INTENT the rules that NATIVES ask for: named after the option, with that driver, and from
 * where it stands. An option is one text for its driver, so the last one given counts; the others
 * become option-overridden findings. A bad entry becomes a bad-option finding and is skipped, the
 * others count. NATIVES is empty afterwards.
 */
void natives_finish(struct natives *natives, struct intent *intent);

void natives_free(struct natives *natives);

#endif
