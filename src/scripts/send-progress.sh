#!/bin/sh
# Reports the progress of the copy once a second, and ends a call for which nothing moves any more. Part of
# seed-send.sh.
folder='' work='' targets='' streams='' patience='' how='' all_bytes='' now='' pages=''

# The bytes of the tasks in a folder.
bytes_of() {
  find "$1" -type f -printf '%f\n' | awk 'NR == FNR { size[FNR] = $1; next } { all += size[$1] } END { printf "%.0f", all }' "$folder/sizes" -
}

# The bytes that stream $1 has read of its batch, those of them that are on their way or have landed, and those that a
# limit has let through. All may be read long before it has landed: a reader that has ended counts with what it had read
# at the last look.
reads_of() {
  pid='' base=0 ahead=0 reads=0 on_its_way=0 passed=0
  { read -r pid base ahead <"$work/reads-$1"; } 2>/dev/null || true
  { read -r passed <"$work/let-$1-all"; } 2>/dev/null || true
  [ -n "$pid" ] || return 0
  bytes='' looked=''
  { while read -r word bytes && [ "$word" != rchar: ]; do :; done <"/proc/$pid/io"; } 2>/dev/null || true
  if [ -n "$bytes" ]; then
    echo "$pid $bytes" >"$work/read-$1"
  else
    { read -r looked bytes <"$work/read-$1"; } 2>/dev/null || true
    # A process that begins and ends between two looks.
    [ "$looked" = "$pid" ] || bytes=0
  fi
  reads=$((ahead + bytes)) on_its_way=$reads
  # Bytes that wait for the limit have not left this host. With a compressor their number is unknown.
  if [ "$how" = none ] && [ "$passed" -gt 0 ] && [ "$passed" -lt "$reads" ]; then on_its_way=$passed; fi
}

# give_up STREAM READ:PASSED: ends its calls if it has moved nothing for too long. A limit may take minutes for what was
# read at once. It is unknown which of several targets is to blame: from then on each gets its own call.
give_up() {
  before=
  if [ -e "$work/moved-$1" ]; then read -r before since <"$work/moved-$1"; fi
  set -- "$1" "$2" "$work/calls-$1"-*
  asks=$work/asks-$1
  tell_time
  if { [ ! -e "$3" ] && [ ! -e "$asks" ]; } || [ "$before" != "$2" ]; then
    echo "$2 $now" >"$work/moved-$1"
    return
  fi
  [ $((now - since)) -ge "$patience" ] || return 0
  echo "it takes nothing for $patience s" >"$work/stalled-$1"
  if [ $# -gt 3 ]; then
    : >"$work/alone"
    : >"$work/shared-$1"
    for target in $targets; do stamp "taken-$target"; done
  fi
  rm -f "$work/moved-$1"
  shift 2
  for calling in "$@" "$asks"; do kill "$(cat "$calling")" 2>/dev/null; done
}

tell() {
  looks='' told=1
  while [ "$told" -le "$streams" ]; do
    reads_of "$told"
    looks="$looks $on_its_way:$reads:$base:$passed"
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
        landed = sent - of[3]
        way += part(of[1], landed)
        by_stream = by_stream sprintf(" s%d=%.0f+%.0f", n, sent + part(of[2], landed), of[4])
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
  limit=0
  if [ -s "$folder/limit" ]; then read -r limit <"$folder/limit"; fi
  line="$line limit=$limit"
  if [ "$pages" = yes ]; then line="$line pages=$(told_pages)"; fi
  for target in $targets; do
    if [ -e "$work/full-$target" ]; then line="$line full=$target"; fi
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
