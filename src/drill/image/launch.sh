#!/bin/bash
# Becomes the kernel of one practice host: launch.sh TREE FOLDER KERNEL_ARGUMENT...
# The kernel is that of the fleet's own Debian tree and runs with that tree's C library, so nothing of it has to be
# installed on this machine, and it is newer than this machine's. The mounts that takes are seen by this process only
# and go with it. FOLDER, with the disks and the serial line, is the kernel's working directory.
set -euo pipefail
if [[ ${DRILL_INSIDE:-} != yes ]]; then
  DRILL_INSIDE=yes exec unshare --mount --propagation private -- "$0" "$@"
fi
tree=$1 folder=$2
shift 2
# Both ends are opened for reading and writing: the kernel never sees the line close, also when a caller comes and goes.
exec 3<>"$folder/serial.in" 4<>"$folder/serial.out"
# The images lie beside the folder, in the cache: one place to find both.
mount --rbind / "$tree/mnt"
mount --rbind /dev "$tree/dev"
mount -t proc proc "$tree/proc"
unset DRILL_INSIDE
# Its memory is a deleted file in /dev/shm, its control socket lies in the folder.
exec chroot "$tree" /usr/bin/env -i "HOME=/mnt$folder" TMPDIR=/dev/shm PATH=/usr/bin \
  /bin/sh -c "cd \"\$1\"; shift; exec linux.uml \"\$@\" <\"/dev/null\" >\"boot.log\" 2>&1" sh "/mnt$folder" "$@"
