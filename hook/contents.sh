# SPDX-License-Identifier: GPL-2.0-or-later
# What belongs into an image, for the adapters of all frameworks: they do what the command says. Sourced,
# POSIX sh.
#
# passthru_sysroot may be set to a folder that holds the system the image is made for.
# shellcheck shell=sh

passthru_command=/usr/bin/passthru

# passthru_check [OPTION...]: the checker on the sysroot's configuration. A device that is
# absent here only warns: the image may be made for another machine or before the card is in.
passthru_check() {
  "$passthru_command" check --lenient --cmdline "" --root "${passthru_sysroot:-/}" "$@"
}

# Absolute paths inside the sysroot, one a line. dracut takes modprobe.d of /etc only into hostonly
# images, and mkinitcpio only with its hook modconf.
passthru_files() {
  passthru_check --files 2>/dev/null || :
}

# Names of modules, one a line, without those they depend on: modules.dep of the image's kernel
# knows these better than any list.
passthru_modules() {
  passthru_check --modules 2>/dev/null || :
}

# passthru_record BUILDROOT [RELEASE]: puts what the command found out into the image that is made
# below BUILDROOT, where the agent looks for it: what this host needs to boot, and how the kernel
# RELEASE loads the stub drivers. Where there can be none of it, as in a chroot, the command says
# why on standard error, and the image is made without: then a device that the host needs can be
# taken, and is given back in the boot.
passthru_record() {
  mkdir -p "$1/usr/lib/passthru"
  "$passthru_command" needs --root "${passthru_sysroot:-/}" >"$1/usr/lib/passthru/needs" ||
    rm -f "$1/usr/lib/passthru/needs"
  [ -z "${2-}" ] || "$passthru_command" modules --root "${passthru_sysroot:-/}" --into "$1" "$2" || :
}
