#!/bin/sh
# Starts a server on a copied datadir so that it neither replicates nor takes writes, whatever its option files and the copy say.
#   seed-start.sh prepare UNIT JOB OPTION...     OPTION: --skip-replica-start, ...: appended to the command of the unit
#   seed-start.sh follow  UNIT JOB DATADIR OPTION...   of one that was made a replica: what it knows of its source is on the disk, which
#     MariaDB's master.info is not by itself, and the next start has these options
#   seed-start.sh start   UNIT JOB DATADIR LOG   asks systemd, and returns at once; 3: somebody else has started it
#   seed-start.sh release UNIT JOB               the next start is an ordinary one again; the server that runs is left alone
# Each may be said twice. The options are a drop-in of the unit, which outlives a power cut: the server that the machine's own
# start brings up is held back as well. So does /var/lib/reseed/log-from/JOB-UNIT, which has how long the error log was before the start:
# what comes after it is this start's.
set -u
verb=$1 unit=$2 job=$3
case $job in *[!a-z0-9]* | '') echo "no key of a job: $job" >&2; exit 64 ;; esac
folder=/etc/systemd/system/$(unit_id "$unit").service.d
drop_in=$folder/reseed-$job-start.conf
log_from=/var/lib/reseed/log-from/$job-$unit

# The command line of the unit: the last ExecStart= of all its files; an empty one forgets those before it. Never mind ours.
command_line() {
  systemctl cat "$unit" 2>/dev/null | OURS="# $drop_in" awk '
    /^# \// { skip = ($0 == ENVIRON["OURS"]) }
    /^[#;]/ || skip { next }
    /\\$/ { sub(/\\$/, ""); line = line $0 " "; next }
    { line = line $0 }
    line ~ /^ExecStart[ \t]*=/ { sub(/^ExecStart[ \t]*=[ \t]*/, "", line); command = line }
    { line = "" }
    END { print command }'
}

case $verb in
  prepare | follow)
    shift 3
    if [ "$verb" = follow ]; then
      sync -f -- "$1" || exit 1
      shift
    fi
    command=$(command_line)
    [ -n "$command" ] || refuse "$unit has no command line that could be told how to start"
    case $command in
      # sh -c "...": within its quotes.
      *\") command="${command%\"} $*\"" ;;
      *\') command="${command%\'} $*'" ;;
      *) command="$command $*" ;;
    esac
    mkdir -p "$folder" || exit 1
    {
      echo "# reseed job $job: goes when the server has caught up"
      printf '[Service]\nExecStart=\nExecStart=%s\n' "$command"
    } >"$drop_in.part" && chmod 644 "$drop_in.part" && mv "$drop_in.part" "$drop_in" || exit 1
    chmod 755 "$folder"
    sync -f "$drop_in"
    systemctl daemon-reload
    ;;
  start)
    datadir=$(readlink -f -- "$4") log=$5
    [ -e "$drop_in" ] || refuse "$drop_in is gone: the server would start as it is set up"
    for pid in $(servers_in "$datadir"); do
      case $(tr '\0' ' ' <"/proc/$pid/cmdline") in
        *' --skip-replica-start '* | *' --skip-slave-start '*) ;;
        *) refuse "process $pid works in $datadir: the server was started by hand, and not by this job" ;;
      esac
    done
    if [ ! -e "$log_from" ]; then
      mkdir -p "${log_from%/*}" || exit 1
      # Its size alone: the account may have put anything there.
      { stat -L -c %s -- "$log" 2>/dev/null || echo 0; } >"$log_from.part"
      mv "$log_from.part" "$log_from" && sync -f "$log_from" || exit 1
    fi
    # Where it failed too often in a short time, systemd refuses to try.
    systemctl reset-failed "$unit" 2>/dev/null
    systemctl start --no-block "$unit"
    ;;
  release)
    [ -e "$drop_in" ] || [ -e "$log_from" ] || exit 0
    rm -f "$drop_in" "$log_from" || exit 1
    rmdir "$folder" 2>/dev/null
    rmdir "${log_from%/*}" 2>/dev/null
    sync -f "${folder%/*}" || exit 1
    systemctl daemon-reload
    ;;
esac
