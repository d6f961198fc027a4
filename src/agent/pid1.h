/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent in the place of /init: rdinit=/passthru-init. */
#ifndef PASSTHRU_AGENT_PID1_H
#define PASSTHRU_AGENT_PID1_H

/*
 * Work, then become the /init of the image, with the arguments ARGV and the environment that the
 * kernel gave; or what else the kernel would try (linux/init/main.c kernel_init). Whatever happens
 * to the work, and when it has not come back after 15 seconds, the boot goes on. Returns only when
 * there is no init at all: the end of PID 1 is then what the kernel has for this case, a panic.
 */
int pid1_run(char **argv);

#endif
