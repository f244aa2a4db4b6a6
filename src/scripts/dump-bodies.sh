#!/bin/sh
# Routines, triggers and events that a client of SQL would cut at other places than the server. Part of seed-dump.sh. Any account that may
# make a routine writes such a text, and what stands in quotes in it would be statements where the dump is loaded.

# misread_bodies mysql|mariadb: SQL whose rows are their names. A dump has a text in the character set in which it came: in some of them
# the second byte of a character is \, which escapes nothing for the server, and the next quote for the client (what the server shows as ? may be such a
# character, too). With ANSI_QUOTES MySQL takes no \ in " " for an escape, and its client does.
misread_bodies() {
  misread="cs IN ('sjis', 'cp932', 'big5', 'gbk', 'gb18030') AND (LENGTH(body) <> CHAR_LENGTH(body) OR LOCATE('?', body))"
  if [ "$1" = mysql ]; then misread="($misread) OR (mode LIKE '%ANSI_QUOTES%' AND LOCATE(0x5C, body))"; fi
  set -- "(CHARACTER_SET_CLIENT IN ('sjis', 'cp932', 'big5', 'gbk', 'gb18030') OR SQL_MODE LIKE '%ANSI_QUOTES%')"
  cat <<END
SELECT DISTINCT told FROM (
  SELECT CONVERT(CONCAT('the routine ', ROUTINE_SCHEMA, '.', ROUTINE_NAME) USING utf8mb4) AS told, CHARACTER_SET_CLIENT AS cs, CONVERT(SQL_MODE USING utf8mb4) AS mode,
    CONVERT(CONCAT_WS(' ', ROUTINE_NAME, DEFINER, DTD_IDENTIFIER, ROUTINE_COMMENT, ROUTINE_DEFINITION) USING utf8mb4) AS body
    FROM information_schema.ROUTINES WHERE $1
  UNION ALL SELECT CONVERT(CONCAT('the routine ', r.ROUTINE_SCHEMA, '.', r.ROUTINE_NAME) USING utf8mb4), cs, mode,
    CONVERT(CONCAT_WS(' ', p.PARAMETER_NAME, p.DTD_IDENTIFIER) USING utf8mb4)
    FROM (SELECT ROUTINE_SCHEMA, ROUTINE_NAME, SPECIFIC_NAME, CHARACTER_SET_CLIENT AS cs, CONVERT(SQL_MODE USING utf8mb4) AS mode FROM information_schema.ROUTINES WHERE $1) r
    JOIN information_schema.PARAMETERS p ON p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME
  UNION ALL SELECT CONVERT(CONCAT('the trigger ', TRIGGER_SCHEMA, '.', TRIGGER_NAME) USING utf8mb4), CHARACTER_SET_CLIENT, CONVERT(SQL_MODE USING utf8mb4),
    CONVERT(CONCAT_WS(' ', TRIGGER_NAME, EVENT_OBJECT_TABLE, DEFINER, ACTION_STATEMENT) USING utf8mb4)
    FROM information_schema.TRIGGERS WHERE $1
  UNION ALL SELECT CONVERT(CONCAT('the event ', EVENT_SCHEMA, '.', EVENT_NAME) USING utf8mb4), CHARACTER_SET_CLIENT, CONVERT(SQL_MODE USING utf8mb4),
    CONVERT(CONCAT_WS(' ', EVENT_NAME, DEFINER, INTERVAL_VALUE, EVENT_COMMENT, EVENT_DEFINITION) USING utf8mb4)
    FROM information_schema.EVENTS WHERE $1
) bodies WHERE $misread ORDER BY 1 LIMIT 3
END
}
