#!/bin/sh
# shellcheck disable=SC2034  # its callers read code and is_late
# How a program of the operator's is run: a fragment of the scripts that run one. The script has run_limited WORD...: it runs the words for $seconds at
# most, in a group of processes of their own.
# run_bounded FOLDER INPUT PROGRAM ARGUMENT...: the program reads INPUT (a file: it need not read it). Prints its output: the first 24 KiB as they come,
# then the last 8 KiB of what is more, so that no output fills a disk. $code is its status, and $is_late is yes where it was ended after $seconds.
# FOLDER gets two files. What it leaves running in its group of processes, $bounded, is ended with it.
seconds=''
first_bytes=24576 last_bytes=8192 bounded=

up_seconds() {
  read -r up _ </proc/uptime
  echo "${up%.*}"
}

run_bounded() {
  output=$1/output last=$1/last input=$2
  shift 2
  mkfifo "$output" || fail "no pipe can be made in ${output%/*}"
  {
    # Byte by byte, each is passed on as it comes; head would hold them back.
    dd bs=1 "count=$first_bytes" status=none
    tail -c "$((last_bytes + 1))" >"$last.part"
    mv "$last.part" "$last"
  } <"$output" &

  began=$(up_seconds)
  run_limited "$@" <"$input" >"$output" 2>&1 &
  bounded=$!
  wait "$bounded"
  code=$? is_late=no
  case $code in
    124 | 137) [ "$(($(up_seconds) - began))" -lt "$seconds" ] || is_late=yes ;;
  esac
  # `kill -TERM -- -N` is no number to dash.
  kill -s TERM -- "-$bounded" 2>/dev/null

  # A process that left the group may hold the pipe open.
  tries=0
  until [ -e "$last" ] || [ "$tries" -ge 30 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  if [ -s "$last" ]; then
    if [ "$(wc -c <"$last")" -gt "$last_bytes" ]; then printf '\n... more was printed, and is left out. The last of it:\n'; fi
    tail -c "$last_bytes" "$last"
  fi
}
