#!/bin/bash
# Returns once the host is what it was started as: set up, reachable, its server past its first start; and, if asked,
# replicating; fails, and says what it waited for, after SECONDS, or at once where waiting helps nothing.
#   wait-ready.sh SECONDS [replicating]
limit=$1
failed() {
  systemctl --failed --no-legend
  journalctl --no-pager -n 5 -u drill-setup -u drill-first-start
  if [[ -n ${DRILL_ERROR_LOG:-} ]]; then tail -n 5 "$DRILL_ERROR_LOG"; fi
  exit 1
}

# As long as there is time. WHAT is waited for.
pause() {
  if ((SECONDS < limit)); then sleep "$2"; return; fi
  echo "waited $limit s for $1"
  failed
}

until systemctl is-active --quiet drill-setup ssh; do
  if systemctl is-failed --quiet drill-setup; then failed; fi
  pause 'its setup and sshd' 0.3
done
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
[[ $DRILL_BLANK == no ]] || exit 0
until systemctl is-active --quiet "$DRILL_SERVICE" && [[ ! -e /etc/drill/first-start.sql ]]; do
  if systemctl is-failed --quiet "$DRILL_SERVICE" drill-first-start; then failed; fi
  pause "$DRILL_SERVICE and its first start" 0.3
done
[[ ${2:-} == replicating ]] || exit 0
until
  state=$("${DRILL_SQL[@]}" --vertical -e "$DRILL_SHOW_REPLICA")
  [[ $(grep -cE '(IO|SQL)_Running: Yes' <<<"$state") == 2 ]]
do
  # A source that does not answer yet is tried again. An applier that stopped stays so, and so does a receiver with an error, as that its
  # source has purged what this replica needs.
  if grep -E '^ *Last_SQL_Error: .' <<<"$state"; then
    echo "$DRILL_HOST's applier has stopped"
    failed
  fi
  if grep -qE '_IO_Running: No$' <<<"$state" && grep -E '^ *Last_IO_Error: .' <<<"$state"; then
    echo "$DRILL_HOST's receiver has stopped"
    failed
  fi
  pause "replication from $DRILL_SOURCE" 0.5
done
