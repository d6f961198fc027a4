# SPDX-License-Identifier: GPL-2.0-or-later
# What belongs into an image, for the adapters of all frameworks. Sourced, POSIX sh.
#
# passthru_sysroot may be set to a folder that holds the system the image is made for.
# shellcheck shell=sh

passthru_agent=/usr/lib/passthru/passthru-init
passthru_command=/usr/bin/passthru

# Those of the files "$@" that exist, one a line, as paths inside the sysroot.
passthru_existing() {
  for passthru_file in "$@"; do
    if [ -f "$passthru_file" ]; then
      printf '%s\n' "${passthru_file#"${passthru_sysroot-}"}"
    fi
  done
  unset passthru_file
}

# Where modprobe.d(5) is; of files with the same name the first one counts. Not /run, which is another
# one in the image.
passthru_modprobe='/etc/modprobe.d /usr/local/lib/modprobe.d /usr/lib/modprobe.d /lib/modprobe.d'

# passthru_option_file NAME: the file of that name which counts, if it names a stub, or hides one which
# does: that may be in the image without it.
passthru_option_file() {
  passthru_first='' passthru_names_stub=''
  for passthru_directory in $passthru_modprobe; do
    passthru_file=${passthru_sysroot-}$passthru_directory/$1
    if [ ! -e "$passthru_file" ] && [ ! -L "$passthru_file" ]; then
      continue
    fi
    passthru_first=${passthru_first:-$passthru_file}
    if grep -Eq '^[^#]*(vfio|pci[-_]stub|(xen[-_])?pciback|xen[-_]privcmd)' \
      "$passthru_file" 2>/dev/null; then
      passthru_names_stub=yes
    fi
  done
  if [ "$passthru_names_stub" ]; then
    passthru_existing "$passthru_first"
  fi
  unset passthru_first passthru_names_stub passthru_directory
}

# Files of modprobe.d with options of the stubs. dracut takes those of /etc only into hostonly images,
# and mkinitcpio only with its hook modconf.
passthru_options() {
  for passthru_directory in $passthru_modprobe; do
    passthru_existing "${passthru_sysroot-}$passthru_directory"/*.conf \
      "${passthru_sysroot-}$passthru_directory"/*.alias
  done | sed 's,.*/,,' | sort -u | while read -r passthru_name; do
    passthru_option_file "$passthru_name"
  done
}

# Absolute paths inside the sysroot, one a line: the agent, the configuration there is, and what
# modprobe.d says of the stubs.
passthru_files() {
  printf '%s\n' "$passthru_agent"
  passthru_existing "${passthru_sysroot-}"/etc/passthru.conf \
    "${passthru_sysroot-}"/etc/passthru.conf.d/*.conf
  passthru_options
}

# passthru_record BUILDROOT: puts the record of what this host needs to boot into the image that
# is made below BUILDROOT, where the agent looks for it. Where there can be none, as in a chroot,
# the command says why on standard error, and the image is made without: then a device that the
# host needs can be taken, and is given back in the boot.
passthru_record() {
  mkdir -p "$1/usr/lib/passthru"
  "$passthru_command" needs --root "${passthru_sysroot:-/}" >"$1/usr/lib/passthru/needs" ||
    rm -f "$1/usr/lib/passthru/needs"
}

# passthru_check [OPTION...]: the checker on the sysroot's configuration. A device that is
# absent here only warns: the image may be made for another machine or before the card is in.
passthru_check() {
  "$passthru_command" check --lenient --cmdline "" --root "${passthru_sysroot:-/}" "$@"
}

# Names of the stub modules, one a line, without those they depend on: modules.dep of the
# image's kernel knows these better than any list. vfio-pci and pci-stub always, because the
# kernel command line can ask for them at any boot; the rest is what this host's plan needs.
passthru_modules() {
  {
    printf '%s\n' vfio-pci pci-stub xen-pciback xen-privcmd
    passthru_check --modules 2>/dev/null
  } | sort -u
}
