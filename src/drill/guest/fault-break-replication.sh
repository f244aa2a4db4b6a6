#!/bin/bash
# Writes a row on a replica that its source is about to write too: the applier stops at a duplicate key, as it does where
# somebody wrote on a replica by hand.  fault-break-replication.sh make | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
if [[ $DRILL_VENDOR == mysql ]]; then
  open='SET GLOBAL super_read_only = OFF; SET SESSION sql_log_bin = 0;' close='SET GLOBAL super_read_only = ON;'
  start='START REPLICA'
else
  open='SET SESSION sql_log_bin = 0;' close='' start='START SLAVE'
fi
if [[ $1 == make ]]; then
  # Far enough ahead that the source has not got there yet, near enough that it soon will.
  "${DRILL_SQL[@]}" -e "$open INSERT INTO drill.ledger SELECT MAX(id) + 4, 'written on the replica', REPEAT('0', 64) FROM drill.ledger; $close"
else
  "${DRILL_SQL[@]}" -e "$open DELETE FROM drill.ledger WHERE note = 'written on the replica'; $close $start"
fi
