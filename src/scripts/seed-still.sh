#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The datadir of a server that is down, read directly. Its start is blocked meanwhile. Afterwards it is proved that it
# was not started, and that no file has changed, since no snapshot protects the files.
#   seed-still.sh VERB datadir=DATADIR job=JOB ...
#   hold unit=UNIT who=WHO log=LOG place=KIND=PATH...   3: the server is not down. LOG, which may be empty: the path of its binary logs
#     without their number, if a target does not get them: for a MariaDB says `gtid GTIDS`, their end (log-end.sh); also 3: the
#     coordinates of its data are unknown without them. KIND=PATH: what is read outside of the datadir, as in seed-list.sh
#   proof                3: it is not the data that was read
#   free unit=UNIT       allows the server's start again
# Each can be repeated. The block is a drop-in in /run, which a restart of the machine removes: it never outlives its
# job by more than that, and the proof then fails.
set -u
umask 077
verb=$1
shift
case $verb in
  hold) own_words='unit who log place...' ;;
  proof) own_words='' ;;
  free) own_words=unit ;;
  *) unknown_verb "$verb" ;;
esac
declare_words "datadir job $own_words" "$@"
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
folder=/run/reseed/$job/still
mark=$folder/mark
# The account that owns the folder around the datadir can replace it by a link or another folder. So it is entered once,
# and checked to be the folder that was recorded: from inside it can't be exchanged any more.
enter() { cd -P -- "$datadir" 2>/dev/null || refuse "$datadir is not there"; }
drop_in() { echo "/run/systemd/system/$1.service.d/$(drop_in_name "$job-still")"; }

is_down() {
  pid=$(servers_in . | head -n 1)
  [ -z "$pid" ] || refuse "process $pid works in $datadir: the server is not down"
}

# A server's program that is asked what it would read (server-reads.sh) makes a file in the datadir, HOST.lower-test or
# with another name before it, and removes it. So the folder's own time proves nothing; the names in it and the times of
# all files do, without that file, which may exist just now. No data file has such a name: a dot in the name of a table
# is @002e.
others() {
  depth=$1
  shift
  find . -xdev -mindepth 1 -maxdepth "$depth" ! \( -path './*.[lL][oO][wW][eE][rR]-[tT][eE][sS][tT]' ! -path './*/*' -type f \) "$@"
}
names() { others 1 -print0 | sort -z | cksum; }

# is_held FILE: whether the working directory is the folder that was recorded there.
is_held() {
  [ "$(stat -c %d:%i .)" = "$(cat "$folder/$1" 2>/dev/null)" ] ||
    refuse "$PWD is not the folder any more that job $job holds: another was put in its place while the data was read"
}

# The folders outside of the datadir: `places` has a line KIND PATH for each. The server's process was found by its
# datadir.
each_place() {
  number=0
  while read -r kind path <&3; do
    number=$((number + 1))
    (
      cd -P -- "$(folder_of "$kind" "$path")" 2>/dev/null || refuse "the folder of $path, the server's $kind files, is not there"
      "$1" "$kind" "$path" "place-$number"
    ) || exit
  done 3<"$folder/places"
}
place_names() { of_kind "$1" "$2" . -print0 | sort -z | cksum; }
hold_place() { stat -c %d:%i . >"$folder/$3" && place_names "$1" "$2" >"$folder/$3-names"; }
prove_place() {
  is_held "$3"
  touched=$(below_kind command "$1" "$2" -cnewer "$mark" -print) || exit 1
  if [ -z "$touched" ] && [ "$(place_names "$1" "$2")" = "$(cat "$folder/$3-names")" ]; then return; fi
  touched=$(printf '%s\n' "${touched:-.}" | head -n 1)
  refuse "$PWD$(printf '%s' "${touched#.}" | tr '[:cntrl:]' '?') was changed while the data was read"
}

case $verb in
  hold)
    enter
    is_down
    file=$(drop_in "$unit")
    mkdir -p "$folder" "${file%/*}" || exit 1
    # Unlike a condition, an assertion reports itself to the account that starts the unit.
    printf '# reseed job %s of %s: its files are being copied\n[Unit]\nAssertPathExists=!%s\n' "$job" "$who" "$folder" >"$file.part" &&
      chmod 644 "$file.part" && mv "$file.part" "$file" || exit 1
    chmod 755 "${file%/*}"
    systemctl daemon-reload || exit 1
    why=$(taken_back "$unit" "$file" '^Assert[A-Za-z]*[[:space:]]*=[[:space:]]*$')
    [ -z "$why" ] || refuse "$unit could be started while its files are read: $why"
    eval "set -- $place"
    # If it is repeated, the first one counts.
    if [ ! -e "$mark" ]; then
      for one in "$@"; do printf '%s %s\n' "${one%%=*}" "${one#*=}"; done >"$folder/places" || exit 1
      stat -c %d:%i . >"$folder/datadir" && names >"$folder/names" && each_place hold_place && : >"$mark" || exit 1
    fi
    is_held datadir
    # A server may have been starting before the drop-in was there.
    is_down
    if [ -n "$log" ]; then
      logs="the binary logs $log, which decide what the data in $datadir holds"
      log_ends=$(log_end "$log" "$(stat -c %U:%G .)")
      case $log_ends in
        closed) ;;
        'closed '*) printf 'gtid %s\n' "${log_ends#closed }" ;;
        open) refuse "the server did not close $logs (it crashed, or was killed): start it and stop it again" ;;
        none) refuse "there is none of $logs: start the server and stop it again" ;;
        encrypted) refuse "whether the server closed $logs, is not known: they are encrypted. Copy a snapshot of it while it runs" ;;
        *) refuse "${log_ends#unread } could not be read now, of $logs: seed again, or copy a snapshot of the server while it runs" ;;
      esac
    fi
    ;;
  proof)
    if [ ! -e "$mark" ] || [ ! -s "$folder/datadir" ]; then
      refuse "the note that blocks the server of $datadir is gone: the host was restarted meanwhile"
    fi
    enter
    is_held datadir
    is_down
    # A file that disappears between listing and checking is such a file too: a lasting one is reported the second time.
    changed=$(others 999 -cnewer "$mark" -print) || changed=$(others 999 -cnewer "$mark" -print) || exit 1
    [ -s "$folder/names" ] || refuse "which names were in $datadir is not known: an earlier build of reseed began this job. Go on with that build, or seed again"
    if [ -z "$changed" ] && [ "$(names)" != "$(cat "$folder/names")" ]; then changed=.; fi
    if [ -n "$changed" ]; then
      first=$(printf '%s\n' "$changed" | head -n 1)
      refuse "$datadir$(printf '%s' "${first#.}" | tr '[:cntrl:]' '?') was changed while the data was read"
    fi
    [ ! -e "$folder/places" ] || each_place prove_place
    ;;
  free)
    file=$(drop_in "$unit")
    has_drop_in "$file" || [ -e "$folder" ] || exit 0
    remove_drop_in "$file" && rm -rf "$folder" || exit 1
    rmdir "/run/reseed/$job" 2>/dev/null
    systemctl daemon-reload
    ;;
esac
