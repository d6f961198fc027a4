/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/session.h"

#include <errno.h>
#include <stdlib.h>

#include "plan/at_boot.h"
#include "plan/condition.h"
#include "plan/plan.h"
#include "plan/scope.h"
#include "probe/machine.h"
#include "probe/needs/console.h"
#include "probe/needs/survey.h"
#include "probe/scan.h"
#include "probe/sriov.h"
#include "session/needs_record.h"
#include "session/owners.h"
#include "session/settings.h"
#include "util/cleanup.h"
#include "util/memory.h"

static void read_sources(struct session *session, struct sources_request *request)
{
	const struct session_input *input = &session->input;

	request->machine = input->ignores_credentials ? NULL : input->image;
	sources_read(input->configuration ? input->configuration : input->image, request,
		     session->cmdline, &session->want);
}

int session_read(struct session *session, const struct session_input *input)
{
	struct sources_request request = { .sink = input->sink,
					   .sink_context = input->sink_context };
	int r;

	session->input = *input;
	if (!input->image)
		session->input.image = input->root;
	r = sources_read_cmdline(input->root, input->cmdline, &session->cmdline);
	if (r < 0)
		return r;
	read_sources(session, &request);
	owners_recall(session->input.image, input->sink, input->sink_context, &session->want,
		      &session->findings);
	return 0;
}

int session_read_next_boot(struct session *session, const struct session_input *input,
			   const char *file)
{
	const struct root *root = input->root;
	struct sources_request request = { .main_file = file,
					   .reads_when_off = true,
					   .at_next_boot = true,
					   .dropins = input->dropins,
					   .dropin_count = input->dropin_count };
	int r = sources_read_cmdline(root, input->cmdline, &session->cmdline);

	session->input = *input;
	if (!input->image)
		session->input.image = root;
	if (r == -ENOENT)
		r = sources_read_cmdline(root, "", &session->cmdline);
	if (r == 0)
		read_sources(session, &request);
	if (r == 0 && input->find_owners)
		input->find_owners(root, &session->want, &session->owners);
	return r;
}

/* As far as the rules say which devices they may mean, only these. */
static int scan_for_rules(struct session *session)
{
	_cleanup_(matcher_free) struct matcher matcher;
	const struct look_scope scope = {
		.picks = scope_picks,
		.context = &matcher,
		.by_path = scope_is_by_path(&session->want),
		.count = session->want.rule_count,
	};

	matcher_make(&session->want, &matcher);
	return scope_is_narrow(&matcher)
		       ? scan_host_for(session->input.root, &scope, &session->facts)
		       : scan_host(session->input.root, &session->facts);
}

int session_scan(struct session *session)
{
	const struct root *root = session->input.root;
	int r = session->input.is_narrow ? scan_for_rules(session)
					 : scan_host(root, &session->facts);

	session->is_scanned = r == 0;
	if (r < 0)
		return r;
	machine_survey(root, want_traits(&session->want), session->cmdline, &session->facts);
	conditions_judge(&session->want, &session->facts);
	return 0;
}

void session_scan_functions(struct session *session)
{
	functions_survey(session->input.root, &session->facts);
}

static void open_modules(struct session *session)
{
	const struct session_input *input = &session->input;

	if (!session->modules)
		session->modules =
			input->open_modules(input->root, session->cmdline, input->modules_context);
}

void session_scan_iommu(struct session *session)
{
	open_modules(session);
	if (facts_groups_await_bind(&session->facts))
		session_scan_details(session);
	else
		scan_iommu(session->input.root, session->modules, session->cmdline,
			   &session->facts);
}

static void look_closer(struct session *session, scan_filter is_concerned, const void *context)
{
	const struct root *root = session->input.root;

	open_modules(session);
	scan_details(root, session->modules, session->cmdline, &session->facts, is_concerned,
		     context);
}

static bool is_any(const struct facts *facts, const struct pci_device *device, const void *context)
{
	(void)facts, (void)device, (void)context;
	return true;
}

void session_scan_details(struct session *session)
{
	look_closer(session, is_any, NULL);
}

void session_scan_concerned(struct session *session, const struct want *want)
{
	_cleanup_(matcher_free) struct matcher matcher;

	matcher_make(want, &matcher);
	look_closer(session, match_is_concerned, &matcher);
}

void session_recall_needs(struct session *session)
{
	const struct session_input *input = &session->input;
	struct facts *facts = &session->facts;

	needs_record_read(input->root, input->image, facts, input->sink, input->sink_context);
	console_survey(input->root, facts, &facts->needs);
	findings_move(&session->findings, &facts->findings);
}

void session_survey_needs(struct session *session)
{
	const struct root *root = session->input.root;
	struct facts *facts = &session->facts;
	int r = survey_needs(root, session->cmdline, facts, &facts->needs, &session->findings);

	if (r >= 0)
		facts->needs_state = r == 0 ? NEEDS_KNOWN : NEEDS_DAMAGED;
	console_survey(root, facts, &facts->needs);
}

void session_match(struct session *session)
{
	if (!session->matches.first)
		matches_make(&session->want, &session->facts, &session->matches);
}

const struct rule *session_rule_of(const struct session *session, const struct pci_device *device)
{
	size_t rule = session->matches.rule_of[device - session->facts.devices];

	return rule == RULE_NONE ? NULL : &session->want.rules[rule];
}

static void make_plan(struct session *session)
{
	if (want_is_in_force(&session->want))
		session_match(session);
	plan_make_matched(&session->want, &session->facts, &session->matches, &session->plan);
}

/* What consoles and framebuffers are on is looked up again: it may be one of the others. */
static void make_plan_on_all(struct session *session)
{
	const struct root *root = session->input.root;
	struct facts *facts = &session->facts;

	plan_free(&session->plan);
	matches_free(&session->matches);
	look_at_others(root, facts);
	facts->has_other_console = false;
	console_survey(root, facts, &facts->needs);
	findings_move(&session->findings, &facts->findings);
	make_plan(session);
}

void session_plan(struct session *session)
{
	make_plan(session);
	if (scope_rests_on_others(&session->plan))
		make_plan_on_all(session);
	/* A host that is on record has no attributes but those that were looked at then. */
	if (!session->input.root->access)
		settings_survey(session->input.root, &session->plan);
}

void session_plan_next_boot(struct session *session)
{
	facts_as_at_boot(&session->facts);
	session_plan(session);
}

void session_note_group(struct session *session, const struct pci_device *device, int error)
{
	struct facts *facts = &session->facts;

	scan_new_group(session->input.root, session->modules, facts,
		       (size_t)(device - facts->devices), error);
}

void session_keep(struct session *session,
		  bool (*concerns)(const struct decision *decision, const void *context),
		  const void *context)
{
	plan_keep(&session->plan, concerns, context);
	for_each_decision(decision, &session->plan)
		findings_free(&decision->findings);
	findings_free(&session->findings);
}

void session_forget(struct session *session)
{
	module_index_close(session->modules);
	session->modules = NULL;
	plan_free(&session->plan);
	matches_free(&session->matches);
	facts_free(&session->facts);
	session->is_scanned = false;
}

void session_free(struct session *session)
{
	session_forget(session);
	want_free(&session->want);
	findings_free(&session->findings);
	free(session->cmdline);
	free(session->owners);
	session->cmdline = session->owners = NULL;
}
