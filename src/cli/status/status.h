/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent's record beside what holds now, for each way to print it. */
#ifndef PASSTHRU_CLI_STATUS_STATUS_H
#define PASSTHRU_CLI_STATUS_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "apply/observed.h"
#include "report/stored.h"
#include "session/held.h"

/* One device of the record. */
struct device_status {
	struct json_value *recorded; /* of the report */
	bool has_address;            /* what follows is only known then */
	struct standing now;
	bool holds; /* what the record says still does */
	bool is_ok; /* and it is what was asked for */
};

struct status {
	struct stored stored; /* ->report is NULL without a record */
	struct device_status *devices;
	size_t count, good; /* all, and those in the configured state */
	struct held others; /* what a stub driver has now, and not from passthru */
	bool is_stale;      /* the configuration is another one now */
};

/* Everything is in the configured state, and there was no other error. */
bool status_is_good(const struct status *status);

/*
 * In the Prometheus text format 0.0.4, for the textfile collector of the node exporter:
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
void status_print_metrics(const struct status *status);

#endif
