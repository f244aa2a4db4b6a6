#!/bin/sh
# Where programs read and apply the logs of another host: mysqlbinlog has a parser, and a client has commands, and either may have a fault that a hostile log
# uses. A fragment of salvage-look.sh and salvage-apply.sh.

# Of this host the cells have these alone.
programs_of_host='/usr /bin /sbin /lib /lib32 /lib64 /libx32 /opt'

# hidden_in_cells: of these, folders that have files of the operator's beside programs, as /opt/APP/.env: a client there is root by its uid, and reads what root's
# mode 600 keeps. One that a program of the cells lies in stays.
hidden_in_cells() {
  for part in /opt /usr/local; do
    for program in mysqlbinlog mariadb-binlog mysql mariadb; do
      case $(readlink -f -- "$(command -v "$program")") in "$part"/*) continue 2 ;; esac
    done
    echo "$part"
  done
}

# make_cell FOLDER ACCOUNT: an empty folder of root's, in $log_cell; and in the working directory one for what mysqlbinlog keeps of a large event meanwhile.
make_cell() {
  log_cell=$1
  mkdir -p -- "$log_cell" tmp && chown -- "$2" tmp
}

# in_log_cell ACCOUNT COMMAND...: as ACCOUNT, by numbers, in a view of this host in which nothing but programs and the working directory can be read, without a network.
in_log_cell() (
  # shellcheck disable=SC2034  # of cell.sh
  owner=$1 cell_spaces='--net --ipc' cell_socket='' cell_only=$programs_of_host cell_hides=$(hidden_in_cells | paste -s -d ' ') TMPDIR=/mnt/tmp
  export TMPDIR
  shift
  # timeout(1) takes a parent with the number 1 for one that has died.
  # shellcheck disable=SC2016  # of the inner shell
  in_cell "$log_cell" sh -c '"$@"; exit "$?"' sh "$@"
)

# in_client_cell COMMAND...: the same for a client that reaches the server by $client_socket_path. A server knows an account of the host by its uid, so it is root's; but it
# has no capability, and sees no file of root's. The working directory has a file `socket`.
in_client_cell() (
  # shellcheck disable=SC2034,SC2154  # of cell.sh; of the script
  owner=0:0 cell_spaces='--net --ipc' cell_socket=$client_socket_path cell_only=$programs_of_host cell_hides=$(hidden_in_cells | paste -s -d ' ')
  in_cell "$log_cell" "$@"
)

# socket_of_login DEFAULTS_FILE SOCKET: the socket by which the client reaches the server; empty: it does so by the network.
socket_of_login() {
  told=$(client_limit='timeout 10' sql_client "$1" "$2" --batch --skip-column-names -e 'SELECT CONNECTION_ID(), @@GLOBAL.datadir, @@GLOBAL.socket; SHOW PROCESSLIST' </dev/null) || return 1
  # By the network the address has a port behind it.
  printf '%s\n' "$told" | GIVEN=$2 awk -F '\t' 'NR == 1 { id = $1; path = $3 ~ /^\// ? $3 : $2 "/" $3; next } $1 == id && $3 == "localhost" { print ENVIRON["GIVEN"] == "" ? path : ENVIRON["GIVEN"]; exit }'
}
