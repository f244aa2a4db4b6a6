#!/bin/sh
# Statements with values in their places, and how they are told to a server. A fragment of seed-sql.sh and seed-reattach.sh.
# {name} in SQL stands for a value of a line `name value`, and becomes a quoted string; {#name} for a whole number.

# value_of VALUES NAME
value_of() { printf '%s\n' "$1" | sed -n "s/^$2 //p" | head -n 1; }

# fill_values SQL VALUES: puts the statements into $filled. Ends the script with 64 where a value is not there, or is no number.
fill_values() {
  filled=
  rest=$1 values=$2
  while :; do
    case $rest in *'{'*'}'*) ;; *) break ;; esac
    filled=$filled${rest%%'{'*}
    rest=${rest#*'{'}
    name=${rest%%'}'*}
    rest=${rest#*'}'}
    case ${name#'#'} in *[!a-z]* | '') echo "no name of a value: $name" >&2; exit 64 ;; esac
    printf '%s\n' "$values" | grep -q "^${name#'#'} " || { echo "no value came for $name" >&2; exit 64; }
    case $name in
      '#'*)
        number=$(value_of "$values" "${name#'#'}")
        case $number in *[!0-9]* | '') echo "no whole number: $name" >&2; exit 64 ;; esac
        filled=$filled$number
        ;;
      # With the sql_mode of say_statements, in MySQL and MariaDB alike, a string holds \\ for \ and '' for '.
      *) filled="$filled'$(value_of "$values" "$name" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")'" ;;
    esac
  done
  filled=$filled$rest
}

# say_statements DEFAULTS_FILE SOCKET SQL: prints the answers as mysql --batch does. The first statement that fails ends it, with 1.
say_statements() {
  unlogged=''
  case $3 in
    *_PASSWORD*)
      # MariaDB writes a password as it is into its general log and its slow log, which others read; MySQL does not. No comment for MariaDB alone: a client of MySQL drops it.
      case $(sql_client "$1" "$2" --batch --skip-column-names -e 'SELECT VERSION()' 2>/dev/null </dev/null) in
        *MariaDB*) unlogged='SET SESSION sql_log_off = 1, SESSION slow_query_log = 0;' ;;
      esac
      if [ -n "$unlogged" ] && ! sql_client "$1" "$2" --batch -e "$unlogged" >/dev/null 2>&1 </dev/null; then
        unlogged=''
        echo '! this login may not keep its statements out of the logs of a MariaDB: where its general log or its slow log is on, the password of replication is in it' >&2
      fi
      ;;
  esac
  {
    errors=$(printf "SET SESSION sql_mode = '';\n%s\n" "$unlogged$3" | sql_client "$1" "$2" --batch --unbuffered 2>&1 >&3)
    status=$?
  } 3>&1
  [ -z "$errors" ] || printf '%s\n' "$errors" | without_statements >&2
  return "$status"
}
