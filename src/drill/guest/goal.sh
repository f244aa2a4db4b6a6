#!/bin/bash
# What a scenario's goal is judged by, a fact a line, for `reseed drill scenario verify`. A fact whose command failed or was late is not told: it is unknown, and no 0.
export LVM_SUPPRESS_FD_WARNINGS=1
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
say() { printf '%s=%s\n' "$1" "$2"; }
sql() { timeout 10 "${DRILL_SQL[@]}" --batch --skip-column-names -e "$1" 2>/dev/null; }

say used_percent "$(df --output=pcent "$DRILL_MOUNT" 2>/dev/null | tail -n 1 | tr -dc 0-9)"
if [[ -n $DRILL_VG ]]; then
  # The fifth letter is I for a snapshot that has overflown; reseed's own have a tag that begins with its name.
  if volumes=$(timeout 20 lvs --noheadings --separator '|' -o lv_attr,origin,lv_tags "$DRILL_VG" 2>/dev/null); then
    tr -d ' ' <<<"$volumes" | awk -F '|' '
      $2 == "" {next}
      substr($1, 5, 1) == "I" {bad++; next}
      $3 ~ /(^|,)reseed/ {good++}
      END {print "invalid_snapshots=" bad + 0; print "good_snapshots=" good + 0}'
  fi
fi
if ! read_only=$(sql 'SELECT @@read_only'); then
  # One on a busy machine runs, and does not answer in time.
  if systemctl -q is-active "$DRILL_SERVICE"; then say server silent; else say server down; fi
  exit 0
fi
say server up
say read_only "$read_only"
if [[ $DRILL_VENDOR == mysql ]] && gtid=$(sql "SELECT REPLACE(@@gtid_executed, '\n', '')"); then say gtid "$gtid"; fi
# Of any channel: a host that is no replica in hosts.ts may have become one.
status='SHOW REPLICA STATUS'
[[ $DRILL_VENDOR == mysql ]] || status='SHOW SLAVE STATUS'
channels=$(timeout 10 "${DRILL_SQL[@]}" --vertical -e "$status" 2>/dev/null) || exit 0
awk '
  {name = $1; sub(/^[^:]*: ?/, "")}
  name ~ /^(Source|Master)_Host:$/ && source == "" {source = $0}
  name ~ /^(Replica|Slave)_IO_Running:$/ && io == "" {io = $0}
  name ~ /^(Replica|Slave)_SQL_Running:$/ && applier == "" {applier = $0}
  END {print "source=" source; print "io=" io; print "sql=" applier}' <<<"$channels"
