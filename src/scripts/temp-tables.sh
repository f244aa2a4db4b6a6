#!/bin/sh
# Temporary tables of sessions that statements in a server's own binary log go on to use. A fragment of seed-facts.sh and take-snapshot.sh.
# Reads only.

# session_temp_tables DEFAULTS_FILE SOCKET OWN: with OWN connections of ours. Says `none FORMAT`; `open FORMAT COUNT`; or `unknown FORMAT
# SESSIONS`: SESSIONS may have some, or ? where their number is not known either. FORMAT is binlog_format, or ?.
# With ROW no server logs them, with MIXED no MySQL since 8.0 ("Replication and Temporary Tables" of its manual), and a MariaDB as its
# create_tmp_table_binlog_formats has it, where there is one. A MySQL tells of InnoDB's alone which are open, to a login with PROCESS. A
# MariaDB tells of none: only that none was ever made, or that no session is there.
session_temp_tables() {
  # shellcheck disable=SC2034  # the prelude's; it may be asked under a lock
  client_limit='timeout 5'
  # The last two may be refused, which ends the client: what was told before counts. Com_create_table of a MySQL counts both kinds.
  sql_client "$1" "$2" --batch --skip-column-names -e "SELECT 'version', VERSION();
    SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format', 'create_tmp_table_binlog_formats');
    SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_create_temporary_table', 'Com_create_table', 'Threads_connected');
    SELECT 'dumps', COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%';
    SELECT 'open', COUNT(*) FROM information_schema.INNODB_TEMP_TABLE_INFO" </dev/null 2>/dev/null | OWN=$3 awk -F '\t' '
    { value[$1] = $2 }
    END {
      format = value["binlog_format"] ~ /^[A-Z]+$/ ? value["binlog_format"] : "?"
      maria = value["version"] ~ /MariaDB/
      made = maria ? value["Com_create_temporary_table"] : value["Com_create_table"]
      connected = value["Threads_connected"]
      sessions = connected == "" ? "?" : connected - ENVIRON["OWN"] - value["dumps"]
      logged = 1
      if (value["log_bin"] == "OFF" || format == "ROW") logged = 0
      if (!maria && format == "MIXED" && value["version"] + 0 >= 8) logged = 0
      if (format == "MIXED" && "create_tmp_table_binlog_formats" in value && value["create_tmp_table_binlog_formats"] !~ /MIXED/) logged = 0
      if (value["version"] == "" || value["log_bin"] == "") logged = 1
      if (!logged) print "none " format
      else if (value["open"] + 0 > 0) print "open " format " " value["open"] + 0
      else if (made == "0" || (sessions != "?" && sessions < 1)) print "none " format
      else print "unknown " format " " sessions
    }'
}
