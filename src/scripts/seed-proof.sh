#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Proves that a server on copied data reads that data, and no other files on its host.
#   seed-proof.sh files datadir=DATADIR unit=UNIT owner=OWNER   before its first start: where it will look for its logs, from its own program
#     (server-reads.sh). What its indexes name by whole paths is made its own first (log-lines.sh)
#   seed-proof.sh read datadir=DATADIR owner=OWNER   while it runs: where it looks for them, from its own answers; `name value` lines on standard
#     input
#   seed-proof.sh open datadir=DATADIR defaults_file=FILE socket=SOCKET   while it runs: reads a row of every table, if data may be encrypted with a key that
#     the server lacks. It starts without that key, and each such table is an error. Also says `opened COUNT`; `unproved WHY` if the
#     login may not read all tables.
# OWNER is the server's account, user:group: names in the datadir are its own, and are read without root's rights. Says,
# a line each: asked no WHY, if that is unknown; trouble WHAT, for new data that the server does not read, and for old
# data that it would read.
set -u
verb=$1
shift
case $verb in
  files) own_words='unit owner' ;;
  read) own_words=owner ;;
  open) own_words='defaults_file socket' ;;
  *) unknown_verb "$verb" ;;
esac
declare_words "datadir $own_words" "$@"
told_datadir=$datadir
datadir=$(readlink -f -- "$datadir") || fail "$told_datadir is not there"

# The variables that decide where a server looks for its logs and its system tablespace.
names='innodb_(log_group_home|undo|doublewrite|data_home)_dir(ectory)?|aria_log_dir_path|(log_bin|relay_log)(_index)?|(master|relay_log)_info_file'

# value NAME: the server's value; empty: it has none.
value() {
  printf '%s\n' "$values" | NAME=$1 awk '
    { name = $1; gsub(/_/, "-", name) }
    name == ENVIRON["NAME"] { sub(/^[^ \t]+[ \t]*/, ""); if ($0 !~ /^\(No default value\)$|^NULL$/) print; exit }'
}
# A relative path is below the datadir.
resolved() { case $1 in '') echo "$datadir" ;; /*) readlink -m -- "$1" ;; *) readlink -m -- "$datadir/$1" ;; esac; }
# Names may contain anything: prints the first on a line, with ? for unprintable characters.
first_name() { tr '\n\0' '?\n' | tr -c '\n[:print:]' '?' | sed -n '1s/^\.\///p'; }
as_owner() { as_account "$owner" "$@"; }
# in_folder FOLDER KIND PATH: the first file there of this kind (place-files.sh).
in_folder() { (cd -P -- "$1" 2>/dev/null && below_kind as_owner "$2" "$3" -print0 2>/dev/null | first_name); }

# unread WHAT FOLDER KIND: files in the datadir that the server would look for in another folder.
unread() {
  what=$1 place=$(resolved "$2")
  [ "$place" != "$datadir" ] || return 0
  name=$(in_folder "$datadir" "$3" "$place")
  [ -z "$name" ] || echo "trouble the new data has its $what in $datadir ($name), and the server reads $place"
}
# old WHAT PATH: files PATH.NNNNNN outside of the datadir, where new data has none.
old() {
  case $2 in */*) ;; *) return 0 ;; esac
  path=$(resolved "$2")
  [ "${path%/*}" != "$datadir" ] || return 0
  name=$(in_folder "${path%/*}" without "$path")
  [ -z "$name" ] || echo "trouble ${path%/*} has $1 of the old data ($name), and the server would take them for its own"
}
# old_file WHAT PATH: one file outside of the datadir.
old_file() {
  case $2 in */*) ;; *) return 0 ;; esac
  path=$(resolved "$2")
  [ "${path%/*}" != "$datadir" ] || return 0
  if as_account "$owner" test -s "$path"; then echo "trouble $path, $1 of the old data, is still there, and the server would read it"; fi
}

look_for_unread() {
  unread 'redo log' "$(value innodb-log-group-home-dir)" redo
  unread 'undo tablespaces' "$(value innodb-undo-directory)" undo
  unread 'doublewrite files' "$(value innodb-doublewrite-dir)" doublewrite
  unread 'system tablespace' "$(value innodb-data-home-dir)" ibdata
  unread 'Aria log' "$(value aria-log-dir-path)" aria
  redo=$(resolved "$(value innodb-log-group-home-dir)")
  if [ -z "$(in_folder "$redo" redo "$redo")" ]; then
    echo "trouble there is no redo log in $redo, and without it what the data files lack is lost"
  fi
}

# tables: each one with rows of its own, and each partition, a line: SCHEMA TABLE PARTITION, in hexadecimal, `-` for
# none. In MariaDB a table that can't be opened has no engine.
tables() {
  # shellcheck disable=SC2154  # own-databases.sh
  sql_client "$defaults_file" "$socket" --batch --skip-column-names <<SQL
SELECT HEX(t.TABLE_SCHEMA), HEX(t.TABLE_NAME), COALESCE(HEX(COALESCE(p.SUBPARTITION_NAME, p.PARTITION_NAME)), '-')
FROM information_schema.TABLES t LEFT JOIN information_schema.PARTITIONS p ON p.TABLE_SCHEMA = t.TABLE_SCHEMA AND p.TABLE_NAME = t.TABLE_NAME
WHERE COALESCE(t.TABLE_TYPE, '') NOT LIKE '%VIEW' AND CAST(t.TABLE_SCHEMA AS BINARY) NOT IN ('information_schema', 'performance_schema', $own_sys)
AND (t.ENGINE IS NULL OR t.ENGINE IN ('InnoDB', 'Aria'));
SQL
}
# reading: for tables on standard input the statements that read a row of each, one table a line. The server builds the
# names: none is text of ours.
reading() {
  while read -r schema table partition; do
    name() { printf "'\`', REPLACE(CONVERT(x'%s' USING utf8mb4), '\`', '\`\`'), '\`'" "$1"; }
    of=
    if [ "$partition" != - ]; then of=", ' PARTITION (', $(name "$partition"), ')'"; fi
    printf "SET @reading = CONCAT('SELECT 1 FROM ', %s, '.', %s%s, ' LIMIT 1'); PREPARE reading FROM @reading; EXECUTE reading;\n" \
      "$(name "$schema")" "$(name "$table")" "$of"
  done
}
# unopened LIST: from the client's output on standard input, the first error of each line, with the name on this line of
# LIST. Then `stray ERROR` for an error of no line, and last `through`.
unopened() {
  awk '
    function text(hex,   i, out) {
      out = ""
      for (i = 1; i < length(hex); i += 2) out = out sprintf("%c", index("0123456789ABCDEF", substr(hex, i, 1)) * 16 + index("0123456789ABCDEF", substr(hex, i + 1, 1)) - 17)
      gsub(/[\001-\037]/, "?", out)
      return out
    }
    from == "list" { line[++n] = $0; next }
    match($0, /^ERROR [0-9]+ (\([0-9A-Z]+\) )?at line [0-9]+: /) {
      at = substr($0, 1, RLENGTH); sub(/.*at line /, "", at); at += 0
      if (at > n) stray = $0
      if (at in seen || at > n) next
      seen[at] = 1
      if (++count > 3) next
      split(line[at], word, /[ \t]/)
      print "trouble " text(word[1]) "." text(word[2]) " can not be read: " substr($0, RLENGTH + 1)
      next
    }
    /ERROR/ { stray = $0 }
    END {
      if (count > 3) print "trouble " count - 3 " more tables can not be read"
      if (stray != "") print "stray " stray
      print "through"
    }' from=list /dev/fd/7 from=client - 7<<END | tr -c '\n[:print:]\200-\377' '?' | cut -c 1-400
$1
END
}

case $verb in
  open)
    # A server hides tables that a login may not see.
    grants=$(sql_client "$defaults_file" "$socket" --batch --skip-column-names -e 'SHOW GRANTS' </dev/null) || exit 1
    if ! printf '%s\n' "$grants" | granted SELECT; then
      echo 'unproved the account that reseed logs in with has no SELECT on *.*'
      exit 0
    fi
    list=$(tables) || exit 1
    said=$(printf '%s\n' "$list" | reading | sql_client "$defaults_file" "$socket" --batch --skip-column-names --force 2>&1)
    status=$?
    found=$(printf '%s\n' "$said" | unopened "$list")
    case $found in through | *"
through") ;; *) fail 'whether its tables can be read is not known: what the client said of them could not be read' ;; esac
    case $found in
      'trouble '*) printf '%s\n' "$found" | grep '^trouble ' ;;
      'stray '*) fail "its tables could not be read: $(printf '%s\n' "$found" | sed -n 's/^stray //p')" ;;
      *) [ "$status" = 0 ] || fail "its tables could not be read: the client ended with $status" ;;
    esac
    echo "opened $(printf '%s\n' "$list" | grep -c .)"
    ;;
  files)
    own_log_lines "$datadir" "$owner" || fail "the indexes of logs in $datadir could not be read and written by $owner"
    if ! values=$(server_reads "$unit" 40 "$names"); then
      echo "asked no $(printf '%s\n' "$values" | tail -n 1 | cut -c 1-200)"
      exit 0
    fi
    look_for_unread
    old 'binary logs' "$(value log-bin)"
    old 'relay logs' "$(value relay-log)"
    old_file 'the index of the binary logs' "$(value log-bin-index)"
    old_file 'the index of the relay logs' "$(value relay-log-index)"
    old_file 'what a replica knows of its source' "$(value master-info-file)"
    old_file 'what a replica knows of its source' "$(value relay-log-info-file)"
    ;;
  read)
    values=$(cat)
    look_for_unread
    ;;
esac
