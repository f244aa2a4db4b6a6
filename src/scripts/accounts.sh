#!/bin/sh
# The accounts of a server, and what its own tables load, as statements that make them on another. Part of seed-dump.sh. A name in a grant (of a column,
# a table, a routine) is of an account of one database, and may be anything. So the client has to print without --raw: each statement is one
# line, and a newline in it two letters.

# account_queries mysql|mariadb: SQL whose rows are the statements, or further questions: lines that begin with SHOW. Names with
# control characters are left out: odd_accounts finds them. LAST is before what checks passwords: it would refuse those that accounts have.
account_queries() {
  case $1 in
    mysql)
      cat <<'END'
SET SESSION print_identified_with_as_hex = ON;
SELECT CONCAT(IF(name REGEXP 'validate_password|password_check' OR name IN (SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE IN ('PASSWORD VALIDATION', 'VALIDATE PASSWORD')), 'LAST ', ''), 'INSTALL PLUGIN `', REPLACE(name, '`', '``'), '` SONAME ', QUOTE(dl)) FROM mysql.plugin WHERE CONCAT(name, dl) NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT(IF(component_urn LIKE '%password%', 'LAST ', ''), 'INSTALL COMPONENT ', QUOTE(component_urn)) FROM mysql.component WHERE component_urn NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('CREATE ', IF(type = 'aggregate', 'AGGREGATE ', ''), 'FUNCTION `', REPLACE(name, '`', '``'), '` RETURNS ', ELT(ret + 1, 'STRING', 'REAL', 'INTEGER', 'ROW', 'DECIMAL'), ' SONAME ', QUOTE(dl)) FROM mysql.func WHERE CONCAT(name, dl) NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('SET GLOBAL partial_revokes = ', @@GLOBAL.partial_revokes) WHERE @@GLOBAL.partial_revokes;
SELECT CONCAT('SHOW CREATE USER ', QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE user NOT IN ('mysql.sys', 'mysql.session', 'mysql.infoschema') AND CONCAT(user, host) NOT REGEXP '[[:cntrl:]]' AND NOT ({unloaded}) ORDER BY user, host;
SELECT CONCAT('SHOW GRANTS FOR ', QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE user NOT IN ('mysql.sys', 'mysql.session', 'mysql.infoschema') AND CONCAT(user, host) NOT REGEXP '[[:cntrl:]]' AND NOT ({unloaded}) ORDER BY user, host;
SELECT CONCAT('ALTER USER ', QUOTE(user), '@', QUOTE(host), ' DEFAULT ROLE ', GROUP_CONCAT(QUOTE(default_role_user), '@', QUOTE(default_role_host))) FROM mysql.default_roles WHERE NOT ({unloaded}) GROUP BY user, host;
END
      ;;
    mariadb)
      cat <<'END'
SELECT CONCAT(IF(name REGEXP 'validate_password|password_check' OR name IN (SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE IN ('PASSWORD VALIDATION', 'VALIDATE PASSWORD')), 'LAST ', ''), 'INSTALL PLUGIN IF NOT EXISTS `', REPLACE(name, '`', '``'), '` SONAME ', QUOTE(dl)) FROM mysql.plugin WHERE CONCAT(name, dl) NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('CREATE ', IF(type = 'aggregate', 'AGGREGATE ', ''), 'FUNCTION `', REPLACE(name, '`', '``'), '` RETURNS ', ELT(ret + 1, 'STRING', 'REAL', 'INTEGER', 'ROW', 'DECIMAL'), ' SONAME ', QUOTE(dl)) FROM mysql.func WHERE CONCAT(name, dl) NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('CREATE ROLE IF NOT EXISTS `', REPLACE(User, '`', '``'), '`') FROM mysql.user WHERE is_role = 'Y' AND User NOT IN ('', 'PUBLIC') AND User NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('SHOW CREATE USER ', QUOTE(User), '@', QUOTE(Host)) FROM mysql.user WHERE is_role = 'N' AND User <> 'mariadb.sys' AND CONCAT(User, Host) NOT REGEXP '[[:cntrl:]]' AND NOT ({unloaded}) ORDER BY User, Host;
SELECT CONCAT('SHOW GRANTS FOR `', REPLACE(User, '`', '``'), '`') FROM mysql.user WHERE is_role = 'Y' AND User NOT IN ('', 'PUBLIC') AND User NOT REGEXP '[[:cntrl:]]';
SELECT 'SHOW GRANTS FOR PUBLIC' FROM mysql.user WHERE User = 'PUBLIC' AND Host = '' AND is_role = 'Y';
SELECT CONCAT('SHOW GRANTS FOR ', QUOTE(User), '@', QUOTE(Host)) FROM mysql.user WHERE is_role = 'N' AND User <> 'mariadb.sys' AND CONCAT(User, Host) NOT REGEXP '[[:cntrl:]]' AND NOT ({unloaded}) ORDER BY User, Host;
END
      ;;
  esac | sed "s~{unloaded}~$unloaded_account~"
}
# unloaded_account: of a row of mysql.user: its server does not load it, and neither shows it nor its grants: it resolves no names of hosts.
unloaded_account="@@GLOBAL.skip_name_resolve AND LOWER(Host) <> 'localhost' AND Host REGEXP '[^0-9.]' AND Host NOT REGEXP '[:%_/]'"
# shellcheck disable=SC2034  # seed-dump.sh
unloaded_accounts="SELECT CONCAT(QUOTE(User), '@', QUOTE(Host)) FROM mysql.user WHERE $unloaded_account AND CONCAT(User, Host) NOT REGEXP '[[:cntrl:]]' ORDER BY 1 LIMIT 20"
# shellcheck disable=SC2034  # seed-dump.sh
odd_accounts="SELECT 1 FROM mysql.user WHERE CONCAT(User, Host) REGEXP '[[:cntrl:]]' LIMIT 1"

# unescaped: text that the client printed without --raw, of which odd_statements has found nothing.
unescaped() { sed 's/\\\\/\\/g'; }

# odd_statements: of lines that the client printed without --raw, those with a control character, without passwords; as the end of each has the account, its end.
odd_statements() {
  awk '
    { bare = $0; gsub(/\\\\/, "", bare) }
    bare ~ /[\\\001-\037\177]/ {
      sub(/ IDENTIFIED .*/, "")
      print (length($0) > 115 ? "..." substr($0, length($0) - 111) : $0)
    }'
}

# account_statements: what the server answered, as the client printed it without --raw, as statements without the semicolon, in hexadecimal. No
# account is there yet (load-accounts.sh), and none is altered: a MySQL takes ALTER USER without a password for one that has expired. Default roles come after all roles.
account_statements() {
  unescaped | sed 's/^LAST //' | awk '
    BEGIN { for (i = 1; i < 256; i++) hex[sprintf("%c", i)] = sprintf("%02X", i) }
    function tell(text,   i, out) {
      for (i = 1; i <= length(text); i++) out = out hex[substr(text, i, 1)]
      print out
    }
    # place(text, word): where word stands outside of quotes; 0: nowhere. Names and strings may have the same words.
    function place(text, word,   i, one, quote) {
      for (i = 1; i <= length(text); i++) {
        one = substr(text, i, 1)
        if (quote != "") {
          if (one == "\\" && quote != "`") i++
          else if (one == quote) quote = ""
        } else if (one == "`" || one == "\047" || one == "\"") quote = one
        else if (substr(text, i, length(word)) == word) return i
      }
      return 0
    }
    /^CREATE USER / {
      if ((from = place($0, " DEFAULT ROLE ")) > 0) {
        end = substr($0, from)
        $0 = substr($0, 1, from - 1) substr(end, place(end, " REQUIRE "))
      }
    }
    /^(INSTALL (PLUGIN|COMPONENT)|CREATE (ROLE|FUNCTION|AGGREGATE FUNCTION)|SET GLOBAL partial_revokes|SET DEFAULT ROLE|CREATE USER|GRANT|REVOKE|ALTER USER) / { tell($0) }'
}
