#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The work of a unit on the donor: runs its backup program, and sends the stream to one target.
#   seed-backup.sh tool=mariadb-backup|xtrabackup format=mbstream|xbstream defaults_file=FILE socket=SOCKET datadir=DATADIR reader=READER
#     replica=yes|no applier=yes|no wait=SECONDS stages=yes|no folder=FOLDER compression=auto|none|zstd patience=PATIENCE target=TARGET
# seed-list.sh has listed DATADIR into FOLDER as READER; FOLDER/way-TARGET is the channel (seed-way.sh). The program runs as READER. The login is that
# of sql_client: no secret is a word. WAIT: for a lock. STAGES: its locks wait for no statement (BACKUP STAGE). The program never stops the applier: one
# that dies would leave it stopped. FOLDER/limit, if it exists, has the bytes a second that may leave this host, and may
# change at any time. Each run begins a new stream, and the target removes what an earlier one left.
# send-bytes.sh, send-answers.sh, send-how.sh, send-stream.sh and relayed-login.sh are put before this script. Progress: a line a second as of
# seed-send.sh: bytes in all, TARGET=0+BYTES, s1=BYTES+BYTES. The log has `stream CKSUM BYTES`, `blocked HUNDREDTHS` (of a second,
# in which writes were blocked), `using Current_Pos` or another Using_Gtid of a MariaDB's replication, and ends with `whole TARGET` or `lost TARGET WHY`. A target may be hostile: see
# send-answers.sh.
set -u
umask 077
declare_words 'tool format defaults_file socket datadir reader replica applier wait stages folder compression patience target' "$@"
case $tool:$format in mariadb-backup:mbstream | xtrabackup:xbstream) ;; *) refuse "no program for a backup: $tool" ;; esac
# shellcheck disable=SC2034  # the fragments'
how=$compression targets=$target streams=1 copies=1
# shellcheck disable=SC2034
read -r tasks _ all_bytes <"$folder/total" || exit 1
work=$RESEED_FOLDER/work
begin_sending

# The server's account is hostile at the worst, and the program believes the server: it loads the plugins that that names, from the folder that that names, opens its
# redo log and datadir where it says, and follows links there. So it runs as READER, who has all of that already, and nothing of root's but a login at this server.
case $reader in root:* | 0:*) give_up "the datadir belongs to root, and $tool would run what its server names with root's rights: chown the datadir to the account of the server" ;; esac
# options_to GROUP...: what option files say to these groups, a line each; fails if they can not be read to their end. MySQL's my_print_defaults shows no password unless it is told to; MariaDB's does not know the word.
options_to() {
  as_root "$options_seconds" my_print_defaults ${defaults_file:+"--defaults-file=$defaults_file"} --show "$@" 2>/dev/null && return
  case $? in 124 | 126 | 137) return 124 ;; esac
  as_root "$options_seconds" my_print_defaults ${defaults_file:+"--defaults-file=$defaults_file"} "$@" 2>/dev/null || case $? in 124 | 137) return 124 ;; esac
}
odd_program=$(unrooted_program my_print_defaults) || give_up "$odd_program"
# Of root, as the client reads it.
: "${HOME:=$(getent passwd 0 | cut -d : -f 6)}"
export HOME
if [ "$tool" = mariadb-backup ]; then to_server=--mysqld; else to_server=mysqld; fi
if ! told_to_clients=$(options_to client client-server client-mariadb) || ! told_to_program=$(options_to xtrabackup mariabackup mariadb-backup) || ! told_to_server=$(options_to "$to_server"); then
  lose "$late_options"
fi
# Of the groups of clients and of the program only what a login needs, where an encrypted server has its keys, and how fast it works: a `no-lock` of a backup script of the shop
# took the lock away, and rows were lost with success; others leave tables out, end statements of users, or write elsewhere.
login_names='user|password|host|port|socket|protocol|(skip[-_])?(ssl|tls)([-_].*)?|default[-_]auth|plugin[-_]dir|server[-_]public[-_]key[-_]path|get[-_]server[-_]public[-_]key|secure[-_]auth|enable[-_]cleartext[-_]plugin|connect[-_]timeout|compress[-_]protocol'
program_names="$login_names|keyring.*|(early[-_])?plugin[-_]load([-_]add)?|xtrabackup[-_]plugin[-_]dir|component[-_]keyring[-_].*|server[-_]id|no[-_](server[-_])?version[-_]check|register[-_]redo[-_]log[-_]consumer|redo[-_]log[-_]arch[-_]dir|lock[-_]wait[-_]timeout|backup[-_]lock[-_](timeout|retry[-_]count)|parallel|throttle|read[-_]buffer[-_]size|use[-_]memory|open[-_]files[-_]limit|innodb[-_].*|aria[-_].*|datadir|tmpdir"
# of_names NAMES: those of the options on standard input. Without what is before a name that a program may not know.
of_names() { grep -E "^--(loose[-_])?($1)(=|\$)"; }
# of_server: what a server reads. An option that it need not know may be one of the program.
of_server() { grep -vE '^--loose[-_]' ; printf '%s\n' "$told_to_server" | grep -E '^--loose[-_](innodb|aria|keyring|file[-_]key|plugin|hashicorp)'; }
# options_of_program: what it would read as root, who alone may read all option files. Of the three parts it takes the last one for its own.
options_of_program() {
  echo '[mysqld]'
  printf '%s\n' "$told_to_server" | of_server | option_lines
  # Where no file names an account, a client takes the name of its own.
  printf '[client]\nuser=root\n'
  printf '%s\n' "$told_to_clients" | of_names "$login_names" | option_lines
  echo '[xtrabackup]'
  printf '%s\n' "$told_to_program" | of_names "$program_names" | option_lines
}
# passed_over: the names of the others, for the log: their values may be secrets.
passed_over() {
  printf '%s\n' "$told_to_program" | grep -vE "^--(loose[-_])?($program_names)(=|\$)" | sed -n 's/^--\([A-Za-z0-9_-]*\).*/\1/p' | sort -u | paste -sd , - | sed 's/,/, /g'
}
last_told() { printf '%s\n' "$told_to_clients" "$told_to_program" | sed -n "s/^--$1=//p" | tail -n 1; }
# socket_of_server: empty if the program is to reach it by the network.
socket_of_server() {
  [ -z "$socket" ] || { echo "$socket" && return; }
  case $(last_told protocol) in [Tt][Cc][Pp]) return ;; esac
  case $(last_told host) in '' | localhost) ;; *) return ;; esac
  last_told socket | grep . && return
  for server in $(trusted_in "$datadir"); do socket_of "$server"; done | head -n 1
}

# listeners: the accounts one of which listens at the socket of the server: READER, and those of the servers with this datadir, which may be an administrator's.
listeners() {
  {
    id -u -- "${reader%%:*}"
    for server in $(trusted_in "$datadir"); do real_uid "$server"; done | grep -vx 0
  } | sort -u | paste -sd , -
}

# open_room: a folder that READER reaches by a descriptor alone: /run/reseed/JOB is root's.
open_room() {
  room=$work/room
  mkdir "$room" "$room/backup" && chgrp -- "${reader#*:}" "$room" && chmod 710 "$room" && options_of_program >"$room/options" &&
    chown -- "$reader" "$room/options" "$room/backup" || exit 1
  reaches=$(socket_of_server)
  if [ -z "$reaches" ]; then
    told_to_both="$told_to_clients
$told_to_program"
    # Its lock and its coordinates would be those of another server, and the files of this one.
    # shellcheck disable=SC2034  # of foreign_host
    led_to=$(client_options=$told_to_both && foreign_host)
    [ -z "$led_to" ] || give_up "$(led_away "$led_to")"
    stranger=$(strange_listener '' "$told_to_both") || lose "$stranger"
    return 0
  fi
  begin_relay "$room" "$reaches" "$(listeners)" "$work/relay-errors" || lose "no login for $tool: $(short <"$work/relay-errors")"
}
programs=$tool
if [ "$tool" = mariadb-backup ]; then programs='mariadb-backup mariabackup'; fi
back_up() {
  set -- --backup "--stream=$format" --target-dir=/proc/self/fd/7/backup "--datadir=$datadir" --skip-safe-slave-backup "$@" --open-files-limit=1000000
  if [ "$replica" = yes ]; then set -- "$@" --slave-info; fi
  if [ "$tool" = xtrabackup ]; then set -- "$@" "--lock-ddl-timeout=$wait"; fi
  # An option file may name another host: its server would be locked and asked, and the files of this one copied.
  if [ -n "$relaying" ]; then set -- "$@" --host=localhost --socket=/proc/self/fd/7/socket; fi
  # It is root's, and the program ends at a folder that it can't read.
  if [ -d "$datadir/lost+found" ]; then set -- "$@" --databases-exclude=lost+found; fi
  # Only root may raise it.
  # shellcheck disable=SC3045  # dash and bash have it
  ulimit -n 1000000 2>/dev/null || ulimit -n "$(ulimit -H -n)"
  # As become.
  # shellcheck disable=SC2046,SC2086  # words
  noted program env HOME=/ setpriv "--reuid=${reader%%:*}" "--regid=${reader#*:}" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- \
    $(first_of $programs) --defaults-file=/proc/self/fd/7/options "$@" 7<"$room" 8>&- 9>&-
}
# The lock of XtraBackup comes at its end, hours later: what runs when it begins says nothing of that, and it is told how long to wait then. With BACKUP STAGE never: told
# so, it waits until no statement writes at all, which a donor in use never has.
waits=--ftwrl-wait-timeout=$wait
if [ "$stages" = yes ]; then waits=--ftwrl-wait-timeout=0; fi

# watch_stages: no option of the program bounds how long its BACKUP STAGE waits, with new statements behind it: for a change of a table, or a long write into one that is
# not InnoDB's. Ends it after WAIT seconds.
watch_stages() {
  watch_sleep=''
  trap '[ -z "$watch_sleep" ] || kill "$watch_sleep" 2>/dev/null; exit' TERM
  while true; do
    sleep 5 &
    watch_sleep=$!
    wait "$watch_sleep"
    waited=$(client_limit='timeout 10' sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "SELECT MAX(TIME) FROM information_schema.PROCESSLIST
      WHERE INFO LIKE 'BACKUP STAGE%' AND ID <> CONNECTION_ID() HAVING MAX(TIME) > $wait" </dev/null 2>/dev/null)
    case $waited in '' | *[!0-9]*) continue ;; esac
    echo "its lock (BACKUP STAGE) waited for $waited s, and new statements behind it: wait for what changes a table there, then seed" >"$work/too-late"
    end_noted program
    return
  done
}
# ask_applier: while writes are blocked, which is the moment of the coordinates. A statement that its applier reads later may use the tables, and no backup has them.
ask_applier() {
  [ "$applier" = yes ] || return 0
  client_limit='timeout 10' sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "SHOW GLOBAL STATUS WHERE Variable_name IN ('Replica_open_temp_tables', 'Slave_open_temp_tables') AND Value <> '0'" \
    </dev/null >>"$work/temporary" 2>/dev/null || echo 'unknown unknown' >>"$work/temporary"
}
# read_lines: what the program says, without a line or two for each file: into `said`. Notes when it blocked the writers.
read_lines() {
  noted_lines=0
  grep --line-buffered -avE 'Streaming |\.\.\.done|>> log scanned|copied successfully|Copied file|DDL tracking' | while IFS= read -r line; do
    case $line in
      *'BACKUP STAGE BLOCK_COMMIT' | *'Executing FLUSH TABLES WITH READ LOCK'* | *'Executing LOCK TABLES FOR BACKUP'*)
        # The end of the stage has the same words.
        case $line in *Finish*) continue ;; esac
        [ -e "$work/blocked-from" ] || { note_time blocked-from && ask_applier; }
        ;;
      *'All tables unlocked'* | *'Executing UNLOCK TABLES'*)
        note_time blocked-to
        ask_applier
        ;;
    esac
    # Some versions name their stages in this line alone.
    case $line in *'Acquiring BACKUP LOCKS'*) : >"$work/locked" ;; esac
    printf '%s\n' "$line" >>"$work/said"
    # /run is memory, and its account has the last word on how much it says.
    noted_lines=$((noted_lines + 1))
    if [ $((noted_lines % 10000)) = 0 ]; then tail -n 1000 "$work/said" >"$work/said.part" && mv "$work/said.part" "$work/said"; fi
  done
}
note_time() {
  tell_hundredths
  echo "$hundredths" >"$work/$1"
}
# The cause: its last line about an error, without its time.
program_error() {
  if [ -s "$work/relay-errors" ]; then
    short <"$work/relay-errors"
    return
  fi
  { grep -aiE 'error|denied|failed|unknown option' "$work/said" | tail -n 1 || true; } >"$work/cause"
  [ -s "$work/cause" ] || tail -n 1 "$work/said" >"$work/cause"
  sed 's/^\[[0-9]*\] [0-9-]* [0-9:]* //; s/^[0-9-]* *[0-9:]* [0-9]* //; s/^[0-9-]*T[0-9:.Z+-]* [0-9]* //' "$work/cause"
}

# changed_files: `gone PATH` for each listed file that is here no more, or has another size: a table may be dropped,
# rebuilt or grow meanwhile. InnoDB's files may grow.
changed_files() {
  (
    cd -P -- "$datadir" || exit 1
    as_account "$reader" find . -xdev -ignore_readdir_race -mindepth 1 -path ./lost+found -prune -o \( -type f -printf 'f\t%s\t%P\n' -o -type d -printf 'd\t0\t%P\n' \)
  ) >"$work/here" || return
  awk -F '\t' '
    FILENAME ~ /\/here$/ { size[$3] = $2; next }
    $1 == "end" { next }
    !($6 in sum) { order[++count] = $6 }
    { sum[$6] += $5 }
    END {
      for (n = 1; n <= count; n++) {
        path = order[n]
        grows = path ~ /\.ibd$|^ibdata|^undo/
        if (!(path in size) || (grows ? size[path] < sum[path] : size[path] != sum[path])) { print "gone\t" path; lines++ }
      }
      print "end\t" lines + 0
    }' "$work/here" "$folder/list"
}

# tell_using: `using Current_Pos` where the donor asks its source for what comes after its own transactions too: of its default connection, or of its only one. The program
# writes gtid_slave_pos in any case, without what the donor wrote itself.
tell_using() {
  [ "$tool:$replica" = mariadb-backup:yes ] || return 0
  client_limit='timeout 30' sql_client "$defaults_file" "$socket" --batch -e 'SHOW ALL SLAVES STATUS' </dev/null 2>/dev/null | awk -F '\t' '
    NR == 1 { for (n = 1; n <= NF; n++) column[$n] = n; next }
    { last = $column["Using_Gtid"]; if ($column["Connection_name"] == "") { own = last; found = 1 } }
    END { if (!("Using_Gtid" in column)) exit; if (!found && NR == 2) own = last; if (own ~ /^[A-Za-z_]+$/) print "using " own }'
}

[ -e "$folder/way-$target/call" ] || lose 'the channel to it was not opened'
if [ "$how" = auto ]; then choose_how; fi
trap 'end_relay; hang_up; exit 143' TERM
open_room
not_taken=$(passed_over)
if [ -n "$not_taken" ]; then echo "! options of files that $tool is not given, since they change what a backup is: $not_taken"; fi
# shellcheck disable=SC2094  # a fifo
{
  back_up "$waits" >"$work/raw" 2>"$work/lines" </dev/null
  echo $? >"$work/code"
} &
read_lines <"$work/lines" &
reading=$!
watching=''
if [ "$stages" = yes ]; then
  watch_stages >/dev/null &
  watching=$!
fi
send_stream
wait "$reading"
end_relay
[ -z "$watching" ] || end_loop "$watching"
if [ -s "$work/too-late" ]; then lose "$(cat "$work/too-late")"; fi
if [ -s "$work/temporary" ]; then
  read -r _ temporary <"$work/temporary"
  lose "its applier had temporary tables open ($temporary) while writes were blocked, and a backup does not have them: wait until the session on its source that made them ends"
fi
read -r code <"$work/code" || code=unknown
case $code in
  0) if [ "$sent" != 0 ]; then lose "${told:-the call ended with $sent}"; fi ;;
  *)
    # A target that takes no more ends the program, too.
    if [ "$sent" != 0 ] && [ -n "$told" ]; then lose "$told"; fi
    lose "$tool ended with $code: $(program_error)"
    ;;
esac
if [ "$tool" = mariadb-backup ] && [ ! -e "$work/blocked-from" ] && [ ! -e "$work/locked" ]; then
  lose "$tool did not say that it had a lock: its coordinates may be later than its data"
fi
tail -n 1 "$work/said" | grep -q 'completed OK!' || lose "$tool did not say that it completed: $(program_error)"
compare_answer
{ echo "sum $sum $bytes" && changed_files; } >"$work/changed" || lose 'the files of the donor could not be listed again'
ask "$patience" "$target" 1 changed <"$work/changed" >/dev/null 2>"$work/said-$target-1" || lose "$(cat "$work/said-$target-1")"
hang_up
tell_using
echo "stream $sum $bytes"
if [ -e "$work/blocked-from" ] && [ -e "$work/blocked-to" ]; then
  read -r from <"$work/blocked-from"
  read -r to <"$work/blocked-to"
  echo "blocked $((to - from))"
fi
echo "whole $target"
