# SPDX-License-Identifier: GPL-2.0-or-later
# What runs tests in parallel. Sourced, bash.
# shellcheck shell=bash

# at_once COMMAND [ARG...] <NAMES: runs COMMAND ARG... NAME for each line, JOBS in parallel (one for each
# processor). In a subshell: other background jobs of the caller take no place.
at_once() (
  while read -r name; do
    while (($(jobs -rp | wc -l) >= ${JOBS:-$(nproc)})); do wait -n; done
    [[ ! $name ]] || "$@" "$name" </dev/null &
  done
  wait
)

# to_tap FUNCTION NAME: FUNCTION NAME, whose output is kept in $work/NAME.tap.
to_tap() {
  # shellcheck disable=SC2154 # the caller's
  "$1" "$2" >"$work/$2.tap"
}
