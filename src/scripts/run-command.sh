#!/bin/sh
# How a unit runs a command of the inventory. A fragment of custom.sh and seed-own.sh. The script has run_limited WORD...: it runs the words for
# $seconds at most.
form='' argument='' seconds=''
first_bytes=24576 last_bytes=8192

# begin_once: a mark of the unit is made in /var/lib/reseed/ran before the command begins: where it is there, the host has restarted since, /run has
# nothing of the unit, and the command is not run again; progress says `again`. The end of the unit takes it away (unit.sh).
begin_once() {
  ran=/var/lib/reseed/ran mark=${RESEED_UNIT%/*}.${RESEED_UNIT#*/}
  (umask 077 && mkdir -p "$ran") || fail "no folder can be made in ${ran%/*}"
  if ! (set -C && : >"$ran/$mark") 2>/dev/null; then
    [ -e "$ran/$mark" ] || fail "no file can be made in $ran"
    echo again >"$RESEED_FOLDER/progress"
    exit 75
  fi
  # It has to outlive a power cut.
  sync "$ran/$mark" "$ran"
}

up_seconds() {
  read -r up _ </proc/uptime
  echo "${up%.*}"
}

# run_command: the command of `form` and `argument`. The log gets its output: the first 24 KiB as they come, then the last 8 KiB of what is more, so
# that no output fills /run. Returns its status. After $seconds it is ended, and progress says `late`. What it leaves running is ended with it.
run_command() {
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
  output=$RESEED_FOLDER/output last=$RESEED_FOLDER/last
  mkfifo "$output" || fail "no pipe can be made in $RESEED_FOLDER"
  {
    # Byte by byte, each is passed on as it comes; head would hold them back.
    dd bs=1 "count=$first_bytes" status=none
    tail -c "$((last_bytes + 1))" >"$last.part"
    mv "$last.part" "$last"
  } <"$output" &

  began=$(up_seconds)
  run_limited "$@" </dev/null >"$output" 2>&1 &
  command=$!
  wait "$command"
  code=$?
  case $code in
    124 | 137) [ "$(($(up_seconds) - began))" -lt "$seconds" ] || echo late >>"$RESEED_FOLDER/progress" ;;
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
  return "$code"
}
