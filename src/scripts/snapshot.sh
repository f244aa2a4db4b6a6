#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Mounts, copies, unmounts, watches, extends and removes one snapshot, which is identified by all its names and ids.
#   snapshot.sh VERB group=GROUP name=NAME uuid=UUID origin=ORIGIN ...
#     name: its own, or the one that its tag reseed-as has, where a command of the inventory named it (own-snapshot.sh)
#     uuid: empty where only the job's key is known
#   mount, unmount folder=FOLDER
#   remove job=JOB           JOB: empty, or the key of the job that must have made it; the same below
#   use job=JOB              how full it is, and which space it fills: three or two lines,
#     snapshot|lv_attr|bytes|% used    pool|its name|lv_attr|bytes|% of data|% of metadata    group|bytes free
#   coordinates job=JOB      what take-snapshot.sh recorded about it
#   copy job=JOB bytes=BYTES     a writable copy of it, for that job (snapshot-copy.sh); bytes: the room for what is written, of a thin one empty
#   uncopy job=JOB           removes that copy
#   restores                 marks it: a server was started on a copy of it, and read its tables. Milliseconds that took, on standard input, behind it how much of
#                            the data that was, in percent, and when, in seconds of 1970; `no`: an earlier mark is removed
#   extend job=JOB bytes=BYTES   to so many bytes, or as far as the group has space; says how many
# Each can be repeated. Ends with 3 if the snapshot of that name is another one, or is in use: nothing was done.
set -u
umask 077
verb=$1
shift
case $verb in
  mount | unmount) own_words=folder ;;
  extend | copy) own_words='job bytes' ;;
  remove | use | coordinates | uncopy) own_words=job ;;
  restores) own_words='' ;;
  *) unknown_verb "$verb" ;;
esac
declare_words "group name uuid origin $own_words" "$@"
case $verb in
  copy | uncopy) case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac ;;
  # The kernel, and so findmnt, shows a mount point without links and extra slashes.
  mount | unmount) folder=$(readlink -m -- "$folder") || refuse "$folder: its links lead nowhere" ;;
esac

# Without --readonly, which leaves out how full a volume is.
told() { lvm_do lvs --noheadings --nosuffix --units b --separator '|' -o "$1" "$group/$2" | tr -d ' '; }
free_bytes() { lvm_do vgs --noheadings --nosuffix --units b -o vg_free "$group" | tr -d ' '; }
mounts() { findmnt -n -o TARGET -S "$device" 2>/dev/null; }
# A mount on a folder is also visible at every bind mount of the folders above it.
mounted_on() { mounts | grep -qxF -- "$1"; }
# Its recorded coordinates, and the temporary files of a killed take-snapshot.sh of the job.
clear_away() {
  rm -f "/var/lib/reseed/snapshots/$name" "/var/lib/reseed/snapshots/$name.part"
  clear_notes "$notes"
  # A power cut must not bring them back.
  sync /var/lib/reseed/snapshots 2>/dev/null || sync
  if [ -n "$job" ]; then rm -rf "/run/reseed/taking-$job"-*; fi
}
made_by() {
  [ -z "$1" ] && return
  case ,$tags, in *",reseed-job=$1,"*) ;; *) refuse "$group/$name was not made by job $1" ;; esac
}

# A change that a killed script began may still be under way: nothing counts as gone before that has ended.
if [ "$verb" != use ]; then
  mkdir -p /run/reseed || exit 1
  exec 9>>/run/reseed/lvm
  flock -w 60 9 || refuse "another command of reseed works on the volumes of this host"
fi

row=$(volume_row "$group" "$name" lv_uuid,origin,lv_tags,pool_lv) || exit 1
notes=/var/lib/reseed/snapshots/$name
if [ -z "$row" ]; then
  known=$(known_as "$group" "$name") || exit 1
  if [ -n "$known" ]; then
    name=$known
    row=$(volume_row "$group" "$name" lv_uuid,origin,lv_tags,pool_lv) || exit 1
  fi
fi
IFS='|' read -r found its_origin tags pool <<END
$row
END
if [ -z "$found" ]; then
  case $verb in
    unmount) exit 0 ;;
    uncopy)
      remove_copy "$job"
      exit
      ;;
    remove)
      undo_own "$notes" "$group" "$origin" || exit 1
      clear_away
      exit 0
      ;;
    *) refuse "there is no $group/$name" ;;
  esac
fi
[ -z "$uuid" ] || [ "$found" = "$uuid" ] || refuse "$group/$name is another one now: its uuid is $found"
case $verb:,$tags, in
  # A copy that a job has left (reseed clean). A thin one has an origin, a classic one has none.
  remove:*,reseed-copy,*)
    made_by "$job"
    case $name in reseed-*-copy) ;; *) refuse "$group/$name is not called as a copy that a job made" ;; esac
    left=${name#reseed-}
    remove_copy "${left%-copy}"
    exit
    ;;
esac
# A volume without an origin is no snapshot.
[ -n "$origin" ] || refuse "of which volume is $group/$name to be a snapshot?"
[ "$its_origin" = "$origin" ] || refuse "$group/$name is not a snapshot of $origin"
device=$(readlink -f "/dev/$group/$name")

case $verb in
  mount)
    # A thin snapshot is not activated when the host starts; -K: activates it although it is marked so.
    if [ ! -b "$device" ]; then lvm_whole lvchange -qq -ay -K "$group/$name" || exit 1; fi
    device=$(readlink -f "/dev/$group/$name")
    ! mounted_on "$folder" || exit 0
    [ -z "$(mounts)" ] || refuse "$group/$name is mounted already: $(mounts)"
    case $(blkid -p -s TYPE -o value "$device") in
      ext[34]) options=ro,noload ;;
      # Its log is replayed into the snapshot; its uuid is its origin's.
      xfs) options=ro,nouuid ;;
      *) options=ro ;;
    esac
    mkdir -p "$folder" || exit 1
    mount -o "$options" "$device" "$folder" || exit 1
    ;;
  copy) make_copy || exit 1 ;;
  uncopy) remove_copy "$job" || exit 1 ;;
  unmount)
    if mounted_on "$folder"; then umount "$folder" || refuse "$folder is in use: $(fuser -m "$folder" 2>/dev/null)"; fi
    [ -z "$(mounts)" ] || refuse "$group/$name is mounted elsewhere: $(mounts)"
    rmdir "$folder" 2>/dev/null
    exit 0
    ;;
  remove)
    made_by "$job"
    case ,$tags, in *,reseed,*) ;; *) refuse "$group/$name was not made by reseed" ;; esac
    [ -z "$(mounts)" ] || refuse "$group/$name is mounted on $(mounts): unmount it first"
    remove_volume "$group" "$found" || exit 1
    clear_away
    ;;
  restores)
    read -r took part at || exit 1
    case $took in
      no) set -- ;;
      *[!0-9]* | '') refuse "not a number of milliseconds: $took" ;;
      *)
        case $part in *[!0-9]* | '' | ????*) refuse "not a part in percent: $part" ;; esac
        case $at in *[!0-9]* | '') refuse "not a time: $at" ;; esac
        [ "$part" -lt 100 ] || part=''
        set -- --addtag "reseed-restores=$at:$took${part:+:$part}"
        ;;
    esac
    for tag in $(printf '%s' "$tags" | tr , ' '); do
      case $tag in reseed-restores=*) set -- "$@" --deltag "$tag" ;; esac
    done
    [ $# = 0 ] || lvm_whole lvchange -qq "$@" "$group/$name" || exit 1
    ;;
  coordinates) cat "/var/lib/reseed/snapshots/$name" || exit 1 ;;
  use)
    made_by "$job"
    row=$(told lv_attr,lv_size,data_percent "$name") && [ -n "$row" ] || exit 1
    echo "snapshot|$row"
    if [ -n "$pool" ]; then
      row=$(told lv_attr,lv_size,data_percent,metadata_percent "$pool") && [ -n "$row" ] || exit 1
      echo "pool|$pool|$row"
    fi
    row=$(free_bytes) && [ -n "$row" ] || exit 1
    echo "group|$row"
    ;;
  extend)
    made_by "$job"
    [ -z "$pool" ] || refuse "$group/$name is thin: its room is its pool's"
    size=$(told lv_size "$name") free=$(free_bytes)
    case $size$free in *[!0-9]*) size='' ;; esac
    if [ -z "$size" ] || [ -z "$free" ]; then fail "LVM can't tell the size of $group/$name and the room of $group"; fi
    if [ "$size" -lt "$bytes" ]; then
      [ "$free" -gt 0 ] || refuse "$group has no room for $group/$name to grow"
      if [ $((bytes - size)) -gt "$free" ]; then bytes=$((size + free)); fi
      lvm_whole lvextend -qq -L "${bytes}b" "$group/$name" || exit 1
    fi
    told lv_size "$name"
    ;;
esac
