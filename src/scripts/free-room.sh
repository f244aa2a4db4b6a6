#!/bin/sh
# What a running server needs of its disk, for its logs. Part of seed-load.sh, proof.sh, tables.sh and seed-receive.sh, which work beside one.

# room_left: the bytes that the file system of the working directory has beside these servers: all but 5 % of it, 1 GiB at most (room.ts has the same).
# Below 0: they have less than that.
room_left() {
  df -B1 --output=avail,size . | awk 'NR == 2 { kept = $2 / 20; printf "%.0f", $1 - (kept > 1073741824 ? 1073741824 : kept) }'
}
# has_room BYTES: whether it has so many. Where that is not known, it has none.
has_room() { left=$(room_left) && [ -n "$left" ] && [ "$left" -ge "$1" ]; }
