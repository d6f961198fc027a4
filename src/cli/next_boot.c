/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/next_boot.h"

#include <string.h>

#include "cli/offers.h"
#include "plan/condition.h"
#include "report/exit_status.h"

int next_boot_plan(struct session *session)
{
	int r = session_scan(session);

	if (r < 0) {
		findings_add(
			&session->findings, FINDING_HOST_UNSEEN,
			"could not read /sys/bus/pci/devices: %s; only the configuration was checked",
			strerror(-r));
		return r;
	}
	conditions_tell(&session->want, &session->findings);
	session_scan_functions(session);
	session_scan_concerned(session, &session->want);
	findings_move(&session->findings, &session->facts.findings);
	session_survey_needs(session);
	session_plan_next_boot(session);
	if (!session->input.root->access)
		offers_check(session->input.root, &session->plan);
	return 0;
}

/* The gravest there is to say. */
static enum severity gravest(const struct session *session)
{
	enum severity gravest = findings_severity(&session->findings);
	enum severity of_iommu = findings_severity(&session->facts.iommu_findings);

	if (session->is_scanned && of_iommu > gravest)
		gravest = of_iommu;
	for_each_decision(decision, &session->plan) {
		enum severity severity = findings_severity(&decision->findings);

		if (severity > gravest)
			gravest = severity;
	}
	return gravest;
}

int next_boot_status(const struct session *session, bool is_lenient)
{
	static const int statuses[] = {
		[SEVERITY_INFO] = EXIT_OK,
		[SEVERITY_WARNING] = EXIT_NOT_OK,
		[SEVERITY_ERROR] = EXIT_ERRORS,
	};
	const struct want *want = &session->want;

	if (want->has_errors)
		return EXIT_ERRORS;
	if (is_lenient || want->off)
		return EXIT_OK;
	/* Nobody knows what would come of it. */
	if (want->rule_count && !session->is_scanned)
		return EXIT_ERRORS;
	return statuses[gravest(session)];
}
