#!/bin/bash
# For `reseed drill verify`.
#   verify.sh hold                   on a primary: stop the trickle, print the GTID position it has reached
#   verify.sh release                let it go on
#   verify.sh checksums POSITION     wait until POSITION is applied here, print every table's rows and checksum; on a replica also what
#                                    CHECK TABLE has against any table
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
sql() { "${DRILL_SQL[@]}" --batch --skip-column-names -e "$1"; }

case $1 in
  hold)
    systemctl stop drill-trickle
    if [[ $DRILL_VENDOR == mysql ]]; then sql "SELECT REPLACE(@@gtid_executed, '\n', '')"; else sql 'SELECT @@gtid_binlog_pos'; fi
    ;;
  release) systemctl start drill-trickle ;;
  checksums)
    if [[ -n $DRILL_SOURCE ]]; then
      patience=$((60 + DRILL_DELAY))
      if [[ $DRILL_VENDOR == mysql ]]; then
        reached=$(sql "SELECT WAIT_FOR_EXECUTED_GTID_SET('$2', $patience)")
      else
        reached=$(sql "SELECT MASTER_GTID_WAIT('$2', $patience)")
      fi
      [[ $reached == 0 ]] || { echo "$2 was not reached in $patience s"; exit 1; }
    fi
    tables=$(sql "SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
      WHERE table_schema IN ('drill', '$DRILL_CLUSTER') ORDER BY 1")
    for table in $tables; do
      printf '%s\t%s rows %s\n' "$table" "$(sql "SELECT COUNT(*) FROM $table")" "$(sql "CHECKSUM TABLE $table" | cut -f2)"
    done
    broken=$(sql "SELECT COUNT(*) FROM (SELECT digest, SHA2(CONCAT(LAG(digest) OVER (ORDER BY id), id, note), 256) AS due
      FROM drill.ledger) AS chain WHERE due <> digest")
    printf 'the chain of the ledger\t%s broken links\n' "$broken"
    [[ -n $DRILL_SOURCE ]] || exit 0
    # Those of the server itself too: equal rows say nothing of its dictionary.
    sql "SELECT CONCAT('CHECK TABLE ', CHAR(96), table_schema, CHAR(96), '.', CHAR(96), table_name, CHAR(96), ';')
      FROM information_schema.tables WHERE table_type = 'BASE TABLE'
      AND table_schema NOT IN ('information_schema', 'performance_schema', 'sys')" |
      "${DRILL_SQL[@]}" --batch --skip-column-names |
      awk -F '\t' '$3 != "note" && $4 != "OK" {print "not ok\t" $1 ": " $4}'
    ;;
esac
