#!/bin/sh
# The data of tasks, as it comes. Part of seed-receive.sh. A call drops root's rights once, for all its tasks: one
# process of the account reads what comes, writes it, and reports what it has written. Root accepts these reports only
# for the tasks of the call, each in its turn, and keeps the list and what has landed to itself. The account can lie
# about its own files, as it can change them afterwards: the comparison finds both.
folder='' tab=''
# tar compares each name with all names in the list.
max_names=2000

# Run as the account. Descriptor 3 has a line for each task: number, kind, umask, mode, offset, length, path. Standard input
# has the bytes of each, and `whole N` after them: otherwise a range that was cut short would be filled with the bytes
# after it.
# shellcheck disable=SC2016  # of the account's shell
write_ranges='
while IFS=$0 read -r n kind mask mode offset length path <&3; do
  umask "$mask"
  # dd makes no executable file, and keeps the mode of an existing one.
  change=no
  case $offset:$mode in
    0:*[1357]*) change=yes ;;
    0:*) if [ -e "./$path" ]; then change=yes; fi ;;
  esac
  sizes=bs=1M sparse=
  # What is not written stays a hole, so it must not have been anything else before.
  if [ "$kind" = h ] && { [ ! -e "./$path" ] || fallocate -p -o "$offset" -l "$length" "./$path" 2>/dev/null; }; then
    sizes="ibs=1M obs=4K" sparse=,sparse
  fi
  dd of="./$path" $sizes iflag=fullblock,count_bytes count="$length" oflag=seek_bytes,nofollow seek="$offset" conv=notrunc$sparse status=none || exit 1
  if ! IFS= read -r line || [ "$line" != "whole $n" ]; then
    echo "task $n came cut short" >&2
    exit 1
  fi
  if [ $change = yes ]; then chmod -- "$mode" "./$path" || exit 1; fi
  echo "$n"
done
# Reads to the end: socat takes a connection with unread data for a broken one.
exec cat >/dev/null'

# Run as the account: only the files that descriptor 3 names. Prints the name of each file when it begins with it.
write_files='exec tar -xvf - -b 256 --no-same-owner --no-same-permissions --no-recursion --verbatim-files-from -T /proc/self/fd/3'

# as_writer PROGRAM WORD...: the program of the account's shell, on the unpacked input.
as_writer() {
  if [ "$how" = zstd ]; then
    # shellcheck disable=SC2016  # of the account's shell
    as_owner sh -c 'zstd -dqc | sh -c "$0" "$@"' "$@"
  else
    as_owner sh -c "$@"
  fi
}

note_landed() { : >"$folder/landed/$1" && echo "landed $1"; }

take_ranges() {
  # In the folder, so that the name of each file is its task's number.
  (cd -P -- "$folder/tasks" && awk -F '\t' -v OFS='\t' '{
    print FILENAME, $1, (7 - substr($2, 1, 1)) (7 - substr($2, 2, 1)) (7 - substr($2, 3, 1)), $2, $3, $4, $5
  }' "$@") >"$call/ranges" || return
  as_writer "$write_ranges" "$tab" 3<"$call/ranges" | note_ranges "$@"
}
note_ranges() {
  for n in "$@"; do
    IFS= read -r said && [ "$said" = "$n" ] || return
    note_landed "$n" || return
  done
}

# The name of each file, and its required state: a plain file with one name, of the mode and the size in the list.
take_files() {
  # The account's tar opens the names again, by the descriptor: the folder above is root's.
  (umask 022 && cd -P -- "$folder/tasks" && awk -F '\t' -v call="$call" '
    FNR == 1 { close(call "/want-" task); task = FILENAME; tasks[++count] = task }
    {
      print $5 > (call "/names")
      print $5 > (call "/names-" task)
      printf "%x 1 %s %s\n", 32768 + substr($2, 1, 1) * 64 + substr($2, 2, 1) * 8 + substr($2, 3, 1), $4, $5 > (call "/want-" task)
      files[task]++
      if ($4 > most) most = $4
    }
    END {
      for (n = 1; n <= count; n++) print tasks[n], files[tasks[n]] > (call "/files")
      printf "%d %.0f\n", NR, most / 512 + 1
    }' "$@") >"$call/most" || return
  read -r all most <"$call/most" || return
  [ "$all" -le "$max_names" ] || refuse "more than $max_names files are sent at once"
  {
    (ulimit -f "$most" && umask 0 && as_writer "$write_files") 3<"$call/names" || true >"$call/failed"
  } | note_files
  noted=$?
  [ "$noted" != 0 ] || [ ! -e "$call/failed" ] || noted=1
  if [ "$noted" != 0 ]; then
    for n in "$@"; do [ -e "$folder/landed/$n" ] || cat "$call/names-$n"; done | as_owner xargs -r -d '\n' rm -rf --
  fi
  return "$noted"
}
# A file is complete when tar has begun with the next one, or has ended.
note_files() {
  begun=0 through=0
  while read -r n files <&4; do
    through=$((through + files))
    while [ "$begun" -le "$through" ] && IFS= read -r _; do begun=$((begun + 1)); done
    if [ "$begun" -le "$through" ] && [ -e "$call/failed" ]; then
      echo "task $n came with files missing, or too large" >&2
      return 1
    fi
    if ! as_owner xargs -r -d '\n' stat -c '%f %h %s %n' -- <"$call/names-$n" 2>/dev/null | cmp -s - "$call/want-$n"; then
      echo "task $n came with what its list does not say" >&2
      return 1
    fi
    note_landed "$n" || return
  done 4<"$call/files"
  cat >/dev/null
}

# take none|zstd N...
take() {
  if [ $# -lt 2 ] || [ $# -gt 2000 ]; then refuse 'no task is named'; fi
  how=$1 call=$folder/call-$$ kind=
  shift
  for n in "$@"; do
    case $n in *[!0-9]*) refuse 'no number of a task' ;; esac
    [ -e "$folder/tasks/$n" ] || refuse "there is no task $n"
    IFS=$tab read -r its _ <"$folder/tasks/$n"
    [ "${kind:-$its}" = "$its" ] || refuse 'ranges and files are sent at once'
    kind=$its
  done
  (cd -P -- "$folder/landed" && rm -f -- "$@") || exit 1
  enter_new
  rm -rf "$call" && mkdir "$call" || exit 1
  if [ "$kind" = f ]; then take_files "$@"; else take_ranges "$@"; fi
  taken=$?
  rm -rf "$call"
  return "$taken"
}
