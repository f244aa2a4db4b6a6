#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Work on this host that outlives the connection it was started by: a unit, reseed-JOB-ROLE. Every verb may be said twice.
#   unit.sh start job=JOB role=ROLE by=auto|systemd|setsid background=yes|no mark=MARK <script
#                                      the last line of the script is #MARK; background: low priority
#   unit.sh poll  job=JOB role=ROLE from=BYTES    its state, its last line of progress, and its log from BYTES on
#   unit.sh stop  job=JOB role=ROLE    ends it and everything that it started
#   unit.sh clear job=JOB role=ROLE    removes what is left of one that runs no more
#   unit.sh end   job=JOB role=ROLE... stops each, and removes what is left
# Its folder /run/reseed/JOB/ROLE holds: script, run, pid, log, progress (lines; the last one counts), rc.
# The lock `alive` is held by the unit and all that it starts: the kernel lets go of it, whatever ends them.
set -u
umask 077
verb=$1
shift
case $verb in
  start) declare_words 'job role by background mark' "$@" ;;
  poll) declare_words 'job role from' "$@" ;;
  stop | clear) declare_words 'job role' "$@" ;;
  end) declare_words 'job role...' "$@" ;;
  *) unknown_verb "$verb" ;;
esac

about() {
  role=$1
  case $job$role in *[!a-z0-9-]* | '') echo "no name of a unit: $job $role" >&2; exit 64 ;; esac
  unit=reseed-$job-$role
  folder=/run/reseed/$job/$role
}

state() {
  if [ ! -e "$folder/pid" ]; then echo absent
  elif [ -e "$folder/rc" ]; then echo "ended $(cat "$folder/rc")"
  elif flock -n "$folder/alive" true; then
    # It may have ended between the two checks.
    if [ -e "$folder/rc" ]; then echo "ended $(cat "$folder/rc")"; else echo died; fi
  else echo running
  fi
}

# If two processes start at the same time, the second finds the lock held or the pid there, and ends: a unit runs once.
write_runner() {
  cat >"$folder/run.part" <<'RUN'
folder=$1
exec 8>>"$folder/alive"
flock -n 8 || exit 0
[ ! -e "$folder/pid" ] || exit 0
echo $$ >"$folder/pid.part" && mv "$folder/pid.part" "$folder/pid"
cd /
RESEED_FOLDER=$folder /bin/sh "$folder/script" </dev/null >>"$folder/log" 2>&1
echo $? >"$folder/rc.part" && mv "$folder/rc.part" "$folder/rc"
RUN
  mv "$folder/run.part" "$folder/run"
}

launch() {
  how=$by child=
  if [ "$how" = auto ]; then
    if systemd_runs; then how=systemd; else how=setsid; fi
  fi
  if [ "$how" = systemd ]; then
    set -- --quiet "--unit=$unit" "--setenv=RESEED_UNIT=$job/$role" --property=TimeoutStopSec=10
    if [ "$background" = yes ]; then set -- "$@" --nice=10 --property=IOSchedulingPriority=7; fi
    systemd-run "$@" /bin/sh "$folder/run" "$folder"
  else
    set -- /bin/sh "$folder/run" "$folder"
    if [ "$background" = yes ]; then
      set -- nice -n 10 "$@"
      if command -v ionice >/dev/null; then set -- ionice -c 2 -n 7 "$@"; fi
    fi
    RESEED_UNIT=$job/$role setsid "$@" </dev/null >/dev/null 2>&1 9>&- &
    child=$!
  fi
}

# Whether it may still write its pid. A start on a slow host may take any time: a time limit would report a failure.
starting() {
  if [ -n "$child" ] && kill -0 "$child" 2>/dev/null; then return; fi
  if systemd_runs; then
    case $(systemctl show -p ActiveState --value "$unit.service" 2>/dev/null) in active | activating | reloading) return ;; esac
  fi
  # An interrupted earlier start has left it running.
  [ -n "$(unit_members "$job" "$role")" ]
}

start() {
  mkdir -p "$folder" || exit
  exec 9>>"$folder/starting"
  flock 9
  if [ -e "$folder/pid" ]; then
    cat >/dev/null
    echo "stands $(state)"
    return
  fi
  cat >"$folder/script.part"
  [ "$(tail -n 1 "$folder/script.part")" = "#$mark" ] || { echo "the script of $unit did not come whole" >&2; exit 65; }
  mv "$folder/script.part" "$folder/script"
  write_runner
  # systemd knows it already if an earlier start was interrupted just here.
  launch || systemctl is-active --quiet "$unit" || exit 69
  until [ -e "$folder/pid" ]; do
    # It may have ended between the two checks.
    starting || [ -e "$folder/pid" ] || { echo "$unit did not start: its process has ended" >&2; exit 69; }
    sleep 0.1
  done
  echo "started $(state)"
}

poll() {
  state
  if [ -e "$folder/progress" ]; then progress=$(tail -n 1 "$folder/progress" | head -c 4096); fi
  printf '%s\n' "${progress:-}"
  # In base64: the log may contain any bytes, and be cut inside a character.
  if [ -e "$folder/log" ]; then tail -c "+$((from + 1))" "$folder/log" | head -c 65536 | base64 -w 0; fi
}

stop() {
  # The whole cgroup; if systemd does not know the unit, there is nothing to stop.
  if systemd_runs; then systemctl stop "$unit.service" 2>/dev/null; fi
  tries=0
  while pids=$(unit_members "$job" "$role") && [ -n "$pids" ]; do
    signal=TERM
    if [ "$tries" -ge 50 ]; then signal=KILL; fi
    # shellcheck disable=SC2086  # numbers
    kill -"$signal" $pids 2>/dev/null
    tries=$((tries + 1))
    [ "$tries" -lt 250 ] || { echo "processes of $unit that have not ended after 200 SIGKILLs: $pids" >&2; exit 69; }
    sleep 0.1
  done
  state
}

clear_away() {
  case $(state) in running) echo "$unit runs: stop it first" >&2; exit 75 ;; esac
  if systemd_runs; then systemctl reset-failed "$unit.service" 2>/dev/null; fi
  # What tells after a restart of the host that it had begun (custom.sh).
  rm -f "/var/lib/reseed/ran/$job.$role" "/var/lib/reseed/ran/.$job.$role"
  rm -rf "$folder"
  # Each folder is removed with its last unit.
  rmdir /var/lib/reseed/ran "/run/reseed/$job" 2>/dev/null
  echo absent
}

end_each() {
  for each in "$@"; do
    about "$each"
    { stop >/dev/null && clear_away; } || return
  done
}

if [ "$verb" = end ]; then
  eval "end_each $role"
  exit
fi
about "$role"
case $verb in
  start) start ;;
  poll) poll ;;
  stop) stop ;;
  clear) clear_away ;;
esac
