#!/bin/sh
# shellcheck disable=SC2034,SC2154  # the scripts after it; own-databases.sh assigns one
# A fragment of the scripts that ask, for a plan and again before a dump, which names a dump program can not have. Each has a row where there is one, the first of some.

# The program makes views in the order of their names, and a later one is a placeholder until then, which takes no CHECK OPTION (1368): the load would end at its end.
late_views="SELECT CONCAT(v.TABLE_SCHEMA, '.', v.TABLE_NAME, ' has a CHECK OPTION, and is over ', o.TABLE_SCHEMA, '.', o.TABLE_NAME) AS it FROM information_schema.VIEWS v JOIN information_schema.VIEWS o
  ON LOCATE(CONCAT('\`', REPLACE(o.TABLE_SCHEMA, '\`', '\`\`'), '\`.\`', REPLACE(o.TABLE_NAME, '\`', '\`\`'), '\`'), v.VIEW_DEFINITION) > 0
  WHERE v.CHECK_OPTION <> 'NONE' AND CAST(v.TABLE_SCHEMA AS BINARY) NOT IN ($own_databases) AND (o.TABLE_SCHEMA > v.TABLE_SCHEMA OR CAST(o.TABLE_SCHEMA AS BINARY) > CAST(v.TABLE_SCHEMA AS BINARY)
  OR (o.TABLE_SCHEMA = v.TABLE_SCHEMA AND (o.TABLE_NAME > v.TABLE_NAME OR CAST(o.TABLE_NAME AS BINARY) > CAST(v.TABLE_NAME AS BINARY)))) LIMIT 1"

# mydumper makes names of files of these.
unfiled_databases="SELECT SCHEMA_NAME AS it FROM information_schema.SCHEMATA WHERE CAST(SCHEMA_NAME AS BINARY) NOT IN ($own_databases) AND SCHEMA_NAME REGEXP '[^A-Za-z0-9_-]' ORDER BY 1 LIMIT 1"
unfiled_tables="SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS it FROM information_schema.COLUMNS WHERE CAST(TABLE_SCHEMA AS BINARY) NOT IN ($own_databases) AND
  (EXTRA LIKE '%INVISIBLE%' OR TABLE_NAME REGEXP '[/\`[:cntrl:]]' OR COLUMN_NAME LIKE '%\`%') LIMIT 1"
