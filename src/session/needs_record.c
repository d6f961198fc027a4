/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/needs_record.h"

#include <errno.h>
#include <string.h>

#include "probe/needs/identity.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static int read_record(const struct root *image, text_sink sink, void *sink_context,
		       struct needs *ret)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(image, NEEDS_RECORD, NEEDS_SIZE_MAX, &text, &size);

	if (r < 0)
		return r;
	if (sink)
		sink(NEEDS_RECORD, text, sink_context);
	return needs_parse(text, size, ret);
}

static void use_record(const struct root *root, struct facts *facts, struct needs *needs)
{
	_cleanup_free_ char *host = NULL;
	const char *unread;
	int r = identity_of_host(root, &host, &unread);
	bool is_same = strcmp(host, needs->host) == 0;

	if (r < 0 && (r != -EFBIG || !is_same)) {
		facts->needs_state = NEEDS_DAMAGED;
		findings_add(
			&facts->findings, FINDING_NEEDS_DAMAGED,
			"could not read /%s: %s; the needs file in the image may be for another host",
			unread, strerror(-r));
		needs_move(&facts->needs, needs);
		return;
	}
	if (!is_same) {
		_cleanup_free_ char *other = text_unescape(needs->host);
		_cleanup_free_ char *own = text_unescape(host);

		findings_add(&facts->findings, FINDING_NEEDS_OF_OTHER_HOST,
			     "the needs file in the image is for '%s', this is '%s'", other, own);
		return;
	}
	facts->needs_state = NEEDS_KNOWN;
	needs_move(&facts->needs, needs);
}

void needs_record_read(const struct root *root, const struct root *image, struct facts *facts,
		       text_sink sink, void *sink_context)
{
	_cleanup_(needs_free) struct needs needs = { 0 };
	int r = read_record(image, sink, sink_context, &needs);

	facts->needs_state = NEEDS_UNRECORDED;
	if (r == -ENOENT) {
		findings_add(&facts->findings, FINDING_NEEDS_UNRECORDED,
			     "the image has no needs file");
	} else if (r < 0) {
		facts->needs_state = NEEDS_DAMAGED;
		findings_add(&facts->findings, FINDING_NEEDS_DAMAGED, "/" NEEDS_RECORD ": %s",
			     r == -EINVAL ? "not as `passthru needs` writes it" : strerror(-r));
	} else {
		use_record(root, facts, &needs);
	}
}
