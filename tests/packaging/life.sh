#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# life.sh: the life of the package, in a Debian root without a network, by its own apt: installed, upgraded,
# with new kernels, errors in the configuration, another framework, removed, installed again, purged. Runs in
# in-root.sh, in a folder with debs/, three.conf, the list installed, and out/ for images that are booted afterwards. Prints
# TAP without numbers.
set -uo pipefail
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

conf=/etc/passthru.conf
package=linux-image-$(find /boot -name 'vmlinuz-*[0-9]-amd64' -printf '%f\n' | sed 's/vmlinuz-//; q')
kernel=${package#linux-image-}

# t WHAT COMMAND...: one test, which passes if COMMAND succeeds. If it fails, its output is shown.
t() {
  local what=$1
  shift
  if "$@" >log 2>&1; then
    echo "ok - $what"
  else
    echo "not ok - $what"
    tail -n 40 log | sed 's/^/# /'
  fi
}

apt() {
  apt-get -o APT::Sandbox::User=root -q -y --no-install-recommends --allow-downgrades "$@"
}

# new_kernel: the kernel's package again, in a version above the one that is installed, with Debian's own
# scripts. What is large and not needed here is left out.
new_kernel() {
  local version script
  revision=$((${revision:-0} + 1))
  version=$(dpkg-query -W -f '${Version}' "$package" | sed 's/+new.*//')+new$revision
  if [[ ! -d kernel ]]; then
    mkdir -p kernel/DEBIAN
    for script in {pre,post}{inst,rm}; do
      cp "/var/lib/dpkg/info/$package.$script" "kernel/DEBIAN/$script"
    done
    (cd / && dpkg -L "$package" | grep -vE '/(drivers/(gpu|media|staging|infiniband|net/wireless|isdn|input)|sound|net)/' |
      while read -r file; do [[ -d $file ]] || cp -a --parents ".$file" /build/kernel/; done)
  fi
  dpkg-query -s "$package" | sed '/^Status:/d; s/^Version: .*/Version: '"$version"'/' >kernel/DEBIAN/control
  dpkg-deb -Znone -b kernel debs/kernel.deb
  apt install ./debs/kernel.deb
}

# again: the package in a higher version.
again() {
  rm -rf again
  dpkg-deb -R debs/passthru.deb again
  sed -i 's/^Version: .*/&+again/' again/DEBIAN/control
  dpkg-deb -b again debs/again.deb
  apt install ./debs/again.deb
}

# unpack VERSION: unpacks the image of that kernel below image/.
unpack() {
  rm -rf image
  mkdir image
  if command -v unmkinitramfs >/dev/null; then
    unmkinitramfs "/boot/initrd.img-$1" image
  else
    (cd image && lsinitrd --unpack "/boot/initrd.img-$1")
  fi
  [[ ! -d image/main ]] || {
    mv image parts
    mv parts/main image
    rm -r parts
  }
}

has_agent() {
  unpack "${1-$kernel}" && [[ -x image/usr/lib/passthru/passthru-init ]]
}

has_no_agent() {
  unpack "${1-$kernel}" && [[ ! -e image/usr/lib/passthru && -e image/init ]]
}

each_kernel() {
  local image
  for image in /boot/vmlinuz-*; do
    "$@" "${image#*vmlinuz-}" || return
  done
}

# The configuration of the image is that of the file; with a note if it is an earlier one.
has_configuration() {
  unpack "$kernel" && cmp "$1" image/etc/passthru.conf && [[ ! -e image/usr/lib/passthru/fallback ]]
}

fell_back() {
  unpack "$kernel" && cmp "$1" image/etc/passthru.conf && grep . image/usr/lib/passthru/fallback
}

# dpkg has nothing half-done, and apt has no reason to refuse.
nothing_is_broken() {
  local audit
  audit=$(dpkg --audit) && [[ ! $audit ]] && apt install
}

is_installed() {
  [[ $(dpkg-query -W -f '${Status}' "$1") == "install ok installed" ]]
}

says() {
  "${@:2}" >said 2>&1
  local status=$?
  cat said
  grep -E "$1" said >/dev/null && return "$status"
}

fails() {
  ! "$@"
}

keep() {
  cp "/boot/initrd.img-$kernel" "out/$1.img"
}

typo() {
  echo "speed = 10" >>$conf
}

nothing_is_left() {
  local left
  left=$(find / -xdev \( -path /build -o -path /proc -o -path /dev -o -path /tmp -o -path /var/lib/dpkg -o -path /var/log \
    -o -path /var/cache -o -path /sys \) -prune -o -name '*passthru*' -print)
  echo "$left"
  [[ ! $left ]]
}

# an_error WHAT COMMAND...: a typo, and what follows; COMMAND makes the image by hand.
an_error() {
  local by_hand=("${@:2}")
  cp three.conf $conf
  t "$1: the image is made by hand" "${by_hand[@]}"
  typo
  t "$1: an error in the configuration, and a new kernel" says 'so the image has the last good one' new_kernel
  t "$1: nothing is broken" nothing_is_broken
  t "$1: its image has the last good configuration, and says so" fell_back three.conf
  t "$1: another new kernel" new_kernel
  t "$1: called by hand, it fails" fails "${by_hand[@]}"
  t "$1: the image is still the one that boots" fell_back three.conf
}

main() {
  mkdir -p out
  # What make vm has installed in this root.
  (cd / && xargs -r -d '\n' rm -f -- </build/installed && rm -rf usr/lib/passthru* usr/share/doc/passthru)
  t "before: images of all kernels" update-initramfs -c -k all
  t "install" apt install ./debs/passthru.deb
  t "install: the image of the newest kernel has the agent" has_agent "$(linux-version list | linux-version sort | tail -n 1)"
  an_error "initramfs-tools" update-initramfs -u -k "$kernel"
  keep error
  t "upgrade, with the error" again
  t "upgrade: the configuration is kept" grep -q '^speed' $conf
  t "upgrade: nothing is broken" nothing_is_broken
  cp three.conf $conf
  t "corrected: the image is made by hand" update-initramfs -u -k all
  t "corrected: it has the configuration" has_configuration three.conf
  t "dracut takes the place of initramfs-tools" apt install ./debs/dracut_*.deb
  t "dracut: a new kernel" new_kernel
  t "dracut: its image has the agent" has_agent
  an_error "dracut" dracut --force "/boot/initrd.img-$kernel" "$kernel"
  keep dracut
  cp three.conf $conf
  t "initramfs-tools takes the place of dracut" apt install ./debs/initramfs-tools*.deb
  t "again initramfs-tools: a new kernel" new_kernel
  t "again initramfs-tools: its image has the agent" has_agent
  t "again initramfs-tools: images of all kernels" update-initramfs -u -k all
  t "remove" apt remove passthru
  t "remove: no image has the agent" each_kernel has_no_agent
  t "remove: the configuration stays" test -e $conf
  keep removed
  t "reinstall" apt install ./debs/passthru.deb
  t "reinstall: the package is whole" is_installed passthru
  t "reinstall: with the configuration that stayed" cmp three.conf $conf
  mkdir -p /etc/passthru.conf.d
  echo "# more" >/etc/passthru.conf.d/more.conf
  t "purge" apt purge passthru
  t "purge: nothing is left" nothing_is_left
  t "purge: no image has the agent" each_kernel has_no_agent
  t "purge: nothing is broken" nothing_is_broken
}

main
