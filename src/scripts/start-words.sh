#!/bin/sh
# What a server logged when it was started: in its error log, and in systemd's journal. A fragment of service.sh and
# seed-before.sh, after server-reads.sh and log-reader.sh. Reads only.

# journal UNIT: what the unit's processes and systemd itself logged since its last start: the first and the last lines.
journal() {
  invocation=$(systemctl show -p InvocationID --value "$1")
  [ -n "$invocation" ] && command -v journalctl >/dev/null || return 0
  entries() {
    timeout 10 journalctl -q --no-pager -o cat "$@" "_SYSTEMD_INVOCATION_ID=$invocation" + "INVOCATION_ID=$invocation" 2>/dev/null | tr '\0' '?'
  }
  # If there are few lines, both have the same ones.
  { entries | head -n 1000 | head -c 65536; echo; entries -n 200 | tail -c 32768; } | awk 'NF && !said[$0]++'
}

# meet_log LOG: call it before the log is read. Decides which account reads it: the server's account may have replaced
# it by a fifo, or by a link to a file of root's. The server is that of $datadir and $unit.
# shellcheck disable=SC2154  # the script's
meet_log() { reads_as=$(log_reader "$1" server "$(trusted_in "$datadir" "$unit" | head -n 1)" "$datadir" "$unit"); }
# shellcheck disable=SC2086  # words
as_reader() { ${reads_as-} "$@"; }
# log_bytes LOG: its size; fails if there is no such file.
log_bytes() {
  # shellcheck disable=SC2016  # the inner shell's word
  as_reader timeout 10 sh -c '[ -f "$1" ] && wc -c <"$1"' sh "$1" 2>/dev/null
}
# log_since LOG BYTES [INODE [SINCE]]: its content from there on, at most 64 KiB. INODE: of the file that had these
# bytes at the second SINCE of 1970. If LOG is another file by now, or a shorter one, it was rotated, perhaps more than
# once. Then the old file from there on, and later rotated files of LOG, come before all of the new one. If they are not
# found, a line of ours comes first.
log_since() {
  # shellcheck disable=SC2016  # the inner shell's words
  as_reader timeout 10 sh -c '
    log=$1 from=$2 inode=$3 since=$4
    unpacked() {
      case $1 in *.gz) gzip -dc -- "$1" ;; *.xz) xz -dc -- "$1" ;; *.bz2) bzip2 -dc -- "$1" ;; *.zst) zstd -dcq -- "$1" ;; *) cat -- "$1" ;; esac
    }
    is=$(stat -L -c "%i %s" -- "$log" 2>/dev/null) || is="0 0"
    if [ -n "$inode" ] && { [ "${is% *}" != "$inode" ] || [ "${is#* }" -lt "$from" ]; }; then
      name=$(printf "%s" "${log##*/}" | sed "s/[][*?\\\\]/\\\\&/g")
      after_it() { find "${log%/*}/" -mindepth 1 -maxdepth 1 -type f -name "$name[.-]*" "$@"; }
      by_time() { after_it "$@" -printf "%T@ %p\n" | sort -n | cut -d " " -f 2-; }
      old=$(after_it -inum "$inode" -print -quit)
      # Otherwise it was compressed, or copied.
      if [ -n "$old" ]; then old="$old
$(by_time ! -inum "$inode" -newermt "@$(stat -c %Y -- "$old")")"
      elif [ -n "$since" ]; then old=$(by_time -newermt "@$since")
      else old=$(by_time | tail -n 1); fi
      lost=yes
      printf "%s\n" "$old" | {
        while IFS= read -r file; do
          if [ -z "$file" ]; then continue; fi
          # A smaller file is not the one that had these bytes.
          bytes=$(unpacked "$file" | wc -c)
          if [ "$lost" = yes ] && [ "$bytes" -ge "$from" ]; then
            lost=no
            unpacked "$file" | tail -c "+$((from + 1))"
          elif [ "$bytes" -gt 0 ]; then
            if [ "$lost" = yes ]; then echo "reseed: this log was rotated, and what stood before this is not found" && lost=told; fi
            unpacked "$file"
          fi
        done
        if [ "$lost" = yes ]; then echo "reseed: this log was rotated, and what stood before this is not found"; fi
      }
      from=0
    fi
    tail -c "+$((from + 1))" -- "$log"' sh "$1" "$2" "${3-}" "${4-}" 2>/dev/null | head -c 65536
}

# why_not_up UNIT LOG BYTES: the first error in its log from BYTES on, else in the journal, else the journal's last
# line. LOG may be empty; call meet_log before. One line, which may be empty.
why_not_up() {
  said=$(journal "$1")
  {
    if [ -n "$2" ]; then log_since "$2" "$3" | grep -F '[ERROR]'; fi
    printf '%s\n' "$said" | grep -F '[ERROR]'
    # systemd's own sentences say that it failed, and not why.
    printf '%s\n' "$said" | grep -vE '^(Start(ing|ed)|Stopp(ing|ed)|Failed to start|Consumed)|: (Main process exited|Failed with result|Scheduled restart|Consumed|Deactivated)' |
      tail -n 1
  } | head -n 1 | head -c 400 | tr -c '\n[:print:]\200-\377' '?'
}
