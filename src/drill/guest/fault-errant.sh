#!/bin/bash
# Writes on a replica what its source never had: errant transactions. `heal` takes the rows away, and what the server tells of these
# transactions, where they are still there.  fault-errant.sh make | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
sql() { "${DRILL_SQL[@]}" --batch --skip-column-names -e "$1"; }
table=drill.written_by_hand
open='SET @was = @@GLOBAL.super_read_only; SET GLOBAL super_read_only = OFF;'
close='SET GLOBAL super_read_only = @was;'
if [[ $1 == make ]]; then
  sql "$open CREATE TABLE $table (id INT PRIMARY KEY, note VARCHAR(80));
    INSERT INTO $table VALUES (1, 'a correction for the shop'); INSERT INTO $table VALUES (2, 'and another one'); $close"
elif [[ $(sql "SELECT COUNT(*) FROM information_schema.tables WHERE CONCAT(table_schema, '.', table_name) = '$table'") == 0 ]]; then
  echo "gone: the table that was written by hand is not there any more"
else
  sql "STOP REPLICA; $open SET SESSION sql_log_bin = 0; DROP TABLE $table;
    SET @kept = GTID_SUBTRACT(@@GLOBAL.gtid_executed, CONCAT(@@server_uuid, ':1-1000000000'));
    RESET BINARY LOGS AND GTIDS; SET GLOBAL gtid_purged = @kept; $close START REPLICA;"
fi
