/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/story.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "host/build.h"
#include "host/check.h"
#include "model/file.h"
#include "model/model.h"
#include "util/cleanup.h"
#include "want/intent.h"

#define UDEV_RULES    "run/udev/rules.d/60-passthru.rules"
#define ARGUMENTS_MAX 16
#define PROCESSES_MAX 24 /* in one story */

int agent_main(int argc, char **argv);
int command_main(int argc, char **argv);

struct call {
	int (*main)(int argc, char **argv);
	const char *words[ARGUMENTS_MAX];
};

/* getopt(3) may permute them, and programs write to them. */
static int run_main(void *context)
{
	const struct call *call = context;
	char *argv[ARGUMENTS_MAX + 1] = { NULL };
	int argc = 0;

	while (call->words[argc]) {
		argv[argc] = arena_copy(call->words[argc], strlen(call->words[argc]));
		argc++;
	}
	optind = 0;
	return call->main(argc, argv);
}

static unsigned process_count;
static bool has_booted;

static void do_boot(const struct statement *statement);

/* What is run behind the boot is: without a boot there is nothing that it could go on with. */
static void run(const struct run_of *run, struct call *call)
{
	int result;

	if (run->mode == MODE_BOOT && has_booted)
		return;
	if (!has_booted && run->mode > MODE_DRY && run->mode != MODE_COMMAND)
		do_boot(NULL);
	if (++process_count > PROCESSES_MAX)
		return;
	check_before(run);
	result = process_run(run_main, call);
	fflush(stdout);
	/* One that was killed may well be begun again. */
	if (run->mode == MODE_BOOT)
		has_booted = result >= 0;
	check_after(run, result);
	process_clear_faults();
}

static void run_agent(enum mode mode, const char *option, struct device *target, bool is_again)
{
	struct call call = { agent_main, { "passthru-init", option } };
	const struct run_of its = { mode, target, 0 };
	size_t used = option ? 2 : 1;

	if (target)
		call.words[used++] = target->name;
	if (is_again)
		call.words[used++] = "--coldplug";
	run(&its, &call);
}

static void do_boot(const struct statement *statement)
{
	(void)statement;
	run_agent(MODE_BOOT, NULL, NULL, false);
}

static void do_dry(const struct statement *statement)
{
	(void)statement;
	run_agent(MODE_DRY, "--dry-run", NULL, false);
}

static void do_verify(const struct statement *statement)
{
	(void)statement;
	run_agent(MODE_VERIFY, "--verify", NULL, false);
}

/*
 * udev calls, by the rules that the agent left it at boot: for a device that has come or that a
 * driver has got without an override, else when it goes through all devices once more.
 */
static void do_hotplug(const struct statement *statement)
{
	struct device *device = build_device(statement->arguments[0]);

	if (device && model_find(UDEV_RULES))
		run_agent(MODE_HOTPLUG, "--hotplug", device,
			  statement->arguments[1] % 2 || device->override);
}

/* The hooks call again and again: before its time, and behind it. What goes wrong is for the last.
 */
static void do_rescue(const struct statement *statement)
{
	if (statement->arguments[0]) {
		process_wait((int64_t)statement->arguments[0] * 1000000);
		run_agent(MODE_RESCUE, "--rescue", NULL, false);
		return;
	}
	run_agent(MODE_RESCUE, "--rescue", NULL, false);
}

static void do_assign(const struct statement *statement)
{
	enum { DRY = 1, PERSIST = 2, JSON = 4, ALLOW = 8, WARN = 16, STUB = 32 };
	struct device *device = build_device(statement->arguments[0]);
	unsigned flags = statement->arguments[1];
	struct run_of its = { flags & DRY ? MODE_COMMAND : MODE_ASSIGN, device, 0 };
	struct call call = { command_main, { "passthru", "assign" } };
	size_t used = 2;

	if (!device)
		return;
	if (flags & DRY)
		call.words[used++] = "--dry-run";
	else if (flags & PERSIST)
		call.words[used++] = "--persist";
	if (flags & JSON)
		call.words[used++] = "--json";
	if (flags & ALLOW) {
		call.words[used++] = "--allow=storage,network,console";
		its.allowed = ALLOW_STORAGE | ALLOW_NETWORK | ALLOW_CONSOLE;
	}
	if (flags & WARN)
		call.words[used++] = "--iommu=warn";
	if (flags & STUB)
		call.words[used++] = "--driver=pci-stub";
	call.words[used++] = device->name;
	run(&its, &call);
}

static void do_release(const struct statement *statement)
{
	enum { DRY = 1, PERSIST = 2 };
	struct device *device = build_device(statement->arguments[0]);
	unsigned flags = statement->arguments[1];
	const struct run_of its = { flags & DRY ? MODE_COMMAND : MODE_RELEASE, device, 0 };
	struct call call = { command_main, { "passthru", "release" } };
	size_t used = 2;

	if (!device)
		return;
	if (flags & DRY)
		call.words[used++] = "--dry-run";
	else if (flags & PERSIST)
		call.words[used++] = "--persist";
	call.words[used++] = device->name;
	run(&its, &call);
}

/* Those that only look. */
static void do_command(const struct statement *statement)
{
	static const char *const commands[][3] = {
		{ "status" }, { "status", "--json" }, { "status", "--metrics" },
		{ "check" },  { "check", "--json" },  { "check", "--modules" },
		{ "needs" },  { "import" },
	};
	const char *const *words = commands[statement->arguments[0] % ARRAY_SIZE(commands)];
	struct call call = { command_main, { "passthru", words[0], words[1] } };
	const struct run_of its = { MODE_COMMAND, NULL, 0 };

	run(&its, &call);
}

/* Events: what others do. */

static void do_unplug(const struct statement *statement)
{
	struct device *device = build_device(statement->arguments[0]);

	if (device)
		kernel_unplug(device);
}

static void do_plug(const struct statement *statement)
{
	struct device *device = build_device(statement->arguments[0]);

	if (!device || device_is_there(device))
		return;
	kernel_plug(device);
	if (statement->arguments[1] % 2 && device_is_there(device) && model_find(UDEV_RULES))
		run_agent(MODE_HOTPLUG, "--hotplug", device, false);
}

static void do_modprobe(const struct statement *statement)
{
	static const char *const stubs[] = { "vfio-pci", "xen-pciback", "pci-stub",
					     "mlx5_vfio_pci" };
	unsigned number = statement->arguments[0] % 20;
	struct device *device = build_device(number);
	struct module *module = NULL;

	if (number >= 16)
		module = kernel_find_module(stubs[number - 16]);
	else if (device)
		module = kernel_find_module(device->native);
	if (!module)
		return;
	/* In the real root there is what the image lacked. */
	module->is_missing = false;
	kernel_load(module->name, NULL);
}

static void do_wait(const struct statement *statement)
{
	process_wait((int64_t)statement->arguments[0] * 1000000);
}

static void do_unhang(const struct statement *statement)
{
	(void)statement;
	files_release_hanging();
}

static void write_to(const struct device *device, const char *attribute, const char *text)
{
	struct node *node = node_child(device->directory, attribute, strlen(attribute));

	if (node && node->attribute && node->attribute->write)
		node->attribute->write(node->owner, text);
}

/* Somebody else claims it, or ends a claim. */
static void do_write(const struct statement *statement)
{
	struct device *device = build_device(statement->arguments[0]);
	const char *const texts[] = { "\n", "vfio-pci", "none", device ? device->native : "" };

	if (!device || !device_is_there(device))
		return;
	write_to(device, "driver_override", texts[statement->arguments[1] % 4]);
	notes_of(device)->is_others = device_is_claimed(device);
}

static void do_vfs(const struct statement *statement)
{
	struct device *device = build_device(statement->arguments[0]);

	if (device && device_is_there(device))
		write_to(device, "sriov_numvfs", arena_printf("%u", statement->arguments[1] % 4));
}

static void do_fault(const struct statement *statement)
{
	static const int errors[] = { -EIO,    -ENOMEM, -EMFILE, -ENOSPC,
				      -EACCES, -EPERM,  -EINTR,  -EBUSY };
	const struct fault fault = {
		.at = statement->arguments[0],
		.name = fault_name(statement->arguments[1]),
		.effect = (enum effect)(statement->arguments[2] % EFFECT_COUNT),
		.error = errors[statement->arguments[3] % ARRAY_SIZE(errors)],
		.goes_on = statement->arguments[4] % 2,
	};

	process_add_fault(&fault);
}

static const struct {
	const char *word;
	void (*tell)(const struct statement *statement);
	bool is_event;
} words[] = {
	{ "boot", do_boot, false },        { "dry", do_dry, false },
	{ "verify", do_verify, false },    { "hotplug", do_hotplug, false },
	{ "rescue", do_rescue, false },    { "assign", do_assign, false },
	{ "release", do_release, false },  { "command", do_command, false },
	{ "unplug", do_unplug, true },     { "plug", do_plug, true },
	{ "modprobe", do_modprobe, true }, { "wait", do_wait, false },
	{ "unhang", do_unhang, false },    { "write", do_write, true },
	{ "vfs", do_vfs, true },           { "fault", do_fault, false },
};

static void tell(const struct statement *statement)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].word, statement->word) != 0)
			continue;
		if (words[i].is_event)
			check_host_changes();
		words[i].tell(statement);
	}
}

void story_tell(const struct script *script)
{
	process_count = 0;
	has_booted = false;
	check_begin();
	for (size_t i = 0; i < script->count; i++)
		tell(&script->statements[i]);
	check_end();
}
