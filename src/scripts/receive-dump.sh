#!/bin/sh
# The dump of a donor, as it comes. Part of seed-receive.sh. Nothing is done with it here: seed-load.sh loads it. Root keeps it in the job's folder,
# `dump` there, compressed as it came, and `dump.told` with what the donor says of it: both are on the disk, and outlive a power cut.
folder='' datadir='' job=''

enter_job() { enter_stage "$datadir" "$job" || refuse "$datadir/.reseed-$job is not there: the job has not prepared it"; }

# take_dump none|zstd: says `streamed CKSUM BYTES` of what came, unpacked.
take_dump() {
  how=${1:-}
  case $how in none | zstd) ;; *) refuse 'no such compression of a dump' ;; esac
  enter_job
  call=$folder/call-$$
  rm -rf "$folder"/call-* dump dump.part dump.how dump.told loaded load || exit 1
  mkdir -p "$call" || exit 1
  # A stream without an end must not fill the disk of a running server.
  free=$(df -B1 --output=avail . | tail -n 1)
  bound=$((free - free / 50))
  head -c "$bound" | tee dump.part | { unpacked 2>"$call/said" || true >"$call/bad"; } | cksum >"$call/sum"
  read -r sum bytes _ <"$call/sum" || exit 1
  said=$(tr -c '\n[:print:]' '?' <"$call/said" | grep . | head -n 1 | head -c 300)
  came=$(wc -c <dump.part) bad=''
  if [ -e "$call/bad" ]; then bad=yes; fi
  rm -rf "$call"
  if [ "$came" -ge "$bound" ]; then
    rm -f dump.part
    fail "the dump is larger than the space that is free here ($bound bytes)"
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
    $1 == "untold" && NF == 2 && $2 ~ /^[0-9]+$/ { next }
    { bad("a line of another form") }
    END { if (!wrong && (!ended || !stands)) { print "it came cut short"; exit 1 } exit wrong }
  ' "$folder/told-part") || refuse "what the donor says at the end is refused: $why"
  cp "$folder/told-part" dump.told.part && mv dump.told.part dump.told && sync -f . && rm -f "$folder/told-part"
}
