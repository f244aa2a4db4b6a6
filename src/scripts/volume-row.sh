#!/bin/sh
# The report of LVM about a volume. A fragment of snapshot.sh and take-snapshot.sh.

# volume_row GROUP NAME FIELD,...: its fields, with | between; empty if there is no such volume. Only a successful
# report proves that there is none: if LVM can't tell, this ends with 1 after LVM's own words.
volume_row() {
  rows=$(lvm_do lvs --noheadings --readonly --separator '|' -o "lv_name,$3" "$1") || no_group "$1" ||
    fail "LVM can't tell whether there is $1/$2"
  printf '%s\n' "$rows" | tr -d ' ' | NAME=$2 awk -F '|' '$1 == ENVIRON["NAME"] { sub(/^[^|]*[|]/, ""); print }'
}

# remove_volume GROUP UUID: by its uuid, because the operator, or another program, may give the name to another volume at any
# time. Without such a volume there is nothing to remove.
remove_volume() { lvm_whole lvremove -qq -f --select "lv_uuid=$2" "$1"; }

# known_as GROUP NAME: the name of the volume that a command of the inventory made, and that a job knows as NAME (take-snapshot.sh);
# empty if there is none.
known_as() {
  rows=$(lvm_do lvs --noheadings --readonly --separator '|' -o lv_name,lv_tags "$1") || no_group "$1" || fail "LVM can't tell the tags in $1"
  printf '%s\n' "$rows" | tr -d ' ' | TAG=",reseed-as=$2," awk -F '|' 'index("," $2 ",", ENVIRON["TAG"]) { print $1; exit }'
}

# no_group GROUP: LVM reports its groups, and this is none of them.
no_group() {
  groups=$(lvm_do vgs --noheadings --readonly -o vg_name) || return
  ! printf '%s\n' "$groups" | tr -d ' ' | grep -qxF -- "$1"
}
