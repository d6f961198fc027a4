/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What modprobe.d(5) says of the stub drivers' own options: text in; it opens nothing. */
#ifndef PASSTHRU_WANT_MODPROBE_H
#define PASSTHRU_WANT_MODPROBE_H

#include <stdbool.h>

#include "want/native.h"

/*
 * Add to NATIVES what the lines `options` of TEXT, read from NAME ("/etc/modprobe.d/vfio.conf"),
 * give the stub drivers, and findings on lines that were probably meant to. Call it once for each
 * file, in the order in which libkmod reads them. Returns whether there was anything to say.
 */
bool modprobe_parse(struct natives *natives, const char *name, const char *text);

/*
 * Of that only the findings on LINE, as modprobe_each_line() hands it over, which is at ORIGIN: not
 * on the parameters of a line `options`.
 */
void modprobe_check_line(struct natives *natives, const char *line, const char *origin);

#endif
