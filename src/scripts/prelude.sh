#!/bin/sh
# What every script of this folder begins with: script.ts puts it before each, so that what all of them need stands once.
export LC_ALL=C LVM_SUPPRESS_FD_WARNINGS=1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# refuse WHY: ends with 3, nothing was done. fail WHY: ends with 1.
refuse() { printf '%s\n' "$1" >&2; exit 3; }
fail() { printf '%s\n' "$1" >&2; exit 1; }

# first_of PROGRAM...: the first that this host has; else the first, so that an error names it. MariaDB 11 has its own names only.
first_of() {
  for program in "$@"; do
    if command -v "$program" >/dev/null; then echo "$program" && return; fi
  done
  echo "$1"
}
client_program() { first_of mysql mariadb; }
admin_program() { first_of mysqladmin mariadb-admin; }

# as_account USER:GROUP COMMAND...: the command without root's rights. It keeps the working directory, though the account could not
# have come there by itself.
as_account() {
  account=$1
  shift
  setpriv "--reuid=${account%%:*}" "--regid=${account#*:}" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
}

# enter_stage DATADIR JOB: into the job's folder of a datadir, DATADIR/.reseed-JOB, which seed-stage.sh made; fails where there is none.
# The server's account owns the datadir and may be hostile. It can rename the folder and put a link or a folder of its own there. It can
# neither write in it (root's, 0700) nor move it out of the datadir (rename(2) needs write permission for a folder that gets another
# parent). So from inside, once it is seen to be root's and the job's, relative names are safe: `.` and `old` are root's, `new` is
# the account's, `..` is the datadir. Names in `new` and in `..` are the account's: root renames or unlinks them, and never opens them.
enter_stage() {
  cd -P -- "$1/.reseed-$2" 2>/dev/null || return
  if [ "$(stat -c '%u %a' .)" = '0 700' ] && [ "$(cat job 2>/dev/null)" = "$2 $(stat -c %i ..)" ]; then return; fi
  refuse "$1/.reseed-$2 is not the folder that job $2 made: another account has put it there"
}
