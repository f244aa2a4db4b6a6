#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The error log: its last lines, then new ones, through rotation, truncation and times without a file. Reads only.
#   follow-log.sh NAME=VALUE...
#     mark       a random word; the script's own signals stand between two of it, anywhere in the stream, and all else
#                is the log's own bytes
#     path       the log's; empty: what the server says, or what its unit's own server would read (server-reads.sh), or, where that is
#                unknown and no unit was named, a usual place
#     lines      how many last lines to begin with; most_bytes: the most bytes that they may take
#     mode       follow: runs until its standard input ends (the leash ends it); once: ends after the last lines
#     defaults_file, socket    mysql's; empty: where mysql itself looks
#     before     the file that was followed before the connection was lost, as `opened` named it; empty: none was
#     before_at  how far it was read; sum_bytes: how many bytes before that sum is the SHA-256 of
#     service    the server's systemd unit; empty: that of its process, or a usual name
#
# For a server that logs to its standard error under systemd the journal is read, with the journal's times.
#
# The file is kept open and read on from where reading stopped, so lines that a server writes into a moved log come too,
# and the position is known to the byte. tail -F tells neither its position nor, in one stream with the text, what
# happened to the file.
declare_words 'mark path lines most_bytes mode defaults_file socket before before_at sum_bytes sum service' "$@"

say() { printf '%s%s%s' "$mark" "$*" "$mark"; }

# --- which file ---

# --raw: a blank or a backslash is not escaped.
log_of_server() {
  # shellcheck disable=SC2034  # the prelude's
  client_limit='timeout 10'
  sql_client "$defaults_file" "$socket" --batch --raw --skip-column-names -e "SELECT CASE
    WHEN @@log_error IN ('', 'stderr') THEN 'stderr'
    WHEN @@log_error LIKE '/%' THEN @@log_error
    ELSE CONCAT(TRIM(TRAILING '/' FROM @@datadir), '/', @@log_error) END,
    CONCAT('' /*!80000 , @@log_error_services */), @@datadir" </dev/null 2>/dev/null
}

option() { printf '%s\n' "$reads" | sed -n "s/^$1 //p" | tail -n 1; }

# The server adds .err to a name without an extension; a relative name is in the datadir. None: its standard error.
log_of_unit() {
  named=$(option log_error)
  case $named in '' | stderr) printf stderr && return ;; /*) ;; *) named=$datadir/$named ;; esac
  case ${named##*/} in *.*) ;; *) if ! [ -f "$named" ]; then named=$named.err; fi ;; esac
  printf '%s' "$named"
}

usual_log() {
  for place in /var/log/mysql/error.log /var/log/mysqld.log /var/log/mariadb/mariadb.log /var/log/mysql/mysqld.log \
    /var/log/mysql.err; do
    if [ -f "$place" ]; then
      printf '%s' "$place"
      return
    fi
  done
  return 1
}

find_log() {
  sinks=
  if [ -n "$path" ]; then
    found=inventory
    return
  fi
  if path=$(log_of_server) && [ -n "$path" ] && is_of_unit "$service" "${path##*	}"; then
    # The path, MySQL's sinks, the datadir, with tabs between.
    data=${path##*	}
    path=${path%	*}
    sinks=${path##*	}
    path=${path%	*}
    found=server
    return
  fi
  sinks=
  if reads=$(server_reads "$(server_unit "$service")" 20 'datadir|log_error'); then
    datadir=$(option datadir)
    datadir=${datadir%/}
    path=$(log_of_unit) found=config data=$datadir
    return
  fi
  # If a unit, a socket or an option file was named, a log in a usual place may be another server's.
  wanted_place
  if [ $? != 1 ] || [ -n "$service" ] || ! path=$(usual_log); then path=''; fi
  found=place
}

# --- the journal ---

# The unit's name in systemd: mysql may be an alias of mariadb, and the journal knows one name only.
find_unit() {
  unit=$service
  for process in /proc/[0-9]*; do
    if [ -n "$unit" ]; then break; fi
    if is_server "${process#/proc/}"; then
      is_wanted "${process#/proc/}"
      case $? in 0 | 2) unit=$(service_of "${process#/proc/}") ;; esac
    fi
  done
  unit=${unit:-$(server_unit '')}
  if [ -z "$unit" ]; then return 1; fi
  unit=$(timeout 10 systemctl show -p Id -p LoadState -- "$unit" 2>/dev/null </dev/null |
    sed -n '/^Id=/h; /^LoadState=loaded/{x;s/^Id=//p;}' | head -n 1)
  [ -n "$unit" ]
}

# short-unix: unchanged bytes, an entry a line, and a time that needs no zone.
journal() { journalctl --no-pager --quiet --all -o short-unix -u "$unit" "$@" </dev/null 2>/dev/null; }

# If nothing says that the log is in the journal, the journal counts if it has lines of a server, newer than the file.
in_journal() {
  case $found:$path in
    *:stderr | place:*) ;;
    *) return 1 ;;
  esac
  find_unit || return
  if [ "$path" = stderr ]; then return; fi
  last=$(timeout 10 journalctl --no-pager --quiet -o short-unix -u "$unit" _TRANSPORT=stdout -n 1 2>/dev/null </dev/null)
  last=${last%%.*}
  case $last in '' | *[!0-9]*) return 1 ;; esac
  [ -z "$path" ] || [ "$last" -gt "$(stat -L -c %Y -- "$path")" ]
}

follow_journal() {
  # To an account that may not read the journal the unit looks empty.
  if [ -z "$(journal -n 1)" ]; then say none journal; exit; fi
  say path journal "journal of $unit"
  if [ -z "$before" ]; then say opened start journal 0 whole; else say opened again journal 0 whole; fi
  if [ "$mode" = once ]; then
    journal -n "$lines" | tail -c "$most_bytes"
  else
    # journalctl itself goes on in the next file of the journal.
    journal -n "$lines" -f
  fi
  exit
}

# MySQL's JSON sink writes beside the file that it is named after. For a server that is down, the file that was written
# last.
find_json_log() {
  case $found in server | config | place) ;; *) return ;; esac
  case $sinks in
    *log_sink_internal*) ;;
    *log_sink_json*) path=$path.00.json ;;
    '')
      if [ -f "$path.00.json" ] && [ -n "$(find "$path.00.json" -newer "$path" 2>/dev/null)" ]; then path=$path.00.json; fi
      ;;
  esac
}

# MariaDB writes local times that name no zone.
say zone "$(date +%z)"
find_log
if in_journal; then follow_journal; fi
case $path in
'') say none unknown "$(printf '%s' "${reads:-}" | tr '[:cntrl:]' '?')"; exit ;;
stderr) say none stderr; exit ;;
esac
find_json_log
say path "$found" "$path"

# --- following it, as the account that writes it (log-reader.sh): by follow-file.sh, whose text script.ts puts into a
# variable ---

# quoted TEXT: quoted for a shell.
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
case $found in inventory | place) named=ours ;; *) named=server ;; esac
reads_as=$(log_reader "$path" "$named" "$(trusted_in "${data:-/nowhere}" | head -n 1)" "${data:-}" "$(server_unit "$service")")
if [ -z "$reads_as" ]; then
  # shellcheck disable=SC2154  # script.ts
  eval "$follow_file"
  exit
fi
# On its standard input: `ps` shows the mark to no one.
# shellcheck disable=SC2016  # of the inner shell
{
  for name in mark path lines most_bytes mode before before_at sum_bytes sum; do
    eval "value=\$$name"
    # shellcheck disable=SC2154  # the eval before
    printf '%s=%s\n' "$name" "$(quoted "$value")"
  done
  printf '%s\n' "$follow_file"
} | $reads_as sh -c 'eval "$(cat)"'
