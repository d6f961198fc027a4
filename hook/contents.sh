# SPDX-License-Identifier: GPL-2.0-or-later
# What belongs into an image, for the adapters of all frameworks: they do what the command says. Sourced,
# POSIX sh.
#
# passthru_sysroot may be set to a folder that holds the system the image is made for, passthru_no_trial to
# anything if the image is for other hosts as well.
# shellcheck shell=sh

passthru_command=/usr/bin/passthru

# passthru_check [OPTION...]: the checker on the sysroot's configuration. A device that is
# absent here only warns: the image may be made for another machine or before the card is in.
passthru_check() {
  "$passthru_command" check --lenient --cmdline "" --root "${passthru_sysroot:-/}" "$@"
}

# Names of modules, one a line, without those they depend on: modules.dep of the image's kernel
# knows these better than any list.
passthru_modules() {
  passthru_check --modules 2>/dev/null || :
}

# passthru_fill BUILDROOT [RELEASE]: puts all that is ours but the agent into the image that is made below
# BUILDROOT for the kernel RELEASE. Fails when there is to be no image: for an error in the configuration,
# unless a package manager has the image built. The command says why on standard error.
passthru_fill() {
  set -- "$1" "${2-}" --root "${passthru_sysroot:-/}" --into "$1"
  if [ -n "$2" ]; then
    set -- "$@" --kernel "$2"
  else
    set -- "$@" --no-stubs
  fi
  [ -z "${passthru_no_trial-}" ] || set -- "$@" --no-trial
  shift 2
  "$passthru_command" image "$@"
}
