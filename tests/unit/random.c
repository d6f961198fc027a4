/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random.h"

#include "util/cleanup.h"

#define RULES_MAX 4

/* splitmix64 */
unsigned random_below(struct random *random, unsigned limit)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ (z >> 31)) % limit);
}

static void put_selector(struct random *random, FILE *stream, unsigned slots)
{
	static const char *const classes[] = { "01", "0108", "02" };

	switch (random_below(random, 4)) {
	case 0:
		fprintf(stream, "address = 00:%02x.*\n", random_below(random, slots));
		break;
	case 1:
		fprintf(stream, "path = pci0000:00/%02x.0\n", random_below(random, slots));
		break;
	case 2:
		fprintf(stream, "id = 1b36:%u\n", random_below(random, 3) + 1);
		break;
	default:
		fprintf(stream, "class = %s\n", classes[random_below(random, ARRAY_SIZE(classes))]);
	}
}

void random_rules(struct random *random, FILE *stream, unsigned slots)
{
	static const char *const groups[] = { "listed", "whole", "refuse" };

	for (unsigned rule = random_below(random, RULES_MAX) + 1; rule; rule--) {
		fprintf(stream, "[device r%u]\n", rule);
		put_selector(random, stream, slots);
		fprintf(stream, "group = %s\n", groups[random_below(random, ARRAY_SIZE(groups))]);
		if (random_below(random, 2))
			fputs("on-failure = hold\n", stream);
		if (random_below(random, 4) == 0)
			fputs("allow = storage, network\n", stream);
	}
}
