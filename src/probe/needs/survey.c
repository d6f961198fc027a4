/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/survey.h"

#include <errno.h>

#include "probe/needs/ancestry.h"
#include "probe/needs/identity.h"
#include "probe/needs/keyboard.h"
#include "probe/needs/network.h"
#include "probe/needs/reading.h"
#include "probe/needs/storage.h"
#include "util/absence.h"
#include "util/cleanup.h"

/*
 * What container managers leave for programs that ask. Not /.dockerenv: it stays behind in
 * images that are then booted.
 */
static bool is_container(const struct survey *survey)
{
	static const char *const marks[] = { "run/systemd/container", "run/host/container-manager",
					     "run/.containerenv" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		if (reading_exists(survey, marks[i]))
			return true;
	}
	return false;
}

/* Whose root process 1 has can be told by root only; others are believed. */
static bool is_chroot(const struct survey *survey)
{
	int r = root_is_same(survey->root, "proc/1/root", ".");

	if (r < 0 && !is_absent(r) && r != -EACCES && r != -EPERM)
		reading_note(survey, "proc/1/root", r);
	return r == 0;
}

static bool is_host(const struct survey *survey)
{
	const char *other = NULL;

	if (survey->root->is_confined)
		return true;
	if (is_chroot(survey))
		other = "chroot";
	else if (is_container(survey))
		other = "container";
	if (other)
		findings_add(survey->findings, FINDING_ROOT_UNRESOLVED,
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
			     "the device of the root file system was not found");
	return found.root;
}

/* Something that may name more needs could not be read. */
static bool is_incomplete(const struct findings *findings, size_t before)
{
	for (size_t i = before; i < findings->count; i++) {
		if (findings->items[i].code == FINDING_UNREADABLE)
			return true;
	}
	return false;
}

static void note_host(const struct survey *survey, struct needs *needs)
{
	const char *unread;
	int r = identity_of_host(survey->root, &needs->host, &unread);

	if (r < 0 && r != -EFBIG)
		reading_note(survey, unread, r);
}

int survey_needs(const struct root *root, const char *cmdline, const struct facts *facts,
		 struct needs *ret, struct findings *findings)
{
	struct needs needs = { 0 };
	const struct survey survey = { root, facts, &needs, findings };
	size_t before = findings->count;
	bool has_root;

	if (!is_host(&survey))
		return -EXDEV;
	has_root = survey_all(&survey, cmdline);
	note_host(&survey, &needs);
	if (!has_root && !is_incomplete(findings, before)) {
		needs_free(&needs);
		return -ENOENT;
	}
	needs_sort(&needs);
	*ret = needs;
	return is_incomplete(findings, before) ? SURVEY_INCOMPLETE : 0;
}
