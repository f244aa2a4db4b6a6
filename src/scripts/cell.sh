#!/bin/sh
# Programs that read what another host sent. A fragment of seed-receive.sh, seed-prepare.sh and seed-load.sh.
owner=''
# Folders that are empty there, with blanks between: a read-only view does not keep a program from the sockets of other servers.
cell_hides=''

# in_cell FOLDER COMMAND...: runs the command as the server's account, in a view of this host in which it can write the
# working directory and nothing else. There that is /mnt. mbstream opens any name that its input has (newer ones refuse some), `../..` and absolute
# ones too, and with the account's rights it would reach other data of the server. It sees no process of others. FOLDER
# is root's, and empty.
in_cell() {
  cell=$1
  shift
  # shellcheck disable=SC2016  # of the inner shell
  unshare --mount --propagation private --pid --fork --kill-child -- sh -c '
    owner=$1 cell=$2 hidden=$3 inode=$(stat -c %d:%i .) path=$PATH
    shift 3
    read_only() { mount --bind "$1" "$cell$1" && mount -o remount,bind,ro "$cell$1"; }
    mount --bind / "$cell" && mount -o remount,bind,ro "$cell" || exit 70
    for part in /usr /usr/local /opt /lib /lib64 /etc; do
      if mountpoint -q "$part" && [ ! -L "$part" ]; then read_only "$part" || exit 70; fi
    done
    for part in $hidden; do
      if [ -d "$part" ] && [ ! -L "$part" ]; then mount -t tmpfs -o ro,size=4k none "$cell$part" || exit 70; fi
    done
    mount --bind /dev "$cell/dev" || exit 70
    # Of this cell alone: by those of others it would reach their folders.
    mount -t proc proc "$cell/proc" || exit 70
    # -c: the kernel itself finds the folder. Its path has names that the account may change meanwhile.
    mount -c --bind . "$cell/mnt" || exit 70
    [ "$(stat -c %d:%i "$cell/mnt")" = "$inode" ] || { echo "another folder was put in the place of the new data" >&2; exit 70; }
    cd -P -- "$cell" || exit 70
    exec chroot . setpriv "--reuid=${owner%%:*}" "--regid=${owner#*:}" --clear-groups --no-new-privs --inh-caps=-all \
      --bounding-set=-all -- sh -c "cd -P /mnt && PATH=\$0 && exec \"\$@\"" "$path" "$@"
  ' sh "$owner" "$cell" "$cell_hides" "$@" 8>&- 9>&-
}
