# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of hook/grub/01_passthru: what it has GRUB do. GRUB's script is near enough to that of a shell, which
# runs it here; a real GRUB does in tests/vm. Sourced, bash.
# shellcheck shell=bash disable=SC2016,SC2154

# counts OPTION AFTER LEFT CONFIGURATION PROVEN [SAVE]: with the last three in the environment block, an entry of
# a submenu, which sees exported variables alone, passes OPTION to the kernel, and AFTER tries are left in the
# block. SAVE is what save_env does.
counts() {
  run 0 hook/grub/01_passthru
  ! command -v grub-script-check >/dev/null || grub-script-check <"$out" || fail "GRUB does not understand it"
  {
    echo "passthru_left=$3 passthru_configuration=$4 passthru_proven=$5 block=$3"
    echo "save_env() { ${6-block=\$passthru_left}; }"
    echo 'load_env() { passthru_left=$block; }'
    sed -E 's/^( *)set (passthru_)/\1\2/' "$out"
    echo 'sh -c '\''echo "[$passthru_trial] $0"'\'' "$block"'
  } >"$tree.sh"
  run 0 env -i PATH="$PATH" sh "$tree.sh"
  [[ $(<"$out") == "[$1] $2" ]] || fail "not [$1] $2: $(<"$out")"
}

test_grub() {
  t "grub: nothing is armed, tried or proven" counts "" 0 0 "" ""
  t "grub: one is armed" counts "passthru.trial=trying:c:" 0 1 c ""
  t "grub: one is armed, for several tries" counts "passthru.trial=trying:c:p:q" 8 9 c p:q
  t "grub: one was tried" counts "passthru.trial=failed:c:p" 0 0 c p
  t "grub: one is proven" counts "passthru.trial=failed:-:p" 0 0 "" p
  t "grub: the block cannot be written" counts "passthru.trial=armed:c:p" 2 2 c p :
}
