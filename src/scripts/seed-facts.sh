#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Reports the facts of one host that decide whether it can give or take a datadir. Reads only.
#   seed-facts.sh NAME=VALUE...
#   datadir         as the probe knows it; the server's own answer counts more
#   defaults_file, socket   to log in to the server; both empty: where the client itself looks
#   unit            of the server; empty: none is known. named=yes: the inventory names it; empty: it was found, by the place that the inventory has
#   first, last     the ports that a seed may listen on
#   salt            one word for all hosts of a seed, for digests of keys (keyrings.sh); empty: no digest is made
#   peer            address of another host of the seed; one word for each
# Prints lines `NAME VALUE...`; several lines may have the same NAME.
# Of the host:
#   machine ID, boot ID, cpus COUNT, tools PROGRAM
#   program TEXT                    the version of the server's program: server_program; program_path PATH;
#                                   program_file PATH: where its links lead; program_mount PATH: the mount point of that
#   backup_program NAME TEXT        the version of a backup program; backup_runs NAME: one runs now
#   neighbour DATADIR               of another server that runs here
#   locked JOB WHO                  the job that has the lock of this datadir, or of the host
#   free_port PORT                  the first port from FIRST to LAST that no process listens on
#   route PEER ADDRESS              our own address for a connection to PEER
# Of the datadir:
#   datadir PATH                    links resolved
#   owner USER:GROUP, inode NUMBER
#   device NUMBER PARENT            its device, and that of its parent folder
#   mounted_root FOLDER, mounted_point PATH   the mount that it is on: FOLDER of the file system is shown at PATH
#   free_bytes N, data_bytes N
#   changed_seconds N               how long ago one of its files changed last
#   changed_at N                    when that was, in seconds by its clock; 0: it has no file
#   mounts PATH                     a file system that is mounted below it
#   links PATH, links_count N       symbolic links and .isl files; the first three
#   strange PATH, strange_count N   files that no server makes; the first three
#   half PATH...                    a folder that another job left
#   gone PATH...                    one of a job that ended once it had given up the old data
#   unreadable NAME                 a file that has to go over to the new data, and that the server's account can't read
#   fixed, fixed_count, other_project, fixed_unknown   files that can't be renamed: fixed-files.sh
# Of the server's places (state-places.sh), inside and outside of the datadir:
#   unread WHY                      its places are unknown, because its options could not be read
#   place KIND PATH
#   unlike KIND PATH                a link or a folder outside with the name of one of its files; one a place
#   outside KIND FILES BYTES same|other PATH   its data files there; `same`: on the same mount as the datadir
#   hidden HOW PATH                 the server sees another folder there: own-mounts.sh
#   unindexed KIND PATH             it is unknown which file is the index of these logs: log-indexes.sh
#   shut_index KIND FILE            may be that index, and the server's account can't read it
#   unproved, taken                 may be relay logs of a channel: channel-logs.sh
#   binary_logs COUNT BYTES FOLDER
# Of a server that is up or down:
#   variable NAME VALUE             down: from its option files, and from what it has written down itself
#   unasked WHY                     a server here is not asked: root would run a client of another account
#   unheld COMMAND                  the unit's command would not pass options of ours on to the server
#   library FILE                    that it could load: plugins.sh
#   option NAME, option_loads PLUGINS, options_unread WHY   the options of its next start: plugins.sh
#   plugin, encrypted, key          keyrings and clusters: keyrings.sh
#   key_digest, key_file_digest, key_file      keys of MariaDB's file_key_management: keyrings.sh
# Only of one that is down:
#   log_end ...                     where its binary log ends: log-end.sh
# Only of one that is up:
#   writers USER@HOST               sessions of clients; at most five
#   statement SECONDS USER@HOST SQL   the statement that has run longest
#   cloning USER@HOST               by MySQL's CLONE
#   ddl SECONDS USER@HOST SQL      the same of the statements that change tables
#   privilege NAME                  of our login, on the whole server
#   foreign_engine ENGINE COUNT TABLES   tables of other engines than InnoDB; at most three names
#   unopened NAME                   a view, or a table, that its server can not open; the first 20
#   prepared COUNT                  prepared XA transactions, for a second or more
#   engine NAME                     an engine that it has
#   temp_tables ...                 temporary tables of its sessions: temp-tables.sh
#   events COUNT, event SCHEMA NAME DEFINER   that are ENABLED; the first three, in hexadecimal
#   by_hand NAME VALUE              set by SET GLOBAL since its start: set-by-hand.sh
#   persisted ...                   set by SET PERSIST: persisted.sh
#   own_plugin ..., own_component ...   loaded because its own tables name it: plugins.sh
#   tablespaces COUNT               how many files it knows
#   elsewhere PATH                  one of them outside of the datadir and of the places; the first three
#   discarded NAME                  a table without its file (ALTER TABLE ... DISCARD TABLESPACE); of a MySQL
#   next_start ..., next_unknown, now_at, next_at   places that a restart would change: next-start.sh
# What is missing from this answer:
#   unseen NAME                     data_bytes, changed_seconds, links, strange, channels: not completely known;
#                                   SELECT, EVENT: our login lacks it on *.*: tables or events may be missing
#   unanswered NAME                 the server did not answer this question in time, or our login may not see the answer
# Ends with 0; 3 if a word is missing or unknown, if the datadir has a control character in its name, or if a unit that was found is another server's.
set -u
read -r began _ </proc/uptime
declare_words 'datadir defaults_file socket unit named first last salt peer...' "$@"
given=$datadir

# seconds_left MAX: how long one more look may take, so that the answer comes within 240 s (sides.ts); 0: no look at all.
seconds_left() {
  read -r up _ </proc/uptime
  left=$((225 - ${up%.*} + ${began%.*}))
  if [ "$left" -lt 0 ]; then left=0; fi
  echo "$((left < $1 ? left : $1))"
}

# ask SECONDS WORD...: asks the server by SQL; rows with tabs between fields.
ask() {
  # shellcheck disable=SC2034  # the prelude's
  client_limit="timeout $1"
  shift
  sql_client "$defaults_file" "$socket" --batch --skip-column-names "$@" 2>/dev/null
}

# read_own FILE [COMMAND...]: reads a file of the datadir by `cat`, or by COMMAND... (`head -c 1`). The account may have
# put a link there to a file that only root may read.
read_own() {
  own_file=$1
  shift
  if [ $# = 0 ]; then set -- cat; fi
  set -- timeout 5 "$@" -- "$own_file"
  if [ "$(id -u)" = 0 ]; then set -- as_account "$(stat -c %U:%G -- "$datadir")" "$@"; fi
  "$@" 2>/dev/null
}

# persisted_values DATADIR: values of SET PERSIST, which overrule the option files, a line each: name, a blank, value.
persisted_values() {
  read_own "$1/mysqld-auto.cnf" | tr -d '\n' | grep -oE '"[a-z_]+" *: *\{ *"Value" *: *"[^"]*"' |
    sed -E 's/^"([a-z_]+)".*: *"([^"]*)"$/\1 \2/'
}

# persisted_starts DATADIR: of those the names that a start alone takes, one a line.
persisted_starts() {
  read_own "$1/mysqld-auto.cnf" | tr -d '\n' | grep -oE '"mysql_(static_variables|server_static_options)" *: *[{].*' |
    sed 's/} *} *, *"mysql_.*//' | grep -oE '"[a-z0-9_.]+" *: *[{] *"Value"' | sed -E 's/^"([^"]*)".*/\1/'
}

# The server's values, a line each: name, a blank, value.
value_of() { printf '%s\n' "$variables" | sed -n "s/^$1 //p" | tail -n 1; }
names="innodb_page_size|lower_case_table_names|gtid_mode|log_slave_updates|log_replica_updates|read_only|super_read_only|event_scheduler|rpl_semi_sync_(source|master)_enabled|server_id"
names="$names|max_allowed_packet|clone_block_ddl|(replica|slave)_(skip_errors|exec_mode)|server_uuid|using_gtid|innodb_(checksum_algorithm|undo_tablespaces)|aria_block_size|port|innodb|skip_innodb|innodb_force_recovery|innodb_read_only|${place_names:?}|${cluster_names:?}"
answers='' unread=''
if variables=$(ask 10 -e "SHOW GLOBAL VARIABLES WHERE Variable_name REGEXP '^($names)\$'" | tr '\t' ' ') && [ -n "$variables" ] &&
  is_of_unit "$unit" "$(value_of datadir)"; then
  answers=yes
elif [ -z "$unit" ]; then
  unread='it has no unit that is known' variables=''
elif ! variables=$(server_reads "$unit" 40 "$names"); then
  unread=$variables variables=''
fi
datadir=$(value_of datadir)
# If it runs and refuses our login, the probe has seen where it works.
if [ -z "$datadir" ] || { [ -z "$answers" ] && systemctl -q is-active "$unit" 2>/dev/null; }; then datadir=$given; fi
# With two servers on a host a unit that was found may by now be that of the other one, whose data a seed would replace.
if [ -z "$answers$named" ] && [ -n "$unit" ] && other=$(other_place "$unit" "$datadir"); then refuse "$other; set mysql.service"; fi
datadir=$(readlink -f -- "$datadir" || readlink -m -- "$datadir")
# Each fact here is one line: by printf, since a shell's echo would make a new line of \n in a value of the server's.
case $datadir in *[[:cntrl:]]*) refuse 'the datadir has a control character in its name' ;; esac

printf '%s\n' "machine $(cat /etc/machine-id 2>/dev/null)" "boot $(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
printf '%s\n' "datadir $datadir"
if [ -n "$unread" ]; then printf '%s\n' "unread $unread"; fi
unasked=$(unrooted_program "$(client_program)" my_print_defaults) || printf '%s\n' "unasked $(printf '%s' "$unasked" | tr '[:cntrl:]' '?')"
if [ -n "$unit" ]; then
  command=$(command_line "$unit" '')
  if [ -n "$command" ] && ! with_options "$command" --skip-networking >/dev/null; then
    printf '%s\n' "unheld $(printf '%.200s' "$command" | tr '[:cntrl:]' '?')"
  fi
fi

if [ -z "$answers" ]; then
  variables="$variables
$({
    persisted_values "$datadir"
    # MariaDB: 0 no, 1 current_pos, 2 slave_pos.
    read_own "$datadir/master.info" | sed -n 's/^using_gtid=/using_gtid /p'
    read_own "$datadir/auto.cnf" | sed -n 's/^server-uuid *= */server_uuid /p'
  } | NAMES=$names awk '$1 ~ ("^(" ENVIRON["NAMES"] ")$")')"
fi
places=''
if [ -z "$unread" ]; then
  places=$({
    printf '%s\n' "$variables" | places_of "$datadir"
    named_by_unit "$unit" "$datadir" "${given%/}"
    keyring_files "$datadir"
  } | tell_places | true_indexes "$datadir" "$answers")
  channels=$(printf '%s\n' "$places" | channel_places "$datadir")
  if [ -n "$channels" ]; then
    places="$places
$channels"
  fi
fi
all_data_places=$(printf '%s\n' "$places" | sed -nE 's/^place (redo|undo|doublewrite|aria|innodb-file) /\1 /p')
data_places=$(printf '%s\n' "$all_data_places" |
  BELOW="$datadir/" awk '{ path = $0; sub(/^[^ ]* /, "", path); if (index(path "/", ENVIRON["BELOW"]) != 1) print }')

# tell_mount: a bind mount shows a folder of a file system; its snapshot has the whole file system.
tell_mount() { mount_on "$datadir" | awk -F '\t' '{ print "mounted_root " $2 "\nmounted_point " $3 }'; }
# mount_of PATH: whether it is on the datadir's mount, with nothing mounted below it.
mount_of() {
  if [ "$(mount_on "$1")" = "$(mount_on "$datadir")" ] && [ -z "$(mounts_below "$1")" ]; then echo same; else echo other; fi
}
# If its folder can't be read, it is reported by its place alone.
tell_outside() {
  while read -r kind path; do
    (
      cd -P -- "$(folder_of "$kind" "$path")" 2>/dev/null || exit
      entries=$(of_kind "$kind" "$path" . -printf 'x\n') || exit
      entries=$(printf '%s' "$entries" | grep -c x)
      bytes=$(below_kind command "$kind" "$path" -type f -printf '%s\n' | awk '{ n += $1 } END { printf "%.0f", n }')
      printf '%s\n' "outside $kind $entries $bytes $(mount_of "$path") $path"
      free=$(df -B1 --output=avail . | sed -n '2s/ *//p') && device=$(stat -c %d .) && printf '%s\n' "outside_room $free $device $kind $path"
    )
  done
}
# The sizes of the same kinds where they lie in the datadir: a target may have a volume of its own for them.
tell_inside() {
  grep -E '^(redo|undo|doublewrite|aria) ' | while read -r kind path; do
    (
      cd -P -- "$path" 2>/dev/null || exit
      bytes=$(below_kind command "$kind" "$path" -type f -printf '%s\n' 2>/dev/null | awk '{ n += $1 } END { printf "%.0f", n }')
      printf '%s\n' "inside $kind $bytes"
    )
  done
}
# A link or a folder in a place outside of the datadir with the name of a file of the server: `unlike KIND PATH`, one a
# place.
tell_unlike() {
  sed -nE 's/^place (redo|undo|doublewrite|aria|innodb-file|binlog|binlog-index|relaylog|relaylog-index|relay-info|master-info|ddl-recovery) /\1 /p' |
    while read -r kind path; do
      case $path in "$datadir" | "$datadir"/*) continue ;; esac
      (
        place=$(folder_of "$kind" "$path")
        cd -P -- "$place" 2>/dev/null || exit
        unlike=$(unlike_kind "$kind" "$path" .)
        if [ -n "$unlike" ]; then printf '%s\n' "unlike $kind $place/$unlike"; fi
      )
    done
}
# The server compares their sizes with its options.
tell_innodb_files() {
  sed -n 's/^place innodb-file //p' | while IFS= read -r path; do
    if [ -f "$path" ] && [ ! -L "$path" ] && size=$(stat -c %s -- "$path" 2>/dev/null); then printf '%s\n' "innodb_file $size $path"; fi
  done
}
# Below the datadir, `KIND PATH` a line.
below() {
  BELOW="$datadir/" awk '{ kind = $2; sub(/^[^ ]* [^ ]* /, ""); if (index($0, ENVIRON["BELOW"]) == 1) print kind " " substr($0, length(ENVIRON["BELOW"]) + 1) }'
}
own=$(printf '%s\n' "$places" | below)
# By the rules of state-places.ts: the files that go over to the new data.
kept=$(printf '%s\n' "$places" | grep -E '^place (keyring|keyring-settings|tls-file|option-file|unit-file|init-file|plugin-dir) ' | below | cut -d ' ' -f 2-)

# Files that go over to the new data and that the server's account, which moves them, can't read completely: the first
# three.
unreadable_files() {
  cd -P -- "$datadir" || exit
  printf '%s\n' mysqld-auto.cnf ca.pem ca-key.pem server-cert.pem server-key.pem client-cert.pem client-key.pem private_key.pem public_key.pem "$kept" |
    while IFS= read -r name; do
      if [ -n "$name" ] && { [ -e "./$name" ] || [ -L "./$name" ]; }; then
        # shellcheck disable=SC2016  # of the account's shell
        as_account "$(stat -c %U:%G .)" sh -c 'find "./$0" -xdev ! -type l \( ! -readable -o -type d ! -executable \) -printf x -quit 2>/dev/null | grep -q . ||
          ! find "./$0" -maxdepth 0 >/dev/null 2>&1' "$name" && printf '%s\n' "$name"
      fi
    done | tr -c '\n[:print:]\200-\377' '?' | sort -u | head -n 3
}

look_at_datadir() {
  df -B1 --output=avail -- "$datadir" | sed -n '2s/ */free_bytes /p'
  read -r up _ </proc/uptime
  looks_end=$((${up%.*} + 180))
  tell_files
  mounts_below "$datadir" | sed 's/^/mounts /' | head -n 3
  (
    cd -P -- "$datadir" 2>/dev/null || exit
    for left in .reseed-*; do
      [ -e "$left" ] || [ -L "$left" ] || continue
      if is_given_up "$left"; then kind=gone; else kind=half; fi
      printf '%s %s/%s\n' "$kind" "$datadir" "$(told_folder "$left")"
    done
  )
  if [ "$(id -u)" = 0 ]; then unreadable_files | sed 's/^/unreadable /'; fi
  printf '%s\n' "$places" | grep '^place ' | tell_fixed "$datadir"
  (cd -P -- "$datadir" && strange_files "$own") | first_of_found strange
}

# looking COMMAND...: one of the two looks at all names of the datadir. They have three minutes together, and each at least 20 s: the second needs no inodes.
looking() {
  read -r up _ </proc/uptime
  left=$((looks_end - ${up%.*}))
  timeout -k 1 "$((left > 20 ? left : 20))" "$@"
}
# first_of_found NAME: the lines that a look found and its end -> the first three and their number, or that this is
# unknown.
first_of_found() {
  NAME=$1 awk '/^\/\/status / { status = $2; next }
    { if (++n <= 3) print ENVIRON["NAME"] " " $0 }
    END { if (n) print ENVIRON["NAME"] "_count " n; if (status != "0") print "unseen " ENVIRON["NAME"] }'
}
# Their bytes (a file with several names once), when one changed last, and links: one look, since a host of hundreds of thousands of tables
# has their inodes in no cache.
tell_files() {
  { looking find "$datadir" -ignore_readdir_race -xdev -printf '%y %s %n %i %T@ %p\0'; looked; } 2>/dev/null | lines | NOW=$(date +%s) awk '
    /^\/\/status / { status = $2; next }
    { path = $0
      sub(/^[^ ]* [^ ]* [^ ]* [^ ]* [^ ]* /, "", path)
      if ($1 == "d" || $3 == 1 || !($4 in counted)) bytes += $2
      if ($1 != "d" && $3 > 1) counted[$4] = 1
      if ($1 == "f" && $5 + 0 > newest) newest = $5 + 0
      if ($1 == "l" || path ~ /\.isl$/) { if (++links <= 3) print "links " path } }
    END {
      if (links) print "links_count " links
      if (status != "0") { print "unseen data_bytes\nunseen changed_seconds\nunseen links"; exit }
      printf "data_bytes %.0f\n", bytes
      if (newest) printf "changed_seconds %.0f\n", ENVIRON["NOW"] - int(newest)
      printf "changed_at %.0f\n", int(newest) }'
}

if [ -d "$datadir" ]; then
  echo "owner $(stat -c %U:%G -- "$datadir")"
  echo "device $(stat -c %d -- "$datadir") $(stat -c %d -- "$datadir/..")"
  echo "inode $(stat -c %i -- "$datadir")"
  tell_mount
  case $datadir in
    # This is no datadir, and a whole system to count.
    / | /var | /var/lib | /home | /usr | /etc | /root | /srv | /opt) ;;
    *) look_at_datadir ;;
  esac
fi
for tool in tar zstd ssh ssh-keygen sshd socat openssl cksum b2sum xxh128sum sha256sum mbstream xbstream innochecksum unshare chroot mountpoint perl mysqldump mariadb-dump mydumper mariadb-install-db mysql_install_db; do
  if command -v "$tool" >/dev/null; then echo "tools $tool"; fi
done
echo "cpus $(nproc)"
# version_of PROGRAM WORD...: what the words have it say. Also if the server is down. As the account: a tarball may be its own.
version_of() {
  account=$(stat -c %U:%G -- "$datadir" 2>/dev/null)
  case $account in '' | root:*) account=65534:65534 ;; esac
  set -- timeout 10 "$@"
  if [ "$(id -u)" = 0 ]; then set -- as_account "$account" "$@"; fi
  "$@" </dev/null
}
for program in mariadb-backup xtrabackup; do
  # Before 10.4 it has its older name only.
  command=$program
  if [ "$program" = mariadb-backup ]; then command=$(first_of mariadb-backup mariabackup); fi
  if command -v "$command" >/dev/null; then
    printf '%s\n' "backup_program $program $(version_of "$command" --no-defaults --version 2>&1 | grep -aiE 'version|based on' | head -n 1 | tr -c '[:print:]' ' ' | head -c 200)"
  fi
done
for process in /proc/[0-9]*; do
  comm=
  { read -r comm <"$process/comm"; } 2>/dev/null
  case $comm in mariadb-backup | mariabackup | xtrabackup | mysqlbackup | meb) ;; *) continue ;; esac
  # Another one that looks at this host asks it for its version, as is done above.
  { tr '\0' '\n' <"$process/cmdline" | grep -qx -e --version; } 2>/dev/null || echo "backup_runs $comm"
done | sort -u
# The datadirs of other servers of this host.
for process in /proc/[0-9]*; do
  is_server "${process#/proc/}" || continue
  works_in=$(readlink "$process/cwd") || continue
  case $works_in in / | "$datadir") ;; *) printf '%s\n' "neighbour $(printf '%s' "$works_in" | tr '[:cntrl:]' '?')" ;; esac
done
for lock in $(locks_on "$datadir"); do printf '%s\n' "locked $(lock_job "$lock") $(lock_who "$lock")"; done

# 0A: listens. The port is hexadecimal.
taken=$(awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
port=$first
while [ "$port" -le "$last" ]; do
  if ! printf '%s\n' "$taken" | grep -qx "$(printf %04X "$port")"; then
    echo "free_port $port"
    break
  fi
  port=$((port + 1))
done

path=$(server_program "$unit" "$datadir")
program=''
if [ -n "$path" ]; then
  program=$(version_of "$path" --version 2>/dev/null | head -n 1 | tr -c '[:print:]\n' '?' | head -c 200)
  printf '%s\n' "program_path $path"
  # What a view of the host (cell.sh) may lack.
  real=$(readlink -f -- "$path") && printf '%s\n' "program_file $(printf '%s' "$real" | tr '[:cntrl:]' '?')"
  if mount=$(stat -c %m -- "$real" 2>/dev/null); then printf '%s\n' "program_mount $(printf '%s' "$mount" | tr '[:cntrl:]' '?')"; fi
fi
# It is none that this host shows us (a container), and its server answers.
if [ -z "$program" ] && [ -n "$answers" ]; then program=$(ask 10 -e "SELECT CONCAT('server  Ver ', VERSION())"); fi
if [ -n "$program" ]; then printf '%s\n' "program $program"; fi
eval "set -- $peer"
for peer in "$@"; do
  # Our own address for a connection to the peer.
  from=$(ip -o route get "$(getent ahosts "$peer" | sed -n '1s/ .*//p')" 2>/dev/null | sed -n 's/.* src \([^ ]*\).*/\1/p')
  printf '%s\n' "route $peer $from"
done

# A folder is reported with all links resolved, as the datadir is.
tell_variable() {
  value=$2
  case $1 in *_dir | *_path | *_directory) case $2 in /*) value=$(printf '%s' "$(readlink -m -- "$2")" | tr '[:cntrl:]' '?') ;; esac ;; esac
  printf '%s\n' "variable $1 $value"
}

# is_placed PATH: whether it is an undo tablespace in the folder for them, or a file of the system tablespace.
is_placed() {
  printf '%s\n' "$data_places" | FILE=$1 awk '
    { path = $0; sub(/^[^ ]* /, "", path); file = ENVIRON["FILE"]; name = file; sub(/.*\//, "", name) }
    $1 == "innodb-file" && path == file { found = 1 }
    $1 == "undo" && path "/" name == file && name ~ /^(undo_?[0-9][0-9][0-9]|.*\.ibu)$/ { found = 1 }
    END { exit !found }'
}

# The places of its tables' files. MariaDB's FILES is empty; before 10.6 its INNODB_SYS_TABLESPACES has no path.
tell_tablespaces() {
  case $(ask 20 -e 'SELECT VERSION()') in
    *MariaDB*)
      case $(ask 20 -e "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'information_schema'
        AND TABLE_NAME = 'INNODB_SYS_TABLESPACES' AND COLUMN_NAME = 'FILENAME'") in
        1) words='SELECT FILENAME FROM information_schema.INNODB_SYS_TABLESPACES' ;;
        *) words='SELECT PATH FROM information_schema.INNODB_SYS_DATAFILES' ;;
      esac
      ;;
    *) words="SELECT FILE_NAME FROM information_schema.FILES WHERE ENGINE = 'InnoDB' AND FILE_TYPE IN ('TABLESPACE', 'UNDO LOG')" ;;
  esac
  # The login may lack the privilege, or there are too many to answer in time.
  paths=$(ask 20 -e "$words") || return 0
  echo "tablespaces $(printf '%s\n' "$paths" | grep -c .)"
  # An absolute path may lead back into the datadir. Files in a place that the server's options name are reported there.
  printf '%s\n' "$paths" | grep -E '^/|^\.\./|/\.\./' | (
    told=0
    cd -P -- "$datadir" || exit
    while read -r path && [ "$told" -lt 3 ]; do
      resolved=$(readlink -m -- "$path")
      case $resolved in "$datadir"/*) continue ;; esac
      if is_placed "$resolved"; then continue; fi
      printf '%s\n' "elsewhere $path"
      told=$((told + 1))
    done
  )
}

printf '%s\n' "$variables" | grep . | while read -r name value; do tell_variable "$name" "$value"; done
printf '%s\n' "$places" | grep .
printf '%s\n' "$data_places" | grep . | tell_outside
printf '%s\n' "$all_data_places" | grep . | grep -vxF -e "${data_places:-/}" | tell_inside
printf '%s\n' "$places" | tell_unlike
printf '%s\n' "$places" | tell_innodb_files
printf '%s\n' "$places" | sed -nE 's/^place (redo|undo|doublewrite|aria|innodb-file|binlog|relaylog) /\1 /p' | hidden_places "$unit" "$datadir"
log=$(printf '%s\n' "$places" | sed -n 's/^place binlog //p')
if [ -n "$log" ]; then printf '%s\n' "binary_logs $(binary_logs "$log")"; fi
if [ -n "$log" ] && [ -z "$answers" ] && [ "$(id -u)" = 0 ] && [ -d "$datadir" ]; then
  printf '%s\n' "log_end $(log_end "$log" "$(stat -c %U:%G -- "$datadir")")"
fi
if [ -n "$answers" ]; then
  # A server hides tables and events that a login may not see.
  grants=$(ask 10 -e 'SHOW GRANTS')
  may() { printf '%s\n' "$grants" | granted "$1"; }
  writers() {
    ask 10 -e "SELECT CONCAT('writers ', USER, '@', SUBSTRING_INDEX(HOST, ':', 1)) FROM information_schema.PROCESSLIST
      WHERE ID <> CONNECTION_ID() AND USER NOT IN ('system user', 'event_scheduler', 'unauthenticated user')
        AND COMMAND NOT IN ('Binlog Dump', 'Binlog Dump GTID', 'Daemon') $1 LIMIT 5"
  }
  # An applier with PRIVILEGE_CHECKS_USER has that account's name. A login may not be able to see which threads are
  # appliers.
  writers "AND ID NOT IN (SELECT PROCESSLIST_ID FROM performance_schema.threads
      WHERE PROCESSLIST_ID IS NOT NULL AND (NAME LIKE 'thread/sql/replica%' OR NAME LIKE 'thread/sql/slave%'))" ||
    writers '' || echo 'unanswered writers'
  # The same look as that of take-snapshot.sh before it locks.
  ask 10 -e "$(note_statements 5); SELECT CONCAT('statement ', TIME, ' ', USER, '@', SUBSTRING_INDEX(HOST, ':', 1), ' ', LEFT(INFO, 60))
    FROM $(statements_of_clients) AND (TIME <= 5 OR $(is_noted)) ORDER BY TIME DESC LIMIT 1" || echo 'unanswered statement'
  ask 10 -e "SELECT CONCAT('ddl ', TIME, ' ', USER, '@', SUBSTRING_INDEX(HOST, ':', 1), ' ', LEFT(INFO, 60))
    FROM information_schema.PROCESSLIST WHERE COMMAND IN ('Query', 'Execute') AND ID <> CONNECTION_ID()
      AND INFO REGEXP '^[[:space:]]*(ALTER|CREATE|DROP|RENAME|TRUNCATE|OPTIMIZE|REPAIR|BACKUP|LOCK)[[:space:]]' ORDER BY TIME DESC LIMIT 1"
  printf '%s\n' "$grants" | sed -n 's/^GRANT \([A-Z_, ]*\) ON \*\.\* TO .*/\1/p' | tr , '\n' | sed 's/^ *//; s/ *$//; s/^/privilege /' | sort -u
  # Only MySQL has them; it allows one clone at a time.
  ask 10 -e "SELECT CONCAT('cloning ', USER, '@', SUBSTRING_INDEX(HOST, ':', 1)) FROM information_schema.PROCESSLIST
    WHERE COMMAND = 'clone' LIMIT 1"
  if ! ask 10 -e "SELECT CONCAT('foreign_engine ', ENGINE, ' ', COUNT(*), ' ',
      SUBSTRING_INDEX(GROUP_CONCAT(CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) ORDER BY 1 SEPARATOR ', '), ', ', 3))
    FROM information_schema.TABLES
    WHERE TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB'
      AND CAST(TABLE_SCHEMA AS BINARY) NOT IN ($own_databases) GROUP BY ENGINE" || ! may SELECT; then
    echo 'unanswered foreign_engine'
  fi
  printf '%s\n' "temp_tables $(session_temp_tables "$defaults_file" "$socket" 1)"
  for privilege in SELECT EVENT; do
    if [ -n "$grants" ] && ! may "$privilege"; then echo "unseen $privilege"; fi
  done
  ask 10 -e "SELECT CONCAT('engine ', ENGINE) FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT')" || echo 'unanswered engine'
  # A dump program ends at them. The server's comment of a view is else VIEW.
  ask 10 -e "SELECT CONCAT('unopened ', TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES WHERE CAST(TABLE_SCHEMA AS BINARY) NOT IN ($own_databases)
    AND ((TABLE_TYPE = 'VIEW' AND (TABLE_COMMENT LIKE '%invalid%' OR TABLE_COMMENT LIKE '%definer%')) OR (TABLE_TYPE = 'BASE TABLE' AND ENGINE IS NULL)) ORDER BY 1 LIMIT 20"
  # shellcheck disable=SC2154  # dump-names.sh
  ask 10 -e "SELECT CONCAT('late_view ', found.it) FROM ($late_views) found"
  # shellcheck disable=SC2154  # dump-names.sh
  ask 10 -e "SELECT CONCAT('unfiled the database ', found.it) FROM ($unfiled_databases) found; SELECT CONCAT('unfiled ', found.it) FROM ($unfiled_tables) found"
  # A dump program takes names of databases as words. What a MySQL 8.4 loads by an option alone, and a 9.0 does not have.
  ask 10 -e "SELECT CONCAT('dashed ', SCHEMA_NAME) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '-%' ORDER BY 1 LIMIT 3"
  ask 10 -e "SELECT CONCAT('native_logins ', COUNT(*), ' ', IFNULL(SUBSTRING_INDEX(GROUP_CONCAT(CONCAT(user, '@', host) ORDER BY user, host SEPARATOR ', '), ', ', 3), ''))
    FROM mysql.user WHERE plugin = 'mysql_native_password' AND user NOT LIKE 'mysql.%'"
  ask 10 -e "SELECT CONCAT('takes_native ', COUNT(*)) FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'mysql_native_password' AND PLUGIN_STATUS = 'ACTIVE'"
  # What a dump leaves out: users' own in databases of the server. Names of all series; a newer one may have more.
  ask 10 -e "SELECT 'users_sys 1' FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'sys' AND CAST(SCHEMA_NAME AS BINARY) = 'sys' AND $own_sys = ''"
  ask 10 -e "SELECT CONCAT('beside_own ', TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_TYPE IN ('BASE TABLE', 'SEQUENCE')
    AND ((CAST(TABLE_SCHEMA AS BINARY) = $own_sys AND TABLE_NAME <> 'sys_config') OR (CAST(TABLE_SCHEMA AS BINARY) = 'mysql' AND TABLE_NAME NOT IN ('column_stats', 'columns_priv', 'component',
      'compression_dictionary', 'compression_dictionary_cols', 'db', 'default_roles', 'engine_cost', 'event', 'func', 'general_log', 'global_grants', 'global_priv', 'gtid_executed', 'help_category', 'help_keyword',
      'help_relation', 'help_topic', 'host', 'index_stats', 'innodb_index_stats', 'innodb_table_stats', 'masking_dictionaries', 'password_history', 'plugin', 'proc', 'procs_priv', 'proxies_priv', 'role_edges',
      'roles_mapping', 'server_cost', 'servers', 'slave_master_info', 'slave_relay_log_info', 'slave_worker_info', 'slow_log', 'table_stats', 'tables_priv', 'transaction_registry', 'user')
      AND TABLE_NAME NOT REGEXP '^(audit_log_|firewall_|gtid_slave_pos|ndb_|replication_|spider_|time_zone|wsrep_)')) ORDER BY 1 LIMIT 20"
  ask 10 -e "SELECT CONCAT('beside_own the ', LOWER(ROUTINE_TYPE), ' ', ROUTINE_SCHEMA, '.', ROUTINE_NAME) FROM information_schema.ROUTINES WHERE CAST(ROUTINE_SCHEMA AS BINARY) IN ('mysql', $own_sys)
    AND DEFINER NOT IN ('mysql.sys@localhost', 'mariadb.sys@localhost') AND ROUTINE_NAME NOT IN ('AddGeometryColumn', 'DropGeometryColumn') ORDER BY 1 LIMIT 20"
  # What a new, empty server can not make: other tablespaces, and what is encrypted. Undo logs are no rows. Each server refuses what it does not have.
  ask 10 -e "SELECT CONCAT('in_tablespace ', NAME) FROM information_schema.INNODB_TABLES WHERE SPACE_TYPE = 'General' AND CAST(SUBSTRING_INDEX(NAME, '/', 1) AS BINARY) NOT IN ($own_databases) ORDER BY 1 LIMIT 200"
  ask 10 -e "SELECT CONCAT('encrypted_rows ', NAME) FROM information_schema.INNODB_TABLESPACES WHERE ENCRYPTION = 'Y' AND SPACE_TYPE <> 'Undo' ORDER BY 1 LIMIT 4"
  ask 10 -e "SELECT CONCAT('encrypted_rows ', NAME) FROM information_schema.INNODB_TABLESPACES_ENCRYPTION WHERE ENCRYPTION_SCHEME <> 0 AND MIN_KEY_VERSION > 0 AND NAME LIKE '%/%' ORDER BY 1 LIMIT 4"
  ask 10 -e "SELECT CONCAT('encrypted_rows ', TABLE_SCHEMA, '/', TABLE_NAME) FROM information_schema.TABLES WHERE VERSION() LIKE '%MariaDB%' AND CREATE_OPTIONS REGEXP 'encrypted.{0,3}=.{0,2}yes' ORDER BY 1 LIMIT 4"
  # What accounts have, and may have: 8.4 gave up privileges that 8.0 has, and others come with plugins.
  ask 10 -e "SELECT DISTINCT CONCAT('granted ', PRIV) FROM mysql.global_grants ORDER BY 1 LIMIT 200"
  ask 10 -e 'SHOW PRIVILEGES' | cut -f 1 | grep -E '^[A-Z0-9]+_[A-Z0-9_]+$' | sed 's/^/grantable /'
  ask 10 -e "SELECT CONCAT('own_function ', name, ' ', dl) FROM mysql.func ORDER BY 1 LIMIT 50"
  # An application server has some for milliseconds, all day: those count that are there after a second, too.
  if told=$(ask 10 -e 'XA RECOVER'); then
    if [ -n "$told" ]; then
      sleep 1
      later=$(ask 10 -e 'XA RECOVER') || later=''
      told=$(printf '%s\n' "$later" | grep -xF -e "$told")
    fi
    echo "prepared $(printf '%s\n' "$told" | grep -c .)"
  fi
  # Only MySQL since 8.0.14 tells this.
  if told=$(client_limit='timeout 10' sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "SELECT CONCAT('discarded ', NAME)
    FROM information_schema.INNODB_TABLESPACES WHERE STATE = 'discarded' ORDER BY NAME LIMIT 20" 2>&1); then
    printf '%s\n' "$told" | sed -n '/^discarded /p'
  else
    # Others have no such column, or no such table.
    case $told in *'ERROR 1054 '* | *'ERROR 1109 '*) ;; *) echo 'unanswered discarded' ;; esac
  fi
  ask 10 -e "SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'" | sed -n 's/^Innodb_redo_log_enabled	/variable innodb_redo_log_enabled /p'
  if events=$(ask 10 -e "SELECT CONCAT('event ', HEX(EVENT_SCHEMA), ' ', HEX(EVENT_NAME), ' ', HEX(DEFINER))
    FROM information_schema.EVENTS WHERE STATUS = 'ENABLED' ORDER BY EVENT_SCHEMA, EVENT_NAME"); then
    if may EVENT; then echo "events $(printf '%s\n' "$events" | grep -c .)"; fi
    printf '%s\n' "$events" | grep . | head -n 3
  fi
  set_by_hand || echo 'unanswered by_hand'
  tell_persisted "$(persisted_starts "$datadir")"
  tell_plugins
  tell_tablespaces
fi
tell_libraries
if [ -n "$unit" ]; then tell_options "$unit" "$(seconds_left 10)"; fi
tell_keyrings "$datadir"
tell_key_file "$salt" "$datadir"
# Last, since earlier queries tell more about the server, and the whole answer has a time limit.
if [ -n "$answers" ]; then printf '%s\n' "$variables" | next_start "$unit" "$datadir" "$(seconds_left 40)"; fi
exit 0
