#!/bin/sh
# What jobs have left in a folder of the server's account, read without following a name that the account may have put
# there. A fragment.

# is_of_root NAME: whether NAME, in the working directory, is a folder that root made there (0700): the account can
# neither make nor move a folder here that it does not own. Checked from inside, where no name can change any more.
is_of_root() { [ ! -L "./$1" ] && (enter_folder "$1"); }
enter_folder() {
  here=$(stat -c %d:%i .)
  cd -P -- "./$1" 2>/dev/null && [ "$(stat -c '%u %a' .) $(stat -c %d:%i ..)" = "0 700 $here" ]
}

# is_given_up NAME: whether it is of a job that ended once it had given up the old data there: nothing of it can be put back, and no job goes on in it. It
# stays, with what keeps the server down, until a seed ends well.
is_given_up() { [ ! -L "./$1" ] && (enter_folder "$1" && [ -e given_up ]); }

# told_folder NAME: its name, with ? for characters that our names do not have; for a folder of root's also its job. On
# one line.
told_folder() {
  printf '%s' "$1" | tr -c 'A-Za-z0-9.-' '?'
  (
    enter_folder "$1" || exit 0
    who=$(head -n 1 who 2>/dev/null)
    if [ -n "$who" ]; then printf ': %s' "$who" | tr '[:cntrl:]' '?'; fi
  )
}
