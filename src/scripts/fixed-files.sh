#!/bin/sh
# Files in a datadir, and in the places beside it, that the kernel lets no account rename, not even root. A fragment of
# seed-facts.sh. Reads only. chattr +i and +a: neither the file itself nor the files in a folder that has it. A project
# quota (XFS, ext4): a file can't be moved into a folder that passes its own project on. The files are opened as the
# account, which may have put anything there.

# tell_fixed DATADIR: `place KIND PATH` lines on standard input. Says
#   fixed i|a|ia PATH        immutable, append-only, both; the first three, and fixed_count N
#   other_project ID PATH    of another project than its folder, whose project is ID; the first
#   fixed_unknown WHY        it could not be checked, or not completely
tell_fixed() {
  if ! command -v lsattr >/dev/null; then
    echo 'fixed_unknown this host has no lsattr'
    return
  fi
  by=''
  if [ "$(id -u)" = 0 ]; then by="as_account $(stat -c %U:%G -- "$1")"; fi
  {
    in_folder "$1" find . -xdev -maxdepth 2 \( -path './.reseed-*' -o -path ./lost+found \) -prune -o \( -type f -o -type d \) -print0
    sort -u | while read -r _ kind path; do
      case $kind in redo | undo | doublewrite | aria | binlog | relaylog | binlog-index | relaylog-index | relay-info | master-info | ddl-recovery) ;; *) continue ;; esac
      case $path in "$1"/*) ;; "$1") ;; *) in_folder "$(folder_of "$kind" "$path")" place_files "$kind" "$path" ;; esac
    done
  } | told_fixed
}
place_files() { printf '.\0' && below_kind command "$1" "$2" -print0; }

# in_folder FOLDER COMMAND...: `in FOLDER`, the output of lsattr for the files that the command names there, a NUL after
# each, the complaints of both, and `status N`. A control character is shown as \001: a path with a newline would be two
# lines.
in_folder() (
  folder=$1
  shift
  printf 'in %s\n' "$folder"
  if ! cd -P -- "$folder" 2>/dev/null; then
    case $(stat -L -- "$folder" 2>&1 >/dev/null) in *': No such file or directory' | *': Not a directory') echo 'status 0' ;; *) echo 'status no way in' ;; esac
    exit
  fi
  attributes='lsattr -pd'
  # One of before e2fsprogs 1.43 knows no projects, nor does each file system.
  # shellcheck disable=SC2086  # words
  case $(timeout 5 $by lsattr -pd -- . 2>&1) in *'invalid option'* | *'reading project'*) attributes='lsattr -d' ;; esac
  {
    # shellcheck disable=SC2086  # words
    complaints=$({ "$@" 2>&4 | tr '\n' '\1' | { $by timeout 20 xargs -0 -r $attributes -- 2>&4 >&3; echo "status $?"; }; } 4>&1)
    printf '%s\n' "$complaints"
  } 3>&1 | tr '\1-\11\13-\37\177' '[\1*]'
)

# A file that went away meanwhile does not count. If the folder itself has no attributes, its file system has none
# (tmpfs), and nothing there is fixed.
told_fixed() {
  awk '
    function ends() { if (folder != "" && !ended) why = folder " was not looked at to its end" }
    /^in / { ends(); folder = substr($0, 4); handing = ""; bare = 0; unsupported = 0; ended = 0; next }
    /^status / {
      ended = 1
      if (unsupported && !bare) why = unsupported " files of " folder " tell no attributes"
      if ($2 == 124 || $2 == 137) why = "not all of " folder " was looked at: it took more than 20 s, or lsattr failed (status " $2 ")"
      else if ($2 == "no") why = "there is no way into " folder
      else if ($2 != 0 && $2 != 123) why = "lsattr failed in " folder " (status " $2 ")"
      next
    }
    /\001/ { odd++; next }
    /^(lsattr|find): .*(Permission denied|Operation not permitted)/ { denied++; next }
    /^(lsattr|find): .*No such file or directory/ { next }
    /^lsattr: (Operation not supported|Inappropriate ioctl for device) While reading flags on / { unsupported++; if (/ on \.$/) bare = 1; next }
    {
      project = ""
      if ($1 ~ /^[0-9]+$/ && $2 ~ /^[A-Za-z-]+$/) { project = $1; flags = $2; sub(/^ *[0-9]+ /, "") } else if ($1 ~ /^[A-Za-z-]+$/ && NF > 1) flags = $1; else { unclear = $0; next }
      sub(/^[^ ]+ /, "")
      path = $0 == "." ? folder : folder substr($0, 2)
      if ($0 !~ /^\.(\/|$)/) { unclear = $0; next }
      set = (flags ~ /i/ ? "i" : "") (flags ~ /a/ ? "a" : "")
      if (set != "" && ++count <= 3) print "fixed " set " " path
      if ($0 == "." && flags ~ /P/) handing = project
      if (handing != "" && project != handing && $0 !~ /\/.*\// && !other++) print "other_project " handing " " path
    }
    END {
      ends()
      if (count) print "fixed_count " count
      if (why != "") print "fixed_unknown " why
      else if (denied) print "fixed_unknown the account of the server can not read " denied " of its files"
      else if (odd) print "fixed_unknown " odd " files have a control character in their names"
      else if (unclear != "") print "fixed_unknown not understood: " substr(unclear, 1, 200)
    }'
}
