# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the cases of the golden set. Sourced by them, bash; $image says which host it is.
# shellcheck shell=bash disable=SC2034,SC2154
# shellcheck source=tests/vm/lib/golden.sh
source "$vm_dir/lib/golden.sh"

images=(golden-dracut golden-initramfs-tools)

# golden_case virtio|nvme: sets the machine of the case.
golden_case() {
  golden_machine "$1"
  if [[ ${image-} ]]; then
    export GOLDEN=${image#golden-} BOOT=$vm_dir/boots/golden.sh
    golden_host "$GOLDEN"
  fi
  boot=("$vm_dir/boots/golden.sh")
}

# host_files FOLDER: adds files below the host's /etc, in addition to passthru.conf.
host_files() { :; }

# record FOLDER: adds the needs file, as the hook would on that host.
record() {
  "$vm_dir/images/golden-survey.sh" "$machine_name"
  mkdir -p "$1/usr/lib/passthru"
  cp "$suite_dir/surveys/golden-$machine_name/needs.txt" "$1/usr/lib/passthru/needs"
}

# image_files FOLDER: copies the host's files that the hook puts into an image.
image_files() (
  cd "$out/host" || exit
  "$build_dir/passthru" check --lenient --cmdline "" --root . --files 2>/dev/null | while read -r file; do
    [[ ! -e .$file ]] || cp --parents ".$file" "$1"
  done
)

# golden_overlay FOLDER: gives host and image the same configuration, as after a rebuild of the image.
golden_overlay() {
  mkdir -p "$out/host/etc"
  conf >"$out/host/etc/passthru.conf"
  host_files "$out/host"
  image_files "$1"
  record "$1"
}

overlay() {
  golden_overlay "$1"
}
