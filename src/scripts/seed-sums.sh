#!/bin/sh
# The work of a unit: a checksum of every file and range of the tasks that seed-list.sh made.
#   seed-sums.sh ROOT FOLDER SUM WORKERS make|compare
# SUM is a program: cksum, b2sum, sha256sum, ...
# make: on the donor. FOLDER/sums/N is written for each task N that has none.
# compare: on the target, where FOLDER/sums has the donor's. FOLDER/landed/N is made where task N is right; the log has
# `differs N PATH` where it is not, and `lacks SIZE PATH` and `extra SIZE PATH` for files that are not those of the donor.
# Its progress: bytes read so far. Ends with 1 where the donor's own files can't be read.
set -u
umask 077
export LC_ALL=C
root=$1 folder=$2 sum=$3 workers=$4 verb=$5
tab=$(printf '\t')
[ -s "$folder/sizes" ] || exit 1
work=$RESEED_FOLDER/work
rm -rf "$work"
mkdir -p "$folder/sums" "$folder/landed" "$work" || exit 1

# sum_of TASK FILE
sum_of() {
  IFS=$tab read -r kind _ offset length path <"$folder/tasks/$1"
  if [ -e "$2.bad" ]; then rm -f "$2.bad"; fi
  if [ "$kind" = r ]; then
    { dd if="$root/$path" bs=1M iflag=skip_bytes,count_bytes skip="$offset" count="$length" status=none || : >"$2.bad"; } |
      "$sum" >"$2" || return 1
  else
    cut -f 5 "$folder/tasks/$1" | (cd -- "$root" && xargs -r -d '\n' "$sum" --) >"$2" || return 1
  fi
  [ ! -e "$2.bad" ]
}

make_sum() {
  [ ! -e "$folder/sums/$1" ] || return 0
  sum_of "$1" "$2" || { echo "task $1 can't be read"; return 1; }
  mv "$2" "$folder/sums/$1"
}

compare_sum() {
  if sum_of "$1" "$2" 2>/dev/null && cmp -s "$2" "$folder/sums/$1"; then
    : >"$folder/landed/$1"
  else
    rm -f "$folder/landed/$1"
    echo "differs $1 $(head -n 1 "$folder/tasks/$1" | cut -f 5)"
  fi
}

# Every WORKERS-th task.
some() {
  n=0 read_bytes=0
  while read -r bytes; do
    n=$((n + 1))
    if [ $((n % workers)) != $(($1 % workers)) ]; then continue; fi
    "${verb}_sum" "$n" "$work/sum-$1" </dev/null || return
    read_bytes=$((read_bytes + bytes))
    echo "$read_bytes" >"$work/bytes-$1"
  done <"$folder/sizes"
  : >"$work/over-$1"
}
over() {
  set -- "$work"/over-*
  [ -e "$1" ] && [ $# = "$workers" ]
}

tell() { cat "$work"/bytes-* 2>/dev/null | awk '{ all += $1 } END { printf "%.0f\n", all }' >>"$RESEED_FOLDER/progress"; }

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
