#!/bin/sh
# What the donor sends about its data before the data itself: the list, and the checksums. Part of seed-receive.sh. Each
# has a fixed form, and is refused as a whole if it does not.
folder='' tab='' unpack=''
max_bytes=268435456

# take_text FILE: saves what is sent, up to a quarter of the free memory; only printable characters, tabs and line ends.
take_text() {
  limit=$(($(df -B1 --output=avail "$folder" | tail -n 1) / 4))
  if [ "$limit" -gt "$max_bytes" ]; then limit=$max_bytes; fi
  head -c "$((limit + 1))" >"$1" || exit 1
  [ "$(wc -c <"$1")" -le "$limit" ] || refuse "the donor sent more than $limit bytes of names"
  [ "$(tr -d '\011\012\040-\176\200-\377' <"$1" | head -c 1 | wc -c)" = 0 ] || refuse 'the donor sent control characters'
}

# Writes tasks, sizes, wholes, files (task, mode, size, path) and folders (mode, path) of $1/list into $1. Says what is
# wrong with it.
read_list() {
  awk -F '\t' -v out="$1" -v OFS='\t' '
    function bad(why) { wrong = 1; print why ", in line " NR; exit 1 }
    function number(text) { return text ~ /^(0|[1-9][0-9]*)$/ && length(text) <= 15 }
    function parent(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }
    function check_path(path) {
      if (path == "" || length(path) > 4095 || ("/" path "/") ~ /\/(\.|\.\.)?\//) bad("a name that leads out of the datadir")
      if (path ~ /^(\.reseed-[^\/]*|RESEED_IN_PROGRESS|lost\+found|auto\.cnf|mysqld-auto\.cnf)(\/|$)/) bad("a name that is not of the data")
      if (parent(path) != "" && !(parent(path) in folder)) bad("a name in a folder that is not listed")
      if (path in folder || path in file) bad("a name that is there twice")
    }
    function end_task() {
      if (kind == "f") printf "%d %d %.0f\n", task, task, size > (out "/wholes")
      if (task > 0) { printf "%.0f\n", size > (out "/sizes"); close(out "/tasks/" task) }
    }
    function end_ranges() {
      if (ranged == "") return
      print first, ranged_mode, sprintf("%.0f", ranged_end), ranged > (out "/files")
      printf "%d %d %.0f\n", first, task, ranged_end > (out "/wholes")
      ranged = ""
    }
    ended { bad("something behind its end") }
    $1 == "end" {
      end_task(); end_ranges()
      if (NF != 4 || $2 != task "" || $3 != files "" || $4 != sprintf("%.0f", bytes)) bad("a wrong sum")
      ended = 1
      printf "%s %s %s\n", $2, $3, $4 > (out "/total")
      next
    }
    NF != 6 || !number($1) || !number($4) || !number($5) { bad("a line of another form") }
    $2 == "d" {
      if ($1 != "0" || task > 0 || $4 != "0" || $5 != "0" || $3 !~ /^7[0-7][0-7]$/) bad("a folder of another form")
      check_path($6)
      folder[$6] = 1
      print $3, $6 > (out "/folders")
      next
    }
    $2 !~ /^[frh]$/ || $3 !~ /^[67][0-7][0-7]$/ { bad("a line of another form") }
    {
      goes_on = $2 != "f" && $2 == kind && ranged != "" && $6 == ranged
      if ($1 != task + 1 && !($1 == task && kind == "f" && $2 == "f" && names < 2000)) bad("a task out of its turn")
      if ($1 != task) { end_task(); if (!goes_on) end_ranges(); task = $1 + 0; kind = $2; size = 0; names = 0 }
      size += $5; bytes += $5; names++
      if (bytes > 9007199254740991) bad("more bytes than there are")
      print $2, $3, $4, $5, $6 > (out "/tasks/" task)
    }
    goes_on {
      if ($4 != sprintf("%.0f", ranged_end) || $3 != ranged_mode || $5 == "0") bad("a range out of its turn")
      ranged_end += $5
      next
    }
    {
      check_path($6)
      if ($4 != "0" || ($2 != "f" && $5 == "0")) bad("a file that does not begin at its beginning")
      file[$6] = 1; files++
      if ($2 == "f") { print task, $3, $5, $6 > (out "/files"); next }
      ranged = $6; ranged_mode = $3; ranged_end = $5 + 0; first = task
    }
    END { if (!wrong && (!ended || files == 0)) { print "it came cut short"; exit 1 } exit wrong }
  ' "$1/list"
}

take_list() {
  part=$folder/part
  rm -rf "$part" && mkdir -p "$part/tasks" || exit 1
  take_text "$part/list"
  : >"$part/folders"
  why=$(read_list "$part") || refuse "the list of the donor is refused: $why"
  # Landed tasks belong to the list that they were sent for.
  cmp -s "$part/list" "$folder/list" || rm -rf "$folder/landed"
  for made in tasks sizes wholes folders files total list; do
    rm -rf "${folder:?}/$made" && mv "$part/$made" "$folder/$made" || exit 1
  done
  rmdir "$part"
  enter_new
  # Old data that lies there by another list, in other parts, would be told by sums of few bytes. `..` is root's, and on the disk: after
  # a power cut the same list comes again.
  case $unpack in *pages)
    sum=$(cksum <"$folder/list")
    if [ "$(cat ../listed 2>/dev/null)" != "$sum" ]; then
      as_owner find . -xdev -mindepth 1 -delete || exit 1
      printf '%s\n' "$sum" >../listed && sync -f .. || exit 1
    fi
    ;;
  esac
  cut -f 2 "$folder/folders" | as_owner xargs -r -d '\n' mkdir -p -- || exit 1
  cut -f 1 "$folder/folders" | sort -u | while read -r bits; do
    sed -n "s/^$bits$tab//p" "$folder/folders" | as_owner xargs -r -d '\n' chmod -- "$bits" || exit 1
  done || exit 1
  mkdir -p "$folder/landed"
}

# Only compared with checksums that this host makes itself (seed-sums.sh).
take_sums() {
  part=$folder/sums-part
  rm -rf "$part" && mkdir -p "$part" || exit 1
  take_text "$folder/sums-list"
  awk -F '\t' -v out="$part" '
    FILENAME ~ /wholes$/ { split($0, words, " "); known[words[1]] = 1; next }
    ended || NF != 2 { wrong = 1; exit }
    $1 == "end" { ended = 1; wrong = ($2 != lines + 0 ""); next }
    !($1 in known) || ($1 != task && ($1 in seen)) || $2 !~ /^\\?[0-9a-f]+( |$)/ { wrong = 1; exit }
    {
      if ($1 != task) close(out "/" task)
      task = $1; seen[task] = 1; lines++
      print $2 > (out "/" task)
    }
    END { exit (wrong || !ended) }
  ' "$folder/wholes" "$folder/sums-list" || refuse 'the checksums of the donor are refused: they have another form'
  rm -rf "$folder/sums" "$folder/sums-list" && mv "$part" "$folder/sums"
}
