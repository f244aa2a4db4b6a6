#!/bin/sh
# super_read_only of a server, switched off for a job and on again after it. A fragment of salvage-open.sh, seed-clone-donor.sh and tables.sh. The note has the process: one that started since has what its
# option files say.

# open_super DEFAULTS_FILE SOCKET NOTE: off, if it was on.
open_super() {
  super_told=$(said_of "$1" "$2" "SHOW GLOBAL VARIABLES WHERE Variable_name = 'super_read_only'") || return 1
  case $super_told in *ON) ;; *) echo 'super_read_only is not on'; return ;; esac
  open_datadir=$(said_of "$1" "$2" 'SELECT @@GLOBAL.datadir') || return 1
  # Where it is on again after an earlier call, the server has started since: the note is of this one.
  process_of "$(trusted_in "$open_datadir" | head -n 1)" >"$3.part" && mv -- "$3.part" "$3" && sync -f -- "$3" || return 1
  said_of "$1" "$2" 'SET GLOBAL super_read_only = OFF'
}

# close_super DEFAULTS_FILE SOCKET NOTE: on again. A server that takes writes by now was promoted: super_read_only would switch read_only on as well.
close_super() {
  [ -e "$3" ] || return 0
  read -r was <"$3"
  if [ -z "$was" ] || [ "$(process_of "${was%% *}")" = "$was" ]; then
    if is_read_only "$1" "$2"; then said_of "$1" "$2" 'SET GLOBAL super_read_only = ON' || return 1
    else
      case $? in 1) echo 'it takes writes now: super_read_only stays off' ;; *) return 1 ;; esac
    fi
  else
    echo 'the server was started again since: super_read_only is as its options say'
  fi
  rm -f -- "$3"
}

# is_read_only DEFAULTS_FILE SOCKET: ends with 2 if the server does not tell.
is_read_only() {
  case $(said_of "$1" "$2" 'SELECT @@GLOBAL.read_only') in 0 | OFF) return 1 ;; '') return 2 ;; *) return 0 ;; esac
}
said_of() { client_limit='timeout 30' sql_client "$1" "$2" --batch --skip-column-names -e "$3" </dev/null; }
