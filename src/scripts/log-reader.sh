#!/bin/sh
# As whom a server's error log is read. A fragment of probe.sh and follow-log.sh. Reads only.
# Root reads it only where no other account could have put it there: else a link to a file of root's would be shown, and a fifo would
# hold us up. So it is read as the account that writes it.

# log_reader PATH PID DATADIR: words to stand before a command that reads the log; none: by this account itself. PID: the server's, DATADIR:
# its folder, either may be empty.
log_reader() {
  if [ "$(id -u)" != 0 ] || root_keeps "$1"; then return; fi
  reader=$(
    {
      awk '$1 == "Uid:" { uid = $3 } $1 == "Gid:" { gid = $3 } END { if (uid != "") print uid ":" gid ":server" }' "/proc/${2:-none}/status"
      for place in "${1%/*}/." "$1" "${3:-/}/."; do timeout 5 stat -c %u:%g -- "$place" </dev/null; done
    } 2>/dev/null | awk -F : '$1 != 0 || $3 == "server" { print $1 ":" $2; found = 1; exit } END { if (!found) print "65534:65534" }'
  )
  # A server that root runs opens the same path as root.
  case $reader in 0:*) return ;; esac
  echo "setpriv --reuid=${reader%:*} --regid=${reader#*:} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all --"
}

# root_keeps PATH: whether root alone can write to each folder on the way, those behind links too.
root_keeps() {
  timeout -k 1 5 namei -l -- "$1" 2>/dev/null </dev/null | awk '
    NR == 1 && /^f: / { next }
    /^d/ { if ($2 != "root" || ($3 != "root" && substr($1, 6, 1) == "w") || substr($1, 9, 1) == "w") other = 1; seen = 1; next }
    /^[-lpcbs]/ || / - No such file or directory$/ { next }
    { other = 1 }
    END { exit other || !seen }'
}
