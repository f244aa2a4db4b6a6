#!/bin/sh
# One owner at a time for the dangerous work on this host, whichever jump host the work comes from.
#   host-lock.sh take JOB WHO      ends with 3, and says whose it is, where somebody else's job has it
#   host-lock.sh release JOB       does nothing where the job does not have it
#   host-lock.sh show              two lines: the job; who, from where, since when. Nothing where nobody has it
#   host-lock.sh break JOB         takes it away from a job that will not come back
# It is a file that appears with its content in one step (link(2)): whoever finds it knows whose it is. In memory: a host that
# starts again is nobody's.
set -u
umask 077
verb=$1 job=${2-} who=${3-}
folder=/run/reseed
lock=$folder/lock

owner() { head -n 1 "$lock" 2>/dev/null; }
# What one of the job's had written when it was killed.
forget_unfinished() { rm -f "$lock.$job".*; }

case $verb in
  take)
    mkdir -p "$folder" || exit 1
    forget_unfinished
    written=$lock.$job.$$
    printf '%s\n%s, since %s\n' "$job" "$who" "$(date '+%Y-%m-%d %H:%M:%S %Z')" >"$written" || exit 1
    ln "$written" "$lock" 2>/dev/null
    rm -f "$written"
    [ "$(owner)" = "$job" ] || { cat "$lock" >&2; exit 3; }
    ;;
  release | break)
    forget_unfinished
    if [ "$(owner)" = "$job" ]; then rm -f "$lock"; fi
    ;;
  show) cat "$lock" 2>/dev/null || true ;;
esac
