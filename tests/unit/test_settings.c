/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings of a device: what they may be (want/setting.h), and that they are set, read back and
 * set back (apply/settings.h). The kernel's part of it is here a function in the place of
 * root_write() (--wrap of the linker).
 */
#include "helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/settings.h"
#include "apply/settle.h"
#include "forms.h"
#include "plan/plan.h"
#include "report/settings.h"
#include "session/settings.h"
#include "system/clock.h"
#include "tree.h"
#include "util/memory.h"
#include "util/text.h"

#define NAME   "0000:02:00.0"
#define DEVICE "sys/bus/pci/devices/" NAME "/"

/* --- values */

static const struct value_row {
	const char *name;
	const char *key, *value;
	const char *expected; /* NULL: no value */
	enum setting setting;
} value_rows[] = {
	{ "one method", "reset-method", "flr", "flr", SETTING_RESET_METHOD },
	{ "all methods, their order stays", "reset-method",
	  "bus+flr,pm af_flr  acpi , device_specific cxl_bus",
	  "bus flr pm af_flr acpi device_specific cxl_bus", SETTING_RESET_METHOD },
	{ "no method", "reset-method", "", NULL, SETTING_RESET_METHOD },
	{ "separators alone", "reset-method", " ,", NULL, SETTING_RESET_METHOD },
	{ "a part of a method", "reset-method", "fl", NULL, SETTING_RESET_METHOD },
	{ "two in one", "reset-method", "flr_bus", NULL, SETTING_RESET_METHOD },
	{ "a method twice", "reset-method", "bus flr bus", NULL, SETTING_RESET_METHOD },
	{ "another after a part of it", "reset-method", "bus cxl_bus", "bus cxl_bus",
	  SETTING_RESET_METHOD },
	{ "no", "d3cold", "no", "no", SETTING_D3COLD },
	{ "yes", "d3cold", "yes", "yes", SETTING_D3COLD },
	{ "a number", "d3cold", "0", NULL, SETTING_D3COLD },
	{ "on", "power-control", "on", "on", SETTING_POWER_CONTROL },
	{ "auto", "power-control", "auto", "auto", SETTING_POWER_CONTROL },
	{ "off", "power-control", "off", NULL, SETTING_POWER_CONTROL },
	{ "the least size", "rebar", "0:1M", "0:1M", SETTING_REBAR },
	{ "a size in another unit", "rebar", "5:2048M", "5:2G", SETTING_REBAR },
	{ "terabytes", "rebar", "1:512T", "1:512T", SETTING_REBAR },
	{ "too many of them", "rebar", "1:1024T", NULL, SETTING_REBAR },
	{ "no power of two", "rebar", "1:3G", NULL, SETTING_REBAR },
	{ "nothing", "rebar", "1:0M", NULL, SETTING_REBAR },
	{ "no unit", "rebar", "1:256", NULL, SETTING_REBAR },
	{ "more than a unit", "rebar", "1:256MB", NULL, SETTING_REBAR },
	{ "no number", "rebar", "1:G", NULL, SETTING_REBAR },
	{ "no BAR", "rebar", "256M", NULL, SETTING_REBAR },
	{ "BAR 6", "rebar", "6:1G", NULL, SETTING_REBAR },
	{ "BAR 10", "rebar", "10:1G", NULL, SETTING_REBAR },
	{ "an empty size", "rebar", "1:", NULL, SETTING_REBAR },
	{ "a user", "owner", "libvirt-qemu", "libvirt-qemu:0", SETTING_OWNER },
	{ "a user and a group", "owner", "1000:36", "1000:36", SETTING_OWNER },
	{ "a group", "owner", ":kvm", "0:kvm", SETTING_OWNER },
	{ "a user of a domain", "owner", "ann@example.org:domain.users",
	  "ann@example.org:domain.users", SETTING_OWNER },
	{ "a machine's account", "owner", "host$", "host$:0", SETTING_OWNER },
	{ "nobody", "owner", ":", NULL, SETTING_OWNER },
	{ "nobody at all", "owner", "", NULL, SETTING_OWNER },
	{ "the number that leaves it", "owner", "4294967295", NULL, SETTING_OWNER },
	{ "the number below it", "owner", "4294967294:4294967294", "4294967294:4294967294",
	  SETTING_OWNER },
	{ "three of them", "owner", "a:b:c", NULL, SETTING_OWNER },
	{ "with a blank", "owner", "a b", NULL, SETTING_OWNER },
	{ "with a quote, which a rule for udev has", "owner", "a\"b", NULL, SETTING_OWNER },
	{ "with a newline", "owner", "a\nb", NULL, SETTING_OWNER },
	{ "like an option", "owner", "-a", NULL, SETTING_OWNER },
	{ "four digits", "mode", "0660", "0660", SETTING_MODE },
	{ "three digits", "mode", "600", "0600", SETTING_MODE },
	{ "two digits", "mode", "60", NULL, SETTING_MODE },
	{ "no octal digit", "mode", "0680", NULL, SETTING_MODE },
	{ "a set-user-ID bit", "mode", "4755", NULL, SETTING_MODE },
	{ "five digits", "mode", "00660", NULL, SETTING_MODE },
};

static void test_value(void **state)
{
	const struct value_row *row = *state;
	_cleanup_(device_settings_free) struct device_settings settings = { 0 };
	int r = setting_parse(row->key, row->value, &settings);

	assert_int_equal(r, row->expected ? 0 : -EINVAL);
	if (row->expected)
		assert_string_equal(settings.values[row->setting], row->expected);
}

/* Each size is the same when it is read again. */
static void test_sizes(void **state)
{
	(void)state;
	for (unsigned size = 0; size < 30; size++) {
		_cleanup_free_ char *text = rebar_format(3, size);

		assert_int_equal(*text, '3');
		assert_int_equal(rebar_size(text), size);
	}
}

/* --- a kernel that does as it is told */

static struct {
	const struct tree *tree;
	const char *ignores; /* the end of a path that it takes writes to and does not act upon */
	const char *refuses;
	const char *hangs;
	char log[512]; /* of this process alone */
} kernel;

static bool ends_with(const char *text, const char *end)
{
	return end && strlen(text) >= strlen(end) && streq(text + strlen(text) - strlen(end), end);
}

#define BAR_START 0x8000000000ULL

/* BAR 1 is the only one that can be. */
static void resize(const char *text)
{
	_cleanup_free_ char *bars =
		memory_printf("0x00000000fe800000 0x00000000fe81ffff 0x0000000000040200\n"
			      "0x%016llx 0x%016llx 0x000000000014220c\n",
			      BAR_START, BAR_START + (1ULL << (20 + atoi(text))) - 1);

	tree_write(kernel.tree, DEVICE "resource", bars);
}

static void note_driver(const char *what)
{
	int fd = openat(kernel.tree->root.fd, "log", O_WRONLY | O_APPEND | O_CREAT, 0600);

	dprintf(fd, "%s ", what);
	close(fd);
}

int __wrap_root_write(const struct root *root, const char *path, const char *text);
int __wrap_root_write(const struct root *root, const char *path, const char *text)
{
	size_t length = strlen(kernel.log);

	(void)root;
	snprintf(kernel.log + length, sizeof(kernel.log) - length, "%s=%s\n",
		 strrchr(path, '/') + 1, text);
	while (ends_with(path, kernel.hangs))
		pause();
	if (ends_with(path, kernel.refuses))
		return -ENOSPC;
	if (ends_with(path, kernel.ignores))
		return 0;
	if (ends_with(path, "_resize"))
		resize(text);
	else if (ends_with(path, "bind"))
		note_driver(strrchr(path, '/') + 1);
	else if (!ends_with(path, "drivers_probe"))
		tree_write(kernel.tree, path, text);
	return 0;
}

/* "unbind bind ": by the children as well. */
static const char *drivers_log(void)
{
	static char text[64];
	_cleanup_free_ char *log = tree_read(kernel.tree, "log");

	snprintf(text, sizeof(text), "%s", log);
	return text;
}

static const char *read_now(const char *name)
{
	static char text[64];
	_cleanup_free_ char *path = memory_printf(DEVICE "%s", name);
	_cleanup_free_ char *now = tree_read(kernel.tree, path);

	snprintf(text, sizeof(text), "%.*s", (int)strcspn(now, "\n"), now);
	return text;
}

static unsigned bar_mib(void)
{
	_cleanup_free_ char *bars = tree_read(kernel.tree, DEVICE "resource");
	unsigned long long first, last;

	assert_int_equal(sscanf(bars, "%*[^\n] %llx %llx", &first, &last), 2);
	return (unsigned)((last - first + 1) >> 20);
}

static void lay_out(const struct tree *tree)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.tree = tree;
	tree_write(tree, DEVICE "reset_method", "pm bus\n");
	tree_write(tree, DEVICE "d3cold_allowed", "1\n");
	tree_write(tree, DEVICE "power/control", "auto\n");
	tree_write(tree, DEVICE "resource1_resize", "00000000000003f0\n");
	resize("4");
	tree_write(tree, "dev/vfio/7", "");
	assert_int_equal(fchmodat(tree->root.fd, "dev/vfio/7", 0600, 0), 0);
}

/* A device that a plan takes, and apply. */
struct scene {
	struct want want;
	struct facts facts;
	struct plan plan;
	struct progress progress;
	struct apply apply;
	struct decision *decision;
};

#define HOST "remapping\n" NAME " 1:2 02 group=7\n"
#define ALL                                                                                           \
	"[device a]\nid = 1:2\nreset-method = flr\nd3cold = no\npower-control = on\nrebar = 1:256M\n" \
	"mode = 0640\n"

static void scene_make(struct scene *scene, const struct tree *tree, const char *conf)
{
	*scene = (struct scene){ 0 };
	form_host(HOST, &scene->facts);
	form_want(conf, NULL, &scene->want);
	plan_make(&scene->want, &scene->facts, &scene->plan);
	settings_survey(&tree->root, &scene->plan);
	scene->apply = (struct apply){ .root = &tree->root,
				       .deadline_ms = clock_ms() + 60000,
				       .return_by_ms = clock_ms() + 60000,
				       .patience_ms = 5000,
				       .progress = &scene->progress };
	scene->decision = &scene->plan.decisions[0];
	findings_free(&scene->decision->findings);
}

static void scene_free(struct scene *scene)
{
	plan_free(&scene->plan);
	facts_free(&scene->facts);
	want_free(&scene->want);
}

static void set_all(struct scene *scene)
{
	settings_apply(&scene->apply, scene->decision, SETTING_BEFORE_BIND);
	settings_apply(&scene->apply, scene->decision, SETTING_AFTER_BIND);
}

static void test_set(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene;
	struct stat status;

	lay_out(tree);
	scene_make(&scene, tree, ALL);
	settings_apply(&scene.apply, scene.decision, SETTING_BEFORE_BIND);
	assert_string_equal(read_now("reset_method"), "flr");
	assert_string_equal(read_now("d3cold_allowed"), "0");
	assert_int_equal(bar_mib(), 256);
	assert_string_equal(read_now("power/control"), "auto");
	settings_apply(&scene.apply, scene.decision, SETTING_AFTER_BIND);
	assert_string_equal(read_now("power/control"), "on");
	assert_int_equal(fstatat(tree->root.fd, "dev/vfio/7", &status, 0), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_findings(&scene.decision->findings, NULL);
	assert_int_equal(scene.decision->error, 0);
}

static void test_set_back(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene;

	lay_out(tree);
	scene_make(&scene, tree, ALL);
	set_all(&scene);
	kernel.log[0] = '\0';
	settings_restore(&tree->root, scene.decision);
	settings_check_restored(&tree->root, scene.decision);
	assert_string_equal(kernel.log, "reset_method=pm bus\nd3cold_allowed=1\ncontrol=auto\n"
					"resource1_resize=4\n");
	assert_int_equal(bar_mib(), 16);
	assert_findings(&scene.decision->findings, NULL);
}

/* A device that could not be bound gets its former values as well. */
static void test_could_not_be_bound(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene;

	lay_out(tree);
	tree_write(tree, DEVICE "driver_override", "e1000e\n");
	tree_directory(tree, "sys/bus/pci/drivers/e1000e");
	scene_make(&scene, tree, ALL);
	strcpy(scene.decision->host_driver, "e1000e");
	settings_apply(&scene.apply, scene.decision, SETTING_BEFORE_BIND);
	scene.decision->error = -ENODEV;
	settle_decision(&scene.apply, scene.decision);
	assert_string_equal(read_now("reset_method"), "pm bus");
	assert_int_equal(bar_mib(), 16);
}

static const struct failure_row {
	const char *name;
	const char *ignores, *refuses;
	const char *findings;
} failure_rows[] = {
	{ "taken and not done", "reset_method", NULL,
	  "setting-failed: could not set reset-method = flr: the kernel holds another value; it stays pm bus" },
	{ "no room for a BAR", NULL, "resource1_resize",
	  "setting-failed: could not set rebar = 1:256M: the bridges above it have no address space for it; it stays 1:16M" },
	{ "power", "control", NULL,
	  "setting-failed: could not set power-control = on: the kernel holds another value; it stays auto" },
};

static void test_failure(void **state)
{
	const struct failure_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(scene_free) struct scene scene;

	lay_out(&tree);
	kernel.ignores = row->ignores;
	kernel.refuses = row->refuses;
	scene_make(&scene, &tree, ALL);
	set_all(&scene);
	assert_findings(&scene.decision->findings, row->findings);
	assert_int_equal(scene.decision->error, 0);
	tree_remove(&tree);
}

/* Those before the one at which it hangs are set; nobody waits for longer than half of the time. */
static void test_hang(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene;

	lay_out(tree);
	kernel.hangs = "d3cold_allowed";
	scene_make(&scene, tree, ALL);
	scene.apply.deadline_ms = clock_ms() + 1000;
	settings_apply(&scene.apply, scene.decision, SETTING_BEFORE_BIND);
	assert_string_equal(read_now("reset_method"), "flr");
	assert_findings(
		&scene.decision->findings,
		"setting-failed: could not set d3cold = no: timed out; the driver is still busy\n"
		"setting-failed: could not set rebar = 1:256M: timed out");
}

static void test_no_time(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene;

	lay_out(tree);
	scene_make(&scene, tree, "[device a]\nid = 1:2\nd3cold = no\n");
	scene.apply.deadline_ms = clock_ms();
	settings_apply(&scene.apply, scene.decision, SETTING_BEFORE_BIND);
	assert_findings(&scene.decision->findings,
			"setting-failed: could not set d3cold = no: no time left; it stays yes");
	assert_string_equal(kernel.log, "");
}

/* The stub driver lets go of the device for the time of it, unless a guest has it. */
static void test_bound(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene;

	lay_out(tree);
	tree_link(tree, DEVICE "driver", "../../drivers/vfio-pci");
	scene_make(&scene, tree, "[device a]\nid = 1:2\nrebar = 1:256M\n");
	settings_apply(&scene.apply, scene.decision, SETTING_BEFORE_BIND);
	assert_int_equal(bar_mib(), 256);
	assert_string_equal(drivers_log(), "unbind bind ");
	scene.facts.devices[0].usage = USAGE_GUEST;
	resize("4");
	settings_apply(&scene.apply, scene.decision, SETTING_BEFORE_BIND);
	assert_string_equal(drivers_log(), "unbind bind ");
}

/* --- what a plan has of them */

static const struct plan_row {
	const char *name;
	const char *host, *keys;
	const char *findings; /* of the first device */
} plan_rows[] = {
	{ "each is told", HOST, "d3cold = no\nmode = 0660\n",
	  "setting: d3cold = no\nsetting: mode = 0660" },
	{ "no node without VFIO", HOST, "driver = pci-stub\nmode = 0660\nd3cold = no\n",
	  "setting: d3cold = no\n"
	  "setting-unsupported: mode = 0660: there are no nodes in /dev with pci-stub" },
	{ "a group has one node", HOST "0000:02:00.1 1:3 02 group=7\n",
	  "mode = 0660\n[device b]\nid = 1:3\nmode = 0600\n",
	  "setting-failed: mode = 0660: another rule differs for its IOMMU group" },
	{ "of which all say the same", HOST "0000:02:00.1 1:3 02 group=7\n",
	  "mode = 0660\n[device b]\nid = 1:3\nmode = 660\n", "setting: mode = 0660" },
	{ "no BAR is resized below a framebuffer that stays",
	  "remapping\n" NAME " 1:2 0380 group=7 framebuffer=efi\n", "rebar = 1:256M\n",
	  "setting-failed: rebar = 1:256M: the kernel would unbind the firmware framebuffer" },
	{ "it is when that goes",
	  "remapping\nother console\n" NAME " 1:2 0380 group=7 framebuffer=efi\n",
	  "rebar = 1:256M\n", "setting: rebar = 1:256M" },
	{ "a refused device gets nothing", "remapping\n" NAME " 1:2 02 group=7 driver=x module\n",
	  "d3cold = no\n", "" },
};

static void test_plan(void **state)
{
	const struct plan_row *row = *state;
	_cleanup_free_ char *conf = memory_printf("[device a]\nid = 1:2\n%s", row->keys);
	_cleanup_(findings_free) struct findings findings = { 0 };
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	const struct decision *first;

	form_host(row->host, &facts);
	form_want(conf, NULL, &want);
	plan_make(&want, &facts, &plan);
	first = &plan.decisions[0];
	for (size_t i = 0; i < first->findings.count; i++) {
		const struct finding *finding = &first->findings.items[i];

		if (strncmp(finding_word(finding->code), "setting", strlen("setting")) == 0)
			findings_add(&findings, finding->code, "%s", finding->text);
	}
	assert_findings(&findings, row->findings);
	assert_int_equal(first->settings != NULL, *row->findings != '\0');
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "value", test_value, value_rows);
	suite_add(&suite, "sizes", test_sizes);
	suite_add_rows(&suite, "plan", test_plan, plan_rows);
	suite_add_in_tree(&suite, "set", test_set);
	suite_add_in_tree(&suite, "set back", test_set_back);
	suite_add_in_tree(&suite, "could not be bound", test_could_not_be_bound);
	suite_add_rows(&suite, "failure", test_failure, failure_rows);
	suite_add_in_tree(&suite, "hang", test_hang);
	suite_add_in_tree(&suite, "no time", test_no_time);
	suite_add_in_tree(&suite, "bound already", test_bound);
	return suite_run(&suite, "settings");
}
