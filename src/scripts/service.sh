#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Starts and stops a server, and tells when it is there, and when it is really gone.
#   service.sh start unit=UNIT              asks systemd, and returns at once
#   service.sh stop unit=UNIT               the same
#   service.sh look unit=UNIT datadir=DATADIR defaults_file=FILE socket=SOCKET log=LOG from=BYTES
#     a line each: the unit's state, or queued: systemd has not come to what was asked; how often systemd has started it again by
#     itself since it was asked to; the server's pid and name, or none; ready, or not: whether it takes connections, or refused WHY: it is not asked; what systemd says
#     of how its process ended. Then the number of lines that the journal has of this start, and these lines: where the server is not
#     ready, and all that it says where it has no log of its own. Then what its error log has from BYTES on: its size on a line, and at
#     most 64 KiB of it, though it was rotated since. BYTES may be the path of a file that has the number, and the log's inode behind it.
#   service.sh ended unit=UNIT
#     the boot, and when in it the unit became inactive: microseconds, or 0: it has not run in this boot, or systemd forgot it (one that
#     is not enabled)
#   service.sh which datadir=DATADIR        the server that works there: pid, time of its start in ticks, and the boot; or none
# A server is gone when its unit is not active and no server works in its datadir any more.
set -u
verb=$1
shift
case $verb in
  start | stop | ended) declare_words unit "$@" ;;
  look) declare_words 'unit datadir defaults_file socket log from' "$@" ;;
  which) declare_words datadir "$@" ;;
  *) unknown_verb "$verb" ;;
esac

shown() { systemctl show -p "$1" --value "$unit"; }

look() {
  log_inode='' log_since=''
  case $from in /*) log_since=$(stat -c %Y -- "$from") && from=$(cat "$from") || return ;; esac
  case $from in *' '*) log_inode=${from#* } from=${from%% *} ;; esac
  state=$(shown ActiveState) || return
  unit_is=$state
  case $(shown Job) in '' | 0) ;; *) state=queued ;; esac
  echo "$state"
  # A systemd that is too old to tell counts as 0.
  restarts=$(shown NRestarts)
  echo "${restarts:-0}"
  own_pid=$(trusted_in "$datadir" "$unit" | head -n 1)
  # It is not gone while a process of any account is there.
  pid=${own_pid:-$(servers_in "$datadir" | head -n 1)}
  if [ -n "$pid" ]; then
    name=
    { read -r name <"/proc/$pid/comm"; } 2>/dev/null
    whose=''
    if [ -z "$own_pid" ]; then
      account=$(account_of "$pid")
      whose=" (of ${account:-an account that is gone}, which is no account of its server: it is not asked)"
    fi
    printf '%s %s%s\n' "$pid" "$(printf '%s' "${name:-?}" | tr -c '[:print:]' '?')" "$whose"
  else
    echo none
  fi
  ready=not client_refused=''
  # Our login is for the server alone.
  if [ -n "$own_pid" ] && client_limit='timeout 15' is_ready "$datadir" "$defaults_file" "$socket" "$unit"; then ready=ready; fi
  if [ -n "$client_refused" ] && [ "$ready" = not ]; then ready="refused $(printf '%s' "$client_refused" | tr -c '[:print:]' '?')"; fi
  printf '%s\n' "$ready"
  echo "$(shown Result) $(shown ExecMainCode) $(shown ExecMainStatus)"
  said=
  # Until systemd begins the requested start, the last start is the previous one.
  case $state,$unit_is in
    queued,inactive | queued,failed) is_new=no ;;
    *) is_new=yes ;;
  esac
  if [ "$is_new" = no ]; then
    :
  elif [ "$ready" = not ] || [ -z "$log" ]; then said=$(journal "$unit"); fi
  if [ -n "$said" ]; then
    printf '%s\n' "$said" | wc -l
    printf '%s\n' "$said"
  else
    echo 0
  fi
  if [ -n "$log" ]; then
    meet_log "$log"
    log_bytes "$log" || echo 0
    log_since "$log" "$from" "$log_inode" "$log_since"
  else
    echo 0
  fi
}

# A pid alone may be that of another process by now.
which_process() {
  pid=$(trusted_in "$datadir" | head -n 1)
  started=
  if [ -n "$pid" ]; then started=$(stat_of "$pid" 20); fi
  if [ -n "$started" ]; then echo "$pid $started $(cat /proc/sys/kernel/random/boot_id)"; else echo none; fi
}

case $verb in
  start)
    # If it failed too often in a short time, systemd refuses to try.
    systemctl reset-failed "$unit" 2>/dev/null
    systemctl start --no-block "$unit"
    ;;
  stop) systemctl stop --no-block "$unit" ;;
  look) look ;;
  ended) echo "$(cat /proc/sys/kernel/random/boot_id) $(shown InactiveEnterTimestampMonotonic)" ;;
  which) which_process ;;
esac
