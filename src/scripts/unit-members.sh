#!/bin/sh
# The processes of a unit (unit.sh), found by its word in their environment: everything that the unit starts inherits
# it, daemons too. A fragment. Any account may put such a word into the environment of its own processes, so the word
# alone proves nothing. A member must be ours (root's, on a host), or be in the session of the unit's first process,
# which no other process can enter. A process that works there as the server's account (as_account) has dropped root's
# rights and is still in the session.

# unit_members JOB ROLE: their pids, a line each.
unit_members() {
  session=$(cat "/run/reseed/$1/$2/pid" 2>/dev/null) us=$(id -u)
  grep -lsxzF "RESEED_UNIT=$1/$2" /proc/[0-9]*/environ | cut -d / -f 3 | while read -r member; do
    # The first of the four is the account that started it: a setuid program of another account keeps the environment
    # that it was given.
    if grep -qs "^Uid:[[:space:]]*${us}[[:space:]]" "/proc/$member/status" || [ "$(stat_of "$member" 4)" = "${session:-none}" ]; then
      echo "$member"
    fi
  done
}
