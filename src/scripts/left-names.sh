#!/bin/sh
# What the names of reseed on a host look like, and whether a path can be led elsewhere. A fragment of leftovers.sh.

# The forms of all that reseed names. What has another form is told as `strange|WHERE` and by no word of its own, for an account that can make a
# name in the datadir would make lines of ours with it.
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
# is_note PATH: below /var/lib/reseed, what a seed notes of a target's server: before/JOB-UNIT, log-from/JOB-UNIT.
is_note() {
  noted=${1#*/}
  case $1 in before/*-* | log-from/*-*) is_key "${noted%%-*}" && is_unit "${noted#*-}" ;; *) return 1 ;; esac
}

# way_of_root PATH: whether every folder that leads to it is root's alone, and no link. An account that can write to one of them can lead the name
# elsewhere between two looks.
way_of_root() {
  way=$1
  while [ -n "$way" ]; do
    way=${way%/*}
    case $(stat -c '%u %A' -- "${way:-/}" 2>/dev/null) in '0 d'????-??-?) ;; *) return 1 ;; esac
  done
}
