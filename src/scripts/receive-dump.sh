#!/bin/sh
# The dump of a donor, as it comes. Part of seed-receive.sh. Nothing is done with it here: seed-load.sh loads it. Root keeps it in the job's folder,
# `dump` there, compressed as it came, and `dump.told` with what the donor says of it: both are on the disk, and outlive a power cut.
folder='' datadir='' job=''

enter_job() { enter_stage "$datadir" "$job" || refuse "$datadir/.reseed-$job is not there: the job has not prepared it"; }

# What it becomes in a server is smaller than its text, but for tables that are compressed there.
most_unpacked=32
# take_dump none|zstd: says `streamed CKSUM BYTES` of what came, unpacked.
take_dump() {
  how=${1:-}
  case $how in none | zstd) ;; *) refuse 'no such compression of a dump' ;; esac
  enter_job
  call=$folder/call-$$
  rm -rf "$folder"/call-* dump dump.part dump.how dump.told loaded load || exit 1
  mkdir -p "$call" || exit 1
  # A stream without an end must not fill the disk of a running server, nor be unpacked for weeks.
  bound=$(room_left) most=$(($(df -B1 --output=size . | tail -n 1) * most_unpacked))
  [ -n "$bound" ] || exit 1
  # head takes a number below 0 for all but so many.
  if [ "$bound" -lt 0 ]; then bound=0; fi
  head -c "$bound" | tee --output-error=exit dump.part 2>"$call/kept" | { unpacked 2>"$call/said" || true >"$call/bad"; } | head -c "$most" | cksum >"$call/sum"
  free=$(df -B1 --output=avail . | tail -n 1 | tr -d ' ')
  read -r sum bytes _ <"$call/sum" || exit 1
  said=$(tr -c '\n[:print:]' '?' <"$call/said" | grep . | head -n 1 | head -c 300)
  came=$(wc -c <dump.part) bad=''
  if [ -e "$call/bad" ]; then bad=yes; fi
  # A write that failed ends tee.
  unkept=$(grep -a dump.part "$call/kept" | head -n 1 | tr -c '\n[:print:]' '?')
  if [ -n "$unkept" ]; then
    rm -rf "$call" dump.part
    fail "the dump can not be kept: $unkept; $free bytes are free in $datadir"
  fi
  rm -rf "$call"
  if [ "$came" -ge "$bound" ]; then
    rm -f dump.part
    fail "the dump is larger than the room that is free here ($bound bytes, beside what a running server needs)"
  fi
  if [ "$bytes" -ge "$most" ]; then
    rm -f dump.part
    fail "the dump has no end: unpacked it is $most_unpacked times as large as the file system here"
  fi
  [ -z "$bad" ] || fail "the dump can not be unpacked: ${said:-it did not say why}"
  echo "$how $sum $bytes" >dump.how && mv dump.part dump && sync -f . || exit 1
  echo "streamed $sum $bytes"
}

# take_told: what the donor says of the dump: seed-dump.sh has its form.
take_told() {
  enter_job
  [ -e dump ] || refuse 'no dump has come'
  read -r _ sum bytes <dump.how || exit 1
  mkdir -p "$folder" || exit 1
  take_text "$folder/told-part"
  why=$(awk -F '\t' -v sum="$sum" -v bytes="$bytes" '
    function bad(why) { wrong = 1; print why; exit 1 }
    ended { bad("something behind its end") }
    NR == 1 { if ($0 != "sum " sum " " bytes) bad("its dump has another checksum than what came"); next }
    $1 == "end" { if (NF != 2 || $2 != lines + 0 "") bad("a wrong sum"); ended = 1; next }
    { lines++ }
    $1 == "stands" && NF == 2 && $2 ~ /^[A-Za-z0-9+\/]+=*$/ && !stands { stands = 1; next }
    $1 == "account" && NF == 2 && $2 ~ /^([0-9A-F][0-9A-F])+$/ { next }
    $1 == "object" && NF == 4 && $2 ~ /^[0-9A-F]+$/ && $3 ~ /^[0-9a-f]+$/ && $4 ~ /^[0-9A-F]+$/ { next }
    $1 == "table" && NF == 5 && $2 $3 !~ /[^0-9A-F]/ && $4 $5 !~ /[^0-9]/ { next }
    $1 == "metadata" && NF == 2 && $2 ~ /^[A-Za-z0-9+\/]+=*$/ && !metadata { metadata = 1; next }
    $1 == "collates" && NF == 5 && $2 ~ /^[0-9A-F]+$/ && $3 ~ /^([0-9A-F]+|-)$/ && $4 ~ /^[a-z0-9_-]+$/ && $5 ~ /^[0-9]+$/ { next }
    $1 == "untold" && NF == 2 && $2 ~ /^[0-9]+$/ { next }
    { bad("a line of another form") }
    END { if (!wrong && (!ended || !stands)) { print "it came cut short"; exit 1 } exit wrong }
  ' "$folder/told-part") || refuse "what the donor says at the end is refused: $why"
  cp "$folder/told-part" dump.told.part && mv dump.told.part dump.told && sync -f . && rm -f "$folder/told-part"
}
