#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# A command of the inventory, as the program of a unit (unit.sh).
#   custom.sh form=list|line seconds=SECONDS look=LOOK... argument=WORD... sum=SUM...
# list: the arguments are a program and its own arguments. line: the first argument is a command line for bash (sh where there is none), and
# the others follow it, as with orchestrator-agent; their text is never a part of the line.
# LOOK: a file that it is made of; SUM: what the plan saw of one (closed-files.sh). It is not run where another account could change one, or where one is another than at the plan.
# Ends with the status of the command. run-command.sh, which is put before this script, says what becomes of its output and of its deadline.
set -u
declare_words 'form seconds look... argument... sum...' "$@"
refuse_open
changed=$(eval "first_changed $sum")
# Of a hook also what the check of the job saw, before it changed anything (hook.sh).
if [ -z "$changed" ] && [ -e "$RESEED_FOLDER/sums" ]; then
  changed=$(while IFS= read -r one; do first_changed "$one" </dev/null; done <"$RESEED_FOLDER/sums" | head -n 1)
fi
case $changed in
  '') ;;
  changed*) fail "${changed#* } has changed since the plan, and was not run" ;;
  *) fail "${changed#* } was no file at the plan, or one that could not be run, and was not run" ;;
esac
begin_once
# It leads a group of processes of its own, which is ended as a whole.
# shellcheck disable=SC2317  # run_command runs it
run_limited() { exec timeout -k 10 "$seconds" "$@"; }
run_command
exit
