#!/bin/sh
# The stream of a backup program, as it comes. Part of seed-receive.sh; cell.sh is put before it. There are no tasks: a
# stream that breaks is sent again from its beginning, and what an earlier one left is removed first. The list of the
# donor's files came before (receive-list.sh); seed-prepare.sh compares what lies here with it.
folder='' unpack=''

# take_stream none|zstd: says `streamed CKSUM BYTES` of what came, unpacked but not extracted.
take_stream() {
  if [ "$unpack" = dump ]; then
    take_dump "$@"
    return
  fi
  case $unpack in mbstream | xbstream) ;; *) refuse 'this seed takes no stream' ;; esac
  how=${1:-} call=$folder/call-$$
  [ -s "$folder/total" ] || refuse 'no list of the donor has come'
  rm -rf "$folder"/call-* "$folder/streamed" "$folder/changed" "$folder/told" "$folder/prepared"
  mkdir -p "$call/cell" && mkfifo -m 600 "$call/sums" "$call/words" || exit 1
  enter_new
  as_owner find . -xdev -mindepth 1 -delete || fail 'what an earlier stream left can not be removed'
  # A stream without an end must not fill the disk of a running server.
  free=$(df -B1 --output=avail . | tail -n 1)
  bound=$((free - free / 50))
  cksum <"$call/sums" >"$call/sum" &
  summing=$!
  first_words <"$call/words" >"$call/said" &
  hearing=$!
  {
    unpacked | head -c "$bound" | tee "$call/sums" | in_cell "$call/cell" "$unpack" -x >/dev/null
    code=$?
  } 2>"$call/words"
  wait "$hearing"
  # It leaves such a file out, and ends well.
  if [ "$code" = 0 ] && grep -aq 'invalid filename' "$call/said"; then code='a name that leads out of the datadir'; fi
  wait "$summing"
  read -r sum bytes _ <"$call/sum" || exit 1
  said=$(tr -c '\n[:print:]' '?' <"$call/said" | grep . | head -n 1 | head -c 300)
  rm -rf "$call"
  if [ "$bytes" -ge "$bound" ]; then fail "the stream is larger than the space that is free here ($bound bytes)"; fi
  [ "$code" = 0 ] || fail "$unpack ended with $code: ${said:-it did not say why}"
  printf '%s %s\n' "$sum" "$bytes" >"$folder/streamed.part" && mv "$folder/streamed.part" "$folder/streamed" || exit 1
  echo "streamed $sum $bytes"
}
# first_words: of what the programs say, some lines: /run is memory, and a hostile stream has a line for each of its names.
first_words() { awk '/invalid filename/ { if (!leads_out) print; leads_out = 1; next } lines < 20 { lines++; print substr($0, 1, 300) }'; }
unpacked() {
  case $how in
    zstd) as_owner zstd -dqc ;;
    *) cat ;;
  esac
}

# take_changed: `sum CKSUM BYTES` of the stream, then `gone PATH` for each listed file or folder that the donor has no
# more, or has with another size; then `end LINES`.
take_changed() {
  if [ "$unpack" = dump ]; then
    take_told
    return
  fi
  part=$folder/changed-part
  [ -s "$folder/streamed" ] || refuse 'no stream has come'
  take_text "$part"
  read -r sum bytes <"$folder/streamed" || exit 1
  why=$(awk -F '\t' -v sum="$sum" -v bytes="$bytes" -v out="$folder/changed.part" '
    function bad(why) { wrong = 1; print why; exit 1 }
    BEGIN { printf "" > out }
    FILENAME ~ /\/(files|folders)$/ { known[FILENAME ~ /folders$/ ? $2 : $4] = 1; next }
    ended { bad("something behind its end") }
    FNR == 1 { if ($0 != "sum " sum " " bytes) bad("its stream has another checksum than what came"); next }
    $1 == "end" { if (NF != 2 || $2 != lines + 0 "") bad("a wrong sum"); ended = 1; next }
    NF != 2 || $1 != "gone" || !($2 in known) { bad("a line of another form") }
    { lines++; print $2 > out }
    END { if (!wrong && !ended) { print "it came cut short"; exit 1 } exit wrong }
  ' "$folder/files" "$folder/folders" "$part") || refuse "what the donor says at the end is refused: $why"
  rm -f "$part"
  mv "$folder/changed.part" "$folder/changed"
}
