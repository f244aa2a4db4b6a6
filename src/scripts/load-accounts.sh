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
# own_tables mysql|mariadb: SQL whose rows are sums of the tables that have accounts, privileges and what is loaded at a start. No dump writes there: their rows
# come from the donor's statements, after the load.
own_tables() {
  case $1 in
    mysql) set -- user global_grants role_edges default_roles password_history component ;;
    mariadb) set -- global_priv roles_mapping ;;
  esac
  echo "CHECKSUM TABLE $(printf 'mysql.%s, ' "$@" db tables_priv columns_priv procs_priv proxies_priv func | sed 's/$/mysql.plugin/');"
}
# others_of mysql|mariadb: SQL whose rows drop, in hexadecimal, what accounts and roles the new server has, but for its own: those of mysqld --initialize-insecure
# and mariadb-install-db, without a password. drops: of such rows, SQL.
others_of() {
  case $1 in
    mysql) echo "SELECT HEX(CONCAT('DROP USER ', QUOTE(User), '@', QUOTE(Host))) FROM mysql.user WHERE CAST(User AS BINARY) NOT IN ('mysql.sys', 'mysql.session', 'mysql.infoschema');" ;;
    mariadb)
      echo "SELECT HEX(IF(is_role = 'Y', CONCAT('DROP ROLE ', QUOTE(User)), CONCAT('DROP USER ', QUOTE(User), '@', QUOTE(Host)))) FROM mysql.user
        WHERE CAST(User AS BINARY) NOT IN ('mariadb.sys', 'PUBLIC');"
      ;;
  esac
}
drops() {
  awk '!/[^0-9A-F]/ { printf "SET @reseed = CONVERT(0x%s USING utf8mb4);\nPREPARE reseed FROM @reseed;\nEXECUTE reseed;\n", $0 }'
}
# accounts_sql JOB TOLD: of what the donor told (seed-dump.sh), its accounts; at the end the job's goes, and the server is shut down. The donor made these
# statements of names that accounts of one database choose. So each is prepared: the server takes no second statement in its text. What MySQL can
# not prepare has a fixed form.
accounts_sql() {
  awk -F '\t' '
    BEGIN { for (i = 0; i < 256; i++) { code = sprintf("%02X", i); char[code] = sprintf("%c", i) } }
    $1 == "account" && $2 !~ /[^0-9A-F]/ {
      text = ""
      for (i = 1; i < length($2); i += 2) text = text char[substr($2, i, 2)]
      if (text ~ /^INSTALL COMPONENT \047[A-Za-z0-9_:\/.,-]+\047$/ ||
        text ~ /^CREATE (AGGREGATE )?FUNCTION `[^`\\\001-\037\177]+` RETURNS (STRING|REAL|INTEGER|DECIMAL) SONAME \047[A-Za-z0-9_.+-]+\047$/) print text ";"
      else printf "SET @reseed = CONVERT(0x%s USING utf8mb4);\nPREPARE reseed FROM @reseed;\nEXECUTE reseed;\n", $2
    }' "$2"
  echo "DROP USER '$(loader_of "$1")'@'localhost'; SHUTDOWN;"
}
