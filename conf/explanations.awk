# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the texts of `passthru explain` from those of the manual: awk -f conf/explanations.awk
# conf/passthru-findings.7.scd conf/passthru-report.5.scd. An entry of the first is a line "@CODE@", of the
# second a line "*STATE*" in the section STATES; the indented lines below are its text.

# TEXT without scdoc's marks.
function plain(text,   out, i, c) {
  gsub(/\*/, "", text)
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (c == "\\") {
      c = substr(text, ++i, 1)
    } else if (c == "_" && (substr(text, i - 1, 1) !~ /[A-Za-z0-9]/ || substr(text, i + 1, 1) !~ /[A-Za-z0-9]/)) {
      c = ""
    }
    out = out c
  }
  return out
}

function close_entry() {
  if (word == "")
    return
  gsub(/[\\"]/, "\\\\&", prose)
  printf "\t{ \"%s\", %s,\n\t  \"%s\" },\n", word, is_state ? "true" : "false", prose
  word = prose = ""
}

BEGIN {
  print "/* Made by conf/explanations.awk. */"
  print "#include \"cli/explanation.h\"\n"
  print "const struct explanation explanations[] = {"
}

FNR == 1 { is_state = NR != 1 }
/^# / { close_entry(); in_states = $0 == "# STATES" }
/^@[a-z-]*@$/ && !is_state { close_entry(); word = substr($0, 2, length($0) - 2); next }
/^\*[a-z]*\*$/ && is_state && in_states { close_entry(); word = substr($0, 2, length($0) - 2); next }
/^\t/ && word != "" { prose = prose (prose == "" ? "" : " ") plain(substr($0, 2)); next }
/^[^\t]/ { close_entry() }

END {
  close_entry()
  print "};\n\nconst size_t explanation_count = ARRAY_SIZE(explanations);"
}
