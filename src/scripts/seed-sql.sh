#!/bin/sh
# shellcheck disable=SC2154  # declare_words and fill_values assign the words
# Runs SQL on the server of this host, and prints its answers as mysql --batch does.
#   seed-sql.sh defaults_file=FILE socket=SOCKET sql=SQL     both empty: where mysql itself looks
# Values in SQL (sql-values.sh) come from standard input. So a password is in no argument, no environment, no file and no log of
# this program. The first statement that fails ends it, with 1.
set -u
umask 077
declare_words 'defaults_file socket sql' "$@"
fill_values "$sql" "$(cat)"
say_statements "$defaults_file" "$socket" "$filled"
