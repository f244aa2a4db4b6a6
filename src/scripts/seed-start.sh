#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Starts a server on a copied datadir so that it neither replicates nor takes writes, whatever its option files and the
# copy say.
#   seed-start.sh VERB unit=UNIT job=JOB ...
#   prepare log=LOG option=OPTION...     OPTION: --skip-replica-start, ...: appended to the command of the unit. Notes the place in the log: from here on a machine that is
#     restarted may start the server, and what that says is of this start
#   follow datadir=DATADIR option=OPTION...   for a server that was made a replica: writes its source's settings to the disk, which
#     MariaDB does not do with its master.info, and gives the next start these options
#   start datadir=DATADIR        asks systemd, and returns at once; 3: another process has started it
#   again datadir=DATADIR log=LOG   the same for a server that was stopped: an ordinary start, whose lines the log then has from there on. Stops one that systemd
#     started with these options meanwhile, and leaves one that it started without
#   held datadir=DATADIR option=OPTION...   whether the running server has these options: one without them is stopped. Prints `none` where it
#     found no process of the server
#   release                      the next start is an ordinary one again; a running server is left alone
# Each can be repeated. The options (start-options.sh) survive a power cut. So does /var/lib/reseed/log-from/JOB-UNIT,
# which has the size of the error log before the start, and its inode: later lines are of this start.
set -u
verb=$1
shift
case $verb in
  prepare) own_words='log option...' ;;
  follow | held) own_words='datadir option...' ;;
  start) own_words=datadir ;;
  again) own_words='datadir log' ;;
  release) own_words='' ;;
  *) unknown_verb "$verb" ;;
esac
declare_words "unit job $own_words" "$@"
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
drop_in=$(options_file "$unit" "$job")
log_from=/var/lib/reseed/log-from/$job-$unit

note_log() {
  make_in_shared "$log_from.part"
  # Only its size and inode: the account may have put anything there.
  { stat -L -c '%s %i' -- "$log" 2>/dev/null || echo 0; } >"$log_from.part"
  mv "$log_from.part" "$log_from" && sync -f "$log_from" || exit 1
}
ask_start() {
  # If it failed too often in a short time, systemd refuses to try.
  systemctl reset-failed "$unit" 2>/dev/null
  systemctl start --no-block "$unit"
}

words_of() { { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null; }
# is_own PID: whether it is a server of this datadir, as one that systemd starts at this moment; false: it has ended. Ends the script where it is of an account
# that is no server's: its words stop no server, and it is none that was started.
is_own() {
  ! trusted_in "$datadir" "$unit" | grep -qx "$1" || return 0
  account=$(account_of "$1") || return 1
  refuse "process $1 works in $datadir as $account, which is no account of its server"
}

case $verb in
  prepare | follow)
    if [ "$verb" = follow ]; then sync -f -- "$datadir" || exit 1; else [ -e "$log_from" ] || note_log; fi
    eval "set -- $option"
    give_options "$unit" "$job" "$@"
    ;;
  start)
    datadir=$(readlink -f -- "$datadir")
    has_drop_in "$drop_in" || refuse "$drop_in is gone: the server would start as it is set up"
    # It may have been written hours ago.
    if [ -e "$drop_in" ]; then
      why=$(taken_back "$unit" "$drop_in" '^ExecStart[[:space:]]*=')
      [ -z "$why" ] || refuse "$unit would start without the options of reseed: $why"
    fi
    for pid in $(servers_in "$datadir"); do
      is_own "$pid" || continue
      case $(words_of "$pid") in
        # The machine was restarted since the start was allowed, and systemd has started the server.
        *' --skip-replica-start '* | *' --skip-slave-start '*) ;;
        *) refuse "process $pid works in $datadir: the server was started by hand, and not by this job" ;;
      esac
    done
    ask_start
    ;;
  again)
    datadir=$(readlink -f -- "$datadir") || refuse 'the datadir is not there'
    for pid in $(servers_in "$datadir"); do
      is_own "$pid" || continue
      case $(words_of "$pid") in
        # The machine was restarted since the stop, and systemd has started the server: as it was held back, or as its unit has it by now.
        *' --skip-replica-start '* | *' --skip-slave-start '*) systemctl stop "$unit" || fail "$unit was started with the options of this job, and systemd could not stop it" ;;
        *)
          [ -e "$drop_in" ] || exit 0
          refuse "process $pid works in $datadir: the server was started by hand, and not by this job"
          ;;
      esac
    done
    take_options "$unit" "$job"
    note_log
    ask_start
    ;;
  held)
    datadir=$(readlink -f -- "$datadir") || refuse 'the datadir is not there'
    eval "set -- $option"
    looked=no
    for pid in $(trusted_in "$datadir" "$unit"); do
      command=$(words_of "$pid")
      # A process that has just ended has no command line.
      [ -n "$command" ] || continue
      looked=yes
      for option in "$@"; do
        case " $command" in *" $option "*) continue ;; esac
        systemctl stop "$unit" || fail "$unit was started without $option (process $pid), and systemd could not stop it"
        fail "$unit was started without $option, and is stopped again: what starts it does not hand on the options of its unit. systemctl cat $unit shows it"
      done
    done
    [ "$looked" = yes ] || echo none
    ;;
  release)
    has_drop_in "$drop_in" || [ -e "$log_from" ] || exit 0
    rm -f "$log_from" || exit 1
    rmdir "${log_from%/*}" 2>/dev/null
    take_options "$unit" "$job"
    ;;
esac
