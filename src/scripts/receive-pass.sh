#!/bin/sh
# Passes what comes from the donor on to the next target at the same time. Part of seed-receive.sh. The next target may
# be hostile as well.
folder=''
# A next target that takes no data and says nothing for so long is left to the donor.
silence_seconds=45

# A target's words: printable, and short.
short() { tr -d '\r' | tr -c '\040-\176\n' '?' | head -n 1 | head -c 200; }

# Repeats what the next target and those after it say, if it has the right form.
pass_on() {
  told='|' failures=0
  {
    # The limit is for its standard error; its standard output is read below.
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

# Ends the passing on if no data gets through any more, or the other end does not answer.
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

# pass TARGET,... none|zstd N...: if one end fails, the other goes on.
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
