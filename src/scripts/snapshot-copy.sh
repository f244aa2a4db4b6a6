#!/bin/sh
# shellcheck disable=SC2154  # words of snapshot.sh, and what it found
# A writable copy of a snapshot; the snapshot itself gets nothing of what is written. A fragment of snapshot.sh. Of a thin snapshot it is another thin one. Of a
# classic snapshot LVM makes none: it is a device of the kernel's target `snapshot` over it, which a volume of its own, reseed-JOB-copy, has room for. That device
# does not outlive a restart of the host; its volume does, and is not activated then (-ky; -K: now it is): it has the UUID of the file system of the live server,
# which /etc/fstab may name. For the same reason it begins with a header of the kernel's (P), and not with the first block that the server wrote.
# proof-words.ts has these names too.

# make_copy: of $group/$name, whose device is $device, for $job; with $bytes of room, if it is not thin. What an earlier try has left begins anew.
make_copy() {
  remove_copy "$job" || return
  set -- -qq -y -n "reseed-$job-copy" --addtag reseed --addtag "reseed-job=$job" --addtag reseed-copy
  if [ -n "$pool" ]; then
    lvm_whole lvcreate "$@" -s -ky -K "$group/$name"
    return
  fi
  [ -b "$device" ] || refuse "$group/$name has no device: it is not active"
  lvm_whole lvcreate "$@" -ky -K -Wn -Zy -L "${bytes}b" "$group" || return
  sectors=$(blockdev --getsz "$device") || return
  setsid -w dmsetup create "reseed_${job}_copy" --table "0 $sectors snapshot $device /dev/$group/reseed-$job-copy P 16" </dev/null
}

# remove_copy JOB: of this job; there may be none.
remove_copy() {
  if [ -e "/dev/mapper/reseed_$1_copy" ]; then setsid -w dmsetup remove --retry "reseed_$1_copy" </dev/null || return; fi
  row=$(volume_row "$group" "reseed-$1-copy" lv_uuid,lv_tags) || return
  [ -n "$row" ] || return 0
  case ,${row#*|}, in *,reseed-copy,*) ;; *) refuse "$group/reseed-$1-copy is no copy that job $1 made" ;; esac
  remove_volume "$group" "${row%%|*}"
}
