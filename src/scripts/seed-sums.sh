#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The work of a unit: checksums of what seed-list.sh listed: one for every large file, and one for the small files of
# each task.
#   seed-sums.sh make root=ROOT reader=READER folder=FOLDER sum=SUM workers=WORKERS    on the donor; READER as in
#     seed-list.sh
#   seed-sums.sh compare datadir=DATADIR job=JOB owner=OWNER folder=FOLDER sum=SUM workers=WORKERS    on the target, for
#     DATADIR/.reseed-JOB/new
# SUM is a program: cksum, b2sum, sha256sum, ... It reads the files itself: from a pipe, cksum takes five times as long.
# make: writes FOLDER/sums/N for what begins with task N, unless it exists. compare: FOLDER/sums has the donor's.
# Afterwards FOLDER/landed has only the tasks that are right. The log has `differs N PATH` for other content; `lacks
# SIZE PATH`, `extra SIZE PATH` for files, `lacks folder PATH`, `extra folder PATH`, `extra link PATH`, ...; `wrong
# WHAT, not WHAT: PATH` for another mode, owner, type or number of names; and `compared FILES BYTES` last. Names have
# `?` for unprintable characters. Everything is read as OWNER: root follows no name there. Its progress: bytes read so
# far. Ends with 1 if the donor's own files can't be read, or nothing could be compared.
set -u
umask 077
verb=$1
shift
case $verb in
  make)
    declare_words 'root reader folder sum workers' "$@"
    enter_root "$root"
    ;;
  compare)
    declare_words 'datadir job owner folder sum workers' "$@"
    reader=$owner
    enter_stage "$datadir" "$job" || fail "$datadir/.reseed-$job is not there: the job has not prepared it"
    [ "$(stat -c '%F %U:%G' new 2>/dev/null)" = "directory $reader" ] || fail "$datadir/.reseed-$job/new is not a folder of $reader"
    cd -P new || exit 1
    ;;
  *) unknown_verb "$verb" ;;
esac
tab=$(printf '\t')
[ -s "$folder/wholes" ] || fail 'nothing is listed that could be compared'
work=$RESEED_FOLDER/work
rm -rf "$work"
mkdir -p "$folder/sums" "$folder/landed" "$work/claims" || exit 1

as_reader() { if [ -n "$reader" ]; then as_account "$reader" "$@"; else "$@"; fi; }

# at WORKER BYTES [PID]: the bytes that a worker has read, and the process that reads a large file for it now.
at() { echo "$2 ${3:-}" >"$work/part-$1" && mv "$work/part-$1" "$work/at-$1"; }

# sum_of TASK WORKER: into $work/sum-WORKER.
sum_of() {
  IFS=$tab read -r kind _ _ _ path <"$folder/tasks/$1"
  # On a target all data is in one folder.
  in_root() { if [ "$verb" = make ]; then enter_root_of "$1"; fi; }
  if [ "$kind" = f ]; then
    (in_root "$1" && cut -f 5 "$folder/tasks/$1" | as_reader xargs -r -d '\n' "$sum" -- >"$work/sum-$2")
    return
  fi
  summed=$1
  # shellcheck disable=SC2016  # of the shell that opens it, and becomes what reads it
  set -- "$1" "$2" sh -c 'exec "$0" <"./$1"' "$sum" "$path"
  worker=$2
  shift 2
  { in_root "$summed" && if [ -n "$reader" ]; then become "$reader" "$@"; else exec "$@"; fi; } >"$work/sum-$worker" &
  at "$worker" "$read_bytes" $!
  wait $!
}

# make_sum FIRST LAST WORKER
make_sum() {
  [ ! -e "$folder/sums/$1" ] || return 0
  sum_of "$1" "$3" || { printf "%s can't be read\n" "$path"; return 1; }
  mv "$work/sum-$3" "$folder/sums/$1"
}

compare_sum() {
  task=$1
  if ! grep -qx "$1" "$work/wrong-tasks" && sum_of "$1" "$3" 2>/dev/null && cmp -s "$work/sum-$3" "$folder/sums/$1"; then right=1; else right=0; fi
  while [ "$task" -le "$2" ]; do
    if [ $right = 1 ]; then : >"$folder/landed/$task"; else rm -f "$folder/landed/$task"; fi
    task=$((task + 1))
  done
  [ $right = 1 ] || grep -qx "$1" "$work/wrong-tasks" || printf 'differs %s %s\n' "$1" "$path"
}

# Whether no other worker has it: only one worker can make the file.
mine() {
  set -C
  { true >"$work/claims/$1"; } 2>/dev/null
  made=$?
  set +C
  return "$made"
}

some() {
  read_bytes=0
  while read -r first last bytes; do
    mine "$first" || continue
    "${verb}_sum" "$first" "$last" "$1" </dev/null || return
    read_bytes=$((read_bytes + bytes))
    at "$1" "$read_bytes"
  done <"$folder/wholes"
  : >"$work/over-$1"
}
over() {
  set -- "$work"/over-*
  [ -e "$1" ] && [ $# = "$workers" ]
}

tell() {
  cat "$work"/at-* 2>/dev/null | while read -r bytes pid; do
    echo "$bytes"
    [ -z "$pid" ] || sed -n 's/^rchar: //p' "/proc/$pid/io" 2>/dev/null
  done | awk '{ all += $1 } END { printf "%.0f\n", all }' >>"$RESEED_FOLDER/progress"
}

tell_on() {
  sleeps=
  trap '[ -z "$sleeps" ] || kill "$sleeps" 2>/dev/null; exit' TERM
  while true; do
    sleep 0.5 &
    sleeps=$!
    wait "$sleeps"
    tell
  done
}

# The actual and the required names: type, mode, number of names, owner, size, path. Reports differences. Only plain
# files are read: a fifo would block.
compare_names() {
  {
    awk -F '\t' -v owner="$reader" -v OFS='\t' '{ print "d", $1, "-", owner, "-", $2, 0 }' "$folder/folders"
    awk -F '\t' -v owner="$reader" -v OFS='\t' '{ print "f", $2, 1, owner, $3, $4, $1 }' "$folder/files"
  } >"$work/wanted"
  as_reader find . -mindepth 1 -printf '%y\t%m\t%n\t%u:%g\t%s\t%P\0' >"$work/found.part" || return
  tr '\n\0' '?\n' <"$work/found.part" >"$work/found"
  : >"$work/wrong-tasks"
  awk -F '\t' -v tasks="$work/wrong-tasks" '
    function kind(letter) { return letter in names ? names[letter] : "special file" }
    function say(text) { gsub(/[^ -~\200-\377]/, "?", text); print text }
    BEGIN { names["d"] = "folder"; names["f"] = "file"; names["l"] = "link"; names["p"] = "fifo"; names["s"] = "socket"; names["b"] = names["c"] = "device" }
    FILENAME ~ /wanted$/ { type[$6] = $1; mode[$6] = $2; count[$6] = $3; owner[$6] = $4; size[$6] = $5; task[$6] = $7; next }
    NF != 6 || !($6 in type) {
      path = $0
      for (field = 1; field < 6; field++) sub(/^[^\t]*\t/, "", path)
      say("extra " ($1 == "f" ? $5 : kind($1)) " " path)
      next
    }
    {
      seen[$6] = 1
      why = ""
      if ($1 != type[$6]) why = kind($1) ", not " kind(type[$6])
      else if ($2 + 0 != mode[$6] + 0) why = "mode " $2 ", not " mode[$6]
      else if ($4 != owner[$6]) why = "owner " $4 ", not " owner[$6]
      else if ($1 == "f" && $3 != 1) why = $3 " names, not 1"
      # The size is that of the content, which is compared separately.
      if (why == "") {
        if ($1 == "f" && $5 != size[$6]) { say("lacks " size[$6] " " $6); say("extra " $5 " " $6) }
        next
      }
      say("wrong " why ": " $6)
      print task[$6] > tasks
    }
    END {
      for (path in type) if (!(path in seen)) say("lacks " (type[path] == "f" ? size[path] : "folder") " " path)
    }
  ' "$work/wanted" "$work/found"
}

# Compared data must survive a power cut: the disk writes it while others read.
syncs=
if [ "$verb" = compare ]; then
  sync -f . &
  syncs=$!
  compare_names >/dev/null || fail 'what came could not be listed'
fi
worker=1 running=
while [ "$worker" -le "$workers" ]; do
  some "$worker" &
  running="$running $!"
  worker=$((worker + 1))
done
tell_on &
teller=$!
# shellcheck disable=SC2086  # pids
wait $running
kill "$teller"
wait "$teller"
tell
over || exit 1
if [ "$verb" = compare ]; then
  wait "$syncs" || exit 1
  # Last, so that files which are added meanwhile are noticed too.
  compare_names || fail 'what came could not be listed'
  awk '{ files++; bytes += $3 } END { printf "compared %d %.0f\n", files, bytes }' FS='\t' "$folder/files"
fi
