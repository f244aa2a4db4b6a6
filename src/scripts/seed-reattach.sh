#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# How a server replicated before it was reattached, so that it does so again where that is undone.
#   seed-reattach.sh note   unit= job= restore= receive= apply=   writes it down. restore: statements that make it the replica again that it
#     is, and stop it; receive, apply: those that start its threads, which hold where `receives yes`, `applies yes` come. Values of the
#     statements (sql-values.sh), its account among them, come on standard input
#   seed-reattach.sh changing unit= job=                          from here on an undo says all of it; until then it starts the threads alone:
#     a change of the source deletes the relay logs, and what they hold the source before may not send again
#   seed-reattach.sh undo   unit= job= defaults_file= socket=     says these statements, and forgets them. Without a note: nothing
#   seed-reattach.sh forget unit= job=                            it stays a replica of its new source
# Each may be said twice: what was noted first is what it was. The note is /var/lib/reseed/before/JOB-UNIT. It has a password, and root alone
# can read it. JOB-UNIT.starts has the statements that start the threads; JOB-UNIT.changing is there once the source may have been changed.
set -u
umask 077
verb=$1
shift
set_note() {
  case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
  note=/var/lib/reseed/before/$job-$unit
}
forget() {
  rm -f -- "$note" "$note.part" "$note.starts" "$note.changing" || exit 1
  rmdir "${note%/*}" 2>/dev/null
  return 0
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
    mkdir -p "${note%/*}" && printf '%s\n' "$starts" >"$note.starts" &&
      printf '%s\n' "$filled${starts:+ $starts}" >"$note.part" && mv -- "$note.part" "$note" && sync -f -- "$note" || exit 1
    ;;
  changing)
    declare_words 'unit job' "$@"
    set_note
    [ -e "$note" ] || refuse "how its server replicated is not noted: $note"
    : >"$note.changing" && sync -f -- "$note.changing" || exit 1
    ;;
  undo)
    declare_words 'unit job defaults_file socket' "$@"
    set_note
    if [ ! -e "$note" ]; then
      echo 'its replication was not changed'
      exit 0
    fi
    said=$note
    # A note of an earlier build has no second file: it is said whole.
    [ -e "$note.changing" ] || [ ! -e "$note.starts" ] || said=$note.starts
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
