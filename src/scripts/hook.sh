#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# A hook of the inventory.
#   hook.sh run   mark=FILE again=yes|no seconds=SECONDS look=LOOK... sum=SUM... argument=WORD... <FACTS
#           runs it here and now, in /, and prints how it ended, then its output (run-bounded.sh):
#             ended STATUS | late | again | changed PATH | unseen PATH | open PATH: WHY
#           FILE is made before it begins, and gets what is printed when it has ended. So it is not run twice: where FILE is empty, the runner
#           before this one died meanwhile (`again`), and it is run again only with again=yes. LOOK and SUM: of all files that it is made of (closed-files.sh).
#           changed: a file has not that SHA-256 any more. unseen: the plan saw none there, or one that could not be run: another account may have written it.
#           open: it can not be run now, or another account could change it.
#   hook.sh tell  job=JOB role=ROLE <FACTS    keeps what the unit's program will read (custom.sh); lines before it `sum SUM`: what the check of the job saw
#   hook.sh check look=LOOK...   what each is now, as look_at_each says it
set -u
verb=$1
shift
case $verb in
  run) declare_words 'mark again seconds look... sum... argument...' "$@" ;;
  tell) declare_words 'job role' "$@" ;;
  check) declare_words 'look...' "$@" ;;
  *) unknown_verb "$verb" ;;
esac

# first_unseen LOOK...: `unseen PATH` of the first that the plan did not look at.
first_unseen() {
  for one in "$@"; do
    wanted=${one#* * } has=no
    while read -r _ its_path; do if [ "$its_path" = "$wanted" ]; then has=yes; fi; done <<END
$sums
END
    [ "$has" = yes ] || { printf 'unseen %s\n' "$wanted" && return; }
  done
}

tell() {
  folder=/run/reseed/$job/$role
  umask 077
  mkdir -p "$folder" || exit
  cat >"$folder/told" && sed -n 's/^sum //p' "$folder/told" >"$folder/sums" || exit
  sed '/^sum /d' "$folder/told" >"$folder/input.part" && mv "$folder/input.part" "$folder/input" && rm "$folder/told"
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
  # Begun by a runner that died: its program may have changed since.
  if [ -e "$mark" ] && [ "$again" = no ]; then echo again && exit; fi
  sums=$(eval "printf '%s\n' $sum")
  for how in "$(eval "first_unseen $look")" "$(eval "first_open $look" | sed '1s/^/open /')" "$(eval "first_changed $sum")"; do
    if [ -n "$how" ]; then printf '%s\n' "$how" && exit; fi
  done
  if ! (umask 077 && set -C && : >"$mark") 2>/dev/null; then
    [ -e "$mark" ] || fail "no file can be made: $mark"
    if [ "$again" = no ]; then echo again && exit; fi
  fi
  # It has to outlive a power cut.
  sync "$mark" "${mark%/*}"
  own=$(mktemp -d) || fail 'no folder can be made for the output of a hook'
  trap end_hook TERM
  cat >"$own/facts"
  # A name without a folder means no file of the folder that reseed was started in.
  cd /
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
  check) eval "look_at_each $look" ;;
esac
