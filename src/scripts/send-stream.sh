#!/bin/sh
# The stream of a program of the donor, sent to one target: its rate, its checksum, its progress. Part of seed-backup.sh and
# seed-dump.sh; send-bytes.sh, send-answers.sh and send-how.sh are put before it.
# FOLDER/limit, if it exists, has the bytes a second that may leave this host, and may change at any time. Progress: a line a
# second as of seed-send.sh: bytes in all, TARGET=0+BYTES, s1=BYTES+BYTES.
folder='' work='' target='' how='' patience='' all_bytes='' hundredths=0 now=0 tool=''

# noted FILE COMMAND...: its process becomes that command; FILE of WORK has what process_of says of it.
noted() {
  noted_in=$work/$1
  shift
  # shellcheck disable=SC2016  # of the inner shell
  sh -c 'began=$(sed -n "\$s/.*) //p" "/proc/$$/stat" | cut -d " " -f 20); echo "$$ $began" >"$0"; exec "$@"' "$noted_in" "$@"
}
# noted_pid FILE: of that process, if it runs. Once it has ended, its number may be that of another process, the server among them.
noted_pid() {
  { read -r noted_process <"$work/$1" && [ "$(process_of "${noted_process%% *}")" = "$noted_process" ] && echo "${noted_process%% *}"; } 2>/dev/null
}
# end_noted FILE...: it, and FILE-NUMBER. It may be stopped, or wait for itself.
end_noted() {
  for one in "$@"; do
    for noted_in in "$work/$one" "$work/$one"-[0-9]*; do
      ending=$(noted_pid "${noted_in##*/}") && kill -KILL "$ending" 2>/dev/null
    done
  done
}

# end_loop PID: a loop of this shell in the background, over on return. One that has only just begun has this shell's trap for TERM still, and the signal is lost.
end_loop() {
  while kill "$1" 2>/dev/null; do sleep 0.05; done
  wait "$1"
}

# waits_of FILE: how often that process has waited by now. One that gets no answer waits once. Empty: it has ended.
waits_of() { waiting=$(noted_pid "$1") && sed -n 's/^voluntary_ctxt_switches:[[:space:]]*//p' "/proc/$waiting/status" 2>/dev/null; }

# begin_sending: makes the folder of the stream.
begin_sending() {
  rm -rf "$work"
  mkdir -p "$work" && mkfifo "$work/raw" "$work/sums" "$work/lines" || exit 1
}

lose() { end_with lost "$1"; }
# give_up WHY: a further try would end alike.
give_up() { end_with refused "$1"; }
end_with() {
  hang_up
  printf '%s %s %s\n' "$1" "$target" "$(printf '%s\n' "$2" | short)"
  exit 0
}
hang_up() { ask 10 "$target" 1; }

# let_through: at the rate that the limit has now, for the share of a quarter of a second each; without one, some
# megabytes at a time.
let_through() {
  while true; do
    limit='' pause=''
    { read -r limit <"$folder/limit"; } 2>/dev/null || true
    if [ -n "$limit" ] && [ "$limit" -gt 3 ]; then
      share=$((limit / 4)) pause=yes
    else
      share=33554432
    fi
    tell_hundredths
    left=$((hundredths + 25)) passed=
    dd bs=64K iflag=fullblock,count_bytes count="$share" 2>"$work/let"
    # dd prints two lines of records before the bytes.
    { read -r _ && read -r _ && read -r passed _; } <"$work/let"
    [ "$passed" = "$share" ] || return 0
    [ -n "$pause" ] || continue
    tell_hundredths
    left=$((left - hundredths))
    if [ "$left" -gt 0 ]; then sleep "0.$(printf %02d "$left")"; fi
  done
}
packed() { if [ "$how" = zstd ]; then zstd -q -1 -c; else cat; fi; }

# The bytes of the stream so far: those that the process that sums them has read.
bytes_of_stream() {
  bytes=''
  read -r summing <"$work/summing" || return
  { while read -r word bytes && [ "$word" != rchar: ]; do :; done <"/proc/$summing/io"; } 2>/dev/null || true
  [ -n "$bytes" ]
}
tell_on() {
  before='' tell_sleep=''
  trap '[ -z "$tell_sleep" ] || kill "$tell_sleep" 2>/dev/null; exit' TERM
  tell_time
  since=$now
  while true; do
    sleep 1 &
    tell_sleep=$!
    wait "$tell_sleep"
    bytes_of_stream || continue
    echo "$all_bytes $target=0+$bytes s1=$bytes+$bytes" >>"$RESEED_FOLDER/progress"
    tell_time
    if [ "$bytes" != "$before" ]; then
      before=$bytes since=$now
    elif [ $((now - since)) -ge "$patience" ]; then
      echo "nothing moved for $patience s: $tool gave nothing, or the target took nothing" >"$work/stalled"
      { read -r calling <"$work/calls-1-$target" && kill "$calling"; } 2>/dev/null
      # One that hangs is ended by no broken pipe.
      end_noted program mydumper
    fi
  done
}

# send_stream: sends what comes to WORK/raw, until its end. WORK/sum has its checksum and bytes then, `sent` whether it came,
# and `told` why it did not.
send_stream() {
  (exec cksum <"$work/sums" >"$work/sum") &
  summing=$!
  echo "$summing" >"$work/summing"
  tell_on &
  teller=$!
  tee "$work/sums" <"$work/raw" | packed | let_through | transfer 1 "$target" stream "$how" >"$work/answer"
  # shellcheck disable=SC2034  # the scripts after it
  sent=$?
  wait "$summing"
  end_loop "$teller"
  read -r sum bytes _ <"$work/sum" || exit 1
  # The first line of the target is the cause, where the call failed before the program did.
  # shellcheck disable=SC2034  # the scripts after it
  told=$(cat "$work/stalled" "$work/said-$target-1" 2>/dev/null | sed -n '/^@/,/^Host key/{/^Host key/p;d;};p' | short)
}
# compare_answer: what the target says that it got.
compare_answer() {
  read -r word its_sum its_bytes _ <"$work/answer"
  if [ "${word:-} ${its_sum:-} ${its_bytes:-}" != "streamed $sum $bytes" ]; then
    lose "what came there is not what was sent: $(short <"$work/answer") there, $sum $bytes here"
  fi
}
