#!/bin/bash
# Turns a bare Debian tree into the root of a practice host. finish-root.sh ROOT GUEST_FILES KERNEL_MODULES RELEASE
set -euo pipefail
root=$1 guest=$2 modules=$3 release=$4

mkdir -p "$root/lib/modules" "$root/usr/local/lib/drill"
cp -a "$modules"/* "$root/lib/modules/"
rm -rf "$root/usr/lib/uml" "$root/usr/bin/linux.uml"
install -m 755 "$guest"/*.sh "$root/usr/local/lib/drill/"
install -m 644 "$guest"/*.service "$root/etc/systemd/system/"

# Nothing may start that a practice host has no use for: six of them boot on two cores, and starting one
# program costs ten milliseconds of them.
systemctl --root="$root" --quiet mask getty.target getty@tty1.service serial-getty@ttyS0.service console-getty.service \
  lvm2-monitor.service lvm2-lvmpolld.socket blk-availability.service dm-event.socket xfs_healer_start.service \
  xfs_scrub_all.timer apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer systemd-tmpfiles-clean.timer systemd-pstore.service systemd-binfmt.service \
  proc-sys-fs-binfmt_misc.automount systemd-update-utmp.service systemd-random-seed.service systemd-journal-flush.service \
  systemd-udev-trigger.service systemd-udev-load-credentials.service systemd-modules-load.service kmod-static-nodes.service \
  modprobe@drm.service modprobe@fuse.service modprobe@configfs.service modprobe@efi_pstore.service \
  systemd-ask-password-console.path systemd-ask-password-wall.path systemd-mute-console.socket systemd-factory-reset.socket \
  systemd-sysinstall.socket systemd-creds.socket systemd-journal-catalog-update.service ldconfig.service \
  systemd-sysusers.service sshd-unix-local.socket sys-kernel-debug.mount sys-kernel-tracing.mount dev-mqueue.mount
systemctl --root="$root" --quiet set-default multi-user.target
systemctl --root="$root" --quiet enable drill-setup.service drill-serial.service drill-trickle.service \
  drill-first-start.service ssh.service
for unit in ssh.socket mysql.service mariadb.service; do
  # setup.sh enables the server on the hosts that have one running.
  if [[ -e $root/lib/systemd/system/$unit ]]; then systemctl --root="$root" --quiet disable "$unit"; fi
done

# Debian starts the whole server a first time to check its options, and checks every table after each start.
for service in mysql mariadb; do
  mkdir -p "$root/etc/systemd/system/$service.service.d"
  printf '[Service]\nExecStartPre=\nExecStartPost=\nRuntimeDirectory=mysqld\n' >"$root/etc/systemd/system/$service.service.d/drill.conf"
done

# MariaDB 11 has its own names. Where Debian still links the old ones to them, other packages do not.
if [[ $release == mariadb-11 ]]; then find "$root/usr/bin" "$root/usr/sbin" -name 'mysql*' -type l -delete; fi

# Keys, identities and the package's own empty datadir belong to each host, or are not there.
rm -rf "$root"/etc/ssh/ssh_host_* "$root"/var/lib/mysql/* "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
: >"$root/etc/machine-id"
: >"$root/etc/fstab"
mkdir -p "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system.conf.d"
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=8M\n' >"$root/etc/systemd/journald.conf.d/drill.conf"
# The first boot on a loaded machine is slow; a unit must not be given up for it.
printf '[Manager]\nDefaultTimeoutStartSec=180s\n' >"$root/etc/systemd/system.conf.d/drill.conf"
mkdir -p "$root/etc/ssh/sshd_config.d"
cat >"$root/etc/ssh/sshd_config.d/drill.conf" <<'CONF'
PermitRootLogin prohibit-password
PasswordAuthentication no
UseDNS no
CONF
# Or systemd takes the image for one whose /usr was just upgraded, and brings caches up to date for seconds.
touch "$root/usr" "$root/etc/.updated" "$root/var/.updated"
