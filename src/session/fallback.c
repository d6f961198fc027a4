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
	if (r < 0) {
		findings_add(findings, FINDING_CONFIG_FALLBACK,
			     "could not read /" FALLBACK_NOTE
			     ": %s; the image may have an older configuration than the host",
			     r == -EINVAL ? "it is no regular file" : strerror(-r));
		return;
	}
	note[strcspn(note, "\n")] = '\0';
	findings_add(findings, FINDING_CONFIG_FALLBACK, "%s", note);
}
