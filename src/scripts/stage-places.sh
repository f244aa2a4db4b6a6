#!/bin/sh
# shellcheck disable=SC2154  # rename_by and its words: stage-folder.sh
# A server's places outside of its datadir: set aside with the old data, and put back with it. Part of seed-stage.sh,
# which works in the job's folder of the datadir; place-files.sh knows which files belong to a place. `places` there has
# a line for each, KIND PATH:
#   redo, undo, doublewrite, aria        PATH is a folder; the new data's files of that kind go there
#   binlog, relaylog                     PATH without its number; new data has none
#   binlog-index, relaylog-index, relay-info, master-info    one file
#   ddl-recovery              one file, and that of the start before
#   own-KIND                             no place: the server's own file in the datadir, below it, for strange-files.sh
#   without, without-index, keep         no places: the name of the donor's binary log, and of its index, which the new data does not keep; and the
#                                        server's own file in its datadir, as a path below it, which the new data gets
# Each place has a folder of its own beside its files, .reseed-JOB, with `old` and `new`: files of the place are swapped
# by renames.
job='' owner=''

# each_place DO: DO KIND PATH FOLDER, a place after the other.
each_place() {
  [ -e places ] || return 0
  while read -r kind path <&3; do
    case $kind in without* | keep | own*) continue ;; esac
    "$1" "$kind" "$path" "$(folder_of "$kind" "$path")" || return
  done 3<places
}

# in_place FOLDER DO WORD...: runs DO in the job's folder of a place, if there is one.
in_place() (
  find_folder "$1" "$job" || exit 0
  shift
  "$@"
)

# read_places KIND=PATH...: the words of seed-stage.sh; refuses unknown ones.
read_places() {
  for word in "$@"; do
    case ${word%%=*} in
      redo | undo | doublewrite | aria | binlog | relaylog | binlog-index | relaylog-index | relay-info | master-info | ddl-recovery)
        case ${word#*=} in /*) ;; *) refuse "no absolute path of a place: $word" ;; esac
        ;;
      without | without-index) case ${word#*=} in '' | */*) refuse "no name of a binary log: $word" ;; esac ;;
      keep | own-*) case /${word#*=}/ in *//* | */../*) refuse "no path below the datadir: $word" ;; esac ;;
      *) refuse "no kind of place: $word" ;;
    esac
    case $word in *[[:cntrl:]]*) refuse 'a place has a control character in its name' ;; esac
    printf '%s %s\n' "${word%%=*}" "${word#*=}"
  done
}

make_place() (
  cd -P -- "$3" 2>/dev/null || refuse "$3, where the server has its $1 files, is not there"
  # If the account itself can write there, and no other account's files are there, it gains nothing by our renames.
  as_account "$owner" test -w . || refuse "$3, where the server has its $1 files, is not writable for ${owner%%:*}"
  [ ! -k . ] || refuse "$3, where the server has its $1 files, is a folder that everybody writes in: give them a folder of their own"
  mtime=$(stat -c %y .)
  make_folder "$job"
  [ -e mtime ] || printf '%s\n' "$mtime" >mtime || exit 1
  mkdir -p old new && chown -h "$owner" new && sync -f .
)

# Copies the new data's files of a kind to where this server will look for them. As the account: the place may be on
# another file system.
copy_to_place() {
  case $1 in redo | undo | doublewrite | aria) ;; *) return 0 ;; esac
  rm -f sent
  { cd -P new && of_kind "$1" "$2" . -print0 | as_account "$owner" tar --null --verbatim-files-from -T - -cf - && : >../sent; } |
    in_place "$3" take_copy || return 1
  [ -e sent ] || { echo "the $1 files of the new data were not read" >&2; return 1; }
  rm -f sent
}
take_copy() { cd -P new && as_account "$owner" tar -xpf - && sync -f .; }
# Removes them from the datadir.
copied_away() {
  [ -e places ] || return 0
  while read -r kind path <&3; do
    case $kind in redo | undo | doublewrite | aria | without | without-index) of_kind "$kind" "$path" new -exec rm -rf --one-file-system -- {} + || return 1 ;; esac
  done 3<places
}

place_out() { in_place "$3" move_kind "$1" "$2" .. old; }
place_in() { in_place "$3" move_all new ..; }
place_out_again() { in_place "$3" move_kind "$1" "$2" .. new; }
place_back() { in_place "$3" move_all old ..; }
place_emptied() { in_place "$3" empty old; }
place_removed() { in_place "$3" remove_place yes; }
place_dropped() { in_place "$3" remove_place no; }

move_kind() { renaming of_kind "$1" "$2" "$3" -exec "$rename_by" "$rename_how" "$rename_what" "$rename_into" "$4" {} + && sync -f .; }
move_all() { renaming find "$1" -xdev -mindepth 1 -maxdepth 1 -exec "$rename_by" "$rename_how" "$rename_what" "$rename_into" "$2" {} + && sync -f .; }
empty() { find "$1" -xdev -mindepth 1 -maxdepth 1 -exec rm -rf --one-file-system -- {} + && sync -f .; }
remove_place() {
  mtime=$(cat mtime 2>/dev/null)
  remove_folder
  if [ "$1" = yes ] && [ -n "$mtime" ]; then touch -c -d "$mtime" . || return 1; fi
  sync -f .
}
