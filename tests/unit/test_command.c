/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "system/clock.h"
#include "system/command.h"

#define LIMIT 10000

static const struct command_row {
	const char *script;
	int timeout_ms;
	int result;
	const char *output;
} rows[] = {
	{ "echo a; echo b >&2; echo c", 5000, 0, "a\nc\n" },
	{ ":", 5000, 0, "" },
	{ "cat", 5000, 0, "" }, /* of its own input there is none */
	{ "echo a; exit 3", 5000, -EIO, NULL },
	{ "kill -9 $$", 5000, -EIO, NULL },
	{ "head -c 10000 /dev/zero | tr '\\0' x >/dev/null; head -c 10001 /dev/zero", 5000, -EFBIG,
	  NULL },
	{ "yes", 5000, -EFBIG, NULL },
	{ "echo a; exec sleep 60", 200, -ETIMEDOUT, NULL },
};

static void test_output(void **state)
{
	const struct command_row *row = *state;
	const char *const command[] = { "sh", "-c", row->script, NULL };
	_cleanup_free_ char *output = NULL;
	int64_t begin = clock_ms();

	assert_int_equal(command_output(command, row->timeout_ms, LIMIT, &output), row->result);
	assert_true(clock_ms() - begin < 4000);
	if (row->output)
		assert_string_equal(output, row->output);
	else
		assert_null(output);
}

static void test_no_program(void **state)
{
	const char *const command[] = { "no-such-program-as-this", NULL };
	_cleanup_free_ char *output = NULL;

	(void)state;
	assert_int_equal(command_output(command, 1000, LIMIT, &output), -ENOENT);
}

static void test_run(void **state)
{
	static const struct {
		const char *script;
		int status;
	} runs[] = { { ":", 0 }, { "exit 3", 3 }, { "kill -9 $$", 128 + 9 } };
	const char *const none[] = { "no-such-program-as-this", NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		const char *const command[] = { "sh", "-c", runs[i].script, NULL };

		assert_int_equal(command_run(command), runs[i].status);
	}
	assert_int_equal(command_run(none), -ENOENT);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "output of", test_output, rows);
	suite_add(&suite, "no such program", test_no_program);
	suite_add(&suite, "exit status", test_run);
	return suite_run(&suite, "command");
}
