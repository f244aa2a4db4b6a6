#!/bin/sh
# Relay logs of a server's further channels outside of its datadir, and other files with such names. A fragment of
# seed-facts.sh. Reads only.

# channel_places DATADIR: `place KIND PATH` lines on standard input -> lines for the further channels of a server whose
# relay logs, or their index, are outside of the datadir. A channel X has logs NAME-X.NNNNNN and an index of that name.
# Other logs may have such names too: the server's own binary logs, an earlier server's, those of another server of this
# host.
#   place relaylog LOGS, place relaylog-index FILE    relay logs of this server: it has the index open, or a replica wrote the first log
#   unproved relaylog-index FILE                      whether it lists such logs is unknown
#   taken relaylog LOGS, taken relaylog-index FILE    is where a channel X would have its own, and is not proved to be that
#   unseen channels                                   there are more files than are looked through
channel_places() {
  told=$(cat)
  logs=$(printf '%s\n' "$told" | sed -n 's/^place relaylog //p' | head -n 1)
  index=$(printf '%s\n' "$told" | sed -n 's/^place relaylog-index //p' | head -n 1)
  case $logs in '') return ;; "$1"/*) case $index in "$1"/*) return ;; esac ;; esac
  begin_looks
  {
    printf '%s\n' "$told" | sed 's/^/t /'
    open_files "$1" | sed 's/^/o /'
    other_open_files "$1" | sed 's/^/x /'
    files_in "${index%/*}" i
    files_in "${logs%/*}" l
  } | LOGS=$logs STEM=${index%.*} ENDING=${index##*.} named_as_channels | sort | {
    looks=0
    while IFS='	' read -r what channel_logs file first; do
      if [ "$what" = look ]; then
        looks=$((looks + 1)) what=unknown
        if [ "$looks" -le 256 ] && looks_left; then what=$(log_kind "$first"); fi
      fi
      case $what in
        relay) printf 'place relaylog %s\nplace relaylog-index %s\n' "$channel_logs" "$file" ;;
        unknown) printf 'unproved relaylog-index %s\ntaken relaylog %s\ntaken relaylog-index %s\n' "$file" "$channel_logs" "$file" ;;
        binary) printf 'taken relaylog %s\ntaken relaylog-index %s\n' "$channel_logs" "$file" ;;
        logs) printf 'taken relaylog %s\n' "$channel_logs" ;;
        unseen) echo 'unseen channels' ;;
      esac
    done
  }
}

# files_in FOLDER MARK: the paths of its files, a line each behind MARK; a line `!` where that is not all.
files_in() {
  timeout 10 find "$1" -mindepth 1 -maxdepth 1 -type f ! -name '*[[:cntrl:]]*' -printf "$2 %p\n" 2>/dev/null || echo '!'
}

# named_as_channels: lines of places (t), of files that this server (o) and others (x) have open, and of other files (i,
# l) -> lines WHAT, LOGS, INDEX and FIRST LOG with tabs between. WHAT: relay; binary: another server's; look: its first
# log tells; logs: without an index; unseen.
named_as_channels() {
  awk '
    BEGIN { logs = ENVIRON["LOGS"]; stem = ENVIRON["STEM"]; ending = "." ENVIRON["ENDING"] }
    { mark = $1; path = substr($0, 3) }
    mark == "!" { unseen = 1 }
    mark == "t" || mark == "o" || mark == "x" { has[mark, path] = 1 }
    mark == "l" && index(path, logs "-") == 1 && path ~ /\.[0-9][0-9][0-9][0-9][0-9][0-9]+$/ {
      name = path; sub(/\.[0-9]+$/, "", name)
      if (!(name in first) || path < first[name]) first[name] = path
    }
    mark == "i" && index(path, stem "-") == 1 && substr(path, length(path) - length(ending) + 1) == ending { files[++n] = path }
    END {
      for (i = 1; i <= n && i <= 1000; i++) {
        file = files[i]
        name = logs "-" substr(file, length(stem) + 2, length(file) - length(stem) - 1 - length(ending))
        listed[name] = 1
        if (("t", "place binlog " name) in has || ("t", "place binlog-index " file) in has) continue
        what = ("x", file) in has ? "binary" : ("o", file) in has ? "relay" : "look"
        print what "\t" name "\t" file "\t" first[name]
      }
      for (name in first) if (!(name in listed) && !(("t", "place binlog " name) in has) && ++alone <= 1000) print "logs\t" name
      if (unseen || n > 1000 || alone > 1000) print "unseen"
    }'
}

# log_kind FILE: `relay`: a replica wrote this log, and notes that in its first event (the flag LOG_EVENT_RELAY_LOG_F,
# 0x40, of the two bytes after 4 of the file's and 17 of the event's); `binary`: no replica wrote it; `unknown`: it is
# empty, encrypted (MySQL's begins with another magic), can't be read, or does not exist.
log_kind() {
  # shellcheck disable=SC2046  # numbers
  if [ -n "$1" ]; then set -- $(read_own "$1" head -c 23 </dev/null | od -An -v -tu1); fi
  case $#:$* in
    '23:254 98 105 110 '*)
      shift 21
      if [ "$(($1 & 64))" != 0 ]; then echo relay; else echo binary; fi
      ;;
    *) echo unknown ;;
  esac
}

# other_open_files DATADIR: the files that servers in other datadirs have open.
other_open_files() {
  for process in /proc/[0-9]*; do
    if is_server "${process#/proc/}" && [ "$(readlink "$process/cwd")" != "$1" ]; then
      find "$process/fd" -lname '/*' -printf '%l\n' 2>/dev/null
    fi
  done | sort -u
}
