#!/bin/sh
# shellcheck disable=SC2154  # the variables that follow-log.sh gives it
# Follows one error log. Part of follow-log.sh, which hands this text to a shell of its own that has the rights of the account that writes
# the log (log-reader.sh), or to itself; its variables mark, path, lines, most_bytes, mode, before, before_at, sum_bytes, sum go along.
# A storm costs the line no more than a piece a turn; who falls further behind than some pieces jumps forward, and says so.
block=65536
piece_blocks=64
piece=$((block * piece_blocks))
far_behind=$((piece * 8))

say() { printf '%s%s%s' "$mark" "$*" "$mark"; }
# A sleep that takes no fractions is rare, and then a second will do.
turn() { sleep 0.5 2>/dev/null || sleep 1; }

# Descriptor 3 is the file that is open, $open names it (inode and birth), empty while there is none.
open=''
told=''

# Its name, and after a blank its size. Not the device: its number may be another after a boot.
named() { stat -L -c '%i:%W %s' "$@" 2>/dev/null; }
forward() { dd bs=1 skip="$1" count=0 <&3 2>/dev/null; }
rewind() { { command exec 3</proc/self/fd/3; } 2>/dev/null || exit; }

# Where the last $lines lines of the first $1 bytes begin. $cut is said when that is in the middle of one.
last_lines() {
  start=$(($1 > most_bytes ? $1 - most_bytes : 0))
  forward "$start"
  length=$(head -c $(($1 - start)) <&3 | tail -n "$lines" | wc -c)
  rewind
  begin=$(($1 - length))
  if [ "$start" -gt 0 ] && [ "$begin" -eq "$start" ]; then cut="cut"; fi
}

# The SHA-256 of the $2 bytes before the place $1: what was read is not in a file any more that was emptied and filled again,
# or that lost its newest lines in a power cut. Its size would not always tell.
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

# Opens the file at $path; what it is to those who watch: $1.
open_log() {
  # A device or a pipe would hold us up for ever.
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

# A piece of what was added, up to the size $1. False when there was nothing. Programs that read from a descriptor move it,
# for they share it.
copy() {
  if [ "$1" -eq "$place" ]; then return 1; fi
  if [ "$1" -lt "$place" ] || ! same_before "$place" "$place_bytes" "$place_sum"; then
    # Emptied in its place, as logrotate's copytruncate does.
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
# As much as a few turns would bring.
copy_rest() { for _ in 1 2 3 4; do copy_open || break; done; }

# The place is another file's now. The server goes on in the old one until it is told to open its log anew.
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
