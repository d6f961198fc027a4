/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time since the start of the kernel. */
#ifndef PASSTHRU_SYSTEM_CLOCK_H
#define PASSTHRU_SYSTEM_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC; the same clock in microseconds. */
int64_t clock_ms(void);
int64_t clock_us(void);

#endif
