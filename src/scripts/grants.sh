#!/bin/sh
# The privileges of an account on a whole server. A fragment of seed-account.sh, seed-facts.sh and seed-proof.sh. Reads
# only.

# granted PRIVILEGES: whether SHOW GRANTS on standard input has one of these (`SELECT`, `REPLICATION SLAVE|REPLICATION
# REPLICA`), for the whole server and by its exact name. A line counts only if bare words stand before `ON *.*`, since a
# role, a table or a database is quoted there. Privileges of a role are listed as lines of their own if the role is
# active at login.
granted() {
  sed -n 's/^GRANT \([A-Z_, ]*\) ON \*\.\* TO .*/\1/p' | tr , '\n' | sed 's/^ *//; s/ *$//' | grep -qxE "$1|ALL|ALL PRIVILEGES"
}
