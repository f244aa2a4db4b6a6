#!/bin/sh
# Reports the state of this host, its MySQL or MariaDB and its volumes, each time it is asked. Reads only.
#   $1  a random word that opens every line of the frame, so that no text of this host can pass for one
#   $2  the server's systemd unit, $3 its defaults file, $4 its socket, $5 its error log; empty: found out here
#   $6  for grep -aiE: matches lines that may report damaged data
#   then own_status=WORD... own_datadir=WORD... own_port=WORD...: commands of the inventory, each the files that it is made of (LOOK of
#       closed-files.sh), --, and `list` and a program with its arguments, or `line` and a command line; empty: there is none. look=LOOK...: those of hooks and commands of the
#       inventory that may run here
# Standard input: a line `ID PART...` asks for one report; its end ends the loop. The answer is the unchanged output of
# this host's own commands:
#   <word> begin ID PART...,  then for each command  <word> section NAME, its output, <word> status STATUS,  then  <word> end ID
# The loop runs every few seconds on a busy server: few processes, nothing written, no wait without a limit.
word=$1 service=$2 defaults_file=$3 socket=$4 error_log=$5 damage_pattern=$6
shift 6
declare_words 'own_status... own_datadir... own_port... look...' "$@"
# shellcheck disable=SC2034  # of closed-files.sh
digest_limit=5
cpus=$(getconf _NPROCESSORS_ONLN 2>/dev/null)
me=$(id -u)
# The datadir is where a process works, which may be of any account (is_of_data).
# shellcheck disable=SC2034  # of the prelude
told_datadir=''
# shellcheck disable=SC2034  # the prelude's
options_seconds=5

# limit SECONDS COMMAND...: --foreground, so that it stays in our process group and ends with the connection.
limit() {
  seconds=$1
  shift
  timeout --foreground -k 1 "$seconds" "$@" </dev/null 2>&1
}

# The same for commands that may touch a disk that does not answer: the kernel does not end such a command, and its
# timeout waits for it. An outer timeout ends that one.
hard_limit() {
  seconds=$1
  shift
  timeout --foreground -s KILL $((seconds + 2)) timeout --foreground -k 1 "$seconds" "$@" </dev/null 2>&1
}

# Seconds since boot: a clock that is never set, and needs no process.
tell_time() {
  read -r uptime _ </proc/uptime
  now=${uptime%.*}
}

open_section() { printf '\n%s section %s\n' "$word" "$1"; }
close_section() { printf '\n%s status %s\n' "$word" "$1"; }

say() {
  open_section "$1"
  printf '%s' "$2"
  close_section "${3:-0}"
}

# A command that had to be killed is not run for a while, longer each time. A hung mysqld would otherwise collect a
# connection a poll, and a dead disk a process.
rest() {
  tell_time
  eval "rest=\${rest_$1:-10}"
  eval "resumes_$1=$((now + rest)) rest_$1=$((rest < 300 ? rest * 2 : rest))"
}
rested() { eval "resumes_$1=0 rest_$1=10"; }
resting() {
  resumes=0
  eval "resumes=\${resumes_$1:-0}"
  [ "$now" -lt "$resumes" ]
}

# section NAME LIMIT SECONDS COMMAND...: runs it and frames its output.
section() {
  name=$1
  shift
  open_section "$name"
  if resting "$name"; then
    close_section "resting $((resumes - now))"
    return
  fi
  "$@"
  status=$?
  close_section "$status"
  case $status in
    124 | 137) rest "$name" ;;
    *) rested "$name" ;;
  esac
}

# The server's process, and its unit. Several servers may run here, and ours may be down: ours is the one in the configured unit; else the one
# with the configured socket, or started with the defaults file, or with the datadir or socket that this file names; else, where none of these tells, the first, of those in a unit before others.
# Where that file could not be read, it is none of them: `unsure` are those that it may be.
find_process() {
  if [ -n "$pid" ] && is_server "$pid" && is_settled "$pid"; then return; fi
  pid='' cgroups='' workdir='' unit=$service servers='' outside='' unsure=''
  meet_place
  for folder in /proc/[0-9]*; do
    is_server "${folder#/proc/}" || continue
    if [ -n "$(service_of "${folder#/proc/}")" ]; then servers="$servers ${folder#/proc/}"; else outside="$outside ${folder#/proc/}"; fi
  done
  servers=$servers$outside
  for server in $servers; do
    if is_ours "$server"; then pid=$server unsure='' && break; fi
  done
  if [ -z "$pid" ]; then return; fi
  cgroups=$(cat "/proc/$pid/cgroup" 2>/dev/null)
  if ! runs_in=$(service_of "$pid"); then cgroups=''; fi
  unit=${unit:-$runs_in}
  rested sql
}

is_ours() {
  if [ -n "$service" ]; then
    runs_in=$(service_of "$1")
    [ "$runs_in" != "${service%.service}" ] || return 0
    # The configured name may be an alias, or the server was started by hand.
    case $runs_in in *mysql* | *mariadb*) [ "$(systemctl show -p Id --value "$service" 2>/dev/null)" = "$runs_in.service" ] && return 0 || return 1 ;; esac
  fi
  [ -n "$defaults_file$socket" ] || return 0
  is_wanted "$1"
  case $? in 0) return 0 ;; 1) return 1 ;; 3) unsure="$unsure $1" && return 1 ;; esac
  # One server, or nothing tells them apart.
  case ${servers# } in *' '*) ;; *) return 0 ;; esac
  read_options
  wanted=$(option datadir)
  [ -n "$wanted" ] && [ "$(readlink -f "/proc/$1/cwd")" = "$(readlink -f -- "$wanted")" ]
}

# One that has just been started does not show yet which server it is.
is_settled() {
  if [ "$settled" = "$1" ] || [ -z "$defaults_file$socket" ]; then return 0; fi
  is_wanted "$1"
  case $? in
    0) ;;
    1) return 1 ;;
    2) if [ "$me" = 0 ] && [ -z "$(unix_listened "$1")" ] && ! listens_by_tcp "$1"; then return 0; fi ;;
    3) return 0 ;;
  esac
  settled=$1
}

# The place of the inventory's option file, as it is now: once a look, and not for a while where my_print_defaults was late or refused.
meet_place() {
  if [ -z "$defaults_file" ] || [ "$placed_at" = "$looks" ]; then return; fi
  placed_at=$looks
  if resting place; then return; fi
  place_status=''
  wanted_place
  case $? in 2) rest place ;; *) rested place ;; esac
}

# The units that may be its: `names`; empty: its server runs in none that is known, or is down, and others of this host must not be taken for it.
name_units() {
  names=$unit
  if [ -n "$names" ]; then return; fi
  if [ -z "$defaults_file$socket" ]; then names='mysql mysqld mariadb' && return; fi
  if [ "$chosen_for" != "$pid$servers" ] || [ "$now" -ge "$choose_again" ]; then
    stamps=$(stamps_of_units)
    if [ "$chosen_for $chosen_by" != "$pid$servers $stamps" ] || { [ -z "$chosen" ] && [ "$now" -ge "$choose_anew" ]; }; then
      meet_place
      # Nothing is kept that was chosen without it.
      if [ "$place_status" = 2 ]; then
        chosen='' chosen_for=none
        return
      fi
      chosen=$(server_unit '') chosen_for=$pid$servers chosen_by=$stamps choose_anew=$((now + 600))
    fi
    choose_again=$((now + 60))
  fi
  names=$chosen
}
# server_unit runs the program of each unit, for seconds: again only where what they read has changed, and seldom where no unit was found: a program may
# not have answered.
stamps_of_units() {
  if [ -n "$defaults_file" ]; then limit 5 find -L "$defaults_file" -maxdepth 0 -printf '%p %T@ %s\n'; fi
  for one in $(known_units); do stamp_of "$one"; done
}

# The values in the option files, with their includes. Only these options are printed: others hold passwords.
read_options() {
  if [ -n "$options_read" ]; then return; fi
  options_read=yes
  options='' file_status=0
  if [ -n "$defaults_file" ]; then
    options=$(server_options "--defaults-file=$defaults_file")
    file_status=$?
  fi
  # A defaults file may hold only a login; the server then reads the usual files. Where it was not read, they may be another server's.
  case $file_status:$options in
    0:*--*) ;;
    0:*) options="$options$(server_options)" ;;
  esac
}

server_options() {
  # MariaDB's my_print_defaults knows which groups its server reads; MySQL's does not.
  if ! printed=$(as_root "$options_seconds" my_print_defaults "$@" --mysqld 2>&1 </dev/null); then
    printed=$(as_root "$options_seconds" my_print_defaults "$@" mysqld server 2>&1 </dev/null)
  fi
  printed_status=$?
  printf '%s\n' "$printed" | grep -E '^--(datadir|socket|port|log[-_]error)(=|$)|^[^-]'
  return "$printed_status"
}

# The last value of an option in the printed defaults: the one that counts.
option() {
  read_options
  printf '%s\n' "$options" | sed -n "s/^--$1=//p" | tail -n 1
}

# The values that a server would read that is down: its own program prints them (server-reads.sh), which takes seconds
# on a small host. So it runs again only when its unit, its program or an option file has changed. unread: why they are
# unknown.
read_down() {
  if [ -n "$down_read" ]; then return; fi
  down_read=yes
  name_units
  reads=$(unit_of_down)
  mark="$reads $(stamp_of "$reads")"
  if [ "$mark" = "$down_mark" ]; then return; fi
  unread=''
  if ! down_options=$(server_reads "$reads" 10 'datadir|socket|port|log_error'); then
    unread=$down_options down_options=''
    # A slow host may be faster next time.
    case $unread in *' did not say within '*) mark='' ;; esac
  fi
  down_mark=$mark
}

unit_of_down() {
  for one in $names; do
    if [ "$(limit 5 systemctl show -p LoadState --value -- "$one")" = loaded ]; then echo "$one" && return; fi
  done
  echo "${names%% *}"
}

# All files that the unit names, the usual option files, and their includes: the stamp changes when one of them does.
stamp_of() {
  told=$(unit_properties "$1")
  printf '%s\n' "$told" | sed 's/ ; start_time=.*//'
  set -- /etc/my.cnf /etc/mysql /etc/my.cnf.d
  # shellcheck disable=SC2046  # names; one that has a blank is no file then, and does not count
  set -- "$@" $(printf '%s\n' "$told" | grep -oE '/[^] =;"]+') $(limit 5 sed -n 's/^!include\(dir\)\{0,1\} *//p' "$@" 2>/dev/null)
  limit 5 find -L "$@" -maxdepth 2 -type f -printf '%p %T@ %s\n'
}

# The value of an option for a server that is down.
down_option() {
  read_down
  printf '%s\n' "$down_options" | sed -n "s/^$1 //p"
}

sql() {
  query=$1
  shift
  sql_client "$defaults_file" "$socket" --batch "$@" -e "$query" --force </dev/null 2>&1
}
# shellcheck disable=SC2034  # the prelude's
client_limit='timeout --foreground -k 1 5'

# Once for each start of the server: its version, which decides the statements, and the places of its files.
meet_server() {
  if [ "$pid" = "$met_pid" ] && [ "$now" -lt "$meet_again" ]; then return; fi
  met_pid=$pid version='' server_datadir='' server_log='' server_sinks='' refusal='' refused=1
  if is_down; then return; fi
  # A refused login is a line in the server's log, and fail2ban counts them.
  # shellcheck disable=SC2034  # the prelude's
  meet_again=$((now + 60)) stubborn_for=none
  refusal=$(sql "SELECT @@version, @@datadir, @@log_error, CONCAT('' /*!80000 , @@log_error_services */), @@hostname; SHOW GLOBAL STATUS LIKE 'Uptime'" --skip-column-names)
  refused=$?
  if [ "$refused" = 0 ]; then
    # read would take two adjacent tabs for one.
    IFS='|' read -r version server_datadir server_log server_sinks server_name <<END
$(printf '%s\n' "$refusal" | grep -v '^Uptime	' | tail -n 1 | tr '\t' '|')
END
    meet_again=999999999999
    if is_elsewhere || is_another_server; then refused=1 server_log='' server_sinks=''; fi
  fi
  case $refusal in
    *'ERROR 2002'* | *'ERROR 2003'*) meet_again=0 ;; # it is only just starting
  esac
}

# As the client refuses by its own option files (foreign_host), where these name an address of this host behind which another answers (a proxy). It is known by two: it
# has another name than this host, and runs for another time than the process here.
is_elsewhere() {
  if [ -n "$socket" ] || [ -z "$server_name" ] || [ "$server_name" = "$(uname -n)" ]; then return 1; fi
  server_runs=$(printf '%s\n' "$refusal" | sed -n 's/^Uptime	\([0-9][0-9]*\)$/\1/p')
  began=$(sed -n '$s/.*) //p' "/proc/${pid:-none}/stat" 2>/dev/null | cut -d ' ' -f 20)
  { [ -n "$server_runs" ] && [ -n "$began" ]; } || return 1
  read -r up _ </proc/uptime
  process_runs=$((${up%.*} - began / $(getconf CLK_TCK)))
  apart=$((server_runs - process_runs))
  [ "${apart#-}" -gt 120 ] || return 1
  refusal=$(led_away "$(printf '%s' "$server_name" | tr -c 'A-Za-z0-9._-' '?')" "its server runs for $server_runs s, process $pid here for $process_runs s")
}

# With two servers on a host, the one that answers may not be the one whose process and unit are reported.
is_another_server() {
  [ -n "$service$defaults_file$socket" ] || return 1
  case ${servers# } in *' '*) ;; *) return 1 ;; esac
  works_in=$(readlink -f "/proc/${pid:-none}/cwd") || return 1
  if [ "$works_in" = / ] || [ "$works_in" = "$(readlink -f -- "$server_datadir")" ]; then return 1; fi
  refusal="another server answers: it has its data in $server_datadir, and that of ${unit:-process $pid} in $works_in; set mysql.defaultsFile or mysql.socket"
}

variables="'version','version_comment','hostname','port','socket','datadir','log_error','read_only','super_read_only',
'max_connections','server_id','server_uuid','log_bin','gtid_mode','gtid_executed','gtid_purged','gtid_current_pos','event_scheduler'"
about_server="SELECT 'variables' AS answer; SHOW GLOBAL VARIABLES WHERE Variable_name IN ($variables);
SELECT 'status' AS answer;
SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime','Threads_connected','Threads_running',
'Replica_open_temp_tables','Slave_open_temp_tables');"

# Also the longest statement of a client: a lock would wait for it. An idle applier runs no statement, and has waited
# since its start. Asked together with the dump threads, which no session waits for. The event scheduler's origin: one
# that was switched off since the start, or by an option of it, may be on after a restart.
ask_server() {
  case $version in
    *MariaDB*) origins="SELECT VARIABLE_NAME AS name, GLOBAL_VALUE_ORIGIN AS origin FROM information_schema.SYSTEM_VARIABLES" ;;
    5.*) origins='' ;;
    *) origins="SELECT VARIABLE_NAME AS name, VARIABLE_SOURCE AS origin FROM performance_schema.variables_info" ;;
  esac
  case $version in
    *MariaDB*) threads="information_schema.PROCESSLIST" of='' appliers='' ;;
    *) threads="performance_schema.threads" of=PROCESSLIST_ appliers="AND NAME NOT LIKE 'thread/sql/replica%' AND NAME NOT LIKE 'thread/sql/slave%'" ;;
  esac
  printf '%s' "$about_server SELECT 'longest' AS answer;
SELECT COUNT(*) AS threads, MAX(CASE WHEN ${of}COMMAND IN ('Query','Execute') AND ${of}USER <> 'system user'
AND ${of}ID <> CONNECTION_ID() AND ${of}INFO IS NOT NULL $appliers THEN ${of}TIME END) AS seconds FROM $threads;${origins:+
SELECT 'origins' AS answer; $origins WHERE VARIABLE_NAME = 'event_scheduler';}"
}

# The manual's words for replication: SHOW REPLICA STATUS is new in 8.0.22, SHOW SLAVE STATUS gone in 8.4; only MariaDB
# has ALL, for its named connections. performance_schema shows connected clients without stopping a thread; MariaDB has
# it off.
ask_replication() {
  workers='' dumps="performance_schema.threads WHERE PROCESSLIST_COMMAND"
  host=PROCESSLIST_HOST thread=PROCESSLIST_ID
  case $version in
    *MariaDB*)
      channels='SHOW ALL SLAVES STATUS' replicas='SHOW SLAVE HOSTS'
      dumps="information_schema.PROCESSLIST WHERE COMMAND" host=HOST thread=ID
      ;;
    5.* | 8.0.[0-9] | 8.0.[0-9][!0-9]* | 8.0.1[0-9]* | 8.0.2[01]*)
      channels='SHOW SLAVE STATUS' replicas='SHOW SLAVE HOSTS'
      ;;
    *) channels='SHOW REPLICA STATUS' replicas='SHOW REPLICAS' ;;
  esac
  case $version in
    *MariaDB*) ;;
    *)
      workers="SELECT 'workers' AS answer; SELECT CHANNEL_NAME, LAST_ERROR_NUMBER, LAST_ERROR_MESSAGE
FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER <> 0;"
      ;;
  esac
  printf '%s' "SELECT 'channels' AS answer; $channels; $workers SELECT 'replicas' AS answer; $replicas;
SELECT 'dumps' AS answer; SELECT $host AS Host, $thread AS Id FROM $dumps LIKE 'Binlog Dump%';"
}

# Another account than root may not see the process.
is_down() { [ -z "$pid" ] && [ -z "$unsure" ] && [ "$me" = 0 ]; }

tell_sql() {
  if is_down; then
    say sql '' down
    return
  fi
  if [ "$refused" != 0 ]; then
    say sql "$refusal" "$refused"
    return
  fi
  questions=
  case " $parts " in *' server '*) questions=$(ask_server) ;; esac
  case " $parts " in *' replication '*) questions="$questions $(ask_replication)" ;; esac
  section sql sql "$questions" --unbuffered
}

tell_service() {
  say process "${pid:+$pid
$cgroups}"
  name_units
  if [ -n "$unsure" ]; then names=''; fi
  if [ -z "$names" ]; then
    if [ -n "$pid" ]; then say unit ''; else say unit "$(why_untold)" untold; fi
    return
  fi
  section unit show_units
  if [ -z "$pid" ] && [ "$me" = 0 ]; then
    read_down
    tell_unwhole
  fi
  case $units in *NRestarts=[1-9]*) tell_restarts ;; esac
}

# tell_unwhole: a datadir that is not read in time is not looked at for a while: its disk may be dead, and the server down for that.
tell_unwhole() {
  down_in=$(down_option datadir)
  if resting unwhole; then
    down_in=''
  else
    hard_limit 3 ls -f -- "${down_in:-/nowhere}" >/dev/null
    case $? in
      124 | 137) rest unwhole && down_in='' ;;
      *) rested unwhole ;;
    esac
  fi
  say unwhole "$(unwhole "$(unit_id "$(unit_of_down)")" "$down_in")"
}
# unwhole UNIT DATADIR: of a server that is down, what says that its data is not whole, or that a seed has left it so (hold of seed-stage.sh): `held KEY` for each block of
# its unit, `mark` for the file in its datadir, and `by KEY STATE WHO` for each folder of a seed there: `given_up` where its job ended, else the job can go on or be
# undone, and the old data is `whole` or `moved` by now; `unread` where the datadir is not there or gave no answer. Nothing of a job that has its lock here: it goes on.
unwhole() {
  is_read=''
  if cd -P -- "${2:-/nowhere}" 2>/dev/null; then is_read=yes; else echo unread; fi
  # Another seed takes away what an earlier one has left only at its end.
  left=$(left_by_seeds)
  for key in $left; do if is_at_work "$key"; then return; fi; done
  for file in "/etc/systemd/system/$1.service.d/"*reseed-*.conf; do
    key=${file##*reseed-} key=${key%.conf}
    case $key in *[!a-z0-9]* | '') ;; *) if [ -e "$file" ] && ! is_at_work "$key"; then echo "held $key"; fi ;; esac
  done
  for key in $left; do printf 'by %s %s %s\n' "$key" "$(state_of_seed "$key")" "$(told_folder ".reseed-$key" | sed 's/^[^:]*:* *//')"; done
  # The account may make one: of root's alone it is said.
  if [ -n "$is_read" ] && [ -f RESEED_IN_PROGRESS ] && [ ! -L RESEED_IN_PROGRESS ] && [ "$(stat -c %u RESEED_IN_PROGRESS)" = 0 ]; then echo mark; fi
}
# left_by_seeds: the keys of root's folders of seeds in the datadir that unwhole is in.
left_by_seeds() {
  [ -n "$is_read" ] || return 0
  for folder in .reseed-*; do
    key=${folder#.reseed-}
    case $key in *[!a-z0-9]* | '') ;; *) if is_of_root "$folder"; then echo "$key"; fi ;; esac
  done
}
# state_of_seed KEY: phase of seed-stage.sh, which the account of the datadir can not write.
state_of_seed() {
  if is_given_up ".reseed-$1"; then echo given_up; elif (enter_folder ".reseed-$1" && [ "$(cat phase 2>/dev/null)" = new ]); then echo whole; else echo moved; fi
}
is_at_work() { grep -qsxF -e "$1" /run/reseed/lock /run/reseed/lock-*; }

why_untold() {
  if [ "${place_status-}" = 2 ]; then
    echo "which server of this host is that of mysql.defaultsFile is not known: $unplaced; set mysql.service"
    return
  fi
  others=''
  for one in $servers; do others="$others${others:+, }process $one$(service_of "$one" | sed 's/.*/ of &.service/')"; done
  of="mysql.socket ($socket)"
  if [ -z "$socket" ]; then of="mysql.defaultsFile ($defaults_file)"; fi
  echo "its server does not run${others:+; another one does ($others)}, and no unit is known to start one with the place of $of: set mysql.service"
}

show_units() {
  # shellcheck disable=SC2086  # a list of names, or the one that is known
  units=$(limit 5 systemctl show -p Id,LoadState,ActiveState,SubState,UnitFileState,MainPID,NRestarts,Result -- $names)
  shown=$?
  printf '%s' "$units"
  return "$shown"
}

# When systemd restarted a server by itself, from its messages in the journal (sd-messages(3), unit-restart-scheduled),
# in seconds since 1970; the first line is the present time. Asked when the count has changed, and again after a minute
# if the journal had no answer.
tell_restarts() {
  restarted=$(printf '%s\n\n' "$units" | while IFS='=' read -r key value; do
    case $key in
      Id) id=$value ;;
      NRestarts) restarts=$value ;;
      '')
        case $restarts in '' | 0) ;; *) echo "$id $restarts" ;; esac
        id='' restarts=''
        ;;
    esac
  done | head -n 1)
  if [ "$restarted" != "$told_restarts" ] || { [ -z "$restart_times" ] && [ "$now" -ge "$restarts_again" ]; }; then
    restart_times=$(hard_limit 10 journalctl --quiet --no-pager -b -n 100 -o short-unix _PID=1 "UNIT=${restarted% *}" \
      MESSAGE_ID=5eb03494b6584870a536b337290809b3 | sed -n 's/^\([0-9]\{1,\}\)\..*/\1/p')
    told_restarts=$restarted restarts_again=$((now + 60))
  fi
  say restarts "$(date +%s)
$restart_times"
}

# The datadir: a server works inside of it once it has started far enough. Before that, it works in /.
find_datadir() {
  if [ -z "$workdir" ]; then workdir=$(readlink "/proc/${pid:-none}/cwd"); fi
  if [ "$workdir" = / ]; then workdir=; fi
  datadir=${workdir:-$server_datadir}
  # If it can't be known, no folder is guessed: an operator may act on it.
  if [ -z "$datadir" ]; then
    read_down
    datadir=$(down_option datadir)
  fi
  if [ -z "$datadir" ]; then
    ask_own datadir
    case $said_datadir in *"$newline"*) ;; /*) datadir=$said_datadir ;; esac
  fi
  find_elsewhere
}

# A server with its own mounts (BindPaths= of its unit, a container) sees another folder at that path than this host:
# nothing is reported about the host's folder. Checked once for each start of the server.
find_elsewhere() {
  if [ "$elsewhere_of" = "$pid $datadir" ]; then return; fi
  elsewhere_of="$pid $datadir" elsewhere=''
  if [ -z "$pid" ] || [ -z "$datadir" ]; then return; fi
  seen=$(hard_limit 3 stat -L -c %d:%i -- "/proc/$pid/root$datadir" "$datadir")
  case $seen in
    *[!0-9:$newline]* | "${seen#*"$newline"}$newline${seen#*"$newline"}") ;;
    *"$newline"*) elsewhere="the server has another folder at $datadir than this host, by mounts of its own: BindPaths= of its unit, or a container" ;;
  esac
}

# The standard error that a server logs to may be a file.
find_error_log() {
  usual_place='' named=server
  if [ -n "$error_log" ]; then named=ours; fi
  path=${error_log:-$server_log}
  if [ -z "$path" ] || [ "$path" = stderr ]; then
    path=$(readlink "/proc/${pid:-none}/fd/2")
    case $path in
      /dev/* | [!/]* | '')
        path=
        if [ "$refused" = 0 ]; then path=stderr; fi
        ;;
    esac
  fi
  if [ -z "$path" ] && [ -z "$pid" ]; then
    read_down
    path=$(down_option log_error)
  fi
  if [ -z "$path" ]; then path=$(option 'log[-_]error'); fi
  case $path in
    '') ;;
    stderr) return ;;
    /*) return ;;
    *)
      path=${datadir:+${datadir%/}/$path}
      return
      ;;
  esac
  name_units
  # It may be that of another server.
  if [ -z "$names" ]; then path='' && return; fi
  for path in /var/log/mysql/error.log /var/log/mysqld.log /var/log/mysql/mysqld.log /var/log/mariadb/mariadb.log \
    "${datadir:-/nowhere}/$(uname -n).err"; do
    if [ -f "$path" ]; then
      usual_place=yes
      case $path in /var/log/*.log) named=ours ;; esac
      return
    fi
  done
  path=
}

# MySQL's JSON sink writes beside the file that it is named after. For a server that is down, the file that was written
# last.
find_json_log() {
  case $path in *.[0-9][0-9].json) return ;; esac
  case $server_sinks in
    *log_sink_internal*) ;;
    *log_sink_json*) path=$path.00.json ;;
    '')
      if [ -f "$path.00.json" ] && [ -n "$(find "$path.00.json" -newer "$path" 2>/dev/null)" ]; then path=$path.00.json; fi
      ;;
  esac
}

# A server that writes to its standard error under systemd has its log in the journal: Debian's MariaDB does by default.
# If nothing says so, the journal counts if it has lines of a server, newer than a file in a usual place.
find_journal() {
  journal=
  if [ -n "$error_log" ]; then return; fi
  case $path in
    stderr | '') ;;
    *) if [ "$usual_place" != yes ]; then return; fi ;;
  esac
  name_units
  if [ "$loaded_of" != "$pid $names" ]; then
    loaded=''
    # shellcheck disable=SC2086  # a list of names, or the one that is known
    if [ -n "$names" ]; then
      loaded=$(limit 5 systemctl show -p Id -p LoadState -- $names | sed -n '/^Id=/h; /^LoadState=loaded/{x;s/^Id=//p;}' | head -n 1)
    fi
    loaded_of="$pid $names"
  fi
  if [ -z "$loaded" ]; then return; fi
  if [ "$path" != stderr ]; then
    last=$(journal -n 1 -o short-unix _TRANSPORT=stdout | sed -n 's/^\([0-9]*\)\..*/\1/p')
    if [ -z "$last" ]; then return; fi
    if [ -n "$path" ] && [ "$last" -le "$(stat -L -c %Y -- "$path")" ]; then return; fi
  fi
  journal=$loaded
}

journal() { hard_limit 10 journalctl --no-pager --quiet --all -u "$loaded" "$@"; }

# The last lines, with the journal's times, since systemd's lines have no other. At most 64 KiB, without NULs.
tell_journal() {
  say logPath "journal $journal"
  if resting logTail; then
    say logTail '' "resting $((resumes - now))"
    return
  fi
  text=$({ journal -n 200 -o short-unix --show-cursor; echo "status $?"; } | tail -c 66000 | tr -d '\000')
  status=${text##*status }
  if [ "$text" = "$told_log" ]; then
    say logTail '' same
    return
  fi
  told_log=
  if [ "$status" = 0 ]; then told_log=$text; fi
  text=${text%status *}
  cursor=$(printf '%s' "$text" | tail -n 1 | sed -n 's/^-- cursor: //p')
  if [ -n "$cursor" ]; then text=${text%-- cursor: *}; fi
  say logTail "$text" "$status"
  case $status in
    0) rested logTail ;;
    124 | 137) rest logTail && return ;;
    *) return ;;
  esac
  if [ "$damage_of" != "journal $loaded" ]; then damage_of="journal $loaded" damage='' damage_cut='' damage_cursor=''; fi
  # Lines since the last search: there may be more of them than the last lines of a poll.
  set -- -n "$damage_lines"
  if [ -n "$damage_cursor" ]; then set -- "--after-cursor=$damage_cursor"; fi
  tell_damage hard_limit 10 nice -n 10 journalctl --no-pager --quiet --all -u "$loaded" -o short-unix "$@"
  case $status in
    0) damage_cursor=$cursor ;;
    124 | 137 | resting*) ;;
    # A new journal does not know places of the old one.
    *) damage_cursor='' ;;
  esac
}

# Reports of damaged data above the last lines, for a console that is opened later, and for `status`. First searches the
# last damage_bytes of a file, or the last damage_lines of a journal, then what was added. It does not decide here which
# lines are reports; a candidate has the label of an error, or belongs to a crash.
damage_bytes=16777216 damage_lines=5000 damage_most=50
error_pattern='\[error\]|"label" *: *"error"|"prio" *: *1[^0-9]|got (signal|exception) |assertion |terminate called'

# search COMMAND...: the lines of its output that may report damage, and `<word> KIND STATUS` of the reader and of each
# search. Each has a limit of its own: the kernel does not end a reader of a dead disk, which keeps its end of a pipe
# open.
search() {
  {
    { "$@" 3>&-; echo "$word status $?" >&3; } | { match "$error_pattern"; matched $? >&3; } |
      { match "$damage_pattern"; matched $? >&3; } | tail -n $((damage_most + 1)) | tail -c 65536 | tr -d '\000'
  } 3>&1
}
match() { LC_ALL=C timeout --foreground -s KILL 14 nice -n 10 grep -aiE -- "$1" 2>/dev/null 3>&-; }
# No match is an answer too.
matched() { echo "$word status $(($1 == 1 ? 0 : $1))"; }

# tell_damage COMMAND...: the command prints the part that was not searched yet. Sets status: 0 if all of it was
# searched.
tell_damage() {
  if resting damage; then
    told_log='' status="resting $((resumes - now))"
    say damage '' "$status"
    return
  fi
  found=$(search "$@")
  status=$(printf '%s\n' "$found" | sed -n "s/^$word status //p")
  case $status in
    "0${newline}0${newline}0")
      status=0
      rested damage
      found=$(printf '%s\n' "$found" | grep -v "^$word status ")
      if [ "${#found}" -ge 65000 ]; then damage_cut=yes; fi
      # Two looks at a journal may both have seen a line.
      damage=$(printf '%s\n%s\n' "$damage" "$found" | awk '$0 != "" && !told[$0]++')
      if [ "$(printf '%s\n' "$damage" | wc -l)" -gt "$damage_most" ]; then damage_cut=yes; fi
      damage=$(printf '%s\n' "$damage" | tail -n "$damage_most")
      say damageCut "$damage_cut"
      say damage "$damage"
      ;;
    *)
      status=$(printf '%s\n' "$status" | grep -vx 0 | head -n 1)
      status=${status:-137}
      damage_fails
      ;;
  esac
}

# It is searched again even if the log does not change.
damage_fails() {
  told_log=''
  rest damage
  say damage '' "$status"
}

# Up to the last line, which may be incomplete, and is sent in any case.
tell_damage_in_file() {
  size=${shape%% *}
  # shellcheck disable=SC2086  # device and inode, then its time
  set -- ${shape#*,}
  if [ "$damage_of" != "$path $1 $2" ] || [ "$size" -lt "$damage_to" ]; then
    damage_of="$path $1 $2" damage='' damage_cut='' damage_to=$((size > damage_bytes ? size - damage_bytes : 0))
  fi
  if ! resting damage; then
    # shellcheck disable=SC2086  # words
    last=$(hard_limit 5 $reads_as tail -c "+$((size > 65536 ? size - 65535 : 1))" -- "$path" | timeout --foreground -s KILL 8 head -c 65536 | tail -n 1 | wc -c)
    if [ "$last" = 0 ] && [ "$size" -gt 0 ]; then
      status=137
      damage_fails
      return
    fi
    ends=$((size - last))
    if [ "$ends" -le "$damage_to" ]; then
      say damageCut "$damage_cut"
      say damage "$damage"
      return
    fi
  fi
  # shellcheck disable=SC2086  # words
  tell_damage hard_limit 8 nice -n 10 $reads_as dd if="$path" bs=65536 iflag=skip_bytes,count_bytes skip="$damage_to" count=$((ends - damage_to)) status=none
  if [ "$status" = 0 ]; then damage_to=$ends; fi
}

# ask_own NAME: runs a command of the inventory that only answers. said_NAME: the first 4 KiB that it prints, said_code_NAME: its status; empty: there
# is no such command; `open`: what it says is why it can not be run. Asked again after a minute. What it leaves running may hold its output open: that is read for 6 s at most. One that was late is asked again
# after ten minutes.
ask_own() {
  again=0 own=''
  eval "again=\${asked_again_$1:-0} own=\$own_$1"
  if [ "$now" -lt "$again" ]; then return; fi
  answer='' answered=''
  if [ -n "$own" ]; then
    name=$1
    eval "set -- $own"
    open=
    while [ "$1" != -- ]; do
      [ -n "$open" ] || open=$(first_open "$1")
      shift
    done
    form=$2
    shift 2
    if [ "$form" = line ]; then set -- "$(first_of bash sh)" -c "$1"; fi
    if [ -n "$open" ]; then
      eval "said_$name=\$open said_code_$name=open asked_again_$name=$((now + 55))"
      return
    fi
    answer=$({
      {
        cd /
        timeout --foreground -s KILL 5 timeout -k 1 3 "$@" </dev/null 2>/dev/null 3>&-
        printf '\n%s status %s\n' "$word" "$?" >&3
      } | timeout --foreground -s KILL 6 head -c 4096 | tr -d '\000'
    } 3>&1)
    answered=$(printf '%s\n' "$answer" | sed -n "s/^$word status //p" | head -n 1)
    answer=$(printf '%s\n' "$answer" | sed "/^$word status /d" | sed '1{/^$/d;}')
    set -- "$name"
  fi
  case $answered in 124 | 137) again=$((now + 600)) ;; *) again=$((now + 55)) ;; esac
  eval "said_$1=\$answer said_code_$1=\$answered asked_again_$1=$again"
}

# looks_of LOOK...: each, a tab, and what was found there, as look_at_each says it.
looks_of() {
  for one in "$@"; do printf '%s\t%s\n' "$one" "$(look_at_each "$one")"; done
}

tell_own() {
  if [ -n "$look" ]; then say own_programs "$(eval "looks_of $look")"; fi
  say own_pid "$pid"
  for one in status datadir port; do
    ask_own "$one"
    eval "answer=\$said_$one answered=\$said_code_$one"
    if [ -n "$answered" ]; then say "own_$one" "$answer" "$answered"; fi
  done
  case $said_datadir in
    *"$newline"*) ;;
    /*)
      if [ -n "$datadir" ]; then
        seen=$(hard_limit 3 stat -L -c %d:%i -- "$datadir" "$said_datadir")
        case $seen in "${seen#*"$newline"}$newline${seen#*"$newline"}") say own_same yes ;; *[!0-9:"$newline"]*) ;; *"$newline"*) say own_same no ;; esac
      fi
      ;;
  esac
}

tell_error_log() {
  find_error_log
  find_journal
  if [ -n "$journal" ]; then
    tell_journal
    return
  fi
  if [ -z "$error_log" ] && [ -n "$path" ] && [ "$path" != stderr ]; then find_json_log; fi
  say logPath "$path"
  if [ -z "$path" ] || [ "$path" = stderr ]; then return; fi
  # For a server that is down the unit tells, and it may have changed.
  if [ -z "$pid" ]; then read_down; fi
  if [ "$named $path $pid $down_mark" != "$reads_of" ]; then
    reads_of="$named $path $pid $down_mark" reads_as=$(log_reader "$path" "$named" "$pid" "$datadir" "$reads")
  fi
  if resting stat; then
    say logSize '' "resting $((resumes - now))"
    return
  fi
  # shellcheck disable=SC2086  # words
  # Through a cat that ends: a stat that can't be killed would keep the pipe open.
  shape=$(hard_limit 5 $reads_as stat -L -c '%s %F,%d %i %y' -- "$path" | timeout --foreground 8 cat)
  case $shape in
    '') rest stat ;;
    *) rested stat ;;
  esac
  say logSize "$shape"
  # A pipe or a device has no end. Reads by bytes, since a line may have gigabytes.
  case $shape in
    *' regular file,'* | *' regular empty file,'*) ;;
    *) return ;;
  esac
  if [ "$path $shape" = "$told_log" ]; then
    say logTail '' same
    return
  fi
  # shellcheck disable=SC2086  # words
  section logTail hard_limit 5 $reads_as tail -c 65536 -- "$path"
  told_log="$path $shape"
  if [ "$status" != 0 ]; then
    # The account that may read it may have changed.
    told_log='' reads_of=''
    return
  fi
  tell_damage_in_file
}

lvm_config=$(lvm_config)
lvs_fields=vg_name,lv_name,lv_uuid,lv_attr,lv_size,origin,pool_lv,data_percent,metadata_percent,lv_tags,lv_time
lvs_fields=$lvs_fields,lv_kernel_major,lv_kernel_minor

# Without --readonly, which would leave out how full snapshots and pools are. No name or tag of LVM's can hold a `|`
# (lvm(8)), and every release of LVM supports this format.
tell_lvm() {
  section vgs hard_limit 10 vgs --config "$lvm_config" --noheadings --separator '|' --units b --nosuffix -o vg_name,vg_uuid,vg_size,vg_free,vg_extent_size
  section lvs hard_limit 10 lvs --config "$lvm_config" --noheadings --separator '|' --units b --nosuffix -o "$lvs_fields"
  section mounts cat /proc/self/mountinfo
}

# Reading the size of every file is costly, so it has the lowest priority.
tell_size() {
  if [ -z "$datadir" ]; then
    say size "where its data lies is unknown: $unread" 1
    return
  fi
  if [ -n "$elsewhere" ]; then
    say size "$elsewhere" 1
    return
  fi
  set -- du -skx -- "$datadir"
  if command -v ionice >/dev/null; then set -- ionice -c 3 "$@"; fi
  section size hard_limit 20 nice -n 19 "$@"
}

down_mark='' down_options='' unread='' down_read='' names='' chosen='' chosen_for=none chosen_by='' choose_again=0 choose_anew=0 settled='' unsure='' place_status='' unplaced='' placed_at='' looks=0
said_datadir=''
told_restarts='' restart_times='' restarts_again=0
pid='' met_pid=none meet_again=0 told_log='' loaded='' loaded_of=none
reads_of='' reads_as='' reads=''
elsewhere_of=none elsewhere=''
damage_of='' damage='' damage_cut='' damage_to=0 damage_cursor='' ends=0
newline='
'
while IFS=' ' read -r id parts; do
  tell_time
  options_read='' down_read='' looks=$((looks + 1))
  printf '\n%s begin %s %s\n' "$word" "$id" "$parts"
  find_process
  case " $parts " in *' server '* | *' replication '* | *' errorLog '*) meet_server ;; esac
  case " $parts " in *' disk '* | *' lvm '* | *' errorLog '* | *' datadirSize '* | *' commands '*) find_datadir ;; esac
  case " $parts " in *' system '*)
    # MariaDB writes its log in local time.
    section clock date '+%s.%N %z'
    section system grep -H '' /proc/uptime /proc/loadavg /proc/meminfo /proc/sys/kernel/hostname \
      /proc/sys/kernel/osrelease /etc/os-release
    say cpus "$cpus"
    ;;
  esac
  case " $parts " in *' service '*) tell_service ;; esac
  case " $parts " in *' server '* | *' replication '*) tell_sql ;; esac
  case " $parts " in *' config '*)
    if [ -n "$pid" ]; then
      read_options
      program_port=''
      # A server that does not answer ends again and again, or refuses the login: its program knows the port that no
      # option file names.
      if [ "${refused:-0}" != 0 ] && [ -z "$(option port)" ]; then
        read_down
        program_port=$(down_option port)
      fi
      say config "$options${program_port:+$newline--port=$program_port}"
    else
      read_down
      say config "${unread:-$(printf '%s\n' "$down_options" | sed -n 's/^\([a-z_]*\) \(..*\)$/--\1=\2/p')}" "${unread:+1}"
    fi
    ;;
  esac
  case " $parts " in *' disk '* | *' lvm '*)
    say datadir "$datadir"
    if [ -n "$elsewhere" ]; then say disk "$elsewhere" 1
    elif [ -n "$datadir" ]; then section disk hard_limit 5 findmnt -T "$datadir" -b -P -o TARGET,SOURCE,FSTYPE,MAJ:MIN,SIZE,USED,AVAIL,OPTIONS
    else say disk "where its data lies is unknown: $unread" 1; fi
    ;;
  esac
  case " $parts " in *' lvm '*) tell_lvm ;; esac
  case " $parts " in *' errorLog '*) tell_error_log ;; esac
  case " $parts " in *' datadirSize '*) tell_size ;; esac
  case " $parts " in *' commands '*) tell_own ;; esac
  printf '\n%s end %s\n' "$word" "$id"
done
