#!/bin/sh
# Starts and stops a server, and tells when it is there, and when it is really gone.
#   service.sh start UNIT                   asks systemd, and returns at once
#   service.sh stop UNIT                    the same
#   service.sh look UNIT DATADIR SOCKET LOG BYTES
#     four lines: the unit's state, or queued: systemd has not come to what was asked; how often systemd has started it again
#     by itself since it was asked to; the server's pid, or none; ready, or not: whether it takes connections.
#     Then what its error log has from BYTES on: its size on a line, and at most 64 KiB of it. BYTES may be the path of a file
#     that has the number.
# A server is gone when its unit is not active and no process works in its datadir any more.
set -u
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
verb=$1 unit=$2

look() {
  datadir=$(readlink -f "$1") socket=$2 log=$3 from=$4
  case $from in /*) from=$(cat "$from") || return ;; esac
  state=$(systemctl show -p ActiveState --value "$unit") || return
  case $(systemctl show -p Job --value "$unit") in '' | 0) ;; *) state=queued ;; esac
  echo "$state"
  # What systemd is too old to tell is none.
  restarts=$(systemctl show -p NRestarts --value "$unit")
  echo "${restarts:-0}"
  pid=
  for folder in /proc/[0-9]*; do
    if [ "$(readlink "$folder/cwd")" = "$datadir" ]; then pid=${folder#/proc/}; fi
  done
  echo "${pid:-none}"
  # A server that refuses our login answers too.
  if [ -n "$pid" ] && timeout 5 mysqladmin ${socket:+"--socket=$socket"} --connect-timeout=3 ping >/dev/null 2>&1; then
    echo ready
  else
    echo not
  fi
  if [ -n "$log" ] && [ -e "$log" ]; then
    wc -c <"$log"
    tail -c "+$((from + 1))" -- "$log" | head -c 65536
  else
    echo 0
  fi
}

case $verb in
  start)
    # Where it failed too often in a short time, systemd refuses to try.
    systemctl reset-failed "$unit" 2>/dev/null
    systemctl start --no-block "$unit"
    ;;
  stop) systemctl stop --no-block "$unit" ;;
  look)
    shift 2
    look "$@"
    ;;
esac
