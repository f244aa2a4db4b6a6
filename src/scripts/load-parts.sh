#!/bin/sh
# The parts of a dump by mydumper (dump-parts.sh), loaded by several clients at a time. Part of seed-load.sh, which has
# the cell, its server and `client`. A part lies in `parts` of the job's folder until it is loaded: a folder of root's.
# Each is one transaction, so that it can be tried again after a deadlock.
work=''

# load_parts: of the stream that comes. Fails if the server refuses something (its words are in WORK/bad), or the stream has no end.
load_parts() {
  places=$(nproc)
  if [ "$places" -lt 2 ]; then places=2; elif [ "$places" -gt 4 ]; then places=4; fi
  rm -rf ../parts && mkdir -m 700 ../parts && mkfifo "$work/places" || exit 1
  exec 6<>"$work/places"
  give_places
  number=0 whole=''
  while [ ! -e "$work/bad" ] && IFS= read -r line; do
    [ -z "$whole" ] || lost 'something comes behind the end of the dump'
    case $line in
      '-- reseed: part '*)
        line=${line#'-- reseed: part '}
        database=${line% *} bytes=${line##* }
        case $database in -) ;; *[!A-Za-z0-9_-]* | '' | -*) lost 'a part of the dump has another name' ;; esac
        case $bytes in *[!0-9]* | '' | ????????????????*) lost 'a part of the dump has no size' ;; esac
        # Unpacked, a small dump may have any size.
        free=$(df -B1 --output=avail .. | tail -n 1)
        [ "$bytes" -lt "$((free - free / 50))" ] || lost "a part of the dump is larger than the space that is free here ($bytes bytes)"
        number=$((number + 1))
        head -c "$bytes" >"../parts/$number"
        [ "$(stat -c %s "../parts/$number")" = "$bytes" ] || lost 'the dump is cut short'
        read -r _ <&6
        load_part "$number" "$database" </dev/null &
        ;;
      '-- reseed: wait') take_places && give_places ;;
      '-- reseed: begun '* | '-- reseed: busy') ;;
      '-- reseed: whole') whole=yes ;;
      *) lost 'the dump has a line of another form' ;;
    esac
  done
  take_places
  exec 6>&-
  rm -rf ../parts
  [ ! -e "$work/bad" ] && [ -n "$whole" ]
}
give_places() {
  place=0
  while [ "$place" -lt "$places" ]; do
    echo place >&6
    place=$((place + 1))
  done
}
take_places() {
  place=0
  while [ "$place" -lt "$places" ]; do
    read -r _ <&6
    place=$((place + 1))
  done
}

# load_part NUMBER DATABASE
load_part() {
  set -- "../parts/$1" "$2" "$work/said-$1"
  tries=0
  # 1205, 1213: two parts of a table may have waited for each other.
  until load_once "$1" "$2" >/dev/null 2>"$3"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 5 ] || ! grep -qE '^ERROR (1205|1213) ' "$3"; then
      mv "$3" "$work/bad"
      break
    fi
  done
  rm -f "$1" "$3"
  echo place >&6
}
load_once() {
  if [ "$2" = - ]; then
    client --binary-mode --comments --quick --max-allowed-packet=1G <"$1" 6>&-
    return
  fi
  # mydumper puts values between double quotes, and names between backticks.
  {
    echo "SET NAMES binary, SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, unique_checks = 0, autocommit = 0;"
    cat "$1"
    echo 'COMMIT;'
  } | client --binary-mode --quick --max-allowed-packet=1G --default-character-set=binary "--database=$2" 6>&-
}
