/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors. The linker (--wrap) leads the calls of the product to the functions at the end;
 * those on real descriptors, of libFuzzer for one, go on to libc.
 */
#include "model/file.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "model/model.h"
#include "model/process.h"

#define FIRST     0x100000
#define FILES_MAX 64
#define XS_ERROR  16

enum kind { KIND_NONE, KIND_DIRECTORY, KIND_FILE, KIND_LOCK };

struct file {
	enum kind kind;
	int owner; /* number of the process that opened it */
	struct node *top, *node;
	size_t offset;
	const char *answer; /* of xenstore, what is left of it */
	size_t answer_size;
	bool is_stuck; /* its process hangs, and keeps it */
};

static struct file files[FILES_MAX];

void files_reset(void)
{
	memset(files, 0, sizeof(files));
}

static struct file *find(int fd)
{
	return fd >= FIRST && fd < FIRST + FILES_MAX ? &files[fd - FIRST] : NULL;
}

static int open_new(enum kind kind, struct node *top, struct node *node)
{
	for (int i = 0; i < FILES_MAX; i++) {
		if (files[i].kind)
			continue;
		files[i] = (struct file){
			.kind = kind, .owner = process_depth(), .top = top, .node = node
		};
		return FIRST + i;
	}
	return -EMFILE;
}

int file_open_directory(struct node *top, struct node *base)
{
	return open_new(KIND_DIRECTORY, top, base);
}

int file_open(struct node *node)
{
	return open_new(KIND_FILE, NULL, node);
}

int file_lock(struct node *node)
{
	for (int i = 0; i < FILES_MAX; i++) {
		if (files[i].kind == KIND_LOCK && files[i].node == node)
			return -EAGAIN;
	}
	return open_new(KIND_LOCK, NULL, node);
}

void file_unlock(int fd)
{
	file_close(fd);
}

bool file_directory(int fd, struct node **ret_top, struct node **ret_base)
{
	const struct file *file = find(fd);

	if (!file || file->kind != KIND_DIRECTORY)
		return false;
	*ret_top = file->top;
	*ret_base = file->node;
	return true;
}

void file_close(int fd)
{
	struct file *file = find(fd);

	must(file && file->kind, "descriptors", "%d is closed twice", fd - FIRST);
	file->kind = KIND_NONE;
}

void files_close_from(int from, int hangs)
{
	for (int i = 0; i < FILES_MAX; i++) {
		struct file *file = &files[i];

		if (!file->kind || file->owner < from)
			continue;
		/* A child has what its parent has open, and with it the lock. */
		if (file->kind == KIND_LOCK && hangs > file->owner)
			file->is_stuck = true;
		else
			file->kind = KIND_NONE;
	}
}

void files_release_hanging(void)
{
	for (int i = 0; i < FILES_MAX; i++) {
		if (files[i].is_stuck)
			files[i] = (struct file){ .kind = KIND_NONE };
	}
}

void files_check_closed(void)
{
	for (int i = 0; i < FILES_MAX; i++)
		must(!files[i].kind || files[i].is_stuck || !files[i].owner, "descriptors",
		     "%s was left open", node_path(files[i].node));
}

/* A record at a time, as /dev/kmsg has them: a line, and those behind it that begin with a blank.
 */
static size_t record_length(const char *text, size_t size)
{
	size_t length = 0;

	do {
		const char *newline = memchr(text + length, '\n', size - length);

		length = newline ? (size_t)(newline + 1 - text) : size;
	} while (length < size && text[length] == ' ');
	return length;
}

static ssize_t fail(int error)
{
	errno = -error;
	return -1;
}

static ssize_t read_node(struct file *file, void *buffer, size_t size)
{
	const struct node *node = file->node;
	size_t left = node->size - file->offset;
	size_t length = node->attribute ? record_length(node->bytes + file->offset, left) : left;

	if (!left && node->attribute)
		return fail(-EAGAIN);
	if (length > size) {
		if (node->attribute)
			return fail(-EINVAL);
		length = size;
	}
	memcpy(buffer, node->bytes + file->offset, length);
	file->offset += length;
	return (ssize_t)length;
}

static ssize_t read_answer(struct file *file, void *buffer, size_t size)
{
	size_t length = file->answer_size < size ? file->answer_size : size;

	memcpy(buffer, file->answer, length);
	file->answer += length;
	file->answer_size -= length;
	return (ssize_t)length;
}

/* Below xenstore/ is what it holds. REQUEST is a struct xsd_sockmsg and a path. */
static void ask_xenstore(struct file *file, const char *request, size_t size)
{
	struct {
		uint32_t type, request, transaction, length;
	} header;
	const char *path = request + sizeof(header);
	const char *value;
	char *answer;

	must(size > sizeof(header) && !request[size - 1], "xenstore", "a request of %zu bytes",
	     size);
	memcpy(&header, request, sizeof(header));
	must(header.length == size - sizeof(header), "xenstore", "a length of %u", header.length);
	value = model_text(arena_printf("xenstore/%s", path));
	if (!value) {
		header.type = XS_ERROR;
		value = "ENOENT";
	}
	header.length = (uint32_t)strlen(value) + (header.type == XS_ERROR);
	file->answer_size = sizeof(header) + header.length;
	answer = arena_new(file->answer_size);
	memcpy(answer, &header, sizeof(header));
	memcpy(answer + sizeof(header), value, header.length);
	file->answer = answer;
}

ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __real_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
int __real_close(int fd);
int __wrap_close(int fd);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms);

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	struct file *file = find(fd);
	int r;

	if (!file)
		return __real_read(fd, buffer, size);
	if (file->kind != KIND_FILE)
		return fail(-EBADF);
	r = door_begin(node_path(file->node));
	if (r)
		return r < 0 ? fail(r) : 0;
	return file->answer_size ? read_answer(file, buffer, size) : read_node(file, buffer, size);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
	struct file *file = find(fd);
	int r;

	if (!file)
		return __real_write(fd, bytes, size);
	r = door_begin(node_path(file->node));
	if (r)
		return r < 0 ? fail(r) : (ssize_t)size;
	/* With bytes of its own it is for a test of the reader alone. */
	if (!file->node->size)
		ask_xenstore(file, bytes, size);
	return (ssize_t)size;
}

int __wrap_close(int fd)
{
	if (!find(fd))
		return __real_close(fd);
	file_close(fd);
	return 0;
}

/* An end of time that only a model has: there is something, or there never will be. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	const struct file *file = count == 1 ? find(fds->fd) : NULL;

	if (!file)
		return __real_poll(fds, count, timeout_ms);
	if (file->answer_size || file->offset < file->node->size) {
		fds->revents = POLLIN;
		return 1;
	}
	process_sleep((int64_t)timeout_ms * 1000);
	return 0;
}
