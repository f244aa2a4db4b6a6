#!/bin/sh
# shellcheck disable=SC2154  # declare_words and stage_of assign the words
# The logs of another host in the folder of a job: root's, readable for the account of this host's datadir.
#   salvage-take.sh make job=JOB datadir=DATADIR    makes the folder, and notes the datadir in `of`; prints NUMBER BYTES of each log that is there
#   salvage-take.sh write job=JOB    on standard input: NUMBER OFFSET CKSUM BYTES, then a part in base64, which is put at OFFSET. What lay
#     behind it goes. Prints the size of the log
#   salvage-take.sh remove job=JOB   removes the logs. Each may be said twice
set -u
umask 077
verb=$1
shift
case $verb in
  make) declare_words 'job datadir' "$@" ;;
  write | remove) declare_words 'job' "$@" ;;
  *) unknown_verb "$verb" ;;
esac
stage_of "$job"

case $verb in
  make)
    group=$(stat -c %G -- "$datadir") || fail "$datadir can not be seen"
    mkdir -p "$stage/logs" && printf '%s\n' "$datadir" >"$stage/of" && chgrp -- "$group" "$stage/logs" && chmod 2750 "$stage/logs" || exit 1
    for log in "$stage"/logs/log.*; do
      [ -e "$log" ] || continue
      printf '%s %s\n' "${log##*.}" "$(stat -c %s -- "$log")"
    done
    ;;
  write)
    read -r number offset sum bytes || refuse 'no part came'
    case $number$offset$sum$bytes in *[!0-9]* | '') refuse 'a part is told by four numbers' ;; esac
    cd -P -- "$stage/logs" || exit 1
    log=log.$number
    umask 027
    base64 -d >part || fail 'the part is not whole'
    [ "$(cksum <part)" = "$sum $bytes" ] || fail 'the part came otherwise than it was sent'
    [ -e "$log" ] || : >"$log"
    size=$(stat -c %s -- "$log")
    [ "$size" -ge "$offset" ] || fail "the log has $size bytes here, and the part begins at $offset"
    truncate -s "$offset" -- "$log" && cat part >>"$log" && rm -f part && stat -c %s -- "$log"
    ;;
  remove)
    rm -rf -- "$stage/logs" || exit 1
    # What salvage-open.sh has noted and could not put back stays.
    leave_stage
    echo 'the logs are removed'
    ;;
esac
