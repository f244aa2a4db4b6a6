#!/bin/sh
# What a running server needs of its disk, for its logs. Part of seed-load.sh and tables.sh, which work beside one.

# has_room BYTES: whether the file system of the working directory has room for BYTES more, and for these servers: 5 % of it, 1 GiB at most (room.ts
# has the same). Where that is not known, it has none.
has_room() {
  df -B1 --output=avail,size . | awk -v more="$1" 'NR == 2 { kept = $2 / 20; fits = $1 - more >= (kept > 1073741824 ? 1073741824 : kept) } END { exit !fits }'
}
