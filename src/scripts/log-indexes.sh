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
  if [ -z "$found" ]; then
    found=$(find "$folder" -mindepth 1 -maxdepth 1 -type f -print 2>/dev/null |
      STEM="$folder/$stem" awk '$0 == ENVIRON["STEM"] || index($0, ENVIRON["STEM"] ".") == 1' | that_list "$1")
  fi
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

# shut_lists TOLD: files that may be the index that the server tells as TOLD, and its account can't read.
shut_lists() {
  name=${1##*/}
  find "${1%/*}" -mindepth 1 -maxdepth 1 -type f -print 2>/dev/null |
    STEM="${1%/*}/${name%.*}" awk '$0 == ENVIRON["STEM"] || (index($0, ENVIRON["STEM"] ".") == 1 && !/\.[0-9]+$/)' |
    while IFS= read -r file; do
      case $file in *[[:cntrl:]]*) continue ;; esac
      read_own "$file" >/dev/null </dev/null || printf '%s\n' "$file"
    done
}

# open_files DATADIR: the paths of the files that its servers have open.
open_files() {
  for process in $(servers_in "$1"); do find "/proc/$process/fd" -lname '/*' -printf '%l\n' 2>/dev/null; done | sort -u
}

# that_list LOGS: of the paths on standard input the files whose first line names such a log. The account of the server has them.
that_list() {
  while IFS= read -r file; do
    first=$(read_own "$file" | head -c 4096 | tr -d '\0' | head -n 1)
    case ${first##*/} in
      "${1##*/}".*[!0-9]*) ;;
      "${1##*/}".[0-9][0-9][0-9][0-9][0-9][0-9]*) printf '%s\n' "$file" ;;
    esac
  done
}

# channel_places DATADIR: `place KIND PATH` lines on standard input -> the same two, relaylog and relaylog-index, for each further channel
# with relay logs outside of the datadir. A channel NAME-X has an index of that name; other logs may be called so, too: the server's own
# binary logs, an earlier server's, those of another server of this host.
channel_places() {
  told=$(cat)
  logs=$(printf '%s\n' "$told" | sed -n 's/^place relaylog //p' | head -n 1)
  index=$(printf '%s\n' "$told" | sed -n 's/^place relaylog-index //p' | head -n 1)
  case $logs in '' | "$1"/*) return ;; esac
  own=$(open_files "$1") others=$(other_open_files "$1")
  stem=${index%.*} ending=${index##*.}
  pattern=$(printf '%s' "${stem##*/}" | sed 's/[][*?\\]/\\&/g')
  find "${index%/*}" -mindepth 1 -maxdepth 1 -type f -name "$pattern-*.$ending" -print 2>/dev/null | sort | while IFS= read -r file; do
    case $file in *[[:cntrl:]]*) continue ;; esac
    channel=${file#"$stem-"} channel_logs=$logs-
    channel_logs=$channel_logs${channel%".$ending"}
    if printf '%s\n' "$told" | grep -qxF -e "place binlog $channel_logs" -e "place binlog-index $file"; then continue; fi
    if printf '%s\n' "$others" | grep -qxF -e "$file"; then continue; fi
    if printf '%s\n' "$own" | grep -qxF -e "$file" || are_relay_logs "$channel_logs"; then
      printf 'place relaylog %s\nplace relaylog-index %s\n' "$channel_logs" "$file"
    fi
  done
}

# are_relay_logs LOGS: whether a replica wrote them, which notes that in the first event of each (the flag LOG_EVENT_RELAY_LOG_F, 0x40, of
# the two bytes behind 4 of the file's and 17 of the event's); or there are none.
are_relay_logs() {
  log=$(find "${1%/*}" -mindepth 1 -maxdepth 1 -type f -regextype posix-extended -regex '.*\.[0-9]{6,}' -print 2>/dev/null |
    LOGS="$1." awk 'index($0, ENVIRON["LOGS"]) == 1' | sort | head -n 1)
  [ -n "$log" ] || return 0
  flags=$(read_own "$log" | head -c 23 | od -An -tu1 -j 21 -N 1 | tr -d ' ')
  [ "$((${flags:-0} & 64))" != 0 ]
}

# other_open_files DATADIR: what servers in other datadirs have open.
other_open_files() {
  for process in /proc/[0-9]*; do
    if is_server "${process#/proc/}" && [ "$(readlink "$process/cwd")" != "$1" ]; then
      find "$process/fd" -lname '/*' -printf '%l\n' 2>/dev/null
    fi
  done | sort -u
}
