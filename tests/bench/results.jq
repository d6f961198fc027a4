# SPDX-License-Identifier: GPL-2.0-or-later
# Makes one object of the lines that the benchmarks write: the medians (the minimum where a busy machine can
# only make it longer), and the goals.
def median: sort | .[length / 2 | floor];
def numbers: map(tonumber? // .);

[inputs / " " | numbers] as $lines
| def rows($kind): $lines | map(select(.[0] == $kind));
  (rows("time") | group_by(.[1:4])
   | map({way: .[0][1], listed: .[0][2], of: .[0][3], us: (map(.[4]) | median), kib: (map(.[5]) | max)})) as $bind
| (rows("boot") + rows("tree") | group_by(.[0])
   | map({on: .[0][0], devices: .[0][1], us: (map(.[2]) | min), kib: (map(.[3]) | max)})) as $scale
| (rows("xen") | group_by(.[1:3])
   | map({way: .[0][1], functions: .[0][2], ms: (map(.[3]) | median)})) as $xen
| (rows("cold") | map({modules: .[1], way: .[2], functions: .[3], us: .[4], kib: .[5]})) as $cold
| (rows("whole") | group_by(.[1])
   | map({way: .[0][1], us: (map(.[2]) | median), min_us: (map(.[2]) | min), max_us: (map(.[2]) | max)})) as $whole
| (rows("growth") | map({row: .[1], size: .[2], us: .[3], kib: .[4], status: .[5]})) as $growth
| (rows("trace") | map(join(" ") | capture("^trace [0-9]+ +(?<call>[a-z0-9_]+)\\((?<rest>.*)"))) as $calls
| def us($way; $listed; $of): $bind[] | select(.way == $way and .listed == $listed and .of == $of) | .us;
  def scale($on): $scale[] | select(.on == $on);
  def cold($way; $functions): $cold[] | select(.modules == "plain" and .way == $way and .functions == $functions) | .us;
  def whole($way): $whole[] | select(.way == $way) | .us;
  def ms($way; $functions): $xen[] | select(.way == $way and .functions == $functions) | .ms;
  def seizing($functions): ms("agent"; $functions) - ms("again"; $functions);
  def goal($what; $value; $limit): {goal: $what, value: $value, limit: $limit, met: ($value <= $limit)};
  {
    cold: $cold,
    whole: $whole,
    growth: $growth,
    bind: $bind,
    scale: $scale,
    xen: $xen,
    size: rows("size")[0][1],
    calls: ($calls | group_by(.call) | map({call: .[0].call, count: length}) | sort_by(-.count)),
    read_again: ($calls | map(select(.call | startswith("open"))
                              | select(.rest | test("O_RDONLY") and (test("ENOENT|O_PATH|O_DIRECTORY") | not))
                              | .rest | capture("\"(?<path>[^\"]*)\"").path)
                 | group_by(.) | map(select(length > 1) | {path: .[0], count: length})),
    goals: [
      (1, 8, 64 | . as $n | goal("cold, \($n) functions: agent to modprobe and floor"; cold("agent"; $n) / cold("floor"; $n); 0.95)),
      goal("cold, 230 functions: agent to modprobe and floor"; cold("agent"; 230) / cold("floor"; 230); 1.2),
      goal("whole boot, no rule: more than without passthru, %"; (whole("passthru-0") / whole("none") - 1) * 100; 0.1),
      goal("whole boot, 8 devices: to the kernel's own options"; whole("passthru-8") / whole("ids"); 1),
      goal("230 listed: agent to floor"; us("agent"; 230; 230) / us("floor"; 230; 230); 1.5),
      goal("Xen, 16 functions: --verify when all is bound, ms"; ms("verify"; 16); 10),
      goal("1 listed: agent less floor, ms"; (us("agent"; 1; 1) - us("floor"; 1; 1)) / 1000; 3),
      goal("8 of 230 listed: agent to floor with a look at all"; us("agent"; 8; 230) / us("floor+scan"; 8; 230); 1.25),
      goal("1 of 230 listed: agent less floor, ms"; (us("agent"; 1; 230) - us("floor"; 1; 230)) / 1000; 2.5),
      goal("230 listed: agent to a 40th of driverctl"; us("agent"; 230; 230) * 40 / us("driverctl"; 230; 230); 1),
      goal("4,026 functions, s"; scale("boot").us / 1e6; 1),
      goal("4,026 functions, MiB"; scale("boot").kib / 1024; 4),
      goal("65,536 functions in a directory, s"; scale("tree").us / 1e6; 1.5),
      goal("65,536 functions in a directory, MiB"; scale("tree").kib / 1024; 16),
      goal("Xen: seizing 16 to seizing 1"; seizing(16) / seizing(1); 2),
      goal("Xen: seizing 16 to an 8th of one by one"; seizing(16) * 8 / ms("shell"; 16); 1),
      goal("agent, stripped, KB"; rows("size")[0][1] / 1000; 240)
    ]
  }
