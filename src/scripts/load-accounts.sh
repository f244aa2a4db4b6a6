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
# placeholders TOLD: SQL that makes the accounts of the donor before its rows: a view can't be made over a view of an account that does not exist, or may not
# read there. Each may do everything, and log in nowhere: it is dropped before the donor's own statements make it (drops). Accounts that the server has of
# its own stay as they are.
placeholders() {
  awk -F '\t' '
    BEGIN { for (i = 0; i < 256; i++) { code = sprintf("%02X", i); char[code] = sprintf("%c", i); hex[sprintf("%c", i)] = code } }
    function run(text,   i, out) {
      for (i = 1; i <= length(text); i++) out = out hex[substr(text, i, 1)]
      printf "SET @reseed = CONVERT(0x%s USING utf8mb4);\nPREPARE reseed FROM @reseed;\nEXECUTE reseed;\n", out
    }
    # account(text): what stands before the first blank outside of quotes.
    function account(text,   i, one, quote) {
      for (i = 1; i <= length(text); i++) {
        one = substr(text, i, 1)
        if (quote != "") {
          if (one == "\\" && quote != "`") i++
          else if (one == quote) quote = ""
        } else if (index("`\047\"", one)) quote = one
        else if (one == " ") return substr(text, 1, i - 1)
      }
      return text
    }
    $1 == "account" && $2 ~ /^435245415445205553455220/ && $2 !~ /[^0-9A-F]/ {
      text = ""
      for (i = 25; i < length($2); i += 2) text = text char[substr($2, i, 2)]
      name = plain = account(text)
      gsub(/[`\047"]/, "", plain)
      if (plain ~ /^(mysql[.](sys|session|infoschema)|mariadb[.]sys)@/) next
      run("CREATE USER IF NOT EXISTS " name " ACCOUNT LOCK")
      run("GRANT ALL ON *.* TO " name)
    }' "$1"
}
# accounts_sql installs|others TOLD [GRANTABLE]: of what the donor told (seed-dump.sh), what it loads before its accounts, or all others. The donor made these
# statements of names that accounts of one database choose. So each is prepared: the server takes no second statement in its text. What MySQL can
# not prepare has a fixed form. GRANTABLE: the privileges that a MySQL knows: one that it does not know would refuse all others of its statement. SET_USER_ID is two since 8.4, of which its own
# upgrade makes accounts have both; others are left out, and told on standard error.
accounts_sql() {
  awk -F '\t' -v part="$1" '
    BEGIN { for (i = 0; i < 256; i++) { code = sprintf("%02X", i); char[code] = sprintf("%c", i); hex[sprintf("%c", i)] = code } }
    function in_hex(text,   i, out) { for (i = 1; i <= length(text); i++) out = out hex[substr(text, i, 1)]; return out }
    # known(text): of a GRANT on all, with what the server knows; empty: nothing is left.
    function known(text,   at, list, n, i, one, out, lacking) {
      at = index(text, " ON ")
      list = substr(text, 7, at - 7)
      if (text !~ /^GRANT [A-Z0-9_, ]+ ON \*\.\* TO / || list !~ /_/) return text
      n = split(list, one, /, */)
      for (i = 1; i <= n; i++) {
        if (one[i] == "SET_USER_ID" && !("SET_USER_ID" in grantable) && "SET_ANY_DEFINER" in grantable) one[i] = "SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER"
        else if (one[i] ~ /_/ && !(one[i] in grantable)) { lacking = lacking ", " one[i]; continue }
        out = out (out == "" ? "" : ", ") one[i]
      }
      if (lacking != "") { at = index(text, " TO "); text_of_account = substr(text, at + 4); gsub(/[^ -~]/, "?", text_of_account); print "no " substr(lacking, 3) ", which this server does not know: " substr(text_of_account, 1, 100) >"/dev/stderr" }
      return out == "" ? "" : "GRANT " out substr(text, index(text, " ON "))
    }
    FILENAME != ARGV[1] && NF == 1 && $1 ~ /^[A-Z0-9_]+$/ { grantable[$1]; asked = 1 }
    FILENAME != ARGV[1] { next }
    $1 == "account" && $2 !~ /[^0-9A-F]/ { told[++count] = $2 }
    END {
      begun = 0
      for (n = 1; n <= count; n++) {
        text = ""
        for (i = 1; i < length(told[n]); i += 2) text = text char[substr(told[n], i, 2)]
        if (text !~ /^(INSTALL|CREATE (AGGREGATE )?FUNCTION) /) begun = 1
        if ((part == "others") != begun) continue
        if (text ~ /^INSTALL COMPONENT \047[A-Za-z0-9_:\/.,-]+\047$/ ||
          text ~ /^CREATE (AGGREGATE )?FUNCTION `[^`\\\001-\037\177]+` RETURNS (STRING|REAL|INTEGER|DECIMAL) SONAME \047[A-Za-z0-9_.+-]+\047$/) { print text ";"; continue }
        if (asked) text = known(text)
        if (text != "") printf "SET @reseed = CONVERT(0x%s USING utf8mb4);\nPREPARE reseed FROM @reseed;\nEXECUTE reseed;\n", in_hex(text)
      }
    }' "$2" ${3:+"$3"}
}
# end_of_loader JOB: at the end the job's account goes, and the server is shut down.
end_of_loader() { echo "DROP USER '$(loader_of "$1")'@'localhost'; SHUTDOWN;"; }
