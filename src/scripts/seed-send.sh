#!/bin/sh
# The work of a unit on the donor: sends the tasks that seed-list.sh made to one or several targets, each read and compressed once.
#   seed-send.sh ROOT READER FOLDER STREAMS auto|none|zstd PATIENCE TARGET...      ROOT, READER: as seed-list.sh has them
# FOLDER/way-TARGET is the way to a target (seed-way.sh). FOLDER/limit, where there is one, holds bytes a second that leave this host,
# for all streams and targets together, and may change at any time. auto: zstd where both ends have it and the way carries less than it
# would gain. A target that takes nothing for PATIENCE seconds is lost; the others go on. One that the target before it passes on to
# (FOLDER/way-TARGET/behind) costs this host nothing; where that fails, it is sent to from here for some minutes.
# A stream sends many ranges by one call: a call costs as much as some megabytes do.
# Progress: a line a second: bytes in all, then TARGET=LANDED+WAY for each target, and sN=BYTES for what stream N has read so far.
# The log ends with `whole TARGET` or `lost TARGET WHY` for each. A target may be hostile: of what it says only lines of a fixed form
# count, it is bounded in bytes and in time, and its words stand in the log printable, short and in the middle of a line.
set -u
umask 077
root=$1 reader=$2 folder=$3 streams=$4 how=$5 patience=$6
shift 6
targets=$*
tab=$(printf '\t')
read -r tasks _ all_bytes <"$folder/total" || exit 1
work=$RESEED_FOLDER/work
rm -rf "$work"
mkdir -p "$work/claims" || exit 1
cd -P -- "$root" || exit 1
now() { date +%s; }
# Said with `&`: the process is the reader itself.
reading() { if [ -n "$reader" ]; then become "$reader" "$@"; else exec "$@"; fi; }
# A target's words.
short() { tr -d '\r' | tr -c '\040-\176\n' '?' | head -n 1 | head -c 200; }

# ask SECONDS TARGET STREAM WORD...: every stream may keep a connection of its own for its next task; without a word that is hung up. It
# ends in time, and so does what a target says. What is kept does not work in ROOT, which is to be unmounted.
ask() {
  seconds=$1 way=$folder/way-$2
  shift 2
  (cd / && ulimit -f "$((tasks + 128))" && exec timeout "$seconds" sh "$way/call" "$@")
}

# ssh writes its title over its environment, by which a unit's processes are found where there is no systemd.
hang_up() {
  for target in $targets; do
    number=1
    while [ "$number" -le "$streams" ]; do
      ask 10 "$target" "$number"
      number=$((number + 1))
    done
  done
}
hang_up_at_end() { trap 'hang_up; exit 143' TERM; }
hang_up_at_end

# landed TARGET N [STREAM]: the target says so, and is not trusted with a name.
landed() {
  case $2 in *[!0-9]* | '') return ;; esac
  [ -e "$folder/tasks/$2" ] || return 0
  true >"$work/landed-$1/$2"
  if [ $# = 3 ]; then true >"$work/sent-$3/$2"; fi
}

# What is there already is not sent again: the target itself knows.
ask_landed() {
  mkdir -p "$work/landed-$1"
  now >"$work/taken-$1"
  until ask "$patience" "$1" 1 landed 2>"$work/said-$1-1" >"$work/list"; do
    failed "$1" 1
    if [ -e "$work/lost-$1" ]; then return; fi
    sleep 2
  done
  while read -r n; do landed "$1" "$n"; done <"$work/list"
}

# The first task of a stream finds its connection made; one that can't be made the task will tell of.
connect() {
  number=2 calls=
  while [ "$number" -le "$streams" ]; do
    for target in $targets; do
      [ ! -e "$folder/way-$target/behind" ] || continue
      ask "$patience" "$target" "$number" landed >/dev/null 2>&1 &
      calls="$calls $!"
    done
    number=$((number + 1))
  done
}

# Whether the time in a file is not over.
rests() { [ -e "$work/$1" ] && [ "$(cat "$work/$1")" -gt "$(now)" ]; }

# lacking N: who lacks a task, and does not rest after a failure.
lacking() {
  lack=
  for target in $targets; do
    if [ -e "$work/landed-$target/$1" ] || [ -e "$work/lost-$target" ]; then continue; fi
    if rests "rests-$target"; then continue; fi
    lack="$lack $target"
    # One of several took nothing, and which is not known: each gets its own.
    if [ -e "$work/alone" ]; then return; fi
  done
}

# Whether nobody else sends a task: the file is made by one alone.
mine() {
  set -C
  { true >"$work/claims/$1"; } 2>/dev/null
  made=$?
  set +C
  return "$made"
}

# What is left is shared out: a part of it to each stream, so that all end at about the same time.
choose_most() {
  open=0 task=0
  while [ "$task" -lt "$tasks" ]; do
    task=$((task + 1))
    lacking "$task"
    if [ -n "$lack" ] && [ ! -e "$work/claims/$task" ]; then open=$((open + 1)); fi
  done
  most=$((open / (streams * 2 - 1)))
  if [ "$most" -gt 64 ]; then most=64; fi
}

# What one call is to carry: `batch`, ranges that the same targets, `wants`, lack; or one task of files, for which tar reads to the end.
claim() {
  choose_most
  batch='' wants='' held=0 task=0
  while [ "$task" -lt "$tasks" ]; do
    task=$((task + 1))
    lacking "$task"
    if [ -z "$lack" ] || { [ -n "$batch" ] && [ "$lack" != "$wants" ]; }; then continue; fi
    read -r kind _ <"$folder/tasks/$task"
    if [ "$kind" = f ] && [ -n "$batch" ]; then continue; fi
    mine "$task" || continue
    # Somebody may have sent it between the two questions.
    wants=${wants:-$lack}
    lacking "$task"
    if [ "$lack" != "$wants" ]; then
      rm -f "$work/claims/$task"
      if [ -z "$batch" ]; then wants=; fi
      continue
    fi
    batch="$batch $task" held=$((held + 1))
    if [ "$kind" = f ] || [ "$held" -ge "$most" ]; then break; fi
  done
}

# produce TASK STREAM: its bytes. The pid of what reads them is written down, for the progress.
produce() {
  IFS=$tab read -r kind _ offset length path <"$folder/tasks/$1"
  if [ "$kind" = r ]; then
    reading dd if="./$path" bs=1M iflag=skip_bytes,count_bytes skip="$offset" count="$length" status=none &
  else
    cut -f 5 "$folder/tasks/$1" >"$work/names-$2" && chmod 644 "$work/names-$2"
    # The names are in a folder of root's: tar has them open already.
    reading tar -cf - -b 256 --numeric-owner --no-recursion --verbatim-files-from -T /proc/self/fd/3 3<"$work/names-$2" &
  fi
  echo $! >"$work/reads-$2"
  wait $! || return
  if [ "$kind" = r ]; then echo "whole $1"; fi
}

# Every stage's end counts.
pack() {
  if [ "$how" = zstd ]; then
    { produce "$1" "$2" || true >"$work/bad-$2"; } | zstd -q -1 -c || true >"$work/bad-$2"
  else
    produce "$1" "$2" || true >"$work/bad-$2"
  fi
}

# Lets a quarter of a second's share through at a time.
throttle() {
  while [ -s "$folder/limit" ]; do
    share=$(($(cat "$folder/limit") / streams / copies / 4))
    [ "$share" -gt 0 ] || break
    began=$(date +%s%3N)
    dd bs=64K iflag=fullblock,count_bytes count="$share" 2>"$1"
    grep -q "^$share bytes" "$1" || return 0
    left=$((began + 250 - $(date +%s%3N)))
    if [ "$left" -gt 0 ]; then sleep "0.$(printf %03d "$left")"; fi
  done
  cat
}

# flow STREAM: the batch's bytes as they go over the wire.
flow() {
  rm -f "$work/bad-$1"
  for n in $batch; do
    if [ -s "$folder/limit" ]; then pack "$n" "$1" | throttle "$work/let-$1"; else pack "$n" "$1"; fi
    if [ -e "$work/bad-$1" ]; then return; fi
  done 2>"$work/said-$1"
}

# chain TARGET...: `chains`, one for each that is sent to from here, with those behind it that it passes on to: t1,t2 t3.
chain() {
  chains='' before=
  for target in "$@"; do
    if [ -n "$before" ] && ! rests "direct-$target" && [ "$(cat "$folder/way-$target/behind" 2>/dev/null)" = "$before" ]; then
      chains=$chains,$target
    else
      chains="$chains $target"
    fi
    before=$target
  done
}

# transfer STREAM TARGET WORD...: the batch goes there. It may take hours, while something moves: give_up ends one for which nothing does.
transfer() {
  calling=$work/calls-$1-$2 said=$work/said-$2-$1 stream=$1 way=$folder/way-$2
  shift 2
  # The limit is for what the target says on standard error; what it says else is read by heard.
  (cd / && ulimit -f 128 && exec sh -c 'echo $$ >"$0"; exec timeout 604800 sh "$@"' "$calling" "$way/call" "$stream" "$@" 2>"$said")
  code=$?
  rm -f "$calling"
  return "$code"
}

# hear TARGET STREAM BEHIND: what it says of itself and of those behind it, each of which has its name before it.
hear() {
  failures=0
  while read -r word rest; do
    target=$1
    case ,$3, in *",${word:-none},"*) target=$word word=${rest%% *} rest=${rest#* } ;; esac
    case $word in
      landed)
        # What the donor could not read it did not send as it is.
        if [ -e "$work/bad-$2" ]; then continue; fi
        case " $batch " in *" $rest "*) ;; *) continue ;; esac
        if [ -e "$work/landed-$target/$rest" ]; then continue; fi
        landed "$target" "$rest" "$2"
        now >"$work/taken-$target"
        ;;
      failed)
        failures=$((failures + 1))
        if [ "$failures" -gt 20 ]; then continue; fi
        printf '%s gets nothing from the one before it, and is sent to from here: %s\n' "$target" "$(printf '%s\n' "$rest" | short)"
        echo $(($(now) + 300)) >"$work/direct-$target"
        ;;
    esac
  done
}

# take CHAIN STREAM: the batch goes there, as it comes on standard input; each of its tasks is noted down as it lands.
take() {
  first=${1%%,*} behind=${1#*,}
  if [ "$behind" = "$1" ]; then behind='' words=tasks; else words="pass $behind"; fi
  ended=$work/ended-$2-$first
  # Of one that says more than it has to, the rest is not read.
  # shellcheck disable=SC2086  # words of our own, and numbers
  { transfer "$2" "$first" $words "$how" $batch; echo $? >"$ended"; } |
    dd bs=4096 count="$(((held + 4) * 40))" status=none | hear "$first" "$2" "$behind"
  [ "$(cat "$ended")" = 0 ] || failed "$first" "$2"
}

# failed TARGET STREAM: it is lost where it took nothing for too long, or refused what it gets with the same words three times.
failed() {
  counts=yes
  if rests "rests-$1"; then counts=no; fi
  echo $(($(now) + 2)) >"$work/rests-$1"
  # What came first is the cause, but for the frame that ssh draws where somebody else answers. Where the target had nothing to say,
  # the donor had.
  why=$(cat "$work/said-$1-$2" "$work/said-$2" "$work/stalled-$2" 2>/dev/null | sed -n '/^@/,/^Host key/{/^Host key/p;d;};p' | short)
  case $why in
    # A machine that is off, or starts, is waited for; these come from one that answered.
    *'Permission denied'* | *'Host key'*'erif'* | *'Host key'*'changed'* | 'task '*' came '* | *' refused: '* | 'there is no task '* | *'.reseed-'*' is not '* | *'certificate verify failed'*)
      # Streams that were refused at the same time count once.
      if [ $counts = yes ]; then printf '%s\n' "$why" | tr '0-9' '#' >>"$work/refused-$1"; fi
      [ "$(tail -n 3 "$work/refused-$1" | sort | uniq -c | sed -n '1s/^ *\([0-9]*\) .*/\1/p')" -lt 3 ] || printf '%s\n' "$why" >"$work/lost-$1"
      ;;
    *) rm -f "$work/refused-$1" ;;
  esac
  if [ $(($(now) - $(cat "$work/taken-$1"))) -ge "$patience" ] && [ ! -e "$work/shared-$2" ]; then printf '%s\n' "$why" >"$work/lost-$1"; fi
  if [ -e "$work/lost-$1" ]; then rm -f "$work/alone"; fi
  rm -f "$work/stalled-$2"
  # A connection that stands but does not answer is of no use to the next.
  ask 10 "$1" "$2"
}

# send STREAM CHAIN...
send() {
  copies=$(($# - 1))
  rm -f "$work/shared-$1"
  if [ $# = 2 ]; then
    flow "$1" | take "$2" "$1"
    return
  fi
  # Each reads at its own pace from a pipe; the slowest holds the others back by what a pipe takes.
  by=$1 pipe='' pipes='' takers=''
  shift
  for target in "$@"; do
    pipes="$pipes $pipe"
    pipe=$work/pipe-$by-$target
    rm -f "$pipe"
    mkfifo "$pipe" || exit 1
    take "$target" "$by" <"$pipe" &
    takers="$takers $!"
  done
  # shellcheck disable=SC2086  # -p: the end of one reader is not the end of the others
  flow "$by" | tee -p $pipes >"$pipe"
  # shellcheck disable=SC2086  # pids
  wait $takers
  rm -f "$work/shared-$by"
}

finished() {
  for target in $targets; do
    [ -e "$work/lost-$target" ] && continue
    set -- "$work/landed-$target"/*
    [ $# -ge "$tasks" ] && [ -e "$1" ] || return 1
  done
}

# One of the streams: takes what nobody has, until everybody has everything.
stream() {
  until finished; do
    claim
    if [ -z "$batch" ]; then
      sleep 0.2
      continue
    fi
    # shellcheck disable=SC2086  # names of our own
    chain $wants
    # shellcheck disable=SC2086
    send "$1" $chains
    # shellcheck disable=SC2086  # numbers
    (cd -P -- "$work/claims" && rm -f "$work/reads-$1" "$work/read-$1" $batch)
  done
}

# The bytes of the tasks that are in a folder.
bytes_of() {
  find "$1" -type f -printf '%f\n' | awk 'NR == FNR { size[FNR] = $1; next } { all += size[$1] } END { printf "%.0f", all }' "$folder/sizes" -
}

# What stream $1 has been reading of its task; nothing once all is read, and not yet known to have landed.
on_its_way() {
  bytes=
  if pid=$(cat "$work/reads-$1" 2>/dev/null); then bytes=$(sed -n 's/^rchar: //p' "/proc/$pid/io" 2>/dev/null); fi
  if [ -n "$bytes" ]; then echo "$bytes" | tee "$work/read-$1"; else echo 0; fi
}
# What it has read of its task, if it has one: that may end between two looks at it.
read_by() {
  by=
  if [ -e "$work/reads-$1" ]; then by=$(cat "$work/read-$1" 2>/dev/null); fi
  echo "${by:-0}"
}

# give_up STREAM BYTES: its calls are ended where it has moved nothing for too long. Which of several targets is to blame is not known:
# from then on each gets its own.
give_up() {
  before=
  if [ -e "$work/moved-$1" ]; then read -r before since <"$work/moved-$1"; fi
  set -- "$1" "$2" "$work/calls-$1"-*
  if [ ! -e "$3" ] || [ "$before" != "$2" ]; then
    echo "$2 $(now)" >"$work/moved-$1"
    return
  fi
  long=$patience
  # What is let through slowly stands for a while by itself.
  if [ -s "$folder/limit" ]; then long=$((long + 1048576 * streams / $(cat "$folder/limit"))); fi
  [ $(($(now) - since)) -ge "$long" ] || return 0
  echo "it takes nothing for $patience s" >"$work/stalled-$1"
  if [ $# -gt 3 ]; then
    : >"$work/alone"
    : >"$work/shared-$1"
    for target in $targets; do now >"$work/taken-$target"; done
  fi
  rm -f "$work/moved-$1"
  shift 2
  for calling in "$@"; do kill "$(cat "$calling")" 2>/dev/null; done
}

tell() {
  way=0 by_stream='' told=1
  while [ "$told" -le "$streams" ]; do
    reads=$(on_its_way "$told")
    way=$((way + reads))
    moved=$(($(bytes_of "$work/sent-$told") + $(read_by "$told")))
    by_stream="$by_stream s$told=$moved"
    give_up "$told" "$moved"
    told=$((told + 1))
  done
  line=$all_bytes
  for target in $targets; do line="$line $target=$(bytes_of "$work/landed-$target")+$way"; done
  echo "$line$by_stream" >>"$RESEED_FOLDER/progress"
}
tell_on() {
  sleeps=
  trap '[ -z "$sleeps" ] || kill "$sleeps" 2>/dev/null; exit' TERM
  while true; do
    sleep 1 &
    sleeps=$!
    wait "$sleeps"
    tell
  done
}

# A compressor on one core takes in about 300 MB/s: a faster way is slowed by it.
choose_how() {
  how=none
  command -v zstd >/dev/null || return 0
  for target in $targets; do
    began=$(date +%s%3N)
    # ssh does not compress: zeros are as good as any.
    timeout 1 dd if=/dev/zero bs=64K count=4096 status=none | ask 30 "$target" 1 drain 2>/dev/null >"$work/drained" || return 0
    took=$(($(date +%s%3N) - began))
    { read -r can && read -r bytes; } <"$work/drained" || return 0
    case $bytes in *[!0-9]* | '' | ????????????????*) return 0 ;; esac
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

connect
for target in $targets; do ask_landed "$target"; done
# shellcheck disable=SC2086  # pids
[ -z "$calls" ] || wait $calls
if [ "$how" = auto ]; then choose_how; fi
number=1 running=
while [ "$number" -le "$streams" ]; do
  mkdir "$work/sent-$number"
  stream "$number" &
  running="$running $!"
  number=$((number + 1))
done
# A signal to a child that has not yet put away the trap it was born with is lost.
trap - TERM
tell_on &
teller=$!
hang_up_at_end
# shellcheck disable=SC2086  # pids
wait $running
kill "$teller"
wait "$teller"
tell
hang_up
if ! finished; then
  echo 'a stream ended before its time'
  exit 1
fi
for target in $targets; do
  if [ -e "$work/lost-$target" ]; then printf 'lost %s %s\n' "$target" "$(short <"$work/lost-$target")"; else echo "whole $target"; fi
done
