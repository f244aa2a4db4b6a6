#!/bin/sh
# The processes of a unit (unit.sh), by its word in their environment: it passes through everything that the unit starts, daemons too. A
# fragment. Any account may have such a word in the environment of its own processes, so the word alone proves nothing: a member is ours
# (root's, on a host), or it is in the session of the unit's first process, which no other process can enter. What works there as the server's account
# (as_account) has left root's rights and not the session.

# unit_members JOB ROLE: their pids, a line each.
unit_members() {
  session=$(cat "/run/reseed/$1/$2/pid" 2>/dev/null) us=$(id -u)
  grep -lsxzF "RESEED_UNIT=$1/$2" /proc/[0-9]*/environ | cut -d / -f 3 | while read -r member; do
    # The first of four is who started it: a setuid program of another account keeps the words that it was given.
    if grep -qs "^Uid:[[:space:]]*${us}[[:space:]]" "/proc/$member/status" || [ "$(stat_of "$member" 4)" = "${session:-none}" ]; then
      echo "$member"
    fi
  done
}
