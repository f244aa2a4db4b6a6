#!/bin/bash
# Makes this machine the host it was started as: its files, its network, its volume.
# Runs at every boot, before sshd and mysqld; what stands already is left as it is.
# ubdb is the data disk, ubdc a tar of this host's own files.
set -euo pipefail
export LVM_SUPPRESS_FD_WARNINGS=1

modprobe -a dm-mod dm-snapshot dm-thin-pool
# Set last, once all of it is on the disk: a power cut in a first boot makes the next one the first.
done=/etc/drill/set-up
if [[ ! -e $done ]]; then
  tar -xf /dev/ubdc -C / --no-same-owner
fi
# shellcheck source=/dev/null
. /etc/drill/host.env
: "${DRILL_USER:?}" "${DRILL_BLANK:?}" "${DRILL_FS:?}"

hostname "$DRILL_HOST"
ip link set lo up
ip link set vec0 up
if [[ -n $DRILL_PEER ]]; then
  # Only one machine can be talked to: the others have to go through it.
  ip address replace "$DRILL_ADDRESS/32" dev vec0
  ip route replace "$DRILL_PEER/32" dev vec0
else
  ip address replace "$DRILL_ADDRESS/24" dev vec0
fi

if [[ -n $DRILL_VG ]]; then vgchange -qq -ay "$DRILL_VG"; fi
udevadm settle --timeout=60
# mounted FILE_SYSTEM DEVICE FOLDER
mounted() {
  mkdir -p "$3"
  mountpoint -q "$3" || mount -t "$1" "$2" "$3"
}
mounted "$DRILL_FS" "$DRILL_DEVICE" "$DRILL_MOUNT"
if [[ -n $DRILL_LOG_LV ]]; then mounted xfs "/dev/$DRILL_VG/$DRILL_LOG_LV" "$DRILL_LOG_MOUNT"; fi
if [[ ! -e $done ]]; then
  if [[ -n $DRILL_ERROR_LOG ]]; then install -d -o mysql -g adm -m 750 "$(dirname "$DRILL_ERROR_LOG")"; fi
  if [[ -n $DRILL_LINK ]]; then
    # MariaDB 11 from Debian has no such folder before its first start.
    if [[ -d $DRILL_LINK ]]; then rmdir "$DRILL_LINK"; fi
    ln -s "$DRILL_DATADIR" "$DRILL_LINK"
  fi
  if [[ $DRILL_USER != root ]]; then
    id "$DRILL_USER" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$DRILL_USER"
    chown -R "$DRILL_USER:$DRILL_USER" "/home/$DRILL_USER"
  fi
  if [[ $DRILL_BLANK == yes ]]; then
    # Only what Debian always has.
    dpkg --purge --force-depends socat pv zstd rsync >/dev/null
  else
    systemctl --no-block --quiet enable --now "$DRILL_SERVICE"
  fi
  sync
  touch "$done"
  sync
fi
