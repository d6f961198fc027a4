/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists that depmod(8) leaves beside the modules of a kernel. No I/O. */
#ifndef PASSTHRU_UTIL_DEPMOD_H
#define PASSTHRU_UTIL_DEPMOD_H

/*
 * The files of module NAME and of all that it needs, from TEXT, a modules.dep(5) or
 * modules.builtin: paths relative to it, with a blank between them. '-' and '_' are one in the
 * name. NULL when it is not listed. The caller frees it.
 */
char *depmod_files(const char *text, const char *name);

/*
 * Call FUNCTION for each line of TEXT, a modules.alias, whose alias begins with PREFIX: with that
 * and the module that has it.
 */
void depmod_each_alias(const char *text, const char *prefix,
		       void (*function)(const char *alias, const char *module, void *context),
		       void *context);

#endif
