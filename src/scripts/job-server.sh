#!/bin/sh
# A server of the job's own, in a cell (cell.sh): what it reads was written by a donor, or by an account that may be hostile. A fragment of seed-load.sh and
# proof.sh, which have `owner`, and `server`, its process.
owner='' server='' program=''

# choose_program: sets `serves`, that of the host's own server (of a unit that starts a tarball, or one of several that are installed), and `base`, the folder of a tarball.
choose_program() {
  serves=${program:-$(first_of mysqld mariadbd)} base=''
  case $serves in
    /usr/sbin/* | /usr/bin/* | /usr/libexec/* | /sbin/* | /bin/*) ;;
    /*/*/*) base=${serves%/*} base=${base%/*} ;;
  esac
}

# hide_all_but_programs: what its cell does not have of this host: all but programs and their settings. By a socket of the host's own server, it would log in
# there as the account that both have.
hide_all_but_programs() {
  for part in /*; do
    # shellcheck disable=SC2034  # of cell.sh
    case $part in
      /usr | /bin | /sbin | /lib | /lib[0-9]* | /libx32 | /etc | /opt | /dev | /proc | /sys | /mnt | *[[:space:]]*) ;;
      *) cell_hides="$cell_hides $part" ;;
    esac
  done
}

# client_in_cell FOLDER SOCKET: `client` runs in the cell as well, with no login of this host's. SOCKET is a path there.
client_in_cell() {
  unset MYSQL_PWD
  export MYSQL_TEST_LOGIN_FILE=/dev/null
  # shellcheck disable=SC2034  # the prelude's
  client_limit="in_cell $1" server_socket=$2
}
client() { sql_client /dev/null "$server_socket" --user=root --batch --skip-column-names "$@"; }
printable() { tr -c '\n[:print:]' '?'; }
# errors_in FILE: the last two errors of its log, which is its account's.
# A hostile server may put in its place what is never read to its end.
errors_in() { as_account "$owner" timeout 5 tail -n 200 -- "$1" 2>/dev/null | grep -aE '\[ERROR\]|ERROR:' | tail -n 2 | printable | head -c 600; }

# free_memory: a quarter of what the host has, in MiB.
free_memory() { awk '/^MemAvailable:/ { part = int($2 / 4096); print (part < 64 ? 64 : part > 4096 ? 4096 : part) }' /proc/meminfo; }
# first_to_end: where memory gets short, the kernel ends this server, and not that of the host.
first_to_end() { echo 900 2>/dev/null >/proc/self/oom_score_adj || true; }

# end_server: at once. A server that changed its account outlives the end of its cell's first process.
end_server() {
  for outer in $(children_of "$server"); do
    for inner in $(children_of "$outer"); do kill -KILL "$inner" 2>/dev/null; done
    kill -KILL "$outer" 2>/dev/null
  done
}
children_of() {
  for process in /proc/[0-9]*; do
    if [ "$(stat_of "${process#/proc/}" 2)" = "$1" ]; then echo "${process#/proc/}"; fi
  done
}
