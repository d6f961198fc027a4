# SPDX-License-Identifier: GPL-2.0-or-later
# The results as text.
def pad($n): tostring | if length < $n then " " * ($n - length) + . else . end;
def left($n): tostring | . + " " * ([$n - length, 0] | max);
def fixed($n): . * pow(10; $n) | round | tostring
  | if length <= $n then "0" * ($n + 1 - length) + . else . end
  | .[:length - $n] + "." + .[length - $n:];
def ms: . / 1000 | fixed(2);

. as $r
| def us($way; $row): $r.bind[] | select(.way == $way and .listed == $row[0] and .of == $row[1]) | .us;
  def cold($row; $way): [$r.cold[] | select(.modules == $row[0] and .functions == $row[1] and .way == $way) | .us][0];
  "cold start, no module loaded; ms of guest time that counts instructions",
  (["modules", "functions", "agent", "floor", "ids=", "driverctl", "agent/floor"] | map(pad(11)) | join("")),
  ($r.cold | map([.modules, .functions]) | unique[]
   | . as $row
   | [.[0], .[1], (["agent", "floor", "ids", "driverctl"][] as $way | cold($row; $way) | if . then ms else "-" end),
      (cold($row; "agent") / cold($row; "floor") | fixed(2))]
   | map(pad(11)) | join("")),
  "",
  "whole boot, to the first unit of the real root; ms that the processor was at work",
  (($r.whole[] | select(.way == "none").us) as $without
   | $r.whole[] | "\(.way | left(12)) \(.us | ms | pad(9)) \((.us / $without - 1) * 100 | fixed(2) | pad(6)) %   (\(.min_us | ms) to \(.max_us | ms))"),
  "",
  "growth; n is a quarter of what the programs are made for",
  ($r.growth | group_by(.row)[] | sort_by(.size) | . as [$little, $n, $all]
   | "\($all.row | left(12)) \($all.size | pad(9)): \($all.us / 1e6 | fixed(2) | pad(7)) s, \($all.kib / 1024 | fixed(1) | pad(6)) MiB, \(
       4 * (($all.us - $little.us) / ($all.size - $little.size)) / (($n.us - $little.us) / ($n.size - $little.size)) | fixed(2)
     ) times n"),
  "",
  "vfio-pci, loaded already; ms of guest time that counts instructions",
  (["listed", "of", "floor", "with look", "agent", "loop", "driverctl", "agent/floor", "driverctl/agent"] | map(pad(11)) | join("")),
  ($r.bind | map([.listed, .of]) | unique[]
   | . as $row
   | [.[0], .[1], (us("floor"; $row), us("floor+scan"; $row), us("agent"; $row), us("loop"; $row), us("driverctl"; $row) | ms),
      (us("agent"; $row) / us("floor"; $row) | fixed(2)), (us("driverctl"; $row) / us("agent"; $row) | fixed(1))]
   | map(pad(11)) | join("")),
  "",
  "one listed among very many",
  ($r.scale[] | "\(.devices | pad(7)) functions in a \(if .on == "boot" then "boot" else "directory" end): \(.us / 1e6 | fixed(2)) s, \(.kib / 1024 | fixed(1)) MiB"),
  "",
  "system calls with one listed of 230: \($r.calls | map(.count) | add), of these \($r.calls[:6] | map("\(.count) \(.call)") | join(", "))",
  "files read more than once: \(if $r.read_again == [] then "none" else $r.read_again | map("\(.path) \(.count)") | join(", ") end)",
  "",
  "xen-pciback, ms",
  ($r.xen | map(.functions) | unique[]
   | . as $n
   | [$r.xen[] | select(.functions == $n)] | map("\(.way) \(.ms)") | "\($n | pad(4)) functions: \(join(", "))"),
  "",
  ($r.goals[] | "\(if .met then "met    " else "NOT MET" end)  \(.goal | left(52)) \(.value | fixed(2) | pad(7)), at most \(.limit)")
