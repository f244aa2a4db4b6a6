#!/bin/sh
# shellcheck disable=SC2154  # own_databases: own-databases.sh
# Routines, triggers and events that a client of SQL would cut at other places than the server. Part of seed-dump.sh, behind own-databases.sh. Any account that may
# make a routine writes such a text, and what stands in quotes in it would be statements where the dump is loaded.

# misread_bodies mysql|mariadb: SQL whose rows are their names. A dump has a text in the character set in which it came: in some of them
# the second byte of a character is \, which escapes nothing for the server, and the next quote for the client (what the server shows as ? may be such a
# character, too). With ANSI_QUOTES MySQL takes no \ in " " for an escape, and its client does. For the server -- begins a comment before every
# control character, and before those that are one, or a blank, in the character set of the text; for the client before blanks alone. A comment
# that ends the text takes the end of the statement with it: mysqldump of MySQL has that in the same line.
misread_bodies() {
  misread="cs IN ('sjis', 'cp932', 'big5', 'gbk', 'gb18030') AND (LENGTH(body) <> CHAR_LENGTH(body) OR LOCATE('?', body))"
  # shellcheck disable=SC2016  # of SQL, with sql_mode = ''
  if [ "$1" = mysql ]; then misread="($misread) OR (mode LIKE '%ANSI_QUOTES%' AND LOCATE(0x5C, body))"' OR SUBSTRING_INDEX(body, "\n", -1) REGEXP "^[^\\x22\\x27\\x60]*(#|--[ \\t\\r]|--$)"'; fi
  # shellcheck disable=SC2016
  misread="($misread)"' OR body REGEXP "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]" OR body REGEXP "--[^ -~\\n\\r\\t]" OR (cs NOT LIKE "utf8%" AND LOCATE("--?", body))'
  cat <<END
SELECT DISTINCT told FROM (
  SELECT CONVERT(CONCAT('the routine ', ROUTINE_SCHEMA, '.', ROUTINE_NAME) USING utf8mb4) AS told, CHARACTER_SET_CLIENT AS cs, CONVERT(SQL_MODE USING utf8mb4) AS mode,
    CONVERT(CONCAT_WS('\n', ROUTINE_NAME, DEFINER, DTD_IDENTIFIER, ROUTINE_COMMENT, '', ROUTINE_DEFINITION) USING utf8mb4) AS body
    FROM information_schema.ROUTINES WHERE CAST(ROUTINE_SCHEMA AS BINARY) NOT IN ($own_databases)
  UNION ALL SELECT CONVERT(CONCAT('the routine ', r.ROUTINE_SCHEMA, '.', r.ROUTINE_NAME) USING utf8mb4), r.CHARACTER_SET_CLIENT, CONVERT(r.SQL_MODE USING utf8mb4),
    CONVERT(CONCAT_WS('\n', p.PARAMETER_NAME, p.DTD_IDENTIFIER, '') USING utf8mb4)
    FROM information_schema.ROUTINES r
    JOIN information_schema.PARAMETERS p ON p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME
    WHERE CAST(r.ROUTINE_SCHEMA AS BINARY) NOT IN ($own_databases)
  UNION ALL SELECT CONVERT(CONCAT('the trigger ', TRIGGER_SCHEMA, '.', TRIGGER_NAME) USING utf8mb4), CHARACTER_SET_CLIENT, CONVERT(SQL_MODE USING utf8mb4),
    CONVERT(CONCAT_WS('\n', TRIGGER_NAME, EVENT_OBJECT_TABLE, DEFINER, ACTION_STATEMENT) USING utf8mb4)
    FROM information_schema.TRIGGERS WHERE CAST(TRIGGER_SCHEMA AS BINARY) NOT IN ($own_databases)
  UNION ALL SELECT CONVERT(CONCAT('the event ', EVENT_SCHEMA, '.', EVENT_NAME) USING utf8mb4), CHARACTER_SET_CLIENT, CONVERT(SQL_MODE USING utf8mb4),
    CONVERT(CONCAT_WS('\n', EVENT_NAME, DEFINER, INTERVAL_VALUE, EVENT_COMMENT, EVENT_DEFINITION) USING utf8mb4)
    FROM information_schema.EVENTS WHERE CAST(EVENT_SCHEMA AS BINARY) NOT IN ($own_databases)
) bodies WHERE $misread ORDER BY 1 LIMIT 3
END
}
