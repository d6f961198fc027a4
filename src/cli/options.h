/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of a command's arguments. */
#ifndef PASSTHRU_CLI_OPTIONS_H
#define PASSTHRU_CLI_OPTIONS_H

#include "cli/command.h"

/*
 * Read the arguments of CALL's command into CALL, where nothing else is set yet; argv[0] is the
 * command's name. Negative errno when the call is wrong, which is said on standard error. When it
 * asks for help nothing else of it is looked at. call_free() it in any case.
 */
int options_read(struct call *call, int argc, char **argv);

#endif
