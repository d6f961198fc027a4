#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# source-rules.sh [BUILD]: checks rules for all sources that no compiler checks. BUILD (build) has the
# objects. Prints TAP.
set -u
export LC_ALL=C
shopt -s extglob
cd "$(dirname "$0")/.." || exit 1

build=${1:-build}
max_lines=60
# The folders of src/ from the lowest level up. Each includes those below it, none beside it.
floors=(
  'util'
  'finding system'
  'want facts'
  'plan probe'
  'session apply trial'
  'report'
  'agent cli'
)
# These compute the configuration and the plan from texts and structures, without I/O.
pure=(src/{util,finding,want,facts,plan}/*.c src/trial/{state,mark}.c src/apply/{steps,reason}.c
  src/cli/import/!(files|host|import).c src/cli/record/mask.c src/cli/image/{cpio,newc,pe,uki}.c)
# Functions that do I/O, also in their fortified forms.
io='_*(root_[a-z_]+|module_[a-z_]+|open(at|at2|dir)?|creat|f(d?open|dopendir|accessat|stat|statat)|'
io+='p?readv?|p?writev?|readlink(at)?|l?stat|access|unlink(at)?|rename(at)?|mkdir(at)?|syscall|'
io+='ioctl|socket|popen|system|execv?[a-z]*|fork|getenv|f?puts|fwrite|v?f?printf|ini_parse(_file)?)'

ran=0
# result WHAT OFFENDERS: one test, which passes if there are no offenders.
result() {
  ran=$((ran + 1))
  if [[ $2 ]]; then
    printf 'not ok %d - %s\n' "$ran" "$1"
    # shellcheck disable=SC2001 # each line
    sed 's/^/#   /' <<<"$2"
  else
    printf 'ok %d - %s\n' "$ran" "$1"
  fi
}

skip() {
  ran=$((ran + 1))
  printf 'ok %d - %s # SKIP %s\n' "$ran" "$1" "$2"
}

# Prints what the sources name themselves, without src/, as lines `SOURCE HEADER`.
named() {
  grep -r --include='*.[ch]' '^#include "' src | sed 's,^src/\([^:]*\):#include "\(.*\)".*,\1 \2,'
}

upward_includes() {
  awk '
    NR == FNR { for (i = 1; i <= NF; i++) floor[$i] = FNR; next }
    { from = $1; to = $2; sub("/.*", "", from); sub("/.*", "", to) }
    from != to && !(to in floor && floor[to] < floor[from])
  ' <(printf '%s\n' "${floors[@]}") <(named)
}

# Prints includes between folders of one folder.
sideward_includes() {
  named | awk '
    { split($1, from, "/"); split($2, to, "/") }
    from[3] && to[3] && from[1] == to[1] && from[2] != to[2]
  '
}

# Prints modules that include each other. NAME.c and NAME.h are one module.
circles() {
  { named | sed 's/\.[ch]\( \|$\)/\1/g' | awk '$1 != $2' | tsort >/dev/null; } 2>&1
}

namesakes() {
  ctags -x --_xformat='%N %F:%n' --c-kinds=gsu -R src | sort |
    awk '$1 == name { print before; print } { name = $1; before = $0 }' | uniq
}

# Prints what the sources include, also indirectly, as lines `SOURCE HEADER`.
includes() {
  local source
  for source in "$@"; do
    "${CC:-cc}" -D_GNU_SOURCE -Isrc -M -MT "$source" "$source" ||
      echo "$source: cannot-be-preprocessed"
  done | awk '{
    sub(/\\$/, "")
    for (i = 1; i <= NF; i++)
      if ($i ~ /:$/) source = substr($i, 1, length($i) - 1)
      else print source, $i
  }'
}

io_includes() {
  includes "${pure[@]}" | grep -E ' (src/(system|probe)/[a-z_/]*\.h|/.*/include/fcntl\.h|cannot-be-.*)$'
}

# Prints lines `OBJECT FUNCTION`, without the message that memory.c prints before it ends the program.
io_calls() {
  local source object
  for source in "${pure[@]}"; do
    object=$build/obj/${source%.c}.o
    nm -u --format=posix "$object" 2>&1 | awk -v object="$object" '{ print object, $1 }'
  done | grep -vx "$build/obj/src/util/memory.o write" | grep -E " (nm:|$io(_chk|_2|64)*)\$"
}

writable_globals() {
  find "$build/obj/src" "$build/agent/src" -name '*.o' -exec objdump -t {} + |
    awk '/file format/ { file = $1 } $0 ~ / O \.(data|bss)/ && $0 !~ /\.data\.rel\.ro/ { print file, $NF }'
}

sources() {
  find . \( -name .git -o -path ./build -o -path "./${build#./}" \) -prune -o -type f "$@" -print
}

without_licence() {
  {
    sources \( -name '*.[ch]' -o -name '*.sh' -o -name Makefile -o -name '.clang-*' \
      -o -name '*.service' \)
    sources -perm -u+x
  } | sort -u | xargs grep -L '^[#/* ]*SPDX-License-Identifier: GPL-2\.0-or-later'
}

long_functions() {
  ctags -x --_xformat='%F:%n %N %e' --c-kinds=f --fields=+ne -R src tests/unit |
    awk -v max="$max_lines" '{ split($1, at, ":") } $3 - at[2] >= max { print }'
}

result 'pure sources include neither system/ nor fcntl.h, nor does what they include' \
  "$(io_includes)"
if [[ -d $build/obj ]]; then
  result 'pure sources call nothing that does I/O' "$(io_calls)"
  result 'there are no writable globals' "$(writable_globals)"
else
  skip 'pure sources call nothing that does I/O' "no objects in $build"
  skip 'there are no writable globals' "no objects in $build"
fi
result 'no folder includes what is above it or beside it' "$(upward_includes)"
result 'no folder in a folder includes what is beside it' "$(sideward_includes)"
result 'no module includes itself by way of others' "$(circles)"
result 'libkmod.h is included by src/system/kmod.c only' \
  "$(grep -rl --include='*.[ch]' '^#include <libkmod' src | grep -vx src/system/kmod.c)"
result 'report/json_value.h is included in src/report/ only' \
  "$(named | awk '$2 == "report/json_value.h" && $1 !~ "^report/" { print $1 }')"
result 'every source says its licence' "$(without_licence)"
result 'no two functions of tests/programs have one name: one shell has them all' \
  "$(grep -hoE '^[a-z0-9_]+\(\)' tests/programs/*.sh | sort | uniq -d)"
if ctags --version 2>/dev/null | grep -q Universal; then
  result "no function is over $max_lines lines" "$(long_functions)"
  result 'no two types have one name' "$(namesakes)"
else
  skip "no function is over $max_lines lines" 'needs universal-ctags'
  skip 'no two types have one name' 'needs universal-ctags'
fi
echo "1..$ran"
