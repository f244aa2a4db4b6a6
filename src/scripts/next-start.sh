#!/bin/sh
# Whether a running server would keep its state at the same places after a restart. Its option files may have changed
# since its start, and a seed restarts a target's server with them. A fragment of seed-facts.sh. Reads only.

# next_start UNIT DATADIR SECONDS: the variables of the running server on standard input, a line each: name, a blank,
# value. SECONDS: how long the server program may take. Says `next_start unread WHY`, or `next_start asked` and
#   next_value NAME VALUE                    what decides whether it takes writes and runs events
#   next_unknown KIND                        its place after a restart can't be told
#   now_at KIND PATH, next_at KIND PATH      the place of a kind would change; if it has none, or would have none, that line is missing
next_start() {
  now=$(cat)
  if [ -z "$1" ]; then echo 'next_start unread it has no unit that is known' && return; fi
  # Another account may be unable to read all option files, and the program would ignore those.
  if [ "$(id -u)" != 0 ]; then echo 'next_start unread only root reads all option files of a server' && return; fi
  if [ "$3" -lt 2 ]; then echo 'next_start unread the other looks took all the time' && return; fi
  if ! next=$(server_reads "$1" "$3" "${place_names:?}|persisted_globals_load|$next_names"); then
    printf '%s\n' "next_start unread $next"
    return
  fi
  case $next in *'persisted_globals_load OFF'*) ;; *)
    next="$next
$(persisted_values "$2")" ;;
  esac
  echo 'next_start asked'
  # What SET PERSIST has set stands last, and counts.
  printf '%s\n' "$next" | NAMES="^($next_names)\$" awk '$1 ~ ENVIRON["NAMES"] && $2 != "" { value[$1] = $2 }
    END { for (name in value) print "next_value " name " " value[name] }'
  settled=$(printf '%s\n' "$now" '@next' "$next" | settled_defaults "$2")
  printf '%s\n' "$settled" | sed -n 's/^unknown /next_unknown /p' | sort -u
  {
    printf '%s\n' "$now" | compared_places "$2" now_at
    printf '%s\n' "$settled" | sed -n 's/^value //p' | compared_places "$2" next_at
  } | unlike_places
}

next_names='read_only|super_read_only|event_scheduler'

# compared_places DATADIR WORD: variables on standard input -> lines `WORD KIND PATH`, resolved.
compared_places() {
  values=$(cat)
  other=$(printf '%s\n' "$values" | sed -n 's/^datadir //p' | tail -n 1)
  {
    printf '%s\n' "datadir ${other:-$1}"
    printf '%s\n' "$values" | places_of "$1" | grep -E "^($compared_kinds) "
  } | tell_places | sed "s/^place /$2 /"
}
compared_kinds='innodb-(home|file|directory)|redo|undo|doublewrite|aria|(binlog|relaylog)(-index)?|relay-info|master-info|ddl-recovery|keyring|tmpdir'

# settled_defaults DATADIR: the running server's variables, the line @next, and what it would read -> `value NAME VALUE`
# for the values after a restart. A program does not print all defaults as the server resolves them: those that are
# equal to the present values are printed as these. `unknown KIND`: the value after a restart is unknown; the running
# server's is printed.
settled_defaults() {
  WHERE=$1 HOST=$(uname -n) awk '
    function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
    function file(path) { sub(/.*\//, "", path); return path }
    function bare(path) { sub(/\.[^.\/]*$/, "", path); return path }
    function is_datadir(path) { return path == d || path == given }
    # A name that the server makes up, from the name of the host at its start, cut at a dot or not.
    function is_made_up(value, ending,    host) {
      host = ENVIRON["HOST"]; sub(/\..*/, "", host)
      return value == "" || value == "ON" || value == ENVIRON["HOST"] ending || value == host ending || value == next_["log_basename"] ending
    }
    function settle_log(name, ending,    has, index_, is) {
      has = now[name "_basename"]
      index_ = next_[name "_index"]; is = now[name "_index"]
      if (has != "" && is_datadir(folder(has)) && has ~ (ending "$") && is_made_up(next_[name], ending) && (name != "log_bin" || next_[name] != "")) {
        next_[name] = has
        if (bare(is) == bare(has ".") && (sub(/\.index$/, "", index_) || index_ == "") && is_made_up(index_, ending)) { next_[name "_index"] = is; return }
        index_ = next_[name "_index"]
      }
      # An index that is named by its last part alone is with the logs, or in the datadir.
      if (index_ !~ /\// && index_ != "" && bare(file(is)) == bare(index_) && (is_datadir(folder(is)) || folder(is) == folder(has)))
        next_[name "_index"] = is
    }
    # One of the two does not know the option, for example one of a plugin that is not loaded.
    function settle_unknown(kind, name,    is, reads) {
      is = (name in now) ? now[name] : ""; reads = (name in next_) ? next_[name] : ""
      if ((name in now) && (name in next_) && (kind != "keyring" || (is == "") == (reads == ""))) return
      if (is != reads && !(!(name in now) && reads == usual[name])) print "unknown " kind
      if (name in now) next_[name] = is; else delete next_[name]
    }
    /^@next$/ { is_next = 1; next }
    { name = $1; value = $0; sub(/^[^ ]* ?/, "", value); if (value == "NULL") value = "" }
    name == "" { next }
    !is_next { now[name] = value; next }
    { next_[name] = value }
    END {
      d = ENVIRON["WHERE"]; given = now["datadir"]; sub(/\/+$/, "", given)
      settle_log("log_bin", "-bin"); settle_log("relay_log", "-relay-bin")
      usual["master_info_file"] = "master.info"; usual["relay_log_info_file"] = "relay-log.info"
      settle_unknown("innodb-home", "innodb_data_home_dir"); settle_unknown("innodb-file", "innodb_data_file_path")
      settle_unknown("innodb-directory", "innodb_directories"); settle_unknown("redo", "innodb_log_group_home_dir")
      settle_unknown("undo", "innodb_undo_directory"); settle_unknown("doublewrite", "innodb_doublewrite_dir")
      settle_unknown("aria", "aria_log_dir_path")
      settle_unknown("relay-info", "relay_log_info_file"); settle_unknown("master-info", "master_info_file")
      usual["log_ddl_recovery"] = "ddl_recovery.log"; settle_unknown("ddl-recovery", "log_ddl_recovery")
      n = split("keyring_file_data keyring_encrypted_file_data keyring_okv_conf_dir keyring_hashicorp_ca_path " \
        "file_key_management_filename file_key_management_filekey", keys, " ")
      for (i = 1; i <= n; i++) settle_unknown("keyring", keys[i])
      if (next_["tmpdir"] == "") {
        # If none is named, the environment of its start decides.
        if (now["tmpdir"] != "/tmp") print "unknown tmpdir"
        next_["tmpdir"] = now["tmpdir"]
      }
      if (next_["datadir"] == "") { print "unknown datadir"; next_["datadir"] = now["datadir"] }
      # If none is named, their value is the first of tmpdir.
      for (name in next_) if (next_[name] == "" && name ~ /_load_tmpdir$/) next_[name] = now[name]
      for (name in next_) print "value " name " " next_[name]
    }'
}

# unlike_places: lines `now_at KIND PATH` and `next_at KIND PATH` -> those of the kinds that differ. For an index the
# running server shows the name with another extension. With another datadir everything moves.
unlike_places() {
  awk '
    { line[NR] = $0; word = $1; kind = $2; path = $0; sub(/^[^ ]+ [^ ]+ /, "", path)
      if (kind ~ /-index$/) sub(/\.[^.\/]*$/, "", path)
      kinds[NR] = kind; seen[word, kind, path] = 1; key[NR] = kind SUBSEP path; side[NR] = word }
    END {
      for (i = 1; i <= NR; i++) if (!((side[i] == "now_at" ? "next_at" : "now_at") SUBSEP key[i] in seen)) unlike[kinds[i]] = 1
      for (i = 1; i <= NR; i++) if ("datadir" in unlike ? kinds[i] == "datadir" : kinds[i] in unlike) print line[i]
    }'
}
