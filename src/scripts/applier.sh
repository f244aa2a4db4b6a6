#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Stops the appliers of a replica, so that its position in its source's log is that of its data, and starts again those that it stopped.
# While an applier runs, its position is written down before a commit or some time after it: under a lock too.
#   applier.sh stop  job=JOB defaults_file=FILE socket=SOCKET word=WORD   WORD: REPLICA, or SLAVE before MySQL 8.0.22
#   applier.sh start job=JOB             what `stop` wrote down is all that it needs; nothing was: it does nothing
# Each may be said twice. Ends with 3 where the position can't be known: nothing stays stopped that ran.
# /run/reseed/applier-JOB has the server's process and its start, how it is reached, and the channels that ran, in hexadecimal: an applier
# that was stopped before stays so, and a server that was started again since has begun as it is set up.
set -u
umask 077
verb=$1
shift
case $verb in
  stop) declare_words 'job defaults_file socket word' "$@" ;;
  start) declare_words job "$@" ;;
  *) unknown_verb "$verb" ;;
esac
case $job in *[!a-z0-9]* | '') echo "no key of a job: $job" >&2; exit 64 ;; esac
record=/run/reseed/applier-$job
# A stop waits for the transactions under way.
# shellcheck disable=SC2034  # the prelude's
client_limit='timeout -k 1 90'

sql() { sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "$1" 2>&1 </dev/null; }
# sql_thread WORDS CHANNEL [REST]: START or STOP of the applier of a channel, whose name is given in hexadecimal.
sql_thread() {
  prepared "$(channel_words mysql "$1 $word" "${2#.}" "SQL_THREAD${3:+ $3}")" | sql_client "$defaults_file" "$socket" --batch --skip-column-names 2>&1
}
# channels WHICH: those whose applier runs (Yes) or not (No), each on a line, in hexadecimal after a dot, since a name
# may be empty.
channels() {
  status=$(sql_client "$defaults_file" "$socket" --batch -e "SHOW $word STATUS" </dev/null) || return
  printf '%s' "$status" | threads_told | WHICH=$1 awk '$2 == ENVIRON["WHICH"] { print $5 }'
}
# process: the server of the session, and its start time; empty if it does not answer.
process() {
  datadir=$(sql 'SELECT @@global.datadir') || return
  for running in $(trusted_in "$datadir"); do
    process_of "$running"
  done | head -n 1
}

start() {
  [ -e "$record" ] || return 0
  { read -r was; IFS= read -r defaults_file; IFS= read -r socket; IFS= read -r word; } <"$record"
  # Its process is another one: it started with its own configuration.
  if [ "$(process)" != "$was" ]; then
    if [ "$(process_of "${was%% *}")" = "$was" ]; then
      echo "the server does not answer: its applier can't be started again" >&2
      return 1
    fi
    rm -f "$record"
    echo 'the server was started again since: whether its applier runs is as its options say'
    return 0
  fi
  how=raw
  tail -n +5 "$record" | while IFS= read -r name; do
    case $how$name in
      rawhex) how=hex && continue ;;
      # From an earlier build: the name itself.
      raw*) name=.$(to_hex "${name#.}") ;;
    esac
    sql_thread START "$name" >&2 || exit 1
  done || return 1
  rm -f "$record"
}

# Positions of workers after the reported one: transactions between the two are partly applied.
gaps() {
  sql "SELECT COUNT(*) FROM mysql.slave_worker_info w JOIN mysql.slave_relay_log_info r ON w.Channel_name = r.Channel_name
    WHERE w.Master_log_pos > 0 AND (w.Master_log_name, w.Master_log_pos) > (r.Master_log_name, r.Master_log_pos)"
}

give_up() {
  start
  refuse "$1"
}

stop() {
  mkdir -p /run/reseed || exit 1
  now=$(process)
  if [ -z "$now" ]; then
    why=$(untrusted_in "$(sql 'SELECT @@global.datadir')")
    refuse "${why:-the server of $defaults_file$socket does not answer, or is no process of this host}"
  fi
  if ! ran=$(channels Yes) || ! stood=$(channels No); then refuse "the server does not say which appliers run (SHOW $word STATUS)"; fi
  # Of a server that was started again since, it tells nothing: what runs now is what is stopped now, and started at the end.
  is_noted=no was=
  if [ -e "$record" ]; then read -r was <"$record"; fi
  if [ -n "$was" ] && [ "$(process_of "${was%% *}")" = "$was" ]; then is_noted=yes; fi
  # There the tables of gaps() are empty, and only a stop of ours shows that nothing was left out.
  case $(sql "SHOW GLOBAL VARIABLES LIKE 'relay_log_info_repository'") in *FILE*)
    [ "$is_noted" = yes ] || [ -z "$stood" ] || refuse "an applier is stopped, and what it has left out can't be known: relay_log_info_repository is FILE. START $word, or SET GLOBAL relay_log_info_repository = TABLE"
    ;;
  esac
  if [ "$is_noted" = no ]; then
    { printf '%s\n' "$now" "$defaults_file" "$socket" "$word" hex; [ -z "$ran" ] || printf '%s\n' "$ran"; } >"$record.part" &&
      mv "$record.part" "$record" || exit 1
  fi
  printf '%s\n' "$ran" | while IFS= read -r name; do
    [ -n "$name" ] || continue
    shown=$(plain_text "${name#.}")
    said=$(sql_thread STOP "$name") || give_up "the applier of channel '$shown' did not stop: $said"
    # Applies what parallel workers left out, and stops by itself.
    said=$(sql_thread START "$name" 'UNTIL SQL_AFTER_MTS_GAPS') || give_up "the gaps of channel '$shown' could not be closed: $said"
    tries=0
    # If a server does not answer, it is unknown whether they are closed.
    while ! runs=$(channels Yes) || printf '%s\n' "$runs" | grep -qxF -- "$name"; do
      tries=$((tries + 1))
      [ "$tries" -lt 120 ] || give_up "the gaps of channel '$shown' were not closed in time"
      sleep 0.5
    done
  done || exit
  case $(gaps) in
    0) ;;
    *) give_up "an applier has stopped with transactions left out between others (START $word UNTIL SQL_AFTER_MTS_GAPS): where its data stands can't be known" ;;
  esac
  echo "stopped: $(printf '%s' "$ran" | grep -c .)"
}

case $verb in
  stop) stop ;;
  start) start ;;
esac
