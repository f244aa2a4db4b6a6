#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The work of a unit on the donor: sends the tasks of seed-list.sh to one or several targets, each read and compressed
# once.
#   seed-send.sh root=ROOT reader=READER folder=FOLDER streams=STREAMS compression=auto|none|zstd patience=PATIENCE pages=yes|no target=TARGET...
# ROOT, READER: as in seed-list.sh. PAGES: of each task only the pages are sent that the one target does not have in its
# old data (send-pages.sh).
# FOLDER/way-TARGET is the channel to a target (seed-way.sh). FOLDER/limit, if it exists, has the bytes a second that
# may leave this host, for all streams and targets together, and may change at any time. auto: zstd if both ends have it
# and the channel is slower than what compression gains. A target that takes no data for PATIENCE seconds is lost; the
# others go on. A target that gets its data from the previous one (FOLDER/way-TARGET/behind) costs this host nothing; if
# that fails, this host sends to it directly for some minutes. A stream sends many tasks in one call, since a call costs
# as much as some megabytes. read-roots.sh, page-sums.sh, send-pages.sh, send-bytes.sh, send-answers.sh, send-how.sh and
# send-progress.sh are put before this script. Progress: a line a second: bytes in all, then TARGET=LANDED+WAY for each target, and sN=READ+PASSED for each
# stream: the bytes that it has read so far, and the bytes of its batch that the limit has let through; then limit=BYTES, 0 for none; full=TARGET for each whose disk was full when it last took something. With pages, PAGES=EQUAL+SENT has their bytes, in the log too, `pages EQUAL+SENT`. The log ends
# with `whole TARGET` or `lost TARGET WHY` for each. A target may be hostile: of its output only lines of a fixed form
# count, it is bounded in bytes and in time, and its words are logged printable, short and in the middle of a line.
set -u
umask 077
# shellcheck disable=SC2034  # some are the fragments'
declare_words 'root reader folder streams compression patience pages target...' "$@"
# shellcheck disable=SC2034
how=$compression
eval "set -- $target"
targets=$*
# shellcheck disable=SC2034
tab=$(printf '\t')
# shellcheck disable=SC2034
read -r tasks _ all_bytes <"$folder/total" || exit 1
# shellcheck disable=SC2034
largest=$(sort -n "$folder/sizes" | tail -n 1) || exit 1
work=$RESEED_FOLDER/work
rm -rf "$work"
mkdir -p "$work/claims" || exit 1
enter_root "$root"
# An older build's jobs have no such file.
cp "$folder/roots" "$work/roots" 2>/dev/null || : >"$work/roots"
# For each task: its number, kind, names, bytes and folder, as a number.
awk -F '\t' '
  FILENAME ~ /\/roots$/ { first[++roots] = $1 + 0; next }
  $1 + 0 > 0 {
    if ($1 != task) { say(); task = $1; names = bytes = 0 }
    kind = $2; names++; bytes += $5
  }
  END { say() }
  function say() {
    while (at < roots && first[at + 1] <= task) at++
    if (task) printf "%d %s %d %.0f %d\n", task, kind, names, bytes, at
  }' "$work/roots" "$folder/list" >"$work/shapes" || exit 1

# ssh overwrites its environment with its title, and without systemd the environment identifies a unit's processes.
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

# Tasks that have landed already are not sent again: the target itself knows them.
ask_landed() {
  mkdir -p "$work/landed-$1"
  stamp "taken-$1"
  if [ ! -e "$folder/way-$1/call" ]; then echo 'the channel to it was not opened' >"$work/lost-$1"; fi
  [ ! -e "$work/lost-$1" ] || return
  until ask "$patience" "$1" 1 landed 2>"$work/said-$1-1" >"$work/list"; do
    failed "$1" 1
    if [ -e "$work/lost-$1" ]; then return; fi
    sleep 2
  done
  while read -r n; do landed "$1" "$n"; done <"$work/list"
}

# Connects before the first task of a stream. If that fails, the task reports it.
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

# lacking N: the targets that lack a task, and are not resting after a failure.
lacking() {
  lack=
  for target in $targets; do
    if [ -e "$work/landed-$target/$1" ] || [ -e "$work/lost-$target" ]; then continue; fi
    if rests "rests-$target"; then continue; fi
    lack="$lack $target"
    # One of several targets took no data, and it is unknown which: each gets its own call.
    if [ -e "$work/alone" ]; then return; fi
  done
}

# Whether no other stream sends a task: only one stream can make the file, and its number is in it.
mine() {
  made=no
  set -C
  if { echo "$number" >"$work/claims/$1"; } 2>/dev/null; then made=yes; fi
  set +C
  [ "$made" = yes ]
}

# Shares out the rest: a part of it to each stream, so that all end at about the same time.
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

# Of one call, in bytes.
most_carried=268435456
# Pages go two ways at once, and what has landed of a call is not sent again: only its beginning costs anything.
least_carried=0
if [ "$pages" = yes ]; then least_carried=134217728 most_carried=1099511627776; fi

# The content of one call: `batch`, of `kind` ranges or files, in one folder, lacked by the same targets, `wants`. Files
# are sent as one tar: a limit that is set meanwhile applies only after it.
claim() {
  choose_most
  batch='' wants='' kind='' at='' held=0 names=0 carried=0
  while read -r task its its_names its_bytes its_root; do
    lacking "$task"
    if [ -z "$lack" ]; then continue; fi
    if [ -n "$batch" ]; then
      if [ "$lack" != "$wants" ] || [ "$its_root" != "$at" ]; then continue; fi
      if [ "$its" != "$kind" ] && [ "$pages" != yes ]; then continue; fi
      if { [ "$its" = f ] || [ "$pages" = yes ]; } && { [ $((names + its_names)) -gt 2000 ] || [ $((carried + its_bytes)) -gt "$most_carried" ]; }; then break; fi
    fi
    mine "$task" || continue
    # Another stream may have sent it between the two checks.
    wants=${wants:-$lack}
    lacking "$task"
    if [ "$lack" != "$wants" ]; then
      rm -f "$work/claims/$task"
      if [ -z "$batch" ]; then wants=; fi
      continue
    fi
    batch="$batch $task" held=$((held + 1)) kind=$its at=$its_root names=$((names + its_names)) carried=$((carried + its_bytes))
    if [ "$held" -ge "$most" ] && [ "$carried" -ge "$least_carried" ]; then break; fi
  done <"$work/shapes"
}

# passed_on TARGET BEFORE: whether BEFORE passes its data on to TARGET.
passed_on() { [ -e "$folder/way-$1/behind" ] && read -r passer <"$folder/way-$1/behind" && [ "$passer" = "$2" ]; }

# chain TARGET...: `chains`, one for each target that this host sends to, with those that get it from there: t1,t2 t3.
chain() {
  chains='' before=
  for target in "$@"; do
    if [ -n "$before" ] && ! rests "direct-$target" && passed_on "$target" "$before"; then
      chains=$chains,$target
    else
      chains="$chains $target"
    fi
    before=$target
  done
}

# send STREAM CHAIN...
send() {
  # shellcheck disable=SC2034  # of throttle
  copies=$(($# - 1))
  rm -f "$work/shared-$1"
  if [ $# = 2 ]; then
    flow "$1" | take "$2" "$1"
    return
  fi
  # Each reads at its own rate from a pipe; the slowest delays the others once its pipe is full.
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

# One of the streams: takes a task that no stream has, until every target has all.
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

# One that died gives back the tasks that it had: the others would wait for them without an end.
or_give_back() {
  (stream "$1") && return
  echo "stream $1 ended early; the others take its tasks"
  (cd -P -- "$work/claims" && grep -lx -- "$1" ./* 2>/dev/null | xargs -r rm -f --)
}

connect
for target in $targets; do ask_landed "$target"; done
# shellcheck disable=SC2086  # pids
[ -z "$calls" ] || wait $calls
if [ "$how" = auto ]; then choose_how; fi
number=1 running=
while [ "$number" -le "$streams" ]; do
  mkdir "$work/sent-$number"
  or_give_back "$number" &
  running="$running $!"
  number=$((number + 1))
done
# A signal is lost if it comes before a child has removed the trap that it inherited.
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
if [ "$pages" = yes ]; then echo "pages $(told_pages)"; fi
if ! finished; then
  echo 'a stream ended early'
  exit 1
fi
for target in $targets; do
  if [ -e "$work/lost-$target" ]; then printf 'lost %s %s\n' "$target" "$(short <"$work/lost-$target")"; else echo "whole $target"; fi
done
