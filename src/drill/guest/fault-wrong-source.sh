#!/bin/bash
# Gives a replica another source, as a person does who reads the wrong line of a list. `heal` gives it the old one back where it still has that.
#   fault-wrong-source.sh make ADDRESS | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
kept=/var/lib/drill-source
source_now() { "${DRILL_SQL[@]}" --vertical -e 'SHOW REPLICA STATUS' | sed -nE 's/^ *Source_Host: //p' | head -n 1; }
change() { "${DRILL_SQL[@]}" -e "STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_HOST='$1'; START REPLICA;"; }
if [[ $1 == make ]]; then
  # Before the change: one that is half made is healed too.
  printf '%s %s\n' "$(source_now)" "$2" >"$kept"
  change "$2"
elif [[ ! -e $kept ]]; then
  echo "gone: the source was not changed"
else
  read -r was made <"$kept"
  rm "$kept"
  if [[ $(source_now) != "$made" ]]; then
    echo "gone: it was given another source since"
  else
    change "$was"
  fi
fi
