#!/bin/sh
# What SET PERSIST has given a MySQL of 8.0 or later. A server that was started with --persisted-globals-load=OFF is without it, though it
# knows of it. A fragment of seed-facts.sh, seed-before.sh and seed-persisted.sh, which have $defaults_file and $socket.

# shellcheck disable=SC2154  # of the script
persisted_client() { sql_client "$defaults_file" "$socket" --batch --skip-column-names "$@" 2>&1; }

# Of a variable with two names both are there: the one that every release of today has.
persisted_rows="(SELECT VARIABLE_NAME, VARIABLE_VALUE FROM performance_schema.persisted_variables q WHERE VARIABLE_NAME NOT LIKE '%slave%'
  OR NOT EXISTS (SELECT 1 FROM performance_schema.persisted_variables o WHERE o.VARIABLE_NAME = REPLACE(q.VARIABLE_NAME, 'slave', 'replica'))) p"

# tell_persisted START_NAMES: lines `persisted start|live NAME .VALUE`, the value in hexadecimal and cut; `shut` for it where the name is like that
# of a secret. START_NAMES: those that a start alone takes, one a line. Nothing of a server that has no SET PERSIST.
tell_persisted() {
  if ! told=$(client_limit='timeout 10' persisted_client -e "SELECT CONCAT('persisted ', VARIABLE_NAME, ' ', IF(VARIABLE_NAME REGEXP 'pass|secret|key|token|auth|credential',
      'shut', CONCAT('.', HEX(LEFT(VARIABLE_VALUE, 200))))) FROM $persisted_rows ORDER BY 1"); then
    # MariaDB and 5.7 have no such table.
    case $told in *'ERROR 1146 '*) ;; *) echo 'unanswered persisted' ;; esac
    return 0
  fi
  printf '%s\n' "$told" | grep -E '^persisted [a-z0-9_.]+ (shut|\.[0-9A-F]*)$' | START=$1 awk '
    BEGIN { n = split(ENVIRON["START"], names, "\n"); for (i = 1; i <= n; i++) start[names[i]] = 1 }
    { print $1 " " (($2 in start) ? "start" : "live") " " $2 " " $3 }'
}

# differing WHERE: names of those that the server has otherwise, one a line.
differing() {
  persisted_client -e "SELECT p.VARIABLE_NAME FROM $persisted_rows JOIN performance_schema.global_variables g USING (VARIABLE_NAME)
    WHERE p.VARIABLE_VALUE <> g.VARIABLE_VALUE AND p.VARIABLE_NAME NOT IN ('skip_replica_start', 'skip_slave_start') $1 ORDER BY 1"
}

# persisted_unknown SAID: the last line that the client said, as the reason.
persisted_unknown() { printf '%s\n' "unknown $(printf '%s\n' "$1" | tail -n 1 | tr -c '\n[:print:]' '?' | cut -c 1-200)"; }

# say_persisted: gives a running server what it is without, but for what a seed holds. Says `later NAME...`: what it has from its next start on,
# since a start alone takes it, or a seed holds it until then; or `unknown WHY`.
say_persisted() {
  if ! names=$(differing "AND p.VARIABLE_NAME NOT IN ('read_only', 'super_read_only', 'log_error_verbosity', 'log_error_suppression_list')"); then
    persisted_unknown "$names"
    return
  fi
  # What fails (1238: a start alone takes it) differs still, and is told. No value is text of ours: the server builds the statement. A
  # number in quotes is refused (1232), and so is a text without them.
  printf '%s\n' "$names" | grep -xE '[a-z0-9_.]+' | while read -r name; do
    for value in 'QUOTE(VARIABLE_VALUE)' "IF(VARIABLE_VALUE REGEXP '^-?[0-9]+([.][0-9]+)?\$', VARIABLE_VALUE, '@@GLOBAL.$name')"; do
      echo "SET @reseed_words = (SELECT CONCAT('SET GLOBAL $name = ', $value) FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = '$name');"
      echo 'PREPARE reseed_words FROM @reseed_words; EXECUTE reseed_words;'
    done
  done | persisted_client --force >/dev/null
  if ! names=$(differing ''); then
    persisted_unknown "$names"
    return
  fi
  names=$(printf '%s\n' "$names" | grep -xE '[a-z0-9_.]+' | tr '\n' ' ')
  [ -z "$names" ] || printf '%s\n' "later ${names% }"
}
