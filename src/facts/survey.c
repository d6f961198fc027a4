/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/survey.h"

#include <errno.h>

#include "facts/ancestry.h"
#include "facts/identity.h"
#include "facts/keyboard.h"
#include "facts/network.h"
#include "facts/storage.h"
#include "util/cleanup.h"

/*
 * What container managers leave, for whoever wants to know. Not /.dockerenv: it stays behind in
 * images that are then booted.
 */
static bool is_container(const struct root *root)
{
	static const char *const marks[] = { "run/systemd/container", "run/host/container-manager",
					     "run/.containerenv" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		if (root_exists(root, marks[i]) == 0)
			return true;
	}
	return false;
}

/* Whose root process 1 has can be told by root only; others are believed. */
static bool is_host(const struct root *root, struct findings *findings)
{
	const char *other = NULL;

	if (root->is_confined)
		return true;
	if (root_is_same(root, "proc/1/root") == 0)
		other = "chroot";
	else if (is_container(root))
		other = "container";
	if (other)
		findings_add(findings, FINDING_ROOT_UNRESOLVED,
			     "this is a %s: what the host itself boots from cannot be seen here",
			     other);
	return !other;
}

static bool survey_all(const struct survey *survey, const char *cmdline)
{
	struct storage_found found;

	storage_survey(survey, cmdline, &found);
	network_survey(survey, cmdline);
	keyboard_survey(survey, found.asks_passphrase);
	if (!found.root)
		findings_add(survey->findings, FINDING_ROOT_UNRESOLVED,
			     "what the root file system is on was not found");
	return found.root;
}

int survey_needs(const struct root *root, const char *cmdline, const struct facts *facts,
		 struct needs *ret, struct findings *findings)
{
	struct needs needs = { 0 };
	const struct survey survey = { root, facts, &needs, findings };

	if (!is_host(root, findings))
		return -EXDEV;
	if (!survey_all(&survey, cmdline)) {
		needs_free(&needs);
		return -ENOENT;
	}
	needs_sort(&needs);
	needs.host = identity_of_host(root);
	*ret = needs;
	return 0;
}
