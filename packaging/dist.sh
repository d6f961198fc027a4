#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# dist.sh NAME FILE: packs the files of this tree into the tar archive FILE, in a folder NAME. Names, owners,
# modes and times do not depend on the machine: all files have the time SOURCE_DATE_EPOCH. In a clone
# these are the files that git knows; elsewhere all but build/.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

list_files() {
  if [ -e .git ]; then
    git ls-files
  else
    find . -path ./build -prune -o \( -type f -o -type l \) -printf '%P\n'
  fi
}

# gzip would keep a name and a time.
list_files | sort | tar --format=ustar --no-recursion --owner=0 --group=0 --numeric-owner --mode='u+w,go=u-w' \
  --mtime="@$SOURCE_DATE_EPOCH" --transform "flags=r;s,^,$1/," -cf - -T - | gzip -n -9 >"$2.new"
mv "$2.new" "$2"
