#!/bin/sh
# Which files a server keeps of one kind in a folder outside of its datadir. A fragment of the scripts that tell, give, hold and stage them.
# A name that only begins as the server's does is not its own: undo_2024 may be a database, undo_001.bak and ib_logfile0.before-upgrade are
# of a DBA. So names are matched whole, and with them what they are: a file or a folder, never a link.

# folder_of KIND PATH: the folder that has them.
folder_of() {
  case $1 in
    redo | undo | doublewrite | aria) printf '%s\n' "$2" ;;
    *) dirname -- "$2" ;;
  esac
}

# names_of_kind KIND PATH: extended regular expressions of their whole names. alone: files that a server with this place has there alone;
# either: files that it may have in its datadir as well; folders.
names_of_kind() {
  name=$(basename -- "$2" | sed 's/[][\.*^$+?(){}|]/\\&/g') either='/' folders='/'
  case $1 in
    # What MySQL notes down while it truncates an undo tablespace lies beside the redo log.
    redo) alone='ib_logfile[0-9]+|undo_[0-9]+_trunc\.log' folders='#innodb_redo' ;;
    # MySQL 8, and MariaDB. Those that a DBA has created end in .ibu.
    undo) alone='undo_?[0-9]{3}' either='[^/]+\.ibu' ;;
    doublewrite) alone='#?ib_[0-9]+_[0-9]+\.b?dblwr' ;;
    ibdata) alone='ibdata[0-9]+' ;;
    aria) alone='aria_log\.[0-9]{8}|aria_log_control' ;;
    # MariaDB has its GTIDs in NAME.state, and from 11.4 an index of each log; MySQL has NAME.~rec~ while it purges.
    binlog) alone="$name\.([0-9]{6,}(\.idx)?|~rec~|state)" ;;
    without) alone="$name\.([0-9]{6,}(\.idx)?|index|state)" ;;
    # The logs of each further channel are a place of their own (channel_places): NAME-* may be the binary logs of NAME-bin as well.
    relaylog) alone="$name\.[0-9]{6,}" ;;
    *) alone=$name ;;
  esac
}

# of_kind KIND PATH FOLDER ACTION...: find's action, for the files of that kind in FOLDER; other files may lie there as well.
of_kind() {
  names_of_kind "$1" "$2"
  in=$3
  shift 3
  find "$in" -regextype posix-extended -xdev -mindepth 1 -maxdepth 1 \
    \( -type f -regex ".*/($alone|$either)" -o -type d -regex ".*/($folders)" \) "$@"
}

# below_kind AS KIND PATH ACTION...: the same for those in the working directory and all below them, by the command AS find.
below_kind() {
  as=$1
  names_of_kind "$2" "$3"
  shift 3
  "$as" find . -regextype posix-extended -xdev -mindepth 1 ! -path './*/*' \
    ! \( -type f -regex "\./($alone|$either)" -o -type d -regex "\./($folders)" \) -prune -o "$@"
}

# unlike_kind KIND PATH FOLDER: what has the name of such a file in FOLDER and is none, a link or a folder; and the other way round. It is in
# the way of the server's own. The first, what can't be printed as ?.
unlike_kind() {
  names_of_kind "$1" "$2"
  find "$3" -regextype posix-extended -xdev -mindepth 1 -maxdepth 1 \
    \( ! -type f -regex ".*/($alone|$either)" -o ! -type d -regex ".*/($folders)" \) -printf '%f\0' -quit |
    tr -c '\0[:print:]\200-\377' '?' | tr '\0' '\n'
}
