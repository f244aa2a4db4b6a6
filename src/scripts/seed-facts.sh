#!/bin/sh
# What a host has to say before it gives or takes a datadir. Reads only.
#   seed-facts.sh DATADIR DEFAULTS_FILE SOCKET PEER...     PEER: addresses of the other hosts of the seed
# Says `name value` lines: machine, datadir (resolved), owner, device, free_bytes, data_bytes, links, half (what another job left),
# tools, cpus, program (what the server says of its version), writers (sessions that are not the system's), route PEER ADDRESS (from which address it would call the peer); then
# `variable NAME VALUE` as the running server has it, or as the option files say where it is down.
set -u
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
datadir=$(readlink -f -- "$1") defaults_file=$2 socket=$3
shift 3

echo "machine $(cat /etc/machine-id 2>/dev/null)"
echo "datadir $datadir"
if [ -d "$datadir" ]; then
  echo "owner $(stat -c %U:%G -- "$datadir")"
  echo "device $(stat -c %d -- "$datadir") $(stat -c %d -- "$datadir/..")"
  df -B1 --output=avail -- "$datadir" | sed -n '2s/ */free_bytes /p'
  echo "data_bytes $(timeout 60 du -sxb -- "$datadir" 2>/dev/null | cut -f 1)"
  find "$datadir" -xdev -type l -print 2>/dev/null | head -n 3 | tr '[:cntrl:]' '\n' | sed 's/^/links /'
  find "$datadir" -xdev -name '*.isl' -print 2>/dev/null | head -n 3 | tr '[:cntrl:]' '\n' | sed 's/^/links /'
  for left in "$datadir"/.reseed-*; do
    if [ -e "$left" ]; then echo "half $left: $(head -n 1 "$left/who" 2>/dev/null)"; fi
  done
fi
for tool in tar zstd ssh ssh-keygen sshd socat openssl cksum b2sum xxh128sum sha256sum; do
  if command -v "$tool" >/dev/null; then echo "tools $tool"; fi
done
echo "cpus $(nproc)"
# Though the server is down.
for server in mysqld mariadbd; do
  if command -v "$server" >/dev/null; then echo "program $("$server" --version 2>/dev/null | head -n 1)"; fi
done
for peer in "$@"; do
  # The address of ours that the way to the peer begins with.
  from=$(ip -o route get "$(getent ahosts "$peer" | sed -n '1s/ .*//p')" 2>/dev/null | sed -n 's/.* src \([^ ]*\).*/\1/p')
  echo "route $peer $from"
done

names="'innodb_page_size','lower_case_table_names','innodb_data_home_dir','innodb_log_group_home_dir','innodb_undo_directory',
'aria_log_dir_path','innodb_directories','relay_log_basename','gtid_mode','log_bin','log_slave_updates','log_replica_updates',
'read_only','super_read_only','server_id','innodb_checksum_algorithm','port'"
client=$(command -v mysql || command -v mariadb || echo mysql)
set -- --batch --skip-column-names --connect-timeout=5
if [ -n "$socket" ]; then set -- "--socket=$socket" "$@"; fi
if [ -n "$defaults_file" ]; then set -- "--defaults-file=$defaults_file" "$@"; fi
if variables=$(timeout 10 "$client" "$@" -e "SHOW GLOBAL VARIABLES WHERE Variable_name IN ($names)" 2>/dev/null); then
  printf '%s\n' "$variables" | sed 's/^/variable /; s/\t/ /'
  timeout 10 "$client" "$@" -e "SELECT CONCAT('writers ', USER, '@', SUBSTRING_INDEX(HOST, ':', 1)) FROM information_schema.PROCESSLIST
    WHERE ID <> CONNECTION_ID() AND USER NOT IN ('system user', 'event_scheduler', 'unauthenticated user')
      AND COMMAND NOT IN ('Binlog Dump', 'Binlog Dump GTID', 'Daemon') LIMIT 5" 2>/dev/null
  timeout 10 "$client" "$@" -e "SELECT CONCAT('foreign_engine ', ENGINE, ' ', COUNT(*)) FROM information_schema.TABLES
    WHERE TABLE_TYPE = 'BASE TABLE' AND ENGINE IN ('MyISAM', 'Aria', 'ARCHIVE', 'CSV', 'ROCKSDB', 'TokuDB')
      AND TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') GROUP BY ENGINE" 2>/dev/null
else
  my_print_defaults ${defaults_file:+"--defaults-file=$defaults_file"} mysqld mariadb server 2>/dev/null |
    sed -n 's/^--\([A-Za-z_-]*\)=\(.*\)$/\1 \2/p' | while read -r name value; do
    name=$(printf %s "$name" | tr - _)
    case $names in *"'$name'"*) echo "variable $name $value" ;; esac
  done
fi
exit 0
