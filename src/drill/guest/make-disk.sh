#!/bin/bash
# Makes a host's data disk: runs as the only program of a machine that is started for this alone, and powers it off.
# ubdb is the disk, ubdc a tar of a datadir (absent: the datadir stays empty). The DRILL_ words come from the kernel's
# command line. The last line printed is the proof that all of it worked.
set -euo pipefail
# No udev runs here to wait for.
: "${DRILL_FS:?}" "${DRILL_LV=}"
export LVM_SUPPRESS_FD_WARNINGS=1 DM_DISABLE_UDEV=1 PATH=/usr/sbin:/usr/bin:/sbin:/bin

make_volume() {
  pvcreate -qq -ff -y /dev/ubdb
  vgcreate -qq "$DRILL_VG" /dev/ubdb
  if [[ -n $DRILL_LOG_LV ]]; then lvcreate -qq -y -L 512M -n "$DRILL_LOG_LV" "$DRILL_VG"; fi
  if [[ -n $DRILL_POOL ]]; then
    lvcreate -qq -y --type thin-pool -l 90%FREE -n "$DRILL_POOL" "$DRILL_VG"
    lvcreate -qq -y -V "${DRILL_LV_BYTES}b" -T "$DRILL_VG/$DRILL_POOL" -n "$DRILL_LV"
  else
    # The rest of the volume group stays free: it is where snapshots live.
    lvcreate -qq -y -L "${DRILL_LV_BYTES}b" -n "$DRILL_LV" "$DRILL_VG"
  fi
}

# One primary partition of type 83 over all but the first MiB, as the table of a disk has it: there is no fdisk here.
make_partition() {
  local sectors
  sectors=$(($(blockdev --getsz /dev/ubdb) - 2048))
  # Not active; no place by cylinders; Linux; first sector and length, 32 bits each, the least byte first.
  {
    printf '\0\0\0\0\203\0\0\0'
    for number in 2048 "$sectors"; do
      for shift in 0 8 16 24; do printf '%b' "\\0$(printf %o $((number >> shift & 255)))"; done
    done
  } | dd of=/dev/ubdb bs=1 seek=446 conv=notrunc status=none
  printf '\125\252' | dd of=/dev/ubdb bs=1 seek=510 conv=notrunc,fsync status=none
  blockdev --rereadpt /dev/ubdb
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
if [[ -n $DRILL_VG ]]; then make_volume; else make_partition; fi
volume=$DRILL_DEVICE
case $DRILL_FS in
  # lazy_*: the inode tables are written now, not by the kernel during a measurement.
  ext4) mkfs.ext4 -q -m 0 -E lazy_itable_init=0,lazy_journal_init=0 "$volume" ;;
  xfs) mkfs.xfs -q "$volume" ;;
esac
mkdir -p "$DRILL_MOUNT"
mount -t "$DRILL_FS" "$volume" "$DRILL_MOUNT"
mkdir -p "$DRILL_DATADIR"
if [[ -b /dev/ubdc ]]; then
  tar -xf /dev/ubdc -C "$DRILL_DATADIR" --numeric-owner
fi
owned() { install -d -o "${DRILL_OWNER%:*}" -g "${DRILL_OWNER#*:}" -m 750 "$1"; }
owned "$DRILL_DATADIR"
if [[ -n $DRILL_REDO ]]; then
  owned "$DRILL_REDO"
  mv "$DRILL_DATADIR/#innodb_redo" "$DRILL_REDO/"
fi
if [[ -n $DRILL_UNDO ]]; then
  owned "$DRILL_UNDO"
  mv "$DRILL_DATADIR"/undo_00? "$DRILL_UNDO/"
fi
umount "$DRILL_MOUNT"
if [[ -n $DRILL_LOG_LV ]]; then
  mkfs.xfs -q "/dev/$DRILL_VG/$DRILL_LOG_LV"
  mkdir -p "$DRILL_LOG_MOUNT"
  mount -t xfs "/dev/$DRILL_VG/$DRILL_LOG_LV" "$DRILL_LOG_MOUNT"
  owned "$DRILL_LOG_MOUNT"
  umount "$DRILL_LOG_MOUNT"
fi
if [[ -n $DRILL_VG ]]; then vgchange -qq -an "$DRILL_VG"; fi
echo "drill: the disk is made"
