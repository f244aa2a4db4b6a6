#!/bin/bash
# Returns once the host is what it was started as: set up, reachable, its server past its first start; and, if asked,
# replicating.  wait-ready.sh [replicating]
failed() {
  systemctl --failed --no-legend
  journalctl --no-pager -n 5 -u drill-setup -u drill-first-start
  if [[ -n ${DRILL_ERROR_LOG:-} ]]; then tail -n 5 "$DRILL_ERROR_LOG"; fi
  exit 1
}

until systemctl is-active --quiet drill-setup ssh; do
  if systemctl is-failed --quiet drill-setup; then failed; fi
  sleep 0.3
done
# shellcheck source=/dev/null
. /etc/drill/host.env
[[ $DRILL_BLANK == no ]] || exit 0
until systemctl is-active --quiet "$DRILL_SERVICE" && [[ ! -e /etc/drill/first-start.sql ]]; do
  if systemctl is-failed --quiet "$DRILL_SERVICE" drill-first-start; then failed; fi
  sleep 0.3
done
[[ ${1:-} == replicating ]] || exit 0
until mysql --vertical -e "$DRILL_SHOW_REPLICA" | grep -cE '(IO|SQL)_Running: Yes' | grep -qx 2; do sleep 0.5; done
