#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The work of a unit on the target: makes a server's data of what the backup program of the donor sent.
#   seed-prepare.sh tool=mariadb-backup|xtrabackup datadir=DATADIR job=JOB owner=OWNER folder=FOLDER
# The data lies in DATADIR/.reseed-JOB/new; FOLDER is root's knowledge of it (seed-receive.sh). All of it is read and written
# as OWNER, user:group, and what another host wrote is read in a cell (cell.sh, which is put before this script):
# - only files and folders came, each listed file that did not change on the donor, with its size; and each database. Its
#   tablespaces are looked for once more after the log is applied
# - the options in backup-my.cnf have a fixed form: others could load a library
# - the program applies the redo log, says that it completed, and its own files are removed
# - innochecksum, if it is installed, reads every page
# Each part can be repeated. Progress: words. The log has `stream CKSUM BYTES` of what came, `info NAME BASE64` for what the program tells of the data's
# coordinates, `files COUNT BYTES`, `pages COUNT` for the files that innochecksum read, and `prepared` last. Ends with 1
# and the reason as the last line.
set -u
umask 077
declare_words 'tool datadir job owner folder' "$@"
as_owner() { as_account "$owner" "$@"; }
progress() { printf '%s\n' "$1" >>"$RESEED_FOLDER/progress"; }
printable() { tr '\n\0' '?\n' | tr -c '\n[:print:]' '?'; }

enter_stage "$datadir" "$job" || fail "$datadir/.reseed-$job is not there: the job has not prepared it"
[ "$(stat -c '%F %U:%G' new 2>/dev/null)" = "directory $owner" ] || fail "$datadir/.reseed-$job/new is not a folder of $owner"
cd -P new || exit 1
if [ ! -s "$folder/streamed" ] || [ ! -e "$folder/changed" ]; then fail 'no whole stream has come'; fi
work=$RESEED_FOLDER/work
rm -rf "$work"
mkdir -p "$work/cell" || exit 1

# what_is_wrong sent|applied: the first of the differences from the donor's list. A table that was made or rebuilt after the
# donor's last checkpoint comes as X.new, and is X.ibd once the log is applied: it is looked for under both names at first.
what_is_wrong() {
  odd=$(as_owner find . -xdev -mindepth 1 ! -type f ! -type d -print0 | printable | head -n 1)
  if [ -n "$odd" ]; then echo "$odd is neither a file nor a folder" && return; fi
  odd=$(as_owner find . -xdev -mindepth 1 -maxdepth 1 \( -name '.reseed-*' -o -name RESEED_IN_PROGRESS -o -name auto.cnf -o -name mysqld-auto.cnf -o -name '*[[:cntrl:]]*' \) \
    -print0 | printable | head -n 1)
  if [ -n "$odd" ]; then echo "$odd is not of the data" && return; fi
  as_owner find . -xdev -mindepth 1 \( -type f -printf 'f\t%s\t%P\n' -o -type d -printf 'd\t0\t%P\n' \) >"$work/here" || { echo 'what came can not be listed' && return; }
  awk -F '\t' -v when="$1" '
    # Programs copy these of the folders of databases, and the tablespaces at the top.
    function is_copied(path) {
      if (path ~ /(^|\/)#sql/) return 0
      return path ~ /^[^\/]+\/[^\/]+\.(ibd|frm|MYD|MYI|MAD|MAI|MRG|opt|par|TRG|TRN|ARZ|CSV|CSM)$/ || path ~ /^(ibdata[0-9]+|undo[0-9_]+|[^\/]+\.ibd)$/
    }
    FILENAME ~ /\/changed$/ { gone[$1] = 1; next }
    FILENAME ~ /\/here$/ { size[$3] = $2; kind[$3] = $1; next }
    FILENAME ~ /\/folders$/ {
      if ($2 !~ /\// && $2 !~ /^#/ && !($2 in gone) && kind[$2] != "d") { print "the database folder " $2 " did not come"; exit }
      next
    }
    !is_copied($4) || ($4 in gone) { next }
    # Once the log is applied, other tablespaces may be shorter: those of undo logs are truncated.
    when == "applied" && $4 !~ /\/[^\/]+\.ibd$/ { next }
    {
      name = $4
      if (when == "sent" && !(name in size) && name ~ /\/[^\/]+\.ibd$/) sub(/ibd$/, "new", name)
    }
    !(name in size) { print $4 (when == "sent" ? " did not come" : " is not there once the log is applied"); exit }
    # A tablespace may have grown meanwhile.
    (size[name] < $3) || (name !~ /\.(ibd|new)$|^ibdata|^undo/ && size[name] != $3) { print $4 " came with " size[name] " bytes, and the donor has " $3; exit }
  ' "$folder/changed" "$work/here" "$folder/folders" "$folder/files"
}

# The options that the program writes for --prepare. It would load a library that is named there.
odd_option() {
  [ -e backup-my.cnf ] || [ -L backup-my.cnf ] || { echo 'there is no backup-my.cnf' && return; }
  # It reads so much of a line at a time, and takes what is behind for another line.
  # shellcheck disable=SC2016  # of the account
  long=$(as_owner head -c 65537 -- backup-my.cnf 2>/dev/null | awk 'length > 400 { print "a line of " length " bytes"; exit } { bytes += length + 1 } END { if (bytes > 65536) print "more than 65536 bytes" }')
  if [ -n "$long" ]; then echo "$long" && return; fi
  # shellcheck disable=SC2016  # of the account
  as_owner head -c 65536 -- backup-my.cnf 2>/dev/null | tr -d '\r' |
    grep -avE '^(#.*|\[mysqld\]|[[:space:]]*)$' |
    grep -avxE 'innodb_(checksum_algorithm|log_checksum_algorithm|log_checksums|fast_checksum|log_block_size|log_file_size|log_files_in_group|page_size|undo_tablespaces|compression_level|buffer_pool_size|redo_log_encrypt|encrypt_log|log_buffer_size|rollback_segments|server_id|default_encryption|undo_log_encrypt|redo_log_capacity)=[A-Za-z0-9_]*|innodb_buffer_pool_filename=[A-Za-z0-9_.-]+|innodb_data_file_path=[A-Za-z0-9_.:;]+|(innodb_(undo_directory|data_home_dir|log_group_home_dir)|aria_log_dir_path)=(\./?|/[A-Za-z0-9._/+-]*)?|(server_id|server_uuid|master_key_id|mysqld_version)=[A-Za-z0-9.-]*|redo_log_version=[0-9]+|lower_case_table_names=[0-9]' |
    printable | head -n 1
}

# place_options: what came lies in one folder, wherever the donor has it. Keeps the pages of an extent and the names of the system tablespace: the file goes.
place_options() {
  as_owner sed -i -E 's,^(innodb_undo_directory|innodb_data_home_dir|innodb_log_group_home_dir|aria_log_dir_path)=.*,\1=./,' backup-my.cnf || return
  as_owner head -c 65536 -- backup-my.cnf | awk -F = '
    $1 == "innodb_page_size" { extent = $2 + 0 == 4096 ? 256 : $2 + 0 == 8192 ? 128 : 64 }
    $1 == "innodb_data_file_path" { n = split($2, part, ";"); for (i = 1; i <= n; i++) { sub(/:.*/, "", part[i]); names = names " " part[i] } }
    END { print (extent ? extent : 64) (names == "" ? " ibdata1" : names) }' >"$folder/system.part" && mv "$folder/system.part" "$folder/system"
}

# told NAME...: the first of these files, in base64; the newest name first.
told() {
  for name in "$@"; do
    [ -e "$name" ] || [ -L "$name" ] || continue
    # shellcheck disable=SC2016  # of the account
    printf 'info %s %s\n' "${name#*_}" "$(as_owner head -c 16384 -- "$name" 2>/dev/null | base64 -w 0)"
    return
  done
}

prepare() {
  memory=$(awk '/^MemAvailable:/ { half = int($2 / 2048); print (half < 64 ? 64 : half > 4096 ? 4096 : half) }' /proc/meminfo)
  programs=$tool
  if [ "$tool" = mariadb-backup ]; then programs='mariadb-backup mariabackup'; fi
  # Of damaged pages it may write without an end, and /run is memory.
  rm -f "$work/words" && mkfifo "$work/words" || exit 1
  tail -c 262144 <"$work/words" >"$work/said" &
  # It reads backup-my.cnf alone: the size of pages, and the files of the system tablespace.
  # shellcheck disable=SC2086  # words
  in_cell "$work/cell" "$(first_of $programs)" --prepare --target-dir=/mnt "--use-memory=${memory:-64}M" --tmpdir=/mnt >"$work/words" 2>&1 </dev/null
  ended=$?
  wait "$!"
  return "$ended"
}
program_error() {
  { grep -aiE '\[error\]|error:|failed|denied|unknown option|can.t|cannot' "$work/said" | tail -n 1; tail -n 1 "$work/said"; } |
    sed 's/^\[[0-9]*\] [0-9-]* [0-9:]* //; s/^[0-9-]* *[0-9:]* [0-9]* //; s/^[0-9-]*T[0-9:.Z+-]* [0-9]* //' | tr -c '\n[:print:]' '?' | head -n 1 | head -c 300
}

# The pages of one file. Those of the doublewrite buffer, the second and third extent of the first file of the system tablespace, are copies
# of any pages, and have no checksum of their own place.
# shellcheck disable=SC2016  # of the account's shell
check_pages='
if [ "$3" = "./$2" ]; then said=$(innochecksum -e "$(($1 - 1))" "$3" 2>&1 && innochecksum -s "$(($1 * 3))" "$3" 2>&1)
else said=$(innochecksum "$3" 2>&1)
fi || { printf "%s: %s\n" "$3" "$said"; exit 255; }'

if [ ! -e "$folder/prepared" ]; then
  if [ ! -e "$folder/told" ]; then
    progress 'the files are compared with the list of the donor'
    wrong=$(what_is_wrong sent) || exit 1
    [ -z "$wrong" ] || fail "$(printf '%s' "$wrong" | printable)"
    {
      told mariadb_backup_binlog_info xtrabackup_binlog_info
      told mariadb_backup_slave_info xtrabackup_slave_info
      told mariadb_backup_checkpoints xtrabackup_checkpoints
    } >"$folder/told.part" && mv "$folder/told.part" "$folder/told" || exit 1
  fi
  odd=$(odd_option)
  [ -z "$odd" ] || fail "an option in backup-my.cnf has another form: $odd"
  place_options || fail 'backup-my.cnf could not be written'
  progress 'the redo log is applied'
  prepare
  code=$?
  [ "$code" = 0 ] || fail "$tool --prepare ended with $code: $(program_error)"
  tail -n 1 "$work/said" | grep -q 'completed OK!' || fail "$tool --prepare did not say that it completed: $(program_error)"
  wrong=$(what_is_wrong applied) || exit 1
  [ -z "$wrong" ] || fail "$(printf '%s' "$wrong" | printable)"
  # The program's own files, and a folder of the file system that it takes for a database.
  as_owner find . -xdev -mindepth 1 -maxdepth 1 -type f \( -name 'xtrabackup_*' -o -name 'mariadb_backup_*' -o -name backup-my.cnf \) -delete || exit 1
  as_owner rmdir -- lost+found 2>/dev/null
  : >"$folder/prepared" || exit 1
fi
sed 's/^/stream /' "$folder/streamed"
cat "$folder/told"
if command -v innochecksum >/dev/null; then
  progress 'the pages are read'
  # A build of before this was noted prepared the usual ones alone.
  [ -e "$folder/system" ] || echo '64 ibdata1' >"$folder/system"
  read -r extent first others <"$folder/system" || fail 'which files the system tablespace has is not noted'
  set -- -name "$first"
  for name in $others; do set -- "$@" -o -name "$name"; done
  as_owner find . -xdev -type f \( -name '*.ibd' -o -name 'undo[0-9]*' -o "$@" \) -size +0 -print0 >"$work/tablespaces" || exit 1
  as_owner xargs -0 -r -n 1 -P 2 sh -c "$check_pages" sh "$extent" "$first" <"$work/tablespaces" >"$work/pages" 2>&1 ||
    fail "a page is damaged: $(grep -av '^$' "$work/pages" | printable | head -n 1 | head -c 300)"
  echo "pages $(tr -dc '\0' <"$work/tablespaces" | wc -c)"
fi
as_owner find . -xdev -type f -printf '%s\n' | awk '{ n++; bytes += $1 } END { printf "files %d %.0f\n", n, bytes }'
sync -f . || exit 1
echo prepared
