#!/bin/sh
# The transactions of binary and relay logs, from what mysqlbinlog prints of them. A fragment of salvage-look.sh. Reads only.
#
# A log may be a hostile host's. mysqlbinlog prints the text of a statement as it is: it may hold lines that look like the next event. So the
# dump of each event's header (--hexdump) tells its size, and the next event has to begin where it ends. A forged beginning breaks that chain,
# since the real one still follows.

# log_events FILE NUMBER START HAS ACCOUNT: reads FILE from the byte START on (4: all of it), as USER:GROUP. HAS: GTIDs that are left out: a set;
# of MariaDB the last of each domain and server_id, as gtid_binlog_state tells them. Prints lines with tabs between the words:
#   tx NUMBER AT END GTID SECONDS EVENTS KIND STATEMENTS INSERTED UPDATED DELETED DATABASES TABLES TEXT    a whole transaction; the first 1000, and
#      1000 more of those that are not rows alone. TEXT: its first statement of the gravest kind
#   run NAME FIRST LAST       all of them: of NAME (`uuid`, `domain-server`), these numbers one after the other
#   range NUMBER AT END       their bytes, and those of the descriptions of the log's format, which have to come before them
#   count TRANSACTIONS BYTES  of this file
#   part NUMBER AT GTID       a transaction without its end
#   odd NUMBER AT WHY         what a statement could hide itself with: the log is not to be applied
#   packed NUMBER AT          a compressed transaction
#   torn NUMBER WHY           mysqlbinlog could not read on
#   said NUMBER TEXT          the last line that it said besides
log_events() {
  log_program=$(first_of mysqlbinlog mariadb-binlog)
  set -- "$1" "$2" "$3" "$4" "$5" "$(mktemp "${TMPDIR:-/tmp}/reseed-salvage.XXXXXX")"
  {
    log_as "$5" timeout "$(log_left)" "$log_program" --no-defaults --base64-output=decode-rows --verbose --hexdump --verify-binlog-checksum \
      "--start-position=$3" -- "$1" 2>&4
    echo "//status $?"
  } 4>"$6" | NUMBER=$2 START=$3 HAS=$4 awk "$log_events_program"
  log_said "$6" "$2"
}

# log_as ACCOUNT COMMAND...: how logs are read. A script that reads those of another host has another one.
log_as() { as_account "$@"; }

# log_said FILE NUMBER: the last line in FILE that is no warning; FILE is removed.
log_said() {
  sed -n '/^WARNING/d; /^[0-9-]* *[0-9:]* *\[Warning\]/d; /./p' <"$1" | tail -n 1 | tr -c '[:print:]\n' '?' | cut -c 1-300 | sed "s/^/said	$2	/"
  rm -f -- "$1"
}

# log_left: seconds until $log_until, a time since the host's start, at least 1; 540 where none is set. All logs together have one limit.
log_left() {
  [ -n "${log_until:-}" ] || { echo 540; return; }
  read -r log_now _ </proc/uptime
  log_now=$((log_until - ${log_now%.*}))
  if [ "$log_now" -gt 0 ]; then echo "$log_now"; else echo 1; fi
}

# first_lacking FILE NUMBER HAS ACCOUNT: `start AT`, the byte where the first transaction begins that is not in HAS, if there is one; before it
# the `range` of each description of the log's format. Else, if the log was not read to its end, `torn` and `said` as of log_events.
first_lacking() {
  set -- "$1" "$2" "$3" "$4" "$(mktemp "${TMPDIR:-/tmp}/reseed-salvage.XXXXXX")"
  {
    log_as "$4" timeout "$(log_left)" "$(first_of mysqlbinlog mariadb-binlog)" --no-defaults --base64-output=decode-rows -- "$1" 2>&4
    echo "//status $?"
  } 4>"$5" |
    NUMBER=$2 HAS=$3 awk "$log_gtids_functions"'
      function lacks(gtid) { if (gtid ~ /ANONYMOUS/ || !known(gtid)) { print "start\t" at; found = 1; exit } }
      # A statement may hold such a line; the last one is of the shell.
      /^\/\/status [0-9]+$/ { status = $2 }
      END { if (!found && status != "0") print "torn\t" ENVIRON["NUMBER"] "\t" ended_text(status) }
      /^# at [0-9]+$/ { if (described) print "range\t" ENVIRON["NUMBER"] "\t" at "\t" $3; described = 0; at = $3 }
      /^#[0-9].*[ \t]Start: binlog v / { described = 1 }
      /^SET @@SESSION.GTID_NEXT= / && !/AUTOMATIC/ { gtid = $3; gsub(/[^0-9a-zA-Z:_-]/, "", gtid); lacks(gtid) }
      /^#[0-9].*[ \t]GTID [0-9]+-[0-9]+-[0-9]+/ { gtid = $0; sub(/.*[ \t]GTID /, "", gtid); sub(/[ \t].*/, "", gtid); lacks(gtid) }'
  log_said "$5" "$2"
}

# before_log FILE ACCOUNT: the GTIDs before the first transaction of the log, as it tells itself; `unknown` if it does not.
before_log() {
  log_as "$2" timeout 60 "$(first_of mysqlbinlog mariadb-binlog)" --no-defaults --base64-output=decode-rows -- "$1" 2>/dev/null | awk '
    /^# at / { if (found) exit; if (++events > 8) exit }
    # MariaDB has a line for each domain and server_id.
    listing { line = $0; sub(/^# */, "", line); found = sub(/\].*/, "", line); set = set line; if (found) exit; next }
    found && /^# / { line = $0; sub(/^# */, "", line); sub(/ +$/, "", line); set = set line }
    /[ \t]Previous-GTIDs *$/ { found = 1 }
    /[ \t]Gtid list \[/ { set = $0; sub(/.*Gtid list \[/, "", set); if (sub(/\].*/, "", set)) { found = 1; exit }; listing = 1 }
    END { if (!found) print "unknown"; else if (set == "[empty]") print ""; else print set }' | tr -cd 'a-z0-9:,_\n-'
}

# shellcheck disable=SC2016  # of awk
log_gtids_functions='
  function read_has(  parts, n, i, words, m, j, name, ends) {
    n = split(tolower(ENVIRON["HAS"]), parts, ",")
    for (i = 1; i <= n; i++) {
      if (parts[i] ~ /^[0-9]+-[0-9]+-[0-9]+$/) {
        split(parts[i], words, "-")
        # Numbers of two servers of a domain are not in one order: after a failover that of the new primary may pass those that were lost.
        name = words[1] "-" words[2]
        if (!(name in position) || words[3] + 0 > position[name]) position[name] = words[3] + 0
        continue
      }
      m = split(parts[i], words, ":")
      name = words[1]
      for (j = 2; j <= m; j++) {
        if (words[j] !~ /^[0-9]/) { name = words[1] ":" words[j]; continue }
        if (split(words[j], ends, "-") == 1) ends[2] = ends[1]
        intervals[name]++
        from[name, intervals[name]] = ends[1] + 0
        to[name, intervals[name]] = ends[2] + 0
      }
    }
    has_read = 1
  }
  # The name and the number of a GTID, in gtid_name and gtid_number.
  function split_gtid(gtid,  at) {
    at = match(gtid, /[:-][0-9]+$/)
    gtid_name = tolower(substr(gtid, 1, at - 1))
    gtid_number = substr(gtid, at + 1) + 0
  }
  function has_interval(name, first, last,  i) {
    for (i = 1; i <= intervals[name]; i++) if (first >= from[name, i] && last <= to[name, i]) return 1
    return 0
  }
  # Whether a set, or a position, is part of HAS.
  function is_known(set,  parts, n, i, words, m, j, name, ends) {
    n = split(tolower(set), parts, ",")
    for (i = 1; i <= n; i++) {
      if (parts[i] ~ /^[0-9]+-[0-9]+-[0-9]+$/) { if (!known(parts[i])) return 0; continue }
      m = split(parts[i], words, ":")
      name = words[1]
      for (j = 2; j <= m; j++) {
        if (words[j] !~ /^[0-9]/) { name = words[1] ":" words[j]; continue }
        if (split(words[j], ends, "-") == 1) ends[2] = ends[1]
        if (!has_interval(name, ends[1] + 0, ends[2] + 0)) return 0
      }
    }
    return 1
  }
  function known(gtid) {
    if (!has_read) read_has()
    split_gtid(gtid)
    if (gtid ~ /^[0-9]+-[0-9]+-[0-9]+$/ && (gtid_name in position) && gtid_number <= position[gtid_name]) return 1
    return has_interval(gtid_name, gtid_number, gtid_number)
  }
  function ended_text(status) {
    if (status == "124") return "mysqlbinlog was not done in time"
    return "mysqlbinlog ended with " (status == "" ? "nothing" : status)
  }
'
# shellcheck disable=SC2016,SC2154  # of awk, and log-grammar.sh
log_events_program=$log_gtids_functions$log_grammar_functions'
  BEGIN {
    no_header = "00000000000000000000000000000000000000"; read_grammar(); number = ENVIRON["NUMBER"]; start = ENVIRON["START"] + 0; OFS = "\t"; rank["rows"] = 1; rank["statement"] = 2; rank["other"] = 3; rank["ddl"] = 4; rank["account"] = 5 }
  function byte(two) { return (index("0123456789abcdef", substr(two, 1, 1)) - 1) * 16 + index("0123456789abcdef", substr(two, 2, 1)) - 1 }
  function four(at) { return byte($at) + 256 * byte($(at + 1)) + 65536 * byte($(at + 2)) + 16777216 * byte($(at + 3)) }
  function has_rows(one) { return one ~ /^(17|18|19|1e|1f|20|27|28|a6|a7|a8|a9|aa|ab)$/ }
  function clean(text) { gsub(/[^ -~\200-\377]/, " ", text); gsub(/  +/, " ", text); return text }
  function odd(why) { if (++odds <= 20) print "odd", number, at, why }

  function begin_transaction(gtid) {
    if (open) lose()
    open = 1; own = gtid; began = at; began_seconds = seconds; in_group = 0; events = 0; kind = ""; text = ""; statements = 0; left_out = 0
    inserted = updated = deleted = 0; tables = databases = ""; table_count = 0
    split("", seen_table); split("", seen_database)
    # Before the GTID is read, that is unknown.
    left_out = gtid != "" && gtid != "ANONYMOUS" && known(gtid)
  }
  function lose() { if (!left_out) print "part", number, began, own == "" ? "-" : own; open = 0 }
  function add_database(name) { if (name != "" && !(name in seen_database)) { seen_database[name] = 1; databases = databases (databases == "" ? "" : ",") name } }
  # Accounts, routines and settings of the server itself are rows there.
  function is_of_server(database) { return tolower(database) ~ /^(mysql|sys|performance_schema|information_schema)$/ }
  function add_table(name) {
    if (name in seen_table) return
    seen_table[name] = 1
    if (++table_count <= 3) tables = tables (tables == "" ? "" : ",") name
  }
  # The bytes of the dump, from the beginning of the event.
  function dumped(at) { return byte(substr(hex, 2 * at + 1, 2)) }
  # How long the text of a statement is, from the dump of what stands before it. What is printed of it beyond settings has to be as long: a line of it may look like one.
  function text_size(  text_at, i, bytes_of, sum) {
    text_at = 33 + dumped(27) + dumped(30) + 256 * dumped(31)
    if (type == "02") return size - text_at - checksum
    bytes_of = dumped(text_at) % 8
    for (i = 1; i <= bytes_of; i++) sum = 256 * sum + dumped(text_at + i)
    return sum
  }
  function graver(other) { return rank[other] > rank[kind] }
  function complete() {
    open = 0
    if (left_out) return
    count++
    bytes += end - began
    if (kind == "") kind = "empty"
    is_rows = kind == "rows"
    if (count <= 1000 || (!is_rows && ++told <= 1000)) {
      if (table_count > 3) tables = tables ",+" (table_count - 3)
      print "tx", number, began, end, own == "" ? "-" : own, began_seconds, events, kind, statements, inserted, updated, deleted, databases == "" ? "-" : databases, tables == "" ? "-" : tables, text == "" ? "-" : text
    } else if (!is_rows) untold++
    if (own != "" && own != "ANONYMOUS") {
      split_gtid(own)
      if (gtid_name != run_name || gtid_number != run_last + 1) { end_run(); run_name = gtid_name; run_first = gtid_number }
      run_last = gtid_number
    }
    if (began == range_end) range_end = end
    else { end_range(); range_at = began; range_end = end }
  }
  function end_run() { if (run_name != "") print "run", run_name, sprintf("%.0f", run_first), sprintf("%.0f", run_last); run_name = "" }
  function end_range() { if (range_end) print "range", number, sprintf("%.0f", range_at), sprintf("%.0f", range_end); range_at = range_end = 0 }

  # An event that has been read completely.
  function end_event(  words, up) {
    if (type == "") return
    if (type == "0f") { if (length(hex) < 156 || dumped(75) != 19 || dumped(77) != 13 || (length(hex) >= 482 && dumped(240) != 13)) odd("a description of the format that no server writes"); if (at >= start) { end_range(); print "range", number, at, end }; if (open) lose() }
    else if (type == "21" || type == "22" || type == "2a" || type == "a2") { if (own_pending != "") { begin_transaction(own_pending); in_group = starts_group; events++ } else if (type != "22") odd("a GTID that is not understood") }
    else if (type == "10" || type == "26") { if (open) { events++; complete() } }
    else if (type == "28") { if (open) { events++; if (!left_out) print "packed", number, at; if (kind == "") kind = "rows"; complete() } }
    else if (type == "02" || type == "a5") {
      if (!open) begin_transaction("")
      events++
      if (length(hex) < 2 * want) odd("the dump of an event that is not understood")
      else if ((body || ended) && text_length - body != text_size()) odd("a statement with a line that looks like a setting")
      why = several_why(statement, cut, cut_semicolon)
      if (why != "") odd(why)
      up = toupper(statement)
      gsub(/[\t\r\f\v]/, " ", up)
      sub(/^[ \n]+/, "", up)
      while (up ~ /^(\/\*([^!M]|M[^!])|--[ \n]|#)/) if (up ~ /^\/\*/) { if (!sub(/^\/\*[^*]*\*+([^\/*][^*]*\*+)*\/[ \n]*/, "", up)) break } else if (!sub(/^[^\n]*\n[ \n]*/, "", up)) break
      # As of a dump by mysqldump: all of it in one comment of a version.
      if (up ~ /^\/\*M?![0-9]*[ \n]+[^*\/]*\*\/[ \n]*;?[ \n]*$/) { sub(/^\/\*M?![0-9]*[ \n]+/, "", up); sub(/\*\/[ \n]*;?[ \n]*$/, "", up) }
      # DELIMITER and CHARSET are commands of the client.
      if (up !~ /^[A-Z]/ || up ~ /^(DELIMITER|CHARSET)([^A-Z0-9_]|$)/) odd("a statement that does not begin as one: " substr(clean(statement), 1, 60))
      if (up ~ /^(BEGIN|START TRANSACTION)[ \n]*$/ || up ~ /^XA START /) in_group = 1
      else if (up ~ /^XA (COMMIT|ROLLBACK)/) complete()
      else if (up ~ /^(COMMIT|ROLLBACK)[ \t]*;?[ \t\n]*$/) complete()
      else if (up ~ /^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK|XA END|XA PREPARE)/) events += 0
      else {
        statements++
        if (up ~ /^(GRANT|REVOKE|SET[ \t\n]+(PASSWORD|DEFAULT[ \t\n]+ROLE)|FLUSH[ \t\n]+PRIVILEGES|(CREATE|ALTER|DROP|RENAME)[ \t\n]+(OR[ \t\n]+REPLACE[ \t\n]+)?(USER|ROLE))/) what = "account"
        else if (up ~ /^(CREATE|ALTER|DROP|RENAME|TRUNCATE|OPTIMIZE|ANALYZE|REPAIR|INSTALL|UNINSTALL|FLUSH|IMPORT)/) what = "ddl"
        else if (up ~ /^(INSERT|UPDATE|DELETE|REPLACE|WITH)/) what = "statement"
        else what = "other"
        # A server logs none of these: they would change what the ones behind them do.
        if (what == "other" && up ~ /^(BEGIN|SET|USE|BINLOG|CHANGE|START|STOP|RESET|SHUTDOWN|RESTART|KILL|PURGE|LOCK|UNLOCK|PREPARE|EXECUTE|DEALLOCATE|HANDLER|LOAD|SHOW|CLONE)[^A-Z_]/ && (up !~ /^SET[ \n]+STATEMENT[ \n]/ || up ~ /SQL_LOG_BIN|GTID_|SERVER_ID/)) odd("a statement that no server logs: " substr(clean(statement), 1, 60))
        if (what == "statement" && cut) what = "other"
        if (what != "ddl" && (is_of_server(database) || names_server(statement))) what = "account"
        if (graver(what)) {
          kind = what
          text = statement
          if (match(toupper(text), /IDENTIFIED|PASSWORD/)) text = substr(text, 1, RSTART + RLENGTH - 1) " ..."
          text = clean(text)
          if (length(text) > 240) text = substr(text, 1, 240) " ..."
        }
        add_database(database)
        if (!in_group) complete()
      }
    }
    else if (open) {
      events++
      if (type ~ /^(17|18|19|1e|1f|20|27|a6|a7|a8|a9|aa|ab)$/ && graver("rows")) kind = "rows"
      if (type ~ /^(06|07|08|09|0b|11|12)$/) odd("LOAD DATA as a statement")
    }
    type = ""
  }

  /^\/\/status [0-9]+$/ { status = $2; next }
  # The events of a compressed transaction have all the place of its end.
  /^# Start of compressed events/ && type == "28" { packed = 1; next }
  packed && /^# End of compressed events/ { packed = 0; next }
  packed && !/^### / {
    if (is_before($0)) { if (is_own_kind()) odd("a compressed transaction of a session with NO_BACKSLASH_ESCAPES, or with a character set whose letters end with a backslash") }
    else if (!/^(#|$)/ && !is_frame($0) && !/^(BEGIN|COMMIT|\/\*!\*\/;|COMMIT ?\/\*!\*\/;)$/) odd("a statement in a compressed transaction")
    next
  }
  /^# at [0-9]+$/ {
    here = $3 + 0
    if (waiting && !heard) {
      # MariaDB tells an Annotate_rows with the event after it.
      if (here <= queue[waiting]) odd("an event that begins before the one ahead of it")
      queue[++waiting] = here
      next
    }
    if (expected && here != expected && !(jumped == 0 && here == start)) { odd("text that looks like an event"); next }
    if (here == start) jumped = 1
    end_event()
    at = here; waiting = 1; heard = 0; queue[1] = here; head = 0; body = 0; statement = ""; cut = 0; database = default_database; ended = 0; own_pending = ""; starts_group = 0
    hex = ""; want = 0; checksum = 0; told_text = 0; text_length = 0; cut_semicolon = 0
    next
  }
  !waiting { next }
  heard < waiting && !head && /^#[0-9].* end_log_pos [0-9]+ CRC32 0x/ { checksum = 4 }
  heard < waiting && /^# Position/ { head = 1; next }
  head && /^#/ && heard < waiting {
    line = $0
    # MariaDB dumps the header of a relay log again, before the rest: from the same byte on.
    framed = gsub(/\|/, " ", line)
    $0 = line
    if (NF < 20 && $2 == "Timestamp") next
    if ($7 !~ /^[0-9a-f][0-9a-f]$/ || $15 !~ /^[0-9a-f][0-9a-f]$/) next
    heard++
    head = 0
    seconds = four(3); type = $7; size = four(12)
    at = queue[heard]
    end = at + size
    header_at = framed ? $2 : ""
    hex = no_header
    want = type == "0f" ? 241 : type == "02" || type == "a5" ? 32 : 0
    if (size < 19) odd("an event of no size")
    # Its text may be one line, which awk keeps several times.
    if (size > 33554432) { large = 1; odd("an event of more than 32 MiB"); exit }
    if (heard < waiting && end != queue[heard + 1]) odd("an event that does not end where the next one begins")
    expected = end
    # MariaDB prints the rows of all events of a statement behind the last one.
    if ((heard < waiting && type != "a0" && !has_rows(type)) || (rows_wait && !has_rows(type))) odd("an event without its text")
    rows_wait = heard < waiting && has_rows(type)
    if (heard < waiting) { if (open) events++; type = "" }
    next
  }
  heard < waiting { next }
  length(hex) < 2 * want && /^# +[0-9a-f]+ +([0-9a-f][0-9a-f] *)+\|/ {
    if ($2 == header_at) hex = ""
    header_at = ""
    sub(/\|.*/, "")
    sub(/^# +[0-9a-f]+ +/, "")
    gsub(/[^0-9a-f]/, "")
    hex = hex $0
    if (type == "a5" && want == 32 && length(hex) >= 64) want = 38 + dumped(27) + dumped(30) + 256 * dumped(31)
    next
  }
  /^### (INSERT INTO|UPDATE|DELETE FROM) / && has_rows(type) {
    if (!open || left_out) next
    if ($2 == "INSERT") inserted++; else if ($2 == "UPDATE") updated++; else deleted++
    name = clean($0)
    sub(/^### (INSERT INTO|UPDATE|DELETE FROM) /, "", name)
    gsub(/`/, "", name); gsub(/[ ,]/, "_", name)
    name = substr(name, 1, 130)
    add_table(name)
    table = name
    sub(/\..*/, "", name)
    if (is_of_server(name) && graver("account")) { kind = "account"; text = "rows of " table }
    add_database(name)
    next
  }
  type != "02" && type != "a5" {
    if (/^#/) {
      if (type == "a2" && /[ \t]GTID [0-9]+-[0-9]+-[0-9]+/) { own_pending = $0; sub(/.*[ \t]GTID /, "", own_pending); sub(/[ \t].*/, "", own_pending) }
      next
    }
    is_gtid = type == "21" || type == "22" || type == "2a"
    if (is_next_gtid($0) && (is_gtid || /AUTOMATIC/)) {
      if (is_gtid && !/AUTOMATIC/) { own_pending = $3; gsub(/[^0-9a-zA-Z:_-]/, "", own_pending) }
      next
    }
    if (/^START TRANSACTION$/ && type == "a2") { starts_group = 1; next }
    if (/^$/ || ((is_gtid || type == "a2") && (is_setting($0, 1) || is_old_setting($0, 1))) || is_frame($0) || /^\/\*!\*\/;$/ || /^(COMMIT|ROLLBACK) ?\/\*!\*\/;$/ || /^SET (INSERT_ID|LAST_INSERT_ID)=[0-9]+\/\*!\*\/;$/ ||
      /^SET @@RAND_SEED1=[0-9]+, @@RAND_SEED2=[0-9]+\/\*!\*\/;$/ || (type == "0e" && is_variable($0)) || (type == "26" && /^XA (PREPARE|END) [^;]*$/) || /^BEGIN$/) next
    odd("a line that no event of this kind has")
    next
  }
  # The text of a statement, after what sets the session for it.
  /^#/ && !told_text { if (/\tQuery(_compressed)?\tthread_id=/) told_text = 1; next }
  ended { if (!/^(#|$)/ && !is_frame($0) && !(is_next_gtid($0) && /AUTOMATIC/)) odd("a statement that ends more than once"); next }
  !body && is_before($0) { next }
  !body && /^use `([^`]|``)*`\/\*!\*\/;$/ { database = $0; sub(/^use `/, "", database); sub(/`\/\*!\*\/;$/, "", database); gsub(/[ ,]/, "_", database); database = substr(clean(database), 1, 64); default_database = database; next }
  /^\/\*!\*\/;$/ { ended = 1; next }
  {
    body = 1
    text_length += length($0) + 1
    if (index($0, "/*!*/;")) odd("a statement with the delimiter of mysqlbinlog in it")
    if (length(statement) + length($0) < 65536) statement = statement (statement == "" ? "" : "\n") $0
    else { cut = 1; if (index($0, ";")) cut_semicolon = 1 }
  }
  END {
    end_event()
    if (open) lose()
    end_run(); end_range()
    print "count", count + 0, sprintf("%.0f", bytes), untold + 0
    if (large) print "torn", number, "an event has more than 32 MiB"
    else if (status != "0") print "torn", number, ended_text(status)
  }'

# log_text FILE START ACCOUNT: what mysqlbinlog prints of it, with rows as comments. Its status is that of mysqlbinlog.
log_text() {
  log_as "$3" timeout "$(log_left)" "$(first_of mysqlbinlog mariadb-binlog)" --no-defaults --base64-output=decode-rows --verbose \
    "--start-position=$2" -- "$1" 2>&1
}
