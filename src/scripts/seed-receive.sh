#!/bin/sh
# What the donor may do on the target: the one command behind the job's door (seed-ssh.sh, seed-socat.sh). Takes one line of a fixed
# form, in SSH_ORIGINAL_COMMAND.
#   prove             says back what it is sent
#   list              takes FOLDER/list of seed-list.sh, and makes the folders
#   sums              takes the checksums of seed-sums.sh: lines of a task's number, a tab and what it has there; `end LINES`
#   landed            the tasks that are here whole
#   drain             counts what it is sent: whether this host has zstd, and the bytes
#   pass TARGET,... none|zstd N...    tasks, and passes them on to the first of the targets as they come, and by that to the next; says
#                     `TARGET landed N` for each too, and `TARGET failed WHY` where one ended before its time
#   tasks none|zstd N...  takes the ranges of the tasks, one after the other, each with the line `whole N` after it; or the files of
#                     one task, as a tar. Says `landed N` for each
# Its own arguments: DATADIR JOB OWNER FOLDER. The data goes to DATADIR/.reseed-JOB/new, all of it written as OWNER (user:group): root
# follows no name there. FOLDER is root's own: what it knows of the data, with the ways to other targets.
# The donor may be hostile: what it says is matched against a fixed form, and refused as a whole (3) where it has another.
set -u
umask 077
datadir=$1 job=$2 owner=$3 folder=$4
tab=$(printf '\t')
set -f
# shellcheck disable=SC2086  # it is made of words
set -- ${SSH_ORIGINAL_COMMAND:-}
set +f
max_bytes=268435456
# A target to pass on to that takes and says nothing for so long is left to the donor.
silence_seconds=45

as_owner() { as_account "$owner" "$@"; }

enter_new() {
  mkdir -p "$folder" || exit 1
  enter_stage "$datadir" "$job" || refuse "$datadir/.reseed-$job is not there: the job has not prepared it"
  [ "$(stat -c '%F %U:%G' new 2>/dev/null)" = "directory $owner" ] || refuse "$datadir/.reseed-$job/new is not a folder of $owner"
  cd -P new || exit 1
}

# take_text FILE: what is sent, as far as a quarter of what memory has left for it; printable but for tabs and ends of lines.
take_text() {
  limit=$(($(df -B1 --output=avail "$folder" | tail -n 1) / 4))
  if [ "$limit" -gt "$max_bytes" ]; then limit=$max_bytes; fi
  head -c "$((limit + 1))" >"$1" || exit 1
  [ "$(wc -c <"$1")" -le "$limit" ] || refuse "the donor sent more than $limit bytes of names"
  [ "$(tr -d '\011\012\040-\176\200-\377' <"$1" | head -c 1 | wc -c)" = 0 ] || refuse 'the donor sent control characters'
}

# Writes tasks, sizes, wholes, files (task, mode, size, path) and folders (mode, path) into $1, of $1/list. Says why it is wrong.
read_list() {
  awk -F '\t' -v out="$1" -v OFS='\t' '
    function bad(why) { wrong = 1; print why ", in line " NR; exit 1 }
    function number(text) { return text ~ /^(0|[1-9][0-9]*)$/ && length(text) <= 15 }
    function parent(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }
    function check_path(path) {
      if (path == "" || length(path) > 4095 || ("/" path "/") ~ /\/(\.|\.\.)?\//) bad("a name that leads out of the datadir")
      if (path ~ /^(\.reseed-[^\/]*|RESEED_IN_PROGRESS|lost\+found|auto\.cnf|mysqld-auto\.cnf)(\/|$)/) bad("a name that is not of the data")
      if (parent(path) != "" && !(parent(path) in folder)) bad("a name in a folder that is not listed")
      if (path in folder || path in file) bad("a name that is there twice")
    }
    function end_task() {
      if (kind == "f") printf "%d %d %.0f\n", task, task, size > (out "/wholes")
      if (task > 0) { printf "%.0f\n", size > (out "/sizes"); close(out "/tasks/" task) }
    }
    function end_ranges() {
      if (ranged == "") return
      print first, ranged_mode, sprintf("%.0f", ranged_end), ranged > (out "/files")
      printf "%d %d %.0f\n", first, task, ranged_end > (out "/wholes")
      ranged = ""
    }
    ended { bad("something behind its end") }
    $1 == "end" {
      end_task(); end_ranges()
      if (NF != 4 || $2 != task "" || $3 != files "" || $4 != sprintf("%.0f", bytes)) bad("a wrong sum")
      ended = 1
      printf "%s %s %s\n", $2, $3, $4 > (out "/total")
      next
    }
    NF != 6 || !number($1) || !number($4) || !number($5) { bad("a line of another form") }
    $2 == "d" {
      if ($1 != "0" || task > 0 || $4 != "0" || $5 != "0" || $3 !~ /^7[0-7][0-7]$/) bad("a folder of another form")
      check_path($6)
      folder[$6] = 1
      print $3, $6 > (out "/folders")
      next
    }
    $2 != "f" && $2 != "r" || $3 !~ /^[67][0-7][0-7]$/ { bad("a line of another form") }
    {
      goes_on = $2 == "r" && ranged != "" && $6 == ranged
      if ($1 != task + 1 && !($1 == task && kind == "f" && $2 == "f" && names < 2000)) bad("a task out of its turn")
      if ($1 != task) { end_task(); if (!goes_on) end_ranges(); task = $1 + 0; kind = $2; size = 0; names = 0 }
      size += $5; bytes += $5; names++
      if (bytes > 9007199254740991) bad("more bytes than there are")
      print $2, $3, $4, $5, $6 > (out "/tasks/" task)
    }
    goes_on {
      if ($4 != sprintf("%.0f", ranged_end) || $3 != ranged_mode || $5 == "0") bad("a range out of its turn")
      ranged_end += $5
      next
    }
    {
      check_path($6)
      if ($4 != "0" || ($2 == "r" && $5 == "0")) bad("a file that does not begin at its beginning")
      file[$6] = 1; files++
      if ($2 == "f") { print task, $3, $5, $6 > (out "/files"); next }
      ranged = $6; ranged_mode = $3; ranged_end = $5 + 0; first = task
    }
    END { if (!wrong && (!ended || files == 0)) { print "it came cut short"; exit 1 } exit wrong }
  ' "$1/list"
}

take_list() {
  part=$folder/part
  rm -rf "$part" && mkdir -p "$part/tasks" || exit 1
  take_text "$part/list"
  : >"$part/folders"
  why=$(read_list "$part") || refuse "the list of the donor is refused: $why"
  # What has landed is of the list that it was sent for.
  cmp -s "$part/list" "$folder/list" || rm -rf "$folder/landed"
  for made in tasks sizes wholes folders files total list; do
    rm -rf "${folder:?}/$made" && mv "$part/$made" "$folder/$made" || exit 1
  done
  rmdir "$part"
  enter_new
  cut -f 2 "$folder/folders" | as_owner xargs -r -d '\n' mkdir -p -- || exit 1
  cut -f 1 "$folder/folders" | sort -u | while read -r bits; do
    sed -n "s/^$bits$tab//p" "$folder/folders" | as_owner xargs -r -d '\n' chmod -- "$bits" || exit 1
  done || exit 1
  mkdir -p "$folder/landed"
}

# Only compared with what this host reads itself (seed-sums.sh).
take_sums() {
  part=$folder/sums-part
  rm -rf "$part" && mkdir -p "$part" || exit 1
  take_text "$folder/sums-list"
  awk -F '\t' -v out="$part" '
    FILENAME ~ /wholes$/ { split($0, words, " "); known[words[1]] = 1; next }
    ended || NF != 2 { wrong = 1; exit }
    $1 == "end" { ended = 1; wrong = ($2 != lines + 0 ""); next }
    !($1 in known) || ($1 != task && ($1 in seen)) || $2 !~ /^\\?[0-9a-f]+( |$)/ { wrong = 1; exit }
    {
      if ($1 != task) close(out "/" task)
      task = $1; seen[task] = 1; lines++
      print $2 > (out "/" task)
    }
    END { exit (wrong || !ended) }
  ' "$folder/wholes" "$folder/sums-list" || refuse 'the checksums of the donor are refused: they have another form'
  rm -rf "$folder/sums" "$folder/sums-list" && mv "$part" "$folder/sums"
}

# Whether all of task $1 came: where it was cut short, what comes next was taken for a part of it.
sent_whole() {
  IFS= read -r line && [ "$line" = "whole $1" ] && return
  echo "task $1 came cut short" >&2
  return 1
}

# Only the files that the task lists, and nothing but plain files of the mode and the size that it says.
take_files() {
  names=$folder/names-$1 came=0
  cut -f 5 "$folder/tasks/$1" >"$names" && chmod 644 "$names" || return
  most=$(awk -F '\t' '$4 > most { most = $4 } END { printf "%.0f", most / 512 + 1 }' "$folder/tasks/$1")
  # The names are in a folder of root's: tar has them open already.
  (
    ulimit -f "$most"
    umask 0
    as_owner tar -xf - --no-same-owner --no-same-permissions --no-recursion --verbatim-files-from -T /proc/self/fd/3 3<"$names"
  ) || { came=$?; echo "task $1 came with files missing, or too large" >&2; }
  awk -F '\t' '{
    printf "%x 1 %s %s\n", 32768 + substr($2, 1, 1) * 64 + substr($2, 2, 1) * 8 + substr($2, 3, 1), $4, $5
  }' "$folder/tasks/$1" >"$folder/want-$1"
  as_owner xargs -r -d '\n' stat -c '%f %h %s %n' -- <"$names" >"$folder/have-$1" 2>/dev/null
  if [ "$came" = 0 ] && cmp -s "$folder/want-$1" "$folder/have-$1"; then
    rm -f "$folder/want-$1" "$folder/have-$1" "$names"
    return
  fi
  [ "$came" != 0 ] || echo "task $1 came with what its list does not say" >&2
  as_owner xargs -r -d '\n' rm -rf -- <"$names"
  return 1
}

take_range() {
  as_owner dd of="./$path" bs=1M iflag=fullblock,count_bytes count="$length" oflag=seek_bytes,nofollow seek="$offset" conv=notrunc \
    status=none && sent_whole "$1" || return
  if [ "$offset" = 0 ]; then as_owner chmod -- "$mode" "./$path"; fi
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
  if [ $# -lt 2 ] || [ $# -gt 2000 ]; then refuse 'no task is named'; fi
  how=$1
  shift
  for n in "$@"; do
    case $n in *[!0-9]*) refuse 'no number of a task' ;; esac
    [ -e "$folder/tasks/$n" ] || refuse "there is no task $n"
    rm -f "$folder/landed/$n"
  done
  enter_new
  if [ "$how" != zstd ]; then
    take_tasks "$@"
    return
  fi
  as_owner zstd -dqc | take_tasks "$@"
}

# A target's words: printable, and short. Whoever it passes on to may be hostile as well.
short() { tr -d '\r' | tr -c '\040-\176\n' '?' | head -n 1 | head -c 200; }

# What the next one says, and those behind it, as far as it has the form that it should.
pass_on() {
  told='|' failures=0
  {
    # The limit is for what it says on standard error; what it says else is read below.
    (cd / && ulimit -f 128 && exec sh -c 'echo $$ >"$0"; exec timeout 86400 sh "$@"' "$pipe.pid" "$folder/way-$next/call" - "$@" 2>"$pipe.said") ||
      printf 'failed %s\n' "$({ cat "$pipe.said" && echo 'it takes nothing more'; } | short)"
  } | dd bs=4096 count="$((($# + 2) * 40))" status=none | while IFS= read -r line; do
    # Each once, and no more.
    case $told in *"|$line|"*) continue ;; esac
    case $line in
      'landed '* | 'failed '*) said=$line name=$next ;;
      *' landed '* | *' failed '*) name=${line%% *} said=${line#* } ;;
      *) continue ;;
    esac
    case ,$next,$behind, in *",$name,"*) ;; *) continue ;; esac
    case $said in
      'landed '*) case " $* " in *" ${said#landed } "*) echo "$name $said" ;; *) continue ;; esac ;;
      'failed '*)
        failures=$((failures + 1))
        [ "$failures" -le 20 ] || continue
        printf '%s %s\n' "$name" "$(printf '%s\n' "$said" | short)"
        ;;
      *) continue ;;
    esac
    told="$told$line|"
  done
  rm -f "$pipe.said"
}

# Ends the passing on where nothing comes through any more, or nobody there answers.
watch() {
  still=0 before='' sleeps=
  trap '[ -z "$sleeps" ] || kill "$sleeps"; exit' TERM
  while [ -e "$pipe" ] && kill -0 $$; do
    sleep 5 &
    sleeps=$!
    wait "$sleeps"
    read_bytes=$(sed -n 's/^rchar: //p' "/proc/$(cat "$pipe.tee")/io") || continue
    if [ "$read_bytes" = "$before" ]; then still=$((still + 5)); else still=0; fi
    before=$read_bytes
    if [ "$still" -ge "$silence_seconds" ]; then kill "$(cat "$pipe.pid")" 2>/dev/null; fi
  done
}

# pass TARGET,... none|zstd N...: the end of one is not the end of the other.
pass() {
  case ${1:-} in *[!a-z0-9,]* | '') refuse 'nobody is named to pass it on to' ;; esac
  next=${1%%,*} behind=${1#*,} pipe=$folder/pipe-$$
  if [ "$behind" = "$1" ]; then behind=; fi
  shift
  rm -f "$pipe" "$pipe".* && mkfifo "$pipe" || exit 1
  if [ -n "$behind" ]; then
    pass_on pass "$behind" "$@"
  else
    pass_on tasks "$@"
  fi <"$pipe" &
  passed=$!
  # In a subshell: dash keeps a copy of the standard output that a function is redirected from.
  (watch) >/dev/null 2>&1 &
  watching=$!
  sh -c 'echo $$ >"$0"; exec tee -p "$1"' "$pipe.tee" "$pipe" | take "$@"
  taken=$?
  wait "$passed"
  rm -f "$pipe" "$pipe".*
  kill "$watching" 2>/dev/null
  return "$taken"
}

case ${1:-} in
  prove) head -c 256 ;;
  list) take_list ;;
  sums) take_sums ;;
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
