#!/bin/sh
# As whom a server's error log is read. A fragment of probe.sh and follow-log.sh. Reads only.
# Root reads it only by a path that the inventory or reseed itself names, and only where no other account could have put it there: else a
# link to a file of root's would be shown, and a fifo would hold us up. So it is read as the account that writes it. A path that the server
# or its options name may be any file of root's.

# log_reader PATH NAMED PID DATADIR: words to stand before a command that reads the log; none: by this account itself. NAMED: `ours`, by
# the inventory or by reseed; `server`, by the server, its process or its options. PID: the server's, DATADIR: its folder, either may be empty.
log_reader() {
  if [ "$(id -u)" != 0 ] || { [ "$2" = ours ] && root_keeps "$1"; }; then return; fi
  datadir_of_log=${4:-/}/.
  if [ "$2" = ours ]; then set -- "$3" "${1%/*}/." "$1" "$datadir_of_log"; else set -- "$3" "$datadir_of_log"; fi
  status_of_server=/proc/${1:-none}/status
  shift
  reader=$(
    {
      awk '$1 == "Uid:" { uid = $3 } $1 == "Gid:" { gid = $3 } END { if (uid != "") print uid ":" gid ":server" }' "$status_of_server"
      for place in "$@"; do timeout 5 stat -c %u:%g -- "$place" </dev/null; done
    } 2>/dev/null | awk -F : '$1 != 0 || $3 == "server" { print; found = 1; exit } END { if (!found) print "65534:65534" }'
  )
  # A server that root runs opens the same path as root.
  case $reader in 0:*) return ;; esac
  groups=--clear-groups
  case $reader in
    *:server)
      reader=${reader%:server}
      joined=$(awk '$1 == "Groups:" { for (i = 2; i <= NF; i++) printf "%s%s", (i > 2 ? "," : ""), $i }' "$status_of_server" 2>/dev/null)
      if [ -n "$joined" ]; then groups=--groups=$joined; fi
      ;;
    *) if getent passwd "${reader%:*}" >/dev/null; then groups=--init-groups; fi ;;
  esac
  echo "setpriv --reuid=${reader%:*} --regid=${reader#*:} $groups --no-new-privs --inh-caps=-all --bounding-set=-all --"
}

# root_keeps PATH: whether root alone can write to each folder on the way, those behind links too. Where a folder has an ACL, the bits of
# its group say what any entry there can give at most.
root_keeps() {
  timeout -k 1 5 namei -l -- "$1" 2>/dev/null </dev/null | awk '
    NR == 1 && /^f: / { next }
    /^d/ { if ($2 != "root" || substr($1, 6, 1) == "w" || substr($1, 9, 1) == "w") other = 1; seen = 1; next }
    /^[-lpcbs]/ || / - No such file or directory$/ { next }
    { other = 1 }
    END { exit other || !seen }'
}
