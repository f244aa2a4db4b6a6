#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# A hook of the inventory.
#   hook.sh run   mark=FILE again=yes|no seconds=SECONDS sum=SUM... argument=WORD... <FACTS
#           runs it here and now, and prints how it ended, then its output (run-bounded.sh):
#             ended STATUS | late | again | changed | unseen
#           FILE is made before it begins, and gets what is printed when it has ended. So it is not run twice: where FILE is empty, the runner
#           before this one died meanwhile (`again`), and it is run again only with again=yes. changed PATH: a file that it
#           is made of has not that SHA-256 any more. SUM: HEX PATH, of the program and of arguments that are whole paths of files. unseen: there is none of the program:
#           another account may have written it.
#   hook.sh tell  job=JOB role=ROLE <FACTS    keeps what the unit's program will read (custom.sh)
#   hook.sh check path=PATH... file=PATH...   a line for each program: ok HEX, or why it can not be run as root; and for each file among the arguments: ok HEX,
#           none (no file is there), or which other account could change it
set -u
verb=$1
shift
case $verb in
  run) declare_words 'mark again seconds sum... argument...' "$@" ;;
  tell) declare_words 'job role' "$@" ;;
  check) declare_words 'path... file...' "$@" ;;
  *) unknown_verb "$verb" ;;
esac

# why_not_run PATH: nothing is printed where root can run it, and only root can change it.
why_not_run() {
  [ -e "$1" ] || { echo 'there is no such file' && return; }
  [ -f "$1" ] || { echo 'it is no file' && return; }
  [ -x "$1" ] || { echo 'it can not be executed' && return; }
  why=$(others_on_way "$1" program) || echo "on the way to it, ${why:-nothing can be seen}"
}

why_not_read() { why=$(others_on_way "$1" program) || echo "on the way to it, ${why:-nothing can be seen}"; }

# check_each WHY PATH...
check_each() {
  how=$1
  shift
  for one in "$@"; do
    if [ "$how" = why_not_read ] && [ ! -f "$one" ]; then echo none && continue; fi
    why=$("$how" "$one" | tr '\n' ' ')
    if [ -n "$why" ]; then echo "$why"; else echo "ok $(digest_of "$one")"; fi
  done
}

# has_sum PATH SUM...
has_sum() {
  wanted=$1
  shift
  for one in "$@"; do if [ "${one#* }" = "$wanted" ]; then return; fi; done
  return 1
}

tell() {
  folder=/run/reseed/$job/$role
  umask 077
  mkdir -p "$folder" || exit
  cat >"$folder/input.part" && mv "$folder/input.part" "$folder/input"
}

# end_hook: its connection is over, or its deadline. Not only itself: all of its group.
end_hook() {
  trap '' TERM
  if [ -n "$bounded" ]; then
    kill -s TERM -- "-$bounded" 2>/dev/null
    sleep 0.3
    kill -s KILL -- "-$bounded" 2>/dev/null
  fi
  rm -rf "$own"
  exit 143
}

# shellcheck disable=SC2317  # run_bounded runs it
run_limited() { exec timeout -k 10 "$seconds" "$@"; }

run() {
  if [ -s "$mark" ]; then cat "$mark" && exit; fi
  eval "has_sum \"\$1\" $sum" || { echo unseen && exit; }
  changed=$(eval "first_changed $sum")
  if [ -n "$changed" ]; then printf 'changed %s\n' "$changed" && exit; fi
  if ! (umask 077 && set -C && : >"$mark") 2>/dev/null; then
    [ -e "$mark" ] || fail "no file can be made: $mark"
    if [ "$again" = no ]; then echo again && exit; fi
  fi
  # It has to outlive a power cut.
  sync "$mark" "${mark%/*}"
  own=$(mktemp -d) || fail 'no folder can be made for the output of a hook'
  trap end_hook TERM
  cat >"$own/facts"
  run_bounded "$own" "$own/facts" "$@" >"$own/said"
  trap - TERM
  (
    umask 077
    if [ "$is_late" = yes ]; then echo late; else echo "ended $code"; fi >"$mark.part"
    cat "$own/said" >>"$mark.part"
  )
  mv "$mark.part" "$mark"
  rm -rf "$own"
  cat "$mark"
}

case $verb in
  run)
    eval "set -- $argument"
    run "$@"
    ;;
  tell) tell ;;
  check)
    eval "check_each why_not_run $path"
    [ -z "$file" ] || eval "check_each why_not_read $file"
    ;;
esac
