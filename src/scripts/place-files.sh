#!/bin/sh
# Which files of a kind a server keeps in a folder outside of its datadir. A fragment of the scripts that list, read,
# hold and stage them. A name that only begins like the server's is not its own: undo_2024 may be a database, and
# undo_001.bak and ib_logfile0.before-upgrade are a DBA's. So names are matched as a whole, and with their type: a file
# or a folder, never a link.

# folder_of KIND PATH: the folder that has them.
folder_of() {
  case $1 in
    redo | undo | doublewrite | aria) printf '%s\n' "$2" ;;
    *) dirname -- "$2" ;;
  esac
}

# names_of_kind KIND PATH: extended regular expressions of their whole names. alone: files that a server with this place
# has only there; either: files that it may also have in its datadir; folders.
names_of_kind() {
  name=$(basename -- "$2" | sed 's/[][\.*^$+?(){}|]/\\&/g') either='/' folders='/'
  case $1 in
    # MySQL's notes for truncating an undo tablespace are beside the redo log.
    redo) alone='ib_logfile[0-9]+|undo_[0-9]+_trunc\.log' folders='#innodb_redo' ;;
    # MySQL 8, and MariaDB. Those that a DBA has created end in .ibu.
    undo) alone='undo_?[0-9]{3}' either='[^/]+\.ibu' ;;
    doublewrite) alone='#?ib_[0-9]+_[0-9]+\.b?dblwr' ;;
    ibdata) alone='ibdata[0-9]+' ;;
    aria) alone='aria_log\.[0-9]{8}|aria_log_control' ;;
    # MariaDB has its GTIDs in NAME.state, and from 11.4 an index of each log; MySQL has NAME.~rec~ while it purges.
    binlog) alone="$name\.([0-9]{6,}(\.idx)?|~rec~|state)" ;;
    without) alone="$name\.([0-9]{6,}(\.idx)?|index|state)" ;;
    # The logs of each further channel are a place of their own (channel_places): NAME-* may also match the binary logs
    # of NAME-bin.
    # It has another one of the start before.
    ddl-recovery) alone="${name%\\.log}(-backup)?\.log" ;;
    relaylog) alone="$name\.[0-9]{6,}" ;;
    *) alone=$name ;;
  esac
}

# of_kind KIND PATH FOLDER ACTION...: find with the action, for the files of that kind in FOLDER; other files may be
# there as well.
of_kind() {
  names_of_kind "$1" "$2"
  in=$3
  shift 3
  find "$in" -regextype posix-extended -xdev -mindepth 1 -maxdepth 1 \
    \( -type f -regex ".*/($alone|$either)" -o -type d -regex ".*/($folders)" \) "$@"
}

# below_kind AS KIND PATH ACTION...: the same in the working directory and all folders below, by the command AS find.
below_kind() {
  as=$1
  names_of_kind "$2" "$3"
  shift 3
  "$as" find . -regextype posix-extended -xdev -mindepth 1 ! -path './*/*' \
    ! \( -type f -regex "\./($alone|$either)" -o -type d -regex "\./($folders)" \) -prune -o "$@"
}

# unlike_kind KIND PATH FOLDER: a link or a folder in FOLDER with the name of such a file, or a file with the name of
# such a folder. It is in the way of the server's own. Prints the first, with ? for unprintable characters.
unlike_kind() {
  names_of_kind "$1" "$2"
  find "$3" -regextype posix-extended -xdev -mindepth 1 -maxdepth 1 \
    \( ! -type f -regex ".*/($alone|$either)" -o ! -type d -regex ".*/($folders)" \) -printf '%f\0' -quit |
    tr -c '\0[:print:]\200-\377' '?' | tr '\0' '\n'
}
