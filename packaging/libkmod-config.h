/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kmod's configure would have found on Linux with glibc; for kmod 30 and later. */
#define _GNU_SOURCE                    1
#define SYSCONFDIR                     "/etc"
#define DISTCONFDIR                    "/usr/lib"
#define MODULE_DIRECTORY               "/lib/modules"
#define ENABLE_LOGGING                 1
#define ENABLE_XZ                      1
#define ENABLE_ZLIB                    1
#define ENABLE_ZSTD                    1
#define HAVE_DECL_BASENAME             1
#define HAVE_DECL_BE32TOH              1
#define HAVE_DECL_STRNDUPA             1
#define HAVE_LINUX_MODULE_H            1
#define HAVE_NORETURN                  1
#define HAVE_SECURE_GETENV             1
#define HAVE_STATIC_ASSERT             1
#define HAVE_STRUCT_STAT_ST_MTIM       1
#define HAVE___BUILTIN_UADDL_OVERFLOW  1
#define HAVE___BUILTIN_UADDLL_OVERFLOW 1
#define HAVE___BUILTIN_UADD_OVERFLOW   1
#define HAVE___BUILTIN_UMULL_OVERFLOW  1
#define HAVE___BUILTIN_UMUL_OVERFLOW   1

/* kmod that builds with meson reads these as values; older kmod asks whether they are defined. */
#if __has_include("meson.build")
#define ENABLE_DEBUG  0
#define ENABLE_ELFDBG 0

/* The decoders are linked in. Left alone, a helper that nothing calls makes ld warn of dlopen. */
#include <dlfcn.h>
#define dlopen(file, flags) NULL
#endif
