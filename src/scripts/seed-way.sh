#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The two ends of a seed's channel of any kind (seed-ssh.sh, seed-socat.sh). None of its files leaves /run, and secrets
# never leave the host that made them.
#   seed-way.sh open folder=FOLDER kind=ssh|tls|plain mark=MARK    on the target: takes on standard input the keys of all
#     callers, a line for each, in base64 on one line; then seed-receive.sh, to the line #MARK
#   seed-way.sh port folder=FOLDER unit=UNIT    on the target, while the unit in the folder UNIT runs: says the port, and the target's key
#   seed-way.sh prove folder=FOLDER target=TARGET    on the donor: sends a word to the target by the same channel as the data, and gets it back
#   seed-way.sh behind folder=FOLDER target=TARGET before=BEFORE    on the donor: the target BEFORE passes its data on to TARGET; empty: none does
#   seed-way.sh list|sums folder=FOLDER target=TARGET    on the donor: sends the result of seed-list.sh, seed-sums.sh
#   seed-way.sh knows folder=FOLDER target=TARGET...    on the donor: says yes if it has the state of the copy, and to which targets it has a channel; else no
#   seed-way.sh limit folder=FOLDER bytes=BYTES    on the donor: bytes a second that may leave it, for all streams and targets together; 0: no limit
#   seed-way.sh room folder=FOLDER datadir=DATADIR    on the target: the bytes that the server's account may still write there
#   seed-way.sh shut folder=FOLDER    on the donor: removes the folder, and the keys in it
# FOLDER is the job's on that host: FOLDER/listener on a target, FOLDER/way-TARGET on the donor. A target that passes
# data on is a donor to the next: its FOLDER is FOLDER/have there (seed-receive.sh). FOLDER/way-TARGET/call STREAM
# WORD... sends the words to seed-receive.sh there, with its standard input and output and its exit status; STREAM -
# keeps nothing open. These words have no names: both ends are scripts of one job, which were frozen together. Each verb
# can be repeated.
set -u
umask 077
verb=$1
shift
case $verb in
  open) declare_words 'folder kind mark' "$@" ;;
  port) declare_words 'folder unit' "$@" ;;
  prove | list | sums) declare_words 'folder target' "$@" ;;
  behind) declare_words 'folder target before' "$@" ;;
  knows) declare_words 'folder target...' "$@" ;;
  limit) declare_words 'folder bytes' "$@" ;;
  room) declare_words 'folder datadir' "$@" ;;
  shut) declare_words folder "$@" ;;
  *) unknown_verb "$verb" ;;
esac
# call TARGET WORD...: the target's answer, at most 512 bytes of each kind, printable.
call() {
  way=$folder/way-$1
  shift
  (ulimit -f 128; exec sh "$way/call" - "$@" 2>"$way/said" >"$way/answer")
  called=$?
  head -c 512 "$way/answer" | tr -c '\040-\176\n' '?'
  # Without the frame that ssh draws if another key answers.
  sed -n '/^@/,/^Host key/{/^Host key/p;d;};p' "$way/said" | head -c 512 | tr -d '\r' | tr -c '\040-\176\n' '?' >&2
  rm -f "$way/answer" "$way/said"
  return "$called"
}

# check_peers ssh|tls|plain FILE: each line must be a key, a certificate or a word, and nothing else: it becomes a line
# of a file that root reads.
check_peers() {
  case $1 in
    ssh) form='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5[A-Za-z0-9+/]{48} reseed' ;;
    tls) form='[A-Za-z0-9+/]{40,}={0,2}' ;;
    plain) form='[0-9a-f]{32}' ;;
    *) refuse "no channel is called $1" ;;
  esac
  [ -s "$2" ] || fail 'the key of the donor did not come'
  if [ "$(wc -l <"$2")" -gt 2 ] || [ "$(wc -c <"$2")" -gt 8000 ] ||
    [ "$(tail -c 1 "$2" | od -An -tx1 | tr -d ' ')" != 0a ] || grep -aqvxE "$form" "$2"; then
    refuse 'what the donor sent is not the key of a donor'
  fi
}

# known TARGET...: a target that was given up before the copy has no way.
known() {
  ways=
  for each in "$@"; do if [ -s "$folder/total" ] && [ -e "$folder/way-$each/call" ]; then ways="$ways $each"; fi; done
  if [ -n "$ways" ]; then echo "yes$ways"; else echo no; fi
}

case $verb in
  open)
    listener=$folder/listener
    mkdir -p "$listener" || exit 1
    IFS= read -r peers || fail 'the key of the donor did not come'
    printf '%s' "$peers" | base64 -d >"$listener/peer.part" || fail 'the key of the donor did not come whole'
    check_peers "$kind" "$listener/peer.part"
    cat >"$listener/receive.part"
    [ "$(tail -n 1 "$listener/receive.part")" = "#$mark" ] || fail 'seed-receive.sh did not come whole'
    mv "$listener/peer.part" "$listener/peer" && mv "$listener/receive.part" "$listener/receive"
    ;;
  port)
    listener=$folder/listener
    # The unit holds its lock while it runs (unit.sh): a listener that starts slowly has not failed.
    until [ -s "$listener/port" ]; do
      if [ ! -e "$unit/pid" ] || [ -e "$unit/rc" ] || flock -n "$unit/alive" true; then
        [ -s "$listener/port" ] || fail "the job's listener has ended: $(tail -n 3 "$unit/log" 2>/dev/null)"
      fi
      sleep 0.1
    done
    printf '%s %s\n' "$(cat "$listener/port")" "$(cat "$listener/public")"
    ;;
  prove)
    word=$(od -An -v -tx1 -N 16 /dev/urandom | tr -d ' \n')
    said=$(printf %s "$word" | call "$target" prove) || exit 1
    [ "$said" = "$word" ] || fail 'what was sent did not come back'
    ;;
  behind)
    if [ -n "$before" ]; then echo "$before" >"$folder/way-$target/behind"; else rm -f "$folder/way-$target/behind"; fi
    ;;
  list) call "$target" list <"$folder/list" ;;
  sums)
    # shellcheck disable=SC2016  # of awk
    (cd -P -- "$folder/sums" && find . -type f -printf '%P\n' | sort -n | xargs -r awk '{ print FILENAME "\t" $0 }') >"$folder/sums.part" || exit 1
    printf 'end\t%s\n' "$(wc -l <"$folder/sums.part")" >>"$folder/sums.part"
    call "$target" sums <"$folder/sums.part"
    ;;
  knows)
    eval "known $target"
    ;;
  limit)
    [ -d "$folder" ] || fail 'nothing is copied from here yet'
    if [ "$bytes" -gt 0 ]; then echo "$bytes" >"$folder/limit"; else rm -f "$folder/limit"; fi
    ;;
  # What root alone may use is left out.
  room) timeout 10 df -B1 --output=avail -- "$datadir" | tail -n 1 ;;
  shut)
    rm -rf "$folder"
    # The job's own folder is removed with its last content.
    rmdir "${folder%/*}" 2>/dev/null
    exit 0
    ;;
esac
