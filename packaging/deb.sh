#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# deb.sh TARBALL OUT [OPTION...]: makes Debian's source and binary packages of the tarball of `make dist` with
# the files of packaging/debian in it, and puts them into the folder OUT. The options are those of
# dpkg-buildpackage. Downloads nothing and installs nothing: build dependencies that are missing are named.
set -eu
export LC_ALL=C
umask 022 # it is in the source package

tarball=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
shift 2
name=$(basename "$tarball" .tar.gz)
version=${name#passthru-}

work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$tarball" "$work/passthru_$version.orig.tar.gz"
tar -C "$work" -xf "$tarball"
cd "$work/$name"
cp -a packaging/debian debian
packaged=$(dpkg-parsechangelog -S Version)
if [ "${packaged%-*}" != "$version" ]; then
  echo "deb: packaging/debian/changelog is of version $packaged, VERSION says $version" >&2
  exit 1
fi
dpkg-buildpackage -us -uc "$@"
mv "$work"/passthru*_"$packaged"* "$work/passthru_$version.orig.tar.gz" "$out/"
