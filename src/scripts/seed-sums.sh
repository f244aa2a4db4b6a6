#!/bin/sh
# The work of a unit: checksums of what seed-list.sh listed: one of every large file, and of the small ones of each task.
#   seed-sums.sh ROOT FOLDER SUM WORKERS make|compare
# SUM is a program: cksum, b2sum, sha256sum, ... It reads the files itself: from a pipe, cksum takes five times as long.
# make: on the donor. FOLDER/sums/N is written for what begins with task N, where it is not there.
# compare: on the target, where FOLDER/sums has the donor's. FOLDER/landed has the tasks of what is right, and no other; the log has
# `differs N PATH` where it is not, and `lacks SIZE PATH` and `extra SIZE PATH` for files that are not those of the donor.
# Its progress: bytes read so far. Ends with 1 where the donor's own files can't be read.
set -u
umask 077
export LC_ALL=C
root=$1 folder=$2 sum=$3 workers=$4 verb=$5
tab=$(printf '\t')
[ -s "$folder/wholes" ] || exit 1
work=$RESEED_FOLDER/work
rm -rf "$work"
mkdir -p "$folder/sums" "$folder/landed" "$work/claims" || exit 1

# at WORKER BYTES [PID]: what a worker has behind it, and what reads a large file for it now.
at() { echo "$2 ${3:-}" >"$work/part-$1" && mv "$work/part-$1" "$work/at-$1"; }

# sum_of TASK WORKER: into $work/sum-WORKER.
sum_of() {
  IFS=$tab read -r kind _ _ _ path <"$folder/tasks/$1"
  if [ "$kind" = f ]; then
    cut -f 5 "$folder/tasks/$1" | (cd -- "$root" && xargs -r -d '\n' "$sum" --) >"$work/sum-$2"
    return
  fi
  "$sum" <"$root/$path" >"$work/sum-$2" &
  at "$2" "$read_bytes" $!
  wait $!
}

# make_sum FIRST LAST WORKER
make_sum() {
  [ ! -e "$folder/sums/$1" ] || return 0
  sum_of "$1" "$3" || { echo "$path can't be read"; return 1; }
  mv "$work/sum-$3" "$folder/sums/$1"
}

compare_sum() {
  task=$1
  if sum_of "$1" "$3" 2>/dev/null && cmp -s "$work/sum-$3" "$folder/sums/$1"; then right=1; else right=0; fi
  while [ "$task" -le "$2" ]; do
    if [ $right = 1 ]; then : >"$folder/landed/$task"; else rm -f "$folder/landed/$task"; fi
    task=$((task + 1))
  done
  [ $right = 1 ] || echo "differs $1 $path"
}

# Whether no other worker has it: the file is made by one alone.
mine() {
  set -C
  { true >"$work/claims/$1"; } 2>/dev/null
  made=$?
  set +C
  return "$made"
}

some() {
  read_bytes=0
  while read -r first last bytes; do
    mine "$first" || continue
    "${verb}_sum" "$first" "$last" "$1" </dev/null || return
    read_bytes=$((read_bytes + bytes))
    at "$1" "$read_bytes"
  done <"$folder/wholes"
  : >"$work/over-$1"
}
over() {
  set -- "$work"/over-*
  [ -e "$1" ] && [ $# = "$workers" ]
}

tell() {
  cat "$work"/at-* 2>/dev/null | while read -r bytes pid; do
    echo "$bytes"
    [ -z "$pid" ] || sed -n 's/^rchar: //p' "/proc/$pid/io" 2>/dev/null
  done | awk '{ all += $1 } END { printf "%.0f\n", all }' >>"$RESEED_FOLDER/progress"
}

tell_on() {
  sleeps=
  trap '[ -z "$sleeps" ] || kill "$sleeps" 2>/dev/null; exit' TERM
  while true; do
    sleep 0.5 &
    sleeps=$!
    wait "$sleeps"
    tell
  done
}

# What was compared has to be there after a power cut as well: the disk writes while others read.
syncs=
if [ "$verb" = compare ]; then
  sync -f "$root" &
  syncs=$!
fi
worker=1 running=
while [ "$worker" -le "$workers" ]; do
  some "$worker" &
  running="$running $!"
  worker=$((worker + 1))
done
tell_on &
teller=$!
# shellcheck disable=SC2086  # pids
wait $running
kill "$teller"
wait "$teller"
tell
over || exit 1
if [ "$verb" = compare ]; then
  wait "$syncs" || exit 1
  sort "$folder/files" >"$work/wanted"
  (cd -- "$root" && find . -type f -printf '%s\t%P\n' | sort) >"$work/found" || exit 1
  comm -23 "$work/wanted" "$work/found" | sed 's/^/lacks /'
  comm -13 "$work/wanted" "$work/found" | sed 's/^/extra /'
fi
