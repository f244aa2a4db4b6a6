#!/bin/sh
# shellcheck disable=SC2154  # declare_words and stage_of assign the words
# Applies the logs that a job brought to this host's server, as the program of a unit (unit.sh). Each transaction keeps its GTID; a MySQL skips
# one that it has. The first that fails ends it: those before it stay applied.
#   salvage-apply.sh job=JOB defaults_file=FILE socket=SOCKET vendor=mysql|percona|mariadb before=GTIDS
#     before: what the server had when the job was planned. A MariaDB that has more is left alone: it would apply it a second time
# progress: the GTIDs that the server has. mysqlbinlog and the client run in cells (salvage-cell.sh), and the client takes nothing for a command of its own: a log
# can hold only SQL. The login comes from here, since the client sees no option file.
set -u
declare_words 'job defaults_file socket vendor before' "$@"
stage_of "$job"
cd -P -- "$stage/logs" || fail "$stage is not there: the log was not brought here"
account=$(id -u nobody):$(stat -c %g .) || exit 1
make_cell "$RESEED_FOLDER/cell" "$account" || exit 1
client_socket_path=$(socket_of_login "$defaults_file" "$socket")
case $client_socket_path in /*) ;; *) fail 'the login of reseed does not reach its server by a socket: give it as mysql.socket in the inventory' ;; esac
case $vendor in mariadb) executed=gtid_binlog_pos ;; *) executed=gtid_executed ;; esac

tell() {
  told=$(client_limit='timeout 10' sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "SELECT @@GLOBAL.$executed" 2>/dev/null </dev/null) || return 0
  # Newlines of a set come as \n.
  printf '%s\n' "$told" | sed 's/\\n//g' | head -c 4000 >>"$RESEED_FOLDER/progress"
}

# Options against shell commands that only some clients have, besides --binary-mode.
further=
help=$(as_root 10 "$(client_program)" --no-defaults --help 2>/dev/null </dev/null)
case $help in *--sandbox*) further='--sandbox' ;; *--system-command*) further='--skip-system-command' ;; esac
set --
number=0
while [ -e "log.$number" ]; do
  set -- "$@" "./log.$number"
  number=$((number + 1))
done
[ "$#" -gt 0 ] || fail 'no log was brought here'
mkdir -p "$RESEED_FOLDER/client" && : >"$RESEED_FOLDER/client/socket" || exit 1
login=$(flat_options ${defaults_file:+"--defaults-file=$defaults_file"}) || fail "$late_options"
login=$(printf '%s\n' "$login" | grep -vE '^(ssl|tls)[-_]|^(host|port|socket|protocol)(=|$)')
plugins=$(plugins_of_client "$(options_of_client "$defaults_file")") || fail "$plugins"
# Their login is the content of one file then, whatever they have besides. What sql_client would look for is found already.
in_place() (
  cd -P -- "$RESEED_FOLDER/client" || exit 1
  # shellcheck disable=SC2034  # the prelude's
  client_limit=in_client_cell stubborn=$login stubborn_for=$defaults_file client_options='' plugin_folder=$plugins odd_folder=''
  sql_client "$defaults_file" /mnt/socket "$@"
)
in_place --batch -e 'DO 0' 2>&1 || fail 'its client does not log in where the logs are applied'
if [ "$vendor" = mariadb ]; then
  has=$(position_now "$defaults_file" "$socket") || exit 1
  [ "$has" = "$(printf '%s\n' "$before" | tr , '\n' | sort | paste -s -d , -)" ] || fail "it has $has, and had $before: a part of the logs is applied already"
fi
while sleep 1; do tell; done &
teller=$!
{
  in_log_cell "$account" "$(first_of mysqlbinlog mariadb-binlog)" --no-defaults --verify-binlog-checksum -- "$@"
  echo "$?" >"$RESEED_FOLDER/read"
} | in_place --batch --binary-mode --skip-line-numbers --max-allowed-packet=1G ${further:+"$further"} >/dev/null 2>"$RESEED_FOLDER/errors"
code=$?
kill "$teller" 2>/dev/null
without_statements <"$RESEED_FOLDER/errors" | cut -c 1-600 | tail -n 5
tell
[ "$code" = 0 ] || exit "$code"
read -r code <"$RESEED_FOLDER/read"
exit "$code"
