#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The account that a replica logs in with at its source. It is used again after a seed, and perhaps by other replicas of
# that source.
#   seed-account.sh tell defaults_file=FILE socket=SOCKET datadir=DATADIR file=FILE channel=CHANNEL   from the file that `keep` made; if that
#     is empty, from the server
#   seed-account.sh keep ...     the same words: from the server into the file in the job's folder of a datadir, account or account-x; prints nothing
#   seed-account.sh try host=HOST port=PORT tls=yes|no verify=yes|no ca=FILE capath=FOLDER cert=FILE key=FILE     whether it can log in there
#     from here, and may replicate; tls: by TLS, and verify: it checks who the source is, as the replica will. The paths may be empty.
#     On standard input: the account, as an option file of the client
#   seed-account.sh reach host=HOST port=PORT     whether a server can be reached there from here, by whatever account: prints `reached` if one
#     answered, and `closed` if the host, or a firewall before it, refused the connection; ends with 3, and the error of the client, where nothing answered
# All except the datadir may be empty; an empty channel is the default one. Prints two lines, user and password, in
# hexadecimal, since both may contain anything. Ends with 3 if there is none. MySQL keeps it in a table (before 8.0 only
# if told so), MariaDB in a file, as its fifth and sixth lines.
set -u
umask 077
verb=$1
shift
case $verb in
  tell | keep) declare_words 'defaults_file socket datadir file channel' "$@" ;;
  try) declare_words 'host port tls verify ca capath cert key' "$@" ;;
  reach) declare_words 'host port' "$@" ;;
  *) unknown_verb "$verb" ;;
esac

if [ "$verb" = try ]; then
  client=$(client_program)
  version=$(as_root 10 "$client" --no-defaults --version) || exit 1
  case $version$tls$verify in
    *MariaDB*yesyes) set -- --ssl --ssl-verify-server-cert ;;
    *MariaDB*yesno) set -- --ssl --skip-ssl-verify-server-cert ;;
    *MariaDB*) set -- --skip-ssl ;;
    *yesyes) set -- --ssl-mode=VERIFY_IDENTITY ;;
    # With a CA a replica checks who signed the certificate.
    *yesno) if [ -n "$ca$capath" ]; then set -- --ssl-mode=VERIFY_CA; else set -- --ssl-mode=REQUIRED; fi ;;
    # loose: 5.7 does not know this option.
    *) set -- --ssl-mode=DISABLED --loose-get-server-public-key ;;
  esac
  if [ "$tls" = yes ]; then
    set -- "$@" ${ca:+"--ssl-ca=$ca"} ${capath:+"--ssl-capath=$capath"} ${cert:+"--ssl-cert=$cert"} ${key:+"--ssl-key=$key"}
  fi
  # The account of ~/.mylogin.cnf overrules that of any option file.
  export MYSQL_TEST_LOGIN_FILE=/dev/null
  # The output may contain the hash of a password.
  grants=$(as_root 60 "$client" --defaults-file=/dev/stdin "--host=$host" "--port=$port" --protocol=TCP --connect-timeout=5 --local-infile=0 --batch \
    --skip-column-names "$@" -e 'SHOW GRANTS') || exit 1
  # MariaDB takes REPLICA for SLAVE.
  if printf '%s\n' "$grants" | granted 'REPLICATION SLAVE|REPLICATION REPLICA'; then exit 0; fi
  refuse "the account can log in at $host:$port, but it may not replicate: it needs REPLICATION SLAVE ON *.*"
fi

if [ "$verb" = reach ]; then
  client=$(client_program)
  export MYSQL_TEST_LOGIN_FILE=/dev/null
  # An account that no server has: a login of a real one that fails may lock it. Whatever a server says to it, it has answered.
  said=$(as_root 60 "$client" --no-defaults --user=reseed-reach "--host=$host" "--port=$port" --protocol=TCP --connect-timeout=5 --local-infile=0 --batch \
    -e 'DO 0' </dev/null 2>&1) && echo reached && exit
  error=$(printf '%s\n' "$said" | grep -E '^ERROR( [0-9]|: )' | tail -n 1 | head -c 400 | tr -c '\n[:print:]' '?')
  # Numbers of a client that was not answered; the one in brackets is of the system: 111, connection refused.
  case $error in
    'ERROR 2002 '*'(111'* | 'ERROR 2003 '*'(111'*) echo closed ;;
    '' | 'ERROR: '* | 'ERROR 2002 '* | 'ERROR 2003 '* | 'ERROR 2004 '* | 'ERROR 2005 '* | 'ERROR 2012 '* | 'ERROR 2013 '*)
      refuse "${error:-the client ended without an error of its own}"
      ;;
    *) echo reached ;;
  esac
  exit 0
fi

# FILE is in the job's folder of a datadir. Another account may have given that folder's name to something else.
in_folder() {
  around=${file%/.reseed-*} job=${file##*/.reseed-}
  enter_stage "$around" "${job%%/*}"
}
name=${file##*/}
case $name in account | account-x*) ;; '') ;; *) refuse "no name of a kept account: $name" ;; esac
if [ -n "$file" ]; then
  kept=$(in_folder || exit 1; cat "$name" 2>/dev/null)
  case $? in
    0)
      [ "$verb" = keep ] || printf '%s\n' "$kept"
      exit
      ;;
    # A folder that is not ours: in_folder has reported it.
    3) exit 3 ;;
  esac
  # By now the server may have the donor's account.
  [ "$verb" = keep ] || refuse "the account that this job kept is gone: $file can not be read"
fi
# In hexadecimal: the name of a channel may contain anything.
answer=$(
  sql_client "$defaults_file" "$socket" --batch --skip-column-names 2>&1 <<SQL
SELECT CONCAT(HEX(User_name), ' ', HEX(User_password)) FROM mysql.slave_master_info WHERE HEX(Channel_name) = '$(to_hex "$channel")';
SQL
)
status=$?
told=
if [ "$status" = 0 ]; then told=$(printf '%s\n' "$answer" | grep -xE '[0-9A-F]* [0-9A-F]*' | tail -n 1); fi
# Read as the server's account, which may have put a link to a file of root's there.
in_file() { as_account "$owner" sed -n "$1p" -- "$datadir/master.info"; }
hex() { in_file "$1" 2>/dev/null | tr -d '\n' | od -An -v -tx1 | tr -d ' \n'; }
owner=$(stat -c %U:%G -- "$datadir" 2>/dev/null)
if [ -z "$told$channel" ] && [ -n "$owner" ]; then told="$(hex 5) $(hex 6)"; fi

# why_none: on one line, and of the answer only the error of the server or the client: no password is in that.
why_none() {
  error=$(printf '%s\n' "$answer" | grep '^ERROR [0-9]' | tail -n 1 | head -c 400 | tr -c '\n[:print:]' '?')
  case $status,$error in
    # MariaDB has no such table.
    0,* | *'ERROR 1146 '*) in_table='the server keeps none' ;;
    *) in_table="the server did not tell it (${error:-the client ended with $status, and no error of a server})" ;;
  esac
  of_file=
  if [ -z "$channel" ] && [ -n "$owner" ]; then
    case $(in_file 1 2>&1 >/dev/null | tail -n 1) in
      *'No such file'* | '') ;;
      *) of_file=", and $datadir/master.info can't be read as ${owner%%:*}" ;;
    esac
  fi
  echo "no account of a replica was found: $in_table$of_file"
}
case $told in
  '' | ' '*) refuse "$(why_none)" ;;
esac
lines() { printf '%s\n%s\n' "${told% *}" "${told#* }"; }
case $verb in
  tell) lines ;;
  keep)
    in_folder || fail "${file%/*} is not there: the job's folder is made before its account is kept"
    lines >"$name.part" && mv "$name.part" "$name" && sync -f "$name" || exit 1
    ;;
esac
