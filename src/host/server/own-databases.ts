// The databases that a server has by itself, as SQL: src/scripts/own-databases.sh has the same, and why.

const ownSys =
  "(SELECT IF(COUNT(*) = 0, '', 'sys') FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'sys' AND CAST(TABLE_SCHEMA AS BINARY) = 'sys' AND TABLE_NAME = 'version' AND TABLE_TYPE = 'VIEW')";

/** A list to be compared as BINARY: `CAST(TABLE_SCHEMA AS BINARY) NOT IN (...)`. */
export const ownDatabases = `'information_schema', 'performance_schema', 'mysql', ${ownSys}, IF(VERSION() LIKE '%MariaDB%', '', 'ndbinfo'), '#mysql50#lost+found'`;
