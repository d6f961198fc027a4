/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/fallback.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"

#define NOTE_SIZE_MAX 4096

void fallback_tell(const struct root *image, struct findings *findings)
{
	_cleanup_free_ char *note = NULL;
	size_t size;
	int r = root_read_file(image, FALLBACK_NOTE, NOTE_SIZE_MAX, &note, &size);

	if (r == -ENOENT)
		return;
	if (note)
		note[strcspn(note, "\n")] = '\0';
	findings_add(findings, FINDING_CONFIG_FALLBACK, "%s",
		     note ? note : "/" FALLBACK_NOTE " could not be read");
}
