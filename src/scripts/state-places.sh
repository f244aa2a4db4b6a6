#!/bin/sh
# Every place where a server keeps state or reads what it needs, in its datadir or not, from its variables: those of the
# running server, or those that it would read (server-reads.sh). A fragment of seed-facts.sh. Reads only.

# A regular expression for the variables and options that name such a place, or decide which one counts.
place_names='datadir|innodb_(data_home_dir|data_file_path|log_group_home_dir|undo_directory|doublewrite_dir|directories|tmpdir)'
place_names="$place_names|innodb_temp_(data_file_path|tablespaces_dir)|aria_log_dir_path|log_bin(_basename|_index)?"
place_names="$place_names|relay_log(_basename|_index|_info_file)?|master_info_file|log_basename|tmpdir|(replica|slave)_load_tmpdir"
place_names="$place_names|log_error|general_log_file|innodb_buffer_pool_filename|audit_log_file|server_audit_file_path|slow_query_log_file|log_ddl_recovery|pid_file|socket|mysqlx_socket|init_file|secure_file_priv|plugin_dir"
place_names="$place_names|((admin|mysqlx)_)?ssl_(ca|capath|cert|key|crl|crlpath)|(caching_sha2|sha256)_password_(private|public)_key_path"
place_names="$place_names|keyring_(file_data|encrypted_file_data|okv_conf_dir|hashicorp_ca_path)|file_key_management_(filename|filekey)"

# places_of DATADIR: on standard input a variable a line, its name, a blank, its value -> lines `KIND PATH`, absolute.
# Follows the manual's text for each variable: relative paths are below the datadir, those of InnoDB's system tablespace
# below its home.
places_of() {
  WHERE=$1 HOST=$(uname -n) awk '
    function at(folder, path) { if (path ~ /^\//) return path; sub(/^(\.\/)+/, "", path); return path == "" || path == "." ? folder : folder "/" path }
    function say(kind, path) { if (path != "") print kind " " path }
    function one(kind, name) { if (v[name] != "") say(kind, at(d, v[name])) }
    function each(kind, folder, list, between,    n, i, parts) { n = split(list, parts, between); for (i = 1; i <= n; i++) if (parts[i] != "") say(kind, at(folder, parts[i])) }
    function bare(path) { sub(/\.[^.\/]*$/, "", path); return path }
    { name = $1; value = $0; sub(/^[^ ]* ?/, "", value); v[name] = value == "NULL" ? "" : value }
    END {
      d = ENVIRON["WHERE"]
      home = at(d, v["innodb_data_home_dir"])
      say("innodb-home", home)
      n = split(v["innodb_data_file_path"] == "" ? "ibdata1:12M:autoextend" : v["innodb_data_file_path"], files, ";")
      for (i = 1; i <= n; i++) { sub(/:.*/, "", files[i]); if (files[i] != "") say("innodb-file", at(home, files[i])) }
      say("redo", at(d, v["innodb_log_group_home_dir"]))
      say("undo", at(d, v["innodb_undo_directory"]))
      if ("innodb_doublewrite_dir" in v) {
        folder = v["innodb_doublewrite_dir"]
        if (folder ~ /^[^\/.#]/) folder = "#" folder
        say("doublewrite", folder == "" ? home : at(d, folder))
      }
      if ("aria_log_dir_path" in v) say("aria", at(d, v["aria_log_dir_path"]))
      n = split(v["innodb_temp_data_file_path"], files, ";")
      for (i = 1; i <= n; i++) { sub(/:.*/, "", files[i]); if (files[i] != "") say("innodb-temp", at(home, files[i])) }
      one("innodb-temp", "innodb_temp_tablespaces_dir")
      each("innodb-directory", d, v["innodb_directories"], ";")

      log_bin = v["log_bin"]
      if (v["log_bin_basename"] != "") { if (log_bin == "ON" || log_bin == 1) log_bin = v["log_bin_basename"] }
      # Options of a server that is down: without a binary log MariaDB prints 0, MySQL nothing.
      if (log_bin != "" && log_bin !~ /^(0|OFF)$/) {
        path = bare(at(d, log_bin))
        say("binlog", path)
        name = path; sub(/.*\//, "", name)
        index_ = v["log_bin_index"]
        # If the server makes it up from the name of the log, it keeps only the last part.
        say("binlog-index", index_ == "" || index_ == name ".index" ? path ".index" : at(d, index_))
      }
      name = v["log_basename"] == "" ? ENVIRON["HOST"] : v["log_basename"]
      relay = v["relay_log_basename"] != "" ? v["relay_log_basename"] : v["relay_log"] != "" ? v["relay_log"] : name "-relay-bin"
      path = bare(at(d, relay))
      say("relaylog", path)
      name = path; sub(/.*\//, "", name)
      index_ = v["relay_log_index"]
      say("relaylog-index", index_ == "" || index_ == name ".index" ? path ".index" : at(d, index_))
      say("relay-info", at(d, v["relay_log_info_file"] == "" ? "relay-log.info" : v["relay_log_info_file"]))
      say("master-info", at(d, v["master_info_file"] == "" ? "master.info" : v["master_info_file"]))

      # Of a MariaDB: what it has of changes of tables that a crash has interrupted, it ends at its next start, on whatever data.
      if (v["log_ddl_recovery"] != "") say("ddl-recovery", bare(at(d, v["log_ddl_recovery"])) ".log")
      one("keyring", "keyring_file_data"); one("keyring", "keyring_encrypted_file_data"); one("keyring", "keyring_okv_conf_dir")
      one("keyring", "keyring_hashicorp_ca_path"); one("keyring", "file_key_management_filename")
      key = v["file_key_management_filekey"]; if (sub(/^FILE:/, "", key)) say("keyring", at(d, key))
      each("tmpdir", d, v["tmpdir"], ":"); one("tmpdir", "innodb_tmpdir"); one("tmpdir", "replica_load_tmpdir"); one("tmpdir", "slave_load_tmpdir")
      if (v["log_error"] != "stderr") one("error-log", "log_error")
      one("log-file", "general_log_file"); one("log-file", "slow_query_log_file")
      one("log-file", "audit_log_file"); one("log-file", "server_audit_file_path")
      # Written at a stop. With its default name it counts as a file of InnoDB.
      name = v["innodb_buffer_pool_filename"]
      if (name != "" && name != "ib_buffer_pool") say("log-file", at(home, name))
      one("pid-file", "pid_file"); one("socket", "socket"); one("socket", "mysqlx_socket")
      one("init-file", "init_file"); one("secure-file-priv", "secure_file_priv"); one("plugin-dir", "plugin_dir")
      for (name in v) if (name ~ /(^|_)ssl_(ca|capath|cert|key|crl|crlpath)$/ || name ~ /_password_(private|public)_key_path$/) one("tls-file", name)
    }'
}

# tell_places: `place KIND PATH` for each line `KIND PATH` of standard input, with all links resolved, on one line;
# once.
tell_places() {
  while read -r kind path; do
    if [ -n "$path" ]; then printf 'place %s %s\n' "$kind" "$(printf '%s' "$(readlink -m -- "$path")" | tr '[:cntrl:]' '?')"; fi
  done | sort -u | awk '
    # The unit names a file that has a kind already.
    { kind = $2; path = $0; sub(/^place [^ ]+ /, "", path) }
    !(kind == "unit-file" && path in seen) { print; seen[path] = 1 }'
}

# named_by_unit UNIT DATADIR...: the files below its datadir that the unit of a server names, as lines `KIND PATH`.
named_by_unit() {
  shown=$(systemctl show -p ExecStart -p ExecStartPre -p ExecStartPost -p EnvironmentFiles -p Environment -- "$1" 2>/dev/null)
  unit_properties "$1" | unit_words | sed -nE 's/^word --defaults-(extra-)?file=/option-file /p'
  shift
  for folder in "$@"; do
    printf '%s\n' "$shown" | tr ' "=;\047' '[\n*]' | BELOW="$folder/" awk 'index($0, ENVIRON["BELOW"]) == 1 { print "unit-file " $0 }'
  done
}

# binary_logs PATH: the number of logs with this name, their size in bytes, and their folder.
binary_logs() {
  find "${1%/*}" -regextype posix-extended -maxdepth 1 -type f -regex '.*/[^/]*\.[0-9]{6,}' -printf '%s %f\n' 2>/dev/null |
    NAME="${1##*/}." FOLDER="${1%/*}" awk 'index($0, " " ENVIRON["NAME"]) { n++; bytes += $1 } END { printf "%d %.0f %s\n", n, bytes, ENVIRON["FOLDER"] }'
}
