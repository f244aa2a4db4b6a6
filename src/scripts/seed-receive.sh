#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# What the donor may do on the target: the only command behind the job's listener (seed-ssh.sh, seed-socat.sh). Takes
# one line of a fixed form, in SSH_ORIGINAL_COMMAND.
#   prove             sends back what it gets
#   list              takes FOLDER/list of seed-list.sh, and makes the folders
#   sums              takes the checksums of seed-sums.sh: lines of a task's number, a tab and what it has there; `end LINES`
#   landed            the tasks that are complete here
#   drain             counts what it gets: says whether this host has zstd, and the bytes
#   pass TARGET,... none|zstd N...    takes tasks, and passes them on to the first of the targets as they come, which does the same for the next; says
#                     `TARGET landed N` for each too, and `TARGET failed WHY` if one ended early
#   basis N...        with UNPACK pages or taken-pages, as the next: fills the files of these tasks from the old data, or takes its files, and says the sums of their pages
#   pages none|zstd N...  takes the pages that differ, after that; says `landed N` for each
#   stream none|zstd  takes what a backup program of the donor wrote, in place of tasks, and extracts it by UNPACK; a dump is kept as it is (receive-dump.sh)
#   changed           takes which listed files the donor has no more, or with another size
#   tasks none|zstd N...  takes the ranges of the tasks, one after the other, each with the line `whole N` after it; or all their files,
#                     as one tar. Says `landed N` for each
# Its own words: datadir=DATADIR job=JOB owner=OWNER folder=FOLDER unpack=mbstream|xbstream|dump|pages|taken-pages, empty for tasks. Those of the line have no names: both ends are
# scripts of one job, which were frozen together. The data goes to DATADIR/.reseed-JOB/new, all of it written as OWNER
# (user:group): root follows no name there. FOLDER is root's own: its knowledge of the data, and the channels to other
# targets. The donor may be hostile: its input is matched against a fixed form, and refused as a whole (3) if it has
# another. receive-list.sh, receive-tasks.sh, receive-pass.sh, receive-pages.sh and receive-stream.sh are put before this
# script.
set -u
umask 077
declare_words 'datadir job owner folder unpack' "$@"
# shellcheck disable=SC2034  # of the fragments
tab=$(printf '\t')
set -f
# shellcheck disable=SC2086  # it is made of words
set -- ${SSH_ORIGINAL_COMMAND:-}
set +f

as_owner() { as_account "$owner" "$@"; }

# The old data is read for a delta alone.
needs_pages() { case $unpack in pages | taken-pages) ;; *) refuse 'this seed compares no old data' ;; esac }

enter_new() {
  [ -d "$folder" ] || mkdir -p "$folder" || exit 1
  enter_stage "$datadir" "$job" || refuse "$datadir/.reseed-$job is not there: the job has not prepared it"
  [ "$(stat -c '%F %U:%G' new 2>/dev/null)" = "directory $owner" ] || refuse "$datadir/.reseed-$job/new is not a folder of $owner"
  cd -P new || exit 1
}

case ${1:-} in
  prove) head -c 256 ;;
  list) take_list ;;
  sums) take_sums ;;
  landed)
    [ -d "$folder/landed" ] || refuse 'there is no task here: no list of the donor has come'
    ls "$folder/landed"
    ;;
  drain)
    if command -v zstd >/dev/null; then echo zstd; else echo none; fi
    wc -c
    ;;
  tasks)
    shift
    take "$@"
    ;;
  pass)
    shift
    pass "$@"
    ;;
  basis)
    shift
    needs_pages
    tell_basis "$@"
    ;;
  pages)
    shift
    needs_pages
    take_pages "$@"
    ;;
  stream)
    shift
    take_stream "$@"
    ;;
  changed) take_changed ;;
  *) refuse 'this is the listener of a seed: it takes nothing else' ;;
esac
