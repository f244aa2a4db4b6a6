#!/bin/sh
# What a server said when it was started: in its error log, and in systemd's journal. A fragment of service.sh and seed-before.sh,
# behind server-reads.sh and log-reader.sh. Reads only.

# journal UNIT: what the unit's processes and systemd itself said since it was last started: how that began, and what was said last.
journal() {
  invocation=$(systemctl show -p InvocationID --value "$1")
  [ -n "$invocation" ] && command -v journalctl >/dev/null || return 0
  entries() {
    timeout 10 journalctl -q --no-pager -o cat "$@" "_SYSTEMD_INVOCATION_ID=$invocation" + "INVOCATION_ID=$invocation" 2>/dev/null | tr '\0' '?'
  }
  # Of few lines both have the same.
  { entries | head -n 1000 | head -c 65536; echo; entries -n 200 | tail -c 32768; } | awk 'NF && !said[$0]++'
}

# meet_log LOG: before the log is looked at: as whom, for the server's account may put a fifo, or a link to a file of root's, where it was.
# The server is that of $datadir and $unit.
# shellcheck disable=SC2154  # the script's
meet_log() { reads_as=$(log_reader "$1" server "$(servers_in "$datadir" | head -n 1)" "$datadir" "$unit"); }
# shellcheck disable=SC2086  # words
as_reader() { ${reads_as-} "$@"; }
# log_bytes LOG: its size; fails where there is no such file.
log_bytes() {
  # shellcheck disable=SC2016  # the inner shell's word
  as_reader timeout 10 sh -c '[ -f "$1" ] && wc -c <"$1"' sh "$1" 2>/dev/null
}
# log_since LOG BYTES [INODE [SINCE]]: what it has from there on, at most 64 KiB. INODE: of the file that had these bytes at the second SINCE
# of 1970. Where LOG is another file by now, or a shorter one, it was rotated, perhaps more than once: what the old file has from there on,
# and the files that were made of LOG after it, stand before all that the new one has. A line of ours comes first where they are not found.
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
      # Else it was compressed, or copied.
      if [ -n "$old" ]; then old="$old
$(by_time ! -inum "$inode" -newermt "@$(stat -c %Y -- "$old")")"
      elif [ -n "$since" ]; then old=$(by_time -newermt "@$since")
      else old=$(by_time | tail -n 1); fi
      lost=yes
      printf "%s\n" "$old" | {
        while IFS= read -r file; do
          if [ -z "$file" ]; then continue; fi
          # One with less is not the file that had these bytes.
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

# why_not_up UNIT LOG BYTES: the first error that its log has from BYTES on, else that of the journal, else the journal's last line. LOG may
# be empty; meet_log was said of it. One line, which may be empty.
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
