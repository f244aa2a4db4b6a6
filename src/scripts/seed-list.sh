#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Divides a datadir into tasks: each is copied, checked and, after a break, sent again as one.
#   seed-list.sh root=ROOT reader=READER folder=FOLDER task_bytes=BYTES beside=KIND=PATH... pattern=PATTERN...
#     PATTERN: find -path below ROOT, left out with everything below it
#     KIND=PATH: data that the server keeps outside of its datadir (place-files.sh): redo, undo, doublewrite, aria: a folder; innodb-file: a file
# Files of KIND=PATH are listed with their names there, as if they were at the top of ROOT: the target's new data has
# them there. Files of that kind at the top of ROOT itself are not read by the server then, and are left out. READER:
# the account, user:group, that reads ROOT if it can still write there; '': ROOT can't change, and root reads it. A task
# is some whole files, or a range of a large one. FOLDER/tasks/N has a line for each: kind (f file, r range, h range of
# a file with holes), mode,
# offset, length, path, with tabs between; FOLDER/sizes has task N's bytes in line N; FOLDER/wholes a line for each task
# of files, and for all the ranges of a large one together: first task, last task, bytes; FOLDER/roots: read-roots.sh.
# FOLDER/list is what the target gets (seed-receive.sh): a line for each folder (0, d, mode, 0, 0, path), one for each
# line of a task (the task before it), and `end TASKS FILES BYTES`. Modes have no setuid, setgid or sticky bit, and the
# account may read and write its own files. The same datadir is always divided in the same way. Says: tasks, files and
# bytes in all. Ends with 3 if the datadir contains something that can't be copied: nothing was written.
set -u
umask 077
declare_words 'root reader folder task_bytes beside... pattern...' "$@"
max_lines=2000000 max_bytes=268435456
# Of names_of_kind.
alone='' folders=''

as_reader() { if [ -n "$reader" ]; then as_account "$reader" "$@"; else "$@"; fi; }
tab=$(printf '\t')
rm -rf "$folder/part" && mkdir -p "$folder/part/tasks" || exit 1
: >"$folder/part/places"
note_places() {
  for each in "$@"; do
    case $each in
      redo=/* | undo=/* | doublewrite=/* | aria=/* | innodb-file=/*) printf '%s %s\n' "${each%%=*}" "${each#*=}" >>"$folder/part/places" ;;
      *) refuse "no place beside a datadir: $each" ;;
    esac
  done
}
eval "note_places $beside"
eval "set -- $pattern"

# Every pattern becomes `-path ./PATTERN -prune -o`.
count=$#
while [ "$count" -gt 0 ]; do
  set -- "$@" -path "./$1" -prune -o
  shift
  count=$((count - 1))
done
# tops WORD...: the folders at the top of the working directory, except a server's own (#) and those that these words of
# find leave out.
tops() { as_reader find . -xdev -mindepth 1 -maxdepth 1 "$@" -type d ! -name '#*' -printf '%P\n'; }
enter_root "$root"
owner=$(stat -c %u .) || exit 1
tops "$@" >"$folder/part/tops" || exit 1
while read -r kind path; do
  names_of_kind "$kind" "$path"
  set -- "$@" -type f -regex "\./($alone)" -prune -o -type d -regex "\./($folders)" -prune -o
done <"$folder/part/places"

# look FIND...: adds the result to `found`, `odd`, `folders` and `listed-N`, all in the working directory.
number=0
look() {
  odd=$("$@" \( -name '*[[:cntrl:]]*' -o ! -type f ! -type d ! -type s ! -type p \) -print0 |
    tr '\n\0' '?\n' | head -n 1 | tr '\001-\011\013-\037\177' '?')
  [ -z "$odd" ] || refuse "$odd can't be copied: it is a link or a device, or has a control character in its name"
  "$@" -type d ! -path . -printf '%m\t%P\n' >>"$folder/part/found-folders" || exit 1
  "$@" -type f -printf '%m\t%s\t%b\t%P\n' >"$folder/part/found" || exit 1
  sort -t "$tab" -k 4 "$folder/part/found" >"$folder/part/listed-$number" || exit 1
  printf '%s\n' "$PWD" >"$folder/part/root-$number"
}
look as_reader find . -regextype posix-extended "$@"
# A folder is a database: patterns for places outside of the datadir must not leave one out.
lacking=$(awk -F '\t' -v listed="$folder/part/found-folders" 'FILENAME == listed { seen[$2] = 1; next } !($1 in seen) { print $1; exit }' \
  "$folder/part/found-folders" "$folder/part/tops") || exit 1
[ -z "$lacking" ] || fail "$root/$lacking would not be copied: it was there, and is not in the list of what is"
while read -r kind path <&3; do
  number=$((number + 1))
  enter_root "$(folder_of "$kind" "$path")"
  unlike=$(unlike_kind "$kind" "$path" .)
  [ -z "$unlike" ] || refuse "$unlike in $PWD has the name of a file of the server's $kind, and is a link or a folder: it can't be copied"
  # The server's own process named the place. A file of that name which is not its account's may be readable by root
  # alone.
  others=$(below_kind as_reader "$kind" "$path" ! -uid "$owner" -printf '%P\0' -quit | tr '\001-\037\177' '?' | tr -d '\000')
  [ -z "$others" ] || refuse "$others in $PWD is not of the account that the datadir is of: it is not taken for the server's"
  look below_kind as_reader "$kind" "$path"
  # The server had such files there when it was checked: without them the data is incomplete.
  [ -s "$folder/part/listed-$number" ] || refuse "$PWD has no file of $kind: the server had its files there before the data was held still"
done 3<"$folder/part/places"
if [ "$number" -gt 0 ]; then
  twice=$({ cut -f 4 "$folder/part"/listed-* && cut -f 2 "$folder/part/found-folders" | sort -u; } | sort | uniq -d | head -n 1)
  [ -z "$twice" ] || refuse "$twice lies in two folders of the server: on a target it would be one file"
fi
set --
while [ $# -le "$number" ]; do set -- "$@" "$folder/part/listed-$#"; done
sort -t "$tab" -k 2 -u "$folder/part/found-folders" >"$folder/part/folders" || exit 1
awk -F '\t' -v limit="$task_bytes" -v out="$folder/part" -v OFS='\t' '
  function mode_for(mode, least) {
    mode = sprintf("%03d", mode % 1000)
    return (substr(mode, 1, 1) % 2 + least) substr(mode, 2)
  }
  function line(first, task, kind, mode, offset, length_, path,   text) {
    text = sprintf("%s\t%s\t%.0f\t%.0f\t%s", kind, mode, offset, length_, path)
    print text >> (out "/tasks/" task)
    close(out "/tasks/" task)
    print task, text > (out "/cut")
    size[task] += length_
    last[first] = task
    whole[first] += length_
  }
  FILENAME ~ /folders$/ {
    print 0, "d", "7" substr(sprintf("%03d", $1 % 1000), 2), 0, 0, $2 > (out "/cut")
    next
  }
  FNR == 1 {
    # A task has one folder.
    small = 0
    number = FILENAME; sub(/.*-/, "", number)
    getline path < (out "/root-" number)
    printf "%d %s\n", tasks + 1, path > (out "/roots")
  }
  {
    mode = mode_for($1, 6)
    files++
    bytes += $2
    if ($2 > limit) {
      first = tasks + 1
      # Of page_compressed and COMPRESSION the disk has less than the size says.
      kind = $3 * 512 + 4096 <= $2 ? "h" : "r"
      for (offset = 0; offset < $2; offset += limit)
        line(first, ++tasks, kind, mode, offset, ($2 - offset < limit ? $2 - offset : limit), $4)
    } else {
      if (small == 0 || held + $2 > limit || names >= 2000) { small = ++tasks; held = 0; names = 0 }
      line(small, small, "f", mode, 0, $2, $4)
      held += $2
      names++
    }
  }
  END {
    for (task = 1; task <= tasks; task++) {
      printf "%.0f\n", size[task] > (out "/sizes")
      if (task in last) printf "%d %d %.0f\n", task, last[task], whole[task] > (out "/wholes")
    }
    printf "%.0f %.0f %.0f\n", tasks, files, bytes
  }
' "$folder/part/folders" "$@" >"$folder/part/total" || exit 1
read -r tasks files bytes <"$folder/part/total"
[ "$files" -gt 0 ] || refuse "$root holds no file to copy"
{ sort -s -n -k 1,1 "$folder/part/cut" && printf 'end\t%s\t%s\t%s\n' "$tasks" "$files" "$bytes"; } >"$folder/part/list" || exit 1
if [ "$(wc -l <"$folder/part/list")" -gt "$max_lines" ] || [ "$(wc -c <"$folder/part/list")" -gt "$max_bytes" ]; then
  refuse "$root holds more files than a seed takes: $files (at most $max_lines, with $max_bytes bytes of names)"
fi
for made in tasks sizes wholes roots list total; do
  rm -rf "${folder:?}/$made" && mv "$folder/part/$made" "$folder/$made" || exit 1
done
rm -rf "$folder/part"
cat "$folder/total"
