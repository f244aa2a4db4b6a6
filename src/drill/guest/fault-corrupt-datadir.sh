#!/bin/bash
# Overwrites pages of InnoDB's own tables and of a table with data, as a broken controller would; the server then does
# not start. The pages are kept aside for `heal`.  fault-corrupt-datadir.sh make | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
kept=/var/lib/drill-kept
pages=256

files=("$DRILL_DATADIR/ibdata1" "$DRILL_DATADIR/$DRILL_CLUSTER/orders.ibd")
if [[ -e $DRILL_DATADIR/mysql.ibd ]]; then files+=("$DRILL_DATADIR/mysql.ibd"); fi
if [[ $1 == heal ]]; then
  systemctl stop "$DRILL_SERVICE" || true
  for file in "${files[@]}"; do
    dd if="$kept/${file##*/}" of="$file" bs=16k conv=notrunc,fsync status=none
  done
  rm -r "$kept"
  systemctl reset-failed "$DRILL_SERVICE" || true
  systemctl start "$DRILL_SERVICE"
  exit 0
fi
systemctl stop "$DRILL_SERVICE"
mkdir -p "$kept"
for file in "${files[@]}"; do
  dd if="$file" of="$kept/${file##*/}" bs=16k count=$pages status=none
  dd if=/dev/urandom of="$file" bs=16k count=$pages conv=notrunc,fsync status=none
done
# It ends with an error, which is the point; its log has the reason.
systemctl start --no-block "$DRILL_SERVICE"
