#!/bin/sh
# Files in a datadir that no server makes. A fragment of seed-facts.sh and seed-stage.sh, whose `looking COMMAND...` it
# runs. Reads names only.

# looked: how the previous look ended, on a line that can't be a path of a datadir.
looked() { printf '//status %s\0' "$?"; }
# raw_lines: unchanged names, except that a newline becomes \001 (not_lines restores it, and ends each name with a 0).
raw_lines() { tr '\n\0' '\001\n'; }
not_lines() { tr '\n\001' '\0\n'; }
# The names of files, which may contain anything, each on a line.
lines() { tr '\n' '?' | tr '\0' '\n' | tr -c '\n[:print:]\200-\377' '?'; }

# Files that no MySQL or MariaDB makes, at any depth. A server makes certain files at the top of its datadir and in the
# folder of a database, which has no folders in it, and nothing else. Names that begin with # are the server's own: no
# table or database has such a name. Files that an undo kept (.kept-by-reseed-JOB) are a DBA's, whatever their names in
# there. A name that only begins or ends like a server's (ibdata1.tar.gz, dump.log.gz, dump.20261127) is a DBA's.
# strange_files OWN [NAMES]: in the working directory. OWN: files that the unit and the options name are the server's
# too, `KIND PATH` a line, the kinds as in state-places.sh, or `keep` for files that go over as a whole; paths are below
# the datadir. Prints a line each, and the end as in `looked`. NAMES: lines, or raw_lines.
strange_files() {
  { looking find . -ignore_readdir_race -xdev -regextype posix-extended -mindepth 1 \
    -path './.kept-by-reseed-*' -prune -printf '%y %P\0' -o \
    \( -path './.reseed-*' -o -path ./lost+found -o -path './#*' -o -path ./.rocksdb \) -prune -o \
    -type d ! -path './*/*' -o \
    ! -path './*/*' \( -regex '\./(ib[A-Za-z0-9_]*|ib_buffer_pool\.incomplete|ib_.*\.b?dblwr|ib_modified_log_.*\.xdb)' \
    -o -regex '\./(undo_?[0-9]+(_trunc\.log)?|aria_log(\.[0-9]+|_control))' -o -name RESEED_IN_PROGRESS -o -name galera.cache \
    -o -regex '\./(xtrabackup_[a-z_]*|donor_galera_info|backup-my\.cnf)' -o -regex '\./(mysql|mariadb)_(upgrade|backup)_[a-z_]*' \
    -o -regex '\./(auto|mysqld-auto)\.cnf(\.backup)?' -o -regex '\./RPM_UPGRADE_(HISTORY|MARKER(-LAST)?)' \
    -o -regex '\./(grastate|gvwstate)\.dat' -o -regex '\./((ca|server|client)(-key|-cert)?|(private|public)_key)\.pem' \
    -o -regex '\./.*\.[0-9]{6,7}(\.idx)?' -o -name '*.ib[du]' -o -name '*.index' -o -name '*.info' -o -name '*.state' \
    -o -regex '\./(innodb_status\.[0-9]+|core(\.[0-9]+)?|.*\.err\.[0-9]+\.json)' \
    -o -name '*.err' -o -regex '\./.*\.(log|err)(([.-][0-9]+)*|([.-][0-9]+)+\.(gz|xz|bz2|zst)|\.old)' \
    -o -name '*.pid' -o -name '*.sock' -o -name '*.lock' -o -name '*.flag' \
    -o -name '*.isl' -o -name '*.cfg' \) -o \
    -path './*/*' ! -path './*/*/*' ! -type d \( -name '*.ibd' -o -name '*.isl' -o -name '*.cf[gp]' -o -name '*.frm' -o -name '*.frm~' -o -name '*.opt' \
    -o -name '*.par' -o -name '*.sdi' -o -name '*.MY[DI]' -o -name '*.MA[DI]' -o -name '*.MRG' -o -name '*.TR[GN]' -o -name '*.AR[ZMN]' \
    -o -name '*.CS[VM]' -o -name '*.TM[DM]' -o -regex '.*-[0-9]{12}\.BAK' -o -path './*/#*' \) -o \
    -printf '%y %P\0'; looked; } 2>/dev/null | "${2:-lines}" | OWN=$1 awk '
      # A log, its index, and files that belong to them. A DBA may have named a file of his own after them
      # (binlog.tar.gz): that one is strange.
      function is_of(log_, channel) {
        if (log_ == "" || index(path, log_) != 1) return 0
        rest = substr(path, length(log_) + 1)
        # Each further channel has relay logs of its own.
        if (channel) sub(/^-[^\/.]*/, "", rest)
        return rest ~ /^\.([0-9][0-9][0-9][0-9][0-9][0-9]+(\.idx)?|index|index_crash_safe|state|~rec~)$/
      }
      # Files of InnoDB and Aria, wherever their folder is; names with # are the own of the server, with all that is in
      # them.
      function is_data(name) {
        return name ~ /(^|\/)(#.*|ib[A-Za-z0-9_]*|ib_buffer_pool\.incomplete|ib_.*\.b?dblwr|ib_modified_log_.*\.xdb|undo_?[0-9]+(_trunc\.log)?|[^\/]+\.(ib[dut]|isl)|aria_log(\.[0-9]+|_control))$/
      }
      # A place of one file does not make a folder of that name the own of the server.
      function is_own(what, place,    below) {
        if (place == "") return 0
        if (index(place, path "/") == 1) return type == "d"
        if (what == "binlog" || what == "relaylog") return type != "d" && is_of(place, what == "relaylog")
        below = index(path, place "/") == 1
        if (what ~ /^(keep|keyring(-settings)?|tls-file|option-file|unit-file|init-file|plugin-dir|tmpdir|secure-file-priv)$/) return path == place || below
        if (what ~ /^(redo|undo|doublewrite|aria|innodb-home|innodb-directory|innodb-temp)$/ && (path == place || below))
          return path == place || type == "d" || is_data(substr(path, length(place) + 2))
        return path == place && type != "d"
      }
      BEGIN { n = split(ENVIRON["OWN"], own, "\n"); for (i = 1; i <= n; i++) { kind[i] = own[i]; sub(/ .*/, "", kind[i]); sub(/^[^ ]* /, "", own[i]) } }
      /^\/\/status / { print; next }
      { type = substr($0, 1, 1); path = substr($0, 3)
        for (i = 1; i <= n; i++) if (is_own(kind[i], own[i])) next
        print path }'
}
