#!/bin/bash
# Returns once the server has made its first start and, if asked, replicates.  wait-ready.sh [replicating]
# shellcheck source=/dev/null
. /etc/drill/host.env
until systemctl is-active --quiet "$DRILL_SERVICE" && [[ ! -e /etc/drill/first-start.sql ]]; do
  if systemctl is-failed --quiet "$DRILL_SERVICE" drill-first-start; then
    tail -n 5 "$DRILL_ERROR_LOG"
    systemctl --failed --no-legend
    exit 1
  fi
  sleep 0.3
done
[[ ${1:-} == replicating ]] || exit 0
until mysql --vertical -e "$DRILL_SHOW_REPLICA" | grep -cE '(IO|SQL)_Running: Yes' | grep -qx 2; do sleep 0.5; done
