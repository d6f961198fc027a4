# SPDX-License-Identifier: GPL-2.0-or-later
# Draws the boot's critical path, to the first unit of the real root, as SVG: one bar for a boot without passthru and
# one for a boot with it, from the lines `phase WAY MICROSECONDS MESSAGE` of whole-boot.sh; below the second bar the
# unit of passthru that works; passthru-rescue.service only waits. The same lines make the same picture.

# A phase ends with the first message that has these words.
BEGIN {
  ways = split("none passthru-8", way, " ")
  title["none"] = "without"
  title["passthru-8"] = "passthru, 8 devices"
  phases = split("kernel|systemd|before udev|udevd|coldplug, root device|mount|switch root, systemd", phase, "|")
  split("System time before|Queued start job for default target initrd|Starting systemd-udevd|Started systemd-udevd|" \
    "Found device dev-pmem0|Mounted sysroot.mount|Starting passthru-bench", end, "|")
  split("#b8c4d6 #d9dfe8 #e8c99b #d9dfe8 #b8c4d6 #d9dfe8 #b8c4d6", colour, " ")
  units = split("passthru-init.service", unit, "|")
  scale = 900 / 5600000 # of a microsecond
  left = 150
}

$1 == "phase" {
  time = $3
  message = $0
  sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", message)
  for (p = 1; p <= phases; p++)
    if (!(($2, p) in at) && index(message, end[p]))
      at[$2, p] = time
  for (u = 1; u <= units; u++) {
    if (!(($2, u) in from) && message ~ "^Start(ing|ed) " unit[u])
      from[$2, u] = time
    if (!(($2, u) in to) && (index(message, "Finished " unit[u]) == 1 || index(message, unit[u] ": Deactivated") == 1))
      to[$2, u] = time
  }
}

function text(x, y, size, anchor, what) {
  printf "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\">%s</text>\n", x, y, size, anchor, what
}

function box(x, y, width, height, fill) {
  printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" stroke=\"white\"/>\n",
    x, y, width, height, fill
}

function draw_way(name, y,    p, before, x, width) {
  text(left - 10, y + 20, 13, "end", title[name])
  before = 0
  for (p = 1; p <= phases; p++) {
    x = left + before * scale
    width = (at[name, p] - before) * scale
    box(x, y, width, 30, colour[p])
    text(x + width / 2, y + 20, 11, "middle", sprintf("%d", (at[name, p] - before) / 1000 + 0.5))
    before = at[name, p]
  }
  text(left + before * scale + 8, y + 20, 13, "start", sprintf("%d ms", before / 1000 + 0.5))
}

# The names above the first bar, on two lines in turn.
function draw_names(name, y,    p, before) {
  before = 0
  for (p = 1; p <= phases; p++) {
    text(left + (before + at[name, p]) / 2 * scale, y - (p % 2 ? 8 : 22), 11, "middle", phase[p])
    before = at[name, p]
  }
}

function draw_units(name, y,    u) {
  for (u = 1; u <= units; u++) {
    if (!((name, u) in from) || !((name, u) in to))
      continue
    box(left + from[name, u] * scale, y + (u - 1) * 20, (to[name, u] - from[name, u]) * scale, 14, "#c0504d")
    text(left + to[name, u] * scale + 5, y + (u - 1) * 20 + 11, 11, "start",
      sprintf("%s %d", unit[u], (to[name, u] - from[name, u]) / 1000 + 0.5))
  }
}

END {
  for (w = 1; w <= ways; w++)
    for (p = 1; p <= phases; p++)
      if (!((way[w], p) in at)) {
        print "picture.awk: no message of " way[w] ": " end[p] >"/dev/stderr"
        exit 1
      }
  print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1150\" height=\"180\" font-family=\"sans-serif\">"
  print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
  draw_names("none", 45)
  for (w = 1; w <= ways; w++)
    draw_way(way[w], 50 + (w - 1) * 45)
  draw_units("passthru-8", 135)
  text(left, 172, 11, "start", "milliseconds of guest time, one for a million instructions")
  print "</svg>"
}
