#!/bin/sh
# The work of a unit on the donor: sends the tasks that seed-list.sh made to one or several targets, each read and compressed once.
#   seed-send.sh ROOT FOLDER STREAMS auto|none|zstd PATIENCE TARGET...
# FOLDER/way-TARGET is the way to a target (seed-way.sh). FOLDER/limit, where there is one, holds bytes a second for all streams
# together, and may change at any time. auto: zstd where both ends have it and the way carries less than it would gain.
# A target that takes nothing for PATIENCE seconds is lost; the others go on.
# Progress: a line a second: bytes in all, then TARGET=LANDED+WAY for each target, and sN=BYTES for what stream N has read so far.
# The log ends with `whole TARGET` or `lost TARGET WHY` for each.
set -u
umask 077
export LC_ALL=C
root=$1 folder=$2 streams=$3 how=$4 patience=$5
shift 5
targets=$*
tab=$(printf '\t')
read -r tasks _ all_bytes <"$folder/total" || exit 1
work=$RESEED_FOLDER/work
rm -rf "$work"
mkdir -p "$work/claims" || exit 1
now() { date +%s; }

# call TARGET STREAM WORD...: every stream may keep a connection of its own for its next task; without a word that is hung up.
call() {
  way=$folder/way-$1
  shift
  sh "$way/call" "$@"
}

# ssh writes its title over its environment, by which a unit's processes are found where there is no systemd.
hang_up() {
  for target in $targets; do
    number=1
    while [ "$number" -le "$streams" ]; do
      call "$target" "$number"
      number=$((number + 1))
    done
  done
}
trap 'hang_up; exit 143' TERM

# What is there already is not sent again: the target itself knows.
ask_landed() {
  mkdir -p "$work/landed-$1"
  now >"$work/taken-$1"
  until call "$1" 1 landed 2>"$work/said-$1-1" >"$work/list"; do
    took "$1" 1 - 1
    if [ -e "$work/lost-$1" ]; then return; fi
    sleep 2
  done
  while read -r n; do : >"$work/landed-$1/$n"; done <"$work/list"
}

lacks() { [ ! -e "$work/landed-$1/$2" ] && [ ! -e "$work/lost-$1" ]; }

# Which targets lack task $1 and do not rest after a failure.
wanting() {
  for target in $targets; do
    lacks "$target" "$1" || continue
    if [ -e "$work/rests-$target" ] && [ "$(cat "$work/rests-$target")" -gt "$(now)" ]; then continue; fi
    printf '%s ' "$target"
  done
}

# produce TASK STREAM: its bytes. The pid of what reads them is written down, for the progress.
produce() {
  IFS=$tab read -r kind _ offset length path <"$folder/tasks/$1"
  if [ "$kind" = r ]; then
    set -- "$2" dd if="$root/$path" bs=1M iflag=skip_bytes,count_bytes skip="$offset" count="$length" status=none
  else
    cut -f 5 "$folder/tasks/$1" >"$work/names-$2"
    set -- "$2" tar -cf - -b 256 --numeric-owner --no-recursion --verbatim-files-from -C "$root" -T "$work/names-$2"
  fi
  reads=$work/reads-$1
  shift
  sh -c 'echo $$ >"$0"; exec "$@"' "$reads" "$@"
}

pack() { if [ "$how" = zstd ]; then zstd -q -1 -c; else cat; fi; }

# Lets a quarter of a second's share through at a time.
throttle() {
  while [ -s "$folder/limit" ]; do
    share=$(($(cat "$folder/limit") / streams / 4))
    [ "$share" -gt 0 ] || break
    began=$(date +%s%3N)
    dd bs=64K iflag=fullblock,count_bytes count="$share" 2>"$1"
    grep -q "^$share bytes" "$1" || return 0
    left=$((began + 250 - $(date +%s%3N)))
    if [ "$left" -gt 0 ]; then sleep "0.$(printf %03d "$left")"; fi
  done
  cat
}
limit() { if [ -s "$folder/limit" ]; then throttle "$work/let-$1"; else cat; fi; }

# The task's bytes as they go over the wire; every stage's end counts.
flow() {
  rm -f "$work/bad-$2"
  { { produce "$1" "$2" || : >"$work/bad-$2"; } | { pack || : >"$work/bad-$2"; } | limit "$2"; } 2>"$work/said-$2"
  [ ! -e "$work/bad-$2" ]
}

take() { call "$1" "$2" task "$3" "$how" 2>"$work/said-$1-$2"; }

# took TARGET STREAM TASK YES|NO
took() {
  if [ "$4" = 0 ]; then
    : >"$work/landed-$1/$3"
    now >"$work/taken-$1"
    rm -f "$work/rests-$1"
    return
  fi
  echo $(($(now) + 2)) >"$work/rests-$1"
  if [ $(($(now) - $(cat "$work/taken-$1"))) -ge "$patience" ]; then
    # What came first is the cause. Where the target had nothing to say, the donor had.
    cat "$work/said-$1-$2" "$work/said-$2" 2>/dev/null | head -n 1 >"$work/lost-$1"
  fi
  # A connection that stands but does not answer is of no use to the next.
  call "$1" "$2"
}

# send TASK STREAM TARGET...
send() {
  n=$1 stream=$2
  shift 2
  if [ $# = 1 ]; then
    { flow "$n" "$stream" || : >"$work/broken-$stream"; } | take "$1" "$stream" "$n"
    end=$?
    if [ -e "$work/broken-$stream" ]; then rm "$work/broken-$stream"; end=1; fi
    took "$1" "$stream" "$n" "$end"
    return
  fi
  # Each reads at its own pace from a pipe; the slowest holds the others back by what a pipe takes.
  pipes=
  for target in "$@"; do
    pipe=$work/pipe-$stream-$target
    rm -f "$pipe" "$pipe.end"
    mkfifo "$pipe" || exit 1
    { take "$target" "$stream" "$n" <"$pipe"; echo $? >"$pipe.end"; } &
    pipes="$pipes $pipe"
  done
  # shellcheck disable=SC2086  # -p: the end of one reader is not the end of the others
  { flow "$n" "$stream" || : >"$work/broken-$stream"; } | tee -p $pipes >/dev/null
  wait
  for target in "$@"; do
    end=$(cat "$work/pipe-$stream-$target.end")
    if [ -e "$work/broken-$stream" ]; then end=1; fi
    took "$target" "$stream" "$n" "$end"
  done
  rm -f "$work/broken-$stream"
}

finished() {
  for target in $targets; do
    [ -e "$work/lost-$target" ] && continue
    set -- "$work/landed-$target"/*
    [ $# -ge "$tasks" ] && [ -e "$1" ] || return 1
  done
}

# One of the streams: takes the next task that nobody has, until everybody has everything.
stream() {
  until finished; do
    task=1
    while [ "$task" -le "$tasks" ]; do
      wants=$(wanting "$task")
      if [ -n "$wants" ] && mkdir "$work/claims/$task" 2>/dev/null; then
        echo "$task" >"$work/sends-$1"
        # Somebody may have sent it between the two questions.
        wants=$(wanting "$task")
        # shellcheck disable=SC2086  # names of our own
        [ -z "$wants" ] || send "$task" "$1" $wants
        rm -f "$work/sends-$1" "$work/reads-$1" "$work/read-$1"
        # shellcheck disable=SC2086
        count "$1" "$task" $wants
        rmdir "$work/claims/$task"
      fi
      task=$((task + 1))
    done
    finished || sleep 0.5
  done
  : >"$work/over-$1"
}

# count STREAM TASK TARGET...: what a stream has read in all, for the progress: of tasks that somebody has got.
count() {
  by=$1 n=$2
  shift 2
  for target in "$@"; do
    [ -e "$work/landed-$target/$n" ] || continue
    echo $(($(sent "$by") + $(sed -n "${n}p" "$folder/sizes"))) >"$work/count-$by" && mv "$work/count-$by" "$work/sent-$by"
    return
  done
}
sent() { if [ -e "$work/sent-$1" ]; then cat "$work/sent-$1"; else echo 0; fi; }

# What stream $1 has been reading of its task; nothing once all is read, and not yet known to have landed.
on_its_way() {
  bytes=
  if pid=$(cat "$work/reads-$1" 2>/dev/null); then bytes=$(sed -n 's/^rchar: //p' "/proc/$pid/io" 2>/dev/null); fi
  if [ -n "$bytes" ]; then echo "$bytes" | tee "$work/read-$1"; else echo 0; fi
}
# What it has read of its task, if it has one.
read_by() { if [ -e "$work/reads-$1" ] && [ -e "$work/read-$1" ]; then cat "$work/read-$1"; else echo 0; fi; }

tell() {
  way=0 by_stream='' told=1
  while [ "$told" -le "$streams" ]; do
    reads=$(on_its_way "$told")
    way=$((way + reads))
    by_stream="$by_stream s$told=$(($(sent "$told") + $(read_by "$told")))"
    told=$((told + 1))
  done
  line=$all_bytes
  for target in $targets; do
    landed=$(find "$work/landed-$target" -type f -printf '%f\n' | awk 'NR == FNR { size[FNR] = $1; next } { all += size[$1] } END { printf "%.0f", all }' \
      "$folder/sizes" -)
    line="$line $target=$landed+$way"
  done
  echo "$line$by_stream" >>"$RESEED_FOLDER/progress"
}
streams_over() {
  set -- "$work"/over-*
  [ -e "$1" ] && [ $# = "$streams" ]
}

# A compressor on one core takes in about 300 MB/s: a faster way is slowed by it.
choose_how() {
  how=none
  command -v zstd >/dev/null || return 0
  for target in $targets; do
    began=$(date +%s%3N)
    # ssh does not compress: zeros are as good as any.
    timeout 1 dd if=/dev/zero bs=64K count=4096 status=none | call "$target" 1 drain 2>/dev/null >"$work/drained" || return 0
    took=$(($(date +%s%3N) - began))
    { read -r can && read -r bytes; } <"$work/drained" || return 0
    speed=$((bytes / (took + 1) / 1000))
    echo "the way to $target carries $speed MB/s or more"
    if [ "$can" != zstd ]; then
      how=none
      break
    fi
    if [ "$speed" -lt 300 ]; then how=zstd; fi
  done
  echo "compression: $how"
}

for target in $targets; do ask_landed "$target"; done
if [ "$how" = auto ]; then choose_how; fi
number=1
while [ "$number" -le "$streams" ]; do
  stream "$number" &
  number=$((number + 1))
done
until streams_over; do
  sleep 1
  tell
done
tell
hang_up
for target in $targets; do
  if [ -e "$work/lost-$target" ]; then echo "lost $target $(cat "$work/lost-$target")"; else echo "whole $target"; fi
done
