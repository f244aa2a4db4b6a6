#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Runs SQL on the server of this host, and prints its answers as mysql --batch does.
#   seed-sql.sh defaults_file=FILE socket=SOCKET sql=SQL     both empty: where mysql itself looks
# {name} in SQL is replaced by a value from standard input, from a line `name value`, as a quoted string; {#name} by a
# whole number. So a password is in no argument, no environment, no file and no log of this program. The first statement
# that fails ends it, with 1.
set -u
umask 077
declare_words 'defaults_file socket sql' "$@"
rest=$sql

values=$(cat)
# value NAME
value() { printf '%s\n' "$values" | sed -n "s/^$1 //p" | head -n 1; }

filled=
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
      number=$(value "${name#'#'}")
      case $number in *[!0-9]* | '') echo "no whole number: $name" >&2; exit 64 ;; esac
      filled=$filled$number
      ;;
    # With the sql_mode below, in MySQL and MariaDB alike, \\ in a string means \, and '' means '.
    *) filled="$filled'$(value "$name" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")'" ;;
  esac
done

{
  errors=$(printf "SET SESSION sql_mode = '';\n%s%s\n" "$filled" "$rest" | sql_client "$defaults_file" "$socket" --batch --unbuffered 2>&1 >&3)
  status=$?
} 3>&1
# MariaDB's client repeats the failed statement, between two lines of dashes, and the server repeats text that it does
# not understand. Both are removed, since a password may be in them.
[ -z "$errors" ] || printf '%s\n' "$errors" | sed "/^--------------\$/,/^--------------\$/d; /^\$/d; s/ near '.*/ near what is not repeated here/" >&2
exit "$status"
