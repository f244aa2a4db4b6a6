#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# A command of the inventory, as the program of a unit (unit.sh).
#   custom.sh form=list|line seconds=SECONDS argument=WORD...
# list: the arguments are a program and its own arguments. line: the first argument is a command line for bash (sh where there is none), and
# the others follow it, as with orchestrator-agent; their text is never a part of the line.
# The log of the unit gets its output: the first 24 KiB as they come, then the last 8 KiB of what is more, so that no output fills /run.
# A mark of the unit is made in /var/lib/reseed/ran before the command begins: where it is there, the host has restarted since, /run has nothing of
# the unit, and the command is not run again; progress says `again`. The end of the unit takes it away (unit.sh).
# Ends with the status of the command; after SECONDS the command is ended, and progress says `late`. What it leaves running is ended with it.
set -u
declare_words 'form seconds argument...' "$@"
first_bytes=24576 last_bytes=8192
ran=/var/lib/reseed/ran mark=${RESEED_UNIT%/*}.${RESEED_UNIT#*/}

(umask 077 && mkdir -p "$ran") || fail "no folder can be made in ${ran%/*}"
if ! (set -C && : >"$ran/$mark") 2>/dev/null; then
  [ -e "$ran/$mark" ] || fail "no file can be made in $ran"
  echo again >"$RESEED_FOLDER/progress"
  exit 75
fi
# It has to outlive a power cut.
sync "$ran/$mark" "$ran"

# A unit of systemd has none, and clients look there for their options.
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d : -f 6)}
export HOME

eval "set -- $argument"
if [ "$form" = line ]; then
  line=$1
  shift
  # Without arguments nothing is put after it: an empty command behind a `;` would change its status.
  if [ "$#" -gt 0 ]; then line="$line \"\$@\""; fi
  set -- "$(first_of bash sh)" -c "$line" sh "$@"
fi

up_seconds() {
  read -r up _ </proc/uptime
  echo "${up%.*}"
}

output=$RESEED_FOLDER/output last=$RESEED_FOLDER/last
mkfifo "$output" || fail "no pipe can be made in $RESEED_FOLDER"
{
  # Byte by byte, each is passed on as it comes; head would hold them back.
  dd bs=1 "count=$first_bytes" status=none
  tail -c "$((last_bytes + 1))" >"$last.part"
  mv "$last.part" "$last"
} <"$output" &

began=$(up_seconds)
# It leads a group of processes of its own, which is ended as a whole.
timeout -k 10 "$seconds" "$@" </dev/null >"$output" 2>&1 &
command=$!
wait "$command"
code=$?
case $code in
  124 | 137) [ "$(($(up_seconds) - began))" -lt "$seconds" ] || echo late >"$RESEED_FOLDER/progress" ;;
esac
kill -TERM -- "-$command" 2>/dev/null

# A process that left the group may hold the pipe open; it is ended with the unit.
tries=0
until [ -e "$last" ] || [ "$tries" -ge 30 ]; do
  tries=$((tries + 1))
  sleep 0.1
done
if [ -s "$last" ]; then
  if [ "$(wc -c <"$last")" -gt "$last_bytes" ]; then printf '\n... more was printed, and is left out. The last of it:\n'; fi
  tail -c "$last_bytes" "$last"
fi
exit "$code"
