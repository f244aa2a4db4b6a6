#!/bin/sh
# What a server said when it was started: in its error log, and in systemd's journal. A fragment of service.sh and seed-before.sh. Reads only.

# journal UNIT: what the unit's processes and systemd itself said since it was last started.
journal() {
  invocation=$(systemctl show -p InvocationID --value "$1")
  [ -n "$invocation" ] && command -v journalctl >/dev/null || return 0
  timeout 10 journalctl -q --no-pager -o cat -n 200 "_SYSTEMD_INVOCATION_ID=$invocation" + "INVOCATION_ID=$invocation" 2>/dev/null |
    tr '\0' '?' | head -c 32768 | grep .
}

# as_server COMMAND...: as the account of the server of $datadir, which may put a fifo, or a link to a file of root's, where its log was.
as_server() {
  # shellcheck disable=SC2154  # the script's
  if [ "$(id -u)" = 0 ]; then as_account "$(stat -L -c %u:%g -- "$datadir")" "$@"; else "$@"; fi
}
# log_bytes LOG: its size; fails where there is no such file.
log_bytes() {
  # shellcheck disable=SC2016  # the inner shell's word
  as_server timeout 10 sh -c '[ -f "$1" ] && wc -c <"$1"' sh "$1" 2>/dev/null
}
# log_since LOG BYTES: what it has from there on, at most 64 KiB.
log_since() { as_server timeout 10 tail -c "+$(($2 + 1))" -- "$1" 2>/dev/null | head -c 65536; }

# why_not_up UNIT LOG BYTES: the first error that its log has from BYTES on, else that of the journal, else the journal's last line. LOG may
# be empty. One line, which may be empty.
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
