#!/bin/sh
# Further facts that decide whether data can go to another server: keys that data is encrypted with, and clusters that a
# server belongs to. A fragment of seed-facts.sh, which has ask, answers, variables, unit and datadir. Reads only.

cluster_names='group_replication_group_name|wsrep_on|wsrep_cluster_address|ndbcluster|ndb_connectstring|early_plugin_load|plugin_load|plugin_load_add|plugin_maturity'
cluster_names="$cluster_names|rpl_semi_sync_(source|master|replica|slave)_enabled|replica_allow_higher_version_source"
cluster_names="$cluster_names|binlog_encryption|innodb_(redo|undo)_log_encrypt|innodb_encrypt_log|encrypt_binlog|innodb_encrypt_tables|aria_encrypt_tables|default_table_encryption"

# keyring_components DATADIR: the keyrings in MySQL's manifests of components, a line each. One manifest is beside the
# server program (that of its unit, which need not be in the PATH; the running server's, if it is another), and one in the datadir.
keyring_components() {
  {
    for server in mysqld mysqld-debug; do
      if program=$(command -v "$server"); then readlink -f -- "$program"; fi
    done
    program=$(server_program "${unit-}" "$1")
    if [ -n "$program" ]; then readlink -f -- "$program"; fi
    for server in $(trusted_in "$1"); do readlink -- "/proc/$server/exe" | sed 's/ (deleted)$//'; done
  } | sort -u | while IFS= read -r program; do
    manifest "$program.my"
  done | manifest_keyrings
  manifest "$1/mysqld.my" | manifest_keyrings
}
# manifest PATH: its text, read as the server's account: any account may start a program called mysqld in a folder of
# its own.
manifest() { if [ -f "$1" ]; then read_own "$1" </dev/null | head -c 65536; fi; }
manifest_keyrings() { grep -oE 'component_keyring_[a-z_]+'; }

# keyring_files DATADIR: the files of components' keys, and the files that name them, as lines `KIND PATH`
# (state-places.sh).
keyring_files() {
  folder=$(printf '%s\n' "${variables-}" | sed -n 's/^plugin_dir //p')
  for name in $(keyring_components "$1" | sort -u); do
    for settings in "${folder%/}/$name.cnf" "$1/$name.cnf"; do
      if [ ! -f "$settings" ]; then continue; fi
      printf 'keyring-settings %s\n' "$settings"
      manifest "$settings" | tr -d '\n' | sed -nE 's/.*"path" *: *"([^"]*)".*/keyring \1/p'
      echo
    done
  done
  if [ -e "$1/mysqld.my" ]; then printf 'keyring-settings %s\n' "$1/mysqld.my"; fi
}

# tell_keyrings DATADIR. For a running server: plugin NAME (keyrings, clusters), encrypted COUNT (tablespaces), key ID
# (master keys of InnoDB, no secret), group_member. For one that is down: plugin NAME for each keyring that its options
# and its manifest name.
tell_keyrings() {
  if [ -z "$answers" ]; then
    { keyring_components "$1"; printf '%s\n' "$variables" | sed -nE 's/^(early_)?plugin_load(_add)? //p' | grep -oE '(keyring_[a-z]+|[a-z_]*key_management)'; } |
      sort -u | sed 's/^/plugin /'
    return
  fi
  ask 10 -e "SELECT CONCAT('plugin ', PLUGIN_NAME) FROM information_schema.PLUGINS WHERE PLUGIN_STATUS = 'ACTIVE'
    AND (PLUGIN_NAME LIKE 'keyring%' OR PLUGIN_NAME IN ('group_replication', 'ndbcluster') OR PLUGIN_TYPE = 'ENCRYPTION')
    AND PLUGIN_NAME NOT IN ('keyring_udf', 'daemon_keyring_proxy_plugin')"
  # Without a keyring component MySQL logs an error, MY-013712, for this query.
  if [ -n "$(keyring_components "$1")" ]; then
    ask 10 -e "SELECT CONCAT('plugin ', STATUS_VALUE) FROM performance_schema.keyring_component_status WHERE STATUS_KEY = 'Component_name'"
  fi
  # Only servers with these tables answer; each query is sent by itself.
  ask 10 -e "SELECT CONCAT('key ', KEY_ID) FROM performance_schema.keyring_keys WHERE KEY_ID LIKE 'INNODBKey%' LIMIT 200"
  ask 10 -e "SELECT CONCAT('encrypted ', COUNT(*)) FROM information_schema.INNODB_TABLESPACES WHERE ENCRYPTION = 'Y'"
  ask 10 -e "SELECT CONCAT('encrypted ', COUNT(*)) FROM information_schema.INNODB_TABLESPACES_ENCRYPTION WHERE ENCRYPTION_SCHEME <> 0 AND MIN_KEY_VERSION > 0"
}

# tell_key_file SALT DATADIR: for MariaDB's file_key_management a salted digest of each key. Two hosts with the same
# SALT show whether they have the same keys; the output contains no key, and no digest that is useful later. key_digest
# ID DIGEST; key_file_digest DIGEST of a file that is itself encrypted (filekey), with its own key; key_file unread. The
# account of the server reads these files.
tell_key_file() {
  file=$(key_path file_key_management_filename "$2")
  [ -n "$file" ] || return 0
  by_file=$(value_of file_key_management_filekey)
  case $by_file in
    '' | '('*) told=$(plain_keys "$file" | digests "$1") ;;
    FILE:*) told=$(encrypted_digest "$1" "$file" "$(key_path file_key_management_filekey "$2")") ;;
    *) told='' ;;
  esac
  if [ -z "$1" ] || [ -z "$told" ]; then echo 'key_file unread'; else printf '%s\n' "$told"; fi
}
key_path() {
  path=$(value_of "$1")
  path=${path#FILE:}
  case $path in '' | '('*) ;; /*) printf '%s\n' "$path" ;; *) printf '%s\n' "$2/$path" ;; esac
}
# Its keys, a line each: `1;0123...`, as MariaDB reads them: text after a key is ignored. Prints nothing if a line is
# not understood, or if there are more keys than we read: a missing key could be the one that another host lacks.
plain_keys() {
  { read_own "$1" head -c "$((key_bytes + 1))" || printf '\nunread\n'; } | tr '\0' '?' | MOST=$key_bytes awk '
    { bytes += length($0) + 1; sub(/^[ \t\r\f\v]+/, "") }
    /^(#|$)/ { next }
    {
      id = $0; sub(/;.*/, "", id)
      key = substr($0, length(id) + 2); sub(/[^0-9A-Fa-f].*/, "", key)
      is_key = length(key) == 32 || length(key) == 48 || length(key) == 64
      if (id !~ /^[0-9]+$/ || id + 0 < 1 || id + 0 > 4294967295 || !is_key) { unread = 1; exit }
      keys[++n] = sprintf("%.0f;%s", id, tolower(key))
    }
    END { if (!unread && bytes <= ENVIRON["MOST"] + 0 && n <= 500) for (i = 1; i <= n; i++) print keys[i] }'
}
key_bytes=65536
# By printf, which is built into the shell: no key becomes an argument of a program.
digests() {
  while IFS=';' read -r id key; do
    printf 'key_digest %s %s\n' "$id" "$(printf '%s' "$1 $id $key" | sha256sum | cut -c 1-64)"
  done
}
encrypted_digest() {
  for file in "$2" "$3"; do
    [ "$(read_own "$file" head -c "$((key_bytes + 1))" | wc -c)" -le "$key_bytes" ] || return 0
  done
  first=$(file_digest "$2") second=$(file_digest "$3")
  nothing=$(sha256sum </dev/null | cut -c 1-64)
  if [ "$first" = "$nothing" ] || [ "$second" = "$nothing" ]; then return; fi
  printf 'key_file_digest %s\n' "$(printf '%s' "$1 $first $second" | sha256sum | cut -c 1-64)"
}
file_digest() { read_own "$1" head -c "$key_bytes" | sha256sum | cut -c 1-64; }
