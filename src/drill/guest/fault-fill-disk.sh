#!/bin/bash
# Fills the file system of the datadir, but for KEEP bytes.  fault-fill-disk.sh make KEEP | heal
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
file=$DRILL_MOUNT/drill-fill
if [[ $1 == heal ]]; then
  rm -f "$file"
  exit 0
fi
keep=$2
free() { df --output=avail -B1 "$DRILL_MOUNT" | tail -n 1; }
# Nearly all at once; the last of it, which the file system needs in part for the list of blocks, as it comes.
room=$((($(free) - keep) * 99 / 100))
((room > 0)) || { echo "less than $keep bytes are free already"; exit 1; }
fallocate -l "$room" "$file"
left=$((($(free) - keep) / 4096))
dd if=/dev/zero of="$file" bs=4096 count="$left" oflag=append conv=notrunc status=none 2>/dev/null || true
