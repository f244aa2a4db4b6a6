#!/bin/sh
# Where the binary log of a server that is down ends. A fragment of seed-facts.sh and seed-still.sh. Reads only.

# log_end LOG ACCOUNT: LOG is the path of the logs without their number; their folder is the account's, USER:GROUP, and is read as it.
# Says `open`: the server did not close its log (it crashed, or was killed), so that what it has in its engines is not decided. Else
# `closed`, and of a MariaDB the last GTIDs of each domain, `0-14-1597,1-14-9`, as it wrote them beside its logs (LOG.state). Nothing where
# there is no log, or none that can be read.
log_end() {
  log=$1 its_account=$2
  last=$(as_account "$its_account" find "${log%/*}" -regextype posix-extended -maxdepth 1 -type f -regex '.*/[^/]*\.[0-9]{6,}' -printf '%f\n' 2>/dev/null |
    NAME="${log##*/}." awk 'index($0, ENVIRON["NAME"]) == 1 { number = substr($0, length(ENVIRON["NAME"]) + 1)
      if (number ~ /^[0-9]+$/ && number + 0 > most) { most = number + 0; last = number } } END { print last }')
  [ -n "$last" ] || return 0
  # The magic number, and behind it the header of the first event, 19 bytes, whose last two are flags.
  # shellcheck disable=SC2046  # numbers
  set -- $(as_account "$its_account" timeout 5 head -c 23 -- "$log.$last" 2>/dev/null | od -An -v -tu1)
  [ "$#" = 23 ] && [ "$1 $2 $3 $4" = '254 98 105 110' ] || return 0
  # LOG_EVENT_BINLOG_IN_USE_F
  if [ "$((${22} & 1))" = 1 ]; then
    echo open
    return
  fi
  printf 'closed %s\n' "$(as_account "$its_account" timeout 5 head -c 65536 -- "$log.state" 2>/dev/null |
    grep -xE '[0-9]{1,10}-[0-9]{1,10}-[0-9]{1,20}' | paste -s -d , -)"
}
