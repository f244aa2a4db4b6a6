#!/bin/sh
# shellcheck disable=SC2154  # seed-dump.sh assigns them
# The rows of a donor by mydumper, as parts of one stream. Part of seed-dump.sh, whose functions it calls.
# mydumper writes a file for some megabytes of a table's rows, of several tables at a time, to WORK/parts: memory (tmpfs) of its own size, in a mount
# namespace of its own, which ends with the unit. A file is sent and removed once mydumper has closed it. While the target takes less than mydumper
# gives, mydumper is stopped (SIGSTOP). So the donor needs no disk, and mydumper alone would hear that the memory is full.
# Tables, views, routines, events and triggers come from mysqldump: mydumper 0.10 loses the sql_mode of routines, and columns of some tables.
# Up to 16 databases have a mydumper of 0.10 each, begun one after the other under the lock. Of several it counts those that are being listed, and its own thread adds to
# that while others take off: where one was listed before the next was added (lost+found is at once), the count is 0 too early, tables are left out, and it waits for itself.
# The stream has lines, and SQL: `-- reseed: begun CONNECTION...` of mydumper's sessions; `-- reseed: part DATABASE BYTES` (`-`: none), then that many
# bytes; `-- reseed: wait`: what follows needs all parts before it; `-- reseed: busy`: nothing to send yet; `-- reseed: whole` at the end.
work='' socket='' vendor=''
part_megabytes=4 at_once=4

# plan_parts: what mydumper is started with, found before the lock. Refuses names that are no file names of mydumper's.
plan_parts() {
  odd=$(grep -vxE '[A-Za-z0-9_-]+' "$work/databases" | head -n 1)
  [ -z "$odd" ] || give_up "mydumper can not name the files of the database $odd: seed by mysqldump"
  # shellcheck disable=SC2154  # dump-names.sh
  ask_view "$unfiled_tables" "$work/odd" || lose "no session: $(session_error)"
  [ ! -s "$work/odd" ] || give_up "$(short <"$work/odd") has an invisible column, or a name with \`, / or a control character, and mydumper makes mistakes with these: seed by mysqldump"
  kilobytes=$(awk '/^MemAvailable:/ { part = int($2 / 4); print (part > 262144 ? 262144 : part) }' /proc/meminfo)
  [ "$kilobytes" -ge 65536 ] || lose "$((kilobytes / 256)) MB of memory are available, and mydumper needs 256: seed by mysqldump"
  most=$((kilobytes / 2))
  threads=$(nproc)
  if [ "$threads" -lt 2 ]; then threads=2; elif [ "$threads" -gt 4 ]; then threads=4; fi
  at_once=$threads
  # NO_LOCK of a newer one gives its sessions no read view. The lock is reseed's.
  unlocked='--no-locks --trx-consistency-only' each=-
  if as_root 10 mydumper --help 2>/dev/null | grep -q -e --sync-thread-lock-mode; then
    unlocked=--sync-thread-lock-mode=SAFE_NO_LOCK
    # It knows several databases by name; where it asks for all, lost+found ends it.
    if [ -s "$work/databases" ]; then unlocked="$unlocked --database=$(paste -s -d , "$work/databases")"; fi
  elif [ -s "$work/databases" ] && [ "$(wc -l <"$work/databases")" -le "$((kilobytes / 8192 > 16 ? 16 : kilobytes / 8192))" ]; then
    # Each holds an open file of some megabytes.
    each=$(cat "$work/databases")
    threads=$((threads / $(wc -l <"$work/databases")))
    [ "$threads" -gt 0 ] || threads=1
  fi
  case $vendor in mysql) limit_of=max_execution_time not_of_users='|ndbinfo' ;; *) limit_of=max_statement_time not_of_users='' ;; esac
  if ! grep -qx sys "$work/databases"; then not_of_users="$not_of_users|sys"; fi
  # It is stopped at times, and puts values between double quotes.
  (
    login_file || exit
    echo "init-command=\"SET SESSION net_write_timeout = 86400, wait_timeout = 604800, $limit_of = 0, sql_mode = ''\""
  ) >"$work/login" || lose "$late_options"
  exec 9<"$work/login" || exit 1
  rm -f "$work/login"
}

# begin_parts: returns once all sessions of mydumper have their read views, as it says. Its login has no name any more.
begin_parts() {
  parts=$work/parts
  mkdir "$parts" && mount -t tmpfs -o "size=${kilobytes}k,mode=700" none "$parts" || return
  parts=$(cd -P "$parts" && pwd -P) || return
  for database in $each; do begin_program || return; done
  exec 9<&-
  echo "-- reseed: begun$sessions"
}
# begin_program: one, of $database; -: of all.
begin_program() {
  number=$((number + 1))
  mkdir "$parts/$number" && mkfifo "$work/news-$number" || return
  set -- ${socket:+"--socket=$socket"}
  if [ "$database" != - ]; then set -- "$@" "--database=$database"; fi
  {
    # shellcheck disable=SC2086  # words
    noted "mydumper-$number" mydumper --defaults-file=/dev/fd/9 "$@" $unlocked --outputdir="$parts/$number" --threads="$threads" \
      --chunk-filesize="$part_megabytes" --statement-size=1000000 --complete-insert --no-schemas --verbose=3 \
      --regex="^(?-i)(?!(mysql|information_schema|performance_schema$not_of_users|#mysql50#lost\\+found)\\.)"
    echo $? >"$work/ended-$number.part"
    mv "$work/ended-$number.part" "$work/ended-$number"
  } >"$work/news-$number" 2>&1 </dev/null &
  exec 8<"$work/news-$number"
  begun=''
  while [ -z "$begun" ] && IFS= read -r line <&8; do
    printf '%s\n' "$line" >>"$work/news-all"
    case $line in
      *'connected using MySQL connection ID '*) sessions="$sessions ${line##* }" ;;
      *'Transactions started'*) begun=yes ;;
    esac
  done
  # A line for each part of a large server is too much for /run.
  awk '/CRITICAL|[Ee]rror|ERROR/ && told++ < 50 { print substr($0, 1, 500); fflush() }' <&8 >>"$work/news-all" &
  news="$news $!"
  exec 8<&-
  [ -n "$begun" ]
}
# prove_views LINE: under the lock, each of these sessions has a transaction, as the donor lists them; or it has ended, and read all under the lock.
prove_views() {
  case $1 in '-- reseed: begun '*) ;; *) lose_lock "mydumper did not begin: $(program_error)" ;; esac
  sessions=$(printf '%s\n' "${1#'-- reseed: begun '}" | tr ' ' ,)
  case $sessions in *[!0-9,]* | '') lose_lock 'mydumper did not name its sessions' ;; esac
  # One may end between the two lists.
  for _ in 1 2 3; do
    ask_view "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID IN ($sessions) AND ID NOT IN (SELECT trx_mysql_thread_id FROM information_schema.INNODB_TRX)" "$work/views" || lose_lock "the session was lost under the lock: $(session_error)"
    [ "$(cat "$work/views")" != 0 ] || return 0
    sleep 0.2
  done
  lose_lock "sessions of mydumper have no read view: $(short <"$work/views")"
}
numbers() { seq "$number"; }
# process_number NUMBER: of the program of that number, if it runs.
process_number() { [ ! -e "$work/ended-$1" ] && noted_pid "mydumper-$1"; }
running() { for one in $(numbers); do process_number "$one"; done; }
have_ended() { for one in $(numbers); do [ -e "$work/ended-$one" ] || return; done; }
# have_failed: one of them.
have_failed() {
  for one in $(numbers); do
    if [ -e "$work/ended-$one" ] && read -r ended_with <"$work/ended-$one" && [ "$ended_with" != 0 ]; then return 0; fi
  done
  return 1
}

# keep_room: in the background. Files that are not sent yet may take so much, but mydumper goes on where there is none to send. All programs have their read views; as
# many as one alone would have threads dump at once, so that the donor has no more to do: the next goes on when one has ended.
keep_room() {
  given='' turns=0
  while sleep 0.1; ! have_ended; do
    signal=CONT turns=$((turns + 1))
    used=$(du -sk "$parts" | cut -f 1)
    if [ -e "$work/sending" ] && [ "${used:-0}" -gt "$most" ]; then signal=STOP; fi
    if [ "$signal" = "$given" ] && [ "$turns" -lt 10 ]; then continue; fi
    given=$signal turns=0 nth=0
    for process in $(running); do
      nth=$((nth + 1))
      if [ "$nth" -gt "$at_once" ]; then kill -STOP "$process" 2>/dev/null; else kill "-$signal" "$process" 2>/dev/null; fi
    done
  done
}
end_parts() {
  for one in $(running); do kill -KILL "$one"; done
}

# put DATABASE FILE: a part.
put() {
  size=$(stat -c %s -- "$2") && printf -- '-- reseed: part %s %s\n' "$1" "$size" && cat -- "$2" && rm -f -- "$2"
}
# put_files: until mydumper has ended, and nothing of it is left. A file is open while it is written.
put_files() {
  ended=''
  until [ -n "$ended" ]; do
    if have_ended; then ended=yes; elif have_failed; then end_parts; fi
    found=''
    set -- "$parts"/*/*.sql
    writing="
$(for one in $(numbers); do [ -e "$work/ended-$one" ] || { read -r process _ <"$work/mydumper-$one" && find "/proc/$process/fd" -type l -printf '%l\n'; } 2>/dev/null; done)
"
    for file in "$@"; do
      [ -s "$file" ] || continue
      if [ -z "$ended" ]; then
        case $writing in *"
$file
"*) continue ;; esac
      fi
      true >"$work/sending"
      # mydumper 0.10 renames the only file of a table when it has closed it.
      mv -- "$file" "$parts/taken" 2>/dev/null || continue
      name=${file##*/}
      put "${name%%.*}" "$parts/taken" || return
      found=yes
    done
    if [ -z "$found" ]; then
      rm -f "$work/sending"
      [ -n "$ended" ] || sleep 0.1
    fi
  done
}

# put_dumped WORD...: what mysqldump says of all databases, as a part. With very many tables that takes minutes, and a stream without a byte is given up: it
# has a line each `beat` seconds in which the program got answers.
beat=10
put_dumped() {
  tell_busy &
  telling=$!
  dump "$@" >"$parts/sql"
  dumped=$?
  end_loop "$telling"
  [ "$dumped" = 0 ] || return "$dumped"
  put - "$parts/sql"
}
tell_busy() {
  waited=''
  while sleep "$beat" >/dev/null 2>&1; do
    before=$waited waited=$(waits_of program)
    if [ -n "$waited" ] && [ "$waited" != "$before" ]; then echo '-- reseed: busy'; fi
  done
}

# rows_in_parts DATABASE...: the stream.
rows_in_parts() {
  news='' sessions='' number=0
  trap end_parts EXIT
  trap 'exit 143' TERM
  begin_parts || { end_parts; news_of_mydumper; return 1; }
  true >"$work/sending"
  keep_room >/dev/null 2>&1 &
  if [ $# -gt 0 ]; then
    put_dumped --no-data --skip-triggers --routines --events --databases -- "$@" || return
    echo '-- reseed: wait'
  fi
  put_files || return
  for one in $(numbers); do
    read -r ended <"$work/ended-$one"
    [ "$ended" = 0 ] || only_lost_found || { news_of_mydumper; return "$ended"; }
  done
  cp "$parts/1/metadata" "$work/metadata" || return
  echo '-- reseed: wait'
  if [ $# -gt 0 ]; then
    put_dumped --no-data --no-create-info --no-create-db --skip-routines --triggers --databases -- "$@" || return
  fi
  own_rows >"$parts/sql" || return
  put - "$parts/sql" || return
  echo '-- reseed: whole'
}
# only_lost_found: of all databases, mydumper 0.10 asks for the tables of lost+found too, where the datadir is a file system of its own, and ends with 1 after everything.
only_lost_found() {
  # shellcheck disable=SC2086  # numbers
  [ -z "$news" ] || wait $news
  [ "$each" = - ] && [ -e "$parts/1/metadata" ] && grep -qF "$no_tables_there" "$work/news-all" && ! grep -a CRITICAL "$work/news-all" | grep -qvF "$no_tables_there"
}
no_tables_there='Error: DB: #mysql50#lost+found - Could not execute query'
# Its last words, for the operator.
news_of_mydumper() {
  # shellcheck disable=SC2086  # numbers
  [ -z "$news" ] || wait $news
  { grep -aE 'CRITICAL|ERROR|rror' "$work/news-all" || tail -n 2 "$work/news-all"; } | tail -n 3 >&2
}
