/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libmd's configure would have found on Linux with glibc or musl; libinih asks for nothing. */
#define _GNU_SOURCE      1
#define HAVE_ENDIAN_H    1
#define HAVE_FCNTL_H     1
#define HAVE_INTTYPES_H  1
#define HAVE_STDBOOL_H   1
#define HAVE_STDINT_H    1
#define HAVE_STDLIB_H    1
#define HAVE_STRINGS_H   1
#define HAVE_STRING_H    1
#define HAVE_SYS_PARAM_H 1
#define HAVE_SYS_STAT_H  1
#define HAVE_SYS_TYPES_H 1
#define HAVE_UNISTD_H    1
