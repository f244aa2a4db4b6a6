#!/bin/sh
# The bytes of a batch of tasks, read, packed and let through at the requested rate. Part of seed-send.sh.
folder='' work='' reader='' how='' streams='' copies='' tab='' batch='' kind='' pages='' base=0 ahead=0

# Call it with `&`: the process is the reader itself.
reading() { if [ -n "$reader" ]; then become "$reader" "$@"; else exec "$@"; fi; }

# block: the block size for reading a range. Under a limit, a block passes within a quarter of a second or so: the
# progress counts what was read, and a block of 1M would take seconds under a small limit.
block() {
  limit='' share=1048576
  { read -r limit <"$folder/limit"; } 2>/dev/null || true
  if [ -n "$limit" ]; then share=$((limit / streams / copies / 4)); fi
  if [ -n "$limit" ] && [ "$share" -gt 65536 ]; then share=65536; fi
  if [ "$share" -lt 4096 ]; then share=4096; fi
  echo "$share"
}

# produce STREAM TASK...: the bytes of one range, or of the files of all tasks. Records its process for the progress,
# with the bytes of the stream that had landed before the batch, and those of the batch that were read before.
produce() {
  by=$1
  shift
  if [ "$pages" = yes ]; then
    note_batch "$by" && : >"$work/unsummed-$by" || return
    # shellcheck disable=SC2154  # of page-sums.sh and send-pages.sh
    ask_sums "$by" | { enter_root_of "$1" && reading perl -e "$page_sums$unequal_pages"; } 3<"$work/names-$by" 6>>"$folder/pages-$by" 7>>"$work/unsummed-$by" &
  elif [ "$kind" != f ]; then
    IFS=$tab read -r _ _ offset length path <"$folder/tasks/$1"
    { enter_root_of "$1"; reading dd if="./$path" bs="$(block)" iflag=skip_bytes,count_bytes skip="$offset" count="$length" status=none; } &
  else
    # The names are in a folder of root's: tar opens them again, by the descriptor.
    (umask 022 && cd -P -- "$folder/tasks" && cut -f 5 -- "$@" >"$work/names-$by") || return
    {
      enter_root_of "$1"
      reading tar -cSf - -b 256 --numeric-owner --no-recursion --verbatim-files-from -T /proc/self/fd/3
    } 3<"$work/names-$by" &
  fi
  echo "$! $base $ahead" >"$work/reads-$by"
  wait $!
  produced=$?
  if [ "$pages" = yes ]; then end_asking "$by" "$produced"; fi
  [ "$produced" = 0 ] || return
  if [ "$kind" != f ] && [ "$pages" != yes ]; then echo "whole $1"; fi
}

# pack STREAM TASK...: the exit status of every stage counts.
pack() {
  level=-1
  # Of little data, the better one costs nothing.
  if [ "$pages" = yes ]; then level=-3; fi
  if [ "$how" = zstd ]; then
    { produce "$@" || true >"$work/bad-$1"; } | zstd -q "$level" -c || true >"$work/bad-$1"
  else
    produce "$@" || true >"$work/bad-$1"
  fi
}

# In hundredths of a second.
tell_hundredths() {
  read -r up _ </proc/uptime
  hundredths=$((${up%.*} * 100 + 1${up#*.} - 100))
}

# throttle FILE: lets the share of a quarter of a second through at a time. FILE-all has the bytes of the batch that
# came through.
throttle() {
  through=0
  { read -r through <"$1-all"; } 2>/dev/null || true
  while [ -s "$folder/limit" ] && read -r limit <"$folder/limit"; do
    share=$((limit / streams / copies / 4))
    [ "$share" -gt 0 ] || break
    tell_hundredths
    left=$((hundredths + 25)) let_through=
    dd bs=64K iflag=fullblock,count_bytes count="$share" 2>"$1"
    # dd prints two lines of records before the bytes.
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

# flow STREAM: the batch's bytes as they are sent.
flow() {
  rm -f "$work/bad-$1" "$work/let-$1-all"
  base=$(bytes_of "$work/sent-$1") ahead=0
  if [ "$kind" = f ] || [ "$pages" = yes ]; then
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
