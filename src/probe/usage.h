/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is going on with devices of the running host at this moment. */
#ifndef PASSTHRU_PROBE_USAGE_H
#define PASSTHRU_PROBE_USAGE_H

#include "facts/facts.h"
#include "system/root.h"

/*
 * Find for each complete device of FACTS whether it is in use: a disk of it that has a file system
 * mounted or is swap or part of something else, an interface of it that is up, virtual functions
 * that are on, a guest that has it. Sets ->usage and ->used_by, where there are several of the
 * gravest kind. Nothing that cannot be looked at is taken for unused but what is not there.
 */
void usage_survey(const struct root *root, struct facts *facts);

#endif
