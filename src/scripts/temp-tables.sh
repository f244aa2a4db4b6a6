#!/bin/sh
# Temporary tables of sessions that later statements in a server's own binary log may use. A fragment of seed-facts.sh
# and take-snapshot.sh. Reads only.

# session_temp_tables DEFAULTS_FILE SOCKET OWN: with OWN connections of ours. Says `none FORMAT WHY`; `open FORMAT
# COUNT`; or `unknown FORMAT SESSIONS OPEN`: SESSIONS may have some (?: their number is unknown too); OPEN tables of
# InnoDB may be theirs (?: unknown). WHY is `never` (none was made since the start) or `alone` (no session exists now);
# without it, no session logs them. FORMAT is binlog_format, or ?. A session keeps the format that it began with, or has
# set: FORMAT:OF_SESSIONS if that may differ. OF_SESSIONS is a format that logs them and that a session has; else FORMAT
# again if all have one that does not; `?` if they are unknown; `own` if they are unknown and only a SET of the session
# itself can have changed them, as SET GLOBAL did not. With ROW no server logs them; with MIXED no MySQL since 8.0
# ("Replication and Temporary Tables" of its manual), and a MariaDB by its create_tmp_table_binlog_formats, if it has
# that. A MySQL shows only which of InnoDB's are open, to a login with PROCESS, and the format of each session. A
# MariaDB shows none: only whether any was ever made, or no session exists, and what was set by hand. Sessions come and
# go meanwhile: if formats are shown for some only, they are asked for again, up to three times, within 5 s in all.
session_temp_tables() {
  session_tables_told='' asked=0
  read -r asked_at _ </proc/uptime
  while [ "$asked" -lt 3 ]; do
    read -r now _ </proc/uptime
    left=$((5 + ${asked_at%.*} - ${now%.*}))
    [ "$left" -gt 0 ] || break
    # shellcheck disable=SC2034  # the prelude's; it may be asked under a lock
    client_limit="timeout $left"
    again=$(told_temp_tables "$1" "$2" "$3")
    asked=$((asked + 1))
    # An answer that was cut short says less than the previous one.
    case $session_tables_told:$again in ?*:*' cut') break ;; esac
    session_tables_told=$again
    case $again in *' short') ;; *) break ;; esac
  done
  case $session_tables_told in *' short' | *' cut') session_tables_told=${session_tables_told% *} ;; esac
  printf '%s\n' "$session_tables_told"
}

# told_temp_tables DEFAULTS_FILE SOCKET OWN: the result of asking once; with `short` after it if formats of some
# sessions were not shown, and `cut` if the answer is incomplete.
told_temp_tables() {
  # Each server refuses some of these, which ends an -e even with --force. The one of sessions may take long where there are thousands:
  # what is told before counts. Com_create_table of a MySQL counts both kinds of tables. Names of tables are #sqlPID_SESSION_NUMBER, in
  # hexadecimal. The user of a session that is just logging in is NULL: it has no tables yet.
  printf '%s\n' "SET SESSION group_concat_max_len = 1000000;
    SELECT 'version', VERSION();
    SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format', 'create_tmp_table_binlog_formats');
    SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_create_temporary_table', 'Com_create_table', 'Threads_connected',
      'Performance_schema_thread_instances_lost');
    SELECT 'dumps', COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%';
    SELECT 'open', COUNT(*), GROUP_CONCAT(NAME) FROM information_schema.INNODB_TEMP_TABLE_INFO;
    SELECT CONCAT('origin_', LOWER(VARIABLE_NAME)), GLOBAL_VALUE_ORIGIN FROM information_schema.SYSTEM_VARIABLES
      WHERE VARIABLE_NAME IN ('BINLOG_FORMAT', 'CREATE_TMP_TABLE_BINLOG_FORMATS');
    SELECT 'origin_binlog_format', IF(VARIABLE_SOURCE = 'DYNAMIC', 'SQL', VARIABLE_SOURCE) FROM performance_schema.variables_info
      WHERE VARIABLE_NAME = 'binlog_format';
    SELECT 'logging_in', COUNT(*) FROM performance_schema.threads WHERE NAME = 'thread/sql/one_connection' AND PROCESSLIST_USER IS NULL;
    SELECT /*+ MAX_EXECUTION_TIME(2000) */ CONCAT('sessions_', its.VARIABLE_VALUE), COUNT(*), GROUP_CONCAT(PROCESSLIST_ID)
      FROM performance_schema.variables_by_thread its JOIN performance_schema.threads USING (THREAD_ID)
      WHERE its.VARIABLE_NAME = 'binlog_format' AND PROCESSLIST_ID IS NOT NULL AND PROCESSLIST_COMMAND NOT LIKE 'Binlog Dump%'
        AND PROCESSLIST_USER NOT IN ('system user', 'event_scheduler')
        AND NAME NOT LIKE 'thread/sql/replica%' AND NAME NOT LIKE 'thread/sql/slave%' GROUP BY its.VARIABLE_VALUE;
    SHOW GLOBAL STATUS LIKE 'Threads_connected';
    SELECT 'dumps', COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%';
    SELECT 'end', 1;" | sql_client "$1" "$2" --batch --skip-column-names --force --unbuffered 2>/dev/null | OWN=$3 awk -F '\t' '
    # Only sessions that were there all the while count: later ones have made their tables only now, and the tables of
    # ended ones are gone.
    $1 == "Threads_connected" && $2 + 0 > most { most = $2 + 0 }
    ($1 == "Threads_connected" || $1 == "dumps") && $1 in value && value[$1] + 0 <= $2 + 0 { next }
    { value[$1] = $2; names[$1] = $3 }
    function logs(format) {
      if (value["version"] == "" || value["log_bin"] == "") return 1
      if (value["log_bin"] == "OFF" || format == "ROW") return 0
      if (format == "MIXED" && !maria && value["version"] + 0 >= 8) return 0
      return !(format == "MIXED" && formats in value && value[formats] !~ /MIXED/)
    }
    function decimal(hexadecimal,   i, number) {
      number = 0
      for (i = 1; i <= length(hexadecimal); i++) number = number * 16 + index("0123456789abcdef", substr(hexadecimal, i, 1)) - 1
      return sprintf("%.0f", number)
    }
    # Of the open tables, those that are logged, or whose session has not shown its format; all if their names do not
    # tell their sessions.
    function of_loggers(   i, part, table, owner, count) {
      if (split(names["open"], table, ",") != open) return open
      count = 0
      for (i in table) {
        if (table[i] !~ /#sql[0-9a-f]+_[0-9a-f]+_[0-9a-f]+$/) return open
        split(table[i], part, "_")
        owner = decimal(part[2])
        count += (owner in format_of) ? logs(format_of[owner]) : !all_seen
      }
      return count
    }
    END {
      formats = "create_tmp_table_binlog_formats"
      format = value["binlog_format"] ~ /^[A-Z]+$/ ? value["binlog_format"] : "?"
      maria = value["version"] ~ /MariaDB/
      made = maria ? value["Com_create_temporary_table"] : value["Com_create_table"]
      connected = value["Threads_connected"]
      sessions = connected == "" ? "?" : connected - ENVIRON["OWN"] - value["dumps"]
      untold = !("open" in value)
      open = value["open"] + 0
      why = made == "0" ? "never" : sessions != "?" && sessions < 1 ? "alone" : ""
      none = why != ""
      origin = value["origin_binlog_format"]
      by_hand = origin == "" || origin == "SQL"
      if (formats in value && format != "ROW" && value["origin_" formats] == "SQL") by_hand = 1
      kept = ""; keep = seen = 0
      for (name in value) if (name ~ /^sessions_[A-Z]+$/) {
        its = substr(name, 10)
        seen += value[name]
        if (split(names[name], ids, ",") == value[name]) for (i in ids) format_of[ids[i]] = its
        if (logs(its)) { keep += value[name]; if (kept != "STATEMENT") kept = its }
      }
      # Threads that the performance schema has lost are not visible, and threads that quit must not be counted for
      # them.
      there = (value["Performance_schema_thread_instances_lost"] + 0 > 0 ? most : connected - value["logging_in"]) - value["dumps"]
      all_seen = maria ? !by_hand : seen > 0 && connected != "" && seen >= there
      state = ""; end = "end" in value ? "" : " cut"
      if (logs(format)) may = sessions
      else if (value["log_bin"] == "OFF") { why = ""; none = 1; open = 0 }
      else if (kept != "") { format = format ":" kept; may = keep; open = of_loggers() }
      else if (!all_seen) {
        format = format (maria || origin == "SQL" ? ":?" : ":own"); may = sessions
        open = of_loggers()
        if (!untold && open == 0) { none = 1; if (why == "alone") why = "" }
        state = none ? "none" : "unknown"
        if (!none && seen > 0 && end == "") end = " short"
      } else {
        if (by_hand) format = format ":" format
        why = ""; none = 1; open = 0
      }
      if (state == "") state = open > 0 ? "open" : none ? "none" : "unknown"
      if (state == "open") print "open " format " " open end
      else if (state == "none") print "none " format (why == "" ? "" : " " why) end
      else print "unknown " format " " may " " (untold ? "?" : open) end
    }'
}
