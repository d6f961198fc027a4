/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/inspect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/frameworks.h"
#include "cli/image/plain.h"
#include "cli/image/uki.h"
#include "cli/image/unpack.h"
#include "cli/message.h"
#include "cli/progress.h"
#include "report/exit_status.h"
#include "session/module_record.h"
#include "session/owners.h"
#include "system/installed.h"
#include "system/listing.h"
#include "system/module.h"
#include "util/cleanup.h"
#include "util/depmod.h"
#include "util/memory.h"
#include "util/text.h"

#define MODULES         "lib/modules"
#define LIST_SUFFIX     ".list"
#define RDINIT          "passthru-init"
#define RDINIT_OPTION   "rdinit=/" RDINIT
#define LIST_SIZE_MAX   (16 * 1024 * 1024)
#define OWNERS_SIZE_MAX 65536

struct inspected {
	const char *file;
	const struct unpacked *unpacked;
	struct root root;              /* where it is unpacked */
	const struct session *session; /* of the host */
	struct findings *findings;
};

static bool has_off_option(const struct inspected *image)
{
	const struct sources_request request = { .at_next_boot = true };
	const char *cmdline = image->unpacked->cmdline;
	_cleanup_(want_free) struct want want = { 0 };

	if (!cmdline)
		return false;
	sources_read(&image->root, &request, cmdline, &want);
	return want.off;
}

/* Returns whether the file has a switch that puts passthru off, for whatever reason. */
static bool check_off(struct inspected *image)
{
	const struct unpacked *unpacked = image->unpacked;
	bool is_ignored = names_has(&unpacked->ignored, image->file);
	bool has_option = has_off_option(image);
	bool has_mark = root_exists(&image->root, OFF_MARK) != -ENOENT;

	if (has_option && (!is_ignored || unpacked->stub >= STUB_ADDON_CMDLINE))
		findings_add(
			image->findings, FINDING_OFF,
			"the kernel command line of %s switches passthru off: no device would be touched",
			image->file);
	else if (has_mark && !is_ignored)
		findings_add(
			image->findings, FINDING_OFF,
			"%s has /" OFF_MARK
			", which switches passthru off (passthru image --off): no device would be touched",
			image->file);
	else if (has_option || has_mark)
		findings_add(
			image->findings, FINDING_IMAGE_STUB,
			"%s does not switch passthru off: the stub of its image is too old to load it, or of unknown release",
			image->file);
	return has_option || has_mark;
}

/* It is loaded beside an image, and has nothing that would run. */
static bool is_only_switch(const struct inspected *image)
{
	static const char *const programs[] = { "init", "passthru-init", AGENT_PATH + 1 };

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		if (root_exists(&image->root, programs[i]) != -ENOENT)
			return false;
	}
	return !image->unpacked->has_kernel;
}

static void check_agent(struct inspected *image)
{
	if (root_exists(&image->root, AGENT_PATH + 1) < 0)
		findings_add(image->findings, FINDING_IMAGE_NO_AGENT, "%s has no " AGENT_PATH,
			     image->file);
}

/* As the agent will read it, below its own root; the host's files are compared by their digest. */
static void check_configuration(struct inspected *image)
{
	const struct sources_request request = { .reads_when_off = true };
	const struct want *hosts = &image->session->want;
	_cleanup_(want_free) struct want want = { 0 };

	sources_read(&image->root, &request, "", &want);
	if (strcmp(want.sha256, hosts->sha256) != 0)
		findings_add(image->findings, FINDING_IMAGE_CONFIG, "%s has %s", image->file,
			     *want.sha256 ? "another configuration than /etc" : "no configuration");
	if (strcmp(want.options_sha256, hosts->options_sha256) != 0)
		findings_add(image->findings, FINDING_IMAGE_CONFIG,
			     "%s has other options of stub drivers in modprobe.d than this host",
			     image->file);
}

/* By the names of this host's configuration: the image may have others, which is told already. */
static void check_owners(struct inspected *image)
{
	const char *owners = image->session->owners;
	_cleanup_free_ char *wanted = memory_dup(owners ? owners : "");
	_cleanup_free_ char *text = NULL, *lines = NULL;
	char *rest = wanted;
	size_t size;

	if (root_read_file(&image->root, OWNERS_RECORD, OWNERS_SIZE_MAX, &text, &size) < 0)
		text = memory_dup("");
	lines = memory_printf("\n%s", text);
	for (char *line; (line = strsep(&rest, "\n"));) {
		_cleanup_free_ char *whole = memory_printf("\n%s\n", line);

		if (*line && !strstr(lines, whole))
			findings_add(
				image->findings, FINDING_IMAGE_OWNERS,
				"%s has no number, or another one, for an owner: \"%s\" is not in /" OWNERS_RECORD,
				image->file, line);
	}
}

/* The list NAME of the modules of KERNEL, "" where there is none. */
static char *read_list(const struct inspected *image, const char *kernel, const char *name)
{
	_cleanup_free_ char *path = memory_printf(MODULES "/%s/%s", kernel, name);
	char *text;
	size_t size;

	if (root_read_file(&image->root, path, LIST_SIZE_MAX, &text, &size) < 0)
		return memory_copy("", 0);
	return text;
}

static void check_module(struct inspected *image, const char *kernel, const char *module)
{
	_cleanup_free_ char *dependencies = read_list(image, kernel, "modules.dep");
	_cleanup_free_ char *builtin = read_list(image, kernel, "modules.builtin");
	_cleanup_free_ char *of_kernel = depmod_files(builtin, module);
	_cleanup_free_ char *files = of_kernel ? NULL : depmod_files(dependencies, module);
	char *rest = files;

	if (!of_kernel && !files)
		findings_add(image->findings, FINDING_IMAGE_MODULE,
			     "%s has no module %s for kernel %s", image->file, module, kernel);
	for (char *file; (file = strsep(&rest, " "));) {
		_cleanup_free_ char *path = memory_printf(MODULES "/%s/%s", kernel, file);

		if (root_exists(&image->root, path) < 0)
			findings_add(image->findings, FINDING_IMAGE_MODULE,
				     "%s has no %s, which %s needs, for kernel %s", image->file,
				     file, module, kernel);
	}
}

/* What the plan takes devices with, each once. */
static void list_modules(const struct session *session, struct names *ret)
{
	for_each_decision(decision, &session->plan) {
		if (decision->verdict == VERDICT_TAKE)
			names_add_once(ret, decision->module);
	}
	if (!ret->count)
		names_add(ret, stub_default(facts_in_dom0(&session->facts))->module);
}

/* As the agent looks for it: decompressed by us, or as the framework put it there. */
static bool has_file(const struct inspected *image, const char *kernel, const char *path)
{
	static const char *const ends[] = { "", ".xz", ".zst", ".gz" };
	_cleanup_free_ char *plain = plain_path(path);
	_cleanup_free_ char *ours = memory_printf(MODULE_ARCHIVE "/%s/%s", kernel, plain);
	bool found = root_exists(&image->root, ours) == 0;

	for (size_t i = 0; !found && i < ARRAY_SIZE(ends); i++) {
		_cleanup_free_ char *its =
			memory_printf(MODULE_TREES "/%s/%s%s", kernel, plain, ends[i]);

		found = root_exists(&image->root, its) == 0;
	}
	return found;
}

static void check_section(struct inspected *image, const char *kernel,
			  const struct module_list *list, const char *module)
{
	const struct module_section *section = module_list_find(list, module);

	if (!section)
		findings_add(image->findings, FINDING_IMAGE_MODULE,
			     "%s has no module %s for kernel %s", image->file, module, kernel);
	for (size_t i = 0; section && i < section->file_count; i++) {
		const struct module_file *file = &section->files[i];

		if (!file->is_soft && !has_file(image, kernel, file->path))
			findings_add(image->findings, FINDING_IMAGE_MODULE,
				     "%s has no %s, which %s needs, for kernel %s", image->file,
				     file->path, module, kernel);
	}
}

/* The list of KERNEL, or negative errno: what is wrong with it is a finding. */
static int read_module_list(struct inspected *image, const char *kernel, struct module_list *ret)
{
	_cleanup_free_ char *why = NULL;
	int r = module_record_read(&image->root, kernel, NULL, NULL, ret, &why);

	if (why)
		findings_add(image->findings, FINDING_MODULE_LIST,
			     "%s: %s; the agent would use modules.dep instead", image->file, why);
	else if (r < 0)
		findings_add(image->findings, FINDING_MODULE_LIST,
			     "%s has no module list for kernel %s; the agent would use modules.dep "
			     "instead",
			     image->file, kernel);
	return r;
}

/* By the list, which is what the agent goes by; without one, by those of depmod. */
static void check_kernel(struct inspected *image, const char *kernel, const struct names *modules)
{
	_cleanup_(module_list_free) struct module_list list = { 0 };
	int r = read_module_list(image, kernel, &list);

	for (size_t m = 0; m < modules->count; m++) {
		if (r == 0)
			check_section(image, kernel, &list, modules->items[m]);
		else
			check_module(image, kernel, modules->items[m]);
	}
}

/* By the framework's modules; an archive has none, but our lists. */
static void list_kernels(const struct inspected *image, struct names *ret)
{
	_cleanup_(names_free) struct names lists = { 0 };

	listing_read(&image->root, MODULES, "", ret);
	if (!ret->count)
		listing_read(&image->root, MODULE_ARCHIVE, LIST_SUFFIX, &lists);
	for (size_t i = 0; i < lists.count; i++) {
		_cleanup_free_ char *kernel =
			memory_copy(lists.items[i], strlen(lists.items[i]) - strlen(LIST_SUFFIX));

		names_add_once(ret, kernel);
	}
}

static void check_modules(struct inspected *image)
{
	const char *release = image->unpacked->release;
	_cleanup_(names_free) struct names kernels = { 0 };
	_cleanup_(names_free) struct names modules = { 0 };

	list_kernels(image, &kernels);
	list_modules(image->session, &modules);
	if (!kernels.count)
		findings_add(image->findings, FINDING_IMAGE_MODULE, "%s has no modules at all",
			     image->file);
	else if (release && !names_has(&kernels, release))
		findings_add(image->findings, FINDING_IMAGE_MODULE,
			     "%s has modules for kernel %s, but boots kernel %s", image->file,
			     kernels.items[0], release);
	for (size_t k = 0; k < kernels.count; k++)
		check_kernel(image, kernels.items[k], &modules);
}

/* The last rdinit= counts. */
static bool starts_archive(const char *cmdline)
{
	_cleanup_free_ char *copy = memory_dup(cmdline);
	bool starts = false;
	char *rest = copy;

	for (char *word; (word = strsep(&rest, " \t\n"));) {
		if (strncmp(word, "rdinit=", strlen("rdinit=")) == 0)
			starts = streq(word, RDINIT_OPTION);
	}
	return starts;
}

/* A hook of a framework, or the command line where there is one. Returns 1 when that is to be seen
 * to. */
static int check_order(struct inspected *image)
{
	const char *cmdline = image->unpacked->cmdline;
	bool has_hook = framework_runs_agent(&image->root);
	bool has_archive = root_exists(&image->root, RDINIT) == 0;
	bool is_started = cmdline && starts_archive(cmdline);

	if (is_started && !has_archive && !image->unpacked->ignored.count)
		findings_add(image->findings, FINDING_IMAGE_NO_AGENT,
			     "%s has no /" RDINIT ", but its command line has " RDINIT_OPTION
			     ": the kernel would panic",
			     image->file);
	else if (!has_hook && !has_archive)
		findings_add(image->findings, FINDING_IMAGE_LATE,
			     "nothing in %s runs the agent before udev", image->file);
	else if (!has_hook && cmdline && !is_started)
		findings_add(image->findings, FINDING_IMAGE_RDINIT,
			     "the command line of %s has no " RDINIT_OPTION
			     ": nothing runs the agent",
			     image->file);
	return !has_hook && has_archive && !cmdline;
}

/* Releases of the stub differ in what they do with an addon. */
static void check_addons(struct inspected *image)
{
	const struct unpacked *unpacked = image->unpacked;
	const char *outcome =
		unpacked->stub >= STUB_ADDON_CMDLINE ? "loads only the command line of" : "ignores";

	for (size_t i = 0; i < unpacked->ignored.count; i++) {
		const char *addon = unpacked->ignored.items[i];

		if (unpacked->stub)
			findings_add(image->findings, FINDING_IMAGE_STUB,
				     "%s: the stub of its image, systemd-stub %u, %s an addon%s",
				     addon, unpacked->stub, outcome,
				     unpacked->stub >= STUB_ADDON_CMDLINE && unpacked->cmdline &&
						     starts_archive(unpacked->cmdline)
					     ? ": with " RDINIT_OPTION " the kernel would panic"
					     : ": the agent would not run");
		else
			findings_add(image->findings, FINDING_IMAGE_STUB,
				     "%s: could not find the release of its image's stub", addon);
	}
}

static int cannot_unpack(struct call *call, const char *file, const char *why, int error)
{
	if (error == -ENOENT && !why) {
		call->status = EXIT_NO_INPUT;
		return cli_error(file, error);
	}
	if (error == -EACCES && !why) {
		call->status = EXIT_NEEDS_ROOT;
		fprintf(stderr, "passthru: %s: only root may read it\n", file);
		return error;
	}
	call->status = EXIT_ERRORS;
	fprintf(stderr, "passthru: could not unpack %s: %s\n", file, why ? why : strerror(-error));
	return error;
}

int image_check(struct call *call, const char *file, struct session *session)
{
	_cleanup_(unpacked_remove) struct unpacked unpacked = { .root.fd = -1 };
	struct inspected image = { .file = file,
				   .unpacked = &unpacked,
				   .session = session,
				   .findings = &session->findings };
	struct progress_line progress = { 0 };
	int r;

	progress_say(&progress, "unpacking %s", file);
	r = unpack(file, &unpacked);
	progress_end(&progress);
	if (r < 0)
		return cannot_unpack(call, file, unpacked.why, r);
	image.root = unpacked.root;
	if (check_off(&image) && is_only_switch(&image))
		return 0;
	check_addons(&image);
	check_agent(&image);
	check_configuration(&image);
	check_owners(&image);
	check_modules(&image);
	return check_order(&image);
}
