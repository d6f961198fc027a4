/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens on a host: the modes of the agent, commands, events, and what goes wrong. */
#ifndef PASSTHRU_FUZZ_STORY_H
#define PASSTHRU_FUZZ_STORY_H

#include "host/script.h"

void story_tell(const struct script *script);

#endif
