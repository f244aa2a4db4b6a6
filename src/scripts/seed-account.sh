#!/bin/sh
# With which account a replica logs in at its source: after a seed it does so again, and other replicas of that source may too.
#   seed-account.sh tell DEFAULTS_FILE SOCKET DATADIR FILE    from FILE, where that was kept; else from the server
#   seed-account.sh keep DEFAULTS_FILE SOCKET DATADIR FILE    from the server into FILE, which root alone may read; prints nothing
#   seed-account.sh try HOST PORT yes|no                      whether it can log in there from here, and may replicate; yes: by TLS.
#     On standard input: the account, as an option file of the client
# DEFAULTS_FILE, SOCKET and FILE may be empty. Two lines, in hexadecimal, for a name or a password may hold anything: user,
# password. Ends with 3 where there is none. MySQL keeps it in a table (before 8.0 only if told so), MariaDB in a file whose
# fifth and sixth lines they are.
set -u
umask 077
verb=$1
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
client=$(command -v mysql || command -v mariadb || echo mysql)

if [ "$verb" = try ]; then
  host=$2 port=$3 tls=$4
  case $("$client" --version)$tls in
    *MariaDB*yes) set -- --ssl ;;
    *MariaDB*no) set -- --skip-ssl ;;
    *yes) set -- --ssl-mode=REQUIRED ;;
    # loose: 5.7 has no such key to ask for.
    *) set -- --ssl-mode=DISABLED --loose-get-server-public-key ;;
  esac
  # What it prints may hold the hash of a password.
  grants=$("$client" --defaults-file=/dev/stdin "--host=$host" "--port=$port" --protocol=TCP --connect-timeout=5 --batch "$@" \
    -e 'SHOW GRANTS') || exit 1
  case $grants in
    *'REPLICATION SLAVE'* | *'ALL PRIVILEGES'*) exit 0 ;;
    *) echo "the account can log in at $host:$port, but it may not replicate: it needs REPLICATION SLAVE" >&2; exit 3 ;;
  esac
fi

defaults_file=$2 socket=$3 datadir=$4 file=$5

if [ -n "$file" ] && [ -e "$file" ]; then
  [ "$verb" = keep ] || cat "$file"
  exit
fi
set -- --batch --skip-column-names --connect-timeout=5
if [ -n "$socket" ]; then set -- "--socket=$socket" "$@"; fi
if [ -n "$defaults_file" ]; then set -- "--defaults-file=$defaults_file" "$@"; fi
told=$("$client" "$@" 2>/dev/null <<'SQL'
SELECT CONCAT(HEX(User_name), ' ', HEX(User_password)) FROM mysql.slave_master_info WHERE Channel_name = '';
SQL
)
hex() { sed -n "$1p" "$datadir/master.info" | tr -d '\n' | od -An -v -tx1 | tr -d ' \n'; }
if [ -z "$told" ] && [ -r "$datadir/master.info" ]; then told="$(hex 5) $(hex 6)"; fi
case $told in
  '' | ' '*) echo "no account of a replica was found" >&2; exit 3 ;;
esac
lines() { printf '%s\n%s\n' "${told% *}" "${told#* }"; }
case $verb in
  tell) lines ;;
  keep)
    mkdir -p "${file%/*}" && lines >"$file.part" && mv "$file.part" "$file" || exit 1
    sync -f "$file"
    ;;
esac
