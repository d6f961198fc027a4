/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Healing on a directory that answers like sysfs: what is written to `bind`, `unbind`,
 * `driver_override` and their like has its effect (linux/drivers/base/bus.c, dd.c). The agent is
 * killed at each of its looks and writes, and called again, as the hooks do. What a kernel really
 * does is for boots.
 */
#include "helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/agent.h"
#include "system/child.h"
#include "system/clock.h"
#include "system/file.h"
#include "system/lock.h"
#include "tree.h"
#include "util/memory.h"

#define RESCUE     "run/passthru/rescue"
#define REPORT     "run/passthru/report.json"
#define CALLS_MAX  20
#define PATIENCE_S 10

/* Shared by the agent and its children. */
static struct model {
	size_t looks;
	size_t killed_at;       /* the look at which it is killed, from 1; 0: never */
	bool kills_all;         /* the worker with its children; else only who looks */
	const char *kills_with; /* the device with which all end when it is unbound; or NULL */
	const char *hangs_with; /* the one that never comes back from it; or NULL */
	bool is_stubborn;       /* the stub driver does not forget what it takes by its ids */
	unsigned ids;           /* entries that it has for disks */
} * model;

static const struct tree *tree;
static bool is_agent; /* this process; else it is the test's */

/* --- a directory like sysfs */

static const struct known {
	const char *address, *ids, *class, *driver; /* of the host */
} known[] = {
	{ "0000:00:03.0", "1B36:0010", "10802", "nvme" },
	{ "0000:00:04.0", "144D:A80A", "10802", "nvme" },
	{ "0000:00:02.0", "8086:10D3", "20000", "e1000e" },
};

static const struct known *find_known(const char *address)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(known[i].address, address) == 0)
			return &known[i];
	}
	return NULL;
}

/* DRIVER "" for none */
static void set_driver(const struct known *device, const char *driver)
{
	_cleanup_free_ char *uevent =
		memory_printf("sys/devices/pci0000:00/%s/uevent", device->address);
	_cleanup_free_ char *link =
		memory_printf("sys/devices/pci0000:00/%s/driver", device->address);
	_cleanup_free_ char *target = memory_printf("../../../bus/pci/drivers/%s", driver);
	_cleanup_free_ char *text =
		memory_printf("%s%s%sPCI_CLASS=%s\nPCI_ID=%s\n", *driver ? "DRIVER=" : "", driver,
			      *driver ? "\n" : "", device->class, device->ids);

	unlinkat(tree->root.fd, link, 0);
	if (*driver)
		assert_int_equal(symlinkat(target, tree->root.fd, link), 0);
	tree_write(tree, uevent, text);
}

static void read_override(const struct known *device, char override[static 64])
{
	_cleanup_free_ char *path =
		memory_printf("sys/devices/pci0000:00/%s/driver_override", device->address);
	_cleanup_free_ char *text = tree_read(tree, path);

	snprintf(override, 64, "%.*s", (int)strcspn(text, "\n"), text);
	if (strcmp(override, "(null)") == 0)
		override[0] = '\0';
}

static void get_driver(const struct known *device, char driver[static 64])
{
	_cleanup_free_ char *link =
		memory_printf("sys/devices/pci0000:00/%s/driver", device->address);
	char target[256];
	ssize_t length = readlinkat(tree->root.fd, link, target, sizeof(target) - 1);

	driver[0] = '\0';
	if (length < 0)
		return;
	target[length] = '\0';
	snprintf(driver, 64, "%s", strrchr(target, '/') + 1);
}

static bool matches(const struct known *device, const char *driver)
{
	char override[64];

	read_override(device, override);
	if (override[0])
		return strcmp(override, driver) == 0;
	return strcmp(device->driver, driver) == 0 ||
	       (strcmp(driver, "vfio-pci") == 0 && model->ids &&
		strcmp(device->driver, "nvme") == 0);
}

static int bind(const struct known *device, const char *driver)
{
	char now[64];

	get_driver(device, now);
	if (now[0])
		return -EBUSY;
	if (!matches(device, driver))
		return -ENODEV;
	set_driver(device, driver);
	return 0;
}

static int unbind(const struct known *device, const char *driver)
{
	char now[64];

	if (model->kills_with && strcmp(device->address, model->kills_with) == 0)
		kill(0, SIGKILL);
	while (model->hangs_with && strcmp(device->address, model->hangs_with) == 0)
		pause();
	get_driver(device, now);
	if (strcmp(now, driver) != 0)
		return -ENODEV;
	set_driver(device, "");
	return 0;
}

/* In the order in which they were loaded: the stub first. */
static int probe(const struct known *device)
{
	static const char *const drivers[] = { "vfio-pci", "nvme", "e1000e" };

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		if (bind(device, drivers[i]) == 0)
			return 0;
	}
	return 0;
}

static int write_attribute(const char *path, const char *text)
{
	char driver[64], attribute[64];
	const struct known *device = find_known(text);

	if (strcmp(path, "sys/bus/pci/drivers_probe") == 0)
		return device ? probe(device) : -EINVAL;
	if (sscanf(path, "sys/bus/pci/drivers/%63[^/]/%63s", driver, attribute) != 2)
		return -ENOENT;
	if (strcmp(attribute, "bind") == 0)
		return device ? bind(device, driver) : -ENODEV;
	if (strcmp(attribute, "unbind") == 0)
		return device ? unbind(device, driver) : -ENODEV;
	if (strcmp(attribute, "remove_id") == 0 && model->ids && !model->is_stubborn)
		return model->ids--, 0;
	return -ENODEV;
}

/* --- what the agent does it with */

static void look(void)
{
	if (is_agent && ++model->looks == model->killed_at)
		kill(model->kills_all ? 0 : getpid(), SIGKILL);
}

int __wrap_root_write(const struct root *root, const char *path, const char *text);
int __wrap_root_write(const struct root *root, const char *path, const char *text)
{
	(void)root;
	look();
	return write_attribute(path, text);
}

int __real_root_read_attribute(const struct root *root, const char *path, char *buffer,
			       size_t size);
int __wrap_root_write_and_read(const struct root *root, const char *path, const char *text,
			       char *buffer, size_t size, int *ret_written);
int __wrap_root_write_and_read(const struct root *root, const char *path, const char *text,
			       char *buffer, size_t size, int *ret_written)
{
	_cleanup_free_ char *line =
		memory_printf("%s%s", *text == '\n' ? "(null)" : text, *text == '\n' ? text : "\n");

	look();
	tree_write(tree, path, line);
	*ret_written = 0;
	return __real_root_read_attribute(root, path, buffer, size);
}

#define WRAP(name, parameters, arguments)       \
	int __real_##name parameters;           \
	int __wrap_##name parameters;           \
	int __wrap_##name parameters            \
	{                                       \
		look();                         \
		return __real_##name arguments; \
	}

WRAP(root_read_attribute, (const struct root *root, const char *path, char *buffer, size_t size),
     (root, path, buffer, size))
WRAP(root_read_file,
     (const struct root *root, const char *path, size_t limit, char **ret, size_t *ret_size),
     (root, path, limit, ret, ret_size))
WRAP(root_link_name, (const struct root *root, const char *path, char *buffer, size_t size),
     (root, path, buffer, size))
WRAP(root_exists, (const struct root *root, const char *path), (root, path))
WRAP(root_each_entry,
     (const struct root *root, const char *path, int (*function)(const char *name, void *context),
      void *context),
     (root, path, function, context))
WRAP(root_replace_file,
     (const struct root *root, const char *directory, const char *name, const char *text),
     (root, directory, name, text))
WRAP(root_remove, (const struct root *root, const char *path), (root, path))
WRAP(root_lock, (const struct root *root, const char *directory, const char *name, int timeout_ms),
     (root, directory, name, timeout_ms))

/* --- calls of the agent */

/* Returns its exit status, or 128 when it died. */
static int call(const struct mode *mode, const char *cmdline)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct agent agent = {
			.mode = mode,
			.root = tree->root,
			.image = { .fd = -1 },
			.proven = { .fd = -1 },
			.cmdline = cmdline,
			.deadline_ms = clock_ms() + PATIENCE_S * 1000,
			.log = { &tree->root, false },
			.progress = child_share(sizeof(struct progress)),
		};
		int r;

		is_agent = true;
		setpgid(0, 0);
		/* What it has to say is not for the output of the test. */
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		r = mode->run(&agent);
		child_unshare(agent.progress, sizeof(struct progress));
		_exit(r);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool has_file(const char *path)
{
	return faccessat(tree->root.fd, path, F_OK, 0) == 0;
}

/* As the hooks call it: as long as the file is there. Returns how often. */
static int run_rescue(const char *cmdline)
{
	int calls = 0;

	while (has_file(RESCUE) && calls < CALLS_MAX) {
		call(&rescue_mode, cmdline);
		calls++;
	}
	return calls;
}

/* --- hosts */

static void make_device(const struct known *device, const char *driver, const char *override)
{
	_cleanup_free_ char *path =
		memory_printf("sys/devices/pci0000:00/%s/driver_override", device->address);
	_cleanup_free_ char *link = memory_printf("sys/bus/pci/devices/%s", device->address);
	_cleanup_free_ char *target =
		memory_printf("../../../devices/pci0000:00/%s", device->address);
	_cleanup_free_ char *text = memory_printf("%s\n", *override ? override : "(null)");

	tree_write(tree, path, text);
	set_driver(device, driver);
	tree_link(tree, link, target);
}

static void assert_device(const char *address, const char *driver, const char *override)
{
	const struct known *device = find_known(address);
	char now[64], now_override[64];

	get_driver(device, now);
	read_override(device, now_override);
	if (strcmp(now, driver) != 0 || strcmp(now_override, override) != 0)
		fail_msg("%s has driver '%s' and override '%s', not '%s' and '%s' (killed at %zu)",
			 address, now, now_override, driver, override, model->killed_at);
}

static const char conf[] = "[passthru]\niommu = warn\nroot-grace = 3\n"
			   "[device disk]\naddress = 00:03.0\n"
			   "[device nic]\naddress = 00:02.0\n";

#define NO_RULE "[passthru]\niommu = warn\nroot-grace = 3\n[device nic]\naddress = 00:02.0\n"
#define ALLOWED                                      \
	"[passthru]\niommu = warn\nroot-grace = 3\n" \
	"[device disk]\naddress = 00:03.0\nallow = storage\n"

static void begin(const char *configuration)
{
	static struct tree made;

	*model = (struct model){ 0 };
	made = tree_make();
	tree = &made;
	tree_write(tree, "proc/cmdline", "ro\n");
	tree_write(tree, "etc/passthru.conf", configuration);
	tree_directory(tree, "sys/bus/pci/drivers/vfio-pci");
	tree_directory(tree, "sys/bus/pci/drivers/nvme");
	tree_directory(tree, "sys/bus/pci/drivers/e1000e");
	tree_write(tree, REPORT,
		   "{\"version\":1,\"program\":\"test\",\"devices\":[],\"findings\":[]}\n");
	tree_write(tree, RESCUE, "due 0\nattempts 0\n");
}

static void end(void)
{
	struct tree made = *tree;

	tree_remove(&made);
	tree = NULL;
}

static const struct row {
	const char *name, *conf, *cmdline;
	const char *driver, *override; /* of the disk */
	bool has_ids, is_stubborn;
	const char *then, *then_override, *then_nic;
	bool is_killed; /* in another test, at each of its looks */
} rows[] = {
	{ "bound", conf, "ro", "vfio-pci", "vfio-pci", .then = "nvme", "", "vfio-pci",
	  .is_killed = true },
	{ "claimed", conf, "ro", "", "vfio-pci", .then = "nvme", "", "vfio-pci", false },
	{ "held", conf, "ro", "", "none", .then = "nvme", "", "vfio-pci", false },
	{ "without a driver", conf, "ro", "", "", .then = "nvme", "", "vfio-pci", false },
	{ "with the host", conf, "ro", "nvme", "", .then = "nvme", "", "vfio-pci", false },
	{ "bound by ids, no rule means it", NO_RULE, "ro", "vfio-pci", "", true, false, "nvme", "",
	  "vfio-pci", false },
	{ "bound by ids that it does not forget", NO_RULE, "ro", "vfio-pci", "", true, true, "nvme",
	  "", "vfio-pci", true },
	{ "claimed, no rule means it", NO_RULE, "ro", "", "vfio-pci", .then = "nvme", "",
	  "vfio-pci", false },
	{ "held, no rule means it", NO_RULE, "ro", "", "none", .then = "nvme", "", "vfio-pci",
	  false },
	{ "without a driver, no rule means it", NO_RULE, "ro", "", "", .then = "", "", "vfio-pci",
	  false },
	{ "allowed", ALLOWED, "ro", "vfio-pci", "vfio-pci", .then = "vfio-pci", "vfio-pci",
	  "vfio-pci" },
	{ "a root on the network", conf, "root=nfs:10.0.0.1:/ ip=dhcp", "vfio-pci", "vfio-pci",
	  .then = "nvme", "", "e1000e", false },
	{ "no network: ip=off", conf, "root=/dev/nvme0n1 ip=off", "vfio-pci", "vfio-pci",
	  .then = "nvme", "", "vfio-pci", false },
};

static void make_host(const struct row *row)
{
	begin(row->conf);
	make_device(&known[0], row->driver, row->override);
	make_device(&known[2], "vfio-pci", "vfio-pci");
	model->ids = row->has_ids ? 3 : 0;
	model->is_stubborn = row->is_stubborn;
}

static void assert_returned(const struct row *row)
{
	_cleanup_free_ char *report = tree_read(tree, REPORT);

	assert_false(has_file(RESCUE));
	if (strcmp(row->driver, row->then) != 0)
		assert_non_null(strstr(report, "returned"));
	assert_device("0000:00:03.0", row->then, row->then_override);
	assert_device("0000:00:02.0", row->then_nic,
		      strcmp(row->then_nic, "vfio-pci") == 0 ? "vfio-pci" : "");
}

static void test_row(void **state)
{
	const struct row *row = *state;

	make_host(row);
	assert_int_equal(run_rescue(row->cmdline), 1);
	assert_returned(row);
	end();
}

/* The process dies, once; the next one goes on from there. Returns how many looks there are. */
static size_t kill_at(const struct row *row, size_t number, bool kills_all)
{
	size_t looks;

	make_host(row);
	model->killed_at = number;
	model->kills_all = kills_all;
	call(&rescue_mode, row->cmdline);
	looks = model->looks;
	assert_true(run_rescue(row->cmdline) < 3);
	assert_returned(row);
	end();
	return looks;
}

static void test_kills(void **state)
{
	const struct row *row = *state;
	size_t count = 1;

	for (size_t i = 1; i <= count; i++) {
		size_t looks = kill_at(row, i, true);

		if (looks >= i)
			count = i + 1;
		if (i % 4 == 0)
			kill_at(row, i, false);
	}
	assert_true(count > 40);
}

/* One with which all end keeps no other: that comes first the next time. */
static void test_deadly(void **state)
{
	(void)state;
	begin("[passthru]\niommu = warn\n[device disks]\nclass = 0108\n");
	make_device(&known[0], "vfio-pci", "vfio-pci");
	make_device(&known[1], "vfio-pci", "vfio-pci");
	model->kills_with = "0000:00:03.0";
	assert_int_equal(call(&rescue_mode, "ro"), 128);
	assert_device("0000:00:04.0", "vfio-pci", "vfio-pci");
	assert_int_equal(call(&rescue_mode, "ro"), 128);
	assert_device("0000:00:04.0", "nvme", "");
	/* Nor does it go on for ever. */
	assert_true(run_rescue("ro") < 10);
	assert_false(has_file(RESCUE));
	end();
}

static void test_hanging(void **state)
{
	(void)state;
	begin("[passthru]\niommu = warn\n[device disks]\nclass = 0108\n");
	make_device(&known[0], "vfio-pci", "vfio-pci");
	make_device(&known[1], "vfio-pci", "vfio-pci");
	model->hangs_with = "0000:00:03.0";
	assert_int_equal(call(&rescue_mode, "ro"), 1);
	assert_device("0000:00:04.0", "nvme", "");
	assert_true(has_file(RESCUE));
	model->hangs_with = NULL;
	assert_int_equal(call(&rescue_mode, "ro"), 1);
	assert_device("0000:00:03.0", "nvme", "");
	assert_false(has_file(RESCUE));
	assert_int_equal(call(&rescue_mode, "ro"), 0);
	end();
}

/* What the file says, and what comes of a call. */
static const struct file_row {
	const char *name, *text;
	bool is_returned, is_left; /* the device; the file */
} file_rows[] = {
	{ "the first call", "grace 3000\n", false, true },
	{ "not yet", "due 4294967295\nattempts 0\n", false, true },
	{ "due", "due 0\nattempts 0\n", true, false },
	{ "due, as it was written before", "due 0\n", true, false },
	{ "the last attempt", "due 0\nattempts 4\n", true, false },
	{ "one too many", "due 0\nattempts 5\n", false, false },
	{ "a device that is gone", "due 0\nattempts 1\ntried 0000:77:00.0\n", true, false },
	{ "nonsense", "\n \ndue\ntried x\nattempts -1\n", false, true },
	{ "nothing", "", false, true },
};

static void test_file(void **state)
{
	const struct file_row *row = *state;

	begin(conf);
	make_device(&known[0], "vfio-pci", "vfio-pci");
	make_device(&known[2], "vfio-pci", "vfio-pci");
	tree_write(tree, RESCUE, row->text);
	call(&rescue_mode, "ro");
	if (row->is_returned)
		assert_device("0000:00:03.0", "nvme", "");
	else
		assert_device("0000:00:03.0", "vfio-pci", "vfio-pci");
	assert_int_equal(has_file(RESCUE), row->is_left);
	end();
}

/* Rules are reason enough: the stub driver may know more devices than they. */
static void test_prepare(void **state)
{
	(void)state;
	begin(NO_RULE);
	unlinkat(tree->root.fd, RESCUE, 0);
	make_device(&known[2], "", "");
	call(&boot_mode, "ro");
	assert_true(has_file(RESCUE));
	tree_write(tree, "etc/passthru.conf", "[passthru]\nroot-grace = 0\n[device a]\nid = 1:2\n");
	unlinkat(tree->root.fd, RESCUE, 0);
	call(&boot_mode, "ro");
	assert_false(has_file(RESCUE));
	end();
}

int main(void)
{
	struct suite suite = { 0 };
	int r;

	model = child_share(sizeof(*model));
	suite_add_rows(&suite, "given back", test_row, rows);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].is_killed)
			suite_add_each_row(&suite, "killed anywhere", test_kills, &rows[i], 1,
					   sizeof(rows[i]));
	}
	suite_add_rows(&suite, "the file", test_file, file_rows);
	suite_add(&suite, "a device with which all end", test_deadly);
	suite_add(&suite, "a device that hangs", test_hanging);
	suite_add(&suite, "prepared at boot", test_prepare);
	r = suite_run(&suite, "agent_rescue");
	child_unshare(model, sizeof(*model));
	return r;
}
