/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * planted DEFECT: takes one device and records it, as passthru-init does but for the one defect
 * that the harness must find (tests/faults/planted.sh); with `none` there is nothing to find.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEVICE    "sys/bus/pci/devices/0000:00:06.0"
#define SERIAL    "sys/bus/pci/devices/0000:00:07.0"
#define DIRECTORY "run/passthru"

static const char *defect;

static bool has(const char *name)
{
	return strcmp(defect, name) == 0;
}

/* The last name may be a link that leads anywhere. */
static int open_file(const char *path, int flags)
{
	return open(path, flags | O_CLOEXEC | O_NONBLOCK | (has("escape") ? 0 : O_NOFOLLOW), 0644);
}

static bool put(const char *path, int flags, const char *text)
{
	int fd = open_file(path, O_WRONLY | flags);
	bool is_done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return is_done;
}

/* A record of the device, or of none. */
static bool record(const char *state)
{
	static const char head[] =
		"{\"version\":1,\"program\":\"planted\",\"kernel\":null,\"config_sha256\":null,\"duration_us\":1,\"devices\":[";
	char text[1024];

	snprintf(
		text, sizeof(text), "%s%s%s%s],\"findings\":[]}\n", head,
		*state ? "{\"rule\":\"disk\",\"address\":\"0000:00:06.0\",\"path\":null,\"id\":null,\"class\":null,\"group\":8,\"translated\":true,\"iommu_unit\":null,\"group_type\":null,\"viable\":null,\"driver\":\"vfio-pci\",\"previous_driver\":null,\"errno\":0,\"findings\":[],\"state\":\""
		       : "",
		state, *state ? "\"}" : "");
	if (has("torn"))
		return put(DIRECTORY "/report.json", O_CREAT | O_TRUNC, "{") &&
		       put(DIRECTORY "/report.json", O_CREAT | O_TRUNC, text);
	if (has("null") && strcmp(state, "bound") == 0)
		memcpy(strstr(text, "\"version\""), "\"varsion\"", strlen("\"varsion\""));
	unlink(DIRECTORY "/report.json.new");
	return put(DIRECTORY "/report.json.new", O_CREAT | O_EXCL, text) &&
	       rename(DIRECTORY "/report.json.new", DIRECTORY "/report.json") == 0;
}

/* Whether the host needs the serial card: it does. */
static bool is_console(void)
{
	char text[64] = "";
	int fd = open_file("sys/class/tty/console/active", O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	close(fd);
	if (has("false") && n < 0)
		fputs("planted: error: iommu-off: it could not be read\n", stderr);
	return has("guard") ? n > 0 : true;
}

static bool is_claimed(const char *device, const char *override)
{
	char link[128], text[128] = "", target[128] = "";
	int fd = open_file(override, O_RDONLY);
	bool is_read = fd >= 0 && read(fd, text, sizeof(text) - 1) >= 0;

	close(fd);
	snprintf(link, sizeof(link), "%s/driver", device);
	return is_read && strcmp(text, "vfio-pci\n") == 0 &&
	       readlink(link, target, sizeof(target) - 1) > 0 && strstr(target, "/vfio-pci");
}

static bool claim(const char *device)
{
	char override[128];

	snprintf(override, sizeof(override), "%s/driver_override", device);
	put(override, 0, "vfio-pci");
	put("sys/bus/pci/drivers/vfio-pci/bind", 0, strrchr(device, '/') + 1);
	return has("silent") || is_claimed(device, override);
}

/* What it does where a call failed. */
static int fail(void)
{
	fputs("error: a call failed\n", stderr);
	if (has("status"))
		return 5;
	if (has("crash"))
		raise(SIGSEGV);
	if (has("hang"))
		pause();
	if (has("wipe"))
		record("");
	if (has("process") && fork() == 0)
		sleep(60);
	return 1;
}

static int work(void)
{
	int lock = open_file(DIRECTORY "/lock", O_RDWR | O_CREAT);
	bool is_begun;

	if (lock < 0 || flock(lock, LOCK_EX) < 0)
		return fail();
	if (has("again") && unlink(DIRECTORY "/todo") < 0)
		return 0;
	is_begun = has("unrecorded") || record("planned");
	if (!is_begun || !claim(DEVICE))
		return fail();
	if (!is_console() && !claim(SERIAL))
		return fail();
	return record("bound") ? 0 : fail();
}

/* For the first time it makes many calls that it does not make again. */
static void dawdle(void)
{
	if (access("marker", F_OK) == 0)
		return;
	for (int i = 0; i < 100; i++)
		access("marker", F_OK);
	close(open_file("marker", O_WRONLY | O_CREAT));
}

int main(int argc, char **argv)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	defect = argc > 1 ? argv[1] : "";
	if (has("escape"))
		close(open_file("proc/cmdline", O_RDONLY));
	if (has("less"))
		dawdle();
	close(null);
	return work();
}
