/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One program with all targets, so that it is linked once. FUZZ_TARGET names the one to run.
 * FUZZ_LIST=1 lists all targets and the sizes of their inputs, and with FUZZ_SEEDS=DIR writes the
 * seeds and the dictionary of each to DIR/TARGET. FUZZ_OPEN has the properties that are known not
 * to hold yet, with commas between.
 */
#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "util/memory.h"

#define SIZE_DEFAULT 4096
#define CAPTURED_MAX (1024 * 1024)
#define SEPARATOR    "%%\n"

const char *__asan_default_options(void);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);

static struct target *targets; /* all that were registered */
static struct target *chosen;
static const char *open_properties;
static char captured[CAPTURED_MAX]; /* of standard output */
static size_t captured_size;
static bool is_capturing;
static bool takes_any_bytes; /* printed ones are not looked at */
static FILE *real_stdout, *real_stderr, *mute_stdout, *mute_stderr;

/*
 * As fast as it gets: without two callers no leak is one. ASAN_OPTIONS=malloc_context_size=20 says
 * where memory was allocated.
 */
const char *__asan_default_options(void)
{
	return "malloc_context_size=2:quarantine_size_mb=8";
}

void target_register(struct target *target)
{
	target->next = targets;
	targets = target;
}

bool fuzz_is_open(const char *what)
{
	size_t length = strlen(what);

	for (const char *at = open_properties; at && *at; at += strspn(at, ",")) {
		size_t size = strcspn(at, ",");

		if (size == length && strncmp(at, what, length) == 0)
			return true;
		at += size;
	}
	return false;
}

void fuzz_fail(const char *what, const char *file, int line, const char *format, ...)
{
	va_list arguments;

	takes_any_bytes = true;
	fuzz_unmute();
	fprintf(stderr, "VIOLATION %s (%s:%d): ", what, file, line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	abort();
}

char *fuzz_text(const uint8_t *data, size_t size)
{
	/* A C string ends at the first NUL, and what is behind it must not hide an overrun. */
	return memory_copy((const char *)data, strnlen((const char *)data, size));
}

char *fuzz_part(const uint8_t **data, size_t *size)
{
	const uint8_t *start = *data;
	const uint8_t *end = memmem(start, *size, SEPARATOR, strlen(SEPARATOR));
	size_t length = end ? (size_t)(end - start) : *size;

	*data = start + length + (end ? strlen(SEPARATOR) : 0);
	*size -= (size_t)(*data - start);
	return fuzz_text(start, length);
}

bool fuzz_is_plain(const char *text)
{
	for (; *text; text++) {
		if (*text < 0x20 || *text > 0x7e)
			return false;
	}
	return true;
}

void fuzz_check_findings(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		must(finding->code < FINDING_CODE_COUNT, "finding-code", "code %d",
		     (int)finding->code);
		must(fuzz_is_plain(finding->text), "finding-plain", "%s: %s",
		     finding_word(finding->code), finding->text);
	}
}

void fuzz_capture(void)
{
	fflush(stdout);
	is_capturing = true;
	captured_size = 0;
}

const char *fuzz_captured(void)
{
	fflush(stdout);
	is_capturing = false;
	captured[captured_size] = '\0';
	return captured;
}

static ssize_t look_at_bytes(void *cookie, const char *bytes, size_t size)
{
	size_t room = sizeof(captured) - 1 - captured_size;

	if (is_capturing && cookie == captured) {
		memcpy(captured + captured_size, bytes, size < room ? size : room);
		captured_size += size < room ? size : room;
	}
	for (size_t i = 0; i < size && !takes_any_bytes; i++)
		must(bytes[i] == '\n' || (bytes[i] >= 0x20 && bytes[i] <= 0x7e), "output-plain",
		     "byte %#x is printed: %.*s", (unsigned char)bytes[i], (int)size, bytes);
	return (ssize_t)size;
}

/* Its buffer is not one that a child of the model allocates, and that ends with it. */
static FILE *open_mute(char *buffer, size_t size, void *cookie)
{
	FILE *stream = fopencookie(cookie, "w", (cookie_io_functions_t){ .write = look_at_bytes });

	setvbuf(stream, buffer, _IOFBF, size);
	return stream;
}

void fuzz_mute(void)
{
	stdout = mute_stdout;
	stderr = mute_stderr;
}

void fuzz_unmute(void)
{
	if (stdout == mute_stdout) {
		fflush(stdout);
		fflush(stderr);
	}
	stdout = real_stdout;
	stderr = real_stderr;
}

static const struct target *seeded;
static const char *seed_directory;
static unsigned seed_count;

static FILE *open_below(const char *name)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", seed_directory, name);
	FILE *file = fopen(path, "w");

	if (!file) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	return file;
}

static void add_seed(const char *text, size_t size)
{
	_cleanup_free_ char *name = memory_printf("seeds/%s-%03u", seeded->name, seed_count++);
	FILE *file = open_below(name);

	fwrite(text, 1, size, file);
	fclose(file);
}

static void write_dictionary(void)
{
	FILE *file = open_below("words");

	for (size_t i = 0; seeded->words && seeded->words[i]; i++) {
		fputc('"', file);
		for (const char *c = seeded->words[i]; *c; c++)
			fprintf(file,
				*c == '"' || *c == '\\' || *c < 0x20 || *c > 0x7e ? "\\x%02x"
										  : "%c",
				(unsigned char)*c);
		fputs("\"\n", file);
	}
	fclose(file);
}

static void write_seeds(const struct target *target, const char *directory)
{
	_cleanup_free_ char *its = memory_printf("%s/%s", directory, target->name);
	_cleanup_free_ char *seeds = memory_printf("%s/seeds", its);

	mkdir(its, 0777);
	mkdir(seeds, 0777);
	seeded = target;
	seed_directory = its;
	seed_count = 0;
	for (size_t i = 0; target->seeds && target->seeds[i]; i++)
		add_seed(target->seeds[i], strlen(target->seeds[i]));
	if (target->each_seed)
		target->each_seed(add_seed);
	write_dictionary();
}

/* With DIRECTORY, put their seeds there as well. */
static void list_targets(const char *directory)
{
	for (const struct target *target = targets; target; target = target->next) {
		printf("%s %zu\n", target->name,
		       target->size_max ? target->size_max : SIZE_DEFAULT);
		if (directory)
			write_seeds(target, directory);
	}
	exit(EXIT_SUCCESS);
}

/* libFuzzer's own options are in ARGV, so this program's are in the environment. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char buffers[2][BUFSIZ];
	const char *name = getenv("FUZZ_TARGET");

	(void)argc, (void)argv;
	open_properties = getenv("FUZZ_OPEN");
	real_stdout = stdout;
	real_stderr = stderr;
	mute_stdout = open_mute(buffers[0], sizeof(buffers[0]), captured);
	mute_stderr = open_mute(buffers[1], sizeof(buffers[1]), NULL);
	if (getenv("FUZZ_LIST"))
		list_targets(getenv("FUZZ_SEEDS"));
	for (chosen = targets; chosen && (!name || strcmp(chosen->name, name) != 0);)
		chosen = chosen->next;
	if (!chosen) {
		fprintf(stderr, "FUZZ_TARGET=%s: FUZZ_LIST=1 lists the targets\n",
			name ? name : "");
		exit(EXIT_FAILURE);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	takes_any_bytes = chosen->prints_input;
	fuzz_mute();
	chosen->run(data, size);
	fuzz_unmute();
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
	return chosen->mutate ? chosen->mutate(data, size, size_max, seed)
			      : LLVMFuzzerMutate(data, size, size_max);
}
