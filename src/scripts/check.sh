#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# Which of reseed's needs this host meets: a fact a line, its name, a tab, its value. Reads only.
#   check.sh defaults_file=FILE socket=SOCKET service=UNIT
#     FILE, SOCKET: mysql's; empty: where mysql itself looks. UNIT: the server's systemd unit; empty: a usual name
declare_words 'defaults_file socket service' "$@"
tab=$(printf '\t')
say() { printf '%s\t%s\n' "$1" "$2"; }

say account "$(id -un)"
# Only root can use volumes: for another account these programs are useless, wherever they are.
usable() {
  case $1 in lvs | lvcreate | lvremove) [ "$(id -u)" = 0 ] || return ;; esac
  command -v "$1"
}
for tool in tar findmnt lvs lvcreate lvremove sha256sum blkid; do
  say "tool.$tool" "$(usable "$tool")"
done
# MariaDB 11 has its own names only.
say tool.mysql "$(command -v "$(client_program)")"
# Its release 230 is the first whose `show` has --value, by which units are read.
systemd=$(systemctl --version 2>/dev/null </dev/null | sed -n '1s/^systemd \([0-9][0-9]*\).*/\1/p')
if [ -n "$systemd" ] && [ "$systemd" -lt 230 ]; then say "tool.systemd 230 or newer (it has $systemd)" ''; fi

# One row, so that a datadir with a blank in its name stays one field.
# shellcheck disable=SC2034  # of sql_client
client_limit='timeout 10'
answer=$(sql_client "$defaults_file" "$socket" --batch --skip-column-names -e 'SELECT @@version, @@version_comment, @@datadir' 2>&1)
asked=$?
other=no
# The last line: before it the client may print warnings. An answer of another form does not count: no ✔ for something
# that was not read.
answer=$(printf '%s\n' "$answer" | tail -n 1)
case $answer in
  [0-9]*"$tab"*"$tab"/*)
    datadir=$(printf '%s' "$answer" | cut -f3)
    if ! is_of_unit "$service" "$datadir"; then
      asked=1 answer="another server answers, not that of ${service:-mysql.defaultsFile}: its data is in $datadir"
      if [ "$is_elsewhere" = unknown ]; then answer="whether the server that answers, with its data in $datadir, is that of $service is not known: $unplaced"; else other=yes; fi
    fi
    ;;
  *) asked=1 ;;
esac
if [ "$asked" = 0 ]; then
  say mysql.version "$(printf '%s' "$answer" | cut -f1)"
else
  say mysql.error "$answer"
  say mysql.other "$other"
  # The server is down, or refuses our login: asks where its unit would have it look for its data. What is asked here says also why that is not known.
  [ -n "$service" ] || wanted_place
  if reads=$(server_reads "$(server_unit "$service")" 20 datadir); then datadir=$(printf '%s\n' "$reads" | sed -n 's/^datadir //p')
  else
    datadir=
    say datadir.error "$reads"
  fi
fi
say datadir "$datadir"
if [ -z "$datadir" ]; then exit; fi

if volume=$(findmnt -n -o SOURCE -T "$datadir" 2>&1); then
  say mount.source "$volume"
  case $volume in
    /dev/mapper/* | /dev/dm-* | /dev/*/*) ;;
    *) volume= ;;
  esac
  if [ -z "$volume" ]; then
    say lv.error "$datadir is on no logical volume"
  elif lv=$(lvm_do lvs --noheadings --separator / -o vg_name,lv_name "$volume" 2>&1); then
    say lv "$(printf '%s' "$lv" | tail -n 1 | tr -d ' ')"
  else
    say lv.error "$(printf '%s' "$lv" | tail -n 1)"
  fi
else
  say mount.error "$volume"
fi
