#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words; rename_by and its words: stage-folder.sh
# The work of a unit on the target: makes a server's data of the dump that came (receive-dump.sh), while the target's own server runs on the old data.
#   seed-load.sh tool=mysqldump|mydumper vendor=mysql|mariadb program=PATH datadir=DATADIR job=JOB owner=OWNER gtid=ON|OFF option=OPTION... table=DATABASE.TABLE...
#     PATH: of the program of the target's own server; empty: not known
#     OPTION: for each server that is started, --innodb-page-size=16K
#     TABLE: these alone are wanted, for a server that runs on: their tablespaces become .reseed-JOB/reseed_tables, t1.ibd for the first of them, and what makes
#     the tables is `create-1` there. tables.sh takes them. Empty: everything, for a server of its own
# A dump is SQL that its donor wrote: it may be hostile. It runs in a server of the job's own, in a cell (cell.sh): as OWNER, user:group, in a view of the
# host in which it can write its own folder and nothing else, without a network, and without the processes of others. So it reaches what it may
# change anyway: the new data. The client takes no commands from it (--binary-mode), and gives no file of this host.
# The server is new and empty, of the target's own version: nothing has to be upgraded. It gets the donor's libraries, and placeholders of its accounts, which views need. The rows are loaded, counted and summed as on the
# donor; then come the accounts, and the server is shut down. Its data becomes .reseed-JOB/new. `loaded` there says that it is whole.
# What the client prints, and what is told of the tables, has any size as well: it is left out, or lies on the disk (`sums` of the job's folder), and not in /run,
# which is memory. Where the disk gets short, the job's server is ended (watch_room): the target's own needs room for its logs.
# Each part begins anew after an interruption; the dump stays. Progress: words, or `load BYTES TOTAL` of the dump. The log has `refused ERROR` for a statement
# of an account that the server did not take, `rows COUNT TABLES`, `came BYTES` of the dump, as compressed, `metadata BASE64` of mydumper, `stands BASE64`, and ends with `loaded`. Ends with 1 and the reason as the last line.
set -u
umask 077
declare_words 'tool vendor program datadir job owner gtid option... table...' "$@"
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
case $tool in mysqldump | mydumper) ;; *) refuse "no program of dumps: $tool" ;; esac
case $vendor:$gtid in mysql:ON | mysql:OFF | mariadb:OFF) ;; *) refuse "no such server: $vendor with gtid $gtid" ;; esac
if [ -z "${RESEED_INSIDE-}" ]; then RESEED_INSIDE=yes exec unshare --net /bin/sh "$RESEED_FOLDER/script"; fi
enter_stage "$datadir" "$job" || refuse "nothing was prepared in $datadir by job $job"
case $(cat phase) in new | cleared) ;; *) refuse "the new data of job $job is in use" ;; esac
tell() { printf '%s\n' "$1" >>"$RESEED_FOLDER/progress"; }
if [ -e loaded ]; then
  cat loaded
  exit
fi
if [ ! -e dump ] || [ ! -e dump.told ]; then fail 'no whole dump has come'; fi
read -r how _ _ <dump.how
came=$(wc -c <dump) || exit 1
work=$RESEED_FOLDER/work errors=../sums/said
rm -rf "$work" && mkdir -p "$work/cell" || exit 1
# Of what an interrupted try left, nothing can be used.
rm -rf --one-file-system load new parts sums && mkdir new load sums && chown -h "$owner" new load || exit 1
cd -P load || exit 1
as_account "$owner" mkdir tmp || exit 1

choose_program
hide_all_but_programs
client_in_cell "$work/cell" /mnt/socket
lost() {
  [ ! -e "$work/full" ] || fail 'the load would fill the disk: the server that was made for it is ended, and what it has loaded is of no use'
  errors_in server.err
  fail "$(printf '%s' "$1" | printable | head -c 600)"
}
memory=$(free_memory)
first_to_end
# serve OPTION...: what is written is of no use before it is whole: a power cut begins the load anew.
serve() {
  eval "set -- $option \"\$@\""
  case $vendor in
    mysql) set -- "$@" --performance-schema=OFF --innodb-log-buffer-size=4M --loose-mysqlx=OFF --event-scheduler=DISABLED "--gtid-mode=$gtid" "--enforce-gtid-consistency=$gtid" --loose-mysql-native-password=ON --loose-auto-generate-certs=OFF \
      --loose-caching-sha2-password-auto-generate-rsa-keys=OFF --loose-sha256-password-auto-generate-rsa-keys=OFF --loose-innodb-redo-log-capacity=268435456 ;;
    # DISABLED would refuse events.
    mariadb) set -- "$@" --event-scheduler=OFF --innodb-log-file-size=268435456 --aria-pagecache-buffer-size=16M ;;
  esac
  in_cell "$work/cell" "$serves" --no-defaults ${base:+"--basedir=$base"} "$@" --datadir=/mnt/new --tmpdir=/mnt/tmp --log-error=/mnt/server.err --pid-file=/mnt/pid \
    --socket=/mnt/socket --skip-networking --skip-log-bin --server-id=1 --secure-file-priv=/mnt/tmp --local-infile=OFF \
    "--innodb-buffer-pool-size=${memory:-64}M" --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-strict-mode=OFF --max-allowed-packet=1G \
    --max-connections=8 --table-open-cache=64 --table-definition-cache=400 --key-buffer-size=8K --host-cache-size=0 --loose-skip-slave-start --loose-skip-symbolic-links </dev/null
}
# shellcheck disable=SC2120  # the parameters are options
new_server() {
  case $vendor in
    mysql) serve --initialize-insecure >"$work/made" 2>&1 ;;
    mariadb)
      eval "set -- $option"
      maker=$(first_of ${base:+"$base/scripts/mariadb-install-db" "$base/scripts/mysql_install_db"} mariadb-install-db mysql_install_db)
      in_cell "$work/cell" "$maker" --no-defaults ${base:+"--basedir=$base"} --datadir=/mnt/new --auth-root-authentication-method=normal \
        --skip-test-db --skip-name-resolve --tmpdir=/mnt/tmp "$@" >"$work/made" 2>&1 </dev/null
      ;;
  esac
}

tell 'a new, empty server is made'
# shellcheck disable=SC2119
new_server || lost "a new, empty server could not be made: $(grep -aiE 'error|fatal' "$work/made" | tail -n 1)"
serve >"$work/served" 2>&1 &
server=$!
until server_answers /dev/null /mnt/socket; do
  [ -z "$client_refused" ] || lost "the server of the job is not asked: $client_refused"
  kill -0 "$server" 2>/dev/null || lost "the server of the job did not start: $(tail -n 1 "$work/served")"
  sleep 0.3
done
said_of_client() { without_statements <"$errors" | grep -a ERROR | head -n 1; }
# Rows are compared by count and sum; some came where no check was made. An older MariaDB does not print the collation of a table that is the default of its character set, and 11.5 has
# other defaults (MDEV-29446); a newer one prints each. Neither is an option of a start in all versions.
if [ "$vendor" = mariadb ]; then
  echo "SET GLOBAL check_constraint_checks = OFF; /*M!110500 SET GLOBAL character_set_collations = '' */;" | client >/dev/null 2>"$errors" || lost "checks could not be switched off: $(said_of_client)"
fi
# own_state FILE: what no dump changes.
own_state() {
  { own_tables "$vendor" && stored_objects "$own_objects" && echo ';'; } | client >"$1" 2>"$errors" || lost "what it has of its own could not be read: $(said_of_client)"
  sort -o "$1" "$1"
}
# Of named tables neither is needed, nor told. Views may use functions of libraries, and indexes and tables plugins.
accounts_sql installs ../dump.told | client --binary-mode --force >/dev/null 2>"$errors.installs"
# One that reads tables which a new server does not have is told at the end: 1146, 1305. 1243 comes behind what could not be prepared.
refused=$(grep -ah '^ERROR ' "$errors.installs" | grep -avE '^ERROR (1146|1243|1305) ' | head -n 1)
[ -z "$refused" ] || lost "what its tables load was refused: $refused"
# Without the donor's option files an audit would write each row once more, into the new data; none of these names has to be known.
printf '%s\n' "SET GLOBAL audit_log_policy = 'NONE';" 'SET GLOBAL audit_log_filter.disable = ON;' 'SET GLOBAL server_audit_logging = OFF;' 'SET GLOBAL rewriter_enabled = OFF;' |
  client --force >/dev/null 2>&1
placeholders ../dump.told | client --binary-mode >/dev/null 2>"$errors" || lost "the accounts that its views need could not be made: $(said_of_client)"
own_state ../sums/own
# watch_room: while the server runs.
watch_room() {
  while sleep 1 && kill -0 "$server" 2>/dev/null; do
    if ! has_room 0; then
      : >"$work/full"
      end_server
    fi
  done
}
# A target whose old data is gone has no server that runs.
watching=''
if [ "$(cat ../phase)" = new ]; then
  watch_room &
  watching=$!
fi

# What is loaded is not worth a log: before the end it is switched on again.
unlogged=''
if [ "$vendor" = mysql ] && client -e 'ALTER INSTANCE DISABLE INNODB REDO_LOG' >"$errors" 2>&1; then unlogged=yes; fi
tell_far() {
  total=$(wc -c <../dump)
  while sleep 1; do
    read -r reading <"$work/reading" || continue
    far=$(sed -n 's/^pos:[[:space:]]*//p' "/proc/$reading/fdinfo/0" 2>/dev/null) && [ -n "$far" ] && tell "load $far $total"
  done
}
unpacked() {
  # shellcheck disable=SC2016  # of the inner shell
  sh -c 'echo $$ >"$0"; exec cat' "$work/reading" <../dump | case $how in zstd) as_account "$owner" zstd -dqc ;; *) cat ;; esac
}
: >"$work/reading"
tell_far &
teller=$!
case $tool in
  mysqldump)
    mkfifo "$work/end" || exit 1
    tail -c 64 <"$work/end" >"$work/last" &
    ending=$!
    unpacked | tee "$work/end" | client --binary-mode --comments --quick --max-allowed-packet=1G >/dev/null 2>"$errors" || mv "$errors" "$work/bad"
    wait "$ending"
    # The donor writes it once its program has ended well.
    [ "$(tail -n 1 "$work/last")" = '-- reseed: whole' ]
    ;;
  mydumper)
    mkfifo "$work/stream" || exit 1
    unpacked >"$work/stream" &
    load_parts <"$work/stream"
    ;;
esac
whole=$?
kill "$teller" 2>/dev/null
[ ! -e "$work/bad" ] || lost "the dump could not be loaded: $(without_statements <"$work/bad" | grep -a ERROR | head -n 1)"
[ "$whole" = 0 ] || lost 'the dump has no end'

# The dump is of an account that may do everything here: what it has of a donor's text was to stay text. So what the client did is compared.
name_in_hex() { printf '%s\n' "SELECT CONVERT(0x$1 USING utf8mb4);" | client 2>/dev/null | head -n 1 | printable | head -c 200; }
# others_at_work: sessions that are not ours: of events that the dump has begun.
others_at_work() {
  if [ "$vendor" = mariadb ]; then echo 'SET GLOBAL event_scheduler = OFF;'; fi
  echo "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND COMMAND <> 'Daemon';"
}
tries=0
until [ "$(others_at_work | client 2>"$errors")" = 0 ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 10 ] || lost "something of the dump goes on in the new server: $(said_of_client)"
  sleep 0.3
done
own_state ../sums/own-now
changed=$(comm -3 ../sums/own ../sums/own-now | sed 's/^\t//' | cut -f 1,2 | head -n 1)
cmp -s ../sums/own ../sums/own-now || lost "the dump changed what is the server's own ($changed): a text of the donor was taken for statements"
if [ -z "$table" ]; then
  { stored_objects "$objects_of_users" && echo ';'; } | client >../sums/objects 2>"$errors" || lost "routines and views could not be listed: $(said_of_client)"
  strange=$(strange_objects ../dump.told ../sums/objects)
  [ -z "$strange" ] || lost "$(name_in_hex "$strange") is not as the donor has it: made or changed there meanwhile, or a text was taken for statements"
fi

tell 'the rows are counted and summed'
echo "$sum_statements" | client >../sums/statements 2>"$errors" || lost "the tables could not be listed: $(said_of_client)"
sum_sql ../sums/statements | client --force >../sums/has 2>"$errors"
grep '^table	' ../dump.told | sort >../sums/wanted
grep '^table	' ../sums/has | sort -o ../sums/has
# name_of: of a line of a table. Names may contain anything.
name_of() { printf '%s\n' "SELECT CONCAT(CONVERT(0x$2 USING utf8mb4), '.', CONVERT(0x$3 USING utf8mb4));" | client 2>/dev/null | head -n 1 | printable | head -c 200; }
untold=$(sed -n 's/^untold	//p' ../dump.told)
differs=$(comm -23 ../sums/wanted ../sums/has | head -n 1)
if [ -z "$differs" ] && [ "${untold:-0}" = 0 ] && [ -z "$table" ]; then differs=$(comm -13 ../sums/wanted ../sums/has | head -n 1); fi
if [ -n "$differs" ]; then
  # shellcheck disable=SC2086  # words of a fixed form
  lost "the rows of $(name_of $differs) are not those of the donor: $(printf '%s\n' "$differs" | awk '{ print $4 " rows with the sum " $5 }') there"
fi
{ echo "$collations;"; } | client >../sums/collations 2>"$errors" || lost "the collations could not be listed: $(said_of_client)"
other=$(other_collation ../dump.told ../sums/collations)
if [ -n "$other" ]; then
  case $other in *-) other=$(name_in_hex "${other%	-}") ;; *) other=$(name_of table "${other%	*}" "${other#*	}") ;; esac
  lost "the collation of $other, or of a column there, is not that of the donor"
fi
rows=$(awk -F '\t' '{ rows += $4 } END { printf "%.0f %d", rows, NR }' ../sums/wanted)

# give_tables NAME...: they get numbers for names here: a name of a file would have another form.
give_tables() {
  named_tables "$@" >"$work/named" || lost 'no name of a table that is taken by itself'
  awk -F '\t' 'NR == FNR { sum[$2 "\t" $3] = $4 " " $5; next }
    !(($1 "\t" $2) in sum) { exit 1 } { print FNR, $1, $2, sum[$1 "\t" $2] }' ../sums/wanted "$work/named" >"$work/told-tables" ||
    lost 'the rows of a named table did not come, or could not be summed'
  databases_of "$@" | while read -r database; do
    echo "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE HEX(SCHEMA_NAME) = HEX('$database');"
  done | client >"$work/databases" 2>"$errors" || lost "the databases could not be listed: $(said_of_client)"
  ! grep -qvE '^[A-Za-z0-9_$-]+	[a-z0-9_]+	[a-z0-9_]+$' "$work/databases" || lost 'a database has a collation of another form'
  number=0 renames='' exports=''
  for one in "$@"; do
    number=$((number + 1))
    renames="$renames${renames:+, }$(quoted "$one") TO reseed_tables.t$number" exports="$exports${exports:+, }reseed_tables.t$number"
  done
  echo "CREATE DATABASE reseed_tables; SET SESSION foreign_key_checks = 0; RENAME TABLE $renames;" | client >/dev/null 2>"$errors" ||
    lost "the tables could not be renamed: $(said_of_client)"
  rm -rf --one-file-system ../reseed_tables ../create-* ../tables.told ../databases
  at=0
  while [ "$at" -lt "$number" ]; do
    at=$((at + 1))
    client --raw -e "SHOW CREATE TABLE reseed_tables.t$at" 2>"$errors" | sed "1s/^t$at	//" >"../create-$at"
    read -r head <"../create-$at"
    [ "$head" = "CREATE TABLE \`t$at\` (" ] || lost "how to make a table is not told: $(said_of_client)"
    ! has_data_directory "../create-$at" || lost 'a table has a folder of its own (DATA DIRECTORY)'
  done
  tell 'the tables are closed'
  mkfifo "$work/session" || exit 1
  client --unbuffered <"$work/session" >"$work/closed" 2>"$errors" &
  exec 3>"$work/session"
  echo "FLUSH TABLES $exports FOR EXPORT; SELECT 'closed';" >&3
  until grep -qx closed "$work/closed"; do
    ! grep -aq ERROR "$errors" || lost "the tables could not be closed: $(said_of_client)"
    kill -0 "$server" 2>/dev/null || lost 'the server of the job has ended'
    sleep 0.2
  done
  # They are on the disk by now.
  end_server
  wait "$server" 2>/dev/null
  [ -z "$watching" ] || kill "$watching" 2>/dev/null
  exec 3>&-
  odd=$(as_account "$owner" find new/reseed_tables -xdev -mindepth 1 \( ! -type f -o ! -name 't[0-9]*.ibd' ! -name 't[0-9]*.cfg' ! -name db.opt \) -print0 | tr '\n\0' '?\n' | head -n 1 | printable)
  case $odd in '' | *.frm) ;; *) lost "$odd is not of a table" ;; esac
  cd -P .. || exit 1
  find load/new/reseed_tables -maxdepth 0 -exec "$rename_by" "$rename_how" "$rename_what" "$rename_into" . {} + || exit 1
  if [ -L reseed_tables ] || [ "$(stat -c %U:%G reseed_tables)" != "$owner" ]; then fail 'the tables are not in a folder of the account of the server'; fi
  cp "$work/told-tables" tables.told && cp "$work/databases" databases || exit 1
  {
    echo "rows $rows"
    echo "came $came"
    echo "stands $(sed -n 's/^stands	//p' dump.told)"
    echo loaded
  } >loaded.part && sync -f . && mv loaded.part loaded && sync -f . || exit 1
  rm -rf --one-file-system load sums dump dump.how
  cat loaded
  exit 0
}
if [ -n "$unlogged" ]; then client -e 'ALTER INSTANCE ENABLE INNODB REDO_LOG' >"$errors" 2>&1 || lost "its redo log could not be switched on: $(said_of_client)"; fi
if [ -n "$table" ]; then
  eval "set -- $table"
  give_tables "$@"
fi

tell 'the accounts are made'
stands=$(sed -n 's/^stands	//p' ../dump.told)
if [ "$gtid" = ON ]; then
  set_of=$(printf '%s' "$stands" | base64 -d | awk '/^\*\*\*/ { on = 0 } /^ *gtid_executed: / { on = 1; sub(/^ *gtid_executed: /, "") } on { gsub(/[[:space:]]/, ""); printf "%s", $0 }')
  case $set_of in *[!A-Za-z0-9_:,-]*) lost 'the GTIDs of the donor have another form' ;; esac
  echo "SET GLOBAL gtid_purged = '$set_of'" | client >"$errors" 2>&1 || lost "its GTIDs could not be set: $(said_of_client)"
fi
others_of "$vendor" | client >"$work/others" 2>"$errors" || lost "the accounts of the new server could not be listed: $(said_of_client)"
loader_sql "$job" | client >"$errors" 2>&1 || lost "the account that makes the others could not be made: $(said_of_client)"
loader=$(loader_of "$job")
drops <"$work/others" | client --force "--user=$loader" >/dev/null 2>"$errors"
! grep -aq '^ERROR ' "$errors" || lost "the accounts of the new server could not be removed: $(said_of_client)"
: >"$work/grantable"
if [ "$vendor" = mysql ]; then
  echo "SHOW PRIVILEGES;" | client "--user=$loader" 2>"$errors" | cut -f 1 >"$work/grantable"
  grep -qx BACKUP_ADMIN "$work/grantable" || lost "which privileges it has could not be asked: $(said_of_client)"
fi
{
  accounts_sql others ../dump.told "$work/grantable" 2>../sums/without
  end_of_loader "$job"
} | client --binary-mode --force "--user=$loader" >/dev/null 2>"$errors"
wait "$server" || lost "the server of the job did not end in order: $(said_of_client)"
[ -z "$watching" ] || kill "$watching" 2>/dev/null
# Tables and routines of a grant may be gone on the donor, too: 1146, 1305. Once it shuts down, the client loses it: 2006, 2013, 1053. 1243 comes behind
# what could not be prepared.
cat "$errors.installs" "$errors" 2>/dev/null | without_statements | grep -a '^ERROR ' | grep -avE '^ERROR (1243|2006|2013|1053) ' | sed 's/ at line [0-9]*:/:/' | printable | sort -u >../sums/refused
wrong=$(grep -vE '^ERROR (1146|1305) ' ../sums/refused | head -n 1)
[ -z "$wrong" ] || lost "an account, or what checks its passwords, was refused: $wrong"

# SET PERSIST, and a log that the dump named, write there; what a copy of files leaves out is not left either.
as_account "$owner" sh -c 'rm -f new/*.cnf new/*.my new/*.pem new/*.log new/server.err' || exit 1
odd=$(as_account "$owner" find new -xdev -mindepth 1 \( ! -type f ! -type d -o -name '.reseed-*' -o -name RESEED_IN_PROGRESS -o -name '*[[:cntrl:]]*' \) -print0 | tr '\n\0' '?\n' | head -n 1 | printable)
[ -z "$odd" ] || lost "$odd is not of the data"
cd -P .. || exit 1
rmdir new && find load/new -maxdepth 0 -exec "$rename_by" "$rename_how" "$rename_what" "$rename_into" . {} + || exit 1
if [ -L new ] || [ "$(stat -c %U:%G new)" != "$owner" ]; then fail 'the new data is not a folder of the account of the server'; fi
{
  cat sums/without sums/refused | head -n 20 | sed 's/^/refused /'
  if [ "${untold:-0}" != 0 ]; then echo "untold $untold"; fi
  echo "rows $rows"
  echo "came $came"
  sed -n 's/^metadata	/metadata /p' dump.told
  echo "stands $stands"
  echo loaded
} >loaded.part && sync -f . && mv loaded.part loaded && sync -f . || exit 1
rm -rf --one-file-system load sums dump dump.how
cat loaded
