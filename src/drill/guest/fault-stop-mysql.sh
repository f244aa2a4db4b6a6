#!/bin/bash
# Stops the server.  fault-stop-mysql.sh make | heal
set -euo pipefail
# shellcheck source=/dev/null
. /etc/drill/host.env
if [[ $1 == make ]]; then systemctl stop "$DRILL_SERVICE"; else systemctl start "$DRILL_SERVICE"; fi
