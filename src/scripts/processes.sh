#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The sessions of this host's server with their statements, and its open transactions. Reads only.
#   processes.sh defaults_file=FILE socket=SOCKET most=COUNT     both empty: where mysql itself looks
# Answers are named, as mysql --batch prints them (host/server/batch.ts). An answer that is refused has its ERROR line. Of each list the first
# COUNT come: idle sessions last, long ones first.
set -u
declare_words 'defaults_file socket most' "$@"
case $most in *[!0-9]* | '') fail "no count: $most" ;; esac
# shellcheck disable=SC2034  # of sql_client
client_limit='timeout -k 1 8' options_seconds=5
ask() { sql_client "$defaults_file" "$socket" --batch -e "$1" 2>&1 </dev/null; }
# say_answer STATUS ANSWER: with why it is not whole, where it came too late. A client that was not started for option files that were late has said so
# itself: the server was not asked then.
say_answer() {
  printf '%s\n' "$2"
  case $1 in
    124 | 137) case $2 in *"${late_options:?}"*) ;; *) echo 'ERROR: the server did not answer within 8 s' ;; esac ;;
  esac
}

# A table of performance_schema is read without a lock that sessions wait for, as information_schema.PROCESSLIST of a MySQL takes one. It has no rows
# while performance_schema is off, and a MariaDB has no such table.
sessions=information_schema.PROCESSLIST
own=$(ask "SELECT COUNT(*) AS answer, @@performance_schema FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'performance_schema' AND TABLE_NAME = 'processlist'")
asked=$?
case $asked in 124 | 137) say_answer "$asked" "$own" && exit 0 ;; esac
case $(printf '%s\n' "$own" | tail -n 1) in 1*1) sessions=performance_schema.processlist ;; esac

# In the server's own zone: InnoDB writes the begin of a transaction in it, whatever that of the session is.
answer=$(ask "SET SESSION time_zone = 'SYSTEM';
SELECT 'counts' AS answer; SELECT COUNT(*) AS sessions, SUM(COMMAND = 'Sleep') AS asleep FROM $sessions WHERE ID <> CONNECTION_ID();
SELECT 'sessions' AS answer; SELECT ID AS id, USER AS user, HOST AS host, DB AS db, COMMAND AS command, TIME AS seconds, STATE AS state,
  LEFT(INFO, 1024) AS statement, CHAR_LENGTH(INFO) AS letters
  FROM $sessions WHERE ID <> CONNECTION_ID() ORDER BY COMMAND IN ('Sleep', 'Daemon'), TIME DESC LIMIT $most;
SELECT 'transactions' AS answer; SELECT trx_mysql_thread_id AS session, trx_id AS id, trx_state AS state,
  UNIX_TIMESTAMP() - UNIX_TIMESTAMP(trx_started) AS seconds, UNIX_TIMESTAMP() - UNIX_TIMESTAMP(trx_wait_started) AS waits,
  trx_rows_locked AS locked, trx_rows_modified AS modified
  FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id <> CONNECTION_ID() ORDER BY trx_started LIMIT $most")
say_answer "$?" "$answer"
exit 0
