#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# archives.sh OUTDIR [LIBRARY]...: gives OUTDIR/libLIBRARY.a for each of these libraries that the
# agent is linked with (see recipe() below), and OUTDIR/include with the headers that the compiler lacks.
# Each archive comes from
#   1. an unpacked source tree, where PACKAGE_SRC= names one: LIBMD_SRC=, LIBINIH_SRC=;
#   2. the distribution, with LIBC=glibc: its archives are made for its own C library;
#   3. the source package, which the machine's own apt fetches and verifies.
# There is no other way: an archive for another C library may link and then misbehave.
# The compiler and its flags come from CC, AR and CFLAGS. DOWNLOADS= is where fetched files are kept.
set -eu
export LC_ALL=C

die() {
  echo "archives: $*" >&2
  exit 1
}

[ $# -ge 1 ] || die "usage: archives.sh OUTDIR [LIBRARY]..."
here=$(cd "$(dirname "$0")" && pwd)
: "${DOWNLOADS:=$here/../build/cache}" "${LIBC:=glibc}"
: "${CC:=cc}" "${AR:=ar}" "${CFLAGS:=-Os -fPIE}"
mkdir -p "$1" "$DOWNLOADS"
out=$(cd "$1" && pwd)
downloads=$(cd "$DOWNLOADS" && pwd)
apt=$downloads/apt
shift

# How to compile a library: Debian's source package, the directory in it where to do so, what to
# compile there, and with what flags.
recipe() {
  top=. flags='' files=''
  case $1 in
    md)
      package=libmd top=src flags='-I../include' files='sha2.c sha256hl.c'
      ;;
    inih)
      package=libinih files=ini.c
      ;;
    *) die "no recipe for lib$1" ;;
  esac
}

# Runs a command that matters only when it fails: then its output is shown.
quietly() {
  if ! "$@" >"$out/log" 2>&1; then
    cat "$out/log" >&2
    return 1
  fi
}

# apt with sources and lists of its own: nothing under /etc or /var is written, no root is needed.
# Keys, proxies and preferences stay the machine's.
private_apt() {
  program=$1
  shift
  "$program" -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/sources" \
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root \
    -o APT::Get::AllowUnauthenticated=false -o Acquire::AllowInsecureRepositories=false \
    -o Acquire::Retries=2 "$@"
}

# The archive of a Debian has newer releases as well, at the same place and signed with the same keys.
newer_releases() {
  # shellcheck disable=SC2016 # apt's
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' |
    sort -u | while read -r uri; do
    printf 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
      "$uri" stable "$uri" testing
  done
}

# Copies of the machine's source entries, of both formats, each turned into deb-src.
copy_sources() {
  list='' parts=''
  eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
  for file in "$list" "$parts"*.list; do
    [ ! -r "$file" ] || sed -n '/cdrom:/d; s/^[[:space:]]*deb\(-src\)\{0,1\}[[:space:]]/deb-src /p' "$file"
  done | sort -u >"$apt/sources/machine.list"
  for file in "$parts"*.sources; do
    [ ! -r "$file" ] || sed 's/^[Tt]ypes:.*/Types: deb-src/' "$file" >"$apt/sources/${file##*/}"
  done
}

# An entry that cannot be read (a third party's, most often) does no harm if another has the package.
read_sources() {
  [ ! -d "$apt" ] || return 0
  mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/cache/archives/partial"
  copy_sources
  quietly private_apt apt-get update || echo "archives: not every apt source could be read, going on" >&2
}

# fetch_as VERSION [OPTION]: leaves the files of that version in $downloads/$package. apt compares
# each with the signed index.
fetch_as() {
  version=$1
  shift
  rm -rf "$downloads/part"
  mkdir "$downloads/part"
  (cd "$downloads/part" &&
    private_apt apt-get source --only-source --download-only "$@" "$package=$version") || return 1
  mv "$downloads/part" "$downloads/$package"
}

# fetch_any: some mirrors lack files. The upstream archive, without Debian's patches, is in the signed index
# as well; and what a release came with may be there when its latest update is not.
fetch_any() {
  versions=$(private_apt apt-cache showsrc "$package" | sed -n 's/^Version: //p' | sort -urV)
  for version in $versions; do
    quietly fetch_as "$version" && return
    echo "archives: trying $package $version without Debian's patches" >&2
    quietly fetch_as "$version" --tar-only && return
  done
  return 1
}

fetch() {
  [ ! -d "$downloads/$package" ] || return 0
  command -v apt-get >/dev/null || return 1
  echo "archives: fetching $package's source package through apt"
  read_sources
  fetch_any && return
  [ ! -e "$apt/sources/newer.list" ] && newer_releases >"$apt/sources/newer.list"
  [ -s "$apt/sources/newer.list" ] || return 1
  echo "archives: trying a newer release's $package" >&2
  quietly private_apt apt-get update || true
  fetch_any
}

unpack() {
  rm -rf "$source"
  mkdir -p "$out/src"
  set -- "$downloads/$package"/*.dsc
  if [ -e "$1" ]; then
    quietly dpkg-source --no-copy --require-strong-checksums -x "$1" "$source" || die "cannot unpack $1"
    return
  fi
  set -- "$downloads/$package"/*.orig.tar.*
  mkdir "$source"
  tar -C "$source" --strip-components=1 -xf "$1" || die "cannot unpack $1"
}

# compile LIBRARY TREE. Relative file names and ar's D leave nothing of this machine in the archive.
compile() {
  objects=$out/obj/$1
  rm -rf "$objects" "$out/lib$1.a"
  mkdir -p "$objects"
  (
    cd "$2/$top"
    for file in $files; do
      [ -e "$file" ] || continue # not every release has them all; the link tells what is missing
      # shellcheck disable=SC2086 # CC, CFLAGS and flags are lists of words
      quietly $CC $CFLAGS -std=gnu17 -Werror=implicit -DNDEBUG -ffile-prefix-map="$PWD"="$package" \
        -include "$out/include/config.h" -I. $flags -I"$out/include" -c "$file" \
        -o "$objects/$(basename "$file" .c).o" || exit 1
    done
  )
  $AR rcD "$out/lib$1.a.new" "$objects"/*.o
  mv "$out/lib$1.a.new" "$out/lib$1.a"
}

# Headers that any compiler of the distribution finds, but one for another C library does not: the
# kernel's, and those of the libraries (their versions are the same release's).
link_headers() {
  for header in linux/openat2.h asm/unistd.h asm-generic/types.h \
    blkid/blkid.h libmount/libmount.h libmnl/libmnl.h ini.h sha2.h sha256.h libkmod.h; do
    ! echo "#include <$header>" | $CC -E - >/dev/null 2>&1 || continue
    path=$(echo "#include <$header>" | cc -M -x c - | tr ' ' '\n' | grep "/$header\$") ||
      die "there is no $header"
    case $header in
      */*) ln -sfn "${path%/*}" "$out/include/${header%/*}" ;;
      *) ln -sf "$path" "$out/include/$header" ;;
    esac
  done
}

get() {
  recipe "$1"
  eval "source=\${$(echo "$package" | tr a-z- A-Z_)_SRC-}"
  installed=$($CC -print-file-name="lib$1.a")
  if [ -n "$source" ]; then
    [ -d "$source/$top" ] || die "$source is no source tree of $package"
    compile "$1" "$source"
  elif [ "$LIBC" = glibc ] && [ -e "$installed" ]; then
    cp "$installed" "$out/"
  elif fetch; then
    source=$out/src/$package
    unpack
    compile "$1" "$source"
  else
    die "cannot get lib$1.a for $LIBC: set $(echo "$package" | tr a-z- A-Z_)_SRC= to an unpacked source tree of" \
      "$package, or build with LIBC=glibc or AGENT=dynamic"
  fi
}

# Those of an earlier build may be for another C library.
rm -f "$out"/lib*.a
mkdir -p "$out/include"
cp "$here/archives-config.h" "$out/include/config.h"
link_headers
rm -rf "$apt"
trap 'rm -rf "$apt"' EXIT
for library in "$@"; do
  get "$library"
done
