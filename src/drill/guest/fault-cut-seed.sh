#!/bin/bash
# Waits until a seed brings data to this host, and loses every packet then, both ways, for SECONDS; once. Until then nothing is broken.
#   fault-cut-seed.sh make PEER|all SECONDS | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
unit=drill-cut-seed
network=/usr/local/lib/drill/fault-network.sh
if [[ $1 == heal ]]; then
  systemctl stop $unit 2>/dev/null || :
  systemctl reset-failed $unit 2>/dev/null || :
  exec "$network" heal
fi
# shellcheck disable=SC2016  # the unit's own shell reads it
systemd-run -q --collect --unit $unit bash -c '
  until compgen -G "$1/.reseed-*/new/*" >/dev/null; do sleep 0.2; done
  "$4" make "$2" loss 100%
  sleep "$3"
  "$4" heal' cut-seed "$DRILL_DATADIR" "$2" "$3" "$network"
