#!/bin/bash
# The host's serial line: root, with no network in between, as an operator has it on real hardware.
# Faults that take the network or sshd away are made, and healed, through it.
# One line in: <id> <script in base64>. One line out: answer <id> <exit status> <output in base64>.
stty raw -echo
# systemd has written to the terminal before, without an end of line.
printf '\nlistening\n'
while read -r id script; do
  out=$(base64 -d <<<"$script" | timeout -k 5 300 bash 2>&1 | base64 -w0; exit "${PIPESTATUS[1]}")
  printf 'answer %s %s %s\n' "$id" "$?" "$out"
done
