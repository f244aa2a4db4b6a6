#!/bin/sh
# Whether a lock of all writers could be had at once. A fragment of take-snapshot.sh and seed-dump.sh.

# busy_question SECONDS: statements that run for longer: the lock would wait for them, and every writer for the lock. Without a statement (INFO) it is no query of a client: an
# applier with PRIVILEGE_CHECKS_USER waits as one, for as long as its source is silent.
busy_question() {
  echo "SELECT COUNT(*) AS busy, MAX(TIME) AS longest FROM information_schema.PROCESSLIST
  WHERE COMMAND IN ('Query', 'Execute') AND TIME > $1 AND USER <> 'system user' AND ID <> CONNECTION_ID() AND INFO IS NOT NULL"
}
