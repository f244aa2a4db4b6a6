#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# commands.deleteDatadir of the inventory, as the program of a unit (unit.sh): deletes the old data of a target, which was given up before
# (seed-stage.sh give).
#   seed-delete.sh form=list|line seconds=SECONDS look=LOOK... argument=WORD... datadir=DATADIR job=JOB
# It runs as root, in a view of this host in which the datadir alone can be written, and not the folder of the job in it: a script whose path is that
# of another server deletes nothing. File systems in memory and devices stay writable. Ends with the status of the command; with 0
# where nothing of the old data is left, whatever its status: one that deletes the whole folder can't have that of the job.
set -u
declare_words 'form seconds look... argument... datadir job' "$@"
refuse_open
enter_stage "$datadir" "$job" || fail "$datadir/.reseed-$job is not there: the job has not prepared it"
[ "$(cat phase 2>/dev/null)" = cleared ] || refuse "the old data in $datadir was not given up"
process=$(servers_in .. | head -n 1)
[ -z "$process" ] || refuse "process $process works in $datadir: the server is not down"
datadir=$(cd -P .. && pwd -P) || exit 1
cd /

# shellcheck disable=SC2016  # of the inner shell
in_view='
  datadir=$1 own=$1/.reseed-$2
  shift 2
  mounts=$(cat /proc/self/mountinfo) && mount --bind -- "$datadir" "$datadir" || exit 70
  while IFS= read -r line; do
    at=${line#* * * * } at=$(printf "%b" "${at%% *}") type=${line##* - } type=${type%% *}
    case $type in
      proc | sysfs | devtmpfs | devpts | tmpfs | ramfs | mqueue | hugetlbfs | cgroup* | securityfs | debugfs | tracefs | configfs | pstore | efivarfs | bpf | fusectl | binfmt_misc | rpc_pipefs | nfsd | nsfs | autofs) continue ;;
    esac
    case $at in "$datadir" | "$datadir"/*) continue ;; esac
    mount -o remount,bind,ro -- "$at" || { echo "no view of this host can be made: $at" >&2; exit 70; }
  done <<END
$mounts
END
  mount --bind -- "$own" "$own" && mount -o remount,bind,ro -- "$own" || exit 70
  exec "$@"
'
# shellcheck disable=SC2317  # run_command runs it
run_limited() { exec timeout -k 10 "$seconds" unshare --mount --propagation private -- sh -c "$in_view" sh "$datadir" "$job" "$@"; }
run_command
code=$?
left=$(find "$datadir" -xdev -mindepth 1 -maxdepth 1 ! -name ".reseed-$job" ! -name lost+found ! -name RESEED_IN_PROGRESS -print -quit) || exit 1
if [ "$code" != 0 ] && [ "$code" != 70 ] && [ "$is_late" = no ] && [ -z "$left" ]; then
  echo "it ended with $code; nothing of the old data is left, so the seed goes on"
  exit 0
fi
exit "$code"
