#!/bin/sh
# How a unit runs a command of the inventory. A fragment of custom.sh and seed-own.sh, after run-bounded.sh.
form='' argument='' code=0 is_late=no

# begin_once: a mark of the unit is made in /var/lib/reseed/ran before the command begins: where it is there, the host has restarted since, /run has
# nothing of the unit, and the command is not run again; progress says `again`. The end of the unit takes it away (unit.sh).
begin_once() {
  ran=/var/lib/reseed/ran mark=${RESEED_UNIT%/*}.${RESEED_UNIT#*/}
  # Its end takes the folder away with the last mark, also those of other jobs.
  (umask 077 && make_in_shared "$ran/.$mark") || fail "no folder can be made in ${ran%/*}"
  if ! (set -C && : >"$ran/$mark") 2>/dev/null; then
    rm -f "$ran/.$mark"
    [ -e "$ran/$mark" ] || fail "no file can be made in $ran"
    echo again >"$RESEED_FOLDER/progress"
    exit 75
  fi
  rm -f "$ran/.$mark"
  # It has to outlive a power cut.
  sync "$ran/$mark" "$ran"
}

# run_command: the command of `form` and `argument`, by run_bounded; the log gets its output. It reads what hook.sh has kept for it, if anything.
# Returns its status. After $seconds it is ended, and progress says `late`.
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
  input=$RESEED_FOLDER/input
  [ -e "$input" ] || input=/dev/null
  run_bounded "$RESEED_FOLDER" "$input" "$@"
  if [ "$is_late" = yes ]; then echo late >>"$RESEED_FOLDER/progress"; fi
  return "$code"
}
