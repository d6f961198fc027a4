/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/xen/abi.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define CMD_READCONSOLE  1
#define CMD_PHYSINFO     3
#define PHYSCAP_DIRECTIO (1u << 2)

enum offset {
	OFFSET_CMD = 0,
	OFFSET_VERSION = 4,
	OFFSET_CONSOLE_BUFFER = 16,
	OFFSET_CONSOLE_COUNT = 24,
	OFFSET_CAPABILITIES = 36,
};

static void put32(uint8_t *sysctl, enum offset offset, uint32_t value)
{
	memcpy(sysctl + offset, &value, sizeof(value));
}

static uint32_t get32(const uint8_t *sysctl, enum offset offset)
{
	uint32_t value;

	memcpy(&value, sysctl + offset, sizeof(value));
	return value;
}

static void begin(uint8_t sysctl[static XEN_SYSCTL_SIZE], uint32_t command, uint32_t version)
{
	memset(sysctl, 0, XEN_SYSCTL_SIZE);
	put32(sysctl, OFFSET_CMD, command);
	put32(sysctl, OFFSET_VERSION, version);
}

void xen_encode_physinfo(uint8_t sysctl[static XEN_SYSCTL_SIZE], uint32_t version)
{
	begin(sysctl, CMD_PHYSINFO, version);
}

bool xen_decode_directio(const uint8_t sysctl[static XEN_SYSCTL_SIZE])
{
	return get32(sysctl, OFFSET_CAPABILITIES) & PHYSCAP_DIRECTIO;
}

void xen_encode_readconsole(uint8_t sysctl[static XEN_SYSCTL_SIZE], uint32_t version,
			    const void *buffer, uint32_t size)
{
	uint64_t address = (uintptr_t)buffer;

	begin(sysctl, CMD_READCONSOLE, version);
	memcpy(sysctl + OFFSET_CONSOLE_BUFFER, &address, sizeof(address));
	put32(sysctl, OFFSET_CONSOLE_COUNT, size);
}

uint32_t xen_decode_console_count(const uint8_t sysctl[static XEN_SYSCTL_SIZE])
{
	return get32(sysctl, OFFSET_CONSOLE_COUNT);
}

struct saying {
	const char *text;
	enum xen_answer answer;
};

/*
 * What the hypervisor itself says on the line TEXT: behind its prefix, and behind the time that
 * console_timestamps= has it put there. What guests print is there as well. NULL for that.
 */
static const char *own_words(const char *text)
{
	static const char prefix[] = "(XEN) ";

	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return NULL;
	text += strlen(prefix);
	if (*text == '[') {
		text += strcspn(text, "]\n");
		text += strspn(text, "] ");
	}
	return text;
}

static bool is_said(const char *text, const char *saying)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *words;

		line += *line == '\n';
		words = own_words(line);
		if (words && strncmp(words, saying, strlen(saying)) == 0)
			return true;
	}
	return false;
}

static enum xen_answer look_for(const struct saying *sayings, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (is_said(text, sayings[i].text))
			return sayings[i].answer;
	}
	return XEN_UNTOLD;
}

enum xen_answer xen_console_interrupt_remapping(const char *text)
{
	static const struct saying sayings[] = {
		{ "Interrupt remapping enabled", XEN_YES },
		{ "Interrupt remapping disabled", XEN_NO },
		{ "Intel VT-d Interrupt Remapping enabled", XEN_YES },
		{ "Intel VT-d Interrupt Remapping not enabled", XEN_NO },
	};

	return look_for(sayings, ARRAY_SIZE(sayings), text);
}

enum xen_answer xen_console_iommu(const char *text)
{
	static const struct saying sayings[] = {
		{ "I/O virtualisation enabled", XEN_YES },
		{ "I/O virtualisation disabled", XEN_NO },
	};

	return look_for(sayings, ARRAY_SIZE(sayings), text);
}

/* The words by which Xen knows false (xen/common/kernel.c parse_bool). */
static bool is_false(const char *word)
{
	static const char *const words[] = { "no", "off", "false", "disable", "0" };

	return text_is_one_of(word, words, ARRAY_SIZE(words));
}

static bool has_false_word(char *list)
{
	for (char *word; (word = strsep(&list, ","));) {
		if (is_false(word))
			return true;
	}
	return false;
}

bool xen_cmdline_iommu_off(const char *text)
{
	_cleanup_free_ char *copy = memory_dup(text);
	char *rest = copy;
	bool off = false;

	for (char *option; (option = strsep(&rest, " \t\n"));) {
		if (streq(option, "no-iommu"))
			off = true;
		else if (strncmp(option, "iommu=", strlen("iommu=")) == 0)
			off = has_false_word(option + strlen("iommu="));
	}
	return off;
}
