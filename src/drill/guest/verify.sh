#!/bin/bash
# For `reseed drill verify`.
#   verify.sh hold                      on a primary: stop the trickle, block all writes, print the position that the data has then: GTIDs,
#                                       or file=NAME:POSITION where the server writes none
#   verify.sh release                   let both go on; fails where the writes were not blocked until now
#   verify.sh checksums POSITION [replica]
#                                       print rows and checksum of every table outside of the server's own schemas. A replica (that one
#                                       was made of this host is said by the word) applies POSITION first, and prints what CHECK TABLE
#                                       has against any table, too
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
sql() { "${DRILL_SQL[@]}" --batch --skip-column-names -e "$1"; }
hold=drill-verify-hold
# A verify that was killed blocks the writes no longer than this.
hold_seconds=900
own_schemas="('mysql', 'information_schema', 'performance_schema', 'sys')"

# The position, read in the session that blocks writes.
position_sql() {
  if [[ $DRILL_VENDOR == mysql ]]; then
    cat <<'SQL'
SELECT IF(@@gtid_mode = 'ON', REPLACE(@@gtid_executed, '\n', ''),
  CONCAT('file=', `LOCAL`->>'$.binary_log_file', ':', `LOCAL`->>'$.binary_log_position')) FROM performance_schema.log_status;
SQL
  else
    echo 'SELECT @@gtid_binlog_pos;'
  fi
}

let_go() {
  systemctl stop $hold 2>/dev/null || :
  systemctl reset-failed $hold 2>/dev/null || :
  systemctl start drill-trickle
}

# Prints 0 once POSITION is applied; else the time was up, or (NULL, of a file's position alone) nothing applies.
wait_sql() {
  local at=$1 patience=$2
  if [[ $at == file=* ]]; then
    at=${at#file=}
    echo "SELECT IF(SOURCE_POS_WAIT('${at%:*}', ${at##*:}, $patience, '') >= 0, 0, 1)"
  elif [[ $DRILL_VENDOR == mysql ]]; then
    echo "SELECT WAIT_FOR_EXECUTED_GTID_SET('$at', $patience)"
  else
    echo "SELECT MASTER_GTID_WAIT('$at', $patience)"
  fi
}

# What CONCAT makes of every table of the schemas, a statement each.
of_tables() {
  sql "SELECT $1 FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND $2 ORDER BY table_schema, table_name"
}
name="CHAR(96), REPLACE(table_schema, CHAR(96), '\`\`'), CHAR(96), '.', CHAR(96), REPLACE(table_name, CHAR(96), '\`\`'), CHAR(96)"

case $1 in
  hold)
    trap let_go EXIT
    systemctl stop drill-trickle
    said=$(mktemp)
    systemd-run -q --collect --unit $hold --property "StandardOutput=truncate:$said" \
      "${DRILL_SQL[@]}" --batch --skip-column-names --unbuffered \
      -e "SET SESSION lock_wait_timeout = 30; FLUSH TABLES WITH READ LOCK; $(position_sql) SELECT SLEEP($hold_seconds)"
    until [[ -s $said ]]; do
      systemctl -q is-active $hold || break
      sleep 0.2
    done
    position=$(head -n 1 "$said")
    rm "$said"
    if ! systemctl -q is-active $hold || [[ $position == ERROR* ]]; then
      echo "writes could not be blocked: ${position:-the client ended}"
      exit 1
    fi
    trap - EXIT
    echo "$position"
    ;;
  release)
    held=yes
    systemctl -q is-active $hold || held=no
    let_go
    [[ $held == yes ]] || { echo "writes were blocked for $hold_seconds s at most, which was not long enough to compare"; exit 1; }
    ;;
  checksums)
    replica=${3:-$DRILL_SOURCE}
    if [[ -n $replica && -n $2 ]]; then
      # A wait for GTIDs takes all its time on a host that applies nothing.
      patience=$((60 + DRILL_DELAY)) nothing_applies=''
      channel=$("${DRILL_SQL[@]}" --vertical -e "$DRILL_SHOW_REPLICA")
      grep -qE '^ *(Replica|Slave)_SQL_Running: Yes$' <<<"$channel" || patience=1 nothing_applies=yes
      reached=$(sql "$(wait_sql "$2" "$patience")")
      [[ $reached != NULL ]] || nothing_applies=yes
      if [[ $reached != 0 && $nothing_applies ]]; then
        echo "$DRILL_HOST does not replicate: nothing applies $2"
        exit 1
      elif [[ $reached != 0 ]]; then
        echo "$2 was not reached in $patience s"
        exit 1
      fi
    fi
    # One client for all. A table that can't be read has no number of rows, and NULL as its checksum.
    of_tables "CONCAT('SELECT COUNT(*) FROM ', $name, '; CHECKSUM TABLE ', $name, ';')" "table_schema NOT IN $own_schemas" |
      { "${DRILL_SQL[@]}" --batch --skip-column-names --force 2>/dev/null || :; } |
      awk -F '\t' -v replica="$replica" 'BEGIN {rows = "?"} NF == 1 {rows = $1; next}
        {
          print $1 "\t" rows " rows " $2
          if (replica != "" && (rows == "?" || $2 == "NULL")) print "not ok\t" $1 ": its rows cannot be read"
          rows = "?"
        }'
    broken=$(sql "SELECT COUNT(*) FROM (SELECT digest, SHA2(CONCAT(LAG(digest) OVER (ORDER BY id), id, note), 256) AS due
      FROM drill.ledger) AS chain WHERE due <> digest")
    printf 'the chain of the ledger\t%s broken links\n' "$broken"
    [[ -n $replica ]] || exit 0
    # Those of the server itself too: equal rows say nothing of its dictionary.
    of_tables "CONCAT('CHECK TABLE ', $name, ';')" "table_schema NOT IN ('information_schema', 'performance_schema', 'sys')" |
      "${DRILL_SQL[@]}" --batch --skip-column-names |
      awk -F '\t' '$3 != "note" && $4 != "OK" {print "not ok\t" $1 ": " $4}'
    ;;
esac
