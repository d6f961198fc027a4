/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the libraries' configure would have found on 64-bit Linux with glibc or musl. */
#define _GNU_SOURCE        1
#define HAVE_ENDIAN_H      1
#define HAVE_FCNTL_H       1
#define HAVE_GETRANDOM     1
#define HAVE_INTTYPES_H    1
#define HAVE_LIMITS_H      1
#define HAVE_LOCALE_H      1
#define HAVE_NORETURN      1
#define HAVE_OPEN          1
#define HAVE_SECURE_GETENV 1
#define HAVE_SNPRINTF      1
#define HAVE_STATIC_ASSERT 1
#define HAVE_STDARG_H      1
#define HAVE_STDBOOL_H     1
#define HAVE_STDINT_H      1
#define HAVE_STDLIB_H      1
#define HAVE_STRCASECMP    1
#define HAVE_STRDUP        1
#define HAVE_STRERROR      1
#define HAVE_STRINGS_H     1
#define HAVE_STRING_H      1
#define HAVE_STRNCASECMP   1
#define HAVE_STRTOLL       1
#define HAVE_STRTOULL      1
#define HAVE_SYS_PARAM_H   1
#define HAVE_SYS_RANDOM_H  1
#define HAVE_SYS_STAT_H    1
#define HAVE_SYS_TYPES_H   1
#define HAVE_UNISTD_H      1
#define HAVE_USELOCALE     1
#define HAVE_VASPRINTF     1
#define HAVE_VSNPRINTF     1
#define SIZEOF_INT         4
#define SIZEOF_INT64_T     8
#define SIZEOF_LONG        8
#define SIZEOF_LONG_LONG   8
#define SIZEOF_SIZE_T      8
#define SIZEOF_SSIZE_T     8

#define HAVE_DECL_BE32TOH  1
#define HAVE_DECL_INFINITY 1
#define HAVE_DECL_ISINF    1
#define HAVE_DECL_ISNAN    1
#define HAVE_DECL_NAN      1
#include <features.h>
#ifdef __GLIBC__
#define HAVE_DECL_BASENAME 1
#define HAVE_DECL_STRNDUPA 1
#else
#define HAVE_DECL_BASENAME 0
#define HAVE_DECL_STRNDUPA 0
#endif

/* liblzma: what kernel modules are compressed with, and every check that `xz` can add. */
#define HAVE_DECODERS        1
#define HAVE_DECODER_LZMA1   1
#define HAVE_DECODER_LZMA2   1
#define HAVE_CHECK_CRC32     1
#define HAVE_CHECK_CRC64     1
#define HAVE_CHECK_SHA256    1
#define TUKLIB_SYMBOL_PREFIX lzma_

/* kmod 30 and later */
#define SYSCONFDIR                     "/etc"
#define DISTCONFDIR                    "/usr/lib"
#define MODULE_DIRECTORY               "/lib/modules"
#define ENABLE_XZ                      1
#define ENABLE_ZLIB                    1
#define ENABLE_ZSTD                    1
#define HAVE_LINUX_MODULE_H            1
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
