#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# picture.sh BUILD FILE: writes the picture of the demo's machine in README.md: FILE.dot, and FILE.svg where
# there is Graphviz. The machine is the recorded one, with the rules of README.md.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
# shellcheck source=tests/demo-tree.sh
source tests/demo-tree.sh

build=$1 file=$2
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

demo_tree "$build" "$tree"
demo_rules "$tree"
"$build/passthru" list --dot --root "$tree" >"$file.dot"
if command -v dot >/dev/null; then
  "$build/passthru" list --svg --root "$tree" >"$file.svg"
fi
