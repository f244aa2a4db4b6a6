#!/bin/sh
# Whether a lock of all writers could be had at once. A fragment of take-snapshot.sh, seed-dump.sh and seed-facts.sh.

# waits_for_statements SQL: of the lock. BACKUP STAGE (MariaDB 10.4) waits for no query and no transaction; what it waits for, lock_wait_timeout bounds.
waits_for_statements() { case $1 in 'BACKUP STAGE '*) return 1 ;; esac }

# statements_of_clients: the lock would wait for them, and every writer for the lock. Without a statement (INFO) it is no query of a client: an applier with
# PRIVILEGE_CHECKS_USER waits as one, for as long as its source is silent.
statements_of_clients() {
  echo "information_schema.PROCESSLIST WHERE COMMAND IN ('Query', 'Execute') AND USER <> 'system user' AND ID <> CONNECTION_ID() AND INFO IS NOT NULL"
}

# note_statements SECONDS: notes which run for longer, and waits a second if there is one. A MariaDB shows the statement that a procedure is at with the time since its
# CALL: it has run for that long only if its number is the same after the second (is_noted); each instruction of a function or trigger has a number of its own, too. To MySQL these comments are none, and it counts each statement for itself.
note_statements() {
  echo "SELECT GROUP_CONCAT(ID /*M! , ':', QUERY_ID */) INTO @reseed_noted FROM $(statements_of_clients) AND TIME > $1;
  DO SLEEP(0 /*M! + (@reseed_noted IS NOT NULL) */)"
}
is_noted() { echo "1 = 1 /*M! AND FIND_IN_SET(CONCAT(ID, ':', QUERY_ID), @reseed_noted) > 0 */"; }

# busy_question SECONDS: those that run for longer.
busy_question() {
  echo "$(note_statements "$1"); SELECT COUNT(*) AS busy, MAX(TIME) AS longest FROM $(statements_of_clients) AND TIME > $1 AND $(is_noted)"
}
