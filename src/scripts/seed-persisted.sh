#!/bin/sh
# Gives a server that was started on copied data what SET PERSIST had set on the target: mysqld-auto.cnf is the target's own, and the start
# that held it back left it out (persisted.sh).
#   seed-persisted.sh defaults_file=PATH socket=PATH     both empty: where mysql itself looks
# Says `later NAME...`, or `unknown WHY`, or nothing. May be said twice.
set -u
declare_words 'defaults_file socket' "$@"
say_persisted
