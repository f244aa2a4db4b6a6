#!/bin/bash
# Makes a host's data disk: runs as the only program of a machine that is started for this alone, and powers it off.
# ubdb is the disk, ubdc a tar of a datadir (absent: the datadir stays empty). The DRILL_ words come from the kernel's
# command line. The last line printed is the proof that all of it worked.
set -euo pipefail
# No udev runs here to wait for.
export LVM_SUPPRESS_FD_WARNINGS=1 DM_DISABLE_UDEV=1 PATH=/usr/sbin:/usr/bin:/sbin:/bin

make_volume() {
  pvcreate -qq -ff -y /dev/ubdb
  vgcreate -qq "$DRILL_VG" /dev/ubdb
  if [[ -n $DRILL_POOL ]]; then
    lvcreate -qq -y --type thin-pool -l 90%VG -n "$DRILL_POOL" "$DRILL_VG"
    lvcreate -qq -y -V "${DRILL_LV_BYTES}b" -T "$DRILL_VG/$DRILL_POOL" -n "$DRILL_LV"
  else
    # The rest of the volume group stays free: it is where snapshots live.
    lvcreate -qq -y -L "${DRILL_LV_BYTES}b" -n "$DRILL_LV" "$DRILL_VG"
  fi
}

power_off() {
  sync
  echo o >/proc/sysrq-trigger
  sleep 60
}
trap power_off EXIT

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mkdir -p /run/lock/lvm /run/lvm
modprobe -a dm-mod dm-snapshot dm-thin-pool
make_volume
volume=/dev/$DRILL_VG/$DRILL_LV
case $DRILL_FS in
  # lazy_*: the inode tables are written now, not by the kernel while somebody measures.
  ext4) mkfs.ext4 -q -m 0 -E lazy_itable_init=0,lazy_journal_init=0 "$volume" ;;
  xfs) mkfs.xfs -q "$volume" ;;
esac
mkdir -p "$DRILL_MOUNT"
mount -t "$DRILL_FS" "$volume" "$DRILL_MOUNT"
mkdir -p "$DRILL_DATADIR"
if [[ -b /dev/ubdc ]]; then
  tar -xf /dev/ubdc -C "$DRILL_DATADIR" --numeric-owner
fi
chown "$DRILL_OWNER" "$DRILL_DATADIR"
chmod 750 "$DRILL_DATADIR"
umount "$DRILL_MOUNT"
vgchange -qq -an "$DRILL_VG"
echo "drill: the disk is made"
