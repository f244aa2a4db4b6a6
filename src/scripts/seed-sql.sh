#!/bin/sh
# Says SQL to the server of this host, and prints its answers as mysql --batch does.
#   seed-sql.sh DEFAULTS_FILE SOCKET SQL     both empty: where mysql itself looks
# {name} in SQL stands for a value that comes on standard input, on a line `name value`, and becomes a quoted string; {#name} for
# a whole number. A password is thus in no argument, no environment, no file and no log of this program. The first statement
# that fails ends it, with 1.
set -u
umask 077
defaults_file=$1 socket=$2 rest=$3
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

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
    # With the sql_mode below, in MySQL and MariaDB alike, a string holds \\ for \ and '' for '.
    *) filled="$filled'$(value "$name" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")'" ;;
  esac
done

set -- --batch --unbuffered --connect-timeout=5 --default-character-set=utf8mb4
if [ -n "$socket" ]; then set -- "--socket=$socket" "$@"; fi
if [ -n "$defaults_file" ]; then set -- "--defaults-file=$defaults_file" "$@"; fi
client=$(command -v mysql || command -v mariadb || echo mysql)
{
  errors=$(printf "SET SESSION sql_mode = '';\n%s%s\n" "$filled" "$rest" | "$client" "$@" 2>&1 >&3)
  status=$?
} 3>&1
# The server repeats what it does not understand: not where that may be a password.
[ -z "$errors" ] || printf '%s\n' "$errors" | sed "s/ near '.*/ near what is not repeated here/" >&2
exit "$status"
