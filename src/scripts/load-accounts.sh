#!/bin/sh
# The accounts of a dump on a new server. Part of seed-load.sh. They are made by an account of the job's that the donor does not have: root of a new server
# keeps no privilege that the donor's has not, and may go.

# loader_of JOB: its name, 32 characters at most.
loader_of() { printf 'reseed_load_%s' "$1" | head -c 32; }
# loader_sql JOB: makes it.
loader_sql() {
  by="'$(loader_of "$1")'@'localhost'"
  echo "CREATE USER $by; GRANT ALL ON *.* TO $by WITH GRANT OPTION; GRANT PROXY ON ''@'' TO $by WITH GRANT OPTION;"
}
# accounts_sql JOB TOLD: of what the donor told (seed-dump.sh), its accounts; at the end the job's goes, and the server is shut down.
accounts_sql() {
  sed -n 's/^account	//p' "$2" | sed 's/$/;/'
  # shellcheck disable=SC2016  # quotes of SQL
  grep -qF '	CREATE USER IF NOT EXISTS `root`@`localhost` ' "$2" || echo "DROP USER IF EXISTS 'root'@'localhost';"
  echo "DROP USER '$(loader_of "$1")'@'localhost'; SHUTDOWN;"
}
