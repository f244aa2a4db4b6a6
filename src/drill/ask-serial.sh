#!/bin/bash
# Runs a script on a host by its serial line: ask-serial.sh FOLDER ID SECONDS <script One caller at a time. Answers to
# earlier callers are skipped by their id.
set -euo pipefail
folder=$1 id=$2 seconds=$3
exec 9>"$folder/serial.lock"
flock -w "$seconds" 9 || { echo "the line is in use" >&2; exit 75; }
exec 3<>"$folder/serial.in" 4<>"$folder/serial.out"
end=$((SECONDS + seconds))
next_line() { ((SECONDS < end)) && read -r -t $((end - SECONDS)) mark got status output <&4; }

# Input that is sent before the host listens would be lost: the host says when it does.
while [[ ! -e $folder/serial.listens ]]; do
  next_line || { echo "no answer in $seconds s" >&2; exit 75; }
  if [[ $mark == listening ]]; then touch "$folder/serial.listens"; fi
done
# The host ends the script when its caller has gone. A script that hangs (a query to a server whose disk is full, say)
# must not block the line for the next caller, which may be the one that heals it.
script=$(printf 'exec timeout -k 5 %s bash <<\\%s\n' $((end - SECONDS + 1)) "$id"; cat; printf '\n%s\n' "$id")
printf '%s %s\n' "$id" "$(base64 -w0 <<<"$script")" >&3
while next_line; do
  if [[ $mark == answer && $got == "$id" ]]; then
    base64 -d <<<"$output"
    exit "$status"
  fi
done
echo "no answer in $seconds s" >&2
exit 75
