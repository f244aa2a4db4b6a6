#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# A job of a jump host that is gone is taken up by another one: from then on no command of it begins on this host (prelude.sh: fence=).
#   host-fence.sh look job=JOB               what this host tells of the job, a line each:
#     taken|BY|WHO, since when               which jump host has taken it up
#     lock|SECONDS|WHO, since when           a lock of it; for so long a command of it may run, if the number is more than 0;
#                                            `older`: of a build whose commands look for no fence
#     unit|ROLE                              a unit of it
#   host-fence.sh take job=JOB by=BY who=WHO then tells the same; ends with 3 where another has taken it up, or a command may run.
#                                            BY: the jump host's own word, so that it may say it twice
#   host-fence.sh forbid job=JOB who=WHO     for a cleaning or an unlock, which takes its lock away: also where a command may run, which goes on, or
#                                            that of an older build, which looks for no fence. Does nothing where it is fenced. A jump host may
#                                            take the job up all the same: this one is on this host alone
# It stays when the host starts again.
set -u
# Who may open its folder may hold the lock of it (flock).
umask 077
verb=$1
shift
case $verb in
  look) declare_words job "$@" ;;
  take) declare_words 'job by who' "$@" ;;
  forbid) declare_words 'job who' "$@"; by=clean ;;
  *) unknown_verb "$verb" ;;
esac
case $job in *[!a-z0-9]* | '') echo "no key of a job: $job" >&2; exit 64 ;; esac
fenced=/var/lib/reseed/fenced
fence=$fenced/$job
# Between two commands its runner does other things.
patience=60
read -r up _ </proc/uptime

taker() { head -n 1 "$fence" 2>/dev/null; }
plain_line() { tr -d '\n' | tr '[:cntrl:]|' '??'; }
# seconds_of FILE: a lock is dated with the time of /proc/uptime; an older build left it the time of the clock.
seconds_of() {
  until=$(stat -c %Y "$1")
  if [ "$until" -gt 1000000000 ]; then echo older; else echo $((until + patience - ${up%.*})); fi
}
look() {
  if [ -s "$fence" ]; then printf 'taken|%s|%s\n' "$(taker | plain_line)" "$(sed -n 2p "$fence" | plain_line)"; fi
  for file in $(locks_on ''); do
    if [ "$(lock_job "$file")" = "$job" ]; then printf 'lock|%s|%s\n' "$(seconds_of "$file")" "$(lock_who "$file" | plain_line)"; fi
  done
  for folder in "/run/reseed/$job"/*/; do
    folder=${folder%/}
    if [ -e "$folder/starting" ]; then printf 'unit|%s\n' "${folder##*/}"; fi
  done
}

refuse_fresh() {
  for file in $(locks_on ''); do
    [ "$(lock_job "$file")" = "$job" ] || continue
    seconds=$(seconds_of "$file")
    case $seconds in
      older) refuse 'its lock is of an older reseed, whose commands look for no fence' ;;
      0 | -*) ;;
      *) refuse "a command of the job may run here for $seconds s more" ;;
    esac
  done
}

# set_fence: a cleaning asks for less than a jump host.
set_fence() {
  mkdir -p "$fenced" || exit 1
  # Also one that an older build made.
  chmod 700 "$fenced" || exit 1
  exec 9<"$fenced"
  flock -w 20 9 || fail "another command of reseed holds $fenced"
  other=$(taker)
  if [ "$verb" = take ]; then
    if [ "$other" = clean ]; then other=; fi
    if [ -n "$other" ] && [ "$other" != "$by" ]; then refuse "its job was taken up by $(sed -n 2p "$fence")"; fi
    if [ -z "$other" ]; then refuse_fresh; fi
  fi
  if [ -z "$other" ]; then
    find "$fenced" -maxdepth 1 -type f -mtime +400 -exec rm -f {} +
    printf '%s\n%s, since %s\n' "$by" "$who" "$(date '+%Y-%m-%d %H:%M:%S %Z')" >"$fenced/.$job" || exit 1
    mv -T "$fenced/.$job" "$fence" || exit 1
    # A power cut must not take it away.
    sync "$fence" "$fenced" 2>/dev/null || sync
  fi
  look
}

case $verb in
  look) look ;;
  take | forbid) set_fence ;;
esac
