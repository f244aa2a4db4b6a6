#!/bin/sh
# The accounts of a server, and what its own tables load, as statements that make them on another. Part of seed-dump.sh.

# account_queries mysql|mariadb: SQL whose rows are the statements, or further questions: lines that begin with SHOW. Names with
# control characters are left out: odd_accounts finds them.
account_queries() {
  case $1 in
    mysql)
      cat <<'END'
SET SESSION print_identified_with_as_hex = ON;
SELECT CONCAT('INSTALL PLUGIN `', REPLACE(name, '`', '``'), '` SONAME ', QUOTE(dl)) FROM mysql.plugin WHERE CONCAT(name, dl) NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('INSTALL COMPONENT ', QUOTE(component_urn)) FROM mysql.component WHERE component_urn NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('CREATE ', IF(type = 'aggregate', 'AGGREGATE ', ''), 'FUNCTION `', REPLACE(name, '`', '``'), '` RETURNS ', ELT(ret + 1, 'STRING', 'REAL', 'INTEGER', 'ROW', 'DECIMAL'), ' SONAME ', QUOTE(dl)) FROM mysql.func WHERE CONCAT(name, dl) NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('SET GLOBAL partial_revokes = ', @@GLOBAL.partial_revokes) WHERE @@GLOBAL.partial_revokes;
SELECT CONCAT('SHOW CREATE USER ', QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE user NOT LIKE 'mysql.%' AND CONCAT(user, host) NOT REGEXP '[[:cntrl:]]' ORDER BY user, host;
SELECT CONCAT('SHOW GRANTS FOR ', QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE user NOT LIKE 'mysql.%' AND CONCAT(user, host) NOT REGEXP '[[:cntrl:]]' ORDER BY user, host;
SELECT CONCAT('ALTER USER ', QUOTE(user), '@', QUOTE(host), ' DEFAULT ROLE ', GROUP_CONCAT(QUOTE(default_role_user), '@', QUOTE(default_role_host))) FROM mysql.default_roles GROUP BY user, host;
END
      ;;
    mariadb)
      cat <<'END'
SELECT CONCAT('INSTALL PLUGIN IF NOT EXISTS `', REPLACE(name, '`', '``'), '` SONAME ', QUOTE(dl)) FROM mysql.plugin WHERE CONCAT(name, dl) NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('CREATE ', IF(type = 'aggregate', 'AGGREGATE ', ''), 'FUNCTION `', REPLACE(name, '`', '``'), '` RETURNS ', ELT(ret + 1, 'STRING', 'REAL', 'INTEGER', 'ROW', 'DECIMAL'), ' SONAME ', QUOTE(dl)) FROM mysql.func WHERE CONCAT(name, dl) NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('CREATE ROLE IF NOT EXISTS `', REPLACE(User, '`', '``'), '`') FROM mysql.user WHERE is_role = 'Y' AND User NOT IN ('', 'PUBLIC') AND User NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('SHOW CREATE USER ', QUOTE(User), '@', QUOTE(Host)) FROM mysql.user WHERE is_role = 'N' AND User <> 'mariadb.sys' AND CONCAT(User, Host) NOT REGEXP '[[:cntrl:]]' ORDER BY User, Host;
SELECT CONCAT('SHOW GRANTS FOR `', REPLACE(User, '`', '``'), '`') FROM mysql.user WHERE is_role = 'Y' AND User NOT IN ('', 'PUBLIC') AND User NOT REGEXP '[[:cntrl:]]';
SELECT CONCAT('SHOW GRANTS FOR ', QUOTE(User), '@', QUOTE(Host)) FROM mysql.user WHERE is_role = 'N' AND User <> 'mariadb.sys' AND CONCAT(User, Host) NOT REGEXP '[[:cntrl:]]' ORDER BY User, Host;
END
      ;;
  esac
}
# shellcheck disable=SC2034  # seed-dump.sh
odd_accounts="SELECT COUNT(*) FROM mysql.user WHERE CONCAT(User, Host) REGEXP '[[:cntrl:]]'"

# account_statements: what the server answered, as statements without the semicolon. An account that a new server has by itself is changed. Default roles
# come after all roles.
account_statements() {
  awk '
    /^CREATE USER / {
      if ((from = index($0, " DEFAULT ROLE ")) > 0) {
        end = substr($0, from)
        $0 = substr($0, 1, from - 1) substr(end, index(end, " REQUIRE "))
      }
      rest = substr($0, 13)
      print "CREATE USER IF NOT EXISTS " rest
      print "ALTER USER " rest
      next
    }
    /^(INSTALL (PLUGIN|COMPONENT)|CREATE (ROLE|FUNCTION|AGGREGATE FUNCTION)|SET GLOBAL partial_revokes|SET DEFAULT ROLE|GRANT|REVOKE|ALTER USER) / { print }'
}
