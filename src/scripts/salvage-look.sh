#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# What the logs of this host's server have that another host lacks. Reads only, as the account of the server's datadir.
#   salvage-look.sh list defaults_file=FILE socket=SOCKET log=relay|binlog has=GTIDS file=FILE position=BYTE max_bytes=BYTES
#     has: a set; of MariaDB the last of each domain and server_id; transactions in it are left out. file, position: begin there; empty: where the first that is not in
#     `has` begins. Prints `log NUMBER SIZE NAME` for each log that is read, then the lines of log_events (log-events.sh), then `end`.
#   salvage-look.sh text ...        the same words: the text that mysqlbinlog makes of the same transactions, at most max_bytes of it. Its last
#     line is `# reseed: torn NAME: WHY` if a log was not read to its end
#   salvage-look.sh staged job=JOB  the same lines, of the logs that a job brought here (salvage-take.sh)
set -u
verb=$1
shift
case $verb in
  list | text) declare_words 'defaults_file socket log has file position max_bytes' "$@" ;;
  staged) declare_words 'job' "$@" ;;
  *) unknown_verb "$verb" ;;
esac
tab=$(printf '\t')
read -r log_until _ </proc/uptime
# Less than the deadline of the call: what was read by then is told.
log_until=$((${log_until%.*} + 540))
# A text is read as fast as it is asked for, which may be by a pager.
if [ "$verb" = text ]; then log_until=$((log_until + 86400)); fi
command -v "$(first_of mysqlbinlog mariadb-binlog)" >/dev/null ||
  refuse 'it has no mysqlbinlog: install the package of its server that has it (mysql-client, percona-server-client, mariadb-client)'

# head_of FILE BYTES: of a plain file. One would wait for good for a pipe that the account has put in its place.
head_of() {
  # shellcheck disable=SC2016  # of the inner shell
  as_account "$account" timeout 10 sh -c 'test -f "$1" && exec head -c "$2" -- "$1"' head "$1" "$2"
}
# begins_log FILE: `log` or what else its first bytes tell.
begins_log() {
  case $(head_of "$1" 4 2>/dev/null | od -An -v -tx1 | tr -d ' \n') in
    fe62696e) echo log ;;
    fd62696e) echo 'encrypted: only its server can read it' ;;
    *) echo 'no binary log, or it can not be read' ;;
  esac
}

if [ "$verb" = staged ]; then
  stage_of "$job"
  cd -P -- "$stage" || fail "$stage is not there: the log was not brought here"
  cd -P logs || exit 1
  account=$(id -u nobody):$(stat -c %g .) || exit 1
  make_cell "$stage/logs/cell" "$account" || exit 1
  # shellcheck disable=SC2317  # log-events.sh calls it
  log_as() { in_log_cell "$@"; }
  for file in ./log.*; do
    what=$(begins_log "$file")
    [ "$what" = log ] || fail "$stage/$file: $what"
    log_events "$file" "${file##*.}" 4 '' "$account"
  done
  echo end
  exit 0
fi

case $log in relay) names='relay_log_basename relay_log_index' ;; binlog) names='log_bin_basename log_bin_index' ;; *) refuse "no kind of log: $log" ;; esac
say() { client_limit='timeout 10' sql_client "$defaults_file" "$socket" --batch "$@"; }
ask() { say --skip-column-names -e "SELECT @@GLOBAL.$1"; }
datadir=$(ask datadir) || fail 'its server does not tell where its logs are'
stem=$(ask "${names% *}")
index=$(ask "${names#* }")

# relay_stems: what the relay logs of each channel are called, without their numbers; that of the default channel first.
relay_stems() {
  case $(ask version) in *MariaDB*) said='SHOW ALL SLAVES STATUS' ;; *) said='SHOW REPLICA STATUS' ;; esac
  # Before 8.0.22 it was called otherwise.
  told=$(say -e "$said" 2>/dev/null) || told=$(say -e 'SHOW SLAVE STATUS') || return 1
  printf '%s\n' "$told" | awk -F '\t' '
    NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "Relay_Log_File") at = i; if ($i == "Channel_Name" || $i == "Connection_name") name = i } next }
    at { stem = $at; sub(/.*\//, "", stem); sub(/\.[0-9]+$/, "", stem); if (name && $name != "") others = others stem "\n"; else print stem }
    END { printf "%s", others }'
}

# Relay logs of a channel X are called as those of the default one, with -X; so is their index.
stems=''
if [ "$log" = relay ]; then stems=$(relay_stems) || fail 'its server does not tell which channels it has'; fi
case $stem in
  # A MariaDB whose option files do not name its relay logs tells nothing of them but the present one.
  NULL | '') stem=$(printf '%s\n' "$stems" | head -n 1) ;;
esac
case $stem in
  NULL | '') if [ "$log" = binlog ]; then refuse 'its server writes no binary log'; else refuse 'its server has no relay log'; fi ;;
  /*) ;;
  *) stem=$datadir/$stem ;;
esac
case $index in NULL | '') index=$stem.index ;; /*) ;; *) index=$datadir/$index ;; esac
account=$(stat -c %U:%G -- "$datadir") || fail "$datadir can not be seen"
case $account in root:* | UNKNOWN:*) refuse "the datadir belongs to ${account%:*}: logs are read as the account of the server only" ;; esac

# index_of STEM: the path of its index.
index_of() {
  case $1 in
    "${stem##*/}") printf '%s\n' "$index" ;;
    "${stem##*/}"-*) printf '%s-%s.%s\n' "${index%.*}" "${1#"${stem##*/}-"}" "${index##*.}" ;;
    *) printf '%s/%s.index\n' "${stem%/*}" "$1" ;;
  esac
}

# logs_in INDEX: the paths of its logs, oldest first.
logs_in() {
  head_of "$1" 1048576 | tr -d '\r' | while IFS= read -r name; do
    case ${name##*/} in *.*[!0-9]* | *[!A-Za-z0-9._@+-]*) continue ;; *.[0-9][0-9][0-9][0-9][0-9][0-9]*) ;; *) continue ;; esac
    case $name in /*) printf '%s\n' "$name" ;; *) printf '%s\n' "${stem%/*}/${name##*/}" ;; esac
  done
}

# chosen_logs LOGS: from the one in which the first that is lacking can be.
chosen_logs() {
  if [ -n "$file" ]; then
    printf '%s\n' "$1" | FILE=$file awk '{ name = $0; sub(/.*\//, "", name) } name == ENVIRON["FILE"] { found = 1 } found'
    return
  fi
  printf '%s\n' "$1" | tac | while IFS= read -r one; do
    printf '%s\n' "$one"
    before=$(before_log "$one" "$account")
    [ "$before" = unknown ] || ! HAS=$has SET=$before awk "$log_gtids_functions"'BEGIN { read_has(); exit !is_known(ENVIRON["SET"]) }' || break
  done | tac
}
chosen='' oldest=''
for one in ${stems:-"${stem##*/}"}; do
  logs=$(logs_in "$(index_of "$one")")
  [ -n "$logs" ] || fail "$(index_of "$one") lists no logs, or can not be read by ${account%:*}"
  oldest="${oldest:+$oldest, }$(printf '%s\n' "$logs" | head -n 1 | sed 's/.*\///')"
  of_channel=$(chosen_logs "$logs")
  chosen="$chosen${chosen:+${of_channel:+
}}$of_channel"
done
[ -n "$chosen" ] || refuse "it has no log $file any more: its oldest is $oldest"

# size_of LOG: its bytes.
size_of() { as_account "$account" stat -c %s -- "$1" || fail "$1 can not be seen"; }

# Before one is read, since that takes long. Of the first, only the end may be lacking.
if [ "$verb" = list ]; then
  rest=$(printf '%s\n' "$chosen" | tail -n +2 | while IFS= read -r path; do size_of "$path"; done | awk '{ sum += $1 } END { printf "%.0f", sum }')
  [ "$rest" -le "$max_bytes" ] || fail "more than $max_bytes bytes of its logs would have to be read"
fi

read_logs() {
  number=0 total=0
  while IFS= read -r path; do
    what=$(begins_log "$path")
    [ "$what" = log ] || fail "${path##*/}: $what"
    size=$(size_of "$path") || exit 1
    found=$(first_lacking "$path" "$number" "$has" "$account")
    start=$(printf '%s\n' "$found" | sed -n "s/^start$tab//p")
    if [ -n "$file" ] && [ "$number" = 0 ]; then start=$position; fi
    if [ "$verb" = list ]; then
      printf 'log\t%s\t%s\t%s\n' "$number" "$size" "$path"
      printf '%s\n' "$found" | grep -E "^(range|torn|said)$tab"
    elif torn=$(printf '%s\n' "$found" | grep "^torn$tab"); then
      note_torn "$path" "${torn##*"$tab"}"
    fi
    if [ -n "$start" ]; then
      total=$((total + size - start))
      if [ "$verb" = text ]; then
        log_text "$path" "$start" "$account"
        code=$?
        [ "$code" = 0 ] || note_torn "$path" "mysqlbinlog ended with $code"
      else
        [ "$total" -le "$max_bytes" ] || fail "more than $max_bytes bytes of its logs would have to be read"
        # Another channel may have received the same.
        found=$(log_events "$path" "$number" "$start" "$has" "$account")
        [ -z "$found" ] || printf '%s\n' "$found"
        has=$has$(printf '%s\n' "$found" | sed -n "s/^run$tab\(.*\)$tab\(.*\)$tab\(.*\)/,\1:\2-\3/p" | tr -d '\n')
      fi
    fi
    number=$((number + 1))
  done
  [ "$verb" = text ] || echo end
}
if [ "$verb" = list ]; then
  printf '%s\n' "$chosen" | read_logs
  exit
fi
notes=$(mktemp -d "${TMPDIR:-/tmp}/reseed-salvage.XXXXXX") || exit 1
trap 'rm -rf -- "$notes"' EXIT
# note_torn LOG WHY: for the last line. A status does not get past the pipe.
note_torn() { [ -e "$notes/torn" ] || printf '# reseed: torn %s: %s\n' "${1##*/}" "$2" >"$notes/torn"; }
{
  printf '%s\n' "$chosen" | read_logs
  echo "$?" >"$notes/status"
} | {
  head -c "$max_bytes"
  # Where the text is cut, mysqlbinlog ends since it can write no more.
  if [ "$(head -c 1 | wc -c)" != 0 ]; then : >"$notes/cut"; fi
}
[ ! -e "$notes/cut" ] || exit 0
if [ -e "$notes/torn" ]; then
  echo
  cat -- "$notes/torn"
fi
read -r code <"$notes/status"
exit "$code"
