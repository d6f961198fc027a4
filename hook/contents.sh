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

# Files of modprobe.d that name a stub. dracut takes those of /etc only into hostonly images, and
# mkinitcpio only with its hook modconf.
passthru_options() {
  passthru_existing "${passthru_sysroot-}"/etc/modprobe.d/*.conf \
    "${passthru_sysroot-}"/usr/lib/modprobe.d/*.conf |
    while read -r passthru_file; do
      if grep -Eq '^[^#]*(vfio|pci[-_]stub|xen[-_](pciback|privcmd))' \
        "${passthru_sysroot-}$passthru_file"; then
        printf '%s\n' "$passthru_file"
      fi
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
