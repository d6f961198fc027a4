/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/module_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/glob.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"

#define HEAD "# passthru module list 1\n"

struct module_section *module_list_add(struct module_list *list, const char *name)
{
	struct module_section *section;

	list->sections = memory_grow(list->sections, list->count, sizeof(*section));
	section = &list->sections[list->count++];
	section->name = memory_dup(name);
	return section;
}

void module_section_add(struct module_section *section, const char *path, const char *options,
			bool is_soft)
{
	struct module_file *file;

	section->files = memory_grow(section->files, section->file_count, sizeof(*file));
	file = &section->files[section->file_count++];
	*file = (struct module_file){ memory_dup(path), memory_dup(options), is_soft };
}

const struct module_section *module_list_find(const struct module_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text_parameter_equal(list->sections[i].name, name))
			return &list->sections[i];
	}
	return NULL;
}

static bool has_alias(const struct module_section *section, const char *modalias)
{
	for (size_t i = 0; i < section->aliases.count; i++) {
		if (glob_matches(section->aliases.items[i], modalias))
			return true;
	}
	return false;
}

const struct module_section *module_list_match(const struct module_list *list, const char *modalias,
					       const char *except)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!text_parameter_equal(list->sections[i].name, except) &&
		    has_alias(&list->sections[i], modalias))
			return &list->sections[i];
	}
	return NULL;
}

/* --- as text */

/* One that stays in the module tree. */
static bool is_path(const char *path)
{
	return *path && *path != '/' && !streq(path, "..") && strncmp(path, "../", 3) != 0 &&
	       !strstr(path, "/../");
}

static int parse_file(struct module_list *list, char *rest, bool is_soft)
{
	char *path = strsep(&rest, " ");
	_cleanup_free_ char *name = module_name_of(path);

	if (!list->count || !is_path(path) || !name || !*name)
		return -EBADMSG;
	module_section_add(&list->sections[list->count - 1], path, rest ? rest : "", is_soft);
	return 0;
}

static int parse_line(struct module_list *list, char *line)
{
	char *rest = line;
	const char *word = strsep(&rest, " ");

	if (!*word || *word == '#')
		return 0;
	if (!rest || !*rest || !text_is_plain(rest))
		return -EBADMSG;
	if (streq(word, "file"))
		return parse_file(list, rest, false);
	if (streq(word, "soft"))
		return parse_file(list, rest, true);
	if (strchr(rest, ' '))
		return -EBADMSG;
	if (streq(word, "module"))
		module_list_add(list, rest);
	else if (streq(word, "alias") && list->count)
		names_add(&list->sections[list->count - 1].aliases, rest);
	else
		return -EBADMSG;
	return 0;
}

int module_list_parse(const char *text, size_t size, struct module_list *ret, unsigned *ret_line)
{
	_cleanup_free_ char *copy = memory_copy(text, size);
	bool is_text = strlen(copy) == size;
	char *rest = copy;
	int r = 0;

	*ret_line = 1;
	if (strncmp(text, HEAD, strlen(HEAD)) != 0)
		return -EBADMSG;
	*ret_line = 0;
	for (char *line; r == 0 && (line = strsep(&rest, "\n")); ++*ret_line)
		r = parse_line(ret, line);
	return r == 0 && !is_text ? -EBADMSG : r;
}

static void put_section(struct buffer *text, const struct module_section *section)
{
	buffer_printf(text, "module %s\n", section->name);
	for (size_t i = 0; i < section->aliases.count; i++)
		buffer_printf(text, "alias %s\n", section->aliases.items[i]);
	for (size_t i = 0; i < section->file_count; i++) {
		const struct module_file *file = &section->files[i];

		buffer_printf(text, "%s %s%s%s\n", file->is_soft ? "soft" : "file", file->path,
			      *file->options ? " " : "", file->options);
	}
}

char *module_list_format(const struct module_list *list)
{
	struct buffer text = { 0 };

	buffer_add(&text, HEAD);
	for (size_t i = 0; i < list->count; i++)
		put_section(&text, &list->sections[i]);
	return text.text;
}

static void section_free(struct module_section *section)
{
	for (size_t i = 0; i < section->file_count; i++) {
		free(section->files[i].path);
		free(section->files[i].options);
	}
	free(section->files);
	free(section->name);
	names_free(&section->aliases);
}

void module_list_free(struct module_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		section_free(&list->sections[i]);
	free(list->sections);
	*list = (struct module_list){ 0 };
}

/* --- names and options */

char *module_name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;
	const char *end = strstr(file, ".ko");
	char *name = end ? memory_copy(file, (size_t)(end - file)) : NULL;

	for (char *c = name; c && *c; c++) {
		if (*c == '-')
			*c = '_';
	}
	return name;
}

static void put_option(struct buffer *options, const char *name, const char *value)
{
	const char *quote = value && strpbrk(value, " \t\n\v\f\r") ? "\"" : "";

	buffer_printf(options, "%s%s", options->length ? " " : "", name);
	if (value)
		buffer_printf(options, "=%s%s%s", quote, value, quote);
}

/* The parameters of TEXT, as put_option() writes them; with MODULE only that one's own. */
static void list_parameters(const char *text, const char *module, struct names *ret)
{
	_cleanup_free_ char *copy = memory_dup(text);
	struct parameter parameter;

	for (char *rest = copy; (rest = parameter_next(rest, &parameter));) {
		_cleanup_(buffer_free) struct buffer one = { 0 };
		const char *name = parameter.name;

		if (module && (!text_parameter_starts(name, module, &name) || *name++ != '.'))
			continue;
		if (!*name)
			continue;
		put_option(&one, name, parameter.value);
		names_add(ret, one.text);
	}
}

static char *join(const struct names *names, size_t count)
{
	struct buffer text = { 0 };

	buffer_add(&text, "");
	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%s%s", i ? " " : "", names->items[i]);
	return text.text;
}

char *module_options_add(char *options, const char *cmdline, const char *module)
{
	_cleanup_(names_free) struct names names = { 0 };
	_cleanup_free_ char *own = NULL, *its = options;

	list_parameters(cmdline, module, &names);
	own = join(&names, names.count);
	return memory_printf("%s%s%s", its ? its : "", its && *its && *own ? " " : "", own);
}

char *module_options_without(const char *options, const char *cmdline, const char *module)
{
	_cleanup_(names_free) struct names all = { 0 }, own = { 0 };
	size_t first;

	list_parameters(options, NULL, &all);
	list_parameters(cmdline, module, &own);
	if (own.count > all.count)
		return join(&all, all.count);
	first = all.count - own.count;
	for (size_t i = 0; i < own.count; i++) {
		if (!text_parameter_equal(all.items[first + i], own.items[i]))
			return join(&all, all.count);
	}
	return join(&all, first);
}

bool module_options_switch(const char *options, const char *option)
{
	_cleanup_free_ char *copy = memory_dup(options);
	struct parameter parameter;
	bool on = false;

	for (char *rest = copy; (rest = parameter_next(rest, &parameter));) {
		if (text_parameter_equal(parameter.name, option))
			on = !parameter.value || !strchr("0nN", *parameter.value);
	}
	return on;
}
