#!/bin/sh
# Which file is the index of a server's binary or relay logs. A fragment of seed-facts.sh. Reads only.
# A server opens the file that its option named, with .index behind a name that has no extension. What its variable tells is another
# name: with .index in the place of whatever extension the option had.

# true_indexes DATADIR UP: `place KIND PATH` lines on standard input, as tell_places says them -> the same, with the path of the file that
# is the index. UP: empty where the paths are those of options, of a server that is down. `unindexed KIND PATH` behind the place: logs are
# there, and which file is their index is not known. `shut_index KIND FILE` behind it: one that may be, and the account can't read.
true_indexes() {
  told=$(cat)
  printf '%s\n' "$told" | while read -r word kind path; do
    case $kind in
      binlog-index | relaylog-index)
        logs=$(printf '%s\n' "$told" | sed -n "s/^place ${kind%-index} //p" | head -n 1)
        index=$(index_of "$logs" "$path" "$1" "$2")
        printf '%s\n' "$word $kind ${index:-$path}"
        if [ -z "$index" ]; then
          printf '%s\n' "unindexed $kind $path"
          shut_lists "$path" | sed "s/^/shut_index $kind /"
        fi
        ;;
      *) printf '%s\n' "$word $kind $path" ;;
    esac
  done
}

# index_of LOGS TOLD DATADIR UP: the path of the index; nothing where it is not known. LOGS: the path of the logs without their number.
index_of() {
  name=${2##*/} folder=${2%/*}
  stem=${name%.*}
  if [ -z "$4" ]; then
    case $name in *.*) printf '%s\n' "$2" ;; *) printf '%s\n' "$2.index" ;; esac
    return
  fi
  # One that the server has open is its own; one that only lies there may be an earlier server's.
  found=$(open_files "$3" | STEM="$folder/$stem" awk '$0 == ENVIRON["STEM"] || index($0, ENVIRON["STEM"] ".") == 1' | that_list "$1")
  if [ -z "$found" ]; then found=$(may_be_index "$2" | that_list "$1"); fi
  case $found in
    *"$newline"*) ;;
    '')
      # Where there are no logs either, there is nothing to list.
      case $(binary_logs "$1") in '' | '0 '*) printf '%s\n' "$2" ;; esac
      ;;
    *) printf '%s\n' "$found" ;;
  esac
}
newline='
'

# may_be_index TOLD: files that may be the index that the server tells as TOLD; none where there are more than 50, for of so many it is
# not told which.
may_be_index() {
  name=${1##*/}
  find "${1%/*}" -mindepth 1 -maxdepth 1 -type f ! -name '*[[:cntrl:]]*' -print 2>/dev/null |
    STEM="${1%/*}/${name%.*}" awk '$0 == ENVIRON["STEM"] || (index($0, ENVIRON["STEM"] ".") == 1 && !/\.[0-9]+$/) { files[++n] = $0 }
      END { if (n <= 50) for (i = 1; i <= n; i++) print files[i] }'
}

# shut_lists TOLD: those of them that the account of the server can't read.
shut_lists() {
  begin_looks
  may_be_index "$1" | while IFS= read -r file && looks_left; do
    read_own "$file" head -c 1 >/dev/null </dev/null || printf '%s\n' "$file"
  done
}

# open_files DATADIR: the paths of the files that its servers have open.
open_files() {
  for process in $(servers_in "$1"); do find "/proc/$process/fd" -lname '/*' -printf '%l\n' 2>/dev/null; done | sort -u
}

# that_list LOGS: of the paths on standard input the files whose first line names such a log. The account of the server has them.
that_list() {
  while IFS= read -r file; do
    first=$(read_own "$file" head -c 4096 </dev/null | tr -d '\0' | head -n 1)
    case ${first##*/} in
      "${1##*/}".*[!0-9]*) ;;
      "${1##*/}".[0-9][0-9][0-9][0-9][0-9][0-9]*) printf '%s\n' "$file" ;;
    esac
  done
}

# Looks at files that may be on a disk that does not answer: 10 s for all of one kind.
begin_looks() {
  read -r up _ </proc/uptime
  looks_began=${up%.*}
}
looks_left() {
  read -r up _ </proc/uptime
  [ "$((${up%.*} - looks_began))" -lt 10 ]
}
