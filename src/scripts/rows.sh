#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Reads for a proof of rows: its statements are SELECTs, in one read-only transaction with one view of the data, which ends with this script.
#   rows.sh defaults_file=FILE socket=SOCKET vendor=mysql|mariadb limit=MS state=SQL      limit: of each statement
# Standard input: `wait GTID SECONDS` (GTID in hexadecimal; what the server is to have before it is read), then `ask NAME STATEMENT`, a line each.
# Each statement is in hexadecimal and told by PREPARE, which takes one statement alone: what a name or a key of a host has in it becomes no other.
# Prints the answers as mysql --batch does: `waited` (0: it has them), NAME, and `took NAME` in microseconds; the last one is that of `state`, which tells
# the position after the view was opened. Where the server did not come so far, the statements are not run.
set -u
umask 077
declare_words 'defaults_file socket vendor limit state' "$@"
case $limit in *[!0-9]* | '') echo "no time: $limit" >&2; exit 64 ;; esac

# MariaDB counts in seconds, MySQL in milliseconds, and for a SELECT alone.
case $vendor in
  mariadb) bound="max_statement_time = $((limit / 1000 + 1))" waits=MASTER_GTID_WAIT ;;
  *) bound="max_execution_time = $limit" waits=WAIT_FOR_EXECUTED_GTID_SET ;;
esac
# A lock of tables, or a change of one, holds us up for so long.
told=$(
  BOUND=$bound WAITS=$waits awk '
    BEGIN {
      print "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET SESSION TRANSACTION READ ONLY; SET SESSION lock_wait_timeout = 5; SET @waited = 0;"
    }
    NR == 1 {
      if ($0 !~ /^wait [0-9A-F]* [0-9]+$/) exit 1
      if (NF == 3) print "SET @waited = " ENVIRON["WAITS"] "(CONVERT(0x" $2 " USING utf8mb4), " $3 ");"
      print "SELECT \047waited\047 AS answer; SELECT @waited AS code, 0 AS no;"
      print "SET SESSION " ENVIRON["BOUND"] "; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;"
      next
    }
    # SELECT and a blank.
    !/^ask [a-z0-9]+ 53454C45435420[0-9A-F]+$/ { exit 1 }
    {
      print "SET @reseed = IF(@waited = 0, CONVERT(0x" $3 " USING utf8mb4), \047SELECT 1 AS late, 1 AS it\047), @from = UTC_TIMESTAMP(6);"
      print "SELECT \047" $2 "\047 AS answer; PREPARE reseed FROM @reseed; EXECUTE reseed; DEALLOCATE PREPARE reseed;"
      print "SELECT \047took " $2 "\047 AS answer; SELECT TIMESTAMPDIFF(MICROSECOND, @from, UTC_TIMESTAMP(6)) AS us, 0 AS no;"
    }
    END {
      if (NR == 0) exit 1
      print "COMMIT;"
    }'
) || { echo 'what is to be read was not understood' >&2; exit 64; }
say_statements "$defaults_file" "$socket" "$told
$state"
