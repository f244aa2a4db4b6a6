#!/bin/sh
# shellcheck disable=SC2154  # own_databases: own-databases.sh
# Which table was summed. Part of seed-dump.sh, behind own-databases.sh and table-sums.sh. A read view is of rows, and not of names: RENAME during a dump (gh-ost,
# pt-online-schema-change) puts another table under a name, which both the program and our session then read without an error. So each sum is of the table that had the
# name under the lock, by its number in InnoDB: a session that has read a table in a transaction holds its name (metadata lock), and asks meanwhile.

# innodb_tables mysql|mariadb [CONDITION]: SQL whose rows are the name, as its file has it (a partition behind #), the number, and how many columns it has: a column
# that is added without a copy leaves the number. #sql: of an ALTER that runs.
innodb_tables() {
  case $1 in mariadb) list=INNODB_SYS_TABLES ;; *) list=INNODB_TABLES ;; esac
  echo "SELECT 'is', NAME, TABLE_ID, N_COLS FROM information_schema.$list WHERE ${2:-NAME LIKE '%/%' AND NAME NOT LIKE '%/#sql%'
    AND CAST(SUBSTRING_INDEX(NAME, '/', 1) AS BINARY) NOT IN ($own_databases)} ORDER BY TABLE_ID"
}
# by_name: of such rows, a line for each table: `NAME DATABASE TABLE NUMBERS`, with tabs between; DATABASE and TABLE in hexadecimal, `-` where the name has characters
# that are not ASCII.
by_name() {
  awk -F '\t' '
    BEGIN { for (i = 1; i < 127; i++) { hex[sprintf("%c", i)] = sprintf("%02X", i); byte[sprintf("%04x", i)] = sprintf("%02X", i) } }
    function in_hex(text,   i, out) {
      for (i = 1; i <= length(text); i++)
        if (substr(text, i, 1) != "@") out = out hex[substr(text, i, 1)]
        else if (substr(text, i + 1, 4) in byte) { out = out byte[substr(text, i + 1, 4)]; i += 4 }
        else return "-"
      return out
    }
    $1 != "is" { next }
    { name = $2; sub(/#.*/, "", name); if (!(name in numbers)) order[++n] = name; numbers[name] = numbers[name] $2 " " $3 " " $4 ";" }
    END {
      for (i = 1; i <= n; i++) {
        at = index(order[i], "/"); database = in_hex(substr(order[i], 1, at - 1)); table = in_hex(substr(order[i], at + 1))
        if (database == "-" || table == "-") database = table = "-"
        print order[i] "\t" database "\t" table "\t" numbers[order[i]]
      }
    }'
}
# sums_of_known mysql|mariadb KNOWN FILE QUESTIONS: as sum_sql FILE. After some tables, and before their names are given back, the rows of innodb_tables come that are theirs (KNOWN: by_name).
# One question reads all names of the server: about QUESTIONS are asked. A MariaDB gives no name back before the end: a transaction that has read tables of `mysql` has no savepoint.
sums_of_known() {
  case $1 in mysql) savepoint='SAVEPOINT reseed;' ;; *) savepoint='' ;; esac
  sum_sql "$3" | awk -F '\t' -v savepoint="$savepoint" -v each="$(($(wc -l <"$3") / $4 + 1))" -v asked="$(innodb_tables "$1" "CAST(SUBSTRING_INDEX(NAME, '#', 1) AS BINARY) IN (+)")" '
    NR == FNR { name[$2 "\t" $3] = $1; next }
    function give_back() {
      if (names != "") { told = asked; sub(/\+/, substr(names, 3), told); print told ";" }
      if (savepoint != "") print "ROLLBACK TO " savepoint
      held = 0; names = ""
    }
    /^SET @reseed = CONVERT/ {
      if (held == each) give_back()
      if (held++ == 0) print savepoint
      split($0, word, "\047\047")
      key = word[4] "\t" word[6]
      if (key in name) names = names ", \047" name[key] "\047"
    }
    { print }
    END { if (held > 0) give_back() }' "$2" -
}
# proven_sums KNOWN SUMS NOW: of the answers to sums_of_known, the lines `table` of what had its name under the lock; `untold COUNT` of the tables of InnoDB that are
# the same still, and could not be summed; `lost DATABASE TABLE` for each that is not. What came since the lock is in no read view. Names that are not ASCII can't be told
# apart in the list: of these all have to stay as they are. FTS_: InnoDB's own, of a FULLTEXT index.
proven_sums() {
  awk -F '\t' '
    BEGIN { of_index = "/(fts|FTS)_"; for (i = 0; i < 16; i++) of_index = of_index "[0-9a-f]"; of_index = of_index "_" }
    function is_ascii(key,   i) { sub(/\t/, "", key); for (i = 1; i < length(key); i += 2) if (substr(key, i, 1) ~ /[89A-F]/) return 0; return 1 }
    FILENAME == ARGV[1] { known[$1] = $4; if ($2 == "-") odd++; else name[$2 "\t" $3] = $1; of[$1] = $2 "\t" $3; next }
    FILENAME == ARGV[2] {
      if ($1 == "is") { base = $2; sub(/#.*/, "", base); is[base] = is[base] $2 " " $3 " " $4 ";" }
      if ($1 == "table") { line[++n] = $0; key[n] = $2 "\t" $3 }
      next
    }
    { now[$1] = $4 }
    END {
      for (i = 1; i <= n; i++) {
        if (key[i] in name) {
          base = name[key[i]]
          if (base in is && is[base] == known[base]) { print line[i]; told[base] = 1 }
        } else if (!is_ascii(key[i])) { print line[i]; of_odd++ }
      }
      for (base in known) {
        if (base in told || base ~ of_index) continue
        same = base in now && now[base] == known[base]
        if (of[base] == "-\t-") { if (!same) changed = 1 }
        else if (same) untold++
        else print "lost\t" of[base]
      }
      if (changed) print "lost\t-\t-"
      if (odd > of_odd) untold += odd - of_odd
      print "untold\t" untold + 0
    }' "$1" "$2" "$3"
}
