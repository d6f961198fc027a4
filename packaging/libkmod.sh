#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Gives OUTDIR/libkmod.a, libkmod.h and libkmod.libs (what to link after it), from
#   1. KMOD_SRC=, an unpacked source tree of kmod, when it is set;
#   2. a libkmod.a that the compiler finds;
#   3. kmod's source package, which the machine's own apt fetches and verifies.
# Debian has no libkmod.a, and kmod's build system refuses to make one. An installed archive should
# be an NDEBUG build: libkmod's ELF parser asserts on damaged modules.
# The compiler and its flags come from CC, AR and CFLAGS. DOWNLOADS= is where fetched files are kept.
set -eu
export LC_ALL=C

die() {
  echo "libkmod: $*" >&2
  exit 1
}

[ $# -eq 1 ] || die "usage: libkmod.sh OUTDIR"
here=$(cd "$(dirname "$0")" && pwd)
: "${DOWNLOADS:=$here/../build/cache}" "${CC:=cc}" "${AR:=ar}" "${CFLAGS:=-O2 -fPIE}"
mkdir -p "$1" "$DOWNLOADS"
out=$(cd "$1" && pwd)
downloads=$(cd "$DOWNLOADS" && pwd)

# Runs a command that matters only when it fails: then its output is shown.
quietly() {
  if ! "$@" >"$out/log" 2>&1; then
    cat "$out/log" >&2
    return 1
  fi
}

# apt-get with sources and lists of its own: nothing under /etc or /var is written, no root is
# needed. Keys, proxies and preferences stay the machine's.
private_apt() {
  apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/sources" \
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root \
    -o APT::Get::AllowUnauthenticated=false -o Acquire::AllowInsecureRepositories=false \
    -o Acquire::Retries=2 "$@"
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

# Leaves the package's files in $downloads/kmod. apt compares each with the signed index.
fetch() {
  command -v apt-get >/dev/null || die "no libkmod.a and no apt here: set KMOD_SRC= to kmod's source tree"
  echo "libkmod: fetching kmod's source package through apt"
  apt=$downloads/apt part=$downloads/kmod.part
  rm -rf "$apt" "$part"
  mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/cache/archives/partial" "$part"
  copy_sources
  # An entry that cannot be read (a third party's, most often) does no harm if another has kmod.
  quietly private_apt update || echo "libkmod: not every apt source could be read, going on" >&2
  cd "$part"
  if ! quietly private_apt source --only-source --download-only kmod; then
    # Some mirrors lack .dsc files. The upstream archive is in the signed index as well.
    echo "libkmod: trying without Debian's patches" >&2
    rm -f ./*
    quietly private_apt source --only-source --download-only --tar-only kmod ||
      die "apt cannot fetch kmod's source: set KMOD_SRC= to its source tree"
  fi
  cd "$out"
  mv "$part" "$downloads/kmod"
  rm -rf "$apt"
}

unpack() {
  rm -rf "$out/src"
  set -- "$downloads"/kmod/*.dsc
  if [ -e "$1" ]; then
    quietly dpkg-source --no-copy --require-strong-checksums -x "$1" "$out/src" || die "cannot unpack $1"
    return
  fi
  set -- "$downloads"/kmod/*.orig.tar.*
  mkdir "$out/src"
  tar -C "$out/src" --strip-components=1 -xf "$1" || die "cannot unpack $1"
}

# Relative file names and ar's D leave nothing of this machine in the archive.
compile() {
  rm -rf "$out/obj" "$out/libkmod.a"
  mkdir "$out/obj"
  cp "$here/libkmod-config.h" "$out/obj/config.h"
  (
    cd "$1"
    for file in libkmod/*.c shared/*.c; do
      object=$out/obj/$(basename "$file" .c).o
      # shellcheck disable=SC2086 # CC and CFLAGS are lists of words
      $CC $CFLAGS -std=gnu17 -w -DNDEBUG -ffile-prefix-map="$PWD"=kmod -I. -I"$out/obj" \
        -include "$out/obj/config.h" -c "$file" -o "$object" || exit 1
    done
  )
  cp "$1/libkmod/libkmod.h" "$out/libkmod.h"
  echo "-lzstd -llzma -lz" >"$out/libkmod.libs"
  $AR rcD "$out/libkmod.a.new" "$out"/obj/*.o
  mv "$out/libkmod.a.new" "$out/libkmod.a"
}

copy_installed() {
  cp "$(pkg-config --variable=includedir libkmod)/libkmod.h" "$out/libkmod.h"
  pkg-config --static --libs libkmod | sed 's/-lkmod//' >"$out/libkmod.libs"
  cp "$1" "$out/libkmod.a"
}

installed=$($CC -print-file-name=libkmod.a)
if [ -n "${KMOD_SRC-}" ]; then
  [ -e "$KMOD_SRC/libkmod/libkmod.h" ] || die "KMOD_SRC=$KMOD_SRC is no source tree of kmod"
  compile "$KMOD_SRC"
elif [ -e "$installed" ]; then
  copy_installed "$installed"
else
  [ -d "$downloads/kmod" ] || fetch
  unpack
  compile "$out/src"
fi
