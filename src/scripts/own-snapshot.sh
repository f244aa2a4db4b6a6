#!/bin/sh
# The snapshot that a command of the inventory makes (commands.createSnapshot), under a name of the command's choice. A fragment of
# take-snapshot.sh and snapshot.sh. Which one it is, LVM tells and not the command: the one that is new among the snapshots of the volume; if the
# command was told the name that it is to have ({snapshot}), the one of that name. They are noted before the command and after it (NOTES.before,
# NOTES.after, NOTES.code), so that a script which was killed meanwhile loses none. Another program may make a snapshot at the same time: one without
# that name is taken for the command's only if the command ended with 0, no other one is new, and it has no tags and is not mounted.
form='' argument='' seconds=''

# snapshots_of GROUP: a line for each volume, `UUID|NAME|TIME|ORIGIN`.
snapshots_of() { lvm_do lvs --noheadings --readonly --separator '|' -o lv_uuid,lv_name,lv_time,origin "$1"; }

# new_snapshots NOTES GROUP VOLUME: `UUID NAME` of what the command made. Without a note of the time after it (the host lost its power): of
# what is new until now. LVM tells when each was made: a volume that was renamed meanwhile is not new.
new_snapshots() {
  [ -e "$1.before" ] || return 0
  now=$1.after
  if [ ! -e "$now" ]; then
    now=$1.now
    snapshots_of "$2" >"$now" || return
  fi
  ORIGIN=$3 awk -F '|' '
    { gsub(/ /, "") }
    FILENAME ~ /[.]before$/ { if (NF == 2) { began = $1; wanted = $2 } else old[$1] = 1; next }
    NF == 4 && $4 == ENVIRON["ORIGIN"] && !($1 in old) && $3 >= began && (wanted == "" || $2 == wanted) { print $1, $2 }
  ' "$1.before" "$now"
}

# The command and the note after it outlive this script, with the lock on descriptor 9; what the command leaves running is ended.
# shellcheck disable=SC2016  # of the shell that runs it
run_own='
notes=$1 seconds=$2 config=$3 group=$4
shift 4
cd /
rm -f "$notes.pipe" && mkfifo "$notes.pipe" || exit 70
{ head -c 8192 && cat >/dev/null; } <"$notes.pipe" >"$notes.said" 9>&- &
timeout -k 5 "$seconds" "$@" </dev/null >"$notes.pipe" 2>&1 9>&- &
command=$!
wait "$command"
code=$?
kill -s TERM -- "-$command" 2>/dev/null
echo "$code" >"$notes.code" || exit 70
lvs --config "$config" --noheadings --readonly --separator "|" -o lv_uuid,lv_name,lv_time,origin "$group" >"$notes.part" </dev/null || exit 71
mv "$notes.part" "$notes.after" && exit "$code"'

# create_own NOTES GROUP VOLUME: runs the command, and sets `made` to the name of its snapshot. Fails, with the reason, if it made none,
# several, or did not end well. Without the two descriptors of the session that holds the lock: what the command leaves running would keep it open.
create_own() {
  notes=$1 group=$2 volume=$3 made=
  eval "set -- $argument"
  wanted=
  for each in "$@"; do case $each in *"${notes##*/}"*) wanted=${notes##*/} ;; esac; done
  { echo "$(($(date +%s) - 60))|$wanted" && snapshots_of "$group"; } >"$notes.part" || return
  mv "$notes.part" "$notes.before" && sync "$notes.before" "${notes%/*}" || return
  if [ "$form" = line ]; then set -- "$(first_of bash sh)" -c "$1" sh; fi
  setsid -w sh -c "$run_own" sh "$notes" "$seconds" "$(lvm_config)" "$group" "$@" </dev/null 3>&- 4>&-
  code=$?
  new=$(new_snapshots "$notes" "$group" "$volume") || return
  case $code:$(printf '%s\n' "$new" | grep -c .) in
    0:1) is_its_own "$notes" "$group" "$new" && made=${new#* } ;;
    0:0) echo "commands.createSnapshot ended with 0, and LVM has no new snapshot of $group/$volume$(own_said "$notes")" >&2 && return 1 ;;
    0:*) return 1 ;;
    124:* | 137:*) echo "commands.createSnapshot did not end within $seconds s, and was ended$(own_said "$notes")" >&2 && return 1 ;;
    *) echo "commands.createSnapshot ended with $code$(own_said "$notes")" >&2 && return 1 ;;
  esac
}
own_said() {
  said=$(tail -n 1 "$1.said" 2>/dev/null | tr -c '\n[:print:]' '?' | head -c 300)
  [ -z "$said" ] || printf ': %s' "$said"
}

# is_its_own NOTES GROUP 'UUID NAME': whether what is new may be taken for the work of the command; else why not.
is_its_own() {
  its_name=${3#* }
  if [ "$its_name" = "${1##*/}" ]; then return; fi
  if [ ! -e "$1.after" ]; then
    echo "commands.createSnapshot was cut off, and whether it made $2/$its_name is not known" >&2 && return 1
  fi
  if [ "$(cat "$1.code" 2>/dev/null)" != 0 ]; then
    echo "commands.createSnapshot failed, and whether it made $2/$its_name is not known" >&2 && return 1
  fi
  row=$(lvm_do lvs --noheadings --readonly --separator '|' -o lv_name,lv_tags "$2/$its_name" | tr -d ' ') || return
  # Not whether its device is open: udev opens each new one for a moment.
  if [ "$row" = "$its_name|" ] && ! findmnt -n -S "$(readlink -f "/dev/$2/$its_name")" >/dev/null 2>&1; then return; fi
  echo "$2/$its_name has tags or is mounted ($row): whether commands.createSnapshot made it is not known. Let it use the name that it is told as {snapshot}" >&2
  return 1
}

# undo_own NOTES GROUP VOLUME: removes what the command made before this script could mark it, and that alone. Where it is not known which one that
# is, all is left.
undo_own() {
  new=$(new_snapshots "$1" "$2" "$3") || return
  case $(printf '%s\n' "$new" | grep -c .) in
    0) clear_notes "$1" && return ;;
    1) is_its_own "$1" "$2" "$new" || { clear_notes "$1" && echo "$2/${new#* } is left: if it is the command's, lvremove it by hand" >&2 && return 1; } ;;
    *)
      clear_notes "$1"
      echo "several snapshots of $2/$3 appeared while commands.createSnapshot ran, and which one it made is not known: $(printf '%s\n' "$new" | cut -d ' ' -f 2 | paste -s -d ' '). All of them are left: lvremove by hand what it made" >&2
      return 1
      ;;
  esac
  made=${new#* }
  row=$(lvm_do lvs --noheadings --readonly --separator '|' -o lv_uuid,lv_name "$2" | tr -d ' ' | grep -xF -- "${new%% *}|$made")
  if [ -n "$row" ]; then
    in_use=$(findmnt -n -o TARGET -S "$(readlink -f "/dev/$2/$made")" 2>/dev/null)
    [ -z "$in_use" ] || { echo "$2/$made is mounted on $in_use: unmount it first" >&2 && return 1; }
    remove_volume "$2" "${new%% *}" || return
  fi
  clear_notes "$1"
}
clear_notes() { rm -f "$1.before" "$1.after" "$1.code" "$1.now" "$1.said" "$1.part" "$1.pipe"; }
