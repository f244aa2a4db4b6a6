#!/bin/bash
# What this host says of itself, a fact a line, for `reseed drill status`.
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
say() { printf '%s=%s\n' "$1" "$2"; }

say mysql "$(systemctl is-active "$DRILL_SERVICE")"
say datadir_used_percent "$(df --output=pcent "$DRILL_MOUNT" 2>/dev/null | tail -n 1 | tr -dc 0-9)"
say volume "$(findmnt -n -o SOURCE "$DRILL_MOUNT")"
say memory_kb "$(awk '/^MemTotal/ {total = $2} /^MemAvailable/ {print total - $2}' /proc/meminfo)"
sql() { timeout 10 "${DRILL_SQL[@]}" --batch --skip-column-names -e "$1" 2>/dev/null; }
if version=$(sql 'SELECT @@version'); then
  say version "$version"
  say read_only "$(sql 'SELECT @@read_only')"
  say ledger "$(sql 'SELECT MAX(id) FROM drill.ledger')"
  if [[ -n $DRILL_SOURCE ]]; then
    timeout 10 "${DRILL_SQL[@]}" --vertical -e "$DRILL_SHOW_REPLICA" 2>/dev/null | awk '
      {name = $1; sub(/^[^:]*: ?/, "")}
      name ~ /^(Replica|Slave)_IO_Running:$/ {print "io_thread=" $0}
      name ~ /^(Replica|Slave)_SQL_Running:$/ {print "sql_thread=" $0}
      name ~ /^Seconds_Behind_(Source|Master):$/ {print "lag_seconds=" $0}
      name ~ /^Last_(SQL|IO)_Error:$/ && $0 != "" {print "replication_error=" $0}'
    # MySQL's coordinator only says that a worker failed; the worker says why.
    why=$(sql "SELECT REPLACE(last_error_message, '\n', ' ') FROM performance_schema.replication_applier_status_by_worker
      WHERE last_error_number <> 0 LIMIT 1" || true)
    if [[ -n $why ]]; then say replication_error "$why"; fi
  fi
fi
