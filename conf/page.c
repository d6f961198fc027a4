/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make the scdoc source of a manual page from its template: `page <conf/NAME.scd | scdoc`.
 *
 * @VERSION@ becomes the version. A line "@CODE@", CODE being the word of a finding, begins an
 * entry: its heading gets the severity from the catalogue. The indented prose below explains the
 * finding, and the remedy from the catalogue is appended to it. A page with such entries must have
 * exactly one for each finding.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "finding/catalogue.h"
#include "report/record.h"
#include "util/cleanup.h"

#define VERSION_MARK "@VERSION@"
#define NO_ENTRY     FINDING_CODE_COUNT

struct page {
	enum finding_code entry; /* the one that is open, or NO_ENTRY */
	bool has_prose;          /* the open entry */
	bool is_listed[FINDING_CODE_COUNT];
	bool has_entries;
	size_t blank_lines; /* read, and to be written before the next line that is not blank */
};

static void fail(const char *what, const char *word)
{
	fprintf(stderr, "page: %s: %s\n", word, what);
	exit(EXIT_FAILURE);
}

/* What scdoc would take for formatting is escaped. */
static void put_plain(const char *text)
{
	for (; *text; text++)
		printf(strchr("\\*_+", *text) ? "\\%c" : "%c", *text);
}

static void put_blank_lines(struct page *page)
{
	for (; page->blank_lines; page->blank_lines--)
		putchar('\n');
}

static void close_entry(struct page *page)
{
	_cleanup_free_ char *remedy = NULL;

	if (page->entry == NO_ENTRY)
		return;
	if (!page->has_prose)
		fail("has no prose", finding_word(page->entry));
	remedy = finding_remedy(page->entry, REMEDY_KEY);
	if (remedy) {
		fputs("\n\t_Remedy_: ", stdout);
		put_plain(remedy);
		putchar('\n');
	}
	page->entry = NO_ENTRY;
}

static enum finding_code find_code(const char *word)
{
	for (enum finding_code code = 0; code < FINDING_CODE_COUNT; code++) {
		if (strcmp(finding_word(code), word) == 0)
			return code;
	}
	fail("is no finding of the catalogue", word);
	return NO_ENTRY;
}

static void open_entry(struct page *page, const char *word)
{
	enum finding_code code = find_code(word);

	if (page->is_listed[code])
		fail("has two entries", word);
	page->is_listed[code] = page->has_entries = true;
	page->entry = code;
	page->has_prose = false;
	put_blank_lines(page);
	printf("*%s* (%s)\n", word, severity_word(finding_severity(code)));
}

static void put_text(const char *line)
{
	const char *mark;

	while ((mark = strstr(line, VERSION_MARK))) {
		printf("%.*s%s", (int)(mark - line), line, PASSTHRU_VERSION);
		line = mark + strlen(VERSION_MARK);
	}
	puts(line);
}

static void put_line(struct page *page, char *line)
{
	size_t length = strlen(line);

	if (length == 0) {
		page->blank_lines++;
		return;
	}
	if (line[0] != '\t')
		close_entry(page);
	if (length > 2 && line[0] == '@' && line[length - 1] == '@') {
		line[length - 1] = '\0';
		open_entry(page, line + 1);
		return;
	}
	page->has_prose = true;
	put_blank_lines(page);
	put_text(line);
}

static void check_entries(const struct page *page)
{
	for (enum finding_code code = 0; code < FINDING_CODE_COUNT; code++) {
		if (page->has_entries && !page->is_listed[code])
			fail("has no entry", finding_word(code));
	}
}

int main(void)
{
	struct page page = { .entry = NO_ENTRY };
	char *line = NULL;
	size_t size = 0;

	for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		put_line(&page, line);
	}
	free(line);
	close_entry(&page);
	check_entries(&page);
	if (fflush(stdout) != 0 || ferror(stdin) || ferror(stdout))
		fail("could not read or write it", "page");
	return EXIT_SUCCESS;
}
