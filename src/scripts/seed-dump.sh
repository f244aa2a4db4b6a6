#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The work of a unit on the donor: dumps its databases, and sends the dump to one target.
#   seed-dump.sh tool=mysqldump|mydumper vendor=mysql|mariadb defaults_file=FILE socket=SOCKET busy=SECONDS blocked=SECONDS lock=SQL unlock=SQL coordinates=SQL source=SQL
#     folder=FOLDER compression=auto|none|zstd patience=PATIENCE target=TARGET table=DATABASE.TABLE...
# TABLE: with mysqldump, of these tables alone the rows are dumped, in one read view, and neither triggers nor accounts; empty: everything is (named-tables.sh).
# The login is that of sql_client: no secret is a word. BUSY: how long a statement may have run, since the lock would wait for it. Under one lock the
# coordinates and the accounts are read, and the dump program and a session of our own begin their read views: the rows of the dump, and
# their sums (table-sums.sh), are those of the coordinates. The lock ends as soon as the program has begun, whatever it has to dump. BLOCKED: what has not
# begun by then is ended, the session of the lock first: writes of the donor never wait for longer.
# FOLDER/total and FOLDER/way-TARGET: as for seed-backup.sh, which reports as this script does. Each run begins a new dump.
# send-bytes.sh, send-answers.sh, send-how.sh, send-stream.sh, own-databases.sh, table-sums.sh, dump-tables.sh, collations.sh, stored-objects.sh, named-tables.sh, accounts.sh, dump-bodies.sh, dump-refusals.sh, dump-lock.sh and dump-parts.sh (mydumper) are put before this script. The log has `blocked
# HUNDREDTHS` (of a second, in which writes were blocked), and ends with `whole TARGET`, `lost TARGET WHY`, or `refused TARGET WHY` where a further try is of no use.
# What the target gets at the end (receive-dump.sh): lines with tabs: `sum CKSUM BYTES`, `stands BASE64` (coordinates and source, vertical), `account
# STATEMENT` in hexadecimal, `object` (stored-objects.sh), `collates` (collations.sh), `table DATABASE TABLE COUNT SUM`, `untold TABLES` that could not be summed, `metadata BASE64` of mydumper, `end LINES`.
set -u
umask 077
declare_words 'tool vendor defaults_file socket busy blocked lock unlock coordinates source folder compression patience target table...' "$@"
case $tool in mysqldump | mydumper) ;; *) refuse "no program of dumps: $tool" ;; esac
case $vendor in mysql | mariadb) ;; *) refuse "no vendor of a server: $vendor" ;; esac
case $blocked in *[!0-9]* | '') refuse "no number of seconds: $blocked" ;; esac
if [ "$tool" = mydumper ] && [ -z "${RESEED_INSIDE-}" ]; then RESEED_INSIDE=yes exec unshare --mount --propagation private /bin/sh "$RESEED_FOLDER/script"; fi
# shellcheck disable=SC2034  # the fragments'
how=$compression targets=$target streams=1 copies=1
# shellcheck disable=SC2034
read -r tasks _ all_bytes <"$folder/total" || exit 1
work=$RESEED_FOLDER/work
begin_sending
mkfifo "$work/rows" "$work/in" "$work/out" "$work/reads" "$work/answers" || exit 1
: "${HOME:=$(getent passwd 0 | cut -d : -f 6)}"
export HOME
# A lost session is noticed by its missing answer.
trap '' PIPE
trap 'hang_up; exit 143' TERM

# login_file: an option file with what a login needs, and nothing else: a dump program would leave rows out where an option file tells it to. Where the socket is
# named, a host of option files does not count: it may be another one.
login_file() {
  set -- ${defaults_file:+"--defaults-file=$defaults_file"}
  said=$(login_told "$@") || return
  echo '[client]'
  place=''
  if [ -z "$socket" ]; then place='|host|port|socket|protocol'; fi
  printf '%s\n' "$said" | grep -E "^--(user|password$place|ssl[-_a-z]*|tls[-_a-z]*|get[-_]server[-_]public[-_]key|server[-_]public[-_]key[-_]path|enable[-_]cleartext[-_]plugin)(=|\$)" | option_lines
  if folder_of_plugins=$(plugins_of_client "$said") && [ -n "$folder_of_plugins" ]; then echo "plugin-dir=\"$folder_of_plugins\""; fi
}
dump_program() { if [ "$vendor" = mariadb ]; then first_of mariadb-dump mysqldump; else echo mysqldump; fi; }
# dump WORD...: by a descriptor, since it may contain a password. Names of databases come behind `--`: one may begin with `-`, and the program is root's.
# Nothing else uses the server that loads it: under LOCK TABLES a default could not take from a sequence.
# It is to tell each line as it comes: in a pipe, its first table may be read before it says that it has begun.
dump() {
  dump_login=$(login_file) || {
    echo "ERROR: $late_options" >&2
    return 1
  }
  if [ -n "$socket" ]; then set -- --protocol=socket "--socket=$socket" "$@"; fi
  if [ "$vendor" = mysql ]; then set -- --set-gtid-purged=OFF "$@"; fi
  if shows_hidden_keys; then set -- "--init-command=$hidden_keys_shown" "$@"; fi
  # shellcheck disable=SC2046  # words
  noted program $(by_lines) "$(dump_program)" --defaults-file=/dev/fd/8 --single-transaction --quick --hex-blob --comments --skip-add-locks --no-tablespaces --default-character-set=utf8mb4 \
    --max-allowed-packet=1G "$@" 8<<END
$dump_login
END
}
by_lines() { if command -v stdbuf >/dev/null; then echo stdbuf -oL; fi; }
# rows_of_tables: of the named tables; all others of their databases are left out by name, since the program has one read view for --databases only.
rows_of_tables() {
  set --
  while IFS= read -r word; do set -- "$@" "$word"; done <"$work/left-out"
  # shellcheck disable=SC2046  # words of a fixed form
  dump --skip-triggers "$@" --databases -- $(cat "$work/databases") && echo '-- reseed: whole'
}
# rows DATABASE...: what the target loads. Time zones are rows that statements of the source may use; servers, those of its tables.
rows() {
  if [ $# -gt 0 ]; then dump --routines --events --triggers --databases -- "$@" || return; fi
  own_rows || return
  echo '-- reseed: whole'
}
own_rows() {
  # shellcheck disable=SC2016  # quotes of SQL
  echo 'USE `mysql`;'
  dump --no-create-info --skip-triggers --skip-disable-keys --replace --complete-insert mysql time_zone time_zone_leap_second \
    time_zone_name time_zone_transition time_zone_transition_type servers
}

# say SQL FILE: the answer of the session that holds the lock (3, 4). ask_view SQL FILE: of the one with the read view (5, 6), whose values have no tab
# and no newline, but \t and \n: none is a line of its own, or the end of the answer. Each fails if its session is lost.
say() {
  with_end "$1" >&3 || return 1
  hear_fields "$2" <&4
}
ask_view() {
  printf "%s;\nSELECT 'reseed', 'said';\n" "$1" >&5 || return 1
  hear_view "$2"
}
hear_view() {
  : >"$1"
  while IFS= read -r line <&6; do
    if [ "$line" = 'reseed	said' ]; then return 0; fi
    printf '%s\n' "$line" >>"$1"
  done
  return 1
}
# ask_shown: the questions that the answer of account_queries has; they and their answers may be more than pipes hold. accounts: what the server answered, in the order in which it is to be said.
ask_shown() {
  { grep '^SHOW ' "$work/asked" | unescaped | sed 's/$/;/'; echo "SELECT 'reseed', 'said';"; } >&5 &
  hear_view "$work/shown"
}
accounts() {
  grep -vE '^(SHOW|ALTER USER|LAST) ' "$work/asked"
  cat "$work/shown"
  grep -E '^(ALTER USER|LAST) ' "$work/asked"
}
# ask_known FILE: the tables of InnoDB (of named ones, these), by name and number (dump-tables.sh).
ask_known() {
  ask_view "$(innodb_tables "$vendor")" "$work/listed" || return 1
  by_name <"$work/listed" >"$work/by-name" || return 1
  if [ -n "$table" ]; then awk -F '\t' 'NR == FNR { named[$1 "\t" $2]; next } ($2 "\t" $3) in named' "$work/named" "$work/by-name" >"$1"; else mv "$work/by-name" "$1"; fi
}
# time_list: how long that takes, into `listing` (hundredths of a second).
time_list() {
  tell_hundredths
  listing_from=$hundredths
  ask_known "$work/known" || lose "no session: $(session_error)"
  [ ! -s "$work/view-errors" ] || lose "the tables could not be listed: $(session_error)"
  tell_hundredths
  listing=$((hundredths - listing_from))
}
session_error() { cat "$work/errors" "$work/view-errors" 2>/dev/null | tail -n 1; }
# would_end_alike: the error of the program is of what it reads, or of what its login may: a further try is of no use.
would_end_alike() { grep -aqiE 'references invalid|as a definer|denied|in engine|tablespace is missing|unknown (option|variable)' "$work/said"; }
program_error() { grep -aiE 'error|denied|failed|unknown|invalid' "$work/said" | tail -n 1 | grep . || tail -n 1 "$work/said"; }

# collations_of_dump: those of the tables that were summed, and of a whole dump its databases: another one may have been made since the lock.
collations_of_dump() {
  databases_in_hex=''
  if [ -z "$table" ]; then databases_in_hex=$work/databases; fi
  awk -F '\t' -v databases="$databases_in_hex" '
    BEGIN {
      for (i = 1; i < 256; i++) hex[sprintf("%c", i)] = sprintf("%02X", i)
      while (databases != "" && (getline name <databases) > 0) {
        out = ""
        for (i = 1; i <= length(name); i++) out = out hex[substr(name, i, 1)]
        wanted[out "\t-"]
      }
    }
    FILENAME == ARGV[1] { if ($1 == "table") wanted[$2 "\t" $3]; next }
    $1 == "collates" && ($2 "\t" $3) in wanted' "$work/sums-of-tables" "$work/collations"
}
# name_told 'DATABASE TABLE': of names in hexadecimal, which have ASCII alone.
name_told() {
  case $1 in -*) echo 'a table whose name is not ASCII' && return ;; esac
  printf '%s\n' "$1" | awk -F '\t' '
    BEGIN { for (i = 32; i < 127; i++) char[sprintf("%02X", i)] = sprintf("%c", i) }
    function text(hex,   i, out) { for (i = 1; i < length(hex); i += 2) out = out (substr(hex, i, 2) in char ? char[substr(hex, i, 2)] : "?"); return out }
    { print text($1) "." text($2) }'
}
# only_named: of the statements, those of the named tables; each has to be there.
only_named() {
  [ -n "$table" ] || return 0
  statements_of "$work/named" "$work/statements" >"$work/statements.part" && mv "$work/statements.part" "$work/statements" || return
  [ "$(wc -l <"$work/statements")" = "$(wc -l <"$work/named")" ] && return
  echo 'a named table is not there any more, or has no InnoDB' >>"$work/view-errors"
  return 1
}

[ -e "$folder/way-$target/call" ] || lose 'the channel to it was not opened'
if [ "$how" = auto ]; then choose_how; fi

odd_program=$(unrooted_program "$(dump_program)" mydumper) || give_up "$odd_program"
# Names of the server's go to it in statements: the client itself takes no command of them (\!).
client_limit='noted lock-client' sql_client "$defaults_file" "$socket" --binary-mode --xml --unbuffered <"$work/in" >"$work/out" 2>"$work/errors" &
exec 3>"$work/in" 4<"$work/out"
sql_client "$defaults_file" "$socket" --binary-mode --batch --skip-column-names --unbuffered --force <"$work/reads" >"$work/answers" 2>"$work/view-errors" 3>&- 4<&- &
exec 5>"$work/reads" 6<"$work/answers"
# Never make all writes wait for a lock that can not be had.
say 'SET SESSION lock_wait_timeout = 5' /dev/null || lose "no session: $(session_error)"
if waits_for_statements "$lock"; then
  say "$(busy_question "$busy")" "$work/busy" || lose "no session: $(session_error)"
  grep -q '^ *busy: 0$' "$work/busy" ||
    lose "a statement runs for $(sed -n 's/^ *longest: //p' "$work/busy") s: the lock would wait for it, and every writer for the lock"
fi
ask_view 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ' /dev/null || lose "no session: $(session_error)"
ask_view "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE CAST(SCHEMA_NAME AS BINARY) NOT IN ($own_databases) ORDER BY 1" "$work/databases" || lose "no session: $(session_error)"
unescaped <"$work/databases" >"$work/unescaped" && mv "$work/unescaped" "$work/databases" || exit 1
give_up_if "SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME REGEXP '[[:cntrl:]]' LIMIT 1" 'a database has a control character in its name: a dump can not have it'
if [ -z "$table" ]; then refuse_undumpable; fi
refuse_hidden_keys
questions=$(account_queries "$vendor")
if [ -n "$table" ]; then
  questions='DO 0'
  eval "set -- $table"
  named_tables "$@" >"$work/named" || give_up 'no name of a table that is dumped by itself'
  databases_of "$@" >"$work/databases"
  in_databases="TABLE_SCHEMA IN ($(sed "s/.*/'&'/" "$work/databases" | paste -sd , -))"
  ask_view "SELECT COUNT(*) FROM information_schema.TABLES WHERE $in_databases AND TABLE_NAME REGEXP '[[:cntrl:]]'" "$work/odd" || lose "no session: $(session_error)"
  [ "$(cat "$work/odd")" = 0 ] || give_up 'a table there has a control character in its name: it can not be left out'
  ask_view "SELECT CONCAT('--ignore-table=', TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES WHERE $in_databases" "$work/escaped" || lose "no session: $(session_error)"
  unescaped <"$work/escaped" >"$work/all"
  printf '%s\n' "$@" | sed 's/^/--ignore-table=/' | grep -vxF -f - "$work/all" >"$work/left-out"
fi
if [ -z "$table" ]; then
  ask_view "$unloaded_accounts" "$work/unloaded" || lose "no session: $(session_error)"
  [ ! -s "$work/unloaded" ] || echo "accounts that its server does not load are not brought (skip_name_resolve): $(paste -sd , "$work/unloaded" | short)"
fi
{ ask_view "$questions" "$work/asked" && ask_shown; } || lose "no session: $(session_error)"
[ ! -s "$work/view-errors" ] || lose "$(session_error)"
refuse_odd_accounts

if [ "$tool" = mydumper ]; then plan_parts; fi
# They are listed under the lock. With very many tables it would pass its bound at each try: at most half of it is for the list.
time_list
# What came from the disk may be in memory by now.
[ "$listing" -le "$((blocked * 50))" ] || time_list
[ "$listing" -le "$((blocked * 50))" ] || give_up "its InnoDB takes $((listing / 100)) s to list its tables, and all writes would wait for that: copy files (--method lvm)"
# Ten minutes in all, of hours.
questions_of_sums=200
[ "$listing" -le 300 ] || questions_of_sums=$((60000 / listing + 1))
set --
while IFS= read -r database; do set -- "$@" "$database"; done <"$work/databases"
# take_lock: with the coordinates, and `prepared`: how many XA transactions are.
take_lock() {
  tell_hundredths
  blocked_from=$hundredths
  say "$lock" /dev/null || lose_lock "the lock could not be taken: $(session_error)"
  { say "$coordinates" "$work/coordinates" && say "$source" "$work/source"; } || lose_lock "the session was lost under the lock: $(session_error)"
  # A statement that its applier reads later may use them, and no dump has them.
  say "SHOW GLOBAL STATUS WHERE Variable_name IN ('Replica_open_temp_tables', 'Slave_open_temp_tables') AND Value <> '0'" "$work/temporary" || lose_lock "the session was lost under the lock: $(session_error)"
  temporary=$(sed -n 's/^ *Value: //p' "$work/temporary" | head -n 1)
  [ -z "$temporary" ] || lose_lock "the applier of the donor has $temporary temporary tables open, and a dump does not have them: wait until the session on its source that made them ends"
  # The coordinates have them, and no read view has their rows.
  say 'XA RECOVER' "$work/prepared" || lose_lock "the session was lost under the lock: $(session_error)"
  # The line above a row is no sign of one: what `say` asks has it too.
  prepared=$(grep -c '^ *formatID: ' "$work/prepared")
}
end_if_late >/dev/null 2>&1 3>&- 4<&- 5>&- 6<&- &
take_lock
# An application server has some for milliseconds, all day: none of them ends under the lock.
locks=1
until [ "$prepared" = 0 ] || [ "$locks" = 5 ]; do
  say "$unlock" /dev/null || lose_lock "the session was lost under the lock: $(session_error)"
  sleep 0.5
  locks=$((locks + 1))
  take_lock
done
[ "$prepared" = 0 ] || lose_lock "the donor has $prepared prepared XA transactions (XA RECOVER), as at each of $locks looks, and a dump does not have their rows: commit or roll them back, or copy files (--method lvm)"
ask_view "START TRANSACTION WITH CONSISTENT SNAPSHOT; $questions" "$work/asked" || lose_lock "the session was lost under the lock: $(session_error)"
ask_known "$work/known" || lose_lock "the session was lost under the lock: $(session_error)"
[ ! -s "$work/view-errors" ] || lose_lock "the tables could not be listed: $(session_error)"
[ ! -e "$work/late" ] || lose_lock ''
{
  case $tool in
    mysqldump) if [ -n "$table" ]; then rows_of_tables; else rows "$@"; fi ;;
    mydumper) rows_in_parts "$@" ;;
  esac >"$work/rows" 2>"$work/said" </dev/null
  echo $? >"$work/code"
} 3>&- 4<&- 5>&- 6<&- &
exec 7<"$work/rows"
: >"$work/head"
# It names the first database once its read view has begun; mydumper, the sessions that have theirs.
while IFS= read -r line <&7; do
  printf '%s\n' "$line" >>"$work/head"
  case $line in '-- Current Database:'* | 'USE '* | '-- reseed: begun '*) break ;; esac
done
if [ "$tool" = mydumper ]; then prove_views "$line"; fi
[ ! -e "$work/late" ] || lose_lock ''
say 'SELECT CONNECTION_ID() AS connection' /dev/null || lose_lock "the lock was lost before the dump began: $(session_error)"
ask_shown || lose_lock "the session was lost under the lock: $(session_error)"
say "$unlock" /dev/null || lose_lock "the session was lost under the lock: $(session_error)"
true >"$work/unlocked"
tell_hundredths
echo "blocked $((hundredths - blocked_from))"
[ ! -s "$work/view-errors" ] || lose "the accounts could not be read: $(session_error)"
refuse_odd_accounts
exec 3>&- 4<&-

# The rows are summed while they are dumped.
{
  if [ -n "$table" ]; then : >"$work/objects"; else ask_view "$(stored_objects "$objects_of_users")" "$work/objects" && [ ! -s "$work/view-errors" ]; fi &&
  ask_view "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_TYPE NOT IN ('VIEW', 'SYSTEM VIEW') AND COALESCE(ENGINE, '') <> 'InnoDB' AND CAST(TABLE_SCHEMA AS BINARY) NOT IN ($own_databases)" "$work/others" &&
    ask_view "$collations" "$work/collations" && ask_view "$sum_statements" "$work/statements" && [ ! -s "$work/view-errors" ] && only_named && {
    { sums_of_known "$vendor" "$work/known" "$work/statements" "$questions_of_sums" && echo "SELECT 'reseed', 'said';"; } >&5 &
    hear_view "$work/summing-said"
  } && ask_known "$work/now" && : >"$work/summed"
} 7<&- &
adding=$!
{ cat "$work/head" && cat <&7; } >"$work/raw" 5>&- 6<&- &
exec 7<&-
send_stream
read -r code <"$work/code" || code=unknown
case $code in
  0) if [ "$sent" != 0 ]; then lose "${told:-the call ended with $sent}"; fi ;;
  *)
    # A target that takes no more ends the program, too.
    if [ "$sent" != 0 ] && [ -n "$told" ]; then lose "$told"; fi
    why="$(if [ "$tool" = mydumper ]; then echo mydumper; else dump_program; fi) ended with $code: $(program_error)"
    if would_end_alike; then give_up "$why"; fi
    lose "$why"
    ;;
esac
compare_answer
wait "$adding"
[ -e "$work/summed" ] || lose "the rows of the tables could not be summed: $(session_error)"
exec 5>&- 6<&-
proven_sums "$work/known" "$work/summing-said" "$work/now" >"$work/sums-of-tables" || exit 1
moved=$(sed -n 's/^lost	//p' "$work/sums-of-tables" | head -n 1)
[ -z "$moved" ] || lose "$(name_told "$moved") was renamed, dropped or changed (DDL) on the donor while it was dumped: the dump may have the rows of another table under its name"
collations_of_dump >"$work/collating"
uncompared=$(without_collation "$work/sums-of-tables" "$work/collating")
[ -z "$uncompared" ] || lose "the collation of $(name_told "$uncompared") could not be read: it can't be compared"
{
  printf 'sum %s %s\n' "$sum" "$bytes"
  printf 'stands\t%s\n' "$(cat "$work/coordinates" "$work/source" | base64 -w 0)"
  accounts | account_statements | sed "s/^/account	/"
  grep '^object	' "$work/objects"
  cat "$work/collating"
  grep '^table	' "$work/sums-of-tables"
  if [ -e "$work/metadata" ]; then printf 'metadata\t%s\n' "$(head -c 32768 "$work/metadata" | base64 -w 0)"; fi
  # Of named tables each was summed, or the dump is lost (only_named).
  if [ -n "$table" ]; then echo 0 >"$work/others"; fi
  printf 'untold\t%s\n' "$(($(cat "$work/others") + $(sed -n 's/^untold	//p' "$work/sums-of-tables")))"
} >"$work/told"
printf 'end\t%s\n' "$(($(wc -l <"$work/told") - 1))" >>"$work/told"
ask "$patience" "$target" 1 changed <"$work/told" >/dev/null 2>"$work/said-$target-1" || lose "$(cat "$work/said-$target-1")"
hang_up
echo "stream $sum $bytes"
echo "whole $target"
