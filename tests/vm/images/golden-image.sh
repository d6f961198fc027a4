#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# golden-image.sh FRAMEWORK: makes build/vm/$SUITE/images/golden-FRAMEWORK.img and golden/FRAMEWORK/disk.img
# from the root of golden-root.sh. passthru is installed as a package would install it, with the sample
# configuration, which has no rules; the framework makes its image as Debian configures it. The only
# addition is the unit that sends the results.
set -euo pipefail
# shellcheck source=tests/vm/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/vm/lib/golden.sh
source "$vm_dir/lib/golden.sh"
golden_host "$1"

stage=$golden_dir/stage
disk=$golden_dir/disk.img

stage_all() {
  mkdir -p "$golden_dir"
  stage_passthru "$stage"
  install -D -m 644 -t "$stage/etc/systemd/system" "$vm_dir/inside/passthru-test-report.service"
}

digest_of_stage() {
  (cd "$stage" && find . ! -type d -print0 | sort -z | xargs -0 sha256sum) |
    cat - "$0" "$vm_dir/images/in-root.sh" | digest "$framework" "$(<"$root_dir.key")"
}

# install_passthru HOST: the files, and what the scripts of a package do. mmdebstrap sets no machine ID.
install_passthru() {
  as_root cp -a "$root_dir" "$1" &&
    as_root cp -r --preserve=mode --remove-destination "$stage/." "$1/" &&
    as_root chroot "$1" systemd-machine-id-setup &&
    as_root chroot "$1" systemctl preset passthru-verify.service passthru-prove.service passthru-confirm.service passthru-vfs.path &&
    as_root chroot "$1" systemctl enable passthru-test-report.service
}

# run_framework WORK HOST
run_framework() {
  local version command
  version=$(kernel_version)
  case $framework in
    # Compression does not change the contents; here gzip takes longer than everything else, and the
    # emulated CPU would have to decompress the image.
    dracut) command=(dracut --force --no-compress /mnt/initrd.img "$version") ;;
    initramfs-tools) command=(update-initramfs -c -k "$version" -b /mnt) ;;
  esac
  as_root unshare --mount "$vm_dir/images/in-root.sh" "$2" "$top_dir/conf/passthru.conf" "$1" \
    "${command[@]}" || return
  [[ $framework == dracut ]] || as_root mv "$1/initrd.img-$version" "$1/initrd.img"
  as_root cp "$1/initrd.img" "$2/boot/initrd.img-$version"
}

# make_disk HOST: without a journal, since each boot gets a copy.
make_disk() {
  rm -f "$disk"
  as_root mke2fs -q -t ext4 -O ^has_journal -m 0 -U "$golden_uuid" -d "$1" "$disk" 1G >/dev/null &&
    as_root chown "$(id -u)" "$disk"
}

make_all() {
  local work=$1
  mkdir "$work/image"
  install_passthru "$work/host" && run_framework "$work/image" "$work/host" && make_disk "$work/host" &&
    as_root chown "$(id -u)" "$work/image/initrd.img" && mv "$work/image/initrd.img" "$golden_image"
}

main() {
  local work key log=$golden_dir/image.log
  "$vm_dir/images/golden-root.sh" "$framework"
  mkdir -p "$suite_dir/images"
  lock "$golden_image"
  stage_all
  key=$(digest_of_stage)
  is_current "$golden_image" "$key" && return
  work=$(mktemp -d "$golden_dir/work.XXXXXX")
  # shellcheck disable=SC2064 # expands now
  trap "as_root rm -rf --one-file-system '$work'" EXIT
  if ! make_all "$work" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "no image golden-$framework, see $log"
  fi
  printf '%s\n' "$key" >"$golden_image.key"
  say "image golden-$framework: $(($(stat -c %s "$golden_image") >> 20)) MiB"
}

main
