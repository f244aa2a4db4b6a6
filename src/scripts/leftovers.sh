#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# What reseed left on this host, found by its own marks and nothing else; and the small acts that take it away.
#   leftovers.sh find datadir=DATADIR defaults_file=FILE socket=SOCKET    everything there is, one thing a line, its fields parted by `|`, as below; `strange|WHERE` for
#                                        what reseed did not name so
#   leftovers.sh unmount folder=FOLDER device=DEVICE   DEVICE: major:minor, as it was found
#   leftovers.sh forget name=NAME        the coordinates of a snapshot that is not there
#   leftovers.sh unhold unit=UNIT job=JOB   what keeps a server from being started while its files are read (seed-still.sh)
#   leftovers.sh scrap name=NAME         an empty folder, what a killed script had in /run/reseed, or what a seed noted of a server
# Each act may be said twice. Ends with 3 where the thing is in use, or not what it was: nothing was done.
set -u
verb=$1
shift
case $verb in
  find) declare_words 'datadir defaults_file socket' "$@" ;;
  unmount) declare_words 'folder device' "$@" ;;
  forget | scrap) declare_words name "$@" ;;
  unhold) declare_words 'unit job' "$@" ;;
  *) unknown_verb "$verb" ;;
esac
run=/run/reseed
notes=/var/lib/reseed
coordinates=$notes/snapshots

# Units: found by their folders, by systemd, and by the word in the environment of root's own processes; another account
# may set such a word.
unit_names() {
  for folder in "$run"/*/*/; do
    if [ -e "${folder}starting" ]; then folder=${folder%/}; printf '%s\n' "${folder#"$run/"}"; fi
  done
  if systemd_runs; then
    systemctl list-units --all --plain --no-legend 'reseed-*.service' | while read -r unit _; do
      systemctl show -p Environment --value "$unit"
    done | tr ' ' '\n' | sed -n 's/^RESEED_UNIT=//p'
  fi
  # The first of the four is the account that started it: a setuid program of another account keeps the environment that
  # it was given.
  grep -ls '^Uid:[[:space:]]*0[[:space:]]' /proc/[0-9]*/status | sed 's/status$/environ/' | xargs -r grep -shz '^RESEED_UNIT=' |
    tr '\0' '\n' | sed -n 's/^RESEED_UNIT=//p'
}

find_units() {
  unit_names | sort -u | while IFS=/ read -r its_job role; do
    if ! is_key "$its_job" || ! is_role "$role"; then continue; fi
    if [ -n "$(unit_members "$its_job" "$role")" ]; then state=running; else state=over; fi
    echo "unit|$its_job|$role|$state"
  done
}

find_volumes() {
  if ! command -v lvs >/dev/null; then echo 'volumes|none'; return; fi
  rows=$(lvm_do lvs --noheadings --separator '|' --units b --nosuffix \
    -o lv_name,vg_name,lv_uuid,origin,lv_size,lv_tags,lv_kernel_major,lv_kernel_minor,lv_attr)
  told=$?
  printf '%s\n' "$rows" | sed -n 's/^ *\(.*|.*\)/volume|\1/p'
  # LVM ends with 5 when it could not report everything.
  if [ "$told" = 0 ]; then echo 'volumes|all'; fi
}

# What a seed leaves on purpose: new and old data, its mark on an incomplete datadir, its block on the service.
find_of_seeds() {
  if [ -n "$1" ]; then find_in_datadir "$1"; fi
  for path in /etc/systemd/system/*.service.d/reseed-*.conf /run/systemd/system/*.service.d/reseed-*.conf \
    /etc/systemd/system/*.service.d/zzzz-reseed-*.conf /run/systemd/system/*.service.d/zzzz-reseed-*.conf; do
    case $path in *-still.conf) continue ;; esac
    [ -e "$path" ] || continue
    unit=${path%.service.d/*} key=${path##*reseed-} key=${key%.conf}
    if is_unit "${unit##*/}" && is_key "${key%-start}"; then printf 'seed|%s\n' "$path"; else echo 'strange|services'; fi
  done
  for path in /run/systemd/system/mysql*.service /run/systemd/system/mariadb*.service; do
    [ "$(readlink "$path")" = /dev/null ] || continue
    if is_unit "${path##*/}"; then printf 'mask|%s\n' "${path##*/}"; else echo 'strange|services'; fi
  done
}

# The datadir belongs to its account: it is entered once, no name in it is followed, and only folders that root made
# there count as a job's.
find_in_datadir() (
  cd -P -- "$1" 2>/dev/null || exit 0
  # Unchanged, even with a newline at its end.
  entered=$(pwd -P && echo .) entered=${entered%??}
  for name in .reseed-* RESEED_IN_PROGRESS; do
    if [ ! -e "./$name" ] && [ ! -L "./$name" ]; then continue; fi
    case $entered in *[[:cntrl:]\|]*) echo 'strange|datadir'; continue ;; esac
    case $name in
      RESEED_IN_PROGRESS) [ -f "./$name" ] && [ ! -L "./$name" ] ;;
      *) is_key "${name#.reseed-}" && is_of_root "$name" ;;
    esac || { echo 'strange|datadir'; continue; }
    printf 'seed|%s/%s\n' "${entered%/}" "$name"
    if [ "$name" != RESEED_IN_PROGRESS ]; then find_in_places "$name"; fi
  done
)
# Places outside of the datadir are set aside there (stage-places.sh): the job's folder in the datadir has a list of
# them.
find_in_places() (
  job_folder=$1
  enter_folder "$job_folder" && [ -f places ] || exit 0
  while read -r kind place; do
    case $kind in
      without | keep) continue ;;
      redo | undo | doublewrite | aria) ;;
      *) place=$(dirname -- "$place") ;;
    esac
    case $place in *[[:cntrl:]\|]*) continue ;; /*) ;; *) continue ;; esac
    (cd -P -- "$place" 2>/dev/null && is_of_root "$job_folder") && printf 'seed|%s/%s\n' "$place" "$job_folder"
  done <places | sort -u
)

# The data that it guards is complete: it may be removed as soon as its job is over.
find_holds() {
  for path in /run/systemd/system/*.service.d/reseed-*-still.conf /run/systemd/system/*.service.d/zzzz-reseed-*-still.conf; do
    [ -e "$path" ] || continue
    unit=${path%.service.d/*} key=${path##*reseed-}
    unit=${unit##*/} key=${key%-still.conf}
    if is_unit "$unit" && is_key "$key"; then printf 'hold|%s|%s\n' "$unit" "$key"; else echo 'strange|services'; fi
  done
}

# find_locks DATADIR: `lock` has DATADIR, or the whole host; `locked` has another datadir, which may be that of another
# server of this host.
find_locks() {
  for file in $(locks_on ''); do
    key=$(lock_job "$file") who=$(lock_who "$file" | plain_line) datadir=$(lock_datadir "$file" | plain_line)
    if ! is_key "$key"; then echo 'strange|run'
    elif [ "$file" = "${host_lock:?}" ] || { [ -n "$1" ] && is_lock_of "$file" "$1"; }; then printf 'lock|%s|%s|%s\n' "$key" "$who" "$datadir"
    else printf 'locked|%s|%s|%s\n' "$key" "$who" "$datadir"
    fi
  done
}
plain_line() { tr -d '\n' | tr '[:cntrl:]|' '??'; }

# Accounts of seeds by CLONE at their donor (seed-clone-donor.sh): of that name, with that one privilege. A server that is down tells none, and one
# that is no MySQL has none.
find_accounts() {
  # shellcheck disable=SC2034  # the prelude's
  client_limit='timeout 10'
  rows=$(sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "SELECT SUBSTRING(u.User, 8) FROM mysql.user u
    WHERE u.User REGEXP '^reseed_[0-9a-f]{8}\$' AND u.Host = '%'
      AND (SELECT GROUP_CONCAT(g.PRIV) FROM mysql.global_grants g WHERE g.USER = u.User AND g.HOST = u.Host) = 'BACKUP_ADMIN'" </dev/null 2>/dev/null) || return 0
  printf '%s\n' "$rows" | grep -xE '[0-9a-f]{8}' | sed 's/^/account|/'
}

# Named tables of a job (tables.sh): `tables|JOB|NEW|OLD|STATE`, how many tables its databases have, `-` where one is not there, `?` where the server does not say; and what the
# folder of the job notes.
find_tables() {
  # shellcheck disable=SC2034  # the prelude's
  client_limit='timeout 10'
  rows=$(sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "SELECT s.SCHEMA_NAME, COUNT(t.TABLE_NAME) FROM information_schema.SCHEMATA s
    LEFT JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = s.SCHEMA_NAME WHERE s.SCHEMA_NAME REGEXP '^reseed_(new|old)_[a-z0-9]+\$' GROUP BY s.SCHEMA_NAME" </dev/null 2>/dev/null) || rows='?'
  {
    printf '%s\n' "$rows" | sed -nE 's/^reseed_(new|old)_([a-z0-9]+)	[0-9]+$/\2/p'
    in_datadir "$1" noted_tables
  } | sort -u | while read -r its_job; do
    if ! is_key "$its_job"; then continue; fi
    echo "tables|$its_job|$(count_of "new_$its_job")|$(count_of "old_$its_job")|$(in_datadir "$1" state_of_tables "$its_job")"
  done
}
count_of() {
  if [ "$rows" = '?' ]; then echo '?'; else printf '%s\n' "$rows" | sed -n "s/^reseed_$1	//p" | grep . || echo -; fi
}
# in_datadir DATADIR COMMAND...
in_datadir() (
  if [ -z "$1" ] || ! cd -P -- "$1" 2>/dev/null; then return 0; fi
  shift
  "$@"
)
noted_tables() {
  for name in .reseed-*; do
    if is_key "${name#.reseed-}" && [ "$(state_of_tables "${name#.reseed-}")" != none ]; then printf '%s\n' "${name#.reseed-}"; fi
  done
}
state_of_tables() (
  state=none
  if is_of_root ".reseed-$1" && enter_folder ".reseed-$1" && [ -e opened ] && [ ! -e dropped ]; then
    state=opened
    if [ -e undone ]; then state=undone; fi
    if [ "$state" = opened ] && [ -e olds ]; then state=swapped; fi
    if [ -e passed ] && [ ! -e over ]; then state=passed; fi
  fi
  echo "$state"
)

find_all() {
  find_locks "$1"
  find_units
  find_volumes
  sed 's/^/mount|/' /proc/self/mountinfo
  for path in "$coordinates"/*; do
    [ -f "$path" ] || continue
    if is_name "${path##*/}"; then printf 'coordinates|%s\n' "${path##*/}"; else echo 'strange|coordinates'; fi
  done
  # Keys and lists of seeds are below the folder of their job.
  for path in "$run"/lock.* "$run"/taking-* "$run"/*/seed "$run"/*/at-t* "$run"/*/still; do
    case $path in "$run"/mount/*) continue ;; esac
    if [ -e "$path" ]; then tell_scrap "${path#"$run/"}"; fi
  done
  for path in "$run"/mount/*; do
    if rmdir_would "$path"; then tell_scrap "mount/${path##*/}"; fi
  done
  for path in "$run"/applier-*; do
    [ -f "$path" ] || continue
    if is_key "${path##*/applier-}"; then printf 'applier|%s\n' "${path##*/applier-}"; else echo 'strange|run'; fi
  done
  find_accounts
  find_tables "$1"
  find_holds
  find_salvages "$1"
  find_notes "$1"
  find_of_seeds "$1"
}
# A seed's notes about its target's server are removed with its own folder or block; without both, no undo will need
# them. A reattachment makes neither: an undo needs its note, with what is beside it (seed-reattach.sh), until it is forgotten.
find_notes() {
  [ -n "$1" ] || return 0
  for path in "$notes"/before/* "$notes"/log-from/*; do
    [ -f "$path" ] || continue
    name=${path#"$notes/"}
    if of_reattach "$name"; then
      case $name in *.starts | *.of | *.changing) continue ;; esac
      if is_note "$name"; then printf 'seed|%s\n' "$path"; continue; fi
    fi
    if ! is_note "$name"; then echo 'strange|run'; continue; fi
    unit=${name#*/} key=${unit%%-*}
    unit=${unit#*-}
    for of_seed in "$1/.reseed-$key" "/etc/systemd/system/${unit%.service}.service.d"/*reseed-"$key".conf "/etc/systemd/system/${unit%.service}.service.d"/*reseed-"$key"-start.conf; do
      if [ -e "$of_seed" ] || [ -L "$of_seed" ]; then continue 2; fi
    done
    tell_scrap "$name"
  done
}
# of_reattach NAME: whether it is the note of a reattachment, or belongs to one that is there.
of_reattach() {
  whole=${1%.starts} whole=${whole%.of} whole=${whole%.changing}
  [ -e "$notes/$whole" ] && [ -e "$notes/$whole.starts" ]
}
# Logs of another host that a salvage brought here, and whether its server was left open for it (salvage-open.sh). `of` has its datadir; an older build had no such file.
find_salvages() {
  for path in "$notes"/salvage/*; do
    [ -d "$path" ] || continue
    key=${path##*/}
    if ! is_key "$key"; then echo 'strange|salvage'; continue; fi
    of=$(cat "$path/of" 2>/dev/null)
    if [ -n "$of" ] && [ "$(readlink -m -- "$of")" != "$(readlink -m -- "$1")" ]; then continue; fi
    if [ -e "$path/super_read_only" ] || [ -e "$path/position" ]; then echo "salvage|$key|open"; else echo "salvage|$key|logs"; fi
  done
}
tell_scrap() { if is_scrap "$1"; then printf 'scrap|%s\n' "$1"; else echo 'strange|run'; fi; }

# Empty, and not a mount point.
rmdir_would() { [ -d "$1" ] && [ -z "$(ls -A "$1")" ] && ! findmnt -n -o TARGET -M "$1" >/dev/null; }

case $verb in
  find) find_all "$datadir" ;;
  unmount)
    mounted=$(findmnt -n -o MAJ:MIN -M "$folder" | tr -d ' ')
    [ -n "$mounted" ] || exit 0
    way_of_root "$folder" || refuse "another account than root can rename what leads to $folder: umount it by hand"
    mounted=$(findmnt -n -o MAJ:MIN -M "$folder" | tr -d ' ')
    [ "$mounted" = "$device" ] || refuse "on $folder is another device now: $mounted"
    umount "$folder" || refuse "$folder is in use: $(fuser -m "$folder" 2>/dev/null)"
    case $folder in "$run"/mount/*) rmdir "$folder" 2>/dev/null ;; esac
    exit 0
    ;;
  forget)
    is_name "$name" || exit 64
    names=$(lvm_do lvs --noheadings -o lv_name) || fail "LVM can't tell whether there is a snapshot $name"
    if printf '%s\n' "$names" | tr -d ' ' | grep -qxF -- "${name%.part}"; then refuse "there is a snapshot $name now"; fi
    rm -f -- "$coordinates/$name"
    # A power cut must not bring it back.
    sync "$coordinates" 2>/dev/null || sync
    ;;
  unhold)
    if ! is_unit "$unit" || ! is_key "$job"; then exit 64; fi
    file=/run/systemd/system/$unit.service.d/$(drop_in_name "$job-still")
    has_drop_in "$file" || exit 0
    remove_drop_in "$file" && rm -rf "/run/reseed/$job/still" || exit 1
    rmdir -- "/run/reseed/$job" 2>/dev/null
    systemctl daemon-reload
    ;;
  scrap)
    is_scrap "$name" || exit 64
    case $name in
      mount/*) rmdir -- "$run/$name" 2>/dev/null || [ ! -e "$run/$name" ] || refuse "$run/$name is in use" ;;
      before/* | log-from/*)
        ! of_reattach "$name" || refuse "$notes/$name is needed where a reattachment is undone"
        rm -f -- "$notes/$name"
        rmdir -- "$notes/${name%/*}" 2>/dev/null
        exit 0
        ;;
      lock.* | taking-*) rm -rf --one-file-system -- "${run:?}/$name" ;;
      */seed | */at-t* | */still)
        rm -rf --one-file-system -- "${run:?}/$name"
        rmdir -- "$run/${name%/*}" 2>/dev/null
        exit 0
        ;;
    esac
    ;;
esac
