#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# A command of the inventory that only answers, and is no job (commands.snapshotHosts).
#   ask.sh form=list|line seconds=SECONDS look=LOOK... argument=WORD...   as in custom.sh
# Prints the first 64 KiB that it prints, and ends with its status; 124 or 137: it did not end in time. What it leaves running may hold its output open:
# that is not waited for.
set -u
declare_words 'form seconds look... argument...' "$@"
refuse_open
# Commands work there.
cd /
eval "set -- $argument"
if [ "$form" = line ]; then set -- "$(first_of bash sh)" -c "$1"; fi
exec 4>&1
code=$({
  {
    timeout -k 1 "$seconds" "$@" </dev/null 2>/dev/null 3>&- 4>&-
    echo "$?" >&3
  } | timeout --foreground -s KILL "$((seconds + 2))" head -c 65536 >&4
} 3>&1)
exit "$code"
