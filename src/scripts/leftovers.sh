#!/bin/sh
# What reseed left on this host, found by its own marks and nothing else; and the small acts that take it away.
#   leftovers.sh find DATADIR            everything there is, one thing a line, its fields parted by `|`, as below
#   leftovers.sh unmount FOLDER DEVICE   DEVICE: major:minor, as it was found
#   leftovers.sh forget NAME             the coordinates of a snapshot that is not there
#   leftovers.sh unhold UNIT JOB         what keeps a server from being started while its files are read (seed-still.sh)
#   leftovers.sh scrap NAME              an empty folder, or what a killed script had in /run/reseed
# Each act may be said twice. Ends with 3 where the thing is in use, or not what it was: nothing was done.
set -u
verb=$1
run=/run/reseed
coordinates=/var/lib/reseed/snapshots

# Units: by their folders, by systemd, and by the word in the environment of their processes.
unit_names() {
  for folder in "$run"/*/*/; do
    if [ -e "${folder}starting" ]; then folder=${folder%/}; echo "${folder#"$run/"}"; fi
  done
  if [ -d /run/systemd/system ]; then
    systemctl list-units --all --plain --no-legend 'reseed-*.service' | while read -r unit _; do
      systemctl show -p Environment --value "$unit"
    done | tr ' ' '\n' | sed -n 's/^RESEED_UNIT=//p'
  fi
  grep -shz '^RESEED_UNIT=' /proc/[0-9]*/environ | tr '\0' '\n' | sed -n 's/^RESEED_UNIT=//p'
}

find_units() {
  unit_names | grep -x '[a-z0-9-]*/[a-z0-9-]*' | sort -u | while IFS=/ read -r job role; do
    if grep -qsxzF "RESEED_UNIT=$job/$role" /proc/[0-9]*/environ; then state=running; else state=over; fi
    echo "unit|$job|$role|$state"
  done
}

find_volumes() {
  rows=$(lvm_do lvs --noheadings --separator '|' --units b --nosuffix \
    -o lv_name,vg_name,lv_uuid,origin,lv_size,lv_tags,lv_kernel_major,lv_kernel_minor,lv_attr)
  told=$?
  printf '%s\n' "$rows" | sed -n 's/^ *\(.*|.*\)/volume|\1/p'
  # LVM ends with 5 when it could not tell everything.
  if [ "$told" = 0 ]; then echo 'volumes|all'; fi
}

# What a seed leaves on purpose: new and old data, its mark on a datadir that is not whole, its hold on the service.
find_of_seeds() {
  if [ -n "$1" ]; then
    datadir=$(readlink -m "$1")
    for path in "$datadir"/.reseed-* "$datadir"/RESEED_IN_PROGRESS; do
      if [ -e "$path" ]; then echo "seed|$path"; fi
    done
  fi
  for path in /etc/systemd/system/*.service.d/reseed-*.conf /run/systemd/system/*.service.d/reseed-*.conf; do
    case $path in *-still.conf) continue ;; esac
    if [ -e "$path" ]; then echo "seed|$path"; fi
  done
  for path in /run/systemd/system/mysql*.service /run/systemd/system/mariadb*.service; do
    if [ "$(readlink "$path")" = /dev/null ]; then echo "mask|${path##*/}"; fi
  done
}

# The data that it guards is whole: it may go as soon as its job is gone.
find_holds() {
  for path in /run/systemd/system/*.service.d/reseed-*-still.conf; do
    [ -e "$path" ] || continue
    unit=${path%.service.d/*} job=${path##*/reseed-}
    echo "hold|${unit##*/}|${job%-still.conf}"
  done
}

find_all() {
  if [ -s "$run/lock" ]; then echo "lock|$(head -n 1 "$run/lock")|$(sed -n 2p "$run/lock")"; fi
  find_units
  find_volumes
  sed 's/^/mount|/' /proc/self/mountinfo
  for path in "$coordinates"/*; do
    if [ -f "$path" ]; then echo "coordinates|${path##*/}"; fi
  done
  # Keys and lists of seeds are below the folder of their job.
  for path in "$run"/lock.* "$run"/taking-* "$run"/*/seed "$run"/*/at-t* "$run"/*/still; do
    if [ -e "$path" ]; then echo "scrap|${path#"$run/"}"; fi
  done
  for path in "$run"/mount/*; do
    if rmdir_would "$path"; then echo "scrap|mount/${path##*/}"; fi
  done
  for path in "$run"/applier-*; do
    if [ -f "$path" ]; then echo "applier|${path##*/applier-}"; fi
  done
  find_holds
  find_of_seeds "$1"
}

# Empty, and nothing is mounted there.
rmdir_would() { [ -d "$1" ] && [ -z "$(ls -A "$1")" ] && ! findmnt -n -o TARGET -M "$1" >/dev/null; }

case $verb in
  find) find_all "$2" ;;
  unmount)
    folder=$2
    mounted=$(findmnt -n -o MAJ:MIN -M "$folder" | tr -d ' ')
    [ -n "$mounted" ] || exit 0
    [ "$mounted" = "$3" ] || refuse "on $folder is another device now: $mounted"
    umount "$folder" || refuse "$folder is in use: $(fuser -m "$folder" 2>/dev/null)"
    case $folder in "$run"/mount/*) rmdir "$folder" 2>/dev/null ;; esac
    exit 0
    ;;
  forget)
    names=$(lvm_do lvs --noheadings -o lv_name) || fail "LVM can't tell whether there is a snapshot $2"
    if printf '%s\n' "$names" | tr -d ' ' | grep -qxF -- "${2%.part}"; then refuse "there is a snapshot $2 now"; fi
    rm -f -- "$coordinates/$2"
    # A power cut must not bring it back.
    sync "$coordinates" 2>/dev/null || sync
    ;;
  unhold)
    unit=$2 job=$3
    case $job in *[!a-z0-9]* | '') exit 64 ;; esac
    file=/run/systemd/system/$unit.service.d/reseed-$job-still.conf
    [ -e "$file" ] || exit 0
    rm -f -- "$file" && rm -rf "/run/reseed/$job/still" || exit 1
    rmdir -- "${file%/*}" "/run/reseed/$job" 2>/dev/null
    systemctl daemon-reload
    ;;
  scrap)
    case $2 in
      *..*) exit 64 ;;
      mount/*) rmdir -- "$run/$2" 2>/dev/null || [ ! -e "$run/$2" ] || refuse "$run/$2 is in use" ;;
      lock.* | taking-*) rm -rf -- "${run:?}/$2" ;;
      */seed | */at-t* | */still)
        rm -rf -- "${run:?}/$2"
        rmdir -- "$run/${2%/*}" 2>/dev/null
        exit 0
        ;;
    esac
    ;;
esac
