#!/bin/sh
# What this host has of what reseed needs: a fact a line, its name, a tab, its value. Reads only.
#   $1  mysql's defaults file, $2 its socket; empty: where mysql itself looks
defaults_file=$1
socket=$2
say() { printf '%s\t%s\n' "$1" "$2"; }

say account "$(id -un)"
for tool in tar mysql findmnt lvs lvcreate lvremove sha256sum blkid; do
  say "tool.$tool" "$(command -v "$tool")"
done

# The options go in front: mysql takes --defaults-file as its first word only.
set --
if [ -n "$socket" ]; then set -- "--socket=$socket"; fi
if [ -n "$defaults_file" ]; then set -- "--defaults-file=$defaults_file" "$@"; fi
# One row, so that a datadir with a blank in its name stays one field.
if answer=$(timeout 10 mysql "$@" --batch --skip-column-names --connect-timeout=5 \
  -e 'SELECT @@version, @@version_comment, @@datadir' 2>&1); then
  say mysql.version "$(printf '%s' "$answer" | cut -f1)"
  datadir=$(printf '%s' "$answer" | cut -f3)
else
  say mysql.error "$(printf '%s' "$answer" | tail -n 1)"
  # The server is down, or does not let us in: where it would look for its data.
  set --
  if [ -n "$defaults_file" ]; then set -- "--defaults-file=$defaults_file"; fi
  datadir=$(my_print_defaults "$@" mysqld server mariadb mariadbd 2>/dev/null | sed -n 's/^--datadir=//p' | tail -n 1)
  datadir=${datadir:-/var/lib/mysql}
fi
say datadir "$datadir"

if volume=$(findmnt -n -o SOURCE -T "$datadir" 2>&1); then
  say mount.source "$volume"
  if lv=$(lvm_do lvs --noheadings --separator / -o vg_name,lv_name "$volume" 2>&1); then
    say lv "$(printf '%s' "$lv" | tail -n 1 | tr -d ' ')"
  else
    say lv.error "$(printf '%s' "$lv" | tail -n 1)"
  fi
else
  say mount.error "$volume"
fi
