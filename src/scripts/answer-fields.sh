#!/bin/sh
# The answers of a client that stays open, by fields. A fragment of take-snapshot.sh and seed-dump.sh.
# The client prints XML: a value that has newlines (the text of an error, which an account of a database or a source can choose) makes no field, no row
# and no end of an answer of its own, as it did with --vertical.

# with_end SQL >SESSION: the question, and what marks the end of its answer.
with_end() { printf "%s;\nSELECT 'said' AS reseed_mark;\n" "$1"; }
# hear_fields FILE <SESSION: writes the answer up to that mark into FILE: `*** row` before each row, then `NAME: VALUE`, newlines in it as blanks.
# Fails if the session is lost.
hear_fields() {
  heard=$1.xml
  case $1 in /dev/null) heard=$1 ;; esac
  : >"$heard"
  while IFS= read -r line; do
    case $line in *'<field name="reseed_mark">said</field>'*) fields_of "$heard" >"$1" && return ;; esac
    printf '%s\n' "$line" >>"$heard"
  done
  return 1
}
fields_of() {
  awk '
    function plain(text) {
      gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&amp;/, "\\&", text)
      return text
    }
    /^  <row>$/ && !open { begins = 1 }
    !open && /^\t<field name="/ { open = 1; value = ""; joint = "" }
    open {
      value = value joint $0
      joint = " "
      if ($0 !~ /<\/field>$| xsi:nil="true" \/>$/) next
      open = 0
      sub(/^\t<field name="/, "", value)
      name = value
      sub(/".*/, "", name)
      value = substr(value, length(name) + 2)
      if (value == " xsi:nil=\"true\" />") value = "NULL"
      else { sub(/^>/, "", value); sub(/<\/field>$/, "", value) }
      if (begins) print "*** row"
      begins = 0
      print plain(name) ": " plain(value)
    }
  ' "$1"
}
