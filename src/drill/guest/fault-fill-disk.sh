#!/bin/bash
# Fills the file system of the datadir, but for KEEP bytes.  fault-fill-disk.sh make KEEP | heal
set -euo pipefail
# shellcheck source=/dev/null
. /etc/drill/host.env
file=$DRILL_MOUNT/drill-fill
if [[ $1 == heal ]]; then
  rm -f "$file"
  exit 0
fi
rm -f "$file"
free=$(df --output=avail -B1 "$DRILL_MOUNT" | tail -n 1)
fallocate -l $((free - $2)) "$file"
# What fallocate could not reach, block by block, until nothing fits.
if (($2 == 0)); then dd if=/dev/zero of="$file" bs=4096 oflag=append conv=notrunc 2>/dev/null || true; fi
