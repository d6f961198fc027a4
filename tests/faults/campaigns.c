/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "campaigns.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocation.h"
#include "util/cleanup.h"
#include "util/memory.h"

/* --- calls: each call fails once, in each of these ways */

static const struct {
	enum effect effect;
	int error;
	const char *word;
} failures[] = {
	{ EFFECT_ERROR, EIO, "EIO" },       { EFFECT_ERROR, ENOMEM, "ENOMEM" },
	{ EFFECT_ERROR, EMFILE, "EMFILE" }, { EFFECT_ERROR, ENOSPC, "ENOSPC" },
	{ EFFECT_ERROR, EINTR, "EINTR" },   { EFFECT_ERROR, EAGAIN, "EAGAIN" },
	{ EFFECT_LOST, 0, "LOST" },         { EFFECT_LATE, EIO, "LATE" },
};

static void try_fault(struct rig *rig, const struct fault *fault, const char *word)
{
	struct variation variation = { .program = rig_program(rig) };
	_cleanup_free_ char *name = process_call_name(fault->point.number);
	_cleanup_free_ char *label =
		memory_printf("%u:%s:%u:%s", fault->point.process, name, fault->point.before, word);

	variation.program.fault = *fault;
	rig_try(rig, &variation, label);
}

static bool is_number_of(unsigned number, const int *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if ((unsigned)numbers[i] == number)
			return true;
	}
	return false;
}

/* EAGAIN is no answer that the others deal with in passing, and only a write can be lost. */
static bool is_applicable(const struct point *point, size_t way)
{
	static const int starts[] = {
		SYS_clone,
#ifdef SYS_fork
		SYS_fork,
#endif
	};

	if (failures[way].effect != EFFECT_ERROR)
		return point->number == SYS_write;
	/* It has no errors: that the break stays where it is says so (brk(2), NOTES). */
	if (point->number == SYS_brk)
		return false;
	return failures[way].error != EAGAIN ||
	       is_number_of(point->number, starts, ARRAY_SIZE(starts));
}

struct failing {
	struct {
		size_t point, way;
	} * items;
	size_t count;
};

static void fail_call(struct rig *rig, size_t index, void *context)
{
	const struct failing *failing = context;
	size_t way = failing->items[index].way;
	const struct fault fault = { .effect = failures[way].effect,
				     .point = rig->good.points[failing->items[index].point],
				     .error = failures[way].error };

	try_fault(rig, &fault, failures[way].word);
}

static void run_calls(struct rig *rig)
{
	struct failing failing = { 0 };

	for (size_t i = 0; i < rig->good.point_count * ARRAY_SIZE(failures); i++) {
		size_t point = i / ARRAY_SIZE(failures), way = i % ARRAY_SIZE(failures);

		if (!is_applicable(&rig->good.points[point], way))
			continue;
		failing.items = memory_grow(failing.items, failing.count, sizeof(*failing.items));
		failing.items[failing.count].point = point;
		failing.items[failing.count++].way = way;
	}
	rig_each(rig, failing.count, fail_call, &failing);
	free(failing.items);
}

/* --- kills: the process that is about to make the call dies */

static void kill_at_call(struct rig *rig, size_t index, void *context)
{
	const struct fault fault = { .effect = EFFECT_KILL, .point = rig->good.points[index] };

	(void)context;
	try_fault(rig, &fault, "KILL");
}

static void run_kills(struct rig *rig)
{
	rig_each(rig, rig->good.point_count, kill_at_call, NULL);
}

/* --- allocations: each fails once */

struct allocating {
	struct allocations *counters;
	int fd;
	char *environment[4];
};

static void begin_allocating(struct rig *rig, struct allocating *allocating)
{
	allocating->fd = memfd_create("allocations", MFD_CLOEXEC);
	if (allocating->fd < 0 || ftruncate(allocating->fd, sizeof(struct allocations)) < 0)
		err(2, "memfd");
	allocating->counters = mmap(NULL, sizeof(struct allocations), PROT_READ | PROT_WRITE,
				    MAP_SHARED, allocating->fd, 0);
	if (allocating->counters == MAP_FAILED)
		err(2, "mmap");
	allocating->environment[0] = memory_printf("FAULTS_ALLOCATION=%d", allocating->fd);
	if (rig->preload)
		allocating->environment[1] = memory_printf("LD_PRELOAD=%s", rig->preload);
}

static void fail_allocation(struct rig *rig, size_t index, void *context)
{
	struct allocating *allocating = context;
	struct variation variation = { .program = rig_program(rig) };
	_cleanup_free_ char *label = memory_printf("allocation:%zu", index + 1);

	if (!rig_selects(rig, label))
		return;
	variation.program.environment = allocating->environment;
	variation.program.inherited_fd = allocating->fd;
	variation.program.has_inherited_fd = true;
	*allocating->counters = (struct allocations){ .failing = (unsigned)index + 1 };
	rig_try(rig, &variation, label);
	if (index != UINT_MAX - 1 && !allocating->counters->failed)
		rig->missed++;
}

static void run_allocations(struct rig *rig)
{
	struct allocating allocating = { 0 };

	begin_allocating(rig, &allocating);
	/* The first time none does: it only counts. */
	fail_allocation(rig, UINT_MAX - 1, &allocating);
	if (!allocating.counters->count && !rig->only)
		errx(2, "%s does not count its allocations", rig->argv[0]);
	rig_each(rig, rig->only ? 100000 : allocating.counters->count, fail_allocation,
		 &allocating);
	free(allocating.environment[0]);
	free(allocating.environment[1]);
	munmap(allocating.counters, sizeof(struct allocations));
	close(allocating.fd);
}

/* --- files: each is replaced by what is not to be expected there */

enum thing { FIFO, DIRECTORY, LOOP, GARBAGE, EMPTY, SPARSE, OUT_ABSOLUTE, OUT_RELATIVE, THINGS };

static const char *const things[THINGS] = {
	[FIFO] = "fifo",        [DIRECTORY] = "directory",
	[LOOP] = "loop",        [GARBAGE] = "garbage",
	[EMPTY] = "empty",      [SPARSE] = "sparse",
	[OUT_ABSOLUTE] = "out", [OUT_RELATIVE] = "out-relative",
};

struct replacing {
	char **paths;
	size_t count;
	char *outside; /* a file beside the tree */
	int watch;     /* that tells when it is opened */
};

static struct replacing *collecting; /* nftw(3) has no context */
static size_t root_length;

static int collect(const char *path, const struct stat *info, int type, struct FTW *place)
{
	struct replacing *replacing = collecting;
	const char *name = path + place->base;

	(void)info;
	if (type == FTW_D || type == FTW_DNR || name[0] == '.')
		return 0;
	replacing->paths =
		memory_grow(replacing->paths, replacing->count, sizeof(*replacing->paths));
	replacing->paths[replacing->count++] =
		memory_copy(path + root_length + 1, strlen(path + root_length + 1));
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void make_garbage(const char *path, enum thing thing)
{
	static const char bytes[] = "\x7f\0\xff\n;[=\x1b[31m\r\n0000:00:02.0 vfio-pci\n\xc3(\n\n}{";
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0 || (thing == GARBAGE && write(fd, bytes, sizeof(bytes)) < 0) ||
	    (thing == SPARSE && ftruncate(fd, 1L << 30) < 0))
		err(2, "%s", path);
}

static void make_link_out(const struct replacing *replacing, const char *path, bool is_relative)
{
	static const char up[] = "../../../../../../../../../../../../../../../..";
	_cleanup_free_ char *target =
		memory_printf("%s%s", is_relative ? up : "", replacing->outside);

	if (symlink(target, path) < 0)
		err(2, "%s", path);
}

static void make_thing(const struct replacing *replacing, const char *path, enum thing thing)
{
	const char *name = strrchr(path, '/') + 1;

	if (thing == FIFO && mkfifo(path, 0666) < 0)
		err(2, "%s", path);
	else if (thing == DIRECTORY && mkdir(path, 0777) < 0)
		err(2, "%s", path);
	else if (thing == LOOP && symlink(name, path) < 0)
		err(2, "%s", path);
	else if (thing == GARBAGE || thing == EMPTY || thing == SPARSE)
		make_garbage(path, thing);
	else if (thing == OUT_ABSOLUTE || thing == OUT_RELATIVE)
		make_link_out(replacing, path, thing == OUT_RELATIVE);
}

/* What may stand in there is not for a guard to judge: any text is as good as another. */
static bool is_free_text(const char *name)
{
	static const char *const names[] = { "proc/cmdline", "sys/class/dmi/id/",
					     "sys/class/tty/console/active" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

/* A link that leads out of the root leads nowhere in it, so that the thing is not there at all. */
static bool is_missing(enum thing thing)
{
	return thing == OUT_ABSOLUTE || thing == OUT_RELATIVE;
}

/* Attributes are read without waiting, and a FIFO that nobody writes to is one that is empty. */
static bool may_take_more(const char *name, enum thing thing)
{
	bool is_text = thing == GARBAGE || thing == EMPTY || thing == FIFO;

	return is_missing(thing) || (is_text && is_free_text(name));
}

/* What it says is of no use to anybody: that it is opened is wrong. */
static void look_outside(struct rig *rig, const struct replacing *replacing, const char *label)
{
	char events[4096];

	if (read(replacing->watch, events, sizeof(events)) > 0)
		rig_complain(rig, label, VIOLATION_ESCAPE, "a file outside was opened");
}

static void replace_file(struct rig *rig, size_t index, void *context)
{
	struct replacing *replacing = context;
	const char *name = replacing->paths[index / THINGS];
	enum thing thing = (enum thing)(index % THINGS);
	_cleanup_free_ char *label = memory_printf("%s:%s", name, things[thing]);
	_cleanup_free_ char *path = memory_printf("%s/%s", rig->host.root, name);
	_cleanup_free_ char *aside = memory_printf("%s.aside", rig->host.root);
	struct variation variation = { .program = rig_program(rig), .is_altered = true };

	if (!rig_selects(rig, label))
		return;
	variation.may_take_more = may_take_more(name, thing);
	variation.missing = is_missing(thing) ? name : NULL;
	variation.has_no_record = strstr(name, "passthru/report.json") != NULL;
	if (rename(path, aside) < 0)
		err(2, "%s", path);
	make_thing(replacing, path, thing);
	rig_try_here(rig, &variation, label);
	look_outside(rig, replacing, label);
	if (remove(path) < 0 && errno != ENOENT) {
		files_remove_below(path);
		rmdir(path);
	}
	/* What the run has put there is in the way no more. */
	if (rename(aside, path) < 0 && errno != ENOENT)
		err(2, "%s", path);
	rig_restore(rig);
}

static void run_files(struct rig *rig)
{
	struct replacing replacing = { .outside = memory_printf("%s.outside", rig->host.root) };
	_cleanup_close_ int fd = open(replacing.outside, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	collecting = &replacing;
	root_length = strlen(rig->host.root);
	nftw(rig->host.root, collect, 16, FTW_PHYS);
	qsort(replacing.paths, replacing.count, sizeof(*replacing.paths), compare_paths);
	replacing.watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (fd < 0 || inotify_add_watch(replacing.watch, replacing.outside, IN_OPEN) < 0)
		err(2, "%s", replacing.outside);
	rig_each(rig, replacing.count * THINGS, replace_file, &replacing);
	for (size_t i = 0; i < replacing.count; i++)
		free(replacing.paths[i]);
	free(replacing.paths);
	unlink(replacing.outside);
	free(replacing.outside);
	close(replacing.watch);
}

/* --- run: it is full, or read-only */

#define PAGES  12
#define INODES 8

static char *run_of(const struct rig *rig)
{
	return memory_printf("%s/run", rig->host.root);
}

static void remount(const char *path, unsigned long flags, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void remount(const char *path, unsigned long flags, const char *format, ...)
{
	va_list arguments;
	char options[128];

	va_start(arguments, format);
	vsnprintf(options, sizeof(options), format, arguments);
	va_end(arguments);
	if (mount("tmpfs", path, "tmpfs", MS_REMOUNT | flags, options) < 0)
		err(2, "%s: %s", path, options);
}

/* Leave room for so many pages more, and so many files. */
static void fill(const char *path, size_t pages, size_t inodes)
{
	struct statvfs info;

	if (statvfs(path, &info) < 0)
		err(2, "%s", path);
	remount(path, 0, "nr_blocks=%llu,nr_inodes=%llu",
		(unsigned long long)(info.f_blocks - info.f_bfree + pages),
		(unsigned long long)(info.f_files - info.f_ffree + inodes));
}

static void run_in(struct rig *rig, const char *label, size_t pages, size_t inodes, bool read_only)
{
	struct variation variation = { .program = rig_program(rig), .must_finish = true };
	_cleanup_free_ char *path = run_of(rig);

	if (!rig_selects(rig, label))
		return;
	if (mount("tmpfs", path, "tmpfs", 0, "nr_blocks=1024,nr_inodes=1024") < 0)
		err(2, "%s", path);
	rig_restore(rig);
	if (read_only)
		remount(path, MS_RDONLY, "nr_blocks=1024");
	else
		fill(path, pages, inodes);
	rig_try_here(rig, &variation, label);
	if (umount2(path, MNT_DETACH) < 0)
		err(2, "%s", path);
	rig_restore(rig);
}

static void run_with_room(struct rig *rig, size_t index, void *context)
{
	size_t pages = index % PAGES, inodes = index / PAGES;
	_cleanup_free_ char *label = memory_printf("run:%zu-pages:%zu-files", pages, inodes);

	(void)context;
	run_in(rig, label, pages, inodes, false);
}

static void run_full(struct rig *rig)
{
	run_in(rig, "run:read-only", 0, 0, true);
	rig_each(rig, (size_t)PAGES * INODES, run_with_room, NULL);
}

/* --- limits: small ones */

struct bound {
	const char *word;
	int resource;
	rlim_t from, to, step;
};

/* Of the last three, the first value is found out: with less the program does not even begin. */
static const struct bound bounds[] = {
	{ "NPROC", RLIMIT_NPROC, 0, 6, 1 },
	{ "NOFILE", RLIMIT_NOFILE, 0, 24, 1 },
	{ "FSIZE", RLIMIT_FSIZE, 0, 12000, 500 },
	{ "STACK", RLIMIT_STACK, 0, 512 << 10, 4 << 10 },
	{ "DATA", RLIMIT_DATA, 0, 4 << 20, 16 << 10 },
	{ "AS", RLIMIT_AS, 0, 16 << 20, 32 << 10 },
};

static int give_to(const char *path, const struct stat *info, int type, struct FTW *place)
{
	(void)info, (void)type, (void)place;
	return lchown(path, (uid_t)root_length, (gid_t)-1);
}

/* A user of whom nothing else runs, so that a number of processes is that of the program. */
static uid_t give_away(struct rig *rig)
{
	uid_t uid = geteuid() == 0 ? 60000 + (uid_t)getpid() % 5000 : 0;

	if (!uid)
		return 0;
	root_length = uid;
	if (nftw(rig->host.root, give_to, 16, FTW_PHYS) < 0)
		err(2, "%s", rig->host.root);
	for (size_t i = 0; i < rig->files.count; i++)
		rig->files.items[i].owner = uid;
	return uid;
}

/* Whether the program can begin at all with that little. */
static bool begins(const struct rig *rig, const struct program *program)
{
	char *argv[] = { rig->argv[0], (char *)"--version", NULL };
	struct program version = *program;
	struct outcome outcome;
	bool is_good;

	version.argv = argv;
	process_run((struct host *)&rig->host, &version, &outcome, 1);
	is_good = WIFEXITED(outcome.status) && WEXITSTATUS(outcome.status) == 0;
	outcome_free(&outcome);
	return is_good;
}

static void limit(struct rig *rig, const struct bound *bound, rlim_t value, uid_t uid)
{
	_cleanup_free_ char *label =
		memory_printf("%s:%llu", bound->word, (unsigned long long)value);
	struct variation variation = { .program = rig_program(rig) };

	if (!rig_selects(rig, label))
		return;
	variation.program.uid = uid;
	variation.program.has_limit = true;
	variation.program.resource = bound->resource;
	variation.program.limit = value;
	variation.may_overflow = bound->resource == RLIMIT_STACK;
	if (begins(rig, &variation.program))
		rig_try(rig, &variation, label);
}

struct limiting {
	uid_t uid;
};

static size_t steps_of(const struct bound *bound)
{
	return (size_t)((bound->to - bound->from) / bound->step) + 1;
}

static void limit_at(struct rig *rig, size_t index, void *context)
{
	const struct limiting *limiting = context;

	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++) {
		if (index < steps_of(&bounds[i])) {
			limit(rig, &bounds[i], bounds[i].from + index * bounds[i].step,
			      limiting->uid);
			return;
		}
		index -= steps_of(&bounds[i]);
	}
}

static void run_limits(struct rig *rig)
{
	struct limiting limiting = { give_away(rig) };
	size_t total = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++)
		total += steps_of(&bounds[i]);
	rig_each(rig, total, limit_at, &limiting);
}

/* --- crowd: many at once */

#define CROWD        200
#define CROWD_SAMPLE 48
#define CROWD_TIMES  20

/* The programs are separated by "--"; the Nth, beginning anew after the last. */
static char *const *program_at(char *const *argv, size_t n)
{
	char *const *begin = argv;

	for (char *const *a = argv; n; a++) {
		if (*a && strcmp(*a, "--") != 0)
			continue;
		begin = *a ? a + 1 : argv;
		a = *a ? a : argv - 1;
		n--;
	}
	return begin;
}

/* ARGV up to the next "--" as an array of its own. */
static char *const *copy_program(char *const *argv)
{
	size_t count = 0;
	char **copy;

	while (argv[count] && strcmp(argv[count], "--") != 0)
		count++;
	copy = memory_new(count + 1, sizeof(*copy));
	memcpy(copy, argv, count * sizeof(*copy));
	return copy;
}

static void run_together(struct rig *rig, size_t index)
{
	size_t count = rig->sample ? CROWD_SAMPLE : CROWD;
	_cleanup_free_ struct program *programs = memory_new(count, sizeof(*programs));
	_cleanup_free_ struct outcome *outcomes = memory_new(count, sizeof(*outcomes));
	_cleanup_free_ char *label = memory_printf("crowd:%zu", index);

	for (size_t i = 0; i < count; i++) {
		programs[i] = rig_program(rig);
		programs[i].argv = copy_program(program_at(rig->argv, i + index));
	}
	process_run(&rig->host, programs, outcomes, count);
	for (size_t i = 0; i < count; i++)
		rig_check_end(rig, &outcomes[i], label);
	rig_check_rest(rig, &outcomes[0], label);
	for (size_t i = 0; i < count; i++) {
		free((void *)programs[i].argv);
		outcome_free(&outcomes[i]);
	}
	rig_restore(rig);
}

static void run_crowd(struct rig *rig)
{
	size_t times = rig->sample ? 1 : CROWD_TIMES;

	for (size_t i = rig->shard; i < times; i += rig->shards)
		run_together(rig, i);
}

/* --- all of them */

static const struct campaign campaigns[] = {
	{ .name = "calls", .run = run_calls },
	{ .name = "kills", .run = run_kills },
	{ .name = "allocations", .run = run_allocations },
	{ .name = "files", .run = run_files },
	{ .name = "run", .run = run_full, .needs_mounts = true },
	{ .name = "limits", .run = run_limits },
	{ .name = "crowd", .run = run_crowd, .has_no_good = true },
};

const struct campaign *campaign_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(campaigns); i++) {
		if (strcmp(campaigns[i].name, name) == 0)
			return &campaigns[i];
	}
	return NULL;
}
