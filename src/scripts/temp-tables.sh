#!/bin/sh
# Temporary tables of sessions that statements in a server's own binary log go on to use. A fragment of seed-facts.sh and take-snapshot.sh.
# Reads only.

# session_temp_tables DEFAULTS_FILE SOCKET OWN: with OWN connections of ours. Says `none FORMAT`; `open FORMAT COUNT`; or `unknown FORMAT
# SESSIONS`: SESSIONS may have some, or ? where their number is not known either. FORMAT is binlog_format, or ?. A session keeps the one
# that it began with, or has set: FORMAT:OF_SESSIONS where that may be another. OF_SESSIONS is one that logs them and that a session has,
# else FORMAT again where all have one that does not, or ?.
# With ROW no server logs them, with MIXED no MySQL since 8.0 ("Replication and Temporary Tables" of its manual), and a MariaDB as its
# create_tmp_table_binlog_formats has it, where there is one. A MySQL tells of InnoDB's alone which are open, to a login with PROCESS, and
# what each session has. A MariaDB tells of none: only that none was ever made, or that no session is there, and what was set by hand.
session_temp_tables() {
  # shellcheck disable=SC2034  # the prelude's; it may be asked under a lock
  client_limit='timeout 5'
  # Each server refuses some of these, which ends an -e even with --force. The last may take long where there are thousands of sessions:
  # what is told before counts. Com_create_table of a MySQL counts both kinds of tables.
  printf '%s\n' "SELECT 'version', VERSION();
    SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format', 'create_tmp_table_binlog_formats');
    SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_create_temporary_table', 'Com_create_table', 'Threads_connected');
    SELECT 'dumps', COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%';
    SELECT 'open', COUNT(*) FROM information_schema.INNODB_TEMP_TABLE_INFO;
    SELECT CONCAT('origin_', LOWER(VARIABLE_NAME)), GLOBAL_VALUE_ORIGIN FROM information_schema.SYSTEM_VARIABLES
      WHERE VARIABLE_NAME IN ('BINLOG_FORMAT', 'CREATE_TMP_TABLE_BINLOG_FORMATS');
    SELECT 'origin_binlog_format', IF(VARIABLE_SOURCE = 'DYNAMIC', 'SQL', VARIABLE_SOURCE) FROM performance_schema.variables_info
      WHERE VARIABLE_NAME = 'binlog_format';
    SELECT /*+ MAX_EXECUTION_TIME(2000) */ CONCAT('sessions_', its.VARIABLE_VALUE), COUNT(*)
      FROM performance_schema.variables_by_thread its JOIN performance_schema.threads USING (THREAD_ID)
      WHERE its.VARIABLE_NAME = 'binlog_format' AND PROCESSLIST_ID IS NOT NULL AND PROCESSLIST_COMMAND NOT LIKE 'Binlog Dump%'
        AND PROCESSLIST_USER NOT IN ('system user', 'event_scheduler') GROUP BY its.VARIABLE_VALUE;" | sql_client "$1" "$2" --batch --skip-column-names --force --unbuffered 2>/dev/null | OWN=$3 awk -F '\t' '
    { value[$1] = $2 }
    function logs(format) {
      if (value["version"] == "" || value["log_bin"] == "") return 1
      if (value["log_bin"] == "OFF" || format == "ROW") return 0
      if (format == "MIXED" && !maria && value["version"] + 0 >= 8) return 0
      return !(format == "MIXED" && formats in value && value[formats] !~ /MIXED/)
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
      none = made == "0" || (sessions != "?" && sessions < 1)
      by_hand = value["origin_binlog_format"] == "" || value["origin_binlog_format"] == "SQL"
      if (formats in value && format != "ROW" && value["origin_" formats] == "SQL") by_hand = 1
      kept = ""; keep = seen = 0
      for (name in value) if (name ~ /^sessions_[A-Z]+$/) {
        its = substr(name, 10)
        seen += value[name]
        if (logs(its)) { keep += value[name]; if (kept != "STATEMENT") kept = its }
      }
      all_seen = maria ? !by_hand : seen > 0 && connected != "" && seen >= connected - value["dumps"]
      if (logs(format)) may = sessions
      else if (value["log_bin"] == "OFF") { print "none " format; exit }
      else if (kept != "") { format = format ":" kept; may = keep }
      else if (!all_seen) {
        format = format ":?"; may = sessions
        if (!untold && open == 0) none = 1
        open = 0
      } else {
        if (by_hand) format = format ":" format
        none = 1; open = 0
      }
      if (open > 0) print "open " format " " open
      else if (none) print "none " format
      else print "unknown " format " " may
    }'
}
