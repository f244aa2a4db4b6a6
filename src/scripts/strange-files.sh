#!/bin/sh
# Files in a datadir that no server makes. A fragment of seed-facts.sh and seed-stage.sh, whose `looking COMMAND...` it runs. Reads names only.

# looked: how the look before it ended, on a line that no path of a datadir is.
looked() { printf '//status %s\0' "$?"; }
# The names of files, which may hold anything, each on a line.
lines() { tr '\n' '?' | tr '\0' '\n' | tr -c '\n[:print:]\200-\377' '?'; }

# Files that no MySQL or MariaDB makes, at any depth: what a server makes at the top of its datadir, what it makes in the folder of a
# database, which has no folders in it, and nothing else. What starts with # is the server's own: no name of a table or a database does.
# A name that only begins or ends as the server's do (ibdata1.tar.gz, dump.log.gz, dump.20261127) is a DBA's.
# strange_files OWN BINLOGS RELAYLOGS: in the working directory. What the unit and the options name, OWN, is the server's too, and the logs
# by their paths without the number; each a path below the datadir a line. A line each, and how it ended as `looked` says it.
strange_files() {
  { looking find . -ignore_readdir_race -xdev -regextype posix-extended -mindepth 1 \
    \( -path './.reseed-*' -o -path ./lost+found -o -path './#*' -o -path ./.rocksdb \) -prune -o \
    -type d ! -path './*/*' -o \
    ! -path './*/*' \( -regex '\./(ib[A-Za-z0-9_]*|ib_buffer_pool\.incomplete|ib_.*\.b?dblwr|ib_modified_log_.*\.xdb)' \
    -o -regex '\./(undo_?[0-9]+(_trunc\.log)?|aria_log(\.[0-9]+|_control))' -o -name RESEED_IN_PROGRESS -o -name galera.cache \
    -o -regex '\./xtrabackup_[a-z_]*' -o -regex '\./(mysql|mariadb)_(upgrade|backup)_[a-z_]*' \
    -o -regex '\./(auto|mysqld-auto)\.cnf(\.backup)?' \
    -o -regex '\./(grastate|gvwstate)\.dat' -o -regex '\./((ca|server|client)(-key|-cert)?|(private|public)_key)\.pem' \
    -o -regex '\./.*\.[0-9]{6,7}(\.idx)?' -o -name '*.ib[du]' -o -name '*.index' -o -name '*.info' -o -name '*.state' \
    -o -name '*.err' -o -regex '\./.*\.log(([.-][0-9]+)*|([.-][0-9]+)+\.(gz|xz|bz2|zst)|\.old)' \
    -o -name '*.pid' -o -name '*.sock' -o -name '*.lock' -o -name '*.flag' \
    -o -name '*.isl' -o -name '*.cfg' \) -o \
    -path './*/*' ! -path './*/*/*' ! -type d \( -name '*.ibd' -o -name '*.isl' -o -name '*.cf[gp]' -o -name '*.frm' -o -name '*.opt' \
    -o -name '*.par' -o -name '*.sdi' -o -name '*.MY[DI]' -o -name '*.MA[DI]' -o -name '*.MRG' -o -name '*.TR[GN]' -o -name '*.AR[ZMN]' \
    -o -name '*.CS[VM]' -o -name '*.TM[DM]' -o -regex '.*-[0-9]{12}\.BAK' -o -path './*/#*' \) -o \
    -printf '%P\0'; looked; } 2>/dev/null | lines | OWN=$1 BINLOGS=$2 RELAYLOGS=$3 awk '
      # A log, its index, what goes with them. A DBA may have named a file of its own after them (binlog.tar.gz): that is a stranger.
      function is_of(log_, channel) {
        if (log_ == "" || index($0, log_) != 1) return 0
        rest = substr($0, length(log_) + 1)
        if (channel) sub(/^-[^\/.]*/, "", rest)
        return rest ~ /^\.([0-9][0-9][0-9][0-9][0-9][0-9]+(\.idx)?|index|index_crash_safe|state|~rec~)$/
      }
      BEGIN { n = split(ENVIRON["OWN"], own, "\n"); b = split(ENVIRON["BINLOGS"], binlog, "\n"); r = split(ENVIRON["RELAYLOGS"], relaylog, "\n") }
      { for (i = 1; i <= n; i++) if ($0 == own[i] || index($0, own[i] "/") == 1 || index(own[i], $0 "/") == 1) next
        for (i = 1; i <= b; i++) if (is_of(binlog[i], 0)) next
        # Each further channel has relay logs of its own.
        for (i = 1; i <= r; i++) if (is_of(relaylog[i], 1)) next
        print }'
}
