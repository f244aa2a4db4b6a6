#!/bin/sh
# Variables of a running server that were set by SET GLOBAL since its start: its next start forgets them. A fragment of
# seed-facts.sh, which has `ask`. Reads only.

# set_by_hand: lines `by_hand NAME .VALUE`, the value in hexadecimal and cut; `by_hand NAME shut` if the name looks like
# that of a secret: such a value never leaves the server. For a MySQL only variables without a session value. Fails if
# the server does not tell.
set_by_hand() {
  case $(ask 10 -e 'SELECT VERSION()') in
    '') return 1 ;;
    *MariaDB*) by_hand VARIABLE_NAME GLOBAL_VALUE "information_schema.SYSTEM_VARIABLES WHERE GLOBAL_VALUE_ORIGIN = 'SQL'" ;;
    *)
      # Values of SET PERSIST survive the next start.
      rows=$(by_hand g.VARIABLE_NAME g.VARIABLE_VALUE "performance_schema.variables_info i
        JOIN performance_schema.global_variables g USING (VARIABLE_NAME) LEFT JOIN performance_schema.persisted_variables p USING (VARIABLE_NAME)
        WHERE i.VARIABLE_SOURCE = 'DYNAMIC' AND (p.VARIABLE_VALUE IS NULL OR p.VARIABLE_VALUE <> g.VARIABLE_VALUE)") || return 1
      [ -n "$rows" ] || return 0
      # It also says DYNAMIC for values that a session has set for itself, ours included. For the client, -e cancels a
      # --force before it.
      questions=$(printf '%s\n' "$rows" | cut -d ' ' -f 2 | sed -nE "s/^[a-z0-9_]+\$/SELECT IF(@@SESSION.& IS NULL, '&', '&');/p")
      with_session=$(ask 10 -e "$questions SELECT '.asked'" --force)
      printf '%s\n' "$with_session" | grep -qxF .asked || return 1
      printf '%s\n' "$rows" | WITH=$with_session awk 'BEGIN { n = split(ENVIRON["WITH"], names, "\n"); for (i = 1; i <= n; i++) has[names[i]] = 1 } !($2 in has)'
      ;;
  esac
}
# by_hand NAME VALUE FROM: as SQL expressions.
by_hand() {
  ask 10 -e "SELECT CONCAT('by_hand ', LOWER($1), ' ', IF($1 REGEXP 'pass|secret|key|token|auth|credential', 'shut', CONCAT('.', HEX(LEFT($2, 40)))))
    FROM $3 AND $1 NOT REGEXP '$no_settings' ORDER BY 1 LIMIT 40"
}
# Variables that are a state or a command, and no setting.
no_settings='^(gtid_|timestamp$|innodb_.*_(now|abort)$|innodb_monitor_|innodb_buffer_pool_dump)'
