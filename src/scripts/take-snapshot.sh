#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Takes an LVM snapshot of the datadir's volume while writes on the server are blocked, and proves that they were.
#   take-snapshot.sh NAME=VALUE...
#   job             the job's key
#   group, volume   the volume to take a snapshot of
#   name            of the snapshot
#   size            in bytes; empty: the volume is thin
#   datadir
#   defaults_file, socket   to log in to the server; both empty: where the client itself looks
#   patience        how long the longest statement may have run, in seconds: the lock would wait for it
#   lock            SQL that takes the lock; empty: the server is down
#   flush           SQL that writes the engine's log to the disk
#   written         SQL that reads how far that log is written, and how far it has to be; empty: flush is enough
#   holder          SQL that reads the server's datadir, its pid file, and the thread that serves the session
#   coordinates     SQL that reads the coordinates, which the lock keeps from changing
#   source          SQL that reads where the server replicates from
#   unlock          SQL that releases the lock
#   sessions        what the plan knew of temporary tables of sessions (temp-tables.sh), which no snapshot contains:
#     never         none had been made. Refuses open ones, and ones that may be open by now
#     none          no session had one that is logged. Refuses open ones, and unknown ones if InnoDB has some open
#     known         the operator knows that it is unknown. Refuses open ones
#     tell          refuses nothing: the snapshot's tag says what is known
#   form, seconds, look..., argument...   a command of the inventory that makes the snapshot, in the form of custom.sh; form empty: lvcreate does. Its
#                   snapshot keeps the name that the command gave it, and a tag has `name` (own-snapshot.sh)
# The lock is held by one session of one client, which ends with this script in every case. Can be repeated: a proved
# snapshot of this job is kept, and its answer is printed again; one that was not proved is removed, and taken anew.
# Prints:
#   locked_ms N           how long writes were blocked
#   made_by_command GROUP/NAME   the name that the command gave its snapshot
#   session_tables TEXT   temporary tables of sessions are unknown now, and the plan did not say so
#   then the answers of `coordinates` and `source` under the lock, by fields (answer-fields.sh)
# Ends with 0: the snapshot is proved. 1: a command failed; a snapshot that is left has no proof. 3: refused, no
# snapshot was taken. 4: the lock was lost, and the snapshot was removed.
set -u
umask 077
declare_words 'job group volume name size datadir defaults_file socket patience lock flush written holder coordinates source unlock sessions form seconds look... argument...' "$@"
refuse_open
folder=/var/lib/reseed/snapshots
notes=$folder/$name known=$name
proof=reseed-proved

# By the machine's uptime, in steps of 10 ms: its clock may be set under the lock.
now_ms() { read -r up _ </proc/uptime && echo "${up%.*}${up#*.}0"; }

# A killed predecessor may have left its lvcreate running.
mkdir -p /run/reseed || exit 1
exec 9>>/run/reseed/lvm
flock -w 60 9 || refuse 'another command of reseed works on the volumes of this host'
# Named by its job, because a killed script removes nothing.
rm -rf "/run/reseed/taking-$job"-*

if [ -n "$form" ]; then
  named=$(known_as "$group" "$name") || exit 1
  name=${named:-$name}
fi
kept=$folder/$name
row=$(volume_row "$group" "$name" lv_uuid,origin,lv_tags) || exit 1
IFS='|' read -r there its_origin tags <<END
$row
END
if [ -n "$there" ]; then
  case ,$tags, in *",reseed-job=$job,"*) ;; *) refuse "$group/$name is there already, and it is not of job $job" ;; esac
  [ "$its_origin" = "$volume" ] || refuse "$group/$name is of another volume: $its_origin"
  case ,$tags, in *",$proof,"*) exec cat "$kept" ;; esac
  remove_volume "$group" "$there" || exit 1
  clear_notes "$notes"
fi
mkdir -p "$folder" || exit 1
# The command of a script that was killed: its snapshot is not under the lock of this one.
undo_own "$notes" "$group" "$volume" || exit 1

answers=$(mktemp -d "/run/reseed/taking-$job-XXXXXX") || exit 1
trap 'rm -rf "$answers"' EXIT
# A lost session is noticed by its missing answer.
trap '' PIPE

# ask SQL FILE: the answer of the open session, by fields; fails if the session is lost.
ask() {
  with_end "$1" >&3 || return 1
  hear_fields "$2" <&4
}
# told FILE COLUMN: a value of an answer.
told() { sed -n "s/^ *$2: //p" "$answers/$1"; }
connection='SELECT CONNECTION_ID() AS connection'
session_error() { tail -n 1 "$answers/errors"; }

session_tables=none
create() {
  if [ -n "$form" ]; then create_marked; return; fi
  set -- -qq -y -s -n "$name" --addtag reseed --addtag "reseed-job=$job" --addtag "reseed-temp-tables=$session_tables" "$@"
  # -ky, -K: active now, and not when the host starts again. Then a thin snapshot could be mounted in the place of its origin, whose UUID it has.
  if [ -n "$size" ]; then set -- "$@" -L "${size}b"; else set -- "$@" -ky -K; fi
  lvm_whole lvcreate "$@" "$group/$volume"
}
create_marked() {
  if ! create_own "$notes" "$group" "$volume"; then
    undo_own "$notes" "$group" "$volume"
    return 1
  fi
  name=$made kept=$folder/$made
  lvm_whole lvchange -qq --addtag reseed --addtag "reseed-job=$job" --addtag "reseed-as=$known" --addtag "reseed-temp-tables=$session_tables" "$group/$name" &&
    clear_notes "$notes"
}
discard() {
  row=$(volume_row "$group" "$name" lv_uuid,origin,lv_tags) || return
  IFS='|' read -r there _ tags <<END
$row
END
  case ,$tags, in *",reseed-job=$job,"*) remove_volume "$group" "$there" ;; esac
}

told_name() { [ -z "$form" ] || echo "made_by_command $group/$name"; }

# Records the facts about the snapshot before the tag that says so.
prove() {
  sync -f "$kept.part" 2>/dev/null || sync
  mv "$kept.part" "$kept"
  sync
  lvm_whole lvchange -qq --addtag "$proof" "$group/$name" || exit 1
  cat "$kept"
}

# on_volume FOLDER: whether it is on the volume that is snapshotted, and on no other. Without --readonly, which leaves
# the device out.
on_volume() {
  number=$(stat -L -c %d -- "$1") || return
  device=$(lvm_do lvs --noheadings --separator : -o lv_kernel_major,lv_kernel_minor "$group/$volume" | tr -d ' ') || return
  [ "$((number >> 8 & 4095)):$((number & 255 | number >> 12 & 1048320))" = "$device" ]
}

if [ -z "$lock" ]; then
  datadir=$(readlink -f "$datadir")
  [ -n "$datadir" ] || refuse 'the datadir is not known'
  on_volume "$datadir" || refuse "$datadir does not lie on $group/$volume: the snapshot would hold other data"
  running=$(servers_in "$datadir" | head -n 1)
  [ -z "$running" ] || refuse "process $running ($(cat "/proc/$running/comm")) works in $datadir: the server is not down"
  create || exit 1
  { echo 'locked_ms 0' && told_name; } >"$kept.part"
  prove
  exit
fi

mkfifo "$answers/in" "$answers/out" || exit 1
sql_client "$defaults_file" "$socket" --xml --unbuffered <"$answers/in" >"$answers/out" 2>"$answers/errors" &
exec 3>"$answers/in" 4<"$answers/out"

# Never make all writes wait for a lock that can't be had.
ask 'SET SESSION lock_wait_timeout = 5' /dev/null || refuse "no session: $(session_error)"
busy=0
if waits_for_statements "$lock"; then
  ask "$(busy_question "$patience")" "$answers/busy"
  busy=$(told busy busy) longest=$(told busy longest)
fi
[ "$busy" = 0 ] || refuse "$busy statements run for longer than $patience s, the longest for $longest s: the lock would wait for them, and every writer for the lock"

# The process that the lock will be in: its data must be in the snapshot. Two servers may run on a host.
ask "$holder" "$answers/holder" || refuse "the server does not tell where its data is: $(session_error)"
its_datadir=$(told holder datadir) thread=$(told holder thread) pid_file=$(told holder pid_file)
on_volume "$its_datadir" || refuse "the data of the server that would be locked is in $its_datadir, which does not lie on $group/$volume: the snapshot would hold other data"
locked_pid=
for running in $(servers_in "$its_datadir"); do
  case $thread in
    [0-9]*) if [ -d "/proc/$running/task/$thread" ]; then locked_pid=$running; fi ;;
    # It does not tell its threads (performance_schema is off).
    *) if [ "$(cd -P -- "$its_datadir" && timeout 2 head -c 20 -- "$pid_file" 2>/dev/null)" = "$running" ]; then locked_pid=$running; fi ;;
  esac
done
[ -n "$locked_pid" ] || refuse "the server that would be locked is no process that works in $its_datadir on this host: which server do mysql.defaultsFile and mysql.socket name?"
! sees_other "$locked_pid" "$its_datadir" || refuse "the server that would be locked has another folder at $its_datadir than this host, by mounts of its own: the snapshot would hold other data"

ask "$lock" /dev/null || refuse "the lock could not be taken: $(session_error)"
locked=$(now_ms)
# write_out: writes the engine's own log of committed transactions to the disk. The server's own timer does so only once
# a second.
write_out() {
  ask "$flush" /dev/null || return
  [ -n "$written" ] || return 0
  wanted='' tries=0
  while [ "$tries" -lt 30 ]; do
    ask "$written" "$answers/written" || return
    : "${wanted:=$(told written wanted)}"
    [ "$(told written written)" -lt "$wanted" ] || return 0
    sleep 0.1
    tries=$((tries + 1))
  done
  echo 'it stays in memory (innodb_flush_log_at_trx_commit = 0, innodb_flush_log_at_timeout): set the first to 2 or 1' >>"$answers/errors"
  return 1
}
# Under the lock, which blocks ALTER INSTANCE: without a redo log a server does not start on the data of a snapshot.
ask "SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'" "$answers/redo" || refuse "the session was lost under the lock: $(session_error)"
[ "$(told redo Value)" != OFF ] ||
  refuse "InnoDB's redo log is switched off: a server does not start on a snapshot of this one. ALTER INSTANCE ENABLE INNODB REDO_LOG there first"
write_out || refuse "the engine's log was not written out under the lock: $(session_error)"
if ! ask "$connection" "$answers/before" || ! ask "$coordinates" "$answers/coordinates" ||
  ! ask "$source" "$answers/source"; then
  refuse "the session was lost under the lock: $(session_error)"
fi
# No snapshot has the temporary tables of an applier: statements that use them would fail on the copy, or change another
# table.
if grep -qE '^ *(Source|Master)_Host: *[^ ]' "$answers/source"; then
  ask "SHOW GLOBAL STATUS WHERE Variable_name IN ('Replica_open_temp_tables', 'Slave_open_temp_tables')" "$answers/temporary" ||
    refuse "the session was lost under the lock: $(session_error)"
  open=$(told temporary Value | head -n 1)
  [ "$open" = 0 ] ||
    refuse "temporary tables that the applier has open: ${open:-unknown} ($(told temporary Variable_name | head -n 1)), and a snapshot does not have them. Wait until the session on its source that made them ends"
fi
# The same for its sessions, for a copy that will replicate what this server logs.
read -r session_tables format count open <<END
$(session_temp_tables "$defaults_file" "$socket" 2)
END
: "${session_tables:=unknown}" "${format:=?}" "${count:=?}" "${open:=?}"
case $format in
  *:own | *:'?') format="${format%%:*}, of sessions unknown" ;;
  *:*) format="${format%%:*}, of sessions ${format#*:}" ;;
esac
untold=
case $sessions:$session_tables:$count in
  *:none:* | tell:*) ;;
  *:open:*) refuse "sessions have $count temporary tables open with binlog_format=$format, and a snapshot does not have them. Wait until these sessions end, or set binlog_format=ROW and let them log in anew" ;;
  # It did not answer in time how many were made.
  never:*'?') untold="binlog_format=$format; sessions: $count" ;;
  never:*) refuse "temporary tables were made since the plan, and sessions may have them open (binlog_format=$format; sessions: $count): a snapshot does not have them. Plan it anew, which tells of them before anything is done" ;;
  # Something that the plan could not know either must not fail the seed now.
  none:*)
    case $open in
      0 | '?') untold="binlog_format=$format; sessions: $count" ;;
      *) refuse "$open temporary tables are open of sessions that did not tell their format (binlog_format=$format), and a snapshot does not have them. Plan it anew, which tells of them before anything is done" ;;
    esac
    ;;
esac
create
created=$?
held=no
if ask "$connection" "$answers/after" && ask "$coordinates" "$answers/again" &&
  cmp -s "$answers/before" "$answers/after" && cmp -s "$answers/coordinates" "$answers/again"; then
  held=yes
fi
ask "$unlock" /dev/null
unlocked=$(now_ms)
exec 3>&- 4<&-
[ "$created" = 0 ] || exit 1
if [ "$held" = no ]; then
  discard
  echo "the lock was lost while the snapshot was taken: $(session_error)" >&2
  exit 4
fi
{
  echo "locked_ms $((unlocked - locked))"
  told_name
  if [ -n "$untold" ]; then echo "session_tables $untold"; fi
  cat "$answers/coordinates" "$answers/source"
} >"$kept.part"
prove
