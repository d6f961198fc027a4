/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/condition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/glob.h"
#include "util/memory.h"
#include "util/text.h"

#define SEPARATORS " \t,+"

static const char *const platforms[] = { "bare", "xen-dom0" };
static const char *const answers[] = { "yes", "no" };
/* As ConditionArchitecture= calls those that have PCI (systemd.unit(5)). */
static const char *const architectures[] = { "x86",     "x86-64",    "arm",         "arm64",
					     "riscv64", "ppc64",     "ppc64-le",    "s390x",
					     "mips64",  "mips64-le", "loongarch64", "sparc64" };

/* The words that a trait can have, or NULL for any text. */
static const char *const *words_of(enum trait trait, size_t *ret_count)
{
	*ret_count = 0;
	if (trait == TRAIT_PLATFORM) {
		*ret_count = ARRAY_SIZE(platforms);
		return platforms;
	}
	if (trait == TRAIT_VIRTUALIZATION) {
		*ret_count = ARRAY_SIZE(answers);
		return answers;
	}
	if (trait == TRAIT_ARCHITECTURE) {
		*ret_count = ARRAY_SIZE(architectures);
		return architectures;
	}
	return NULL;
}

static int parse_device(const char *word, struct selector *device)
{
	if (strchr(word, '/')) {
		device->path = memory_dup(word);
		return path_check(word);
	}
	if (strchr(word, '.')) {
		device->has_address = true;
		return address_pattern_parse(word, &device->address);
	}
	device->has_id = true;
	return id_pattern_parse(word, &device->id);
}

/* FIELD:PATTERN; *WORD is the pattern afterwards. */
static int parse_field(const char **word, enum trait *ret)
{
	size_t length = strcspn(*word, ":");
	enum trait trait = trait_find_field(*word, length);

	if (trait == TRAIT_COUNT || !(*word)[length] || !(*word)[length + 1])
		return -EINVAL;
	*word += length + 1;
	*ret = trait;
	return 0;
}

static size_t name_length(const struct condition *condition)
{
	return strcspn(condition->text, "=");
}

static int parse_parameter(struct condition *condition)
{
	size_t length = name_length(condition);

	for (size_t i = 0; i < length; i++) {
		if (condition->text[i] == '-')
			condition->text[i] = '_';
	}
	return length && !memchr(condition->text, '*', length) &&
			       !memchr(condition->text, '?', length)
		       ? 0
		       : -EINVAL;
}

static int parse_word(enum trait trait, const char *word, struct condition *condition)
{
	const char *const *words;
	size_t count;
	int r = 0;

	condition->is_negated = *word == '!';
	word += condition->is_negated;
	condition->trait = trait;
	if (trait_field(trait))
		r = parse_field(&word, &condition->trait);
	condition->text = memory_dup(word);
	if (r < 0 || !*word)
		return -EINVAL;
	words = words_of(trait, &count);
	if (words)
		return text_is_one_of(word, words, count) ? 0 : -EINVAL;
	if (trait == TRAIT_DEVICE)
		return parse_device(word, &condition->device);
	return trait == TRAIT_CMDLINE ? parse_parameter(condition) : 0;
}

int conditions_parse(enum trait trait, const char *value, struct conditions *conditions)
{
	_cleanup_free_ char *copy = memory_dup(value);
	char *rest = copy;
	size_t before = conditions->count;
	int r = 0;

	for (char *word; r == 0 && (word = strsep(&rest, SEPARATORS));) {
		if (!*word)
			continue;
		if (conditions->count == CONDITIONS_MAX)
			return -EINVAL;
		conditions->items = memory_grow(conditions->items, conditions->count,
						sizeof(conditions->items[0]));
		r = parse_word(trait, word, &conditions->items[conditions->count++]);
	}
	return conditions->count > before ? r : -EINVAL;
}

bool condition_is_of(const struct condition *a, const struct condition *b)
{
	size_t length;

	if (a->trait != b->trait || a->trait != TRAIT_CMDLINE)
		return a->trait == b->trait;
	length = name_length(a);
	return length == name_length(b) && memcmp(a->text, b->text, length) == 0;
}

static bool parameter_matches(const struct condition *condition, const char *text)
{
	size_t length = name_length(condition);

	if (strncmp(condition->text, text, length) != 0 || (text[length] && text[length] != '='))
		return false;
	if (!condition->text[length])
		return true;
	return text[length] && glob_matches(condition->text + length + 1, text + length + 1);
}

bool condition_matches(const struct condition *condition, const char *text)
{
	return condition->trait == TRAIT_CMDLINE ? parameter_matches(condition, text)
						 : glob_matches(condition->text, text);
}

/* Whatever matches the pattern of CONDITION matches that of OTHER, as far as is easily told. */
static bool is_covered(const struct condition *condition, const struct condition *other)
{
	return streq(condition->text, other->text) ||
	       (condition->trait != TRAIT_DEVICE && !glob_is_open(condition->text) &&
		condition_matches(other, condition->text));
}

static bool is_excluded(const struct conditions *conditions, const struct condition *condition)
{
	for (size_t i = 0; i < conditions->count; i++) {
		const struct condition *other = &conditions->items[i];

		if (other->is_negated && condition_is_of(other, condition) &&
		    is_covered(condition, other))
			return true;
	}
	return false;
}

/* Every word that the trait of CONDITION can have is excluded. */
static bool has_no_word_left(const struct conditions *conditions, const struct condition *condition)
{
	size_t count;
	const char *const *words = words_of(condition->trait, &count);
	bool has_word = !words;

	for (size_t i = 0; i < count && !has_word; i++) {
		struct condition word = *condition;

		word.text = (char *)words[i];
		has_word = !is_excluded(conditions, &word);
	}
	return !has_word;
}

/* CONDITION is the first that is about what it is about. */
static bool contradicts(const struct conditions *conditions, const struct condition *condition)
{
	bool has_alternative = false, is_open = false;

	for (size_t i = 0; i < conditions->count; i++) {
		const struct condition *other = &conditions->items[i];

		if (other->is_negated || !condition_is_of(other, condition))
			continue;
		has_alternative = true;
		is_open |= !is_excluded(conditions, other);
	}
	return has_alternative ? !is_open : has_no_word_left(conditions, condition);
}

const struct condition *conditions_contradiction(const struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++) {
		if (contradicts(conditions, &conditions->items[i]))
			return &conditions->items[i];
	}
	return NULL;
}

bool conditions_equal(const struct conditions *a, const struct conditions *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct condition *left = &a->items[i], *right = &b->items[i];

		if (left->trait != right->trait || left->is_negated != right->is_negated ||
		    !streq(left->text, right->text))
			return false;
	}
	return true;
}

void conditions_free(struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++) {
		free(conditions->items[i].text);
		selector_free(&conditions->items[i].device);
	}
	free(conditions->items);
	*conditions = (struct conditions){ 0 };
}
