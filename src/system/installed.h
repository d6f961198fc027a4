/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs know of the places where `make install` puts things. */
#ifndef PASSTHRU_SYSTEM_INSTALLED_H
#define PASSTHRU_SYSTEM_INSTALLED_H

/* The agent, from the Makefile's PREFIX: on the host, and at the same place in an image. */
#define AGENT_PATH PASSTHRU_PREFIX "/lib/passthru/passthru-init"

#endif
