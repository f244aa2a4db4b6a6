#!/bin/bash
# Overwrites pages of InnoDB's own tables and of a table with data, as a broken controller would; the server then does
# not start. The pages are kept aside for `heal`, which puts them back only where what was written still stands: a datadir that was
# seeded since has other files of these names.  fault-corrupt-datadir.sh make | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
kept=/var/lib/drill-kept
pages=256

files=("$DRILL_DATADIR/ibdata1" "$DRILL_DATADIR/$DRILL_CLUSTER/orders.ibd")
if [[ -e $DRILL_DATADIR/mysql.ibd ]]; then files+=("$DRILL_DATADIR/mysql.ibd"); fi
# How many pages of a file hold what the fault wrote: all, fewer where it was cut short, none where the file is another one now.
standing_pages() {
  local made=$kept/${1##*/}.made differs
  [[ -e $1 && -e $made ]] || { echo 0; return; }
  # "FILE FILE differ: char 12345, line 6", or that one has ended.
  differs=$(LC_ALL=C cmp -n "$(stat -c %s "$made")" "$1" "$made" 2>&1 | sed -nE 's/.*(byte|char) ([0-9]+).*/\2/p')
  if [[ -z $differs ]]; then echo $pages; else echo $(((differs - 1) / 16384)); fi
}
if [[ $1 == heal ]]; then
  declare -A standing=()
  for file in "${files[@]}"; do
    count=$(standing_pages "$file")
    if ((count > 0)); then standing[$file]=$count; fi
  done
  if ((${#standing[@]} == 0)); then
    rm -rf "$kept"
    echo "gone: the files that were damaged have been replaced or written since"
    exit 0
  fi
  systemctl stop "$DRILL_SERVICE" || true
  for file in "${!standing[@]}"; do
    dd if="$kept/${file##*/}" of="$file" bs=16k count="${standing[$file]}" conv=notrunc,fsync status=none
  done
  rm -r "$kept"
  systemctl reset-failed "$DRILL_SERVICE" || true
  systemctl start "$DRILL_SERVICE"
  exit 0
fi
systemctl stop "$DRILL_SERVICE"
mkdir -p "$kept"
for file in "${files[@]}"; do
  dd if="$file" of="$kept/${file##*/}" bs=16k count=$pages status=none
  head -c "$(stat -c %s "$kept/${file##*/}")" /dev/urandom >"$kept/${file##*/}.made"
  # Before the damage: one that is half made is healed too.
  sync "$kept"/*
  dd if="$kept/${file##*/}.made" of="$file" bs=16k conv=notrunc,fsync status=none
done
# It ends with an error, which is the point; its log has the reason.
systemctl start --no-block "$DRILL_SERVICE"
