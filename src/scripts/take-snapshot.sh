#!/bin/sh
# Takes an LVM snapshot of the datadir's volume while the server's writers are held, and proves that they were.
#   $1 the job's key        $2 volume group   $3 its volume     $4 the snapshot's name
#   $5 size in bytes; empty: the volume is thin                 $6 datadir
#   $7 defaults file        $8 socket; empty: where mysql itself looks
#   $9 longest statement, in seconds, that the lock may have to wait for
#   $10 SQL that locks; empty: the server is down               $11 SQL that reads the coordinates, which stand still then
#   $12 SQL that reads where the server replicates from         $13 SQL that unlocks
# The lock lives in one session of one client, which ends with this script, whatever ends it. The same snapshot asked for again
# is told again; one that was not proved is taken anew.
# Says: locked_ms N, then what the server told of its coordinates under the lock, as mysql --vertical prints it.
# Ends with: 3 refused, nothing was done; 4 the lock was lost: the snapshot is gone again.
set -u
umask 077
job=$1 group=$2 volume=$3 name=$4 size=$5 datadir=$6 defaults_file=$7 socket=$8 patience=$9
shift 9
lock=$1 read_coordinates=$2 read_source=$3 unlock=$4
export LC_ALL=C LVM_SUPPRESS_FD_WARNINGS=1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
kept=/var/lib/reseed/snapshots/$name
proof=reseed-proved

refuse() { printf '%s\n' "$1" >&2; exit 3; }
field() { lvs --noheadings --readonly -o "$1" "$group/$name" 2>/dev/null | tr -d ' '; }
now_ms() { date +%s%3N; }
# A lvcreate killed in its middle may leave the origin suspended, and the server with it. It has a session of its own, so that
# the end of our connection does not reach it. The shell around it keeps the lock below until it is through: lvm closes what it
# did not open.
whole() { setsid -w sh -c '"$@"; exit "$?"' sh "$@" </dev/null; }

# The one before, killed, may have left its lvcreate under way.
mkdir -p /run/reseed || exit 1
exec 9>>/run/reseed/lvm
flock -w 60 9 || refuse 'another command of reseed works on the volumes of this host'
# Named by its job: a script that is killed clears nothing away.
rm -rf "/run/reseed/taking-$job"-*

tags=$(field lv_tags)
if [ -n "$(field lv_uuid)" ]; then
  case ,$tags, in *",reseed-job=$job,"*) ;; *) refuse "$group/$name is there already, and it is not of job $job" ;; esac
  [ "$(field origin)" = "$volume" ] || refuse "$group/$name is of another volume: $(field origin)"
  case ,$tags, in *",$proof,"*) exec cat "$kept" ;; esac
  whole lvremove -qq -f "$group/$name" || exit 1
fi

answers=$(mktemp -d "/run/reseed/taking-$job-XXXXXX") || exit 1
trap 'rm -rf "$answers"' EXIT
# A session that is gone is told by what it does not answer.
trap '' PIPE
mkdir -p "${kept%/*}" || exit 1

# ask SQL FILE: the answer of the open session; fails where the session is not there any more.
ask() {
  printf '%s;\nSELECT "said" AS reseed_mark;\n' "$1" >&3 || return 1
  : >"$2"
  while IFS= read -r line <&4; do
    case $line in
      'reseed_mark: said') return 0 ;;
      *) printf '%s\n' "$line" >>"$2" ;;
    esac
  done
  return 1
}
connection='SELECT CONNECTION_ID() AS connection'
session_error() { tail -n 1 "$answers/errors"; }

create() {
  set -- -qq -y -s -n "$name" --addtag reseed --addtag "reseed-job=$job" "$@"
  if [ -n "$size" ]; then set -- "$@" -L "${size}b"; else set -- "$@" -kn; fi
  whole lvcreate "$@" "$group/$volume"
}
discard() { whole lvremove -qq -f "$group/$name"; }

# Writes what is known of the snapshot before the tag that says so.
prove() {
  sync -f "$kept.part" 2>/dev/null || sync
  mv "$kept.part" "$kept"
  sync
  whole lvchange -qq --addtag "$proof" "$group/$name" || exit 1
  cat "$kept"
}

if [ -z "$lock" ]; then
  datadir=$(readlink -f "$datadir")
  [ -n "$datadir" ] || refuse 'the datadir is not known'
  for folder in /proc/[0-9]*; do
    # A server's working directory is its datadir.
    [ "$(readlink "$folder/cwd")" != "$datadir" ] || refuse "process ${folder#/proc/} works in $datadir: the server is not down"
  done
  create || exit 1
  echo 'locked_ms 0' >"$kept.part"
  prove
  exit
fi

mkfifo "$answers/in" "$answers/out" || exit 1
set -- --vertical --unbuffered --skip-reconnect --connect-timeout=5 --default-character-set=utf8mb4
if [ -n "$socket" ]; then set -- "--socket=$socket" "$@"; fi
if [ -n "$defaults_file" ]; then set -- "--defaults-file=$defaults_file" "$@"; fi
client=$(command -v mysql || command -v mariadb || echo mysql)
"$client" "$@" <"$answers/in" >"$answers/out" 2>"$answers/errors" &
exec 3>"$answers/in" 4<"$answers/out"

# Never queue the writers behind a lock that cannot be had.
ask 'SET SESSION lock_wait_timeout = 5' /dev/null || refuse "no session: $(session_error)"
ask "SELECT COUNT(*) AS busy, MAX(TIME) AS longest FROM information_schema.PROCESSLIST
  WHERE COMMAND IN ('Query', 'Execute') AND TIME > $patience AND USER <> 'system user' AND ID <> CONNECTION_ID()" "$answers/busy"
busy=$(sed -n 's/^ *busy: //p' "$answers/busy") longest=$(sed -n 's/^ *longest: //p' "$answers/busy")
[ "$busy" = 0 ] || refuse "$busy statements run for longer than $patience s, the longest for $longest s: the lock would wait for them, and every writer for the lock"

ask "$lock" /dev/null || refuse "the lock was not to be had: $(session_error)"
locked=$(now_ms)
if ! ask "$connection" "$answers/before" || ! ask "$read_coordinates" "$answers/coordinates" ||
  ! ask "$read_source" "$answers/source"; then
  refuse "the session was lost under the lock: $(session_error)"
fi
create
created=$?
held=no
if ask "$connection" "$answers/after" && ask "$read_coordinates" "$answers/again" &&
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
{ echo "locked_ms $((unlocked - locked))"; cat "$answers/coordinates" "$answers/source"; } >"$kept.part"
prove
