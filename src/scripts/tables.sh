#!/bin/sh
# shellcheck disable=SC2154,SC2016  # declare_words assigns the words; expressions of inner shells
# Named tables of a donor, put into a server that runs and keeps its others: seed-load.sh has made their tablespaces, DATADIR/.reseed-JOB/reseed_tables.
#   tables.sh VERB vendor=mysql|mariadb defaults_file=FILE socket=SOCKET datadir=DATADIR job=JOB ...
#   open                         makes the database reseed_new_JOB; super_read_only is off from here on
#   bring                        the work of a unit: the tables come into the database reseed_new_JOB, and are counted and summed there
#   swap replica=yes|no replace=yes|no table=DATABASE.TABLE...   one statement puts them in place; old ones go to reseed_old_JOB. 3 where one is there and replace=no
#   passed                       notes that events of the tables are left out from here on: the old tables are no undo any more
#   over                         from here on nothing is undone
#   back hold=SQL table=DATABASE.TABLE...   the old tables are in place again, both databases are gone; of a replica, whose applier SQL stops, only where it is where it was at the swap
#   resume go_on=SQL rest=SQL ran=yes|no   the applier goes on, as far as its tables are those that it left
#   drop                         deletes the old tables, and both databases
# Each can be repeated, and continues after an interruption: `opened` without `undone` or `dropped`, and `passed` without `resumed`, keep the folder (seed-stage.sh). Nothing is written to the server's binary log: of a replica it would be no transaction of its source,
# and what a replica of this server would need is in no statement.
# What makes a table is SQL of the donor, as this host's own server printed it: it is run by PREPARE, which takes one statement, and names no database.
# The data of the tables is in files that this host's own server wrote. They are copied as the server's account: root opens no name in the datadir.
# super_read_only is off meanwhile: not even administrators can write under it. read_only stays as it is.
# bring: progress `import N COUNT`; the log ends with `rows COUNT TABLES`.
set -u
umask 077
verb=$1
shift
case $verb in
  swap) own_words='replica replace table...' ;;
  resume) own_words='go_on rest ran' ;;
  back) own_words='hold table...' ;;
  open | bring | passed | over | drop) own_words='' ;;
  *) unknown_verb "$verb" ;;
esac
declare_words "vendor defaults_file socket datadir job $own_words" "$@"
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
new=reseed_new_$job old=reseed_old_$job
said=$(mktemp -d /run/reseed-tables-XXXXXX) || exit 1
trap 'rm -rf "$said"' EXIT
session='SET SESSION sql_log_bin = 0, foreign_key_checks = 0, lock_wait_timeout = 10, innodb_strict_mode = OFF'
# A MariaDB reads these comments, too.
if [ "$vendor" = mysql ]; then session="$session /*!80013 , sql_require_primary_key = 0 */ /*!80030 , sql_generate_invisible_primary_key = 0 */"; fi
# ask SQL: its answers, without names of columns.
ask() { printf '%s;\n%s\n' "$session" "$1" | sql_client "$defaults_file" "$socket" --batch --skip-column-names 2>"$said/errors"; }
why() { grep -aE '^ERROR[ :]' "$said/errors" | head -n 1 | tr -c '\n[:print:]' '?' | head -c 400; }
must() { ask "$1" || fail "$(why)"; }
# It may be starting again.
await_server() {
  tries=0
  until server_answers "$defaults_file" "$socket" || [ "$tries" -ge 60 ] || [ -n "$client_refused" ]; do
    tries=$((tries + 1))
    sleep 1
  done
}
# By their bytes: a MariaDB takes Shop for shop.
count_in() { ask "SELECT COUNT(*) FROM information_schema.TABLES WHERE HEX(TABLE_SCHEMA) = HEX('$1')"; }
names_in() { ask "SELECT TABLE_NAME FROM information_schema.TABLES WHERE HEX(TABLE_SCHEMA) = HEX('$1')"; }
noted() { : >"$1" && sync -f . || exit 1; }

# The server may have been started again, with options of its own: it is asked each time. The note is for the end.
let_write() { open_super "$defaults_file" "$socket" super_read_only >/dev/null || fail 'super_read_only can not be switched off'; }
let_read() { close_super "$defaults_file" "$socket" super_read_only || fail 'super_read_only can not be switched on again'; }

hexed() { od -An -v -tx1 "$1" | tr -d ' \n'; }
open() {
  noted opened
  let_write
  must "CREATE DATABASE IF NOT EXISTS $new"
}
bring() {
  if [ -e brought ]; then
    cat brought
    exit
  fi
  [ -e tables.told ] || refuse 'no tables were loaded'
  let_write
  must "CREATE DATABASE IF NOT EXISTS $new"
  count=$(wc -l <tables.told)
  while read -r number _; do
    # Those of which the file is gone were taken before an interruption.
    [ -e "reseed_tables/t$number.ibd" ] || ls "reseed_tables/t$number#"*.ibd >/dev/null 2>&1 || continue
    echo "import $number $count" >>"$RESEED_FOLDER/progress"
    must "USE $new; DROP TABLE IF EXISTS t$number; SET @reseed = CONVERT(0x$(hexed "create-$number") USING utf8mb4);
      PREPARE reseed FROM @reseed; EXECUTE reseed; ALTER TABLE t$number DISCARD TABLESPACE"
    bytes=$(cd -P reseed_tables && as_account "$owner" find . -xdev -maxdepth 1 -type f -name "t${number}[.#]*" -printf '%b\n' | awk '{ blocks += $1 } END { printf "%.0f", blocks * 512 }')
    has_room "${bytes:-0}" || fail "a copy of the $bytes bytes of table $number would fill the disk"
    (
      cd -P reseed_tables || exit 1
      for file in "t$number.ibd" "t$number.cfg" "t$number#"*; do
        case $file in *.ibd | *.cfg) ;; *) continue ;; esac
        if [ -e "$file" ]; then as_account "$owner" cp --reflink=auto --no-dereference -- "$file" "$datadir/$new/$file" || exit 1; fi
      done
    ) || fail "the data of table $number could not be copied: the disk may be full"
    must "ALTER TABLE $new.t$number IMPORT TABLESPACE"
    as_account "$owner" sh -c 'rm -f -- "$1/t$2.cfg" "$1/t$2#"*.cfg' sh "$datadir/$new" "$number"
    ask "SELECT COUNT(*) FROM (SELECT 1 FROM $new.t$number LIMIT 1) AS any_row" >/dev/null || fail "$(why)"
    (cd -P reseed_tables && as_account "$owner" sh -c 'rm -f -- "t$1.ibd" "t$1.cfg" "t$1#"*' sh "$number") || exit 1
  done <tables.told
  echo 'sums' >>"$RESEED_FOLDER/progress"
  # shellcheck disable=SC2046  # words of a fixed form
  named_tables $(sed "s/ .*//; s/^/$new.t/" tables.told) >"$said/named" || exit 1
  must "$sum_statements" >"$said/all"
  statements_of "$said/named" "$said/all" >"$said/statements"
  sum_sql "$said/statements" >"$said/sql"
  must "$(cat "$said/sql")" >"$said/sums"
  differs=$(awk 'NR == FNR { hex = ""; text = "t" $1; for (i = 1; i <= length(text); i++) { c = substr(text, i, 1); hex = hex (c == "t" ? "74" : "3" c) }
      wanted[hex] = $4 " " $5; name[hex] = $1; next }
    { has[$3] = $4 " " $5 } END { for (hex in wanted) if (has[hex] != wanted[hex]) { print name[hex], wanted[hex], "|", has[hex]; exit } }' tables.told "$said/sums")
  [ -z "$differs" ] || fail "the rows of table $differs: those that came are others than those of the donor"
  awk '{ rows += $4 } END { printf "rows %.0f %d\n", rows, NR }' tables.told >brought.part && sync -f . && mv brought.part brought && sync -f . || exit 1
  cat brought
}

# there DATABASE.TABLE...: those that are in the server, in the order of the words: their numbers.
there() {
  ask "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ($(databases_of "$@" | sed "s/.*/'&'/" | paste -sd , -))" >"$said/there" || return
  at=0
  for one in "$@"; do
    at=$((at + 1))
    if grep -qxF -e "$one" "$said/there"; then echo "$at"; fi
  done
}
# key_across TABLE...: a foreign key between one of these and another table, by now: hours of statements came since the plan. RENAME leads the key of another
# to the table that is moved aside.
key_across() {
  some=$(databases_of "$@" | sed "s/.*/'&'/" | paste -sd , -)
  ask "SELECT CONCAT(CONSTRAINT_SCHEMA, '.', TABLE_NAME), CONCAT(UNIQUE_CONSTRAINT_SCHEMA, '.', REFERENCED_TABLE_NAME) FROM information_schema.REFERENTIAL_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA IN ($some) OR UNIQUE_CONSTRAINT_SCHEMA IN ($some)" >"$said/keys" || return
  printf '%s\n' "$@" | awk -F '\t' 'NR == FNR { named[$0]; next } ($1 in named) != ($2 in named) { print $1 " to " $2; exit }' - "$said/keys"
}
# refuse_led: what is to be dropped has no foreign key of another table.
refuse_led() {
  led=$(ask "SELECT CONCAT(CONSTRAINT_SCHEMA, '.', TABLE_NAME) FROM information_schema.REFERENTIAL_CONSTRAINTS
    WHERE UNIQUE_CONSTRAINT_SCHEMA IN ('$new', '$old') AND CONSTRAINT_SCHEMA NOT IN ('$new', '$old') LIMIT 1") || fail "$(why)"
  [ -z "$led" ] || fail "a foreign key of $led leads to a table of the job, $1: drop the key, and make it anew"
}
swap() {
  eval "set -- $table"
  [ -e brought ] || refuse 'the tables have not come'
  left=$(count_in "$new") || fail "$(why)"
  if [ -e olds ]; then
    if [ "$left" = 0 ]; then
      refuse_led 'which is moved aside'
      return
    fi
    kept=$(count_in "$old") || fail "$(why)"
    [ "$left $kept" = "$# 0" ] || fail "the server ended within the statement, and $left of the $# tables are not in place: abort the job, which puts the old ones back"
  fi
  no_replicas
  let_write
  there "$@" >"$said/olds" || fail "$(why)"
  if [ "$replace" = no ] && [ -s "$said/olds" ]; then
    refuse "$(while read -r at; do eval "echo \"\${$at}\""; done <"$said/olds" | paste -sd , -) came since the plan: a table that is there is replaced with --replace only"
  fi
  across=$(key_across "$@") || fail "$(why)"
  [ -z "$across" ] || refuse "a foreign key of $across came since the plan: it would be between a new table and an old one. Name both tables, or drop the key"
  # Those that this job makes: an undo takes them away again.
  while read -r database charset collation; do
    known=$(ask "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE HEX(SCHEMA_NAME) = HEX('$database')") || fail "$(why)"
    if [ "$known" = 0 ]; then
      if ! grep -qxF "$database" made 2>/dev/null; then echo "$database" >>made && sync -f . || exit 1; fi
      must "CREATE DATABASE \`$database\` DEFAULT CHARACTER SET $charset COLLATE $collation"
    fi
  done <databases
  must "CREATE DATABASE IF NOT EXISTS $old"
  mv "$said/olds" olds && sync -f . || exit 1
  renames='' at=0
  for one in "$@"; do
    at=$((at + 1))
    if grep -qx "$at" olds; then renames="$renames$(quoted "$one") TO $old.t$at, "; fi
    renames="$renames$new.t$at TO $(quoted "$one"), "
  done
  # Noted before: where the server, or its answer, ends within the statement, an undo has to know it.
  if [ "$replica" = yes ]; then
    must "$place_sql" >"$said/place"
    note_place "$(cat "$said/place")"
  fi
  rename "${renames%, }" || fail "a statement or a transaction uses one of the tables: $(why)"
  refuse_led 'which is moved aside'
  if [ "$replica" = yes ]; then
    read -r before <"$said/places"
    after=$(tail -n 1 "$said/places")
    note_place "$after"
    if [ "$before" != "$after" ]; then
      noted over
      fail 'its applier was started in the moment of the swap: the new tables stay, and may lack what it applied then; put them in again'
    fi
  fi
  echo "$# tables were put in place; $(wc -l <olds) old ones are in $old"
}
note_place() { printf '%s\n' "$1" >place.part && mv place.part place && sync -f . || exit 1; }
# Hours lie between the plan and this. What is imported is in no binary log.
no_replicas() {
  replicas=$(now_replicas "$vendor" REPLICA "$defaults_file" "$socket" 2>/dev/null || now_replicas "$vendor" SLAVE "$defaults_file" "$socket") ||
    fail 'whether it has replicas by now is not known: it did not say'
  [ -z "$replicas" ] || refuse "hosts replicate from it since the plan ($(printf '%s\n' "$replicas" | head -n 3 | paste -sd , -)): imported tables are in no binary log, and they would not get them"
}
# Where the applier is: alike before and after a statement, it has applied nothing meanwhile.
if [ "$vendor" = mysql ]; then place_sql="SELECT REPLACE(@@GLOBAL.gtid_executed, '\n', '')"; else place_sql='SELECT @@GLOBAL.gtid_slave_pos'; fi
# rename RENAMES: tried for a minute. `places` has where the applier was before and after it.
rename() {
  tries=0
  until ask "$place_sql; RENAME TABLE $1; $place_sql" >"$said/places"; do
    tries=$((tries + 1))
    case $(why) in *'ERROR 1205 '*) [ "$tries" -lt 6 ] || return 1 ;; *) fail "$(why)" ;; esac
    sleep 1
  done
}
# put_back TABLE...: each is looked at by its name: of a statement that the server ended in, a part may be done.
put_back() {
  if [ -n "$hold" ]; then must "$hold"; fi
  names_in "$new" >"$said/new" || fail "$(why)"
  names_in "$old" >"$said/old" || fail "$(why)"
  renames='' in_place=0 at=0
  for one in "$@"; do
    at=$((at + 1))
    if ! grep -qx "t$at" "$said/new"; then
      if grep -qx "$at" olds && ! grep -qx "t$at" "$said/old"; then fail "neither the old $one nor the new one is where the job left it: look at $new and $old"; fi
      in_place=$((in_place + 1)) renames="$renames$(quoted "$one") TO $new.t$at, "
    fi
    if grep -qx "t$at" "$said/old"; then renames="$renames$old.t$at TO $(quoted "$one"), "; fi
  done
  if [ -n "$renames" ]; then
    if [ -e place ]; then
      read -r was <place
      now=$(ask "$place_sql") || fail "$(why)"
      if [ "$now" != "$was" ] && [ "$in_place" = "$#" ]; then
        noted over
        echo 'LEFT: its applier has gone on with the new tables: they stay, and the old ones are deleted'
        return
      fi
      # With some of the new ones, after a start of the server: neither these nor the old ones are whole.
      if [ "$now" != "$was" ]; then note_passed "$was"; fi
    fi
    let_write
    rename "${renames%, }" || fail "a statement or a transaction uses one of the new tables: $(why)"
    if [ -e place ] && [ "$(head -n 1 "$said/places")" != "$(tail -n 1 "$said/places")" ]; then note_passed "$was"; fi
    echo "the $(wc -l <olds) old tables are in place again"
  fi
  # From here on `reseed_new_JOB` may be gone.
  noted returned
}
back() {
  eval "set -- $table"
  await_server
  if [ -e olds ] && [ ! -e over ] && [ ! -e returned ]; then put_back "$@"; fi
  if [ -e over ]; then
    drop
    return
  fi
  left=$(count_in "$old") || fail "$(why)"
  [ "$left" = 0 ] || fail "$old has tables that this job did not put back: rename them by hand"
  if [ -e made ]; then
    while read -r database; do
      left=$(count_in "$database") || fail "$(why)"
      if [ "$left" = 0 ]; then
        let_write
        must "DROP DATABASE IF EXISTS \`$database\`"
      fi
    done <made
  fi
  remove_databases
  let_read
  noted undone
}
# resume: not on tables that were not put back, nor on old ones of which events were left out.
resume() {
  await_server
  if [ -e olds ] && [ ! -e over ] && [ ! -e undone ]; then fail 'the old tables were not put back: its applier is not started'; fi
  if [ -e passed ] && [ ! -e over ]; then
    must "$rest"
    echo "LEFT: its applier stays stopped. Its tables lack what was applied since $(cat passed): put them in again by the same seed, which starts it, or seed it as a whole"
  elif [ "$ran" = yes ] || [ -e over ]; then must "$go_on"; else must "$rest"; fi
  noted resumed
}
passed() {
  [ -e passed ] && return
  now=$(ask "$place_sql") || fail "$(why)"
  note_passed "$now"
}
note_passed() {
  [ -e passed ] || { printf '%s\n' "$1" >passed.part && mv passed.part passed && sync -f .; } || exit 1
}
# What is left of an import is no file of a table: the server would not remove the folder.
remove_databases() {
  if [ -d "$datadir/$new" ]; then as_account "$owner" sh -c 'rm -f -- "$1"/*.cfg' sh "$datadir/$new"; fi
  for database in "$new" "$old"; do
    known=$(ask "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE HEX(SCHEMA_NAME) = HEX('$database')") || fail "$(why)"
    [ "$known" = 0 ] && continue
    refuse_led 'which is to be deleted'
    let_write
    must "DROP DATABASE $database"
  done
}
drop() {
  [ -e over ] || refuse 'the new tables may still be taken back'
  remove_databases
  let_read
  noted dropped
  echo "the new tables stay; the old ones are deleted"
}

if ! enter_stage "$datadir" "$job"; then
  case $verb in back | drop | resume)
    await_server
    left=$(ask "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN ('$new', '$old')") || fail "$(why)"
    [ "$left" = 0 ] || fail "$new or $old is in the server, and the folder with the notes of the job is gone: look at the tables in both, and put them in place by hand"
    ;;
  esac
  case $verb in
    back | drop) exit 0 ;;
    # Nothing was made before: it is as it was stopped.
    resume)
      if [ "$ran" = yes ]; then must "$go_on"; else must "$rest"; fi
      exit 0
      ;;
    *) refuse "nothing was prepared in $datadir by job $job" ;; esac
fi
owner=$(cat owner) || exit 1
case $verb in
  over) noted over ;;
  *) "$verb" ;;
esac
