# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the tests of the image builds. Sourced, bash, after common.sh. The name of each test begins
# with $framework.
# shellcheck shell=bash disable=SC2154

images=$suite_dir/images

# t WHAT COMMAND...: one test, which passes if COMMAND succeeds. Prints TAP without numbers.
t() {
  local what=$1
  shift
  if "$@"; then
    echo "ok - $framework: $what"
  else
    echo "not ok - $framework: $what"
  fi
}

fails() {
  ! "$@"
}

# list_image IMAGE: prints the paths in all archives of an uncompressed image.
list_image() {
  while cpio --quiet -t 2>/dev/null; do :; done <"$1"
}

# in_image VARIANT REGEX: whether a path in that image matches.
in_image() {
  grep -Eq "^$2$" < <(list_image "$images/$1.img")
}

# in_root WORK CONF COMMAND...: runs COMMAND in the Debian root with that configuration and a private
# copy of /etc. WORK is made; COMMAND sees it as /mnt, and its messages are in WORK/log.
in_root() {
  local work=$1 conf=$2
  shift 2
  mkdir -p "$work"
  as_root unshare --mount "$vm_dir/images/in-root.sh" "$root_dir" "$conf" "$work" "$@" >"$work/log" 2>&1
}

# look_into WORK CONF IMAGE: runs `passthru check --image` on a host with that configuration, without the
# programs in $hidden. Its output is in WORK/look.
look_into() {
  as_root rm -rf --one-file-system "$1"
  mkdir "$1"
  as_root cp "$3" "$1/initrd.img"
  # shellcheck disable=SC2016 # the inner shell's
  as_root unshare --mount "$vm_dir/images/in-root.sh" "$root_dir" "$2" "$1" sh -c 'for program in $1; do
    mount --bind /dev/null "$(command -v "$program")"; done
    passthru check --image /mnt/initrd.img' - "${hidden-}" >"$1/look" 2>&1 || true
}

# image_is_whole WORK VARIANT: check --image finds nothing missing for the three devices.
image_is_whole() {
  look_into "$1" "$vm_dir/images/three.conf" "$images/$2.img"
  grep -q '^Nothing is missing' "$1/look"
}

# bad_conf WORK: makes a configuration with errors in lines 2 and 3, and prints its path.
bad_conf() {
  printf '%s\n' "[device nic]" "address = 0000:82:0.0" "speed = 10" >"$1.conf"
  printf '%s\n' "$1.conf"
}

# A command for sh in /etc: a configuration in passthru.conf.d alone. One file has a space in its name,
# one is a link.
# shellcheck disable=SC2034
conf_in_pieces='rm -f passthru.conf && mkdir passthru.conf.d &&
  echo "[device nic]
address = 0000:00:02.0" >"passthru.conf.d/the nic.conf" &&
  echo "[device disk]
id = 1b36:0010" >disk &&
  ln -s ../disk passthru.conf.d/disk.conf'

# with_work COMMAND...: runs COMMAND with a temporary folder as its last argument.
with_work() {
  local work
  work=$(mktemp -d "$suite_dir/work.XXXXXX")
  "$@" "$work"
  as_root rm -rf --one-file-system "$work"
}
