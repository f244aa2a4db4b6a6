#!/bin/bash
# Writes a row on a replica that its source is about to write too: the applier stops at a duplicate key, as it does where
# a row was written on a replica by hand. `heal` acts only where that row is still there.  fault-break-replication.sh make | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
if [[ $DRILL_VENDOR == mysql ]]; then
  open='SET @was = @@GLOBAL.super_read_only; SET GLOBAL super_read_only = OFF; SET SESSION sql_log_bin = 0;'
  close='SET GLOBAL super_read_only = @was;' start='START REPLICA'
else
  open='SET SESSION sql_log_bin = 0;' close='' start='START SLAVE'
fi
ours="note = 'written on the replica'"
if [[ $1 == make ]]; then
  # Far enough ahead that the source has not got there yet, near enough that it soon will.
  "${DRILL_SQL[@]}" -e "$open INSERT INTO drill.ledger SELECT MAX(id) + 4, 'written on the replica', REPEAT('0', 64) FROM drill.ledger; $close"
elif [[ $("${DRILL_SQL[@]}" --batch --skip-column-names -e "SELECT COUNT(*) FROM drill.ledger WHERE $ours") == 0 ]]; then
  echo "gone: the row that was written on the replica is not there any more"
else
  "${DRILL_SQL[@]}" -e "$open DELETE FROM drill.ledger WHERE $ours; $close $start"
fi
