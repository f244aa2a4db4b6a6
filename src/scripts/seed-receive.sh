#!/bin/sh
# What the donor may do on the target: the one command behind the job's door (seed-ssh.sh, seed-socat.sh). Takes one line of a fixed
# form, in SSH_ORIGINAL_COMMAND.
#   prove             says back what it is sent
#   list              takes a tar of what seed-list.sh made, and makes the folders
#   sums              takes a tar of checksums
#   landed            the tasks that are here whole
#   drain             counts what it is sent: whether this host has zstd, and the bytes
#   pass TARGET,... none|zstd N...    tasks, and passes them on to the first of the targets as they come, and by that to the next; says
#                     `TARGET landed N` for each too, and `TARGET failed WHY` where one ended before its time
#   tasks none|zstd N...  takes the ranges of the tasks, one after the other, each with the line `whole N` after it; or the files of
#                     one task, as a tar. Says `landed N` for each
# Its own arguments: the folder that the data goes to, and the folder of what it needs to know of them, with the ways to other targets.
set -u
umask 077
export LC_ALL=C
new=$1 folder=$2
tab=$(printf '\t')
set -f
# shellcheck disable=SC2086  # it is made of words
set -- ${SSH_ORIGINAL_COMMAND:-}
set +f
refuse() { printf '%s\n' "$1" >&2; exit 3; }

# Names come from the donor: nothing of them may lead out of the folder.
safe_names() {
  if grep -qE '(^|/)\.\.(/|$)|^/|^$' "$1"; then refuse 'the donor sent a name that leads out of the datadir'; fi
}

take_list() {
  rm -rf "$folder/part" && mkdir -p "$folder/part" && tar -xf - -C "$folder/part" tasks sizes wholes folders files total || exit 1
  cut -f 2 "$folder/part/files" >"$folder/part/names" && safe_names "$folder/part/names"
  cut -f 2 "$folder/part/folders" >"$folder/part/names" && safe_names "$folder/part/names"
  cat "$folder/part/tasks"/* | cut -f 5 >"$folder/part/names" && safe_names "$folder/part/names"
  for made in tasks sizes wholes folders files total; do
    rm -rf "${folder:?}/$made" && mv "$folder/part/$made" "$folder/$made" || exit 1
  done
  while IFS=$tab read -r mode path; do
    mkdir -p -- "$new/$path" && chmod -- "$mode" "$new/$path" || exit 1
  done <"$folder/folders"
  mkdir -p "$folder/landed"
}

# Whether all of task $1 came: where it was cut short, what comes next was taken for a part of it.
sent_whole() {
  IFS= read -r line && [ "$line" = "whole $1" ] && return
  echo "task $1 came cut short" >&2
  return 1
}

take_files() {
  tar -xpf - --numeric-owner -C "$new" || return
  # A tar that is cut between two files is no error to tar.
  cut -f 4 "$folder/tasks/$1" >"$folder/want-$1"
  cut -f 5 "$folder/tasks/$1" | (cd -- "$new" && xargs -r -d '\n' stat -c %s --) >"$folder/have-$1" 2>/dev/null
  cmp -s "$folder/want-$1" "$folder/have-$1" || { echo "task $1 came with files missing" >&2; return 1; }
  rm -f "$folder/want-$1" "$folder/have-$1"
}

take_range() {
  dd of="$new/$path" bs=1M iflag=fullblock,count_bytes count="$length" oflag=seek_bytes seek="$offset" conv=notrunc \
    status=none && sent_whole "$1" || return
  if [ "$offset" = 0 ]; then chmod -- "$mode" "$new/$path"; fi
}

take_tasks() {
  for n in "$@"; do
    IFS=$tab read -r kind mode offset length path <"$folder/tasks/$n"
    if [ "$kind" = r ]; then take_range "$n"; else take_files "$n"; fi || exit 1
    : >"$folder/landed/$n"
    echo "landed $n"
  done
  # Up to its end: socat takes a connection of which something is unread for a broken one.
  cat >/dev/null
}

# take none|zstd N...
take() {
  [ $# -ge 2 ] || refuse 'no task is named'
  how=$1
  shift
  for n in "$@"; do
    case $n in *[!0-9]*) refuse 'no number of a task' ;; esac
    [ -e "$folder/tasks/$n" ] || refuse "there is no task $n"
    rm -f "$folder/landed/$n"
  done
  if [ "$how" != zstd ]; then
    take_tasks "$@"
    return
  fi
  zstd -dqc | take_tasks "$@"
}

# What the next one says, and those behind it.
pass_on() {
  sh "$folder/way-$next/call" - "$@" 2>"$pipe.said" || echo "failed $(head -n 1 "$pipe.said")"
  rm -f "$pipe.said"
}
with_its_name() {
  while IFS= read -r line; do
    case $line in 'landed '* | 'failed '*) line="$next $line" ;; esac
    printf '%s\n' "$line"
  done
}

# pass TARGET,... none|zstd N...: the end of one is not the end of the other.
pass() {
  case ${1:-} in *[!a-z0-9,]* | '') refuse 'nobody is named to pass it on to' ;; esac
  next=${1%%,*} behind=${1#*,} pipe=$folder/pipe-$$
  if [ "$behind" = "$1" ]; then behind=; fi
  shift
  rm -f "$pipe" && mkfifo "$pipe" || exit 1
  if [ -n "$behind" ]; then
    pass_on pass "$behind" "$@"
  else
    pass_on tasks "$@"
  fi <"$pipe" | with_its_name &
  passed=$!
  tee -p "$pipe" | take "$@"
  taken=$?
  wait "$passed"
  rm -f "$pipe"
  return "$taken"
}

case ${1:-} in
  prove) head -c 256 ;;
  list) take_list ;;
  sums) mkdir -p "$folder/sums" && tar -xf - -C "$folder/sums" ;;
  landed) ls "$folder/landed" ;;
  drain)
    if command -v zstd >/dev/null; then echo zstd; else echo none; fi
    wc -c
    ;;
  tasks)
    shift
    take "$@"
    ;;
  pass)
    shift
    pass "$@"
    ;;
  *) refuse 'this is the door of a seed: it takes nothing else' ;;
esac
