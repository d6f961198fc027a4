/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PASSTHRU_CLI_STATUS_METRICS_H
#define PASSTHRU_CLI_STATUS_METRICS_H

#include "cli/status/comparison.h"

/*
 * Print STATUS in the Prometheus text format 0.0.4, for the textfile collector of the node
 * exporter: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
void status_print_metrics(const struct status *status);

#endif
