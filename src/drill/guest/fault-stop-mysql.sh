#!/bin/bash
# Stops the server. `heal` starts one that has not run since.  fault-stop-mysql.sh make | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
# Gone with the machine's power, which starts the server anew.
kept=/run/drill-stopped
stopped_at() { systemctl show -p InactiveEnterTimestampMonotonic --value "$DRILL_SERVICE"; }
if [[ $1 == make ]]; then
  systemctl stop "$DRILL_SERVICE"
  stopped_at >"$kept"
elif [[ ! -e $kept && $(systemctl is-active "$DRILL_SERVICE") =~ ^act ]]; then
  # The machine's start has started it: waited for.
  systemctl start "$DRILL_SERVICE"
elif [[ -e $kept && $(systemctl is-active "$DRILL_SERVICE") =~ ^(inactive|failed)$ && $(stopped_at) == "$(<"$kept")" ]]; then
  rm "$kept"
  systemctl start "$DRILL_SERVICE"
else
  rm -f "$kept"
  echo "gone: the server was started since"
fi
