#!/bin/sh
# Programs that read what another host sent. A fragment of seed-receive.sh, seed-prepare.sh, seed-load.sh and the scripts of a salvage.
owner=''
# Folders that are empty there, with blanks between: a read-only view does not keep a program from the sockets of other servers.
cell_hides=''
# Folders of / that alone are there, instead of all but those above: nothing else of / is, files either.
cell_only=''
# Further namespaces of its own: --net.
cell_spaces=''
# A socket of this host that is reached there as /mnt/socket, a file of the working directory. Then nothing can be written, devices that keep data are not there, and /proc is
# read-only: the account may be root's, which a server knows by its uid, and which without any capability still has what is root's.
cell_socket=''

# in_cell FOLDER COMMAND...: runs the command as the server's account, in a view of this host in which it can write the
# working directory and nothing else. There that is /mnt. mbstream opens any name that its input has (newer ones refuse some), `../..` and absolute
# ones too, and with the account's rights it would reach other data of the server. It sees no process of others. FOLDER
# is root's, and empty.
in_cell() {
  cell=$1
  shift
  # A client has its login on descriptor 8; else that is a file that a unit holds open.
  if [ -n "$cell_socket" ]; then enter_cell "$@" 9>&-; else enter_cell "$@" 8>&- 9>&-; fi
}
enter_cell() {
  # shellcheck disable=SC2016,SC2086  # of the inner shell; words
  unshare --mount $cell_spaces --propagation private --pid --fork --kill-child -- sh -c '
    owner=$1 cell=$2 hidden=$3 only=$4 socket=$5 inode=$(stat -c %d:%i .) path=$PATH
    shift 5
    read_only() { mount --bind "$1" "$cell$1" && mount -o remount,bind,ro "$cell$1"; }
    if [ -n "$only" ]; then
      mount -t tmpfs -o size=1m,mode=755 none "$cell" && mkdir "$cell/dev" "$cell/proc" "$cell/mnt" || exit 70
      for part in $only; do
        if [ -L "$part" ]; then cp -P "$part" "$cell$part" || exit 70
        elif [ -d "$part" ]; then mkdir "$cell$part" && read_only "$part" || exit 70
        fi
      done
    else
      mount --bind / "$cell" && mount -o remount,bind,ro "$cell" || exit 70
    fi
    for part in /usr /usr/local /opt /lib /lib64 /etc; do
      if [ -d "$cell$part" ] && mountpoint -q "$part" && [ ! -L "$part" ]; then read_only "$part" || exit 70; fi
    done
    for part in $hidden; do
      if [ -d "$part" ] && [ ! -L "$part" ]; then mount -t tmpfs -o ro,size=4k none "$cell$part" || exit 70; fi
    done
    if [ -n "$socket" ]; then
      mount -t tmpfs -o size=64k,mode=755 none "$cell/dev" || exit 70
      for part in null zero random urandom; do : >"$cell/dev/$part" && mount --bind "/dev/$part" "$cell/dev/$part" || exit 70; done
      ln -s /proc/self/fd "$cell/dev/fd" && mount -o remount,ro "$cell/dev" || exit 70
      how=ro
    else
      mount --bind /dev "$cell/dev" || exit 70
      how=rw
    fi
    # Of this cell alone: by those of others it would reach their folders.
    mount -t proc -o "$how" proc "$cell/proc" || exit 70
    # -c: the kernel itself finds the folder. Its path has names that the account may change meanwhile.
    mount -c --bind . "$cell/mnt" || exit 70
    [ "$(stat -c %d:%i "$cell/mnt")" = "$inode" ] || { echo "another folder was put in the place of the new data" >&2; exit 70; }
    if [ -n "$socket" ]; then mount --bind "$socket" "$cell/mnt/socket" && mount -o remount,bind,ro "$cell/mnt" || exit 70; fi
    [ -z "$only" ] || mount -o remount,ro "$cell" || exit 70
    cd -P -- "$cell" || exit 70
    exec chroot . setpriv "--reuid=${owner%%:*}" "--regid=${owner#*:}" --clear-groups --no-new-privs --inh-caps=-all \
      --bounding-set=-all -- sh -c "cd -P /mnt && PATH=\$0 && exec \"\$@\"" "$path" "$@"
  ' sh "$owner" "$cell" "$cell_hides" "$cell_only" "$cell_socket" "$@"
}
