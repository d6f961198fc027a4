/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/uki.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* What the sections .sdmagic and .sbat have before the release; the first is that of the program.
 */
static const char *const marks[] = {
	"LoaderInfo: systemd-stub ",
	"systemd-stub,1,The systemd Developers,systemd,",
};

static unsigned find_stub(const struct part *section)
{
	_cleanup_free_ char *text = memory_copy(section->bytes, section->size);

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		const char *found = memmem(text, section->size, marks[i], strlen(marks[i]));

		if (found)
			return (unsigned)strtoul(found + strlen(marks[i]), NULL, 10);
	}
	return 0;
}

/* The member of UKI for the section NAME, or NULL. */
static struct part *member(struct uki *uki, const char *name)
{
	if (streq(name, ".linux"))
		return &uki->kernel;
	if (streq(name, ".initrd"))
		return &uki->initrd;
	if (streq(name, ".cmdline"))
		return &uki->cmdline;
	return streq(name, ".uname") ? &uki->uname : NULL;
}

int uki_read(const struct part *file, struct uki *ret)
{
	char name[PE_NAME_SIZE + 1];
	struct part section, *found;
	unsigned profiles = 0;
	struct pe pe;
	int r = pe_read(file, &pe);

	*ret = (struct uki){ 0 };
	for (size_t i = 0; r == 0; i++) {
		r = pe_section(&pe, i, name, &section);
		if (r < 0)
			break;
		/* What precedes the first profile is of all; that of a profile counts more. */
		profiles += streq(name, ".profile");
		found = profiles < 2 ? member(ret, name) : NULL;
		if (found)
			*found = section;
		else if (!ret->stub && (streq(name, ".sdmagic") || streq(name, ".sbat")))
			ret->stub = find_stub(&section);
	}
	return r == -ENOENT ? 0 : r;
}

bool uki_is_addon(const struct uki *uki)
{
	return !uki->kernel.bytes && (uki->initrd.bytes || uki->cmdline.bytes);
}

char *uki_text(const struct part *section)
{
	size_t length = section->bytes ? strnlen(section->bytes, section->size) : 0;

	while (length && strchr(" \t\n", section->bytes[length - 1]))
		length--;
	return memory_copy(section->bytes ? section->bytes : "", length);
}

/* How long the boot counter at TEXT is, "+LEFT" or "+LEFT-DONE"; 0: there is none. */
static size_t counter_length(const char *text)
{
	static const char digits[] = "0123456789";
	size_t left = strspn(text + 1, digits), length = 1 + left;

	if (left && text[length] == '-') {
		size_t done = strspn(text + length + 1, digits);

		left = done;
		length += 1 + done;
	}
	return left && (!text[length] || text[length] == '.') ? length : 0;
}

char *uki_path(const char *path, unsigned stub)
{
	const char *slash = strrchr(path, '/');
	const char *plus = strchr(slash ? slash : path, '+');
	size_t length = plus ? counter_length(plus) : 0;

	if (!length || (stub && stub < STUB_COUNTER))
		return memory_dup(path);
	return memory_printf("%.*s%s", (int)(plus - path), path, plus + length);
}
