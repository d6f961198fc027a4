# SPDX-License-Identifier: GPL-2.0-or-later
# What belongs into an image, for the adapters of all frameworks. Sourced, POSIX sh.
#
# passthru_sysroot may be set to a folder that holds the system the image is made for.
# shellcheck shell=sh

passthru_agent=/usr/lib/passthru/passthru-init
passthru_command=/usr/bin/passthru

# Absolute paths inside the sysroot, one a line: the agent and the configuration there is.
passthru_files() {
  printf '%s\n' "$passthru_agent"
  for passthru_file in "${passthru_sysroot-}"/etc/passthru.conf \
    "${passthru_sysroot-}"/etc/passthru.conf.d/*.conf; do
    if [ -f "$passthru_file" ]; then
      printf '%s\n' "${passthru_file#"${passthru_sysroot-}"}"
    fi
  done
  unset passthru_file
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
