#!/bin/sh
# The folder of a job to which logs of another host are brought. A fragment of salvage-look.sh, salvage-take.sh and salvage-apply.sh.

# stage_of JOB: its path in $stage. It is in a folder that only root can write to.
stage_of() {
  case $1 in *[!a-z0-9]* | '') refuse "no key of a job: $1" ;; esac
  # shellcheck disable=SC2034  # of the scripts
  stage=/var/lib/reseed/salvage/$1
}

# leave_stage: removes the folder of the job, if nothing is in it but whose it is (`of`).
leave_stage() {
  for left in "$stage"/*; do
    case $left in */of) ;; *) [ ! -e "$left" ] || return 0 ;; esac
  done
  rm -f -- "$stage/of"
  rmdir -- "$stage" "${stage%/*}" 2>/dev/null || true
}
