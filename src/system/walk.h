/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths below a root directory, gone through one name after the other. Links are read and followed
 * here, never by the kernel: an absolute one begins at the root again, and ".." goes to the
 * directory that was gone through before, which at the root is the root. So nothing leads out,
 * whatever is renamed meanwhile. For where openat2(2) cannot be had, and for who wants the path
 * itself.
 */
#ifndef PASSTHRU_SYSTEM_WALK_H
#define PASSTHRU_SYSTEM_WALK_H

/*
 * Open PATH below the directory ROOT_FD with FLAGS, as openat2(2) would with RESOLVE_IN_ROOT; no
 * O_CREAT. *RET_REAL, unless RET_REAL is NULL, is what was opened, as a path from the root
 * ("/usr/lib/modules", "" for the root) without links; the caller frees it. A descriptor or
 * negative errno: -ELOOP above 40 links, as in the kernel (linux/namei.h MAXSYMLINKS), or when a
 * file becomes a link meanwhile; -EXDEV for the links of procfs that lead to what has no path (fd,
 * root, cwd, exe, ns).
 */
int walk_open(int root_fd, const char *path, int flags, char **ret_real);

#endif
