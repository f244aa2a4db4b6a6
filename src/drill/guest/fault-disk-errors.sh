#!/bin/bash
# Puts dm-flakey under the datadir's volume: every read and write fails from now on. `heal` takes it away again; the file
# system below has to be mounted anew then, so the machine is started again after it.
#   fault-disk-errors.sh make | heal
set -euo pipefail
export LVM_SUPPRESS_FD_WARNINGS=1
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh
# The name of the device below: the pool's data of a thin volume, the origin's own blocks below a classic snapshot.
mapped() { printf '%s-%s' "${DRILL_VG//-/--}" "${1//-/--}"; }
if [[ -n $DRILL_POOL ]]; then device=$(mapped "$DRILL_POOL")_tdata; else device=$(mapped "$DRILL_LV"); fi
if dmsetup info "$device-real" >/dev/null 2>&1; then device=$device-real; fi

modprobe dm-flakey
table=$(dmsetup table "$device")
read -r start sectors target below offset _ <<<"$table"
if [[ $1 == make ]]; then
  [[ $target == linear ]] || { echo "$device is not one piece of one disk: $table"; exit 1; }
  table="$start $sectors flakey $below $offset 0 3600"
elif [[ $target != flakey ]]; then
  echo "gone: $device has another table since"
  exit 0
else
  table="$start $sectors linear $below $offset"
fi
dmsetup suspend --noflush --nolockfs "$device"
dmsetup load "$device" --table "$table"
dmsetup resume "$device"
