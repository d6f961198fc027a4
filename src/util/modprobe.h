/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of modprobe.d(5), as libkmod reads it. No I/O. */
#ifndef PASSTHRU_UTIL_MODPROBE_H
#define PASSTHRU_UTIL_MODPROBE_H

#include "util/parameter.h"

/*
 * Call FUNCTION for each line of TEXT that is no comment and not empty, with the number of the
 * first of the lines that it is continued over. A backslash before the end of a line vanishes with
 * it, and a list can go on in the next line (kmod/shared/util.c freadline_wrapped,
 * kmod/libkmod/libkmod-config.c kmod_config_parse). The line is writable for the time of the call.
 */
void modprobe_each_line(const char *text,
			void (*function)(char *line, unsigned number, void *context),
			void *context);

/*
 * Of a line `options MODULE NAME=VALUE...`, REST is what follows the first word: call FUNCTION for
 * each parameter, which the kernel reads as on its own command line. REST is cut up.
 */
void modprobe_each_option(char *rest,
			  void (*function)(const char *module, const struct parameter *parameter,
					   void *context),
			  void *context);

/* Cut the first word off *REST. "" at the end. */
char *modprobe_next_word(char **rest);

#endif
