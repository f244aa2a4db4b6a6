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
. /usr/local/lib/drill/host.sh
[[ $DRILL_BLANK == no ]] || exit 0
until systemctl is-active --quiet "$DRILL_SERVICE" && [[ ! -e /etc/drill/first-start.sql ]]; do
  if systemctl is-failed --quiet "$DRILL_SERVICE" drill-first-start; then failed; fi
  sleep 0.3
done
[[ ${1:-} == replicating ]] || exit 0
until
  state=$("${DRILL_SQL[@]}" --vertical -e "$DRILL_SHOW_REPLICA")
  [[ $(grep -cE '(IO|SQL)_Running: Yes' <<<"$state") == 2 ]]
do
  # A source that does not answer yet is tried again. An applier that stopped stays so.
  if grep -E '^ *Last_SQL_Error: .' <<<"$state"; then
    echo "$DRILL_HOST's applier has stopped"
    failed
  fi
  sleep 0.5
done
