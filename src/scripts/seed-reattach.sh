#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# How a server replicated before it was reattached, so that it does so again where that is undone.
#   seed-reattach.sh note   unit= job= restore= receive= apply=   writes it down. restore: statements that make it the replica again that it
#     is, and stop it; receive, apply: those that start its threads, which hold where `receives yes`, `applies yes` come. Values of the
#     statements (sql-values.sh), its account among them, come on standard input, and `readonly 1` where it takes no writes
#   seed-reattach.sh changing unit= job= source=                  from here on an undo says all of it; until then it starts the threads alone:
#     a change of the source deletes the relay logs, and what they hold the source before may not send again. source: HOST PORT of the new one
#   seed-reattach.sh undo   unit= job= defaults_file= socket= channels=   says these statements, and forgets them. Without a note: nothing. channels:
#     the statement that tells its channels. A server that was promoted meanwhile, or got another source, is left as it is
#   seed-reattach.sh forget unit= job=                            it stays a replica of its new source
# Each may be said twice: what was noted first is what it was. The note is /var/lib/reseed/before/JOB-UNIT. It has a password, and root alone
# can read it. JOB-UNIT.starts has the statements that start the threads, and JOB-UNIT.of what it was: `readonly 1`, and `source HOST PORT`.
# JOB-UNIT.changing is there once the source may have been changed, and has the new one.
set -u
umask 077
verb=$1
shift
set_note() {
  case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
  note=/var/lib/reseed/before/$job-$unit
}
forget() {
  rm -f -- "$note" "$note.part" "$note.starts" "$note.of" "$note.changing" || exit 1
  rmdir "${note%/*}" 2>/dev/null
  return 0
}

asked() { client_limit='timeout 30' sql_client "$defaults_file" "$socket" --batch "$@" </dev/null; }
# source_now: HOST PORT of its default channel; empty if that has none.
source_now() {
  told=$(asked -e "$channels") || return
  printf '%s\n' "$told" | awk -F '\t' '
    NR == 1 { for (i = 1; i <= NF; i++) at[tolower($i)] = i; host = at["source_host"] + at["master_host"]; port = at["source_port"] + at["master_port"]; name = at["channel_name"] + at["connection_name"]; next }
    (!name || $name == "") && $host != "" { print $host " " $port }'
}
# taken_over: says what became of the server since, where it is not as this job left it. Ends with 2 if it does not tell.
taken_over() {
  mode=$(asked --skip-column-names -e 'SELECT @@GLOBAL.read_only') && [ -n "$mode" ] || return 2
  now=$(source_now) || return 2
  before=$(sed -n 's/^source //p' "$note.of") given=$(cat "$note.changing" 2>/dev/null || echo none)
  case $now in
    "$before") closed=$(grep -x 'readonly 1' "$note.of") ;;
    "$given") closed=$(grep -x 'readonly 1' "$note.of" || grep -m 1 -o super_read_only "$note") ;;
    *)
      echo "it replicates from ${now:-no host} by now, and not by this job"
      return
      ;;
  esac
  case $mode in 0 | OFF) [ -z "$closed" ] || echo 'it takes writes by now, and not by this job' ;; esac
}

case $verb in
  note)
    declare_words 'unit job restore receive apply' "$@"
    set_note
    values=$(cat)
    if [ -e "$note" ]; then
      echo 'noted before'
      exit 0
    fi
    fill_values "$restore" "$values"
    starts=''
    [ "$(value_of "$values" receives)" != yes ] || starts="$receive"
    [ "$(value_of "$values" applies)" != yes ] || starts="${starts:+$starts }$apply"
    was=$(value_of "$values" host)
    make_in_shared "$note.starts" && printf '%s\n' "$starts" >"$note.starts" &&
      printf 'readonly %s\nsource %s\n' "$(value_of "$values" readonly)" "$was${was:+ $(value_of "$values" port)}" >"$note.of" &&
      printf '%s\n' "$filled${starts:+ $starts}" >"$note.part" && mv -- "$note.part" "$note" && sync -f -- "$note" || exit 1
    ;;
  changing)
    declare_words 'unit job source' "$@"
    set_note
    [ -e "$note" ] || refuse "how its server replicated is not noted: $note"
    printf '%s\n' "$source" >"$note.changing" && sync -f -- "$note.changing" || exit 1
    ;;
  undo)
    declare_words 'unit job defaults_file socket channels' "$@"
    set_note
    if [ ! -e "$note" ]; then
      echo 'how it replicated before is not noted: it was not changed, or stays as it is'
      exit 0
    fi
    since=$(taken_over) || fail 'how it replicates now is not known: nothing was changed back'
    if [ -n "$since" ]; then
      forget
      echo "$since: its replication and read_only are left as they are"
      exit 0
    fi
    said=$note
    [ -e "$note.changing" ] || said=$note.starts
    statements=$(cat -- "$said") || exit 1
    [ -z "$statements" ] || say_statements "$defaults_file" "$socket" "$statements" || exit 1
    forget
    echo 'its replication is as it was before'
    ;;
  forget)
    declare_words 'unit job' "$@"
    set_note
    forget
    ;;
  *) unknown_verb "$verb" ;;
esac
