# shellcheck shell=bash
# What scripts of a practice host begin with: what this host is, and a client of its server for root. Without option files: what a DBA
# wrote there would change what the scripts read.
# shellcheck source=/dev/null
. /etc/drill/host.env
# shellcheck disable=SC2034
DRILL_SQL=("$DRILL_CLIENT" --no-defaults --socket="$DRILL_SOCKET" --user=root)
