#!/bin/sh
# The end of a stopped server's binary log. A fragment of seed-facts.sh and seed-still.sh. Reads only.

# log_end LOG ACCOUNT: LOG is the path of the logs without their number; their folder is the account's, USER:GROUP, and
# is read as it. Says
#   none          there is no log
#   open          the server did not close its log (it crashed, or was killed): its prepared transactions are not decided
#   closed        for a MySQL
#   closed GTIDS  for a MariaDB, with the last GTIDs of each domain, `0-14-1597,1-14-9`, as it wrote them beside its logs (LOG.state)
#   encrypted     for a MySQL: without its keys it is unknown whether the log is closed
#   unread WHAT   unknown: WHAT could not be read, or was not read in time
log_end() {
  log=$1 its_account=$2
  names=$(as_account "$its_account" find "${log%/*}" -regextype posix-extended -maxdepth 1 -type f -regex '.*/[^/]*\.[0-9]{6,}' -printf '%f\n' 2>/dev/null) ||
    { echo 'unread their folder'; return; }
  last=$(printf '%s\n' "$names" | NAME="${log##*/}." awk 'index($0, ENVIRON["NAME"]) == 1 { number = substr($0, length(ENVIRON["NAME"]) + 1)
      if (number ~ /^[0-9]+$/ && number + 0 > most) { most = number + 0; last = number } } END { print last }')
  if [ -z "$last" ]; then
    echo none
    return
  fi
  # The magic number; the header of the first event, 19 bytes, whose last two are flags; two more, and its server's version.
  bytes=$(as_account "$its_account" timeout 5 head -c 75 -- "$log.$last" 2>/dev/null | od -An -v -tu1)
  # shellcheck disable=SC2086  # numbers
  set -- $bytes
  if [ "$#" = 75 ] && [ "$1 $2 $3 $4" = '253 98 105 110' ]; then
    echo encrypted
    return
  fi
  if [ "$#" != 75 ] || [ "$1 $2 $3 $4" != '254 98 105 110' ]; then
    echo "unread the log with the number $last"
    return
  fi
  # LOG_EVENT_BINLOG_IN_USE_F
  if [ "$((${22} & 1))" = 1 ]; then
    echo open
    return
  fi
  shift 25
  # 45 77 97 114 105 97 68 66: -MariaDB
  case " $* " in
    *' 45 77 97 114 105 97 68 66 '*) ;;
    *)
      echo closed
      return
      ;;
  esac
  gtids=$(as_account "$its_account" timeout 5 head -c 65536 -- "$log.state" 2>/dev/null |
    grep -xE '[0-9]{1,10}-[0-9]{1,10}-[0-9]{1,20}' | paste -s -d , -)
  if [ -n "$gtids" ]; then echo "closed $gtids"; else echo 'unread the GTIDs beside them (.state)'; fi
}
