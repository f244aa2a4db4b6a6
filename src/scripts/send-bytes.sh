#!/bin/sh
# The bytes of a batch of tasks, read, packed and let through at the pace that is wanted. Part of seed-send.sh.
folder='' work='' reader='' how='' streams='' copies='' tab='' batch='' kind='' base=0 ahead=0

# Said with `&`: the process is the reader itself.
reading() { if [ -n "$reader" ]; then become "$reader" "$@"; else exec "$@"; fi; }

# block: how much a range is read by. Where there is a limit, what is read at once is let through within a quarter of a second or so: the
# progress counts what was read, and a block of 1M stands for seconds under a small one.
block() {
  limit='' share=1048576
  { read -r limit <"$folder/limit"; } 2>/dev/null || true
  if [ -n "$limit" ]; then share=$((limit / streams / copies / 4)); fi
  if [ -n "$limit" ] && [ "$share" -gt 65536 ]; then share=65536; fi
  if [ "$share" -lt 4096 ]; then share=4096; fi
  echo "$share"
}

# produce STREAM TASK...: the bytes of one range, or of the files of all tasks. Its process is written down, for the progress; with it
# what of the stream's had landed before the batch, and what of the batch was read before.
produce() {
  by=$1
  shift
  if [ "$kind" = r ]; then
    IFS=$tab read -r _ _ offset length path <"$folder/tasks/$1"
    { enter_root_of "$1"; reading dd if="./$path" bs="$(block)" iflag=skip_bytes,count_bytes skip="$offset" count="$length" status=none; } &
  else
    # The names are in a folder of root's: tar opens them anew, by the descriptor.
    (umask 022 && cd -P -- "$folder/tasks" && cut -f 5 -- "$@" >"$work/names-$by") || return
    {
      enter_root_of "$1"
      reading tar -cf - -b 256 --numeric-owner --no-recursion --verbatim-files-from -T /proc/self/fd/3
    } 3<"$work/names-$by" &
  fi
  echo "$! $base $ahead" >"$work/reads-$by"
  wait $! || return
  if [ "$kind" = r ]; then echo "whole $1"; fi
}

# pack STREAM TASK...: every stage's end counts.
pack() {
  if [ "$how" = zstd ]; then
    { produce "$@" || true >"$work/bad-$1"; } | zstd -q -1 -c || true >"$work/bad-$1"
  else
    produce "$@" || true >"$work/bad-$1"
  fi
}

# In hundredths of a second.
tell_hundredths() {
  read -r up _ </proc/uptime
  hundredths=$((${up%.*} * 100 + 1${up#*.} - 100))
}

# throttle FILE: lets a quarter of a second's share through at a time. FILE-all has what of the batch came through.
throttle() {
  through=0
  { read -r through <"$1-all"; } 2>/dev/null || true
  while [ -s "$folder/limit" ] && read -r limit <"$folder/limit"; do
    share=$((limit / streams / copies / 4))
    [ "$share" -gt 0 ] || break
    tell_hundredths
    left=$((hundredths + 25)) let_through=
    dd bs=64K iflag=fullblock,count_bytes count="$share" 2>"$1"
    # Two lines of records come before the bytes.
    { read -r _ && read -r _ && read -r let_through _; } <"$1"
    through=$((through + ${let_through:-0}))
    echo "$through" >"$1-all"
    [ "$let_through" = "$share" ] || return 0
    tell_hundredths
    left=$((left - hundredths))
    if [ "$left" -gt 0 ]; then sleep "0.$(printf %02d "$left")"; fi
  done
  rm -f "$1-all"
  cat
}

# part STREAM TASK...
part() { if [ -s "$folder/limit" ]; then pack "$@" | throttle "$work/let-$1"; else pack "$@"; fi; }

# flow STREAM: the batch's bytes as they go over the wire.
flow() {
  rm -f "$work/bad-$1" "$work/let-$1-all"
  base=$(bytes_of "$work/sent-$1") ahead=0
  if [ "$kind" = f ]; then
    # shellcheck disable=SC2086  # numbers
    part "$1" $batch
  else
    for n in $batch; do
      part "$1" "$n"
      if [ -e "$work/bad-$1" ]; then return; fi
      IFS=$tab read -r _ _ _ length _ <"$folder/tasks/$n"
      ahead=$((ahead + length))
    done
  fi 2>"$work/said-$1"
}
