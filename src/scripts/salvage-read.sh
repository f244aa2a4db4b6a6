#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# A part of a log of this host's server, for a host that lacks what is in it. Reads only, as the account of the server's datadir.
#   salvage-read.sh datadir=DATADIR path=LOG...
# On standard input: NUMBER AT BYTES, of the log with that number (from 0). Prints its cksum and its size, then the part in base64.
set -u
declare_words 'datadir path...' "$@"
read -r number at bytes || refuse 'which part of the log is not told'
case $number$at$bytes in *[!0-9]* | '') refuse 'a part of a log is three numbers' ;; esac
[ "$bytes" -le 4194304 ] || refuse "a part has at most 4194304 bytes, not $bytes"
eval "set -- $path"
[ "$number" -lt "$#" ] || refuse "there is no log $number"
shift "$number"
account=$(stat -c %U:%G -- "$datadir") || fail "$datadir can not be seen"
case $account in root:* | UNKNOWN:*) refuse "the datadir belongs to ${account%:*}: logs are read as the account of the server only" ;; esac
# A pipe in its place would never end.
# shellcheck disable=SC2016  # of the inner shell
magic=$(as_account "$account" timeout 10 sh -c 'test -f "$1" && exec head -c 4 -- "$1"' head "$1" 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
[ "$magic" = fe62696e ] || fail "${1##*/} is not there any more, or is no log"
part=$(as_account "$account" dd "if=$1" iflag=skip_bytes,count_bytes,fullblock bs=65536 "skip=$at" "count=$bytes" status=none | base64 -w 0)
printf '%s' "$part" | base64 -d | cksum
printf '%s\n' "$part"
