# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for passthru(8) in bash. What there is to complete, the program's own help says.
# shellcheck shell=bash

_passthru_words() {
  local command=$1 help argument
  if [[ $2 == passthru ]]; then
    passthru --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' && echo --help --version
    return
  fi
  help=$(passthru "$command" --help)
  [[ $2 == -o ]] && argument=FILE || argument=$(sed -n "s/^ *$2 \([A-Z]*\) .*/\1/p" <<<"$help")
  case $argument in
    DIR | FILE) ;; # a path: readline's own completion
    ?*) sed -n "s/^ *$2 .*: //p" <<<"$help" | sed 's/,\| or / /g' ;;
    *)
      grep -o -e '^ *--[a-z-]*' <<<"$help"
      sed -n '1s/.* \[\([a-z|]*\)]$/\1/p' <<<"$help" | tr '|' ' ' # words, such as of trial
      sed -n 's/^WORD is one of: //p' <<<"$help" | sed 's/,\| or / /g'
      if [[ $help == usage:*ADDRESS* ]]; then
        passthru list --no-legend | awk '{ print $1 }'
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
