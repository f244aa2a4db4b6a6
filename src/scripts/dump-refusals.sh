#!/bin/sh
# shellcheck disable=SC2154  # seed-dump.sh, own-databases.sh, dump-names.sh and stored-objects.sh assign them
# What a dump of a whole server refuses by name, before the lock: the program would end there after hours, or lose it. Part of seed-dump.sh, whose
# functions it calls.
work='' vendor=''

# give_up_if QUESTION WORDS: where the question has a row. `%` in the words: its first row.
give_up_if() {
  ask_view "$1" "$work/odd" || lose "no session: $(session_error)"
  [ -s "$work/odd" ] || return 0
  case $2 in %*) give_up "$(short <"$work/odd")${2#%}" ;; *%*) give_up "${2%%%*}$(short <"$work/odd")${2#*%}" ;; *) give_up "$2" ;; esac
}
# refuse_odd_accounts: of statements that the server answered.
refuse_odd_accounts() {
  odd_account=$(accounts | odd_statements | short)
  [ -z "$odd_account" ] || give_up "a name has a control character (REVOKE this, or rename, or --method lvm): $odd_account"
}

refuse_undumpable() {
  dashed=$(grep '^-' "$work/databases" | short)
  [ -z "$dashed" ] || give_up "the name of the database $dashed begins with -: a dump program may take it for an option"
  give_up_if "$odd_accounts" 'an account has a control character in its name: a dump can not have it'
  # MERGE and BLACKHOLE have no rows, those of MEMORY do not stay.
  give_up_if "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME, ' (', IF(TABLE_TYPE = 'SYSTEM VERSIONED', 'system-versioned', ENGINE), ')') FROM information_schema.TABLES
    WHERE CAST(TABLE_SCHEMA AS BINARY) NOT IN ($own_databases) AND (TABLE_TYPE = 'SYSTEM VERSIONED' OR (TABLE_TYPE = 'BASE TABLE' AND
      ENGINE NOT IN ('InnoDB', 'BLACKHOLE', 'MRG_MYISAM', 'MEMORY', 'PERFORMANCE_SCHEMA'))) ORDER BY 1 LIMIT 1" '% has no read view, or a history that a dump does not have: ALTER TABLE there, or copy files (--method lvm, mariadb-backup)'
  # The server that loads it has neither keys nor other tablespaces.
  give_up_if "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES WHERE CAST(TABLE_SCHEMA AS BINARY) NOT IN ($own_databases)
    AND CREATE_OPTIONS REGEXP 'encrypt(ion|ed).{0,3}=.{0,2}y' ORDER BY 1 LIMIT 1" '% is encrypted, and a dump has its rows in clear: copy files, with the keys on both hosts (--method lvm)'
  # The program ends there. What is no table of the named ones is left out.
  give_up_if "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES WHERE CAST(TABLE_SCHEMA AS BINARY) NOT IN ($own_databases)
    AND ((TABLE_TYPE = 'VIEW' AND (TABLE_COMMENT LIKE '%invalid%' OR TABLE_COMMENT LIKE '%definer%')) OR (TABLE_TYPE = 'BASE TABLE' AND ENGINE IS NULL)) ORDER BY 1 LIMIT 1" 'the server can not open %: DROP VIEW or DROP TABLE there, or mend it; or copy files (--method lvm, mariadb-backup)'
  give_up_if "$late_views" '%, a view whose name comes later: a dump makes it before that: RENAME TABLE one of them, or copy files (--method lvm, mariadb-backup)'
  give_up_if "$(misread_bodies "$vendor")" '% has text that a client would cut at other places than the server: make it anew with SET NAMES utf8mb4, without ANSI_QUOTES, control characters and a comment at its end; or copy files (--method lvm)'
  if [ "$vendor" = mariadb ]; then
    ask_view "$(stored_objects "$objects_of_roles")" "$work/odd" || lose "no session: $(session_error)"
    of_role=$(cut -f 2 "$work/odd" | head -n 1 | tr -dc 0-9A-F)
    [ -z "$of_role" ] || give_up_if "SELECT CONVERT(0x$of_role USING utf8mb4)" '%: the definer is a role, and a dump would make it an account: make it anew with an account as DEFINER, or copy files (--method lvm, mariadb-backup)'
  fi
}

# A MySQL may hide primary keys that it made itself from SHOW CREATE TABLE: a dump would have tables without a key. Older programs can not be told to ask otherwise.
# shellcheck disable=SC2034  # seed-dump.sh
hidden_keys_shown='SET SESSION show_gipk_in_create_table_and_information_schema = 1'
shows_hidden_keys() {
  if [ "$vendor" != mysql ] || [ ! -s "$work/hides-keys" ]; then return 1; fi
  as_root 10 mysqldump --no-defaults --help 2>/dev/null | grep -q -e '--init-command'
}
refuse_hidden_keys() {
  ask_view "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.COLUMNS WHERE 0 /*!80030 OR (@@GLOBAL.show_gipk_in_create_table_and_information_schema = 0
    AND COLUMN_NAME = 'my_row_id' AND COLUMN_KEY = 'PRI' AND EXTRA LIKE '%INVISIBLE%' AND CAST(TABLE_SCHEMA AS BINARY) NOT IN ($own_databases)) */ LIMIT 1" "$work/hides-keys" || lose "no session: $(session_error)"
  if [ -s "$work/hides-keys" ] && ! shows_hidden_keys; then
    give_up "$(short <"$work/hides-keys") has a primary key that its server hides, and this mysqldump would leave it out: SET GLOBAL show_gipk_in_create_table_and_information_schema = ON there, or copy files (--method lvm)"
  fi
}
