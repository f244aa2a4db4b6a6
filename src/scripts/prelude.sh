#!/bin/sh
# The beginning of every script of this folder: script.ts puts it before each.

# Our own environment. The account's login, its rc files, PAM and /etc/environment set variables that change how tools
# print and act: POSIXLY_CORRECT, BLOCK_SIZE, TAR_OPTIONS, languages, functions that bash takes for programs, TMOUT for
# its read, a umask by which others can write our files. Variables that tell where programs are and how to log in at a
# server (MYSQL_*) are kept. A bash that is /bin/sh takes functions, and the options of set (SHELLOPTS) and of shopt
# (BASHOPTS), from its environment. So functions with the names of commands used here are removed first. bash is
# recognised by its own command, since any shell may have a BASH_VERSION.
\unset -f unset set command shopt umask env sed tr cut
\unset POSIXLY_CORRECT
set +C +a +e +f +u +v +x +m
# shellcheck disable=SC3040,SC3041,SC3044,SC3045  # bash has it
if [ "$(command -v shopt)" = shopt ]; then
  set -o posix
  set +B +E +H +P +T +b +k +o pipefail
  # shellcheck disable=SC2046  # words
  shopt -u $(shopt -s | sed 's/[^a-z0-9_].*//; /^login_shell$/d; /^restricted_shell$/d')
  export -n SHELLOPTS BASHOPTS
fi >/dev/null 2>&1
umask 022
for inherited in $(env -0 2>/dev/null | tr '\n\0' ' \n' | sed -n 's/^\([A-Za-z_][^= ]*\)=.*/\1/p'); do
  case $inherited in
    BASH_FUNC_*%%) inherited=${inherited#BASH_FUNC_} && unset -f "${inherited%??}" ;;
    *[!A-Za-z0-9_]*) ;;
    # Programs take option files, libraries and plugins from there, or write there: a relative path would be in the
    # folder that a script works in.
    MYSQL_DEBUG | MARIADB_DEBUG) unset "$inherited" ;;
    # They lead the client to another host, whose server would be taken for that of this one.
    MYSQL_HOST | MARIADB_HOST) unset "$inherited" ;;
    HOME | MYSQL_HOME | MYSQL_UNIX_PORT | MYSQL_*FILE | MYSQL_*DIR | LIBMYSQL_*DIR | MARIADB_*FILE | MARIADB_*DIR)
      eval "one=\$$inherited"
      case $one in /*) ;; *) unset "$inherited" ;; esac
      ;;
    PATH | USER | LOGNAME | PWD | LD_LIBRARY_PATH | MYSQL_* | MARIADB_* | LIBMYSQL_* | RESEED_* | SSH_ORIGINAL_COMMAND) ;;
    # bash does not unset its own variables.
    *) ! (unset "$inherited") 2>/dev/null || unset "$inherited" ;;
  esac
done
export LC_ALL=C LVM_SUPPRESS_FD_WARNINGS=1

# absolute_folders PATH: without empty, `.` and other relative folders: scripts work in folders of the server's account,
# and would take programs and libraries from there.
absolute_folders() (
  set -f
  IFS=:
  for one in $1; do
    case $one in /*) printf '%s:' "$one" ;; esac
  done
)
PATH=$(absolute_folders "$PATH")
PATH=${PATH:-/usr/local/bin:/usr/bin:/bin:}/usr/local/sbin:/usr/sbin:/sbin
# The loader accepts `;` as well as `:`.
if [ -n "${LD_LIBRARY_PATH+set}" ]; then
  LD_LIBRARY_PATH=$(absolute_folders "$(printf '%s' "$LD_LIBRARY_PATH" | tr ';' ':')")
  LD_LIBRARY_PATH=${LD_LIBRARY_PATH%:}
  if [ -z "$LD_LIBRARY_PATH" ]; then unset LD_LIBRARY_PATH; fi
fi

# refuse WHY: ends with 3, nothing was done. fail WHY: ends with 1.
refuse() { printf '%s\n' "$1" >&2; exit 3; }
fail() { printf '%s\n' "$1" >&2; exit 1; }
# unknown_verb VERB: a plan of another build may ask for it; the message has to say that nothing was done.
unknown_verb() { fail "${0##*/} of this build of reseed knows no verb '$1': go on with the build that began the job"; }

# declare_words 'NAME...' WORD...: the script takes NAME=VALUE, each once, in any order; each value becomes the variable
# of its name. A word that is not declared is refused by its name, and so is a missing one: the plan is of another
# build. A word that is declared as `NAME...` is a list: given once for each value, and as `NAME=` without values. `eval
# "set -- $NAME"` makes its values the parameters.
declare_words() {
  declared_words=" $1 "
  shift
  for declared_name in $declared_words; do unset "${declared_name%...}"; done
  declared_count=0
  for declared_word in "$@"; do
    declared_name=${declared_word%%=*}
    case $declared_word in *=*) ;; *) refuse "${0##*/} is told name=value, and not '$declared_word'" ;; esac
    case $declared_name in *[!a-z_]* | '') refuse "${0##*/} knows no word '$declared_name'" ;; esac
    declared_count=$((declared_count + 1))
    case $declared_words in
      *" $declared_name "*)
        eval "[ -z \"\${$declared_name+told}\" ]" || refuse "${0##*/} was told the word '$declared_name' twice"
        eval "$declared_name=\${declared_word#*=}"
        ;;
      # Each value is in a variable with a number, which no word has in its name.
      *" $declared_name... "*)
        eval "$declared_name=\${$declared_name-}"
        [ -z "${declared_word#*=}" ] ||
          eval "${declared_name}_$declared_count=\${declared_word#*=} $declared_name=\"\$$declared_name \\\"\\\$${declared_name}_$declared_count\\\"\""
        ;;
      *) refuse "${0##*/} knows no word '$declared_name'" ;;
    esac
  done
  for declared_name in $declared_words; do
    declared_name=${declared_name%...}
    eval "[ -n \"\${$declared_name+told}\" ]" || refuse "${0##*/} was not told the word '$declared_name'"
  done
}

# first_of PROGRAM...: the first that this host has; else the first, so that an error names it. MariaDB 11 has its own names only.
first_of() {
  for program in "$@"; do
    if command -v "$program" >/dev/null; then echo "$program" && return; fi
  done
  echo "$1"
}
client_program() { first_of mysql mariadb; }

# How long my_print_defaults may take: on a host that is busy a program of a few milliseconds takes seconds, and a job of hours would end with it. A probe has no time to wait.
options_seconds=30

# make_in_shared FILE: makes FILE, and its folder, which jobs share: another one may remove it, while it is empty, at any moment.
make_in_shared() {
  tries=0
  until mkdir -p "${1%/*}" 2>/dev/null && { true >>"$1"; } 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || fail "no file can be made in ${1%/*}"
  done
}

# sql_client DEFAULTS_FILE SOCKET WORD...: runs the client for this host's server, with WORD... last; after the words in
# $client_limit (for example `timeout 10`). Both empty: where the client itself looks. A login, a host and TLS of option
# files apply; but a host that is not this one is refused: its server would be taken for that of this host. Their settings
# for the form of answers, and those of the server for a session, are overruled, so that we can read the answers. A server
# that asks for a file of this host (LOAD DATA LOCAL) gets none. Libraries come from a folder of root's alone, and no login goes where another account than that of a
# server may listen (strange_listener). Ends with 124 where option files were not told in time: no server was asked then.
sql_client() {
  client_defaults=$1 client_socket=$2
  shift 2
  set -- --skip-table --skip-vertical --skip-auto-vertical-output --column-names --skip-html --skip-xml --skip-raw \
    --skip-binary-as-hex --skip-column-type-info --skip-show-warnings --skip-safe-updates --skip-force --skip-reconnect --skip-tee \
    --local-infile=0 --default-auth= --skip-pager --skip-binary-mode '--delimiter=;' --line-numbers --database= --connect-timeout=5 --default-character-set=utf8mb4 \
    "--init-command=$session_state" "$@"
  if [ -n "$client_socket" ]; then set -- --host=localhost --protocol=socket "--socket=$client_socket" "$@"; fi
  : "${sql_program:=$(client_program)}"
  # Done once: a probe uses SQL every few seconds.
  if [ "${stubborn_for-none}" != "$client_defaults" ]; then
    if ! odd_program=$(unrooted_program "$sql_program" my_print_defaults); then
      echo "ERROR: $odd_program" >&2
      return 1
    fi
    client_options=$(options_of_client "$client_defaults") || case $? in
      # They may lead the client to another host.
      124 | 137) echo "ERROR: $late_options" >&2 && return 124 ;;
      *) client_options='' ;;
    esac
    if ! stubborn=$(stubborn_options "$client_defaults"); then
      echo "ERROR: $late_options" >&2
      return 124
    fi
    elsewhere=$(foreign_host) stubborn_for=$client_defaults
    odd_folder=''
    plugin_folder=''
    case $client_options in *--plugin[-_]dir=*) plugin_folder=$(plugins_of_client "$client_options") || odd_folder=$plugin_folder ;; esac
  fi
  if [ -n "$odd_folder" ]; then
    echo "ERROR: $odd_folder" >&2
    return 1
  fi
  set -- "--plugin-dir=$plugin_folder" "$@"
  if [ -z "$client_socket" ] && [ -n "${elsewhere-}" ]; then
    echo "ERROR: $(led_away "$elsewhere")" >&2
    return 1
  fi
  if [ "${steady_for-none}" != "$client_defaults $client_socket" ]; then
    if ! stranger=$(strange_listener "$client_socket" "$client_options"); then
      echo "ERROR: $stranger" >&2
      return 1
    fi
    if [ "$stranger" = steady ]; then steady_for="$client_defaults $client_socket"; fi
    # An account that is a server's stays one.
    case $stranger in 'of '*) believed_accounts=${stranger#of } ;; esac
  fi
  if [ -n "$stubborn" ]; then
    # On a descriptor, since it may contain a password.
    # shellcheck disable=SC2086  # words
    ${client_limit-} "$sql_program" --defaults-file=/dev/fd/8 "$@" 8<<END
$stubborn
END
    return
  fi
  if [ -n "$client_defaults" ]; then set -- "--defaults-file=$client_defaults" "$@"; fi
  # shellcheck disable=SC2086  # words
  ${client_limit-} "$sql_program" "$@"
}
# without_statements: what a client said, without what is repeated of a statement, for a password may be in it: MariaDB's client repeats the one that failed, between two
# lines of dashes, and a server what it does not understand, which may have several lines.
without_statements() {
  sed '/^--------------$/,/^--------------$/d; /^$/d' |
    sed ":next; / near '/{ /' at line [0-9]*\$/!{ \$!{ N; b next
    }; }; s/ near '.*/ near what is not repeated here/; }"
}
# led_away HOST [SIGN]: why the server that answers, or would, is not that of this host.
led_away() { echo "option files lead the client to another host ($1${2:+: $2}), and not to the server of this one: set mysql.defaultsFile or mysql.socket"; }
session_state="SET NAMES utf8mb4, SESSION sql_mode = '', autocommit = 1, time_zone = '+00:00', lc_messages = 'en_US', completion_type = 0,
  sql_select_limit = 18446744073709551615, sql_safe_updates = 0, sql_big_selects = 1, sql_auto_is_null = 0, wait_timeout = 28800,
  sql_quote_show_create = 1, group_concat_max_len = 16777216
  /*!50708 , max_execution_time = 0 */ /*!80030 , show_gipk_in_create_table_and_information_schema = 1 */ /*M!100100 , max_statement_time = 0 */"

# unrooted_program PROGRAM...: ends with 1 and the reason if root would run one of them from a folder of another account: that of a server was given whole
# tarballs by old pages (chown -R mysql /usr/local/mysql). Debian has let the group staff write to /usr/local.
unrooted_program() {
  for program in "$@"; do
    path=$(command -v "$program") || continue
    # Of a package: each probe of each host comes here, and starts no process for it.
    case $path in /usr/bin/* | /bin/*) [ -L "$path" ] || continue ;; esac
    [ "$(id -u)" = 0 ] || return 0
    why=$(others_of_program "$path") || {
      echo "$path would be run as root: $why"
      return 1
    }
  done
}
# others_of_program PATH: ends with 1 and the reason, with what to do, if another account than root can change that program, or a library of its tarball, where its
# loader and its plugins look beside it.
others_of_program() {
  why=$(others_on_way "$1" owned) || {
    echo "${why:-it can not be seen who can change it}: chown it, and the folders on the way to it, to root"
    return 1
  }
  tarball=$(readlink -f -- "$1")
  case $tarball in /usr/bin/* | /usr/sbin/* | /usr/libexec/* | /bin/* | /sbin/*) return 0 ;; esac
  tarball=${tarball%/*/*}
  for libraries in lib lib/private lib/plugin lib/mysql lib/mysql/plugin lib64 lib64/mysql lib64/mysql/plugin; do
    [ -e "$tarball/$libraries" ] || [ -L "$tarball/$libraries" ] || continue
    why=$(others_on_way "$tarball/$libraries" owned && others_of_libraries "$tarball/$libraries") || {
      echo "its libraries are of others (${why:-it can not be seen who can change them}): chown -R root $tarball/${libraries%%/*}"
      return 1
    }
  done
}
# others_of_libraries FOLDER: the same of what lies in it.
others_of_libraries() {
  doubtful=$(timeout -k 1 5 find -L "$1" -mindepth 1 -maxdepth 1 -name '*.so*' ! -type d \( ! -user root -o ! -type l -perm /022 \) -print -quit 2>&1) || return 1
  # A link is root's where its folder is: what it leads to may lie elsewhere.
  [ -n "$doubtful" ] || doubtful=$(timeout -k 1 5 find "$1" -mindepth 1 -maxdepth 1 -name '*.so*' -type l -lname '*/*' -print -quit)
  [ -z "$doubtful" ] || others_on_way "$doubtful" owned
}
# as_root SECONDS PROGRAM WORD...: runs a program of MySQL's or MariaDB's with our own rights, for so long at most (124). With 126 and the reason it was not run. No script runs
# one of them otherwise, but with the rights of another account, or after unrooted_program.
as_root() {
  if ! why_not_run=$(unrooted_program "$2"); then
    echo "ERROR: $why_not_run" >&2
    return 126
  fi
  timeout --foreground -k 1 "$@"
}

# plugins_of_client OPTIONS: the folder from which a client is to take libraries, as OPTIONS name it (as options_of_client prints them); empty: that of its
# package. Ends with 1 and the reason if another account than root may put one there.
plugins_of_client() {
  named=$(printf '%s\n' "$1" | sed -n 's/^--plugin[-_]dir=//p' | tail -n 1)
  if [ -z "$named" ] || [ ! -e "$named" ]; then return 0; fi
  if why=$(others_on_way "$named" owned); then echo "$named" && return; fi
  echo "an option file names plugin_dir=$named, and its libraries would be run as root: ${why:-the folder can not be seen}"
  return 1
}

# names_that_socket: whether the client, or a library of it, has /tmp/mysql.sock for its default. Without xargs: not each has -d.
names_that_socket() {
  program_and_libraries "$(command -v "${sql_program:-mysql}")" | while IFS= read -r one; do
    if grep -qsa /tmp/mysql.sock "$one"; then echo "$one"; fi
  done | grep -q .
}
# strange_listener SOCKET OPTIONS: while a server is down, any account of this host can listen at its port, or put a socket into a folder that all may write to, and
# would be told a password. Ends with 1 and the reason if the place of the login is that of another account than those of servers; says `steady` if no such account
# can ever be there, or `of NAME...`, the accounts that it took for those of servers. SOCKET empty: the place is that of OPTIONS, or of the client itself.
strange_listener() (
  place=$1 how='' host='' port='' named=''
  if [ -z "$place" ]; then
    while IFS= read -r line; do
      case $line in
        --protocol=*) how=${line#*=} ;;
        --host=*) host=${line#*=} ;;
        --port=*) port=${line#*=} ;;
        --socket=*) named=${line#*=} ;;
      esac
    done <<END
$2
END
    case $how:$host in
      [Tt][Cc][Pp]:* | :?*)
        if [ "$how:$host" != :localhost ]; then
          strange_at_port "$port" "$host"
          return
        fi
        ;;
    esac
    place=${named:-${MYSQL_UNIX_PORT-}}
    # That of tarballs, whose client may have it in a library.
    if [ -z "$place" ] && [ -e /tmp/mysql.sock ] && names_that_socket; then place=/tmp/mysql.sock; fi
  fi
  case $place in /*) ;; *) return 0 ;; esac
  # Who may write to a folder can put a name there, and take away none of others where it is sticky.
  names=$(timeout -k 1 5 namei -l -- "$place" 2>/dev/null </dev/null | awk '
    NR == 1 && /^f: / { next }
    / - No such file or directory$/ { gone = 1 }
    !/^[-dlpcbs]/ { next }
    shared { print $2 }
    /^d/ { shared = substr($1, 6, 1) == "w" || substr($1, 9, 1) == "w"; if (shared) once = 1; seen = 1 }
    END { if (seen && !once && !gone) print "=" }')
  believed=''
  for name in $names; do
    case $name in
      # No account has that name.
      =) believed=steady ;;
      *)
        if is_server_account "$name"; then
          believed="$believed${believed:+ }$name"
          continue
        fi
        if is_of_data "$name"; then continue; fi
        echo "the account $name, which may be no server's, has made what is at $place: set mysql.socket, to a folder of the server's own"
        return 1
        ;;
    esac
  done
  case $believed in '' | steady) echo "$believed" ;; *) echo "of $believed" ;; esac
)
# program_and_libraries PATH: it, and the libraries of MySQL or MariaDB that it loads. Of a program that root may run (unrooted_program).
program_and_libraries() {
  printf '%s\n' "$1"
  timeout 5 ldd "$1" 2>/dev/null </dev/null | sed -n 's/.*=> *\(\/.*\) (0x[0-9a-f]*)$/\1/p' | grep -E '/[^/]*(mysql|percona|maria)[^/]*$'
}
# strange_at_port PORT HOST: the same of a port of this host, by which HOST is logged in at. Only what listens at an address of HOST, or at all, is met there: a proxy may
# have the port of another address. If HOST has no address that is known here, all count.
strange_at_port() {
  port=${1:-${MYSQL_TCP_PORT:-3306}} at=''
  case $port in *[!0-9]*) return 0 ;; esac
  case ${2:-localhost} in
    localhost) at='127.0.0.1 ::1' ;;
    *) at=$(timeout 5 getent ahosts "$2" 2>/dev/null | cut -d ' ' -f 1 | sort -u | tr '\n' ' ') ;;
  esac
  # 0A: listens. An address of IPv4 is a number as this machine has it, in either order of its bytes.
  listens=$(awk -v port="$(printf :%04X "$port")" -v at="$at" '
    BEGIN {
      count = split(at, address, " ")
      if (count == 0) all = 1
      for (i = 1; i <= count; i++) {
        if (split(address[i], part, ".") != 4 || address[i] ~ /:/) { all6 = 1; continue }
        met[sprintf("%02X%02X%02X%02X", part[1], part[2], part[3], part[4])]
        met[sprintf("%02X%02X%02X%02X", part[4], part[3], part[2], part[1])]
      }
    }
    $4 != "0A" || substr($2, length($2) - 4) != port { next }
    {
      own = substr($2, 1, length($2) - 5)
      is6 = length(own) > 8
      if (all || own ~ /^0*$/ || is6 && all6 || substr(own, length(own) - 7) in met) print $8 ":" $10
    }' /proc/net/tcp /proc/net/tcp6 2>/dev/null | sort -u)
  for one in $listens; do
    name=$(id -nu -- "${one%:*}" 2>/dev/null)
    is_server_account "$name" || is_of_data "${one%:*}" "${one#*:}" || {
      echo "the account ${name:-${one%:*}}, which may be no server's, listens at port $port: set mysql.socket, to a folder of the server's own"
      return 1
    }
  done
}
# is_server_account NAME: root, the account of packages, and those that options of the server or its unit name; a host with several servers may have an account and a
# unit for each.
is_server_account() {
  case $1 in
    root | mysql) return 0 ;;
    '') return 1 ;;
  esac
  case " ${believed_accounts-} " in *" $1 "*) return 0 ;; esac
  if server_defaults | grep -qxF -e "--user=$1"; then return 0; fi
  for one_unit in ${service:-${unit:-mysql mysqld mariadb}}; do
    if [ "$(timeout 5 systemctl show -p User --value -- "$one_unit" 2>/dev/null </dev/null)" = "$1" ]; then return 0; fi
  done
  unit_accounts | grep -qxF -e "$1"
}
# server_defaults: what option files say to servers, those of the inventory's file and the usual ones.
server_defaults() {
  own_file=${client_defaults:-${defaults_file-}}
  for its_file in ${own_file:+own} usual; do
    set --
    if [ "$its_file" = own ]; then set -- "--defaults-file=$own_file"; fi
    # MySQL's does not know --mysqld.
    as_root "$options_seconds" my_print_defaults "$@" --mysqld 2>/dev/null || as_root "$options_seconds" my_print_defaults "$@" mysqld 2>/dev/null
  done
}
# unit_accounts: those of all units with the name of a server that start the program of one, or a shell that does: only root makes units of the system. An exporter has
# an account of its own, and is none.
unit_accounts() {
  timeout 5 systemctl show -p ExecStart -p User -- '*mysql*.service' '*maria*.service' '*percona*.service' 2>/dev/null </dev/null | awk '
    function base(path) { sub(/.*\//, "", path); return path }
    function tell() { if (starts) { if (named != "") print named; else if (user != "") print user }; starts = 0; user = named = "" }
    /^$/ { tell() }
    /^User=/ { user = substr($0, 6) }
    /^ExecStart=/ {
      path = $0; sub(/^.*\{ path=/, "", path); sub(/ ; argv\[\]=.*$/, "", path)
      words = $0; sub(/^.*argv\[\]=/, "", words); sub(/ ; ignore_errors=.*$/, "", words)
      count = split(words, word, " ")
      in_shell = base(path) ~ /^(sh|bash|dash|ksh)$/
      for (i = in_shell ? 2 : 1; i <= count; i++) {
        plain = i == 1 ? path : word[i]
        gsub(/["\047]/, "", plain)
        if (base(plain) ~ /^(mysqld|mariadbd|mysqld-debug|mysqld_safe|mariadbd-safe|safe_mysqld)$/) starts = 1
        if (starts && sub(/^--user=/, "", plain)) named = plain
        if (!in_shell && !starts) break
      }
    }
    END { tell() }'
}
# is_of_data ACCOUNT [SOCKET]: whether a server that is believed (trusted_in) runs as ACCOUNT, a name or a number, and has that socket of the network open (its inode): in
# a container it has the number that another account of this host may have. Of the datadir that the script was told, and of that of option files; where a process
# works is its own choice.
is_of_data() {
  its_uid=$1
  case $its_uid in *[!0-9]*) its_uid=$(id -u -- "$1" 2>/dev/null) || return 1 ;; esac
  {
    printf '%s\n' "${told_datadir-${datadir-}}"
    server_defaults | sed -n 's/^--datadir=//p'
    echo /var/lib/mysql
  } | awk '/^\// && !told[$0]++' | while IFS= read -r its_folder; do
    for its_process in $(trusted_in "$its_folder"); do
      [ "$(real_uid "$its_process")" = "$its_uid" ] || continue
      if [ -z "${2-}" ] || sockets_open "$its_process" | grep -qx "own $2"; then echo of; fi
    done
  done | grep -q of
}

# options_of_client DEFAULTS_FILE: what option files say to the client, a line each. Not for ever: a folder of theirs may be another account's,
# and a FIFO in it ends no read.
options_of_client() { as_root "$options_seconds" my_print_defaults ${1:+"--defaults-file=$1"} mysql mariadb-client client client-server client-mariadb 2>/dev/null; }
# stubborn_options DEFAULTS_FILE: empty; or, if $client_options has one of the few options that no other can overrule, an
# option file with the content of those files without these.
stubborn_options() {
  printf '%s\n' "$client_options" | grep -qE "^--($stubborn_names)(=|\$)" || return 0
  flat_options ${1:+"--defaults-file=$1"}
}
# foreign_host: the host that $client_options leads a client to, where that is another one (a replica may have its primary
# there). Empty also where this host does not tell its own addresses.
foreign_host() {
  named=$(printf '%s\n' "$client_options" | sed -n 's/^--host=//p' | tail -n 1)
  case $named in '' | localhost | 127.* | ::1 | "$(uname -n)") return ;; esac
  here=$(hostname -I 2>/dev/null) || here=''
  [ -n "$here" ] || return 0
  for address in $(timeout 5 getent ahosts "$named" 2>/dev/null | cut -d ' ' -f 1); do
    case " $here 127.0.0.1 127.0.1.1 ::1 " in *" $address "*) return ;; esac
  done
  printf '%s\n' "$named" | head -c 100
}
# login_told [--defaults-file=FILE]: what option files say to a client, its password too, a line each. Fails if they can not be read to their end: a client would
# log in elsewhere then, or as another.
login_told() {
  # MySQL's shows no password unless it is told to; MariaDB's does not know the word.
  as_root "$options_seconds" my_print_defaults "$@" --show mysql client 2>/dev/null && return
  case $? in 124 | 126 | 137) return 124 ;; esac
  as_root "$options_seconds" my_print_defaults "$@" mysql mariadb-client client client-server client-mariadb 2>/dev/null || case $? in 124 | 137) return 124 ;; esac
}
late_options='my_print_defaults did not say in its time what option files say to the client'
# flat_options [--defaults-file=FILE]: the content of option files that a client reads, as one. Fails likewise.
flat_options() {
  said=$(login_told "$@") || return
  echo '[mysql]'
  printf '%s\n' "$said" | grep -vE "^--($stubborn_names)(=|\$)" | option_lines
}
# option_lines: options as my_print_defaults prints them -> the lines of an option file.
option_lines() { sed -n 's/[\\"]/\\&/g; s/^--\([^=]*\)$/\1/p; s/^--\([^=]*\)=\(.*\)$/\1="\2"/p'; }
stubborn_names='silent|tee|verbose|execute|one[-_]database|syslog'

# server_answers DEFAULTS_FILE SOCKET: whether a server accepts connections there. One that refuses our login does too.
# $client_limit as above. Sets `client_refused`: why no server is asked, which waiting does not change; empty: one was.
server_answers() {
  heard_of_client=$(sql_client "$1" "$2" --batch -e 'DO 0' 2>&1 </dev/null && echo answers)
  client_refused=''
  case $heard_of_client in
    'ERROR: '*' would be run as root: '*)
      client_refused=${heard_of_client#ERROR: }
      return 1
      ;;
    # Shutting down; 2xxx: no connection. 2026, 2059, 2061: we lack what it needs for a login.
    *'ERROR 1053 '*) return 1 ;;
    *answers | *'ERROR 1'???' '* | *'ERROR 3'???' '* | *'ERROR 2026 '* | *'ERROR 2059 '* | *'ERROR 2061 '*) return 0 ;;
    *) return 1 ;;
  esac
}

# others_on_way PATH folders|program|owned [ACCOUNT]: ends with 0 if only root, and that account, can write to each part of the path as it is written, and of where its
# links lead; else says which part another account can change. folders: what the path ends at may be of any account. program: it is root's too, and so are links; in
# a sticky folder no account can move or remove what is root's. owned: as program, but a group of administrators may write to a folder. If a part has an ACL, the bits of its group are the most that any entry there can
# give. Without an answer of namei it ends with 1.
others_on_way() {
  timeout -k 1 5 namei -l -- "$1" 2>/dev/null </dev/null | awk -v to="$2" -v account="${3:-root}" '
    NR == 1 && /^f: / { next }
    / - No such file or directory$/ && to == "folders" { next }
    {
      name = $0
      sub(/^[^ ]+ +[^ ]+ +[^ ]+ +/, "", name)
      if (/^l/) sub(/ -> .*/, "", name)
      is_folder = /^d/
      is_judged = is_folder || to != "folders"
      others_write = !/^l/ && (substr($1, 6, 1) == "w" || substr($1, 9, 1) == "w")
      if (is_folder && to == "owned" && $3 ~ /^(root|staff|wheel|admin)$/) others_write = substr($1, 9, 1) == "w"
      if (is_folder && to != "folders" && substr($1, 10, 1) ~ /[tT]/) others_write = 0
      if (!/^[-dlpcbs]/) why = "its way can not be seen to its end"
      else if (is_judged && $2 != "root" && $2 != account) why = name " belongs to another account than root" (account == "root" ? "" : " and " account)
      else if (is_judged && others_write) why = "other accounts can write to " name
      if (is_folder) seen = 1
      if (why != "") exit
    }
    END {
      if (why == "" && !seen) why = "namei does not tell which accounts can change it"
      if (why != "") print why
      exit why != ""
    }'
}

# folder_id PATH: identifies the folder, by whatever path. Fails if there is none.
folder_id() { stat -L -c %d:%i -- "$1" 2>/dev/null; }
# sees_other PID PATH: whether that process sees another folder at PATH than this host: it has its own mounts
# (BindPaths= of its unit, a container). False if we may not look.
sees_other() { seen_there=$(folder_id "/proc/$1/root$2") && [ "$seen_there" != "$(folder_id "$2")" ]; }
# stat_of PID FIELD: a field of /proc/PID/stat (proc_pid_stat(5)), counted after the program's name, which is in
# brackets and may contain anything.
stat_of() { sed -n '$s/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f "$2"; }
# process_of PID: the pid and its start time, which together identify a process. Empty if it has ended.
process_of() {
  began=$(stat_of "$1" 20)
  [ -z "$began" ] || echo "$1 $began"
}

# servers_in DATADIR: the pids of the servers with that datadir, a line each. A server works in its datadir, and while
# it is starting it has files open there. A shell may work there too, and is no server. The link of an open file is a text as its process sees it: in a
# container, /var/lib/mysql is another folder. So the files are compared.
servers_in() {
  folder=$(folder_id "$1") || return 0
  named_folder=$(readlink -f -- "$1")
  for process in /proc/[0-9]*; do
    is_server "${process#/proc/}" || continue
    if [ "$(folder_id "$process/cwd")" = "$folder" ] || has_open "$process" "$named_folder"; then
      echo "${process#/proc/}"
    fi
  done
  writers_of "$named_folder"
}
# has_open PROCESS FOLDER: whether /proc/PID has a file of this folder open, which is that file for this host too.
has_open() {
  {
    find "$1/fd" -lname "$2/*" -printf '%l\0' 2>/dev/null | xargs -0 -r stat -c 'here %d:%i' -- 2>/dev/null
    find -L "$1/fd" -mindepth 1 -maxdepth 1 -type f -printf 'open %D:%i\n' 2>/dev/null
  } | awk '$1 == "here" { here[$2] } $1 == "open" && ($2 in here) { found = 1 } END { exit !found }'
}
# writers_of FOLDER: by whatever name (a wrapper runs mysqld.real), a process that writes these is a server. The mode of the link is that of the open file: a copy only reads.
writers_of() {
  find /proc/[0-9]*/fd -mindepth 1 -maxdepth 1 -perm -200 \( -lname "$1/ibdata1" -o -lname "$1/mysql.ibd" -o -lname "$1/aria_log_control" \) -printf '%p %f %l\n' 2>/dev/null |
    while read -r opened number file; do
      writer=${opened#/proc/}
      writer=${writer%/fd/"$number"}
      if is_server "$writer" || [ "$(folder_id "$opened")" != "$(folder_id "$file")" ]; then continue; fi
      echo "$writer"
    done | sort -nu
}
# trusted_in DATADIR [UNIT]: those of them that are root's, or of the account that owns the datadir. Any account of this host can look like a server there: its name,
# its words, and (with mounts of its own) what it has open are what that account likes. So servers_in tells whether a datadir is free; a process that is
# asked, believed or remembered is one of these. By the real uid: a setuid program keeps that of the account that started it.
# A datadir may be of an administrator, its server in a group or an ACL, or of no known account (NFS): where none is of its owner, those are taken that are of the
# account of servers.
trusted_in() (
  owner=$(stat -L -c %u -- "$1" 2>/dev/null) || exit 0
  # Its own, which only those make who may write to the datadir.
  within=$(stat -c %u -- "$1/mysql" 2>/dev/null)
  owned='' others=''
  for one in $(servers_in "$1"); do
    uid=$(real_uid "$one")
    case $uid in
      '') ;;
      0 | "$owner" | "${within:-0}") owned="$owned$one " ;;
      *) others="$others$one:$uid " ;;
    esac
  done
  if [ -z "$owned" ]; then
    # shellcheck disable=SC2034  # of is_server_account
    service=${2:-${service-}}
    for one in $others; do
      if is_server_account "$(id -nu -- "${one#*:}" 2>/dev/null)"; then owned="$owned${one%:*} "; fi
    done
  fi
  for one in $owned; do echo "$one"; done
)
# real_uid PID: empty if it has ended.
real_uid() { sed -n 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null; }
# account_of PID: its name, or its number. Fails if it has ended.
account_of() {
  uid_of=$(real_uid "$1")
  [ -n "$uid_of" ] || return 1
  id -nu -- "$uid_of" 2>/dev/null || echo "$uid_of"
}
# untrusted_in DATADIR [UNIT]: a sentence on the server that works there, if it is of an account that is not believed; else empty.
untrusted_in() {
  [ -z "$(trusted_in "$@")" ] || return 0
  for one in $(servers_in "$1"); do
    name=$(account_of "$one") || continue
    echo "process $one works in $1 as $name, which is neither root, nor its owner $(stat -L -c %U -- "$1"), nor an account that option files or the unit name"
    return
  done
}
# A process that only prints its options (`mysqld --verbose --help`, of another reseed too) is no server. One that makes
# a datadir (--initialize) is.
is_server() {
  comm=
  { read -r comm <"/proc/$1/comm"; } 2>/dev/null
  case $comm in
    *-safe* | *-multi* | *-exporter*) return 1 ;;
    # mysqld-debug, mysqld.bin, mysqld.real of a wrapper.
    mysqld | mysqld[.-]* | mariadbd | mariadbd[.-]*) ;;
    *) return 1 ;;
  esac
  ! tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" |
    grep -qxE -e '-\?|-V|--(help|print-defaults|version|validate-config)'
}

# socket_of PID: the path of the socket that the server listens on for clients; empty if there is none, if it has no such path on this host (a container), or
# if this account may not see it.
socket_of() {
  own_path=$(unix_listened "$1" | head -n 1)
  case $own_path in
    '' | @*) return ;;
    /*) ;;
    *) own_path=$(readlink -- "/proc/$1/cwd")/$own_path ;;
  esac
  if ! sees_other "$1" "$own_path"; then printf '%s\n' "$own_path"; fi
}
# sockets_open PID: `own INODE`, a line each.
sockets_open() { find "/proc/$1/fd" -lname 'socket:*' -printf 'own %l\n' 2>/dev/null | tr -d '[]' | sed 's/socket://'; }
# unix_listened PID: the paths as it has them, where it listens for clients: MySQL's X protocol has a socket of its own. Of the network that the process sees.
unix_listened() {
  { sockets_open "$1" && cat "/proc/$1/net/unix" 2>/dev/null; } | awk '
    $1 == "own" { own[$2]; next }
    # 00010000: it listens.
    $4 == "00010000" && ($7 in own) {
      path = $0
      for (i = 1; i <= 7; i++) sub(/^[^ ]+ +/, "", path)
      if (NF > 7 && path !~ /mysqlx[^\/]*$/) print path
    }'
}
# listens_by_tcp PID: whether it listens for clients by the network. 0A: listens. 8124: 33060, of the X protocol.
listens_by_tcp() {
  { sockets_open "$1" && cat "/proc/$1/net/tcp" "/proc/$1/net/tcp6" 2>/dev/null; } | awk '
    $1 == "own" { own[$2]; next }
    $4 == "0A" && ($10 in own) && $2 !~ /:8124$/ { found = 1 }
    END { exit !found }'
}
# login_socket PID SOCKET: where a login reaches the server of that process: where it listens itself, as the configured SOCKET may lead to another server of this
# host; that one where its own has no path here. Fails if it listens nowhere: it is starting, or ending, and what answers at SOCKET is another.
login_socket() {
  own_socket=$(socket_of "$1")
  if [ -n "$own_socket" ]; then printf '%s\n' "$own_socket" && return; fi
  if may_listen "$1"; then printf '%s\n' "$2"; else return 1; fi
}
# may_listen PID: or this account may not see it.
may_listen() {
  [ -d "/proc/$1" ] || return 1
  ! ls "/proc/$1/fd" >/dev/null 2>&1 || [ -n "$(unix_listened "$1")" ] || listens_by_tcp "$1"
}
# is_ready DATADIR DEFAULTS_FILE SOCKET [UNIT]: whether the server of that datadir accepts connections. $client_limit as of sql_client; `client_refused` as of server_answers.
is_ready() {
  # shellcheck disable=SC2034  # of its callers
  client_refused=''
  # One of them may be a wrapper of the other.
  for one_pid in $(trusted_in "$1" "${4-}"); do
    at_socket=$(login_socket "$one_pid" "$3") || continue
    # A file of its own account, at which it listens: no one else is there (strange_listener).
    if [ "$(stat -c %u -- "$at_socket" 2>/dev/null)" = "$(real_uid "$one_pid")" ]; then steady_for="$2 $at_socket"; fi
    if server_answers "$2" "$at_socket"; then return; fi
  done
  return 1
}

# lvm_do TOOL WORD...: overrules the settings of lvm.conf and lvmlocal.conf for the form of reports. After setsid a name
# is no function any more, so lvm_config prints the words.
lvm_do() {
  tool=$1
  shift
  "$tool" --config "$(lvm_config)" "$@"
}
lvm_config() {
  echo 'report { compact_output=0 compact_output_cols="" output_format="basic" prefixes=0 columns_as_rows=0 buffered=1' \
    'list_item_separator="," binary_values_as_numeric=0 headings=1 time_format="%s" }' \
    'log { prefix="" verbose=0 silent=0 command_names=0 indent=0 report_command_log=0 } global { use_lvmpolld=0 }'
}

# lvm_whole TOOL WORD...: the same for commands that change volumes. If one is killed halfway, the origin may stay
# suspended, and the server with it. So it has a session of its own, which the end of our connection does not reach. The
# shell around it keeps the lock on descriptor 9 until it has ended, because lvm closes descriptors that it did not
# open.
lvm_whole() {
  tool=$1
  shift
  # shellcheck disable=SC2016  # the inner shell's words
  setsid -w sh -c '"$@"; exit "$?"' sh "$tool" --config "$(lvm_config)" "$@" </dev/null
}

# as_account USER:GROUP COMMAND...: runs the command without root's rights. It keeps the working directory, even if the
# account could not enter that by itself.
as_account() { (become "$@"); }
# become USER:GROUP COMMAND...: the command replaces this shell. It does not get the files that a unit holds open (8,
# 9).
become() {
  account=$1
  shift
  exec setpriv "--reuid=${account%%:*}" "--regid=${account#*:}" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@" 8>&- 9>&-
}

# enter_stage DATADIR JOB: into the job's folder of a datadir, DATADIR/.reseed-JOB, which seed-stage.sh made; fails where there is none.
# The server's account owns the datadir and may be hostile. It can rename the folder and put a link or a folder of its own there. It can
# neither write in it (root's, 0700) nor move it out of the datadir (rename(2) needs write permission for a folder that gets another
# parent). So from inside, once it is seen to be root's and the job's, relative names are safe: `.` and `old` are root's, `new` is
# the account's, `..` is the datadir. Every cd from there is `cd -P`: without it a shell goes by the path that it remembers, which the
# account can lead elsewhere meanwhile. Names in `new` and in `..` are the account's: root renames or unlinks them, and never opens them.
enter_stage() {
  cd -P -- "$1/.reseed-$2" 2>/dev/null || return
  if [ "$(stat -c '%u %a' .)" = '0 700' ] && [ "$(cat job 2>/dev/null)" = "$2 $(stat -c %i ..)" ]; then return; fi
  refuse "$1/.reseed-$2 is not the folder that job $2 made: another account has put it there"
}

# unit_id UNIT: the name that its drop-ins are found by: mysql may be an alias of mariadb.
unit_id() {
  id=$(timeout 10 systemctl show -p Id --value -- "$1" 2>/dev/null </dev/null)
  id=${id:-$1}
  printf '%s\n' "${id%.service}"
}

# systemd_runs: whether systemd is this host's init and accepts commands. sd_booted(3) checks only the folder, which
# other programs make too.
systemd_runs() { [ -d /run/systemd/system ] && [ -S /run/systemd/private ]; }

# A command of a job begins with the word fence=JOB/SECONDS, and runs for so many seconds at most: the locks of the job on
# this host are dated with that, so that it can be seen for how long something of it may run. It is the time of
# /proc/uptime, since a clock may be set. A job that another jump host has taken up (host-fence.sh) does nothing more
# here. The lock is dated before that is looked at: what takes the job up looks at the lock last.
case ${1-} in
  fence=*/*)
    fence_job=${1#fence=} fence_seconds=${1##*/}
    fence_job=${fence_job%/*}
    shift
    read -r fence_up _ </proc/uptime
    for fence_lock in /run/reseed/lock /run/reseed/lock-*; do
      fence_owner=
      { read -r fence_owner <"$fence_lock"; } 2>/dev/null
      if [ "$fence_owner" = "$fence_job" ]; then touch -c -d "@$((${fence_up%.*} + fence_seconds))" "$fence_lock"; fi
    done
    if [ -e "/var/lib/reseed/fenced/$fence_job" ]; then
      fence_who=$(sed -n 2p "/var/lib/reseed/fenced/$fence_job")
      # By a cleaning, or an unlock: of this host alone.
      if [ "$(head -n 1 "/var/lib/reseed/fenced/$fence_job")" = clean ]; then
        printf 'further commands of the job are refused on this host by %s\n' "$fence_who" >&2
        exit 92
      fi
      printf 'its job was taken up by %s, and does nothing more on this host\n' "$fence_who" >&2
      exit 91
    fi
    ;;
esac
