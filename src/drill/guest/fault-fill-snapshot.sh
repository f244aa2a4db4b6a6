#!/bin/bash
# A classic volume: makes a snapshot drill-full with room for 16 MiB and overwrites more than that below it, so that the
# snapshot becomes invalid. A thin volume has no such room: there the pool is filled to PERCENT.
#   fault-fill-snapshot.sh make PERCENT | heal
set -euo pipefail
export LVM_SUPPRESS_FD_WARNINGS=1
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
mark=$DRILL_MOUNT/drill-overwrite
if [[ $1 == heal ]]; then
  rm -f "$mark"
  if lvs "$DRILL_VG/drill-full" >/dev/null 2>&1; then lvremove -qq -f "$DRILL_VG/drill-full"; fi
  exit 0
fi
percent=$2

if [[ -n $DRILL_POOL ]]; then
  pool_bytes=$(lvs --noheadings --units b --nosuffix -o lv_size "$DRILL_VG/$DRILL_POOL" | tr -d ' ')
  used=$(lvs --noheadings -o data_percent "$DRILL_VG/$DRILL_POOL" | tr -d ' ' | cut -d. -f1)
  ((percent > used)) || { echo "the pool is at $used % already"; exit 1; }
  lvcreate -qq -y -V "${pool_bytes}b" -T "$DRILL_VG/$DRILL_POOL" -n drill-full
  mib=$((pool_bytes * (percent - used) / 100 / 1048576))
  dd if=/dev/zero of="/dev/$DRILL_VG/drill-full" bs=1M count="$mib" oflag=direct status=none
  exit 0
fi
# Written first, so that the blocks are there to be overwritten.
dd if=/dev/zero of="$mark" bs=1M count=48 conv=fsync status=none
lvcreate -qq -y -s -L 16M -n drill-full "$DRILL_VG/$DRILL_LV"
for _ in 1 2 3; do
  dd if=/dev/urandom of="$mark" bs=1M count=48 conv=notrunc,fsync status=none
  # The kernel logs an overflow and invalidates the snapshot; lvs shows it in the fifth letter.
  [[ $(lvs --noheadings -o lv_attr "$DRILL_VG/drill-full" | tr -d ' ') == ????I* ]] && exit 0
done
echo "the snapshot did not overflow"
exit 1
