#!/bin/sh
# Which file is the index of a server's binary or relay logs. A fragment of seed-facts.sh. Reads only. A server opens
# the file that its option names, and adds .index if the name has no extension. Its variable shows another name: with
# .index in place of any extension that the option had.

# true_indexes DATADIR UP: `place KIND PATH` lines on standard input, as from tell_places -> the same, with the path of
# the file that is the index. UP: empty if the paths come from options, of a server that is down. `unindexed KIND PATH`
# after the place: there are logs, and it is unknown which file is their index. `shut_index KIND FILE` after it: a
# possible one that the account can't read.
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

# index_of LOGS TOLD DATADIR UP: the path of the index; empty if unknown. LOGS: the path of the logs without their
# number.
index_of() {
  name=${2##*/} folder=${2%/*}
  stem=${name%.*}
  if [ -z "$4" ]; then
    case $name in *.*) printf '%s\n' "$2" ;; *) printf '%s\n' "$2.index" ;; esac
    return
  fi
  # An index that the server has open is its own; one that only exists may be an earlier server's.
  found=$(open_files "$3" | STEM="$folder/$stem" awk '$0 == ENVIRON["STEM"] || index($0, ENVIRON["STEM"] ".") == 1' | that_list "$1")
  if [ -z "$found" ]; then found=$(may_be_index "$2" | that_list "$1"); fi
  case $found in
    *"$newline"*) ;;
    '')
      # If there are no logs, there is nothing to list.
      case $(binary_logs "$1") in '' | '0 '*) printf '%s\n' "$2" ;; esac
      ;;
    *) printf '%s\n' "$found" ;;
  esac
}
newline='
'

# may_be_index TOLD: files that may be the index that the server shows as TOLD; none if there are more than 50, since
# too many can't be told apart.
may_be_index() {
  name=${1##*/}
  find "${1%/*}" -mindepth 1 -maxdepth 1 -type f ! -name '*[[:cntrl:]]*' -print 2>/dev/null |
    STEM="${1%/*}/${name%.*}" awk '$0 == ENVIRON["STEM"] || (index($0, ENVIRON["STEM"] ".") == 1 && !/\.[0-9]+$/) { files[++n] = $0 }
      END { if (n <= 50) for (i = 1; i <= n; i++) print files[i] }'
}

# shut_lists TOLD: those of them that the server's account can't read.
shut_lists() {
  begin_looks
  may_be_index "$1" | while IFS= read -r file && looks_left; do
    read_own "$file" head -c 1 >/dev/null </dev/null || printf '%s\n' "$file"
  done
}

# open_files DATADIR: the paths of the files that its servers have open.
open_files() {
  for process in $(trusted_in "$1"); do find "/proc/$process/fd" -lname '/*' -printf '%l\n' 2>/dev/null; done | sort -u
}

# that_list LOGS: of the paths on standard input, the files whose first line names such a log. Read as the server's
# account.
that_list() {
  while IFS= read -r file; do
    first=$(read_own "$file" head -c 4096 </dev/null | tr -d '\0' | head -n 1)
    case ${first##*/} in
      "${1##*/}".*[!0-9]*) ;;
      "${1##*/}".[0-9][0-9][0-9][0-9][0-9][0-9]*) printf '%s\n' "$file" ;;
    esac
  done
}

# Files may be on a disk that does not answer: limits the looks to 10 s for all of one kind.
begin_looks() {
  read -r up _ </proc/uptime
  looks_began=${up%.*}
}
looks_left() {
  read -r up _ </proc/uptime
  [ "$((${up%.*} - looks_began))" -lt 10 ]
}
