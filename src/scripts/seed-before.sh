#!/bin/sh
# The server of a target as it was before a seed stopped it: an undone seed starts it again as that. What stands in its memory alone would
# be lost with the stop: which replication threads run, read_only, and filters that no option file has.
#   seed-before.sh note    UNIT JOB DATADIR DEFAULTS_FILE SOCKET WORD [FILTER...]   writes it down; WORD: REPLICA or SLAVE, as its version
#     has it; FILTER: a statement that makes a filter again
#   seed-before.sh restart UNIT JOB DATADIR DEFAULTS_FILE SOCKET OPTION   starts the server that ran before, where its data is complete.
#     OPTION: --skip-replica-start, or the older name. Does nothing where the server was never stopped
# Each may be said twice. What was written down is in /var/lib/reseed/before/JOB-UNIT, which goes with the old data; a line each: `process PID STARTTIME`, `option WORD`
# of the command line, `sql STATEMENT`. Where it could not be asked, there is no such file, and the server starts as its options say.
set -u
umask 077
verb=$1 unit=$2 job=$3
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
note=/var/lib/reseed/before/$job-$unit
start_limit=900

# process_of PID: the pid and when it was started: no other process has both.
process_of() { sed 's/^\([0-9]*\) (.*) /\1 /' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 1,21; }
server_process() {
  pid=$(servers_in "$datadir" | head -n 1)
  [ -z "$pid" ] || process_of "$pid"
}
ask() { sql_client "$defaults_file" "$socket" --batch --skip-column-names --raw -e "$1"; }
# asks_target: whether SQL reaches the server of this datadir: with two servers on a host it may reach the other one.
asks_target() {
  told=$(ask 'SELECT @@datadir' 2>/dev/null) && [ -n "$told" ] &&
    [ "$(stat -L -c %d:%i -- "$told" 2>/dev/null)" = "$(stat -L -c %d:%i -- "$datadir")" ]
}

# A thread that an error has stopped is started again: it stops with that error, as it stood before.
mysql_lines() {
  [ "$(ask 'SELECT @@GLOBAL.performance_schema')" = 1 ] || return 1
  tables=performance_schema.replication
  failed() { echo "EXISTS (SELECT 1 FROM ${tables}_applier_status_by_$1 w WHERE w.CHANNEL_NAME = s.CHANNEL_NAME AND w.LAST_ERROR_NUMBER <> 0)"; }
  ask "SELECT CONCAT('option --read-only=', @@GLOBAL.read_only);
    SELECT CONCAT('option --super-read-only=', @@GLOBAL.super_read_only);
    SELECT CONCAT('sql SET GLOBAL read_only = ', @@GLOBAL.read_only);
    SELECT CONCAT('sql SET GLOBAL super_read_only = ', @@GLOBAL.super_read_only)" || return 1
  for filter in "$@"; do printf 'sql %s\n' "$filter"; done
  ask "SELECT CONCAT('sql ', IF(s.SERVICE_STATE <> 'OFF' OR s.LAST_ERROR_NUMBER <> 0, 'START', 'STOP'), ' $word IO_THREAD FOR CHANNEL ', QUOTE(s.CHANNEL_NAME))
      FROM ${tables}_connection_status s;
    SELECT CONCAT('sql ', IF(s.SERVICE_STATE = 'ON' OR $(failed coordinator) OR $(failed worker), 'START', 'STOP'), ' $word SQL_THREAD FOR CHANNEL ', QUOTE(s.CHANNEL_NAME))
      FROM ${tables}_applier_status s"
}

mariadb_lines() {
  read_only=$(ask 'SELECT @@GLOBAL.read_only') || return 1
  case $read_only in '' | *[!A-Za-z0-9_]*) return 1 ;; esac
  printf 'option --read-only=%s\nsql SET GLOBAL read_only = %s\n' "$read_only" "$read_only"
  for name in do_db ignore_db do_table ignore_table wild_do_table wild_ignore_table; do
    ask "SELECT CONCAT('sql SET GLOBAL replicate_$name = ', QUOTE(@@GLOBAL.replicate_$name))" || return 1
  done
  # Its columns can't be asked for by SQL, and a name is quoted as sql_mode '' reads it.
  sql_client "$defaults_file" "$socket" --vertical -e 'SHOW ALL SLAVES STATUS' | WORD=$word awk '
    function say(thread, on) { print "sql " (on ? "START" : "STOP") " " ENVIRON["WORD"] " \047" name "\047 " thread }
    function told() { if (seen) { say("IO_THREAD", io); say("SQL_THREAD", sql) } }
    /^\*+ [0-9]+\. row/ { told(); seen = 1; name = ""; io = 0; sql = 0; next }
    { key = $1; value = $0; sub(/^ *[A-Za-z_]+: ?/, "", value) }
    key == "Connection_name:" { name = value; gsub(/\\/, "\\\\", name); gsub(/\047/, "\047\047", name) }
    key == "Slave_IO_Running:" && value != "No" { io = 1 }
    key == "Slave_SQL_Running:" && value != "No" { sql = 1 }
    key == "Last_IO_Errno:" && value + 0 != 0 { io = 1 }
    key == "Last_SQL_Errno:" && value + 0 != 0 { sql = 1 }
    END { told() }'
}

write_note() {
  mkdir -p "${note%/*}" || exit 1
  if { echo "process $process" && "$@"; } >"$note.part"; then
    mv "$note.part" "$note" && sync -f "$note" || exit 1
    return
  fi
  note_nothing
}
note_nothing() {
  rm -f "$note.part"
  echo "! which replication threads run is not known: if the seed is undone, the server starts as its options say"
  exit 0
}

forget() {
  rm -f "$note" "$note.part" || exit 1
  rmdir "${note%/*}" 2>/dev/null
  return 0
}

# in_job_folder: how the datadir stands: none (no seed is there), gone (its old data is deleted), or there.
in_job_folder() (
  if ! find_folder "$datadir" "$job"; then echo none; elif [ "$(cat phase 2>/dev/null)" = cleared ] || [ "$(cat before 2>/dev/null)" = cleared ]; then echo gone; else echo there; fi
)

# Where it listens itself: what is configured may lead to another server of this host.
takes_connections() {
  pid=$(servers_in "$datadir" | head -n 1)
  [ -n "$pid" ] || return
  own=$(socket_of "$pid")
  client_limit='timeout 5' server_answers "$defaults_file" "${own:-$socket}"
}

wait_for_server() {
  end=$(($(date +%s) + start_limit))
  until takes_connections; do
    # A start that is queued has not begun.
    case $(systemctl show -p Job --value "$unit")$(systemctl show -p ActiveState --value "$unit") in
      failed | inactive | 0failed | 0inactive) fail "$unit did not start again: systemd says $(systemctl show -p Result --value "$unit"). Look: journalctl -u $unit" ;;
    esac
    [ "$(date +%s)" -lt "$end" ] || fail "$unit was started $start_limit s ago and takes no connections yet: its replication is as this job left it"
    sleep 1
  done
}

case $verb in
  note)
    datadir=$(readlink -f -- "$4") || refuse 'the datadir is not there'
    defaults_file=$5 socket=$6 word=$7
    shift 7
    case $word in REPLICA | SLAVE) ;; *) refuse "no word for a replica: $word" ;; esac
    process=$(server_process)
    if [ -z "$process" ]; then
      echo 'the server is down'
      exit 0
    fi
    asks_target || note_nothing
    case $(ask 'SELECT VERSION()') in
      *MariaDB*) write_note mariadb_lines ;;
      *) write_note mysql_lines "$@" ;;
    esac
    ;;
  restart)
    datadir=$(readlink -f -- "$4") || refuse 'the datadir is not there'
    defaults_file=$5 socket=$6 option=$7
    case $(in_job_folder) in
      none) ;;
      gone)
        echo "the server stays down: $datadir is not complete"
        exit 0
        ;;
      *) refuse "the server stays down: $datadir is not complete" ;;
    esac
    [ ! -e "/etc/systemd/system/$(unit_id "$unit").service.d/reseed-$job.conf" ] || refuse "the server stays down: $datadir is not complete"
    if [ ! -e "$note" ]; then
      systemctl reset-failed "$unit" 2>/dev/null
      systemctl start --no-block "$unit"
      exit
    fi
    process=$(server_process)
    if [ -n "$process" ] && grep -qxF "process $process" "$note"; then
      forget
      exit 0
    fi
    if [ -z "$process" ]; then
      set -- "$option"
      while read -r kind words; do
        if [ "$kind" = option ]; then set -- "$@" "$words"; fi
      done <"$note"
      (give_options "$unit" "$job" "$@") || fail "$unit can't be started so that it replicates as before: start it by hand"
      systemctl reset-failed "$unit" 2>/dev/null
      systemctl start --no-block "$unit"
    fi
    wait_for_server
    asks_target || fail "$unit runs on its old data and does not replicate yet: SQL for it is refused, or reaches another server of this host. Look: mysql.defaultsFile and mysql.socket in the inventory"
    statements=$(sed -n 's/^sql \(.*\)$/\1;/p' "$note")
    # One that was started without us replicates already, and takes no filter meanwhile.
    if ! tr '\0' ' ' <"/proc/$(servers_in "$datadir" | head -n 1)/cmdline" | grep -q -e " $option "; then
      statements=$(sed -n 's/^sql START \(.*\)$/STOP \1;/p' "$note")$statements
    fi
    said=$(ask "$statements" 2>&1) || fail "$unit runs on its old data, and could not be made to replicate as before: $said"
    take_options "$unit" "$job"
    forget
    ;;
  *) unknown_verb "$verb" ;;
esac
