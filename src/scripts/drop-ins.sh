#!/bin/sh
# Our drop-ins for a unit. systemd reads all of a unit's drop-ins sorted by name, whichever folder they are in, and an
# empty ExecStart=, Condition...= or Assert...= in a later one cancels ours. So our name sorts after the names that a
# shop uses, and afterwards the result of systemd is checked. A fragment of the scripts that write one, and of
# leftovers.sh.

# drop_in_name KEY: KEY is JOB, JOB-start or JOB-still.
drop_in_name() { echo "zzzz-reseed-$1.conf"; }
# older_drop_in FILE: the name in earlier builds.
older_drop_in() { echo "${1%/*}/${1##*/zzzz-}"; }
# has_drop_in FILE: whether it exists under either name.
has_drop_in() { [ -e "$1" ] || [ -e "$(older_drop_in "$1")" ]; }
# remove_drop_in FILE
remove_drop_in() {
  older=$(older_drop_in "$1")
  rm -f -- "$1" "$1.part" "$older" "$older.part" || return
  rmdir -- "${1%/*}" 2>/dev/null
  return 0
}

# taken_back UNIT FILE FORM: after daemon-reload: prints nothing if our FILE is in effect; otherwise the reason. FORM:
# an extended regular expression for a line by which a later file cancels it.
taken_back() {
  later=$(systemctl cat "$1" 2>/dev/null | OURS="# $2" FORM=$3 awk '
    /^# \// { file = substr($0, 3); if ($0 == ENVIRON["OURS"]) { seen = 1; mine = 1 } else mine = 0; next }
    /^[#;]/ { next }
    /\\$/ { sub(/\\$/, ""); line = line $0 " "; next }
    { line = line $0; if (seen && !mine && by == "" && line ~ ENVIRON["FORM"]) by = file; line = "" }
    END { print seen ? by : "unread" }')
  case $later in
    '') ;;
    unread) echo "systemd does not read $2: systemctl cat $1 does not show it" ;;
    *) echo "$later is read after ${2##*/} and takes back what that says: give it a name that sorts before zzzz-reseed, or remove it; then systemctl daemon-reload, and try again" ;;
  esac
}
