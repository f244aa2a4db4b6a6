#!/bin/sh
# How far the copy has come, said once a second, and the end of a call for which nothing moves any more. Part of seed-send.sh.
folder='' work='' targets='' streams='' patience='' all_bytes='' now=''

# The bytes of the tasks that are in a folder.
bytes_of() {
  find "$1" -type f -printf '%f\n' | awk 'NR == FNR { size[FNR] = $1; next } { all += size[$1] } END { printf "%.0f", all }' "$folder/sizes" -
}

# What stream $1 has been reading of its task, and what of that was on its way when it was looked at: nothing once all is read, and not
# yet known to have landed. And what had landed before, where its process reads many tasks.
reads_of() {
  pid='' base='' reads=0 on_its_way=0
  { read -r pid base <"$work/reads-$1"; } 2>/dev/null || true
  [ -n "$pid" ] || return 0
  bytes=
  { while read -r word bytes && [ "$word" != rchar: ]; do :; done <"/proc/$pid/io"; } 2>/dev/null || true
  if [ -n "$bytes" ]; then
    reads=$bytes on_its_way=$bytes
    echo "$bytes" >"$work/read-$1"
  else
    # That may end between two looks at it.
    { read -r reads <"$work/read-$1"; } 2>/dev/null || true
  fi
}

# give_up STREAM BYTES: its calls are ended where it has moved nothing for too long. Which of several targets is to blame is not known:
# from then on each gets its own.
give_up() {
  before=
  if [ -e "$work/moved-$1" ]; then read -r before since <"$work/moved-$1"; fi
  set -- "$1" "$2" "$work/calls-$1"-*
  tell_time
  if [ ! -e "$3" ] || [ "$before" != "$2" ]; then
    echo "$2 $now" >"$work/moved-$1"
    return
  fi
  long=$patience
  # What is let through slowly stands for a while by itself.
  if [ -s "$folder/limit" ]; then long=$((long + 1048576 * streams / $(cat "$folder/limit"))); fi
  [ $((now - since)) -ge "$long" ] || return 0
  echo "it takes nothing for $patience s" >"$work/stalled-$1"
  if [ $# -gt 3 ]; then
    : >"$work/alone"
    : >"$work/shared-$1"
    for target in $targets; do stamp "taken-$target"; done
  fi
  rm -f "$work/moved-$1"
  shift 2
  for calling in "$@"; do kill "$(cat "$calling")" 2>/dev/null; done
}

tell() {
  looks='' told=1
  while [ "$told" -le "$streams" ]; do
    reads_of "$told"
    looks="$looks $on_its_way:$reads:$base"
    told=$((told + 1))
  done
  line=$(find "$work"/landed-* "$work"/sent-* -type f -printf '%h/%f\n' | awk -v all="$all_bytes" -v targets="$targets" -v looks="$looks" '
    function part(bytes, landed) { return bytes > landed ? bytes - landed : 0 }
    NR == FNR { size[FNR] = $1; next }
    { names = split($0, name, "/"); sum[name[names - 1]] += size[name[names]] }
    END {
      streams = split(looks, look, " ")
      for (n = 1; n <= streams; n++) {
        split(look[n], of, ":")
        sent = sum["sent-" n]
        landed = of[3] == "" ? 0 : sent - of[3]
        way += part(of[1], landed)
        by_stream = by_stream sprintf(" s%d=%.0f", n, sent + part(of[2], landed))
      }
      line = all
      count = split(targets, target, " ")
      for (n = 1; n <= count; n++) line = line sprintf(" %s=%.0f+%.0f", target[n], sum["landed-" target[n]], way)
      print line by_stream
    }' "$folder/sizes" -) || return
  for word in $line; do
    case $word in s[0-9]*=*)
      told=${word%%=*}
      give_up "${told#s}" "${word#*=}"
      ;;
    esac
  done
  echo "$line" >>"$RESEED_FOLDER/progress"
}
tell_on() {
  sleeps=
  trap '[ -z "$sleeps" ] || kill "$sleeps" 2>/dev/null; exit' TERM
  while true; do
    sleep 1 &
    sleeps=$!
    wait "$sleeps"
    tell
  done
}
