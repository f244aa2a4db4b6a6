#!/bin/sh
# What an account may do on a whole server. A fragment of seed-account.sh, seed-facts.sh and seed-proof.sh. Reads only.

# granted PRIVILEGES: whether SHOW GRANTS on standard input has one of these (`SELECT`, `REPLICATION SLAVE|REPLICATION REPLICA`), for the
# whole server and by its exact name. A line counts only where bare words stand before `ON *.*`: a role, a table or a database is quoted
# there. What a role gives is listed as lines of its own if the role is active at login.
granted() {
  sed -n 's/^GRANT \([A-Z_, ]*\) ON \*\.\* TO .*/\1/p' | tr , '\n' | sed 's/^ *//; s/ *$//' | grep -qxE "$1|ALL|ALL PRIVILEGES"
}
