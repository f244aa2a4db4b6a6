#!/bin/sh
# Which files a server keeps of one kind in a folder outside of its datadir. A fragment of the scripts that tell, give, hold and stage them.

# folder_of KIND PATH: the folder that has them.
folder_of() {
  case $1 in
    redo | undo | doublewrite | aria) printf '%s\n' "$2" ;;
    *) dirname -- "$2" ;;
  esac
}

# names_of_kind KIND PATH: their patterns, in a, b, c and more; of `name` are those that count.
names_of_kind() {
  name=$(basename -- "$2" | sed 's/[][*?\\]/\\&/g') digits='[0-9][0-9][0-9][0-9][0-9][0-9]*' more=''
  case $1 in
    redo) a='#innodb_redo' b='ib_logfile[0-9]*' c=ib_logfile0 ;;
    undo) a='undo_[0-9]*' b='undo[0-9][0-9][0-9]' c='*.ibu' ;;
    doublewrite) a='#ib_*.dblwr' b='#ib_*.bdblwr' c='ib_*.dblwr' ;;
    aria) a='aria_log.[0-9]*' b=aria_log_control c=aria_log_control ;;
    # MariaDB has its GTIDs in NAME.state, and from 11.4 an index of each log; MySQL has NAME.~rec~ while it purges.
    binlog) a="$name.$digits" b="$name.~rec~" c="$name.state" more="$name.$digits.idx" ;;
    without) a="$name.$digits" b="$name.index" c="$name.state" more="$name.$digits.idx" ;;
    # The logs of each further channel are a place of their own (channel_places): NAME-* may be the binary logs of NAME-bin as well.
    relaylog) a="$name.$digits" b=$a c=$a ;;
    *) a=$name b=$name c=$name ;;
  esac
}

# of_kind KIND PATH FOLDER ACTION...: find's action, for the files of that kind in FOLDER; other files may lie there as well.
of_kind() {
  names_of_kind "$1" "$2"
  in=$3
  shift 3
  find "$in" -xdev -mindepth 1 -maxdepth 1 \
    \( -name "$a" ! -name "$name.[0-9]*[!0-9]*" -o -name "$b" -o -name "$c" -o -name "$more" \) "$@"
}

# below_kind AS KIND PATH ACTION...: the same for those in the working directory and all below them, by the command AS find.
below_kind() {
  as=$1
  names_of_kind "$2" "$3"
  shift 3
  "$as" find . -xdev -mindepth 1 ! -path './*/*' \
    ! \( -name "$a" ! -name "$name.[0-9]*[!0-9]*" -o -name "$b" -o -name "$c" -o -name "$more" \) -prune -o "$@"
}
