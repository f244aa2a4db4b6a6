#!/bin/sh
# The bound of the lock of a dump: how long writes of the donor may wait. Part of seed-dump.sh, which has `blocked` (seconds), `work`, `lose` and
# `program_error`, after send-stream.sh.
work='' blocked='' tool=''

# end_if_late: in the background, from before the lock on, until WORK/unlocked is there. Once its client has gone, the server gives the lock back.
end_if_late() {
  tenths=$((blocked * 10))
  while [ "$tenths" -gt 0 ]; do
    [ ! -e "$work/unlocked" ] || return 0
    tenths=$((tenths - 2))
    sleep 0.2
  done
  true >"$work/late"
  end_noted lock-client program mydumper
}
# lose_lock WHY: as lose, while the lock is held.
lose_lock() {
  true >"$work/unlocked"
  [ ! -e "$work/late" ] || lose "$tool had not begun $blocked s after the lock was asked for: it was ended, and writes go on"
  lose "$1"
}
