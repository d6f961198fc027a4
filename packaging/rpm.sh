#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# rpm.sh TARBALL OUT [OPTION...]: makes the source and binary RPM packages of the tarball of `make dist` by
# packaging/passthru.spec, and puts them into the folder OUT. The options are those of rpmbuild. Where rpm
# is not the package manager (on Debian), build dependencies are not checked, and the macros of Fedora
# that the spec file uses are defined here.
set -euo pipefail
export LC_ALL=C

tarball=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
shift 2
name=$(basename "$tarball" .tar.gz)

work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/SOURCES"
cp "$tarball" "$work/SOURCES/"
tar -C "$work" -xf "$tarball" "$name/packaging/passthru.spec"
cp "$work/$name/packaging/passthru.spec" "$work/passthru.spec"

options=(--define "_topdir $work" --define 'use_source_date_epoch_as_buildtime 1' --define '_buildhost passthru'
  --define 'clamp_mtime_to_source_date_epoch 1')
helper=/usr/lib/systemd/systemd-update-helper
if [[ ! $(rpm --eval '%{?_unitdir}') ]]; then
  # shellcheck disable=SC2016 # the scriptlet's
  options+=(--nodeps --define '_unitdir %{_prefix}/lib/systemd/system' --define '_pkgdocdir %{_docdir}/%{name}'
    --define "systemd_post() [ \$1 -ne 1 ] || [ ! -x $helper ] || $helper install-system-units %* || :"
    --define "systemd_preun() [ \$1 -ne 0 ] || [ ! -x $helper ] || $helper remove-system-units %* || :"
    --define 'systemd_postun() [ $1 -ge 0 ] # %*')
fi
rpmbuild -ba "${options[@]}" "$@" "$work/passthru.spec"
mv "$work"/{RPMS/*,SRPMS}/*.rpm "$out/"
