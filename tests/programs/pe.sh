# SPDX-License-Identifier: GPL-2.0-or-later
# Programs for UEFI, of which nothing but the sections is real. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# little BYTES NUMBER: prints the number, least byte first.
little() {
  local i byte
  for ((i = 0; i < $1; i++)); do
    printf -v byte '\\x%02x' $((($2 >> 8 * i) & 255))
    # shellcheck disable=SC2059 # it is the format that makes a byte
    printf "$byte"
  done
}

# For a few bytes a process takes longer.
zeros() {
  local i
  if (($1 > 100)); then
    head -c "$1" /dev/zero
  else
    for ((i = 0; i < $1; i++)); do printf '\0'; done
  fi
}

# make_pe FILE [SECTION=FILE...]: sections as ukify makes them, their sizes rounded up to 512 bytes.
make_pe() {
  local file=$1 section name size offset
  shift
  offset=$((88 + 40 * $#))
  {
    printf MZ && zeros 58 && little 4 64 && printf 'PE\0\0'
    little 2 34404 && little 2 $# && zeros 12 && little 2 0 && little 2 0
    for section in "$@"; do
      size=$(stat -c %s "${section#*=}")
      name=${section%%=*}
      printf %s "$name" && zeros $((8 - ${#name}))
      little 4 "$size" && little 4 4096 && little 4 $(((size + 511) / 512 * 512)) && little 4 "$offset" && zeros 16
      offset=$((offset + (size + 511) / 512 * 512))
    done
    for section in "$@"; do
      size=$(stat -c %s "${section#*=}")
      cat "${section#*=}" && zeros $(((512 - size % 512) % 512))
    done
  } >"$file"
}
