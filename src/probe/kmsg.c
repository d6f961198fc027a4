/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kmsg.h"

#include <errno.h>
#include <string.h>

#include "system/clock.h"
#include "util/cleanup.h"

#define RECORD_SIZE_MAX 8192               /* CONSOLE_EXT_LOG_MAX of the kernel */
#define LOG_SIZE_MAX    (64 * 1024 * 1024) /* 256 KiB are usual (CONFIG_LOG_BUF_SHIFT) */
#define LOG_TIME_MAX_MS 2000

/* "PRIORITY,": the facility is in the bits above the lowest three. */
static bool is_of_kernel(const char *record)
{
	unsigned priority = 0;
	const char *c = record;

	for (; *c >= '0' && *c <= '9' && priority < 1000; c++)
		priority = priority * 10 + (unsigned)(*c - '0');
	return c > record && *c == ',' && priority >> 3 == 0;
}

const char *kmsg_kernel_text(const char *record)
{
	const char *text = strchr(record, ';');

	return text && is_of_kernel(record) ? text + 1 : NULL;
}

/* Hand over the whole lines of BUFFER. Returns how much of it is left: the beginning of one. */
static size_t tell_records(char *buffer, size_t length,
			   void (*function)(const char *record, void *context), void *context)
{
	char *start = buffer, *end;

	while ((end = memchr(start, '\n', length))) {
		*end = '\0';
		if (kmsg_kernel_text(start))
			function(start, context);
		length -= (size_t)(end + 1 - start);
		start = end + 1;
	}
	memmove(buffer, start, length);
	return length;
}

/* One record a read from the kernel; a file that stands for it comes in pieces of any size. */
int kmsg_each_record(const struct root *root, void (*function)(const char *record, void *context),
		     void *context)
{
	_cleanup_close_ int fd = root_open_log(root, "dev/kmsg");
	char buffer[RECORD_SIZE_MAX];
	int64_t end = clock_ms() + LOG_TIME_MAX_MS;
	size_t left = 0, total = 0;

	if (fd < 0)
		return fd;
	while (total < LOG_SIZE_MAX && clock_ms() < end) {
		ssize_t n = read(fd, buffer + left, sizeof(buffer) - left);

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue; /* overwritten while we read: the next one is there */
		if (n <= 0)
			return n < 0 && errno != EAGAIN ? -errno : 0;
		total += (size_t)n;
		left = tell_records(buffer, left + (size_t)n, function, context);
		if (left == sizeof(buffer))
			left = 0; /* a line that is longer is none of the kernel's */
	}
	return 1;
}

/* For callers that want only the texts. */
struct text_reader {
	void (*function)(const char *text, void *context);
	void *context;
};

static void tell_text(const char *record, void *context)
{
	const struct text_reader *reader = context;

	reader->function(kmsg_kernel_text(record), reader->context);
}

int kmsg_each_line(const struct root *root, void (*function)(const char *text, void *context),
		   void *context)
{
	struct text_reader reader = { function, context };

	return kmsg_each_record(root, tell_text, &reader);
}
