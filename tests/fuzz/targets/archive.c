/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The archive of `passthru image`: the link to the agent comes last, and first leads to /init. */
#include "fuzz.h"

#include <string.h>

#include "cli/image/archive.h"
#include "model/kernel.h"
#include "model/model.h"
#include "session/needs_record.h"
#include "system/installed.h"

static const char *find(const struct cpio *cpio, const char *from, const char *text)
{
	return memmem(from, (size_t)(cpio->bytes + cpio->size - from), text, strlen(text) + 1);
}

static void check(const struct cpio *cpio, const char *options)
{
	const char *link = find(cpio, cpio->bytes, "passthru-init");
	const char *agent = find(cpio, link, &AGENT_PATH[1]), *again;

	must(link && agent, "archive", "no agent");
	/* The same name a second time, behind the agent, is what makes it run. */
	again = find(cpio, agent + strlen(AGENT_PATH), "passthru-init");
	must(again, "archive", "no link to the agent");
	must(memmem(cpio->bytes, (size_t)(agent - cpio->bytes), "init", 4), "archive", "no init");
	/* What names a stub in options that count is there. */
	if (strncmp(options, "options vfio-pci ", 17) == 0)
		must(find(cpio, cpio->bytes, "etc/modprobe.d/a.conf"), "archive-options", "%s",
		     options);
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *conf = fuzz_part(&data, &size);
	_cleanup_free_ char *options = fuzz_part(&data, &size);
	_cleanup_free_ char *needs = fuzz_text(data, size);
	struct cpio cpio = { 0 };

	model_reset();
	kernel_reset();
	model_file("etc/passthru.conf", conf);
	model_file("etc/modprobe.d/a.conf", options);
	model_file(AGENT_PATH, "agent");
	must(archive_add_agent(&cpio, model_root(), *needs ? needs : NULL) == 0, "archive",
	     "it fails");
	cpio_finish(&cpio);
	check(&cpio, options);
	must(!*needs || find(&cpio, cpio.bytes, NEEDS_RECORD), "archive", "no needs");
	cpio_free(&cpio);
}

static const char *const seeds[] = { "[device a]\nid = 1:2\n%%\noptions vfio-pci ids=1:2\n%%\nx\n",
				     "%%\n# vfio\noptions nvme x=1\n", NULL };

FUZZ_TARGET(archive, .run = run, .seeds = seeds, .size_max = 512)
