#!/bin/sh
# shellcheck disable=SC2154  # the variables that follow-log.sh gives it
# Follows one error log. Part of follow-log.sh, which passes this text to a shell of its own with the rights of the
# account that writes the log (log-reader.sh), or runs it itself; the variables mark, path, lines, most_bytes, mode,
# before, before_at, sum_bytes, sum are passed along. In a storm each turn sends one piece at most. If the log gets more
# than some pieces ahead, this skips forward, and says so.
block=65536
piece_blocks=64
piece=$((block * piece_blocks))
far_behind=$((piece * 8))

say() { printf '%s%s%s' "$mark" "$*" "$mark"; }
# A sleep that takes no fractions is rare; then it sleeps a whole second.
turn() { sleep 0.5 2>/dev/null || sleep 1; }

# Descriptor 3 is the open file, $open names it (inode and birth); empty while there is none.
open=''
told=''

# Its name, and after a blank its size. Without the device, whose number may change at a boot.
named() { stat -L -c '%i:%W %s' "$@" 2>/dev/null; }
forward() { dd bs=1 skip="$1" count=0 <&3 2>/dev/null; }
rewind() { { command exec 3</proc/self/fd/3; } 2>/dev/null || exit; }

# The beginning of the last $lines lines of the first $1 bytes. $cut is set when that is in the middle of a line.
last_lines() {
  start=$(($1 > most_bytes ? $1 - most_bytes : 0))
  forward "$start"
  length=$(head -c $(($1 - start)) <&3 | tail -n "$lines" | wc -c)
  rewind
  begin=$(($1 - length))
  if [ "$start" -gt 0 ] && [ "$begin" -eq "$start" ]; then cut="cut"; fi
}

# The SHA-256 of the $2 bytes before the place $1. It shows that a file was emptied and filled again, or lost its newest
# lines in a power cut, which its size alone would not always show.
sum_before() {
  sum_now=$(dd if=/proc/self/fd/3 bs=1 skip=$(($1 - $2)) count="$2" 2>/dev/null | sha256sum)
  sum_now=${sum_now%% *}
}
same_before() { sum_before "$1" "$2" && [ "$sum_now" = "$3" ]; }
remember_place() {
  read -r _ place </proc/self/fdinfo/3
  place_bytes=$((place < 256 ? place : 256))
  sum_before "$place" "$place_bytes"
  place_sum=$sum_now
}

# Opens the file at $path; $1 tells watchers what kind of opening it is.
open_log() {
  # A device or a pipe would block for ever.
  if ! [ -f "$path" ] || ! { command exec 3<"$path"; } 2>/dev/null; then
    if [ "$told" != unreadable ]; then say unreadable; fi
    told=unreadable
    return 1
  fi
  open=$(named /proc/self/fd/3)
  size=${open##* }
  open=${open% *}
  told=''
  why=$1 begin=0 cut=whole
  case $why in
  start)
    if [ -z "$before" ]; then
      last_lines "$size"
    elif [ "$before" != "$open" ]; then
      why=rotated
    elif [ "$before_at" -le "$size" ] && same_before "$before_at" "$sum_bytes" "$sum"; then
      why=resumed begin=$before_at
    else
      why=changed
      last_lines "$size"
    fi
    ;;
  esac
  forward "$begin"
  remember_place
  say opened "$why" "$open" "$begin" "$cut"
}

# Sends a piece of what was added, up to the size $1. False when there was nothing. Programs that read from a descriptor
# move it, since they share it.
copy() {
  if [ "$1" -eq "$place" ]; then return 1; fi
  if [ "$1" -lt "$place" ] || ! same_before "$place" "$place_bytes" "$place_sum"; then
    # Emptied in place, as by copytruncate of logrotate.
    rewind
    place=0
    say opened truncated "$open" 0 whole
  fi
  behind=$(($1 - place))
  if [ "$behind" -gt "$far_behind" ]; then
    forward $((behind - piece))
    say skipped $((behind - piece))
  fi
  dd bs="$block" count="$piece_blocks" <&3 2>/dev/null
  remember_place
}
copy_open() { size=$(named /proc/self/fd/3) && copy "${size##* }"; }
# As much as a few turns would send.
copy_rest() { for _ in 1 2 3 4; do copy_open || break; done; }

# Another file has the name now. The server goes on writing to the old one until it is told to open its log again.
next_log() {
  if [ -z "$open" ]; then
    if [ "$told" = absent ]; then open_log created; else open_log start; fi
    return
  fi
  turn
  copy_rest
  open_log rotated
}

while :; do
  now=$(named -- "$path")
  if [ "${now% *}" = "$open" ] && [ -n "$open" ]; then
    told=''
    copy "${now##* }"
  else
    if [ -n "$now" ]; then
      next_log
    elif [ "$told" != absent ]; then
      say absent
      told=absent
    fi
    if [ -n "$open" ]; then copy_open; fi
  fi
  if [ "$mode" = once ]; then
    if [ -n "$open" ]; then copy_rest; fi
    exit 0
  fi
  turn
done
