# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for passthru(8) in bash. What there is to complete, the program's own help says.
# shellcheck shell=bash

_passthru_words() {
  local command=$1
  case $2 in
    --root | --image | --output | -o) ;; # a path: readline's own completion
    --format | --driver | --group | --iommu | --allow | --permissive)
      passthru "$command" --help | sed -n "s/^ *$2 .*: //p" | sed 's/,\| or / /g'
      ;;
    --cmdline | --slot | --kernel | --name) ;;
    passthru) passthru --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' && echo --help --version ;;
    *)
      passthru "$command" --help | grep -o -e '^ *--[a-z-]*'
      if passthru "$command" --help | grep -q '^usage: .*ADDRESS'; then
        passthru list | awk 'NR > 1 { print $1 }'
      fi
      ;;
  esac
}

_passthru() {
  local line=${COMP_LINE:0:COMP_POINT} word before_colon
  local -a words
  read -ra words <<<"$line"
  word=${line##*[[:blank:]]}
  [[ -z $word ]] || unset 'words[-1]'
  mapfile -t COMPREPLY < <(compgen -W "$(_passthru_words "${words[1]-}" "${words[-1]}" 2>/dev/null)" -- "$word")
  # A colon ends a word for readline, which has to be given what is behind it.
  before_colon=${word%"${word##*:}"}
  [[ $COMP_WORDBREAKS != *:* ]] || COMPREPLY=("${COMPREPLY[@]#"$before_colon"}")
}

complete -o default -F _passthru passthru
