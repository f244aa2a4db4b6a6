#!/bin/sh
# shellcheck disable=SC2154  # own_databases: own-databases.sh
# The collations of databases, tables and columns, as lines that two servers can compare. Part of seed-dump.sh and seed-load.sh, behind own-databases.sh. Rows are equal
# where collations are not: a server that fills in other defaults than its donor compares and sorts them otherwise, and finds duplicates.

# collations: SQL whose rows are `collates`, the database and the table (`-`: the database itself) in hexadecimal, its collation, and a sum of those of its columns. utf8 and utf8mb3 are one.
# shellcheck disable=SC2034  # the scripts after it
collations="SELECT 'collates', HEX(t.TABLE_SCHEMA), HEX(t.TABLE_NAME), REPLACE(COALESCE(MAX(t.TABLE_COLLATION), '-'), 'utf8mb3_', 'utf8_'),
    COALESCE(SUM(CRC32(CONCAT(HEX(c.COLUMN_NAME), ' ', REPLACE(c.COLLATION_NAME, 'utf8mb3_', 'utf8_')))), 0)
  FROM information_schema.TABLES t JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
    AND HEX(c.TABLE_SCHEMA) = HEX(t.TABLE_SCHEMA) AND HEX(c.TABLE_NAME) = HEX(t.TABLE_NAME)
  WHERE t.TABLE_TYPE = 'BASE TABLE' AND CAST(t.TABLE_SCHEMA AS BINARY) NOT IN ($own_databases)
  GROUP BY HEX(t.TABLE_SCHEMA), HEX(t.TABLE_NAME)
  UNION ALL SELECT 'collates', HEX(SCHEMA_NAME), '-', REPLACE(DEFAULT_COLLATION_NAME, 'utf8mb3_', 'utf8_'), 0 FROM information_schema.SCHEMATA WHERE CAST(SCHEMA_NAME AS BINARY) NOT IN ($own_databases)"

# other_collation TOLD HAS: of the files with such lines, the names of the first that is in TOLD and is other in HAS, or missing there.
other_collation() {
  awk -F '\t' '
    $1 != "collates" || NF != 5 { next }
    FILENAME == ARGV[1] { told[$2 "\t" $3] = $4 " " $5; next }
    { has[$2 "\t" $3] = $4 " " $5 }
    END { for (name in told) if (has[name] != told[name]) { print name; exit } }' "$1" "$2"
}
# without_collation SUMS COLLATES: the names of the first table that is a line `table` in SUMS, and has no line in COLLATES.
without_collation() {
  awk -F '\t' '
    FILENAME == ARGV[1] { if ($1 == "collates") has[$2 "\t" $3]; next }
    $1 == "table" && !(($2 "\t" $3) in has) { print $2 "\t" $3; exit }' "$2" "$1"
}
