#!/bin/sh
# The lines of an index of logs that came with the data of another server. A fragment of seed-proof.sh. Where its option has a folder, a server writes whole
# paths there: on another datadir they name logs of the donor, or of another server of this host. A start opens these and purges the old ones, and RESET unlinks
# the rest. The files are the account's, and are read and written by it.

# own_log_lines DATADIR OWNER: in each index the names of logs that lie beside it are written without that folder, as a server without one in its option writes them.
# Prints `trouble WHAT` for an index with a name that leads out of the datadir still.
own_log_lines() (
  cd -P -- "$1" || exit 1
  # shellcheck disable=SC2016  # the inner shell expands it
  # An index of any name lies beside the data, or in a folder of its own.
  as_account "$2" find . -xdev -mindepth 1 -maxdepth 2 \( -type d ! -readable -prune \) -o -type f -size -16384k \( ! -path './*/*' -o -name '*.index' \) -exec sh -c '
    datadir=$1
    shift
    # Of a line, by its folder: that of most lines is the same.
    inside() {
      [ "$folder" != "$known" ] || return "$is_inside"
      known=$folder is_inside=1
      case $(readlink -m -- "$folder")/ in "$datadir"/*) is_inside=0 ;; esac
      return "$is_inside"
    }
    new_lines() {
      known=/ is_inside=1
      # A crash may have left the last line without its end.
      while IFS= read -r line || [ -n "$line" ]; do
        folder=${line%/*}
        case $line in */*) ;; *) folder=. ;; esac
        if inside; then printf "%s\n" "$line"
        elif [ -f "${file%/*}/${line##*/}" ]; then printf "%s\n" "${file%/*}/${line##*/}"
        else
          printf "%s\n" "$line" >&3
          return 1
        fi
      done <"$file"
    }
    for file in "$@"; do
      case $file in *.reseed-lines) rm -f -- "$file" && continue ;; esac
      head -c 4096 -- "$file" | head -n 1 | grep -qaE "[^.]\.[0-9]{6,}$" || continue
      ! grep -qavE "[^.]\.[0-9]{6,}$" -- "$file" || continue
      if ! strange=$(new_lines 3>&1 >"$file.reseed-lines"); then
        rm -f -- "$file.reseed-lines"
        printf "trouble %s names %s as a log of its server, which is not in %s\n" "$file" "$strange" "$datadir" | tr -c "\n[:print:]" "?"
      elif cmp -s -- "$file" "$file.reseed-lines"; then rm -f -- "$file.reseed-lines"
      else chmod --reference="$file" -- "$file.reseed-lines" && mv -- "$file.reseed-lines" "$file" || exit 1
      fi
    done
  ' sh "$1" {} +
)
