/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru-init, the agent: its command line. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/links.h"
#include "agent/pid1.h"
#include "agent/supervisor.h"
#include "agent/watch.h"
#include "system/fd.h"
#include "system/initramfs.h"
#include "util/text.h"

/* The last one of several would win, and --watch would call any again and again. */
static int set_mode(struct agent *agent, const struct mode *mode)
{
	if (agent->mode == &boot_mode || agent->mode == mode) {
		agent->mode = mode;
		return 0;
	}
	fputs("passthru-init: give one of --rescue, --watch, --verify, --hotplug and --await-links\n",
	      stderr);
	return -EINVAL;
}

static int set_watching(struct agent *agent)
{
	agent->is_watching = true;
	return set_mode(agent, &rescue_mode);
}

static int set_address(struct agent *agent, const char *address)
{
	if (address_parse(address, &agent->address) == 0)
		return set_mode(agent, &hotplug_mode);
	fprintf(stderr, "passthru-init: '%s' is not an address such as 0000:01:00.0\n", address);
	return -EINVAL;
}

static int print(const char *text, int *ret_status)
{
	fputs(text, stdout);
	*ret_status = EXIT_OK;
	return -ECANCELED;
}

static const char usage[] =
	"usage: passthru-init [--root DIR] [--cmdline TEXT] [--dry-run|--rescue|--watch|\n"
	"                     --verify|--hotplug ADDRESS [--coldplug]|--await-links]\n"
	"Bind the devices listed in /etc/passthru.conf to their stub driver. Runs once, in the\n"
	"initramfs, before any module is loaded; see passthru-init(8).\n"
	"\n"
	"  --root DIR         work on the host below DIR instead of /, and load no module\n"
	"  --cmdline TEXT     use TEXT instead of /proc/cmdline\n"
	"  --dry-run          print the decisions, change nothing\n"
	"  --rescue           return devices to the host if the root device has not appeared\n"
	"                     (called by initramfs hooks)\n"
	"  --watch            as --rescue; with systemd or a network root, each second\n"
	"  --verify           bind claimed devices and compare all with the report (called by\n"
	"                     passthru-verify.service)\n"
	"  --hotplug ADDRESS  handle a new device, or one whose driver has just bound (called by udev)\n"
	"  --coldplug         with --hotplug: only if the report does not have the device\n"
	"  --await-links      enable VFs when the interfaces come up that PFs wait for (called by\n"
	"                     passthru-vfs.service)\n"
	"  --version          print the version\n"
	"  --help             print this\n";

static const struct option options[] = {
	{ "root", required_argument, NULL, 'r' },
	{ "cmdline", required_argument, NULL, 'c' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "rescue", no_argument, NULL, 'R' },
	{ "watch", no_argument, NULL, 'w' },
	{ "verify", no_argument, NULL, 'v' },
	{ "hotplug", required_argument, NULL, 'p' },
	{ "coldplug", no_argument, NULL, 'C' },
	{ "await-links", no_argument, NULL, 'l' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	/* As rules and hooks of images call them that were built before. */
	{ "heal", no_argument, NULL, 'R' },
	{ "late", required_argument, NULL, 'p' },
	{ "again", no_argument, NULL, 'C' },
	{ 0 },
};

/* 0 to go on; else a negative errno: all is said, and *RET_STATUS is the exit status. */
static int parse_arguments(struct agent *agent, int argc, char **argv, const char **ret_root,
			   int *ret_status)
{
	const char *address = NULL;
	int r = 0;

	*ret_status = EXIT_USAGE;
	for (int c; r == 0 && (c = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
		if (c == 'r')
			*ret_root = optarg;
		else if (c == 'c')
			agent->cmdline = optarg;
		else if (c == 'n')
			agent->dry_run = true;
		else if (c == 'R')
			r = set_mode(agent, &rescue_mode);
		else if (c == 'v')
			r = set_mode(agent, &verify_mode);
		else if (c == 'C')
			agent->is_coldplug = true;
		else if (c == 'w')
			r = set_watching(agent);
		else if (c == 'l')
			r = set_mode(agent, &links_mode);
		else if (c == 'p')
			address = optarg;
		else if (c == 'V')
			return print("passthru-init " PASSTHRU_VERSION "\n", ret_status);
		else if (c == 'h')
			return print(usage, ret_status);
		else
			return fputs(usage, stderr), -EINVAL;
	}
	if (r < 0 || (address && set_address(agent, address) < 0))
		return -EINVAL;
	if (agent->dry_run && agent->mode != &boot_mode) {
		fputs("passthru-init: --dry-run is for the run at boot\n", stderr);
		return -EINVAL;
	}
	if (optind < argc) {
		fprintf(stderr, "passthru-init: unexpected argument '%s'\n%s", argv[optind], usage);
		return -EINVAL;
	}
	return 0;
}

static int tell_running_host(void)
{
	fputs("passthru-init: this is the boot agent of passthru: the initramfs runs it, before drivers are\n"
	      "loaded. This host is running already, so it did nothing. `passthru check` prints the plan for\n"
	      "the next boot, `passthru status` what the last one did; to assign a device now, use\n"
	      "`passthru assign`. See passthru(8).\n",
	      stderr);
	return EXIT_USAGE;
}

static int run(struct agent *agent, const char *root)
{
	int status;

	if (agent->mode == &boot_mode && !agent->dry_run && streq(root, "/") && initramfs_is_left())
		return tell_running_host();
	if (agent->mode == &links_mode)
		return links_run(agent, root);
	status = agent->is_watching ? watch_run(agent, root) : agent_run(agent, root);
	if (agent->mode == &hotplug_mode && streq(root, "/"))
		links_begin();
	return status;
}

int main(int argc, char **argv)
{
	struct agent agent = { .mode = &boot_mode };
	const char *root = "/";
	int status;

	open_standard_files();
	if (getpid() == 1)
		return pid1_run(argv);
	if (parse_arguments(&agent, argc, argv, &root, &status) == 0)
		return run(&agent, root);
	if (status == EXIT_USAGE && streq(root, "/"))
		agent_tell_usage(argv);
	return status;
}
