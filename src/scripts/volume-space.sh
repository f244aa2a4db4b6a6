#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# How much room a volume group has left, or a thin pool in it.
#   volume-space.sh group=GROUP pool=POOL     pool: empty for the group's own room
# Prints one line or two: group|bytes|bytes free    pool|lv_attr|bytes|% of data|% of metadata
set -u
declare_words 'group pool' "$@"
told() { lvm_do "$1" --noheadings --nosuffix --units b --separator '|' -o "$2" "$3" | tr -d ' '; }
row=$(told vgs vg_size,vg_free "$group")
[ -n "$row" ] || fail "LVM can't tell the room of $group"
echo "group|$row"
[ -n "$pool" ] || exit 0
# Without --readonly, which leaves out how full a pool is.
row=$(told lvs lv_attr,lv_size,data_percent,metadata_percent "$group/$pool")
[ -n "$row" ] || fail "LVM can't tell how full $group/$pool is"
echo "pool|$row"
