/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "system/root.h"
#include "util/memory.h"
#include "util/text.h"

#define SOURCE_SIZE_MAX (1024 * 1024)

static struct CMUnitTest *append(struct suite *suite)
{
	suite->tests = memory_grow(suite->tests, suite->count, sizeof(suite->tests[0]));
	return &suite->tests[suite->count++];
}

static double best_time(void (*work)(size_t count), size_t count)
{
	double best = 1e9;

	for (int i = 0; i < 3; i++) {
		clock_t begin = clock();
		double time;

		work(count);
		time = (double)(clock() - begin) / CLOCKS_PER_SEC;
		best = time < best ? time : best;
	}
	return best;
}

void assert_not_quadratic(void (*work)(size_t count), size_t count)
{
	double one = best_time(work, count), four = best_time(work, count * 4);

	if (four > 0.5 && four > one * 8)
		fail_msg("%zu take %.3f s, four times as many %.3f s", count, one, four);
}

void suite_add(struct suite *suite, const char *name, CMUnitTestFunction test)
{
	*append(suite) = (struct CMUnitTest){
		.name = memory_copy(name, strlen(name)),
		.test_func = test,
	};
}

void suite_add_each_row(struct suite *suite, const char *what, CMUnitTestFunction test,
			const void *rows, size_t count, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		const char *row = (const char *)rows + i * size;
		_cleanup_free_ char *name = text_escape(*(const char *const *)row);

		*append(suite) = (struct CMUnitTest){
			.name = memory_printf("%s: %s", what, name),
			.test_func = test,
			.initial_state = (void *)row,
		};
	}
}

int suite_run(struct suite *suite, const char *name)
{
	int failed = _cmocka_run_group_tests(name, suite->tests, suite->count, NULL, NULL);

	for (size_t i = 0; i < suite->count; i++)
		free((char *)suite->tests[i].name);
	free(suite->tests);
	/* A failed test leaves its memory behind; that is no leak to report. */
	if (failed) {
		fflush(NULL);
		_exit(EXIT_FAILURE);
	}
	return EXIT_SUCCESS;
}

static char *render(const struct findings *findings)
{
	char *text = memory_copy("", 0);

	for (size_t i = 0; i < findings->count; i++) {
		_cleanup_free_ char *before = text;

		text = memory_printf("%s%s: %s\n", before, finding_word(findings->items[i].code),
				     findings->items[i].text);
	}
	return text;
}

static bool begin_as(const struct findings *findings, const char *expected)
{
	_cleanup_free_ char *copy = memory_copy(expected, strlen(expected));
	char *rest = copy;
	size_t i = 0;

	for (char *line; (line = strsep(&rest, "\n"));) {
		_cleanup_free_ char *actual = NULL;

		if (!*line)
			continue;
		if (i == findings->count)
			return false;
		actual = memory_printf("%s: %s", finding_word(findings->items[i].code),
				       findings->items[i].text);
		if (strncmp(actual, line, strlen(line)) != 0)
			return false;
		i++;
	}
	return i == findings->count;
}

void assert_findings(const struct findings *findings, const char *expected)
{
	_cleanup_free_ char *actual = render(findings);

	if (!begin_as(findings, expected ? expected : ""))
		fail_showing(expected ? expected : "no findings", actual);
}

void fail_showing(const char *expected, const char *actual)
{
	fprintf(stderr, "# expected:\n%s\n# but there is:\n%s\n", expected, actual);
	fail();
}

char *read_source(const char *path)
{
	const struct root here = { .fd = AT_FDCWD };
	char *text = NULL;
	size_t size;

	if (root_read_file(&here, path, SOURCE_SIZE_MAX, &text, &size) < 0)
		fail_msg("%s cannot be read (run from the top of the source tree)", path);
	return text;
}
