#!/bin/sh
# The folders that a donor's data is read from: its datadir, as a snapshot has it or as it lies there, and those of what its server keeps
# outside of it. A fragment of seed-list.sh, seed-send.sh and seed-sums.sh. FOLDER/roots, which the first writes, has a line for each that
# has tasks: its first task, its path. An older build wrote none: all tasks were ROOT's.
root='' folder=''

# enter_root PATH: PATH has no link on its way. One that has become a link meanwhile leads elsewhere, and root may be who reads.
enter_root() {
  cd -P -- "$1" 2>/dev/null || fail "$1 is not there"
  [ "$PWD" = "$1" ] || refuse "$1 leads to $(printf '%s' "$PWD" | tr '[:cntrl:]' '?'): a link on the way to it was put there, and is not followed"
}

# enter_root_of TASK: into the folder that the names of a task lie in.
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
