/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "process.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define GRACE_MS    500  /* for the rest of a program to end after its first process */
#define OVERTIME_MS 1000 /* behind the deadline */
#define OUTPUT_MAX  (1 << 20)
#define TEXT_MAX    4096
#define CALLS_MAX   512
#define FILTER_MAX  32

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "which AUDIT_ARCH_ is this?"
#endif

/* A program at work. */
struct job {
	struct host *host;
	const struct program *program;
	struct outcome *outcome;
	pid_t pid;
	int pid_fd, listener, output_fd;
	int64_t began_ms, ended_ms; /* 0: not yet */
	bool is_gone;               /* nothing of it is left */
	pid_t pids[PROCESSES_MAX];  /* in the order of their first calls */
	size_t pid_count;
	unsigned (*made)[CALLS_MAX]; /* of each process and call, how many; NULL: nobody asks */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- names of calls, for people */

static const char *const names[] = {
#include "call-names.h"
};

char *process_call_name(unsigned number)
{
	if (number < ARRAY_SIZE(names) && names[number])
		return memory_printf("%s", names[number]);
	return memory_printf("call %u", number);
}

/* --- in the child */

struct filter {
	struct sock_filter items[FILTER_MAX];
	unsigned short count;
};

static void add(struct filter *filter, struct sock_filter item)
{
	filter->items[filter->count++] = item;
}

static void add_answer(struct filter *filter, uint32_t call, uint32_t answer)
{
	add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
	add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer));
}

/*
 * Which calls come to us: all, or what sysfs would react to, what tells that main() is reached,
 * what a child does first (src/system/child.c), and the one that is to fail. Never those that
 * cannot, and those between the filter and main().
 */
static struct filter make_filter(const struct program *program)
{
	static const uint32_t never[] = { SYS_exit_group, SYS_exit,      SYS_rt_sigreturn,
					  SYS_sendmsg,    SYS_setresuid, SYS_prlimit64,
					  SYS_execve };
	static const uint32_t always[] = { SYS_write, SYS_openat, SYS_prctl,
#ifdef SYS_open
					   SYS_open
#endif
	};
	const uint32_t architecture = offsetof(struct seccomp_data, arch);
	const uint32_t number = offsetof(struct seccomp_data, nr);
	struct filter filter = { 0 };

	add(&filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, architecture));
	add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	add(&filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	add(&filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number));
	for (size_t i = 0; i < ARRAY_SIZE(never); i++)
		add_answer(&filter, never[i], SECCOMP_RET_ALLOW);
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		add_answer(&filter, always[i], SECCOMP_RET_USER_NOTIF);
	if (program->fault.effect)
		add_answer(&filter, program->fault.point.number, SECCOMP_RET_USER_NOTIF);
	add(&filter,
	    (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, program->traces ? SECCOMP_RET_USER_NOTIF
									  : SECCOMP_RET_ALLOW));
	return filter;
}

static int install_filter(const struct program *program)
{
	struct filter filter = make_filter(program);
	struct sock_fprog whole = { .filter = filter.items, .len = filter.count };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    &whole);
}

static void send_fd(int socket, int fd)
{
	union {
		char space[CMSG_SPACE(sizeof(fd))];
		struct cmsghdr align;
	} control = { 0 };
	char byte = 0;
	struct iovec bytes = { &byte, 1 };
	struct msghdr message = { .msg_iov = &bytes,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(socket, &message, 0) < 0)
		_exit(126);
}

static int receive_fd(int socket)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	char byte;
	struct iovec bytes = { &byte, 1 };
	struct msghdr message = { .msg_iov = &bytes,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;
	int fd;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/* Last of all, since what comes before could not keep to it. */
static void set_limits(const struct program *program)
{
	struct rlimit limit = { program->limit, program->limit };

	if (program->uid && syscall(SYS_setresuid, program->uid, program->uid, program->uid) < 0)
		_exit(126);
	if (program->has_limit && syscall(SYS_prlimit64, 0, program->resource, &limit, NULL) < 0)
		_exit(126);
}

/* The harness waits, and has the memory in common with it, until the program begins. */
__attribute__((noreturn)) static void start_in_child(const struct job *job, int socket)
{
	const struct program *program = job->program;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), listener;

	setpgid(0, 0);
	if (dup2(null, 0) < 0 || dup2(job->output_fd, 1) < 0 || dup2(job->output_fd, 2) < 0)
		_exit(126);
	if (program->has_inherited_fd)
		fcntl(program->inherited_fd, F_SETFD, 0);
	listener = install_filter(program);
	if (listener < 0)
		_exit(126);
	send_fd(socket, listener);
	set_limits(program);
	execve(program->argv[0], program->argv,
	       program->environment ? program->environment : environ);
	_exit(127);
}

/* --- in the harness */

static int open_pid(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static void start(struct job *job)
{
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		err(2, "socketpair");
	job->output_fd = memfd_create("output", MFD_CLOEXEC);
	job->pid = vfork();
	if (job->pid < 0)
		err(2, "vfork");
	if (job->pid == 0)
		start_in_child(job, sockets[1]);
	close(sockets[1]);
	job->pid_fd = open_pid(job->pid);
	job->listener = receive_fd(sockets[0]);
	close(sockets[0]);
	if (job->listener < 0 || job->pid_fd < 0)
		errx(2, "no seccomp listener came from the child");
	job->began_ms = now_ms();
}

static ssize_t read_memory(pid_t pid, uint64_t address, char *buffer, size_t size)
{
	struct iovec here = { buffer, size }, there = { (void *)(uintptr_t)address, size };

	return process_vm_readv(pid, &here, 1, &there, 1, 0);
}

/* The text at ADDRESS, which may be at the end of what is mapped. */
static void read_string(pid_t pid, uint64_t address, char text[static TEXT_MAX])
{
	size_t page = TEXT_MAX - address % TEXT_MAX;
	ssize_t length = read_memory(pid, address, text, page < TEXT_MAX ? page : TEXT_MAX - 1);

	text[length > 0 ? length : 0] = '\0';
	if (length > 0 && !memchr(text, '\0', (size_t)length) && (size_t)length < TEXT_MAX - 1) {
		ssize_t more = read_memory(pid, address + (uint64_t)length, text + length,
					   TEXT_MAX - 1 - (size_t)length);

		text[length + (more > 0 ? more : 0)] = '\0';
	}
}

static void read_fd_path(pid_t pid, uint64_t fd, char path[static TEXT_MAX])
{
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, (int)fd);
	length = readlink(link, path, TEXT_MAX - 1);
	path[length > 0 ? length : 0] = '\0';
}

/* What the call is about: the path or file that it is given. The caller frees it. */
static char *subject_of(const struct seccomp_notif *call)
{
	char text[TEXT_MAX] = "";

	switch (call->data.nr) {
#ifdef SYS_open
	case SYS_open:
	case SYS_readlink:
	case SYS_unlink:
		read_string((pid_t)call->pid, call->data.args[0], text);
		break;
#endif
	case SYS_openat:
	case SYS_openat2:
	case SYS_readlinkat:
	case SYS_mkdirat:
	case SYS_unlinkat:
	case SYS_renameat:
	case SYS_newfstatat:
		read_string((pid_t)call->pid, call->data.args[1], text);
		break;
	case SYS_read:
	case SYS_write:
	case SYS_writev:
	case SYS_lseek:
	case SYS_close:
	case SYS_getdents64:
	case SYS_flock:
	case SYS_fstat:
	case SYS_fcntl:
		read_fd_path((pid_t)call->pid, call->data.args[0], text);
		break;
	default:
		break;
	}
	return memory_copy(text, strlen(text));
}

/* Which of the job's processes PID is: it may have just begun. */
static size_t process_of(struct job *job, pid_t pid)
{
	for (size_t i = 0; i < job->pid_count; i++) {
		if (job->pids[i] == pid)
			return i;
	}
	if (job->pid_count == PROCESSES_MAX)
		errx(2, "too many processes");
	job->pids[job->pid_count] = pid;
	return job->pid_count++;
}

/* Both programs open it first of all; what was before is the C library's. */
static bool is_beginning(const struct seccomp_notif *call)
{
	char path[TEXT_MAX];
	uint64_t address = call->data.args[1];

#ifdef SYS_open
	if (call->data.nr == SYS_open)
		address = call->data.args[0];
	else
#endif
		if (call->data.nr != SYS_openat)
		return false;
	read_string((pid_t)call->pid, address, path);
	return strcmp(path, "/dev/null") == 0;
}

/* A write, as sysfs answers it. Returns whether it was one to sysfs. */
static bool answer_write(struct job *job, const struct seccomp_notif *call,
			 struct seccomp_notif_resp *answer)
{
	char path[TEXT_MAX], text[TEXT_MAX];
	size_t size = call->data.args[2] < TEXT_MAX - 1 ? call->data.args[2] : TEXT_MAX - 1;
	bool is_ours;
	ssize_t r;

	if (call->data.nr != SYS_write)
		return false;
	read_fd_path((pid_t)call->pid, call->data.args[0], path);
	r = read_memory((pid_t)call->pid, call->data.args[1], text, size);
	text[r > 0 ? r : 0] = '\0';
	r = host_write(job->host, path, text, size, &is_ours);
	if (!is_ours)
		return false;
	answer->flags = 0;
	answer->error = r < 0 ? (int)r : 0;
	answer->val = r < 0 ? 0 : r;
	return true;
}

/* Of other files than sysfs's, what was said to be written is. */
static bool is_write_to_sysfs(const struct job *job, const struct seccomp_notif *call)
{
	size_t length = strlen(job->host->root);
	char path[TEXT_MAX];

	if (call->data.nr != SYS_write)
		return false;
	read_fd_path((pid_t)call->pid, call->data.args[0], path);
	return strncmp(path, job->host->root, length) == 0 &&
	       strncmp(path + length, "/sys/", strlen("/sys/")) == 0;
}

static void inject(struct job *job, const struct seccomp_notif *call,
		   struct seccomp_notif_resp *answer)
{
	const struct fault *fault = &job->program->fault;

	if ((fault->effect == EFFECT_LOST || fault->effect == EFFECT_LATE) &&
	    !is_write_to_sysfs(job, call))
		return;
	job->outcome->was_injected = true;
	job->outcome->where = subject_of(call);
	if (fault->effect == EFFECT_KILL) {
		kill((pid_t)call->pid, SIGKILL);
		return;
	}
	if (fault->effect == EFFECT_LATE)
		answer_write(job, call, answer);
	answer->flags = 0;
	answer->error = fault->effect == EFFECT_LOST ? 0 : -fault->error;
	answer->val = fault->effect == EFFECT_LOST ? (int64_t)call->data.args[2] : 0;
}

static void note(struct job *job, const struct point *point)
{
	struct outcome *outcome = job->outcome;

	if (!job->program->traces)
		return;
	outcome->points =
		memory_grow(outcome->points, outcome->point_count, sizeof(*outcome->points));
	outcome->points[outcome->point_count++] = *point;
}

static bool is_to_fail(const struct fault *fault, const struct point *point)
{
	return fault->effect && fault->point.process == point->process &&
	       fault->point.number == point->number && fault->point.before == point->before;
}

static void answer_call(struct job *job, const struct seccomp_notif *call,
			struct seccomp_notif_resp *answer)
{
	struct point point = { .number = (unsigned)call->data.nr };

	if (!job->outcome->has_begun) {
		job->outcome->has_begun = is_beginning(call);
		return;
	}
	point.process = (unsigned)process_of(job, (pid_t)call->pid);
	if (job->made && point.number < CALLS_MAX)
		point.before = job->made[point.process][point.number]++;
	note(job, &point);
	if (is_to_fail(&job->program->fault, &point))
		inject(job, call, answer);
	else
		answer_write(job, call, answer);
}

static void serve(struct job *job)
{
	struct seccomp_notif call = { 0 };
	struct seccomp_notif_resp answer = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

	/* It may have been killed in the meantime. */
	if (ioctl(job->listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
		return;
	answer.id = call.id;
	answer_call(job, &call, &answer);
	ioctl(job->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

/* Of those that ended, orphans among them, which we inherit. */
static void reap(struct job *jobs, size_t count)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < count; i++) {
			if (jobs[i].pid != pid)
				continue;
			jobs[i].ended_ms = now_ms();
			jobs[i].outcome->status = status;
		}
	}
}

/* By its group, since one that sleeps from its beginning on has made no call that came to us. */
static void kill_all(const struct job *job)
{
	kill(-job->pid, SIGKILL);
}

static void look_at_clock(struct job *job)
{
	int64_t now = now_ms();

	if (!job->ended_ms && now - job->began_ms > job->program->deadline_ms + OVERTIME_MS) {
		job->outcome->is_late = true;
		kill_all(job);
	}
	if (job->ended_ms && now - job->ended_ms > GRACE_MS) {
		job->outcome->left_process = true;
		kill_all(job);
	}
}

/* HUP: no process has the filter any more. */
static void attend(struct job *job, const struct pollfd *listener)
{
	if (listener->revents & POLLIN)
		serve(job);
	else if (listener->revents & (POLLHUP | POLLERR))
		job->is_gone = true;
	look_at_clock(job);
}

/* Wait for a moment until something is to be done for one of them. Returns whether any runs. */
static bool attend_all(struct job *jobs, size_t count)
{
	_cleanup_free_ struct pollfd *fds = memory_new(count * 2, sizeof(*fds));
	bool is_waiting = false, is_busy = false;
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		bool is_done = jobs[i].is_gone && jobs[i].ended_ms;

		is_busy |= !is_done;
		is_waiting |= jobs[i].ended_ms && !jobs[i].is_gone;
		fds[used++] = (struct pollfd){ jobs[i].is_gone ? -1 : jobs[i].listener, POLLIN, 0 };
		fds[used++] = (struct pollfd){ jobs[i].ended_ms ? -1 : jobs[i].pid_fd, POLLIN, 0 };
	}
	if (!is_busy)
		return false;
	poll(fds, used, is_waiting ? 1 : 100);
	for (size_t i = 0; i < count; i++) {
		if (!jobs[i].is_gone || !jobs[i].ended_ms)
			attend(&jobs[i], &fds[i * 2]);
	}
	for (size_t i = 0; i < count; i++) {
		if (fds[i * 2 + 1].revents || jobs[i].ended_ms) {
			reap(jobs, count);
			break;
		}
	}
	return true;
}

static char *read_output(int fd)
{
	struct stat info;
	size_t size;
	char *text;
	ssize_t n;

	if (fstat(fd, &info) < 0)
		err(2, "output");
	size = info.st_size < OUTPUT_MAX ? (size_t)info.st_size : OUTPUT_MAX;
	text = memory_new(size + 1, 1);
	n = pread(fd, text, size, 0);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void finish(struct job *job)
{
	struct outcome *outcome = job->outcome;

	outcome->duration_ms = job->ended_ms - job->began_ms;
	outcome->output = read_output(job->output_fd);
	close(job->output_fd);
	close(job->listener);
	close(job->pid_fd);
	free(job->made);
}

void process_run(struct host *host, const struct program *programs, struct outcome *outcomes,
		 size_t count)
{
	_cleanup_free_ struct job *jobs = memory_new(count, sizeof(*jobs));

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (size_t i = 0; i < count; i++) {
		outcomes[i] = (struct outcome){ 0 };
		jobs[i] = (struct job){ .host = host,
					.program = &programs[i],
					.outcome = &outcomes[i] };
		if (programs[i].traces || programs[i].fault.effect)
			jobs[i].made = memory_new(PROCESSES_MAX, sizeof(*jobs[i].made));
		start(&jobs[i]);
	}
	while (attend_all(jobs, count))
		;
	for (size_t i = 0; i < count; i++)
		finish(&jobs[i]);
	host_look(host);
}

void outcome_free(struct outcome *outcome)
{
	free(outcome->where);
	free(outcome->output);
	free(outcome->points);
	*outcome = (struct outcome){ 0 };
}

bool process_can_trace(const char **ret_reason)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(install_filter(&(struct program){ 0 }) < 0 ? errno : 0);
	if (pid > 0 && waitpid(pid, &status, 0) == pid && status == 0)
		return true;
	*ret_reason = pid < 0 ? strerror(errno)
			      : strerror(WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD);
	return false;
}
