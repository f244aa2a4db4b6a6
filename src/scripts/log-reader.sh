#!/bin/sh
# The account that reads a server's error log. A fragment of probe.sh and follow-log.sh. Reads only. Root reads it only
# by a path that the inventory or reseed itself names, and only if no other account could have put the file there.
# Otherwise a link to a file of root's would be shown, and a fifo would block. So the account that writes it reads it. A
# path that the server or its options name may be any file of root's.

# log_reader PATH NAMED PID DATADIR UNIT: words to put before a command that reads the log; empty: this account itself
# reads. NAMED: `ours`, by the inventory or by reseed; `server`, by the server, its process or its options. PID: the
# server's, DATADIR: its folder, either may be empty. UNIT: for a server that is down, the account is the one that this
# unit starts it as; if that is unknown, the owner of its datadir.
log_reader() {
  if [ "$(id -u)" != 0 ] || { [ "$2" = ours ] && root_keeps "$1"; }; then return; fi
  if [ -n "$3" ]; then reader=$(process_account "$3"); else reader=$(unit_account "$5"); fi
  groups=--clear-groups
  case $reader in
    # A server that runs as root opens the same path as root.
    0:*) return ;;
    '')
      if [ "$2" = ours ]; then set -- "${1%/*}/." "$1" "${4:-/}/."; else set -- "${4:-/}/."; fi
      reader=$(first_owner "$@")
      if getent passwd "${reader%:*}" >/dev/null; then groups=--init-groups; fi
      ;;
    *' '?*) groups=--groups=${reader#* } ;;
  esac
  reader=${reader%% *}
  echo "setpriv --reuid=${reader%:*} --regid=${reader#*:} $groups --no-new-privs --inh-caps=-all --bounding-set=-all --"
}

# process_account PID: UID:GID, a blank, and its further groups with commas between. Empty if it has ended. The real ones: the server's account may start
# a setuid program of root's under the name of a server.
process_account() {
  awk '$1 == "Uid:" { uid = $2 } $1 == "Gid:" { gid = $2 }
    $1 == "Groups:" { for (i = 2; i <= NF; i++) groups = groups (i > 2 ? "," : "") $i }
    END { if (uid != "") print uid ":" gid " " groups }' "/proc/$1/status" 2>/dev/null
}

# first_owner PLACE...: UID:GID of the first that is not root's; else of 65534.
first_owner() {
  for place in "$@"; do timeout 5 stat -c %u:%g -- "$place" 2>/dev/null </dev/null; done |
    awk -F : '$1 != 0 { print; found = 1; exit } END { if (!found) print "65534:65534" }'
}

# root_keeps PATH: whether only root can write to each folder on the path, also after links.
root_keeps() { others_on_way "$1" folders >/dev/null; }
