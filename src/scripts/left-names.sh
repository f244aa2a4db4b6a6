#!/bin/sh
# The forms of reseed's names on a host, and whether a path can be redirected by an account. A fragment of leftovers.sh.

# The forms of all names of reseed. A name of another form is reported as `strange|WHERE`, and never printed itself: an
# account that can make a name in the datadir could fake lines of ours with it.
is_key() { case $1 in '' | mount | *[!a-z0-9]*) return 1 ;; esac; }
is_role() { case $1 in '' | *[!a-z0-9-]*) return 1 ;; esac; }
is_name() { case $1 in '' | [.-]* | *[!A-Za-z0-9+_.-]*) return 1 ;; esac; }
is_unit() { case $1 in '' | [.-]* | *[!A-Za-z0-9@:_.\\-]*) return 1 ;; esac; }
# is_scrap PATH: below /run/reseed; and what is_note says.
is_scrap() {
  case $1 in
    mount/*) is_name "${1#*/}" ;;
    lock.* | taking-*) is_name "$1" ;;
    before/* | log-from/*) is_note "$1" ;;
    */seed | */at-t* | */still) is_key "${1%%/*}" && is_name "${1#*/}" ;;
    *) return 1 ;;
  esac
}
# is_note PATH: below /var/lib/reseed, a seed's notes about a target's server: before/JOB-UNIT, log-from/JOB-UNIT.
is_note() {
  noted=${1#*/}
  case $1 in before/*-* | log-from/*-*) is_key "${noted%%-*}" && is_unit "${noted#*-}" ;; *) return 1 ;; esac
}

# way_of_root PATH: whether only root can write to every folder on the path, and none is a link. An account that can
# write to one of them can redirect the path between two looks.
way_of_root() {
  way=$1
  while [ -n "$way" ]; do
    way=${way%/*}
    case $(stat -c '%u %A' -- "${way:-/}" 2>/dev/null) in '0 d'????-??-?) ;; *) return 1 ;; esac
  done
}
