#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lint.sh: checks the format of all sources and runs static checks; warnings are errors. Changes nothing.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

format_version=14 # other versions format differently with the same .clang-format
jobs=$(nproc)
defines=(-D_GNU_SOURCE '-DPASSTHRU_PREFIX="/usr"' "-DPASSTHRU_VERSION=\"$(<VERSION)\"")
flags=(-std=gnu17 "${defines[@]}" -Isrc)
mapfile -t agent < <(find src -name '*.c' | sort)
mapfile -t all_c < <(find conf src tests packaging -name '*.[ch]' | sort)
mapfile -t scripts < <({
  find .ci dracut-module hook initramfs-tools packaging tests -name '*.sh'
  find conf -name '*.bash'
  find .ci dracut-module hook initramfs-tools packaging tests -type f -exec grep -lE '^#!/bin/(ba)?sh' {} +
} | sort -u)
failed=()

# check NAME COMMAND...: prints one line if COMMAND succeeds, otherwise its output.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    printf '  %-14s ok\n' "$name"
  else
    printf '  %-14s FAILED\n%s\n' "$name" "$output"
    failed+=("$name")
  fi
}

# first_of COMMAND...: prints the first that is installed.
first_of() {
  command -v "$@" | head -n 1
}

# each_file COMMAND... -- FILE...: runs COMMAND for each file, in parallel on all processors.
each_file() {
  local command=()
  while [[ $1 != -- ]]; do
    command+=("$1")
    shift
  done
  shift
  printf '%s\0' "$@" | xargs -0 -n 1 -P "$jobs" "${command[@]}"
}

check_format() {
  local tool
  tool=$(first_of "clang-format-$format_version" clang-format)
  if [[ $tool ]] && "$tool" --version | grep -q "version $format_version\."; then
    check clang-format "$tool" --dry-run -Werror "${all_c[@]}"
  else
    printf '  %-14s SKIPPED: needs version %s, as in Debian 12\n' clang-format $format_version
  fi
}

analyze() {
  each_file "${CC:-cc}" "${flags[@]}" -O2 -Wall -Wextra -fanalyzer -Werror -c -o /dev/null -- "$@"
}

tidy() {
  local tool
  tool=$(first_of clang-tidy-$format_version clang-tidy)
  each_file "$tool" --quiet "${flags[@]/#/--extra-arg=}" -- "$@"
}

check_format
check shellcheck shellcheck -x "${scripts[@]}"
check shfmt shfmt -i 2 -ci -d "${scripts[@]}"
check cppcheck cppcheck -j "$jobs" --quiet --std=c11 --enable=warning,performance,portability \
  --inline-suppr --suppress=missingIncludeSystem --error-exitcode=1 "${defines[@]}" -Isrc src
check gcc-analyzer analyze "${agent[@]}"
check clang-tidy tidy "${agent[@]}"

if ((${#failed[@]})); then
  printf 'lint: %s\n' "${failed[*]}"
  exit 1
fi
