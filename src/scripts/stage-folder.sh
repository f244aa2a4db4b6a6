#!/bin/sh
# A job's folder inside a folder of the server's account: made, found and removed as enter_stage (prelude.sh) needs it.
# Part of seed-stage.sh. The account owns the folder around it and may swap names at any moment. So a name there is
# renamed or unlinked, never written through; and a folder that was made is checked from inside, where no name can
# change any more.

# rename(2) or nothing. If mv can't rename, it copies, as root and by names that the account may have swapped meanwhile.
# On XFS the account decides what can't be renamed, by a project of its own on the datadir. Only mv of coreutils 9.5 has
# an option against that. find -exec "$rename_by" "$rename_how" "$rename_what" "$rename_into" FOLDER {} +    each of
# them into FOLDER, under its own name
# shellcheck disable=SC2034  # stage-places.sh and seed-stage.sh use them
if mv --no-copy --version >/dev/null 2>&1; then
  rename_by=mv rename_how=-f rename_what=--no-copy rename_into=-t
elif command -v perl >/dev/null; then
  # shellcheck disable=SC2016  # perl's variables
  rename_by=perl rename_how=-e rename_into=-- rename_what='my $to = shift; my $failed = 0;
    for (@ARGV) { my ($name) = m{([^/]+)/*\z}; rename($_, "$to/$name") or do { warn "$_: $!\n"; $failed = 1 } }
    exit $failed'
elif rename_by=$(command -v python3 || command -v /usr/libexec/platform-python); then
  rename_how=-c rename_into=-- rename_what='
import os, sys
failed = 0
for path in sys.argv[3:]:
    try:
        os.rename(path, os.path.join(sys.argv[2], os.path.basename(path.rstrip("/"))))
    except OSError as error:
        sys.stderr.write("%s: %s\n" % (path, error.strerror))
        failed = 1
sys.exit(failed)'
else
  refuse 'this host has no way to rename without copying: it takes mv of coreutils 9.5, perl or python3'
fi

# renaming COMMAND...: a find that renames so. If it can't, its own words are followed by what can be done.
renaming() {
  if said=$("$@" 2>&1); then return; fi
  printf '%s\n' "$said" >&2
  case $said in
    *ross-device*)
      echo "a file there has another project quota (XFS, ext4) than its folder: lsattr -p tells both; xfs_io -c 'chattr -P' FOLDER lets it be renamed" >&2
      ;;
    *'Operation not permitted'*)
      echo 'a file there, or its folder, is immutable or append-only: lsattr tells which; chattr -i FILE (or chattr -a FILE) lets it be renamed' >&2
      ;;
  esac
  return 1
}

# make_folder JOB: makes .reseed-JOB in the working directory, or continues with one that was being made, and enters it.
make_folder() {
  around=$(stat -c '%d %i' .) place=$PWD
  mkdir -m 700 -- ".reseed-$1" 2>/dev/null
  cd -P -- "./.reseed-$1" 2>/dev/null || refuse "$place/.reseed-$1 is there, and no folder: remove it"
  case "$(stat -c '%u %a' .) $(stat -c '%d %i' ..)" in
    # A folder in one with the setgid bit gets it too.
    "0 700 $around" | "0 2700 $around") ;;
    *) refuse "$place/.reseed-$1 is there, and root did not make it: remove it" ;;
  esac
  if [ ! -e job ]; then
    case $(ls -A) in '' | job.part) ;; *) refuse "$place/.reseed-$1 is not a folder that reseed made: remove it" ;; esac
    chmod 00700 . && printf '%s %s\n' "$1" "${around#* }" >job.part && mv job.part job || exit 1
  fi
  [ "$(cat job)" = "$1 ${around#* }" ] || refuse "$place/.reseed-$1 is not the folder of job $1"
}

# find_folder FOLDER JOB: enters FOLDER/.reseed-JOB. Returns 1 if there is none.
find_folder() {
  cd -P -- "$1" 2>/dev/null || return 1
  if [ ! -e ".reseed-$2" ] && [ ! -L ".reseed-$2" ]; then
    renamed=$(find . -xdev -mindepth 1 -maxdepth 1 -type d -user 0 -perm 700 -exec sh -c '
      cd -P -- "$1" 2>/dev/null && [ "$(head -n 1 job 2>/dev/null)" = "$2 $(stat -c %i ..)" ]' sh {} "$2" \; -print | wc -l)
    [ "$renamed" = 0 ] || refuse "another account has renamed the folder .reseed-$2 in $1: rename it back"
    return 1
  fi
  # A folder that was being made or removed is empty.
  if rmdir -- ".reseed-$2" 2>/dev/null; then return 1; fi
  enter_stage "$1" "$2" || refuse "$1/.reseed-$2 is not the folder that job $2 made: another account has put it there"
}

# remove_folder: the job's folder, which is the working directory, with its content; it may have another name by now.
# Data first, for hours: the files with the job's progress, its identity and the undo's result stay until the end,
# wherever this is cut off.
remove_folder() {
  inode=$(stat -c %i .)
  find . -xdev -mindepth 1 -maxdepth 1 ! -name job ! -name phase ! -name mtime ! -name at ! -name who ! -name given_up ! -name apart.found \
    -exec rm -rf --one-file-system -- {} + || exit 1
  # The job file goes last: a folder without it is empty, or was never the job's.
  rm -f who at apart.found mtime phase given_up job || exit 1
  cd -P .. && find . -xdev -mindepth 1 -maxdepth 1 -type d -inum "$inode" -exec rmdir -- {} \; || exit 1
}
