#!/bin/sh
# Which job works on which datadir of this host: a lock for each datadir, so that two servers of one host have two. A
# fragment. /run/reseed/lock-HASH has, a line each: the job; its operator, address and start time; the datadir as it was
# named; the datadir with all links resolved. /run/reseed/lock, with the first two only, is of the whole host: for a
# server whose datadir is unknown, or by an older build.
host_lock=/run/reseed/lock

# locks_on DATADIR: the files of the locks that block it, a line each, none with a blank; DATADIR empty: every lock of
# the host.
locks_on() {
  for file in "$host_lock" "$host_lock"-*; do
    if [ -s "$file" ] && { [ -z "$1" ] || [ "$file" = "$host_lock" ] || is_lock_of "$file" "$1"; }; then printf '%s\n' "$file"; fi
  done
}
# is_lock_of FILE DATADIR: compares name, path, and the folder itself, which may have two paths.
is_lock_of() {
  named=$(sed -n 3p "$1") resolved=$(sed -n 4p "$1")
  [ "$2" = "$named" ] || [ "$(readlink -m -- "$2")" = "$resolved" ] || [ "$(folder_id "$2" || echo none)" = "$(folder_id "$resolved")" ]
}
lock_job() { head -n 1 "$1" 2>/dev/null; }
lock_who() { sed -n 2p "$1" 2>/dev/null; }
lock_datadir() { sed -n 3p "$1" 2>/dev/null; }
