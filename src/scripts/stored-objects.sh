#!/bin/sh
# shellcheck disable=SC2154  # own_databases: own-databases.sh
# Routines, triggers, events and views, as lines that two servers can compare. Part of seed-dump.sh and seed-load.sh, behind own-databases.sh. A
# dump is text that a client cuts: what it takes for a statement of its own may make one that the donor does not have, or another of the same name.

# stored_objects CONDITION: SQL whose rows are `object`, its name and definer in hexadecimal, a sum of its text, and the version in hexadecimal. Of
# CONDITION: db, definer. The text of a view is the server's own words, which differ by series; MD5 is gone from MySQL 9.6.
stored_objects() {
  cat <<END
SELECT 'object', HEX(told), SHA2(body, 256), HEX(SUBSTRING_INDEX(VERSION(), '-', 1)) FROM (
  SELECT ROUTINE_SCHEMA AS db, DEFINER AS definer, COALESCE(CONVERT(ROUTINE_DEFINITION USING utf8mb4), '') AS body,
    CONVERT(CONCAT_WS(' ', 'the', LOWER(ROUTINE_TYPE), QUOTE(ROUTINE_SCHEMA), QUOTE(ROUTINE_NAME), 'of', QUOTE(DEFINER), SECURITY_TYPE) USING utf8mb4) AS told
    FROM information_schema.ROUTINES WHERE ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION', 'PACKAGE', 'PACKAGE BODY')
  UNION ALL SELECT TRIGGER_SCHEMA, DEFINER, CONVERT(ACTION_STATEMENT USING utf8mb4),
    CONVERT(CONCAT_WS(' ', 'the trigger', QUOTE(TRIGGER_SCHEMA), QUOTE(TRIGGER_NAME), 'of', QUOTE(DEFINER), ACTION_TIMING, EVENT_MANIPULATION, 'on', QUOTE(EVENT_OBJECT_TABLE)) USING utf8mb4)
    FROM information_schema.TRIGGERS
  UNION ALL SELECT EVENT_SCHEMA, DEFINER, CONVERT(EVENT_DEFINITION USING utf8mb4),
    CONVERT(CONCAT_WS(' ', 'the event', QUOTE(EVENT_SCHEMA), QUOTE(EVENT_NAME), 'of', QUOTE(DEFINER)) USING utf8mb4)
    FROM information_schema.EVENTS
  UNION ALL SELECT TABLE_SCHEMA, DEFINER, '', CONVERT(CONCAT_WS(' ', 'the view', QUOTE(TABLE_SCHEMA), QUOTE(TABLE_NAME), 'of', QUOTE(DEFINER), SECURITY_TYPE) USING utf8mb4)
    FROM information_schema.VIEWS
) objects WHERE $1 ORDER BY 2
END
}
# shellcheck disable=SC2034  # the scripts after it
objects_of_users="CAST(db AS BINARY) NOT IN ($own_databases)" own_objects="CAST(db AS BINARY) IN ($own_databases)"
# A role of a MariaDB may be a definer. Where a dump is loaded before its roles are there, its name becomes that of an account.
# shellcheck disable=SC2034
objects_of_roles="$objects_of_users AND definer NOT LIKE '%@_%'"

# strange_objects TOLD HAS: of the files with such lines, the first name, in hexadecimal, that only HAS has, or whose text differs where both servers are of
# the same version; then of those that HAS lacks. An event may have had its last time meanwhile: it drops itself.
strange_objects() {
  awk -F '\t' '
    $1 != "object" { next }
    NR == FNR { text[$2] = $3; version[$2] = $4; next }
    { has[$2] = 1 }
    !($2 in text) || (version[$2] == $4 && text[$2] != $3) { if (strange == "") strange = $2 }
    END {
      for (name in text) if (strange == "" && !(name in has) && name !~ /^746865206576656E7420/) strange = name
      if (strange != "") print strange
    }' "$1" "$2"
}
