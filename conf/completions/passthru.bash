# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for passthru(8) in bash. What there is to complete, the program's own help says.
# shellcheck shell=bash

# _passthru_operands USAGE [ROOT]: prints what the operands in USAGE can be, on the host below ROOT.
_passthru_operands() {
  sed -n 's/.* \[\([a-z|]*\)]$/\1/p' <<<"$1" | tr '|' ' ' # words, such as of trial
  [[ $1 != *ADDRESS* ]] || passthru list --no-legend ${2:+--root "$2"} | awk '{ print $1 }'
  [[ $1 != *RULE* ]] || sed -nE 's/^[[:blank:]]*\[(device|sriov)[[:blank:]]+([A-Za-z0-9._-]+)[[:blank:]]*\].*/\2/p' \
    "${2-}"/etc/passthru.conf "${2-}"/etc/passthru.conf.d/*.conf
  [[ $1 != *CODE* ]] || passthru explain | sed 's/ .*//'
}

# _passthru_words LAST COMMAND [ROOT]: prints what may follow the word LAST.
_passthru_words() {
  local last=$1 help argument='' letter='\(-[a-zA-Z], \)\{0,1\}'
  case $last in
    passthru | help)
      passthru --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'
      [[ $last == help ]] || echo help --help --version
      return
      ;;
  esac
  help=$(passthru "$2" --help)
  [[ $last != -o ]] || argument=FILE
  [[ $last != --* ]] || argument=$(sed -n "s/^ *$letter$last \([^ ]*\) .*/\2/p" <<<"$help")
  case $argument in
    DIR | FILE) ;; # a path: readline's own completion
    ?*) sed -n "s/^ *$letter$last .*: //p" <<<"$help" | sed 's/,\| or / /g' ;;
    *)
      sed -n "s/^ *$letter\(--[a-z-]*\) .*/\2/p" <<<"$help"
      sed -n 's/^WORD is one of: //p' <<<"$help" | sed 's/,\| or / /g'
      _passthru_operands "$(sed -n '1p; 2,${/^ /!q; p}' <<<"$help")" "${3-}"
      ;;
  esac
}

_passthru() {
  local line=${COMP_LINE:0:COMP_POINT} word before_colon root='' i
  local -a words
  read -ra words <<<"$line"
  word=${line##*[[:blank:]]}
  [[ -z $word ]] || unset 'words[-1]'
  for ((i = 1; i < ${#words[@]}; i++)); do [[ ${words[i - 1]} != --root ]] || root=${words[i]}; done
  mapfile -t COMPREPLY < <(compgen -W "$(_passthru_words "${words[-1]}" "${words[1]-}" "$root" 2>/dev/null)" -- "$word")
  # A colon ends a word for readline, which has to be given what is behind it.
  before_colon=${word%"${word##*:}"}
  [[ $COMP_WORDBREAKS != *:* ]] || COMPREPLY=("${COMPREPLY[@]#"$before_colon"}")
}

complete -o default -F _passthru passthru
