/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File descriptors as such. */
#ifndef PASSTHRU_SYSTEM_FD_H
#define PASSTHRU_SYSTEM_FD_H

/* Put /dev/null where a standard stream is closed, so that no pipe gets its number. */
void open_standard_files(void);

/* Write TEXT to FD with exactly one write(2). Negative errno, -EIO when less was taken. */
int fd_write(int fd, const char *text);

#endif
