#!/bin/sh
# shellcheck disable=SC2154  # declare_words and stage_of assign the words
# What a server has to be told around a salvage. Each verb may be said twice.
#   salvage-open.sh open  job=JOB defaults_file=FILE socket=SOCKET    super_read_only off, which not even administrators can write under;
#     noted if it was on. read_only stays as it is
#   salvage-open.sh close job=JOB defaults_file=FILE socket=SOCKET    on again, if it was. A MariaDB is told that it has what was applied:
#     else it would ask its next source for it once more (gtid_slave_pos)
set -u
umask 077
verb=$1
shift
case $verb in
  open | close) declare_words 'job defaults_file socket' "$@" ;;
  *) unknown_verb "$verb" ;;
esac
stage_of "$job"
note=$stage/super_read_only position=$stage/position
ask() { client_limit='timeout 30' sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "$1"; }

case $verb in
  open)
    told=$(ask "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('super_read_only', 'gtid_slave_pos')") || exit 1
    case $told in
      super_read_only*ON) open_super "$defaults_file" "$socket" "$note" ;;
      gtid_slave_pos*) : >"$position" ;;
      *) echo 'super_read_only is not on' ;;
    esac
    ;;
  close)
    close_super "$defaults_file" "$socket" "$note" || exit 1
    if [ -e "$position" ]; then
      # It may be starting again.
      tries=0
      until server_answers "$defaults_file" "$socket" || [ "$tries" -ge 30 ] || [ -n "$client_refused" ]; do
        tries=$((tries + 1))
        sleep 1
      done
      is_read_only "$defaults_file" "$socket"
      case $? in
        1)
          # Its numbers may have gone on, by its own writes.
          echo 'it takes writes now: gtid_slave_pos stays'
          rm -f -- "$position"
          leave_stage
          exit 0
          ;;
        2) exit 1 ;;
      esac
      has=$(position_now "$defaults_file" "$socket") || exit 1
      case $(ask 'SELECT @@GLOBAL.gtid_slave_pos') in "$has") ;; *) ask "SET GLOBAL gtid_slave_pos = '$has'" || exit 1 ;; esac
      rm -f -- "$position"
    fi
    leave_stage
    exit 0
    ;;
esac
