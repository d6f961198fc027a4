# SPDX-License-Identifier: GPL-2.0-or-later
# What the cases of the golden set share. Sourced by them, bash; $image says which host it is.
# shellcheck shell=bash disable=SC2034,SC2154
# shellcheck source=tests/vm/lib/golden.sh
source "$vm_dir/lib/golden.sh"

images=(golden-dracut golden-initramfs-tools)

# golden_case virtio|nvme: the case is about a host on that machine.
golden_case() {
  golden_machine "$1"
  if [[ ${image-} ]]; then
    export GOLDEN=${image#golden-} BOOT=$vm_dir/boots/golden.sh
    golden_host "$GOLDEN"
  fi
  boot=("$vm_dir/boots/golden.sh")
}

# host_files FOLDER: what the host has below /etc besides passthru.conf.
host_files() { :; }

# record FOLDER: into an image, as the hook does on the host itself.
record() {
  "$vm_dir/images/golden-survey.sh" "$machine_name"
  mkdir -p "$1/usr/lib/passthru"
  cp "$suite_dir/surveys/golden-$machine_name/needs.txt" "$1/usr/lib/passthru/needs"
}

# image_files FOLDER: of what the host has, what the hook puts into an image.
image_files() (
  passthru_sysroot=$out/host
  # shellcheck source=hook/contents.sh
  source "$top_dir/hook/contents.sh"
  cd "$passthru_sysroot" || exit
  passthru_files | while read -r file; do
    [[ ! -e .$file ]] || cp --parents ".$file" "$1"
  done
)

# golden_overlay FOLDER: the host and its image say the same, as after a rebuild.
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
