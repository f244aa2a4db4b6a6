#!/bin/sh
# What the targets are asked, and their answers. Part of seed-send.sh. A target may be hostile: only lines of a fixed
# form count, and its output is bounded in bytes and in time.
folder='' work='' tasks='' patience='' how='' batch='' held='' kind='' streams='' targets='' largest=0 pages=''

# `now`: this machine's uptime in seconds. Without a process, since it is needed at every task.
tell_time() {
  read -r now _ </proc/uptime
  now=${now%.*}
}
# stamp FILE [SECONDS]: writes the time, or a later one.
stamp() {
  tell_time
  echo $((now + ${2:-0})) >"$work/$1"
}
# rests FILE: whether the time in a file is still in the future.
rests() {
  [ -e "$work/$1" ] && read -r rest_end <"$work/$1" || return
  tell_time
  [ "$rest_end" -gt "$now" ]
}

# A target's words: printable, and short.
short() { tr -d '\r' | tr -c '\040-\176\n' '?' | head -n 1 | head -c 200; }

# ask SECONDS TARGET STREAM WORD...: every stream may keep a connection of its own for its next task; without a word it
# is closed. The call and the target's output are limited in time. A kept connection must not work in ROOT, which will
# be unmounted.
ask() {
  seconds=$1 way=$folder/way-$2
  shift 2
  (cd / && ulimit -f "$((tasks + 128))" && exec timeout "$seconds" sh "$way/call" "$@")
}

# landed TARGET N [STREAM]: the target reports N, and is not trusted with a name.
landed() {
  case $2 in *[!0-9]* | '') return ;; esac
  [ -e "$folder/tasks/$2" ] || return 0
  true >"$work/landed-$1/$2"
  if [ $# = 3 ]; then true >"$work/sent-$3/$2"; fi
}

# transfer STREAM TARGET WORD...: sends the batch there. It may take hours while data moves: give_up ends a call without
# progress.
transfer() {
  calling=$work/calls-$1-$2 said=$work/said-$2-$1 stream=$1 way=$folder/way-$2
  shift 2
  # The limit is for the target's standard error; hear reads its standard output.
  (cd / && ulimit -f 128 && exec sh -c 'echo $$ >"$0"; exec timeout 604800 sh "$@"' "$calling" "$way/call" "$stream" "$@" 2>"$said")
  code=$?
  rm -f "$calling"
  return "$code"
}

# hear TARGET STREAM BEHIND: its reports about itself and about the targets behind it, each of these with its name
# before it.
hear() {
  failures=0
  while read -r word rest; do
    target=$1
    case ,$3, in *",${word:-none},"*) target=$word word=${rest%% *} rest=${rest#* } ;; esac
    case $word in
      landed)
        # A task that the donor could not read was not sent as it is.
        if [ -e "$work/bad-$2" ]; then continue; fi
        case " $batch " in *" $rest "*) ;; *) continue ;; esac
        if [ -e "$work/landed-$target/$rest" ]; then continue; fi
        landed "$target" "$rest" "$2"
        stamp "taken-$target"
        if [ -e "$work/full-$target" ]; then rm -f "$work/full-$target"; fi
        ;;
      failed)
        failures=$((failures + 1))
        if [ "$failures" -gt 20 ]; then continue; fi
        printf '%s gets nothing from the one before it, and is sent to from here: %s\n' "$target" "$(printf '%s\n' "$rest" | short)"
        stamp "direct-$target" 300
        ;;
    esac
  done
}

# take CHAIN STREAM: sends the batch from standard input there, and records each of its tasks as it lands.
take() {
  first=${1%%,*} behind=${1#*,}
  if [ "$behind" = "$1" ]; then behind='' words=tasks; else words="pass $behind"; fi
  if [ "$pages" = yes ]; then words=pages; fi
  ended=$work/ended-$2-$first
  # If it says more than needed, the rest is not read.
  # shellcheck disable=SC2086  # words of our own, and numbers
  { transfer "$2" "$first" $words "$how" $batch; echo $? >"$ended"; } |
    dd bs=4096 count="$(((held + 4) * 40))" status=none | hear "$first" "$2" "$behind"
  if [ "$kind" = f ] && [ "$pages" != yes ] && [ -e "$work/bad-$2" ]; then take_back "$2" "$first" "$behind"; fi
  { read -r code <"$ended" && [ "$code" = 0 ] && [ ! -e "$work/bad-$2" ]; } || failed "$first" "$2"
}

# take_back STREAM TARGET BEHIND: tar sends zeros for data that it can't read, and reports that only at its end, when
# files have landed already.
take_back() {
  for target in $2 $(printf %s "$3" | tr , ' '); do
    # shellcheck disable=SC2086  # numbers
    (cd -P -- "$work/landed-$target" && rm -f $batch)
  done
  # shellcheck disable=SC2086
  (cd -P -- "$work/sent-$1" && rm -f $batch)
}

# patience_left SINCE: whether less time than the patience has passed. Under a limit a task takes longer to land.
patience_left() {
  long=$patience
  if [ -s "$folder/limit" ]; then
    read -r limit <"$folder/limit"
    # shellcheck disable=SC2086  # words of our own
    long=$((long + largest * streams * $(set -- $targets && echo $#) / limit))
  fi
  tell_time
  [ $((now - $1)) -lt "$long" ]
}

# failed TARGET STREAM: the target is lost if it took no data for too long, or refused its data with the same words
# three times.
failed() {
  counts=yes
  if rests "rests-$1"; then counts=no; fi
  stamp "rests-$1" 2
  # The first line is the cause, except for the frame that ssh draws if another machine answers. If the target said
  # nothing, the donor's words count.
  why=$(cat "$work/unsummed-$2" "$work/said-$1-$2" "$work/said-$2" "$work/stalled-$2" 2>/dev/null | sed -n '/^@/,/^Host key/{/^Host key/p;d;};p' | short)
  case $why in *'No space left on device'* | *'quota exceeded'*) true >"$work/full-$1" ;; esac
  case $why in
    # A machine that is off, or starting, is waited for; these words come from one that answered.
    *'Permission denied'* | *'Host key'*'erif'* | *'Host key'*'changed'* | 'task '*' came '* | *' refused: '* | 'there is no task '* | *'.reseed-'*' is not '* | *'certificate verify failed'*)
      # Refusals of several streams at the same time count once.
      if [ $counts = yes ]; then printf '%s\n' "$why" | tr '0-9' '#' >>"$work/refused-$1"; fi
      repeats=$(tail -n 3 "$work/refused-$1" 2>/dev/null | sort | uniq -c | sed -n '1s/^ *\([0-9]*\) .*/\1/p')
      [ "${repeats:-0}" -lt 3 ] || printf '%s\n' "$why" >"$work/lost-$1"
      ;;
    *) rm -f "$work/refused-$1" ;;
  esac
  # Another stream may be writing it.
  since=
  until [ -n "$since" ]; do read -r since <"$work/taken-$1" || true; done
  if ! patience_left "$since" && [ ! -e "$work/shared-$2" ]; then printf '%s\n' "$why" >"$work/lost-$1"; fi
  if [ -e "$work/lost-$1" ]; then rm -f "$work/alone"; fi
  rm -f "$work/stalled-$2"
  # A connection that exists but does not answer is useless for the next task.
  ask 10 "$1" "$2"
}
