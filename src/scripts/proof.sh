#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The work of a unit: starts a server on the writable copy of a snapshot (snapshot-copy.sh), or on what was copied of one, waits for its recovery, and reads its tables.
#   proof.sh job=JOB device=DEVICE stage=STAGE pool=GROUP/POOL vendor=mysql|mariadb program=PATH datadir=DATADIR owner=OWNER option=OPTION... check=PERCENT draw=NUMBER newest=DATABASE.TABLE.COLUMN...
#       seconds=SECONDS
#     device: of the copy. It is mounted for this unit alone, which nothing outlives. Empty: the data is in STAGE/.reseed-JOB/new, where no server has run on it yet
#     stage: a datadir, whose own server may run; empty: a device
#     pool: where the copy is thin, else empty: the live server is in it as well, so this one is ended before it is full, whether a runner watches or not
#     program: of the host's own server; empty: not known
#     datadir: from the top of that file system on, without a slash; empty: the top itself
#     option: --innodb-page-size=16K: what the data needs. Paths of the copy begin with /mnt
#     check: of so many percent of the bytes, at least, tables are drawn by the number `draw`, and checked and counted; 100: of all
#     seconds: it is ended after that time
# The data may be hostile, as the account that wrote it: the server runs in a cell (cell.sh), as OWNER, user:group, without a network and with no login (it has no
# grant tables, and so loads no plugin, component or function that tables name). It gets options of ours alone, and no file of this host. It never replicates, and
# runs no event. What it lets in without a password is in the cell as well.
# Prints `part NAME MS` for each part; `server VERSION`; `tables CHECKED ALL`; `bytes CHECKED ALL`; `unable COUNT`, tables whose engine has no check; `odd COUNT`,
# tables with names that no statement of ours has; `rows COUNT`; `newest COLUMN SECONDS`, of 1970, or `none`; `limits no WHY`; `at SECONDS`, of 1970, when it ended; and last `proved`. Ends with the reason
# as the last line: with 5 where damage of the data was seen, and with any other code where nothing is known of the snapshot. Progress: words.
set -u
umask 077
declare_words 'job device stage pool vendor program datadir owner option... check draw newest... seconds' "$@"
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
case $vendor in mysql | mariadb) ;; *) refuse "no such server: $vendor" ;; esac
case $device:$stage in :/* | /*:) ;; *) refuse 'it takes a device or a stage' ;; esac
case $check$draw$seconds in *[!0-9]* | '') refuse 'check, draw and seconds are numbers' ;; esac
if [ -z "${RESEED_INSIDE-}" ]; then RESEED_INSIDE=yes exec unshare --net --mount --propagation private /bin/sh "$RESEED_FOLDER/script"; fi
told=''
quiet_ms=60000 look_ms=10000 full_percent=90
tell() {
  [ "$told" != "$1" ] || return 0
  told=$1
  printf '%s\n' "$1" >>"$RESEED_FOLDER/progress"
}
# By the machine's uptime: its clock may be set meanwhile.
now_ms() { read -r up _ </proc/uptime && echo "${up%.*}${up#*.}0"; }
begun=$(now_ms) part_from=$(now_ms)
part() {
  now=$(now_ms)
  echo "part $1 $((now - part_from))"
  part_from=$now
}

# The unit's own limits; where there are none, it has a low priority all the same.
memory=$(free_memory)
if systemd_runs; then
  limited() { wrong=$(systemctl set-property --runtime "reseed-${RESEED_UNIT%/*}-${RESEED_UNIT#*/}.service" "$@" 2>&1); }
  most=$((memory * 2 + 1024))M
  # Those of an older systemd have other names.
  limited CPUWeight=20 IOWeight=20 "MemoryMax=$most" || limited CPUShares=20 BlockIOWeight=20 "MemoryLimit=$most" ||
    echo "limits no $(printf '%s' "$wrong" | head -n 1 | printable | head -c 200)"
else
  echo 'limits no systemd'
fi
first_to_end

work=$RESEED_FOLDER/work
rm -rf "$work" && mkdir -p "$work/cell" "$work/copy" || exit 1
if [ -n "$device" ]; then
  tell 'the copy is mounted'
  case $(blkid -p -s TYPE -o value "$device") in xfs) how=nouuid, ;; *) how='' ;; esac
  mount -o "${how}rw,nosuid,nodev,noexec" "$device" "$work/copy" || fail "the copy could not be mounted: $device"
  cd -P "$work/copy" || exit 1
else
  enter_stage "$stage" "$job" || refuse "nothing was prepared in $stage by job $job"
  # What a server has recovered already is not what the snapshot has.
  [ ! -e proof ] || refuse 'a server has run on this copy already, and was interrupted: nothing is proved; prove it again'
  if [ "$(cat phase)" != new ] || [ ! -d new ] || [ -L new ]; then refuse "no data of a snapshot is in $stage"; fi
  # Its account may enter it, and make nothing beside its own folder there.
  mkdir -m 711 proof && mv -T new proof/new && cd -P proof || exit 1
fi
own=.reseed-$job
if ! mkdir "$own" || ! chown -h "$owner" "$own"; then fail "the copy has no room, or has a $own"; fi
as_account "$owner" test -d "./$datadir" || fail "the snapshot has no datadir that the account of the server may enter: $datadir"
# The values of SET PERSIST are read without option files, too.
as_account "$owner" rm -f "./$datadir/mysqld-auto.cnf" || exit 1

choose_program
hide_all_but_programs
client_in_cell "$work/cell" "/mnt/$own/socket"
# room_is_over: what was written did not fit into the room of the copy, which then has errors of its own.
room_is_over() { case $device in /dev/mapper/*) dmsetup status "${device##*/}" 2>/dev/null | grep -qi invalid ;; *) false ;; esac; }
# no_proof WHY: nothing is known of the snapshot.
no_proof() {
  end_server
  if [ -e "$work/full" ] && [ -n "$stage" ]; then fail "the disk of $stage is nearly full: the proof was ended, since the server of this host needs room for its logs"; fi
  [ ! -e "$work/full" ] || fail "the thin pool $pool is $full_percent % full, and a full one stops the server of this host too: the proof was ended before"
  [ ! -e "$work/late" ] || fail "it did not end within $seconds s, and nothing is proved"
  if room_is_over; then fail 'the room for what the server writes is full, so nothing is known of the snapshot: set snapshot.size'; fi
  errors_in "./$own/server.err"
  fail "$(printf '%s' "$1" | printable | head -c 600)"
}
# damaged WHY: damage of the data was seen. Pages that the server has no key or plugin for look damaged to it as well.
damaged() {
  if [ ! -e "$work/late" ] && [ ! -e "$work/full" ] && ! room_is_over && ! log_end | grep -aqiE 'provider plugin is not loaded|keyring|decrypt|encryption (key|can)|key management'; then
    end_server
    errors_in "./$own/server.err"
    printf '%s\n' "$1" | printable | head -c 600 >&2
    exit 5
  fi
  no_proof "$1"
}
log_end() { as_account "$owner" timeout 5 tail -c 262144 -- "./$own/server.err" 2>/dev/null; }
# page_is_damaged: InnoDB reads such a page a hundred times, each time with a dump of it in its log, and then ends the server. A torn one, which it mends, it
# does not read again.
# page_is_damaged TIMES: its log says so, so many times.
page_is_damaged() {
  [ "$(log_end | grep -ac 'Database page corruption')" -ge "$1" ]
}
# log_ends_damaged: the last errors of a server that did not start tell of damage. It may lack memory, room, an option or a key instead.
log_ends_damaged() { errors_in "./$own/server.err" | grep -qiE 'database page corruption|page .*is corrupt|corrupt(ed)? log record|log (record|block|file) .*corrupt'; }
pool_is_full() {
  [ -n "$pool" ] || return 1
  timeout 20 lvs --config "$(lvm_config)" --noheadings --separator '|' -o data_percent,metadata_percent "$pool" 2>/dev/null | tr '|' '\n' |
    awk -v full="$full_percent" '$1 + 0 >= full { found = 1 } END { exit !found }'
}
watch_limits() {
  looked=$(now_ms)
  while sleep 1 && kill -0 "$server" 2>/dev/null; do
    if [ $((($(now_ms) - begun) / 1000)) -ge "$seconds" ]; then
      : >"$work/late"
      end_server
    fi
    if [ -n "$stage" ] && ! has_room 0; then
      : >"$work/full"
      end_server
    fi
    [ $(($(now_ms) - looked)) -ge "$look_ms" ] || continue
    looked=$(now_ms)
    if pool_is_full; then
      : >"$work/full"
      end_server
    fi
  done
}

serve() {
  eval "set -- $option"
  case $vendor in
    mysql) set -- "$@" --performance-schema=OFF --loose-mysqlx=OFF --loose-persisted-globals-load=OFF --loose-auto-generate-certs=OFF \
      --loose-caching-sha2-password-auto-generate-rsa-keys=OFF --loose-sha256-password-auto-generate-rsa-keys=OFF ;;
  esac
  in_cell "$work/cell" "$serves" --no-defaults ${base:+"--basedir=$base"} "$@" "--datadir=/mnt/$datadir" "--tmpdir=/mnt/$own" "--log-error=/mnt/$own/server.err" \
    "--pid-file=/mnt/$own/pid" "--socket=/mnt/$own/socket" --skip-networking --skip-grant-tables --skip-log-bin --server-id=1 --event-scheduler=DISABLED \
    "--secure-file-priv=/mnt/$own" --local-infile=OFF "--innodb-buffer-pool-size=${memory}M" --max-connections=8 --host-cache-size=0 --loose-skip-slave-start \
    --loose-skip-symbolic-links </dev/null
}
tell 'the server starts'
# /run is memory: of what a hostile server prints, the begin is kept.
mkfifo "$work/printed" || fail "no room in $work"
{ head -c 65536 >"$work/served"; cat >/dev/null; } <"$work/printed" &
printed_by=$!
serve >"$work/printed" 2>&1 &
server=$!
watch_limits &
heard_ms=$(now_ms) log_bytes=0
until server_answers /dev/null "$server_socket"; do
  [ -z "$client_refused" ] || no_proof "the server is not asked: $client_refused"
  if ! kill -0 "$server" 2>/dev/null; then
    wait "$printed_by"
    why="the server did not start on the copy: $(tail -n 1 "$work/served")"
    if log_ends_damaged; then damaged "$why"; else no_proof "$why"; fi
  fi
  if page_is_damaged 3; then damaged 'a page is damaged, seen while the server recovered'; fi
  # A MySQL may wait without an end for a page that its redo log changes and that can not be read.
  now_bytes=$(as_account "$owner" stat -c %s -- "./$own/server.err" 2>/dev/null)
  if [ "$now_bytes" != "$log_bytes" ]; then log_bytes=$now_bytes heard_ms=$(now_ms); fi
  if page_is_damaged 1 && [ $(($(now_ms) - heard_ms)) -gt "$quiet_ms" ]; then
    damaged "a page is damaged, and the server has waited in its recovery since, for $((quiet_ms / 1000)) s"
  fi
  tell "it recovers: $(as_account "$owner" timeout 5 tail -n 1 -- "./$own/server.err" 2>/dev/null | printable | head -c 160)"
  sleep 0.5
done
said_of_client() { grep -am 1 ERROR "$work/errors"; }
# ask: the answers to the SQL on standard input. /run is memory: a hostile server that says more than 32 MiB loses its client.
ask() (
  ulimit -f 65536
  client "$@" >"$work/answer" 2>"$work/errors"
)
# It answers: on a busy host its client may not have come to ask it (sql_client).
echo 'SELECT VERSION()' | ask || if [ "$?" = 124 ]; then echo 'SELECT VERSION()' | ask; fi
version=$(head -n 1 "$work/answer" | printable | head -c 60)
[ -n "$version" ] || no_proof "the server does not answer: $(said_of_client)"
echo "server $version"
part recovery

# A line for each table: bytes, and its name for a statement. A name with another than printable characters, or a backslash, is not what the client would send.
tell 'the tables are listed'
ask <<'SQL' || echo cut >>"$work/errors"
SELECT COALESCE(DATA_LENGTH + INDEX_LENGTH, 0), IF(CONCAT(TABLE_SCHEMA, TABLE_NAME) REGEXP '[[:cntrl:]]' OR INSTR(CONCAT(TABLE_SCHEMA, TABLE_NAME), CHAR(92)) > 0, '',
  CONCAT('`', REPLACE(TABLE_SCHEMA, '`', '``'), '`.`', REPLACE(TABLE_NAME, '`', '``'), '`'))
FROM information_schema.TABLES WHERE COALESCE(TABLE_TYPE, '') NOT LIKE '%VIEW'
AND CAST(TABLE_SCHEMA AS BINARY) NOT IN ('information_schema', 'performance_schema', '#mysql50#lost+found') AND CAST(TABLE_SCHEMA AS BINARY) NOT LIKE '#mysql50#.%';
SQL
[ ! -s "$work/errors" ] || no_proof "the tables could not be listed: $(said_of_client || echo 'their list is more than 32 MiB')"
awk -F '\t' 'NF == 2 && $1 ~ /^[0-9]+$/ && $2 ~ /^`.*`\.`.*`$/' "$work/answer" >"$work/all"
odd=$(awk -F '\t' '$2 == "" { n++ } END { print n + 0 }' "$work/answer")
# Where the list is made of .frm files, a folder that is gone is missed by nothing but InnoDB's own dictionary. Its names are those of files: plain ones are compared.
case $vendor:$version in
  mariadb:* | mysql:5.*)
    echo 'SELECT NAME FROM information_schema.INNODB_SYS_TABLES' | ask || no_proof "the tables of InnoDB could not be listed: $(said_of_client)"
    [ ! -s "$work/errors" ] || no_proof "the tables of InnoDB could not be listed: $(said_of_client)"
    lacking=$(awk -F '\t' '
      FILENAME ~ /all$/ { if ($2 !~ /^`[A-Za-z0-9_]+`\.`[A-Za-z0-9_]+`$/) next; gsub(/`/, "", $2); sub(/\./, "/", $2); has[tolower($2)] = 1; next }
      { sub(/#[Pp]#.*/, "", $1) }
      $1 ~ /^[A-Za-z0-9_]+\/[A-Za-z0-9_]+$/ && $1 !~ /\/FTS_/ && !(tolower($1) in has) { has[tolower($1)] = 1; n++; if (n == 1) first = $1 }
      END { if (n) print n, first }' "$work/all" "$work/answer")
    [ -z "$lacking" ] || no_proof "InnoDB has ${lacking%% *} tables that the server does not list, their .frm files are gone: ${lacking#* }"
    ;;
esac
# drawn: until they have so many of the bytes, and one at least.
awk -F '\t' -v seed="$draw" 'BEGIN { srand(seed) } { printf "%.9f\t%s\n", rand(), $0 }' "$work/all" | sort -n | awk -F '\t' -v percent="$check" '
  { bytes[NR] = $2; line[NR] = $0; sum += $2 }
  END { for (at = 1; at <= NR; at++) {
    if (percent < 100 && at > 1 && had >= sum * percent / 100) break
    had += bytes[at]; sub(/^[^\t]*\t/, "", line[at]); print line[at]
  } }' >"$work/drawn"
checked=$(grep -c . <"$work/drawn")
[ "$checked" -gt 0 ] || no_proof 'there is no table that could be checked, and so nothing is proved'
echo "tables $checked $(grep -c . <"$work/all")"
echo "bytes $(awk -F '\t' '{ sum += $1 } END { printf "%.0f", sum }' "$work/drawn") $(awk -F '\t' '{ sum += $1 } END { printf "%.0f", sum }' "$work/all")"
[ "$odd" = 0 ] || echo "odd $odd"
part list

# name_of NUMBER: of a table that was drawn, for the operator.
name_of() { sed -n "$1p" "$work/drawn" | cut -f 2 | printable | head -c 200; }
# of_each WORDS SQL-WITH-@: what the client says of each table, a line each; an error has the line. The server may end meanwhile.
of_each() {
  doing=$1
  : >"$work/answer"
  awk -F '\t' -v sql="$2" '{ printf "SELECT \047table\047, %d; ", NR; gsub(/[\\&]/, "\\\\&", $2); text = sql; gsub(/@/, $2, text); print text }' "$work/drawn" >"$work/statements"
  ask --force --unbuffered <"$work/statements" &
  asking=$!
  while kill -0 "$asking" 2>/dev/null; do
    tell "$doing: table $(answered) of $checked"
    if ! kill -0 "$server" 2>/dev/null || page_is_damaged 3; then break; fi
    sleep 1
  done
  if page_is_damaged 3; then damaged "a page is damaged in $(name_of "$(answered)"), seen while $doing"; fi
  # One that crashes may still write its stack. What it answered no more is not damaged for that.
  if ! kill -0 "$server" 2>/dev/null || grep -qE '^ERROR (2002|2006|2013) ' "$work/errors"; then
    no_proof "the server ended while $doing, at $(name_of "$(answered)")"
  fi
  wait "$asking"
}
answered() { grep -ac '^table	' "$work/answer"; }

of_each 'the tables are checked' 'CHECK TABLE @;'
# `bad NUMBER TEXT`, damaged ones; `unread NUMBER TEXT`, those that were not checked: an engine of a plugin, no memory, no answer; `unable COUNT`. A table is whole
# where its last words are of the status.
awk -F '\t' '
  function is_other(text) {
    return tolower(text) ~ /unknown storage engine|provider|plugin|out of (sort )?memory|no space left|errcode: (24|28)|error (24|28) |too many open files|lock wait|deadlock|interrupted/
  }
  FILENAME ~ /errors$/ { if (match($0, /^ERROR [0-9]+ (\([0-9A-Z]+\) )?at line [0-9]+: /)) {
    at = substr($0, 1, RLENGTH); sub(/.*at line /, "", at); at += 0
    if (!(at in bad)) bad[at] = substr($0, RLENGTH + 1)
  } next }
  NF == 2 && $1 == "table" { at = $2 + 0; next }
  NF == 4 && $2 == "check" {
    if ($3 == "status" && ($4 == "OK" || $4 == "Table is already up to date")) ok[at] = 1
    else if ($3 == "note" && $4 ~ /support check/) unable[at] = 1
    else if ($3 == "error" || !(at in words)) words[at] = $4
    if (tolower($3) == "error") { bad[at] = $4; if (is_other($4)) other[at] = $4; else seen[at] = 1 }
  }
  END {
    for (at = 1; at <= all; at++) {
      if (!(at in bad) && (at in ok)) { good++; continue }
      if (!(at in bad) && (at in unable)) { without++; continue }
      text = (at in other) ? other[at] : (at in words) ? words[at] : (at in bad) ? bad[at] : "no answer"
      print ((at in seen) && !(at in other) ? "bad " : "unread ") at " " text
    }
    print "good " good + 0; print "unable " without + 0
  }' all="$checked" "$work/errors" "$work/answer" >"$work/verdict"
# first_of_verdict KIND: how many there are, and the first with its words; fails where there is none.
first_of_verdict() {
  read -r _ at words <<END
$(grep "^$1 " "$work/verdict" | head -n 1)
END
  count=$(grep -c "^$1 " "$work/verdict")
}
if first_of_verdict bad; then damaged "CHECK TABLE: $count of $checked tables are damaged; $(name_of "$at"): $words"; fi
if first_of_verdict unread; then no_proof "CHECK TABLE: $count of $checked tables could not be checked; $(name_of "$at"): $words"; fi
grep -q '^good [1-9]' "$work/verdict" || no_proof 'no table has an engine that could be checked, and so nothing is proved'
grep '^unable [1-9]' "$work/verdict"
part check

of_each 'the rows are counted' "SELECT 'rows', COUNT(*) FROM @;"
[ ! -s "$work/errors" ] || no_proof "rows could not be counted: $(said_of_client)"
awk -F '\t' '$1 == "rows" && $2 ~ /^[0-9]+$/ { sum += $2; n++ } END { if (n != all) exit 1; printf "rows %.0f\n", sum }' all="$checked" "$work/answer" || no_proof 'the rows of some tables were not told'
part count

eval "set -- $newest"
for column in "$@"; do
  tell "the newest row of $column is looked for"
  case $column in *[!A-Za-z0-9_.$-]* | *.*.*.* | .* | *.) refuse "no column: $column" ;; *.*.*) ;; *) refuse "no column: $column" ;; esac
  table=${column%.*} one="\`${column##*.}\`"
  echo "SELECT CASE WHEN MAX($one) IS NULL THEN 'none' WHEN COALESCE(UNIX_TIMESTAMP(MAX($one)), 0) = 0 THEN 'no time' ELSE FLOOR(UNIX_TIMESTAMP(MAX($one))) END FROM \`${table%.*}\`.\`${table#*.}\`;" | ask
  found=$(head -n 1 "$work/answer")
  case $found in none) ;; 'no time') no_proof "the newest of $column is no time that can be told" ;; *[!0-9]* | '') no_proof "the newest row of $column is not known: $(said_of_client)" ;; esac
  echo "newest $column $found"
done
if [ $# -gt 0 ]; then part newest; fi
if room_is_over; then no_proof ''; fi
kill -0 "$server" 2>/dev/null || no_proof 'the server ended by itself'
end_server
wait "$server" 2>/dev/null
echo "at $(date +%s)"
echo proved
