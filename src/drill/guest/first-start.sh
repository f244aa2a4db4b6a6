#!/bin/bash
# Once, after the server's first start: accounts on a primary, replication on a replica. The SQL can be run twice.
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
until systemctl is-active --quiet "$DRILL_SERVICE"; do
  if systemctl is-failed --quiet "$DRILL_SERVICE"; then exit 1; fi
  sleep 0.3
done
"${DRILL_SQL[@]}" </etc/drill/first-start.sql
rm /etc/drill/first-start.sql
# A power cut must not bring it back.
sync
