#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The state of a target's server before a seed stopped it; an undone seed starts it with this state. A stop loses state
# that is only in memory: which replication threads run, read_only, the event scheduler, filters that no option file
# has, and options of ours that an earlier seed started it with.
#   seed-before.sh VERB unit=UNIT job=JOB datadir=DATADIR defaults_file=FILE socket=SOCKET ...
#   note word=WORD filter=FILTER... planned=USE member=NAME... stood=GTIDS   saves it; WORD: REPLICA or SLAVE, as the server's version uses it; FILTER: a statement that
#     makes a filter again; USE: how the plan saw the server used; NAME: a replica that is rebuilt with it; GTIDS: of its own writes
#     in the plan, or log:FILE:POSITION; empty: not known. Ends with 3 if it takes writes or has replicas since (use-since-plan.sh)
#   restart option=OPTION log=LOG     starts the server that ran before, if its data is complete. OPTION: --skip-replica-start, or the
#     older name. LOG: its error log, which says why it does not start; may be empty. Does nothing if the server was never stopped.
#     Reports what it has seen of the server: that it accepts connections, or why not
# Each can be repeated. The saved state is in /var/lib/reseed/before/JOB-UNIT, which is removed with the old data: lines
# of the form `note_form`, and no others. A server's answers may contain anything, so they are saved in hexadecimal. If
# the server could not be asked, there is no such file, and it starts with the options of its files.
set -u
umask 077
verb=$1
shift
case $verb in
  note) own_words='word filter... planned member... stood' ;;
  restart) own_words='option log' ;;
  *) unknown_verb "$verb" ;;
esac
declare_words "unit job datadir defaults_file socket $own_words" "$@"
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
note=/var/lib/reseed/before/$job-$unit
# In seconds: for how long nothing may change, and in all. A recovery takes as long as it takes, and MySQL's default verbosity logs nothing of it; one that
# can not go on may write a line now and then.
quiet_limit=7200
start_limit=21600
# systemd restarts a server that ended, if its unit says so: a failure may be over after one restart, but not after
# several.
most_restarts=3
# For a server that another process started, or systemd restarts over and over: it is looked at, and not waited for.
look_limit=60

server_process() {
  pid=$(trusted_in "$datadir" "$unit" | head -n 1)
  [ -z "$pid" ] || process_of "$pid"
}
ask() { sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "$1" </dev/null; }
# asks_target: whether SQL reaches the server of this datadir: with two servers on a host it may reach the other one.
asks_target() {
  told=$(ask 'SELECT @@datadir' 2>/dev/null) && [ -n "$told" ] &&
    [ "$(folder_id "$told")" = "$(folder_id "$datadir")" ]
}

# Everything that is run at `restart` is built from these numbers, words and hexadecimal, and from nothing else.
# `told_form` is what a server may answer.
told_form='event_scheduler (ON|OFF|DISABLED)|read_only [A-Za-z0-9_]{1,30}|super_read_only [01]|filter (do|ignore)_db [0-9A-F]*|filter (wild_)?(do|ignore)_table [0-9A-F]*|filter (rewrite_db|events_marked_for_skip) [0-9A-F]*'
told_form="$told_form|thread (START|STOP) (IO|SQL)_THREAD \\.[0-9A-F]*"
# Options of change-words.ts that overrule an option file and are in no saved variable: word for word. After loose- these names alone, which persisted.ts
# gives: the next start would take any other option too (skip_grant_tables, user).
persisted_names='server_id|gtid_mode|enforce_gtid_consistency|log_(replica|slave)_updates|report_(host|port)|skip_name_resolve|bind_address|back_log|open_files_limit|thread_stack'
persisted_names="$persisted_names|table_open_cache_instances|(innodb|performance_schema|replica|slave|relay_log|binlog|max)_[a-z0-9_]+"
given_form="given --(init-file=(/dev/null)?|loose-($persisted_names)=[A-Za-z0-9_.,:-]{1,100}|persisted-globals-load=OFF|log-error-verbosity=3|log-error-suppression-list=)"
note_form="process [0-9]+ [0-9]+|speaker (mysql|mariadb) (REPLICA|SLAVE)|statement [0-9A-F]+|$given_form|$told_form"
# all_of FORM TEXT: whether every line has that form.
all_of() { ! printf '%s\n' "$2" | grep -qvxE -- "$1"; }

# First, since it has to be off before the server takes writes again.
scheduler_question="SELECT CONCAT('event_scheduler ', @@GLOBAL.event_scheduler)"

# given_words PID: options that a seed of ours started the server with.
given_words() { { tr '\0' '\n' <"/proc/$1/cmdline"; } 2>/dev/null | sed 's/^/given /' | grep -xE -- "$given_form" | sort -u; }

# A thread that an error has stopped is started again: it then stops with the same error as before.
mysql_lines() {
  [ "$(ask 'SELECT @@GLOBAL.performance_schema')" = 1 ] || return 1
  tables=performance_schema.replication
  failed() { echo "EXISTS (SELECT 1 FROM ${tables}_applier_status_by_$1 w WHERE w.CHANNEL_NAME = s.CHANNEL_NAME AND w.LAST_ERROR_NUMBER <> 0)"; }
  mode=$(ask "$scheduler_question; SELECT CONCAT('read_only ', @@GLOBAL.read_only); SELECT CONCAT('super_read_only ', @@GLOBAL.super_read_only)") || return 1
  threads=$(ask "SELECT CONCAT('thread ', IF(s.SERVICE_STATE <> 'OFF' OR s.LAST_ERROR_NUMBER <> 0, 'START', 'STOP'), ' IO_THREAD .', HEX(s.CHANNEL_NAME))
      FROM ${tables}_connection_status s;
    SELECT CONCAT('thread ', IF(s.SERVICE_STATE = 'ON' OR $(failed coordinator) OR $(failed worker), 'START', 'STOP'), ' SQL_THREAD .', HEX(s.CHANNEL_NAME))
      FROM ${tables}_applier_status s") || return 1
  all_of "$told_form" "$mode" && { [ -z "$threads" ] || all_of "$told_form" "$threads"; } || return 1
  printf '%s\n' "$mode"
  for one in "$@"; do printf 'statement %s\n' "$(to_hex "$one")"; done
  printf '%s\n' "$threads" | grep . || :
}

mariadb_lines() {
  mode=$(ask "$scheduler_question; SELECT CONCAT('read_only ', @@GLOBAL.read_only)") || return 1
  filters=$(for name in do_db ignore_db do_table ignore_table wild_do_table wild_ignore_table; do
    ask "SELECT CONCAT('filter $name ', HEX(@@GLOBAL.replicate_$name))" || exit 1
  done
  # The first is a variable from 10.11 on.
  ask "SELECT CONCAT('filter ', LOWER(SUBSTR(VARIABLE_NAME, 11)), ' ', HEX(GLOBAL_VALUE)) FROM information_schema.SYSTEM_VARIABLES
    WHERE VARIABLE_NAME IN ('REPLICATE_REWRITE_DB', 'REPLICATE_EVENTS_MARKED_FOR_SKIP')") || return 1
  # SQL can't select its columns.
  status=$(sql_client "$defaults_file" "$socket" --batch -e 'SHOW ALL SLAVES STATUS' </dev/null) || return 1
  threads=$(printf '%s' "$status" | threads_told) || return 1
  threads=$(printf '%s\n' "$threads" | while read -r io sql io_error sql_error name; do
    [ -n "$io" ] || continue
    echo "thread $(runs "$io" "$io_error") IO_THREAD $name"
    echo "thread $(runs "$sql" "$sql_error") SQL_THREAD $name"
  done)
  all_of "$told_form" "$mode" && all_of "$told_form" "$filters" || return 1
  printf '%s\n' "$mode" "$filters" "$threads" | grep .
}
runs() { if [ "$1" != No ] || [ "$2" != 0 ]; then echo START; else echo STOP; fi; }

# write_note SPEAKER FILTER...
write_note() {
  speaker=$1
  shift
  make_in_shared "$note.part"
  if lines=$("${speaker}_lines" "$@") && lines=$(printf '%s\n' "process $process" "speaker $speaker $word" "$lines" "$(given_words "${process%% *}")" | grep .) && all_of "$note_form" "$lines"; then
    printf '%s\n' "$lines" >"$note.part" && mv "$note.part" "$note" && sync -f "$note" || exit 1
    return
  fi
  note_nothing
}
note_nothing() {
  rm -f "$note.part"
  echo "! which replication threads run is not known: if the seed is undone, the server starts as its options say, its event scheduler too"
  exit 0
}

# statements all | stop: the statements of the note, for the client's standard input; stop: stop the threads that ran
# instead.
statements() {
  speaker=$(sed -n 's/^speaker \([a-z]*\) .*/\1/p' "$note") word=$(sed -n 's/^speaker [a-z]* //p' "$note")
  while read -r kind first second third; do
    case $kind in
      event_scheduler) schedule "$1" "$first" ;;
      read_only | super_read_only) [ "$1" = stop ] || echo "SET GLOBAL $kind = $first;" ;;
      filter) [ "$1" = stop ] || echo "SET GLOBAL replicate_$first = $(text_of "$second");" ;;
      statement) [ "$1" = stop ] || prepared "$first" ;;
      thread)
        if [ "$1" != stop ]; then prepared "$(channel_words "$speaker" "$first $word" "${third#.}" "$second")"
        elif [ "$first" = START ]; then prepared "$(channel_words "$speaker" "STOP $word" "${third#.}" "$second")"
        fi
        ;;
    esac
  done <"$note"
}
# schedule all | stop VALUE: no statement can switch a DISABLED scheduler.
schedule() {
  wanted=$2
  case $wanted in
    ON) [ "$1" != stop ] || return 0 ;;
    *) wanted=OFF ;;
  esac
  case $(ask 'SELECT @@GLOBAL.event_scheduler') in
    DISABLED | "$wanted") ;;
    *) echo "SET GLOBAL event_scheduler = $wanted;" ;;
  esac
}
text_of() { if [ -n "$1" ]; then echo "CONVERT(0x$1 USING utf8mb4)"; else echo "''"; fi; }

forget() {
  rm -f "$note" "$note.part" || exit 1
  rmdir "${note%/*}" 2>/dev/null
  return 0
}

# in_job_folder: the state of the datadir: none (no seed is there), gone (its old data is deleted), or there.
in_job_folder() (
  if ! find_folder "$datadir" "$job"; then echo none; elif [ "$(cat phase 2>/dev/null)" = cleared ] || [ "$(cat before 2>/dev/null)" = cleared ]; then echo gone; else echo there; fi
)

takes_connections() { client_limit='timeout 5' is_ready "$datadir" "$defaults_file" "$socket" "$unit"; }

restarts() { systemctl show -p NRestarts --value "$unit" | grep -x '[0-9][0-9]*' || echo 0; }
# has_ended: whether it is not being started. A queued start has not begun.
has_ended() {
  case $(systemctl show -p Job --value "$unit")$(systemctl show -p ActiveState --value "$unit") in
    failed | inactive | 0failed | 0inactive) ;;
    *) return 1 ;;
  esac
}

# sign_of_work: another one: its process or its log is another.
sign_of_work() {
  echo "$(servers_in "$datadir" | tr '\n' ' ')$(restarts) $(systemctl show -p ActiveState --value "$unit")"
  if [ -n "$log" ]; then log_bytes "$log"; else journal "$unit" | cksum; fi
}
wait_for_server() {
  begin_wait
  restarts_before=$(restarts)
  sign='' changed=0
  until takes_connections; do
    [ -z "$client_refused" ] || fail "$unit runs on its old data, which is complete, and is not asked: $client_refused. Its replication is as this job left it: abort the job again then"
    ! has_ended || not_up "$unit did not start again on its old data, which is complete"
    again=$(($(restarts) - restarts_before))
    [ "$again" -lt "$most_restarts" ] || not_up "$unit did not start again on its old data, which is complete: systemd has restarted it $again times"
    waited=$(waited_seconds)
    now=$(sign_of_work)
    if [ "$now" != "$sign" ]; then sign=$now changed=$waited; fi
    if [ "$waited" -ge "$start_limit" ] || [ $((waited - changed)) -ge "$quiet_limit" ]; then
      not_up "$unit was started $waited s ago and has not answered us yet (nothing of it has changed for $((waited - changed)) s): its replication is as this job left it"
    fi
    sleep 1
  done
}
# By the machine's uptime: its clock may be set meanwhile.
begin_wait() {
  read -r up _ </proc/uptime
  wait_began=${up%.*}
}
waited_seconds() {
  read -r up _ </proc/uptime
  echo "$((${up%.*} - wait_began))"
}
# watch_server: for a server that this job did not start: reports its state, and does not fail for it: the job did not
# change it.
watch_server() {
  begin_wait
  # It may have been restarted long ago, and run since.
  restarts_before=$(restarts)
  until takes_connections; do
    if [ -n "$client_refused" ]; then
      echo "its server is not asked: $client_refused"
      return
    fi
    again=$(($(restarts) - restarts_before))
    waited=$(waited_seconds)
    if has_ended || [ "$again" -ge "$most_restarts" ] || { [ "$again" -gt 0 ] && [ "$waited" -ge "$look_limit" ]; }; then
      # The earlier log may be of other starts, or of this one: we can't tell.
      echo "its server takes no connections: systemd says $(systemctl show -p ActiveState --value "$unit"), $again restarts in $waited s: $(why_it_ended 'what its log says since then does not tell why')"
      return
    fi
    if [ "$waited" -ge "$look_limit" ]; then
      echo "its server took no connection for $look_limit s: systemd says $(systemctl show -p ActiveState --value "$unit")"
      return
    fi
    sleep 1
  done
  echo 'its server runs, and this job noted nothing of it that is to be put back'
}
# why_it_ended [UNTOLD]
why_it_ended() {
  why=$(why_not_up "$unit" "$log" "$log_from")
  echo "${why:-${1-its log does not say why}}"
}
# not_up WHAT: ends with what its log and systemd report, and what to do.
not_up() {
  fail "$1: $(why_it_ended); unit result: $(systemctl show -p Result --value "$unit"). Its options may have been changed while it ran: put right what stands there, and abort the job again, which starts it. Look: journalctl -u $unit${log:+, $log}"
}

# was_promoted: of a server that was started by another than this job: it is no replica any more, and takes writes, which it did not.
was_promoted() {
  asks_target && grep -qE '^read_only (1|ON)$' "$note" && grep -q '^thread ' "$note" || return 1
  case $(ask 'SELECT @@GLOBAL.read_only') in 0 | OFF) ;; *) return 1 ;; esac
  speaker=$(sed -n 's/^speaker \([a-z]*\) .*/\1/p' "$note") word=$(sed -n 's/^speaker [a-z]* //p' "$note")
  [ "$(now_replicating "$speaker" "$word" "$defaults_file" "$socket")" = none ]
}

# With the options of our drop-in, if there is one.
start_plainly() {
  systemctl reset-failed "$unit" 2>/dev/null
  systemctl start --no-block "$unit"
}
of_option() { case $option in *replica*) echo REPLICA ;; *) echo SLAVE ;; esac; }
# tell: statements on standard input; prints the client's output.
tell() { sql_client "$defaults_file" "$socket" --batch --skip-column-names 2>&1; }

datadir=$(readlink -f -- "$datadir") || refuse 'the datadir is not there'
case $verb in
  note)
    case $word in REPLICA | SLAVE) ;; *) refuse "no word for a replica: $word" ;; esac
    process=$(server_process)
    # A process of another account is no server that is believed, and none that is overlooked.
    if [ -z "$process" ] && [ -z "$(servers_in "$datadir")" ]; then
      echo 'the server is down'
      exit 0
    fi
    if ! asks_target; then
      echo '! whether its server takes writes or has replicas by now is not known: SQL for it is refused, or reaches another server'
      note_nothing
    fi
    case $(ask 'SELECT VERSION()') in *MariaDB*) speaker=mariadb ;; *) speaker=mysql ;; esac
    eval "set -- $filter"
    # First, so that an undo knows that it was not stopped.
    (write_note "$speaker" "$@") || exit
    refuse_new_use "$planned" "$speaker" "$word" "$defaults_file" "$socket"
    ;;
  restart)
    log_from=0
    if [ -n "$log" ]; then
      meet_log "$log"
      log_from=$(log_bytes "$log") || log_from=0
    fi
    case $(in_job_folder) in
      none) ;;
      gone)
        forget
        echo "its server stays down: $datadir is not complete"
        exit 0
        ;;
      there) refuse "the server stays down: $datadir is not complete" ;;
      # It said why it can not tell: the server may run, and was not touched.
      *) exit 3 ;;
    esac
    ! has_drop_in "/etc/systemd/system/$(unit_id "$unit").service.d/$(drop_in_name "$job")" || refuse "the server stays down: $datadir is not complete"
    if [ ! -e "$note" ]; then
      # It was down, or systemd restarts it over and over and this job did not stop it: then its count must not be
      # reset.
      case $(systemctl show -p ActiveState --value "$unit") in
        active | activating | reloading)
          watch_server
          exit 0
          ;;
      esac
      start_plainly || exit 1
      wait_for_server
      echo 'its server runs, and replicates as its options say: how it did before was not noted'
      exit 0
    fi
    process=$(server_process)
    if [ -n "$process" ] && grep -qxF "process $process" "$note"; then
      forget
      echo 'its server was not stopped'
      exit 0
    fi
    if ! all_of "$note_form" "$(cat "$note")"; then
      [ -n "$process" ] || start_plainly || exit 1
      wait_for_server
      forget
      echo "its server runs"
      echo "! $unit was started as its options say: what was noted of its replication ($note) is not of this version of reseed. Compare: SHOW $(of_option) STATUS, filters, read_only"
      exit 0
    fi
    if [ -z "$process" ]; then
      set -- "$option"
      while read -r kind value _; do
        case $kind in
          given) set -- "$@" "$value" ;;
          event_scheduler) set -- "$@" "--event-scheduler=$value" ;;
          read_only) set -- "$@" "--read-only=$value" ;;
          super_read_only) set -- "$@" "--super-read-only=$value" ;;
        esac
      done <"$note"
      # Its data is complete: better up without these options than down.
      if ! (give_options "$unit" "$job" "$@"); then
        echo "! $unit is started as its options say, and not held back: until its replication is as before again, it may have replicated or taken writes"
      fi
      start_plainly || exit 1
    fi
    wait_for_server
    if [ -n "$process" ] && was_promoted; then
      forget
      echo 'its server was started meanwhile, takes writes, and replicates from no host: it is left as it is'
      exit 0
    fi
    asks_target || fail "$unit runs on its old data and does not replicate yet: SQL for it is refused, or reaches another server of this host. Look: mysql.defaultsFile and mysql.socket in the inventory"
    # A server without these options replicates already, and accepts no filter meanwhile.
    if ! tr '\0' ' ' <"/proc/$(trusted_in "$datadir" "$unit" | head -n 1)/cmdline" | grep -q -e " $option "; then
      said=$(statements stop | tell) || fail "$unit runs on its old data, and could not be made to replicate as before: $said"
    fi
    # A start of a seed left out what SET PERSIST has set, and this one as well.
    if grep -qx 'given --persisted-globals-load=OFF' "$note"; then say_persisted >/dev/null; fi
    said=$(statements all | tell) || fail "$unit runs on its old data, and could not be made to replicate as before: $said"
    take_options "$unit" "$job"
    replicates='as before it does not replicate'
    if grep -q '^thread START' "$note"; then replicates='its replication is started as before'; fi
    forget
    echo "its server runs; $replicates"
    ;;
esac
