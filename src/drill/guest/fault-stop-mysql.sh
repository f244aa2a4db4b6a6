#!/bin/bash
# Stops the server.  fault-stop-mysql.sh make | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
if [[ $1 == make ]]; then systemctl stop "$DRILL_SERVICE"; else systemctl start "$DRILL_SERVICE"; fi
