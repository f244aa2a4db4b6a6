#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# One owner at a time for the dangerous work on a datadir, whichever jump host the work comes from (datadir-locks.sh: what a lock is).
#   host-lock.sh take job=JOB who=WHO datadir=DATADIR   ends with 3 where another job has it, and says as `show` whose it is
#   host-lock.sh release job=JOB datadir=DATADIR        does nothing where the job does not have it
#   host-lock.sh show datadir=DATADIR    three lines for each lock that keeps others from it: the job; who, from where, since when; the
#                                        datadir, empty for the whole host. DATADIR empty: every lock of the host
#   host-lock.sh break job=JOB datadir=DATADIR          takes it away from a job that will not come back, though it has the whole host
# DATADIR empty for take and release: the whole host, and every datadir of it. In memory: a host that starts again has no lock.
set -u
umask 077
verb=$1
shift
case $verb in
  take) declare_words 'job who datadir' "$@" ;;
  release | break) declare_words 'job datadir' "$@" ;;
  show) declare_words datadir "$@" ;;
  *) unknown_verb "$verb" ;;
esac

show() { printf '%s\n%s\n%s\n' "$(lock_job "$1")" "$(lock_who "$1")" "$(lock_datadir "$1")"; }
# Removes what a killed script of the job had begun to write.
forget_unfinished() { rm -f "${host_lock:?}.$job".*; }
# One script at a time. An older build does not wait for this, so the lock of the whole host appears by link(2), in one
# step.
alone() {
  mkdir -p "${host_lock%/*}" || exit 1
  exec 9<"${host_lock%/*}"
  flock -w 20 9 || fail "another command of reseed holds ${host_lock%/*}"
  forget_unfinished
}

take() {
  case $datadir in *[[:cntrl:]]*) refuse 'the datadir has a control character in its name' ;; esac
  resolved='' file=$host_lock
  if [ -n "$datadir" ]; then
    resolved=$(readlink -m -- "$datadir") || exit 1
    file=$host_lock-$(printf '%s' "$resolved" | sha256sum | head -c 16)
  fi
  for other in $(locks_on "$datadir"); do
    [ "$(lock_job "$other")" = "$job" ] || { show "$other" >&2; exit 3; }
  done
  written=$host_lock.$job.$$
  { printf '%s\n%s, since %s\n' "$job" "$who" "$(date '+%Y-%m-%d %H:%M:%S %Z')" && { [ -z "$datadir" ] || printf '%s\n%s\n' "$datadir" "$resolved"; }; } >"$written" || exit 1
  # As each command of the job dates it again (prelude.sh): for how long one may run.
  read -r up _ </proc/uptime
  touch -d "@${up%.*}" "$written" || exit 1
  ln "$written" "$file" 2>/dev/null
  rm -f "$written"
  [ "$(lock_job "$file")" = "$job" ] || { show "$file" >&2; exit 3; }
}

# release_those FILE...: releases those that are the job's own.
release_those() {
  for file in "$@"; do
    if [ "$(lock_job "$file")" = "$job" ]; then rm -f -- "$file"; fi
  done
}

case $verb in
  take)
    alone
    take
    ;;
  release)
    alone
    if [ -z "$datadir" ]; then release_those "$host_lock"
    else
      # shellcheck disable=SC2046  # no name of a lock has a blank
      release_those $(locks_on "$datadir" | grep -vxF "$host_lock")
    fi
    ;;
  break)
    alone
    if [ -z "$datadir" ]; then release_those "$host_lock"
    else
      # shellcheck disable=SC2046  # the same
      release_those $(locks_on "$datadir")
    fi
    ;;
  show) for file in $(locks_on "$datadir"); do show "$file"; done ;;
esac
