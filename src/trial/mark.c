/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial/mark.h"

#include <errno.h>
#include <string.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

static const char *const stores[] = { [TRIAL_STORE_EFI] = "efi", [TRIAL_STORE_GRUB] = "grub" };
static const char *const proofs[] = { [TRIAL_BOOT] = "boot", [TRIAL_CONFIRM] = "confirm" };

static int set_word(unsigned *target, const char *const words[], size_t count, const char *value)
{
	size_t number = text_find(value, words, count);

	if (number == count)
		return -EBADMSG;
	*target = (unsigned)number;
	return 0;
}

static int set_number(uint32_t *target, uint32_t max, const char *value)
{
	return parse_decimal(value, max, target) == 0 ? 0 : -EBADMSG;
}

static int set_proven(struct trial_mark *mark, const char *value)
{
	if (!trial_is_digest(value))
		return -EBADMSG;
	strcpy(mark->proven, value);
	return 0;
}

static int parse_line(struct trial_mark *mark, char *line)
{
	const char *key = strsep(&line, " ");

	if (!line)
		return -EBADMSG;
	if (streq(key, "store"))
		return set_word(&mark->store, stores, ARRAY_SIZE(stores), line);
	if (streq(key, "proof"))
		return set_word(&mark->proof, proofs, ARRAY_SIZE(proofs), line);
	if (streq(key, "tries"))
		return set_number(&mark->tries, TRIAL_TRIES_MAX, line);
	if (streq(key, "confirm-within"))
		return set_number(&mark->within_s, CONFIRM_MAX_S, line);
	return streq(key, "proven") ? set_proven(mark, line) : -EBADMSG;
}

int trial_mark_parse(const char *text, size_t size, struct trial_mark *ret)
{
	_cleanup_free_ char *copy = memory_copy(text, size);
	struct trial_mark mark = { .store = TRIAL_STORE_COUNT };
	char *rest = copy, *line;
	int r = strlen(copy) == size && size && copy[size - 1] == '\n' ? 0 : -EBADMSG;

	while (r == 0 && (line = strsep(&rest, "\n")) && rest)
		r = parse_line(&mark, line);
	if (r == 0 && (mark.store == TRIAL_STORE_COUNT || mark.proof == TRIAL_UNSET ||
		       !mark.tries || !mark.within_s))
		r = -EBADMSG;
	if (r == 0)
		*ret = mark;
	return r;
}

char *trial_mark_format(const struct trial_mark *mark)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "store %s\nproof %s\ntries %u\nconfirm-within %u\n",
		      stores[mark->store], proofs[mark->proof], mark->tries, mark->within_s);
	if (*mark->proven)
		buffer_printf(&text, "proven %s\n", mark->proven);
	return text.text;
}

const char *trial_store_word(enum trial_store_kind store)
{
	return stores[store];
}

const char *trial_proof_word(enum trial_choice proof)
{
	return proofs[proof];
}
