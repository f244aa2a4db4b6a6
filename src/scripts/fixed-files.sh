#!/bin/sh
# What in a datadir, and in the places beside it, the kernel renames for no account, root neither. A fragment of seed-facts.sh. Reads only.
# chattr +i and +a: neither the file nor the folder that has it. A project quota (XFS, ext4): a file into a folder that hands its own
# project on to what comes in. The files are opened as the account, which can have put anything there.

# tell_fixed DATADIR: `place KIND PATH` lines on standard input. Says
#   fixed i|a PATH           immutable, append-only; the first three, and fixed_count N
#   other_project ID PATH    of another project than its folder, whose project is ID; the first
#   fixed_unknown WHY        it could not be looked at, or not all of it
tell_fixed() {
  if ! command -v lsattr >/dev/null; then
    echo 'fixed_unknown this host has no lsattr'
    return
  fi
  by='' attributes='lsattr -pd'
  if [ "$(id -u)" = 0 ]; then by="as_account $(stat -c %U:%G -- "$1")"; fi
  # One of before e2fsprogs 1.43 knows no projects.
  case $(lsattr -pd / 2>&1) in *'invalid option'*) attributes='lsattr -d' ;; esac
  {
    in_folder "$1" find . -xdev -maxdepth 2 \( -path './.reseed-*' -o -path ./lost+found \) -prune -o \( -type f -o -type d \) -print0
    sort -u | while read -r _ kind path; do
      case $kind in redo | undo | doublewrite | aria | binlog | relaylog | binlog-index | relaylog-index | relay-info | master-info) ;; *) continue ;; esac
      case $path in "$1"/*) ;; "$1") ;; *) in_folder "$(folder_of "$kind" "$path")" place_files "$kind" "$path" ;; esac
    done
  } | told_fixed
}
place_files() { printf '.\0' && below_kind command "$1" "$2" -print0; }

# in_folder FOLDER COMMAND...: `in FOLDER`, and what lsattr says of the files that the command names there, a NUL behind each.
in_folder() (
  folder=$1
  shift
  cd -P -- "$folder" 2>/dev/null || exit 0
  printf 'in %s\n' "$folder"
  # shellcheck disable=SC2086  # words
  "$@" 2>/dev/null | { $by timeout 20 xargs -0 -r $attributes -- 2>&1; echo "status $?"; } | tr -c '\n[:print:]\200-\377' '?'
)

told_fixed() {
  awk '
    /^in / { folder = substr($0, 4); handing = ""; next }
    /^status (124|137)$/ { slow = folder; next }
    /^lsattr: Permission denied/ { denied++; next }
    {
      project = ""
      if ($1 ~ /^[0-9]+$/ && $2 ~ /^[A-Za-z-]+$/) { project = $1; flags = $2; sub(/^ *[0-9]+ /, "") } else if ($1 ~ /^[A-Za-z-]+$/ && NF > 1) flags = $1; else next
      sub(/^[^ ]+ /, "")
      path = $0 == "." ? folder : folder substr($0, 2)
      if ($0 !~ /^\.(\/|$)/) next
      if (flags ~ /[ia]/ && ++count <= 3) print "fixed " (flags ~ /i/ ? "i" : "a") " " path
      if ($0 == "." && flags ~ /P/) handing = project
      if (handing != "" && project != handing && $0 !~ /\/.*\// && !other++) print "other_project " handing " " path
    }
    END {
      if (count) print "fixed_count " count
      if (slow != "") print "fixed_unknown " slow " was not looked at within 20 s"
      else if (denied) print "fixed_unknown the account of the server can not read " denied " of its files"
    }'
}
