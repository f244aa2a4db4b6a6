#!/bin/sh
# The folder of a job to which logs of another host are brought. A fragment of salvage-look.sh, salvage-take.sh and salvage-apply.sh.

# stage_of JOB: its path in $stage. It is in a folder that only root can write to.
stage_of() {
  case $1 in *[!a-z0-9]* | '') refuse "no key of a job: $1" ;; esac
  # shellcheck disable=SC2034  # of the scripts
  stage=/var/lib/reseed/salvage/$1
}

# position_now DEFAULTS_FILE SOCKET: of a MariaDB, the last transaction of each domain, logged or replicated; sorted.
position_now() {
  told=$(client_limit='timeout 30' sql_client "$1" "$2" --batch --skip-column-names -e "SELECT CONCAT_WS(',', @@GLOBAL.gtid_slave_pos, @@GLOBAL.gtid_binlog_pos)" </dev/null) || return 1
  printf '%s\n' "$told" | tr , '\n' | awk -F - '/^[0-9]+-[0-9]+-[0-9]+$/ { if (!($1 in most) || $3 + 0 > most[$1]) { most[$1] = $3 + 0; last[$1] = $0 } }
    END { for (domain in last) print last[domain] }' | sort | paste -s -d , -
}

# leave_stage: removes the folder of the job, if nothing is in it but whose it is (`of`).
leave_stage() {
  for left in "$stage"/*; do
    case $left in */of) ;; *) [ ! -e "$left" ] || return 0 ;; esac
  done
  rm -f -- "$stage/of"
  rmdir -- "$stage" "${stage%/*}" 2>/dev/null || true
}
