#!/bin/sh
# The folders that a donor's data is read from: its datadir (in a snapshot, or directly), and the places that its server
# keeps outside of it. A fragment of seed-list.sh, seed-send.sh and seed-sums.sh. FOLDER/roots, which seed-list.sh
# writes, has a line for each folder with tasks: its first task, its path. An older build wrote none: all tasks were in
# ROOT.
root='' folder=''

# enter_root PATH: PATH contained no link. If it has become a link meanwhile it leads elsewhere, and root may be the
# reader.
enter_root() {
  cd -P -- "$1" 2>/dev/null || fail "$1 is not there"
  [ "$PWD" = "$1" ] || refuse "$1 leads to $(printf '%s' "$PWD" | tr '[:cntrl:]' '?'): a link on the way to it was put there, and is not followed"
}

# enter_root_of TASK: enters the folder that the names of a task are in.
enter_root_of() {
  task_root=$root
  if [ -e "$folder/roots" ]; then
    while read -r first_task path_of_root; do
      [ "$first_task" -le "$1" ] || break
      task_root=$path_of_root
    done <"$folder/roots"
  fi
  enter_root "$task_root"
}
