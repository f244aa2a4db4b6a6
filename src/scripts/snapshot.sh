#!/bin/sh
# Mounts, unmounts and removes one snapshot, which is named by all that tells it from any other.
#   snapshot.sh mount   GROUP NAME UUID ORIGIN FOLDER
#   snapshot.sh unmount GROUP NAME UUID ORIGIN FOLDER
#   snapshot.sh remove  GROUP NAME UUID ORIGIN JOB      JOB: empty, or the key of the job that must have made it;
#                                                       UUID: empty where only the job's key is known
# Each may be said twice. Ends with 3 where the snapshot of that name is another one, or is in use: nothing was done.
set -u
umask 077
verb=$1 group=$2 name=$3 uuid=$4 origin=$5 last=$6
export LC_ALL=C LVM_SUPPRESS_FD_WARNINGS=1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

refuse() { printf '%s\n' "$1" >&2; exit 3; }
field() { lvs --noheadings --readonly -o "$1" "$group/$name" 2>/dev/null | tr -d ' '; }
# lvm killed in its middle may leave the origin suspended: the end of our connection does not reach it.
whole() { setsid -w "$@" </dev/null; }
mounts() { findmnt -n -o TARGET -S "$device" 2>/dev/null; }

found=$(field lv_uuid)
if [ -z "$found" ]; then
  case $verb in
    mount) refuse "there is no $group/$name" ;;
    *) exit 0 ;;
  esac
fi
[ -z "$uuid" ] || [ "$found" = "$uuid" ] || refuse "$group/$name is another one now: its uuid is $found"
# What has no origin is no snapshot, whoever asks.
[ -n "$origin" ] || refuse "of which volume is $group/$name to be a snapshot?"
[ "$(field origin)" = "$origin" ] || refuse "$group/$name is not a snapshot of $origin"
device=$(readlink -f "/dev/$group/$name")

case $verb in
  mount)
    # A thin snapshot is not activated by itself when the host starts; -K: though it is marked so.
    if [ ! -b "$device" ]; then whole lvchange -qq -ay -K "$group/$name" || exit 1; fi
    device=$(readlink -f "/dev/$group/$name")
    case $(mounts) in
      "$last") exit 0 ;;
      ?*) refuse "$group/$name is mounted already: $(mounts)" ;;
    esac
    case $(blkid -p -s TYPE -o value "$device") in
      ext[34]) options=ro,noload ;;
      # Its log is replayed into the snapshot; its uuid is its origin's.
      xfs) options=ro,nouuid ;;
      *) options=ro ;;
    esac
    mkdir -p "$last" || exit 1
    mount -o "$options" "$device" "$last" || exit 1
    ;;
  unmount)
    case $(mounts) in
      '') ;;
      "$last") umount "$last" || refuse "$last is in use: $(fuser -m "$last" 2>/dev/null)" ;;
      *) refuse "$group/$name is mounted elsewhere: $(mounts)" ;;
    esac
    rmdir "$last" 2>/dev/null
    exit 0
    ;;
  remove)
    if [ -n "$last" ]; then
      case ,$(field lv_tags), in *",reseed-job=$last,"*) ;; *) refuse "$group/$name was not made by job $last" ;; esac
    fi
    [ -z "$(mounts)" ] || refuse "$group/$name is mounted on $(mounts): unmount it first"
    whole lvremove -qq -f "$group/$name" || exit 1
    rm -f "/var/lib/reseed/snapshots/$name"
    ;;
esac
