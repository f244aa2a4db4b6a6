#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# A command of the inventory, as the program of a unit (unit.sh).
#   custom.sh form=list|line seconds=SECONDS argument=WORD... sum=SUM...
# list: the arguments are a program and its own arguments. line: the first argument is a command line for bash (sh where there is none), and
# the others follow it, as with orchestrator-agent; their text is never a part of the line.
# SUM: HEX PATH, the SHA-256 of a file that the list is made of; it is not run if one has another by now. None: they may have any.
# Ends with the status of the command. run-command.sh, which is put before this script, says what becomes of its output and of its deadline.
set -u
declare_words 'form seconds argument... sum...' "$@"
changed=$(eval "first_changed $sum")
[ -z "$changed" ] || fail "$changed has changed since the plan, and was not run"
begin_once
# It leads a group of processes of its own, which is ended as a whole.
# shellcheck disable=SC2317  # run_command runs it
run_limited() { exec timeout -k 10 "$seconds" "$@"; }
run_command
exit
