/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/module.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "system/child.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/module_list.h"
#include "util/text.h"

void module_index_close(struct module_index *modules)
{
	if (!modules)
		return;
	free(modules->last_modalias);
	free(modules->last_variant);
	modules->access->close(modules);
}

static char *look_for_variant(struct module_index *modules, const char *modalias)
{
	_cleanup_free_ char *alias = NULL;

	if (strncmp(modalias, "pci:", 4) != 0)
		return NULL;
	alias = memory_printf("vfio_%s", modalias);
	return modules->access->find_variant(modules, alias);
}

char *module_find_variant(struct module_index *modules, const char *modalias)
{
	const char *variant;

	if (!modules)
		return NULL;
	if (!modules->last_modalias || !streq(modules->last_modalias, modalias)) {
		free(modules->last_modalias);
		free(modules->last_variant);
		modules->last_modalias = memory_dup(modalias);
		modules->last_variant = look_for_variant(modules, modalias);
	}
	variant = modules->last_variant;
	return variant ? memory_dup(variant) : NULL;
}

bool module_has_switch(struct module_index *modules, const char *name, const char *option)
{
	_cleanup_free_ char *options = modules ? modules->access->options_of(modules, name) : NULL;

	return options && module_options_switch(options, option);
}

struct load {
	struct module_index *modules;
	const char *name, *options;
};

/* In the child. */
static int load(void *data)
{
	const struct load *load = data;

	return load->modules->access->load(load->modules, load->name, load->options);
}

int module_load(struct module_index *modules, const char *name, const char *options, int timeout_ms)
{
	struct load arguments = { modules, name, options };

	return modules ? child_run(load, &arguments, timeout_ms, NULL) : -ENOENT;
}
