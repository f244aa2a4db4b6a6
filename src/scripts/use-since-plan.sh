#!/bin/sh
# Whether the server of a target is used by now as its plan did not know: hours lie between the two, and a switchover may have made it the
# primary. Part of seed-before.sh and tables.sh.

# refuse_new_use PLANNED MYSQL_OR_MARIADB WORD DEFAULTS_FILE SOCKET: ends with 3 where it takes writes, or hosts replicate from it. PLANNED: what the plan
#   saw: read-only; replica (read_only is off, it has a channel); writes (it is off, and it has none); unknown. WORD: REPLICA or SLAVE
# What it does not answer is told, and is no reason to end.
refuse_new_use() {
  untold=
  replicating=$(now_replicating "$2" "$3" "$4" "$5") || replicating=untold
  case $(asked_now "$4" "$5" 'SELECT @@GLOBAL.read_only') in
    0 | OFF)
      case $1,$replicating in
        writes,*) refuse_writers "$@" ;;
        *,none) taken_over 'read_only is off, and it has no channel' ;;
        # A replica that had read_only off did not need it off to be made the primary: that it does not replicate says nothing.
        read-only,stopped) taken_over 'read_only is off, and none of its channels replicates' ;;
        *,untold) untold='takes writes' ;;
      esac
      ;;
    '') untold='takes writes' ;;
  esac
  if names=$(now_replicas "$2" "$3" "$4" "$5") && names=$(not_members "$names"); then
    [ -z "$names" ] || refuse "hosts replicate from its server since the plan ($names): its old data is untouched. Point them to another source, and seed again"
  else
    untold="${untold:+$untold or }has replicas"
  fi
  [ -z "$untold" ] || echo "! whether its server $untold by now is not known: it did not say"
}
# stands_now: GTIDs of its own writes, or the place in its log, as `stood` has them.
stands_now() {
  case $stood in
    log:*)
      # MySQL has the first since 8.2, and not the second since 8.4.
      place=$(asked_now "$4" "$5" 'SHOW BINARY LOG STATUS' 2>/dev/null) || place=$(asked_now "$4" "$5" 'SHOW MASTER STATUS')
      printf '%s\n' "$place" | awk -F '\t' 'NR == 1 { print "log:" $1 ":" $2 }'
      ;;
    *)
      case $2 in mariadb) position='SELECT @@GLOBAL.gtid_binlog_pos' ;; *) position='SELECT @@GLOBAL.gtid_executed' ;; esac
      asked_now "$4" "$5" "$position" | tr -d ' \n\134' | sed 's/,n/,/g'
      ;;
  esac
}
# refuse_writers: the plan saw writes allowed, and no client. An application with short connections is seen by what it wrote. The account of reseed
# may be an application's too: its sessions from elsewhere count.
# shellcheck disable=SC2154  # of the script
refuse_writers() {
  now=$(stands_now "$@")
  if [ -n "$stood" ] && [ "$now" != "$stood" ]; then
    refuse "rows were written there since the plan (it stands at $(printf '%.100s' "$now" | tr -c 'A-Za-z0-9:,._\n-' '?')): its old data is untouched. Stop what writes there, and seed again"
  fi
  clients=$(asked_now "$4" "$5" "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND USER NOT IN ('system user', 'event_scheduler')
    AND COMMAND NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')
      AND (USER <> SUBSTRING_INDEX(USER(), '@', 1) OR (HOST <> SUBSTRING_INDEX(USER(), '@', -1) AND HOST NOT LIKE CONCAT(SUBSTRING_INDEX(USER(), '@', -1), ':%')))") || clients=
  case $clients in
    0) ;;
    '') refuse 'whether clients are logged in there is not known: it did not say. Its old data is untouched. If it is to be rebuilt all the same: stop it, and seed again' ;;
    *) refuse "clients are logged in there since the plan ($(printf '%.9s' "$clients" | tr -dc 0-9)): its old data is untouched. End them, and seed again" ;;
  esac
}

taken_over() { refuse "its server takes writes since the plan ($1): its old data is untouched. If it is to be rebuilt all the same: stop it, and seed again"; }

# asked_now DEFAULTS_FILE SOCKET SQL. A statement may wait for another: a thread that can not be stopped, for example.
asked_now() {
  client_limit='timeout 20' sql_client "$1" "$2" --batch --skip-column-names -e "$3" </dev/null
}

# now_replicating: none (it has no channel), stopped (by a person: all threads, without an error), or some.
now_replicating() (
  case $1 in mariadb) channels='SHOW ALL SLAVES STATUS' ;; *) channels="SHOW $2 STATUS" ;; esac
  told=$(client_limit='timeout 20' sql_client "$3" "$4" --batch -e "$channels" </dev/null) || exit 1
  [ -n "$told" ] || { echo none && exit; }
  threads=$(printf '%s\n' "$told" | threads_told) || exit 1
  if printf '%s\n' "$threads" | grep -qv '^No No 0 0 '; then echo some; else echo stopped; fi
)

# not_members NAMES: those of the lines that are in no line of the script's `member`, at most three.
# shellcheck disable=SC2154  # of the script
not_members() {
  known=$(eval "printf '%s\\n' $member")
  printf '%s\n' "$1" | grep -vxF -e "$known" | grep . | head -n 3 | paste -sd , | sed 's/,/, /g'
}

# now_replicas: where they call from, each on a line. Those that are connected, and those that have told their names: a login may see only one of both.
now_replicas() (
  case $1,$2 in mysql,REPLICA) hosts='SHOW REPLICAS' ;; *) hosts='SHOW SLAVE HOSTS' ;; esac
  dumps=$(asked_now "$3" "$4" "SELECT DISTINCT HOST FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'") || exit 1
  registered=$(asked_now "$3" "$4" "$hosts") || exit 1
  if [ -n "$dumps" ]; then printf '%s\n' "$dumps" | sed 's/:[0-9]*$//'
  elif [ -n "$registered" ]; then printf '%s\n' "$registered" | sed 's/^\([0-9]*\).*/server_id \1/'
  fi | tr -c 'A-Za-z0-9._:\n -' '?' | sort -u
)
