/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths below a root: the same answers with openat2(2) and without. */
#include "helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "random.h"
#include "refuse.h"
#include "system/child.h"
#include "system/clock.h"
#include "system/root.h"
#include "tree.h"
#include "util/buffer.h"
#include "util/memory.h"

#define RANDOM_TREES 60
#define RANDOM_PATHS 60
#define RACE_MS      700

static int count_entry(const char *name, void *context)
{
	(void)name;
	++*(int *)context;
	return 0;
}

#define ANSWERS_SIZE 1048576

/* Paths, and what is asked of each of them. */
struct question {
	const struct root *root;
	char **paths;
	size_t count;
	int error;     /* what openat2(2) is to answer; 0: it is to work */
	char *answers; /* of ANSWERS_SIZE bytes, shared */
};

/* One number and one text: the error, or what was found. */
static void put_answer(struct buffer *answers, const char *what, int r, const char *text)
{
	buffer_printf(answers, " %s %d %s", what, r < 0 ? r : 0, r < 0 ? "" : text);
}

static void answer(const struct root *root, const char *path, struct buffer *answers)
{
	_cleanup_(root_close) struct root entered = { .fd = -1 };
	char text[PATH_MAX];
	int entries = 0, r;

	buffer_printf(answers, "%s:", path);
	put_answer(answers, "is", root_exists(root, path), "");
	put_answer(answers, "reads", root_read(root, path, text, sizeof(text)), text);
	put_answer(answers, "links to", root_readlink(root, path, text, sizeof(text)), text);
	put_answer(answers, "has", root_each_entry(root, path, count_entry, &entries), "");
	put_answer(answers, "is root", root_is_same(root, path, "."), "");
	buffer_printf(answers, " %d, %d entries", root_is_same(root, path, "."), entries);
	r = root_enter(root, path, &entered);
	put_answer(answers, "enters", r, "");
	if (r == 0)
		put_answer(answers, "beside", root_read(&entered, "../file", text, sizeof(text)),
			   text);
	buffer_add(answers, "\n");
}

static int answer_all(void *context)
{
	const struct question *question = context;
	_cleanup_(buffer_free) struct buffer answers = { 0 };

	if (question->error && !refuse_openat2(question->error))
		return -ENOSYS;
	buffer_add(&answers, "");
	for (size_t i = 0; i < question->count; i++)
		answer(question->root, question->paths[i], &answers);
	if (answers.length >= ANSWERS_SIZE)
		return -EFBIG;
	memcpy(question->answers, answers.text, answers.length + 1);
	return 0;
}

/* All PATHS give the same below ROOT, whatever openat2(2) answers. What they give is shown. */
static char *assert_same(const struct root *root, char **paths, size_t count, int error)
{
	struct question question = { root, paths, count, 0, child_share(ANSWERS_SIZE) };
	_cleanup_free_ char *expected = NULL;
	char *actual;

	assert_non_null(question.answers);
	assert_int_equal(child_run(answer_all, &question, 60000, NULL), 0);
	expected = memory_copy(question.answers, strlen(question.answers));
	question.answers[0] = '\0';
	question.error = error;
	assert_int_equal(child_run(answer_all, &question, 60000, NULL), 0);
	actual = memory_copy(question.answers, strlen(question.answers));
	child_unshare(question.answers, ANSWERS_SIZE);
	if (strcmp(actual, expected) != 0)
		fail_showing(expected, actual);
	return actual;
}

static const struct walk_row {
	const char *name;
	const char *path;
	int r; /* of root_read() */
	const char *text;
} walk_rows[] = {
	{ "a file", "usr/lib/file", 0, "inside" },
	{ "slashes", "/usr//lib///file", 0, "inside" },
	{ "dots", "./usr/./lib/../lib/./file", 0, "inside" },
	{ "a relative link", "lib/file", 0, "inside" },
	{ "an absolute link", "absolute/file", 0, "inside" },
	{ "a link to a link", "twice/file", 0, "inside" },
	{ "a link that ends in a slash", "slash/file", 0, "inside" },
	{ "a link that climbs above the root", "climbs/file", 0, "inside" },
	{ "a path that climbs above the root", "../../usr/../../usr/lib/file", 0, "inside" },
	{ "up from where a link leads", "absolute/../file", 0, "of usr" },
	{ "a link within the path of a link", "within", 0, "inside" },
	{ "the last one is a link", "to-file", 0, "inside" },
	{ "the last one is an absolute link", "to-file-absolute", 0, "inside" },
	{ "40 links", "chain/40", 0, "end" },
	{ "41 links", "chain/41", -ELOOP, NULL },
	{ "a loop", "loop", -ELOOP, NULL },
	{ "a loop of two", "ping/file", -ELOOP, NULL },
	{ "a link to itself and more", "spiral", -ELOOP, NULL },
	{ "what is not there", "usr/none", -ENOENT, NULL },
	{ "below what is not there", "none/file", -ENOENT, NULL },
	{ "up from what is not there", "none/../usr/lib/file", -ENOENT, NULL },
	{ "a link to what is only outside", "outside", -ENOENT, NULL },
	{ "no path", "", -ENOENT, NULL },
	{ "a file with a slash", "usr/lib/file/", -ENOTDIR, NULL },
	{ "a file with a dot", "usr/lib/file/.", -ENOTDIR, NULL },
	{ "up from a file", "usr/lib/file/../file", -ENOTDIR, NULL },
	{ "a link to a file, with a slash", "to-file/", -ENOTDIR, NULL },
	{ "a directory", "usr", -EISDIR, NULL },
	{ "a directory with a slash", "usr/", -EISDIR, NULL },
	{ "a link to a directory", "lib", -EISDIR, NULL },
	{ "the root", "/", -EISDIR, NULL },
	{ "the root from below", "usr/..", -EISDIR, NULL },
	{ "a name that is too long",
	  "12345678901234567890123456789012345678901234567890123456789012345678901234567890"
	  "12345678901234567890123456789012345678901234567890123456789012345678901234567890"
	  "12345678901234567890123456789012345678901234567890123456789012345678901234567890"
	  "1234567890123456",
	  -ENAMETOOLONG, NULL },
};

static void make_walk_tree(const struct tree *tree)
{
	tree_write(tree, "usr/lib/file", "inside");
	tree_write(tree, "usr/file", "of usr");
	tree_link(tree, "lib", "usr/lib");
	tree_link(tree, "absolute", "/usr/lib");
	tree_link(tree, "twice", "absolute");
	tree_link(tree, "slash", "absolute/");
	tree_link(tree, "climbs", "../../../../usr/lib");
	tree_link(tree, "within", "twice/../../climbs/file");
	tree_link(tree, "to-file", "lib/file");
	tree_link(tree, "to-file-absolute", "/lib/file");
	tree_link(tree, "loop", "loop");
	tree_link(tree, "ping", "pong");
	tree_link(tree, "pong", "/ping");
	tree_link(tree, "spiral", "spiral/more");
	tree_link(tree, "outside", "/etc/passwd");
	tree_write(tree, "chain/0", "end");
	for (int i = 1; i <= 41; i++) {
		_cleanup_free_ char *path = memory_printf("chain/%d", i);
		_cleanup_free_ char *target = memory_printf("%d", i - 1);

		tree_link(tree, path, target);
	}
}

static void test_walk(void **state)
{
	const struct walk_row *row = *state;
	_cleanup_free_ char *path = memory_copy(row->path, strlen(row->path));
	struct tree own = tree_make();
	char text[16] = "";
	int r;

	make_walk_tree(&own);
	r = root_read(&own.root, row->path, text, sizeof(text));
	free(assert_same(&own.root, &path, 1, ENOSYS));
	tree_remove(&own);
	assert_int_equal(r < 0 ? r : 0, row->r);
	if (row->text)
		assert_string_equal(text, row->text);
}

static const struct refused_row {
	const char *name;
	int error;
} refused_rows[] = {
	{ "ENOSYS", ENOSYS },         { "EPERM", EPERM }, { "EACCES", EACCES },
	{ "EINVAL", EINVAL },         { "E2BIG", E2BIG }, { "EAGAIN", EAGAIN },
	{ "EOPNOTSUPP", EOPNOTSUPP },
};

/* Whatever a kernel or a sandbox refuses it with. */
static void test_refused(void **state)
{
	const struct refused_row *row = *state;
	char *paths[] = { (char *)"to-file-absolute", (char *)"outside", (char *)"usr/lib" };
	_cleanup_free_ char *answers = NULL;
	struct tree own = tree_make();

	make_walk_tree(&own);
	answers = assert_same(&own.root, paths, ARRAY_SIZE(paths), row->error);
	tree_remove(&own);
	assert_non_null(strstr(answers, "reads 0 inside"));
}

/* A link of procfs that is none leads out. Its text says "/", which would be the root itself. */
static void test_procfs(void **state)
{
	char *paths[] = { (char *)"self/root",   (char *)"self/cwd", (char *)"self/root/proc",
			  (char *)"self/exe",    (char *)"mounts",   (char *)"thread-self/comm",
			  (char *)"self/ns/mnt", (char *)"net/route" };
	_cleanup_(root_close) struct root proc = { .fd = -1 };
	_cleanup_free_ char *answers = NULL, *expected = NULL;

	(void)state;
	assert_int_equal(root_open("/proc", &proc), 0);
	assert_int_equal(root_exists(&proc, "self/root"), -EXDEV);
	assert_int_equal(root_exists(&proc, "mounts"), 0);
	answers = assert_same(&proc, paths, ARRAY_SIZE(paths), ENOSYS);
	expected = memory_printf("self/root: is %d ", -EXDEV);
	assert_non_null(strstr(answers, expected));
}

/* Of names a to d and of what else a path can be made of; some have a file in them. */
static char *random_path(struct random *random, unsigned parts)
{
	static const char *const words[] = { "a", "b", "c", "d", "a", "b", "c", "..", ".", "file" };
	struct buffer path = { 0 };

	buffer_add(&path, random_below(random, 4) ? "" : "/");
	for (unsigned i = random_below(random, parts) + 1; i; i--)
		buffer_printf(&path, "%s%s", words[random_below(random, ARRAY_SIZE(words))],
			      i > 1 || random_below(random, 8) == 0 ? "/" : "");
	return path.text;
}

/* Directories, files and links, whatever comes of it where one is in the way of another. */
static void make_random_tree(const struct tree *tree, struct random *random)
{
	for (unsigned i = 0; i < 40; i++) {
		_cleanup_free_ char *path = random_path(random, 4);
		_cleanup_free_ char *target = random_path(random, 5);
		const char *below = path + strspn(path, "/");
		int fd;

		if (strstr(path, ".."))
			continue;
		if (random_below(random, 3) == 0)
			mkdirat(tree->root.fd, below, 0755);
		else if (random_below(random, 3))
			(void)!symlinkat(target, tree->root.fd, below);
		fd = openat(tree->root.fd, below, O_WRONLY | O_CREAT | O_NOFOLLOW | O_EXCL, 0644);
		if (fd >= 0) {
			(void)!write(fd, path, strlen(path));
			close(fd);
		}
	}
}

static void test_random(void **state)
{
	struct random random = { 14 };
	unsigned found = 0;

	(void)state;
	for (unsigned i = 0; i < RANDOM_TREES; i++) {
		struct tree own = tree_make();
		char *paths[RANDOM_PATHS], *answers;

		make_random_tree(&own, &random);
		for (size_t p = 0; p < ARRAY_SIZE(paths); p++)
			paths[p] = random_path(&random, 6);
		answers = assert_same(&own.root, paths, ARRAY_SIZE(paths), ENOSYS);
		for (const char *at = answers; (at = strstr(at, ": is 0 ")); at++)
			found++;
		free(answers);
		for (size_t p = 0; p < ARRAY_SIZE(paths); p++)
			free(paths[p]);
		tree_remove(&own);
	}
	assert_true(found > RANDOM_TREES * RANDOM_PATHS / 10); /* not all alike */
}

/* The tree and what is beside it: a file outside, and none of the walks may read it. */
struct race {
	struct tree outer;
	struct root inner;
	const char *path, *other; /* below the outer one: they change places all the time */
	int64_t end_ms;
	unsigned counts[3]; /* reads: of what is inside, of what is outside, none */
};

static int change_places(void *context)
{
	struct race *race = context;
	int fd = race->outer.root.fd;

	while (clock_ms() < race->end_ms)
		renameat2(fd, race->path, fd, race->other, RENAME_EXCHANGE);
	return 0;
}

static int read_on(void *context)
{
	struct race *race = context;
	char text[16];

	if (!refuse_openat2(ENOSYS))
		return -ENOSYS;
	while (clock_ms() < race->end_ms) {
		int r = root_read(&race->inner, "a/b/../secret", text, sizeof(text));

		race->counts[r < 0 ? 2 : strcmp(text, "inside") != 0]++;
	}
	return 0;
}

struct racer {
	int (*run)(void *race);
	struct race *race;
};

static int run_racer(void *context)
{
	struct racer *racer = context;

	return racer->run(racer->race);
}

static const struct race_row {
	const char *name;
	const char *path, *other;
} race_rows[] = {
	{ "the directory goes outside", "inner/a/b", "moved" },
	{ "the directory becomes a link to outside", "inner/a", "inner/link" },
	{ "the file becomes a link to outside", "inner/a/secret", "inner/a/link" },
};

static void make_race(struct race *race, const struct race_row *row)
{
	race->outer = tree_make();
	tree_write(&race->outer, "secret", "outside");
	tree_directory(&race->outer, "b");
	tree_write(&race->outer, "inner/a/secret", "inside");
	tree_directory(&race->outer, "inner/a/b");
	tree_directory(&race->outer, "moved");
	tree_link(&race->outer, "inner/link", race->outer.root.path);
	tree_link(&race->outer, "inner/a/link", "../../secret");
	race->path = row->path;
	race->other = row->other;
	race->end_ms = clock_ms() + RACE_MS;
}

/* With ".." asked of the kernel, the first of these reads what is outside. */
static void test_race(void **state)
{
	struct race *race = child_share(sizeof(*race));
	struct racer mover = { change_places, race }, reader = { read_on, race };
	void *const racers[] = { &mover, &reader };
	_cleanup_free_ char *path = NULL;
	unsigned counts[3];

	assert_non_null(race);
	make_race(race, *state);
	path = memory_printf("%s/inner", race->outer.root.path);
	assert_int_equal(root_open(path, &race->inner), 0);
	assert_int_equal(child_run_all(run_racer, racers, 2, RACE_MS * 20), 0);
	memcpy(counts, race->counts, sizeof(counts));
	root_close(&race->inner);
	tree_remove(&race->outer);
	child_unshare(race, sizeof(*race));
	assert_int_equal(counts[1], 0);
	assert_true(counts[0] > 0);
}

/* The path for a library is one that it cannot be led away from. */
static void test_resolve(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(root_close) struct root host = { .fd = -1 }, entered = { .fd = -1 };
	_cleanup_free_ char *real = NULL, *root = NULL, *expected = NULL, *below = NULL,
			    *of_host = NULL;

	make_walk_tree(tree);
	expected = memory_printf("%s/usr/lib/file", tree->root.path);
	assert_int_equal(root_resolve(&tree->root, "twice/../lib/file", &real), 0);
	assert_string_equal(real, expected);
	assert_int_equal(root_resolve(&tree->root, "usr/../..", &root), 0);
	assert_string_equal(root, tree->root.path);
	assert_int_equal(root_enter(&tree->root, "absolute", &entered), 0);
	assert_int_equal(root_resolve(&entered, "../lib/file", &below), 0);
	assert_string_equal(below, expected);
	assert_int_equal(root_resolve(&tree->root, "outside", &real), -ENOENT);
	assert_int_equal(root_open("/", &host), 0);
	assert_int_equal(root_resolve(&host, "usr/none", &of_host), 0);
	assert_string_equal(of_host, "/usr/none");
}

int main(void)
{
	struct suite suite = { 0 };

	umask(022);
	suite_add_rows(&suite, "path", test_walk, walk_rows);
	suite_add_rows(&suite, "refused", test_refused, refused_rows);
	suite_add(&suite, "links of procfs", test_procfs);
	suite_add(&suite, "random trees", test_random);
	suite_add_rows(&suite, "race", test_race, race_rows);
	suite_add_in_tree(&suite, "the path for a library", test_resolve);
	return suite_run(&suite, "walk");
}
