#!/bin/sh
# shellcheck disable=SC2154  # own_databases: own-databases.sh
# The rows of each table, counted and summed: equal where two servers have equal rows. Part of seed-dump.sh, which sums in the
# read view of the dump, and of seed-load.sh. Of the values as text: a server of another version may store them otherwise. A dump has the JSON of a MySQL as text, of which
# the server that loads it makes a DOUBLE where a DECIMAL was (1.10 becomes 1.1): it is summed as what its text becomes.

# sum_statements: SQL whose rows are HEX(database), HEX(table), HEX(statement), with tabs between. The statement has one row: the count and
# the sum. Only tables that have a read view. A MariaDB compares names as its collation does: T1 and t1 are two tables, and equal to it. A column is summed by itself, so that no row is larger than a packet.
# shellcheck disable=SC2034  # the scripts after it
sum_statements="SET SESSION group_concat_max_len = 16777216;
  SELECT HEX(t.TABLE_SCHEMA), HEX(t.TABLE_NAME), HEX(CONCAT('SELECT COUNT(*), COALESCE(SUM(CRC32(CONCAT_WS(0x23, ',
    GROUP_CONCAT(CONCAT('ISNULL(\`', REPLACE(c.COLUMN_NAME, '\`', '\`\`'), '\`), CRC32(', IF(c.DATA_TYPE = 'json', 'CAST(CAST(', ''), '\`', REPLACE(c.COLUMN_NAME, '\`', '\`\`'), IF(c.DATA_TYPE = 'json', '\` AS CHAR) AS JSON)', '\`'), ')') ORDER BY c.ORDINAL_POSITION SEPARATOR ', '),
    '))), 0) FROM \`', REPLACE(t.TABLE_SCHEMA, '\`', '\`\`'), '\`.\`', REPLACE(t.TABLE_NAME, '\`', '\`\`'), '\`'))
  FROM information_schema.TABLES t JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
    AND HEX(c.TABLE_SCHEMA) = HEX(t.TABLE_SCHEMA) AND HEX(c.TABLE_NAME) = HEX(t.TABLE_NAME)
  WHERE t.TABLE_TYPE = 'BASE TABLE' AND t.ENGINE = 'InnoDB' AND CAST(t.TABLE_SCHEMA AS BINARY) NOT IN ($own_databases)
  GROUP BY t.TABLE_SCHEMA, t.TABLE_NAME, HEX(t.TABLE_SCHEMA), HEX(t.TABLE_NAME) ORDER BY 1, 2;"

# sum_sql FILE: SQL that prints, for each row of sum_statements in FILE, `table DATABASE TABLE COUNT SUM`, with tabs between; names in
# hexadecimal. The statements are run by PREPARE: a name may contain anything, and none becomes a line of the client.
sum_sql() {
  awk -F '\t' 'NF == 3 && $1 $2 $3 !~ /[^0-9A-F]/ {
    printf "SET @reseed = CONVERT(0x%s USING utf8mb4); SET @reseed = CONCAT(\047SELECT \047\047table\047\047, \047\047%s\047\047, \047\047%s\047\047, \047, SUBSTR(@reseed, 8));\n", $3, $1, $2
    print "PREPARE reseed FROM @reseed; EXECUTE reseed; DEALLOCATE PREPARE reseed;"
  }' "$1"
}
