/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one module needs to be loaded, for one kernel: the file of an image that `passthru modules`
 * writes where libkmod is, for the agent, which has none. No I/O.
 *
 *   module vfio-pci              a section: one module, as it is asked for
 *   alias vfio_pci:v000015B3*    devices that it is a variant driver for; none or more
 *   file PATH [OPTIONS]          to be loaded, in this order; PATH is in the module tree
 *   soft PATH [OPTIONS]          the same, but no failure if it cannot be (modprobe.d(5) softdep)
 *
 * A section without a file is a module that is built in.
 */
#ifndef PASSTHRU_UTIL_MODULE_LIST_H
#define PASSTHRU_UTIL_MODULE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "util/names.h"

#define MODULE_LIST_SIZE_MAX (1 << 20)

struct module_file {
	char *path;    /* "kernel/drivers/vfio/vfio.ko.xz" */
	char *options; /* for init_module(2), "" for none */
	bool is_soft;
};

struct module_section {
	char *name;
	struct names aliases;
	struct module_file *files;
	size_t file_count;
};

/* {0} is an empty one. */
struct module_list {
	struct module_section *sections;
	size_t count;
};

/* Append to LIST, and return it until the next is added. */
struct module_section *module_list_add(struct module_list *list, const char *name);
void module_section_add(struct module_section *section, const char *path, const char *options,
			bool is_soft);

/* The module NAME, in which '-' and '_' are one, or NULL. */
const struct module_section *module_list_find(const struct module_list *list, const char *name);

/* The first module but EXCEPT that has an alias which MODALIAS ("vfio_pci:v...") fits; or NULL. */
const struct module_section *module_list_match(const struct module_list *list, const char *modalias,
					       const char *except);

/*
 * Read TEXT of SIZE bytes into *RET, which module_list_free() takes in any case. -EBADMSG for what
 * is not as module_list_format() writes it: an unknown word, a path that leads out of the tree;
 * *RET_LINE is the number of that line then.
 */
int module_list_parse(const char *text, size_t size, struct module_list *ret, unsigned *ret_line);

/* The list as text, behind a line that says what it is. The caller frees it. */
char *module_list_format(const struct module_list *list);

void module_list_free(struct module_list *list);

/* What the file at PATH is called as a module: "vfio_pci" for ".../vfio-pci.ko.xz".
 * The caller frees it; NULL when that is no module's file. */
char *module_name_of(const char *path);

/*
 * Append to the blank-separated OPTIONS (or NULL), which is used up, the parameters that the kernel
 * command line CMDLINE gives MODULE, as libkmod does (kmod/libkmod/libkmod-config.c
 * kmod_config_parse_kcmdline). The caller frees it.
 */
char *module_options_add(char *options, const char *cmdline, const char *module);

/*
 * OPTIONS without those at their end that module_options_add() adds for MODULE. The caller frees
 * it.
 */
char *module_options_without(const char *options, const char *cmdline, const char *module);

/* Whether OPTIONS end with the switch OPTION on: without a value, or with a true one. */
bool module_options_switch(const char *options, const char *option);

#endif
