/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What modprobe.d(5) says of the stub drivers' own options: text in; it opens nothing. */
#ifndef PASSTHRU_WANT_MODPROBE_H
#define PASSTHRU_WANT_MODPROBE_H

#include <stdbool.h>

#include "want/native.h"

/*
 * Add to NATIVES what the lines `options` of TEXT, read from NAME ("/etc/modprobe.d/vfio.conf"),
 * give the stub drivers, and findings on lines that were probably meant to. Call it once for each
 * file, in the order in which libkmod reads them. Returns whether there was anything to say.
 */
bool modprobe_parse(struct natives *natives, const char *name, const char *text);

/* What is in a line of modprobe.d(5). CONTEXT is handed to both. */
struct modprobe_reader {
	/* A parameter of a line `options`. */
	void (*on_option)(const struct native_place *place, const struct parameter *parameter,
			  void *context);
	/*
	 * LINE has another COMMAND, with REST behind it, which is writable for the time of the
	 * call; not one on which there was a finding. NULL: nobody wants to know.
	 */
	void (*on_command)(const char *command, char *rest, const char *line, const char *origin,
			   void *context);
	void *context;
};

/* Hand what TEXT has to READER; what is wrong with whole lines becomes findings of NATIVES. */
void modprobe_read(const char *name, const char *text, const struct modprobe_reader *reader,
		   struct natives *natives);

#endif
