#!/bin/sh
# The values that a server would read at its next start, whether it runs or is down. The unit has the command line of
# the program, and the program itself prints how it reads that and its option files: only it knows which groups it reads
# ([mysqld-9.7], [mysqld@prod], ...). A fragment of probe.sh, check.sh, follow-log.sh, seed-facts.sh and seed-proof.sh.
# Reads only.

# server_unit NAME: the server's unit; NAME empty: the first of the usual names that systemd knows. Where the inventory has a socket or an option file for it ($socket, $defaults_file), that of the
# unit whose server has this socket or this datadir: with two servers on a host the first is the other's. Nothing: no unit is known to be its. Ends with 2, and
# nothing, where that place is not known (wanted_place): a unit with a usual name may be the other server's.
server_unit() {
  if [ -z "$1" ]; then wanted_place; else false; fi
  placed=$?
  if [ "$placed" = 2 ]; then return 2; fi
  if [ "$placed" != 0 ]; then
    for one in ${1:-mysql mysqld mariadb}; do
      if [ "$(timeout 5 systemctl show -p LoadState --value -- "$one" 2>/dev/null </dev/null)" = loaded ]; then echo "$one" && return; fi
    done
    echo "${1:-mysql}"
    return
  fi
  doubtful='' all_known=0
  for one in $(known_units); do
    starts_wanted "$one"
    case $? in
      0) echo "$one" && return ;;
      1) all_known=$((all_known + 1)) ;;
      2) all_known=$((all_known + 1)) doubtful=$one ;;
    esac
  done
  if [ "$all_known" = 1 ]; then printf '%s\n' "$doubtful"; fi
}
# known_units: the units here that may start a server, by their names.
known_units() {
  timeout 5 systemctl show -p Id -p LoadState -- mysql mysqld mariadb '*mysql*.service' '*maria*.service' '*percona*.service' 2>/dev/null </dev/null |
    awk '/^Id=/ { id = substr($0, 4); sub(/\.service$/, "", id) } /^LoadState=/ { state = $0 } /^$/ { tell() } END { tell() }
      function tell() { if (state == "LoadState=loaded" && id != "" && !told[id]++) print id; id = state = "" }'
}
# wanted_place: sets wanted_socket and wanted_datadir, as the inventory has them: its socket, and what its option file says to servers; else the socket that this says to
# clients. 1: it has neither. 2: its option file could not be read (a program that is late, refused or not there), and says `unplaced` why: what is told apart by that
# place alone is not known then, and not that of the one server that runs, or of a usual name. Asked once; `place_status` empty: asked again.
wanted_place() {
  if [ -z "${place_status-}" ]; then
    find_place
    place_status=$?
  fi
  return "$place_status"
}
find_place() {
  wanted_socket=${socket-} wanted_datadir='' unplaced=''
  if [ -n "${defaults_file-}" ]; then
    if ! own_options=$(options_of_servers); then
      unplaced=$(printf '%s\n' "$own_options" | grep -v '^--' | grep . | tail -n 1)
      [ -n "$wanted_socket" ] || return 2
      own_options='' unplaced=''
    fi
    wanted_datadir=$(printf '%s\n' "$own_options" | sed -n 's/^--datadir=//p' | tail -n 1)
    wanted_socket=${wanted_socket:-$(printf '%s\n' "$own_options" | sed -n 's/^--socket=//p' | tail -n 1)}
    # A file for all servers of a host tells of the one that [mysqld] is: with another socket in the inventory, that is not this one.
    if [ -n "${socket-}" ] && [ "$(readlink -m -- "$(printf '%s\n' "$own_options" | sed -n 's/^--socket=//p' | tail -n 1)")" != "$(readlink -m -- "$socket")" ]; then
      wanted_datadir=''
    fi
    case $wanted_socket in
      '')
        if ! wanted_socket=$(socket_of_login) && [ -z "$wanted_datadir" ]; then
          unplaced=${late_options:?}
          return 2
        fi
        ;;
      /*) ;;
      *) wanted_socket=${wanted_datadir:+${wanted_datadir%/}/$wanted_socket} ;;
    esac
  fi
  [ -n "$wanted_socket$wanted_datadir" ]
}
# options_of_servers: what the inventory's option file says to servers. Fails with the reason as the last line: with its own words where the program was refused.
options_of_servers() {
  # MySQL's does not know --mysqld.
  for groups in --mysqld 'mysqld server'; do
    # shellcheck disable=SC2086,SC2154  # words; the prelude's
    printed=$(as_root "$options_seconds" my_print_defaults "--defaults-file=$defaults_file" $groups 2>&1 </dev/null)
    printed_status=$?
    case $printed_status in 0 | 124 | 126 | 127 | 137) break ;; esac
  done
  printf '%s\n' "$printed"
  case $printed_status in
    0)
      # One that others may write to is left out, with a warning.
      case $printed in *"$defaults_file' is ignored"*) return 1 ;; esac
      ;;
    124 | 137) echo "my_print_defaults did not say within $options_seconds s what $defaults_file says" && return 1 ;;
    127) echo "there is no my_print_defaults that could say what $defaults_file says" && return 1 ;;
    *) echo "my_print_defaults does not say what $defaults_file says${printed:+: $(printf '%s\n' "$printed" | tail -n 1)}" && return 1 ;;
  esac
}
# socket_of_login: what the inventory's option file says to a client that logs in by a socket: by TCP it reads none, and an old line stays.
socket_of_login() {
  told=$(options_of_client "$defaults_file") || case $? in 124 | 137) return 1 ;; esac
  case $(printf '%s\n' "$told" | sed -n 's/^--protocol=//p' | tail -n 1):$(printf '%s\n' "$told" | sed -n 's/^--host=//p' | tail -n 1) in
    [Tt][Cc][Pp]:*) ;;
    *: | *:localhost) printf '%s\n' "$told" | sed -n 's/^--socket=//p' | tail -n 1 ;;
  esac
}
# has_its_words: whether a command line (unit_words, on standard input) names the inventory's own option file or socket.
has_its_words() { grep -qxF -e "word --defaults-file=${defaults_file:-?}" -e "word --socket=${socket:-?}"; }
# other_place UNIT DATADIR: says why the unit's server, which has its data there, is not the one of the inventory's option file, or why that is not known. Fails
# where it is that one, or nothing tells them apart.
other_place() {
  [ -n "${defaults_file-}" ] || return 1
  if unit_properties "$1" | unit_words | has_its_words; then return 1; fi
  wanted_place
  case $? in
    0)
      if [ -z "$wanted_datadir" ] || [ "$(readlink -m -- "$2")" = "$(readlink -m -- "$wanted_datadir")" ]; then return 1; fi
      echo "the unit $1 starts a server with its data in $2, and mysql.defaultsFile ($defaults_file) has $wanted_datadir"
      ;;
    1) return 1 ;;
    2) echo "whether the unit $1, whose server has its data in $2, starts the server of mysql.defaultsFile is not known: $unplaced" ;;
  esac
}
# starts_wanted UNIT: whether its server has the place of wanted_place. 1: another one; 2: that is unknown; 3: it starts no server.
starts_wanted() {
  starts=$(unit_properties "$1" | unit_words)
  case $starts in 'unknown '*) case $1 in mysql | mysqld | mariadb) return 2 ;; *) return 3 ;; esac ;; esac
  if printf '%s\n' "$starts" | has_its_words; then return 0; fi
  starts=$(server_reads "$1" 10 'datadir|socket') || return 2
  its_datadir=$(printf '%s\n' "$starts" | sed -n 's/^datadir //p')
  its_socket=$(printf '%s\n' "$starts" | sed -n 's/^socket //p')
  case $its_socket in /*) ;; *) its_socket=${its_datadir%/}/$its_socket ;; esac
  if [ -n "$wanted_datadir" ]; then [ "$(readlink -m -- "$its_datadir")" = "$(readlink -m -- "$wanted_datadir")" ] || return 1; fi
  if [ -n "$wanted_socket" ]; then [ "$(readlink -m -- "$its_socket")" = "$(readlink -m -- "$wanted_socket")" ] || return 1; fi
}
# is_wanted PID: whether that process is the server with the place of the inventory: it has its words, or listens at its socket, or works in its datadir. 1: it is another
# one; 2: that is unknown, as while it starts; 3: the place itself is not known.
is_wanted() {
  case "$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") " in
    *" --defaults-file=${defaults_file:-?} "* | *" --socket=${socket:-?} "*) return 0 ;;
  esac
  wanted_place
  case $? in 1) return 2 ;; 2) return 3 ;; esac
  if [ -n "$wanted_socket" ]; then
    listens_at "$1" "$wanted_socket"
    case $? in 0) return 0 ;; 1) return 1 ;; esac
  fi
  [ -n "$wanted_datadir" ] || return 2
  its_folder=$(readlink -- "/proc/$1/cwd")
  case $its_folder in '' | /) return 2 ;; esac
  if [ "$(folder_id "/proc/$1/cwd")" = "$(folder_id "$wanted_datadir")" ]; then return 0; fi
  # Of a container.
  if [ "$its_folder" = "$(readlink -m -- "$wanted_datadir")" ]; then return 2; fi
  return 1
}
# listens_at PID SOCKET: whether that process listens there. 1: at others alone; 2: at none, or this account may not see it.
listens_at() {
  listened=$(unix_listened "$1")
  [ -n "$listened" ] || return 2
  socket_id=$(folder_id "$2")
  printf '%s\n' "$listened" | while IFS= read -r at_path; do
    case $at_path in @*) continue ;; /*) ;; *) at_path=$(readlink -- "/proc/$1/cwd")/$at_path ;; esac
    if [ "$(readlink -m -- "$at_path")" = "$(readlink -m -- "$2")" ] && ! sees_other "$1" "$at_path"; then echo there; fi
    if [ -n "$socket_id" ] && [ "$(folder_id "/proc/$1/root$at_path")" = "$socket_id" ]; then echo there; fi
  done | grep -q there
}

# unit_in CGROUPS: the unit of a process, from its /proc/PID/cgroup, without `.service`; empty: none. Those below user.slice, or below another unit, are
# not of the host's own systemd: each account may name units of its own as it likes.
unit_in() { printf '%s\n' "$1" | sed -n '\,/user\.slice/,d; \,\.service/,d; s|.*/\([^/]*\)\.service$|\1|p' | head -n 1; }
# service_of PID: the same, if that unit starts servers. Accounts have others run what they like (cron, atd): a stop would stop all of it.
service_of() { runs_it=$(unit_in "$(cat "/proc/$1/cgroup" 2>/dev/null)") && starts_server "$runs_it" "$1" && echo "$runs_it"; }
# starts_server UNIT PID: it has a server's name, or is the one that was asked for; or its main process is that one, or a shell or a wrapper of servers that is the parent of it, or an ancestor where
# the unit's own command line starts a server. What runs other programs too (supervisord) is no unit of a server: a stop would stop all of them. One without a main
# process ran a program that has ended, as root has set it up.
starts_server() {
  case $1 in
    '') return 1 ;;
    *mysql* | *maria* | *percona* | "${service-}" | "${unit-}") return 0 ;;
  esac
  main_process=$(timeout 5 systemctl show -p MainPID --value -- "$1.service" 2>/dev/null </dev/null)
  case $main_process in 0 | "$2") return 0 ;; '' | *[!0-9]*) return 1 ;; esac
  above=$(stat_of "$2" 2)
  if [ "$above" = "$main_process" ]; then
    # An upgrade may have replaced the shell meanwhile.
    above_program=$(readlink "/proc/$above/exe")
    case ${above_program% (deleted)} in */sh | */bash | */dash | */ksh* | */busybox | */mysqld_safe | */mariadbd-safe) return 0 ;; esac
  fi
  case $(unit_properties "$1" | unit_words) in 'unknown '*) return 1 ;; esac
  generations=0
  while [ "${above:-0}" -gt 1 ] && [ "$generations" -lt 5 ]; do
    if [ "$above" = "$main_process" ]; then return 0; fi
    above=$(stat_of "$above" 2) generations=$((generations + 1))
  done
  return 1
}

# is_of_unit NAME DATADIR: whether the server with the datadir DATADIR may be the unit's: it runs in that unit, or in
# none with a server's name (started by hand) and with the datadir that the inventory's option file names. With two servers on a host the other one may have answered. NAME empty:
# any is, but one with another datadir. Where it fails since that datadir is not known, `unplaced` says why.
is_of_unit() {
  is_elsewhere=''
  if [ -n "${defaults_file-}" ]; then
    wanted_place
    case $? in
      0) if [ -n "$wanted_datadir" ] && [ "$(readlink -m -- "$2")" != "$(readlink -m -- "$wanted_datadir")" ]; then is_elsewhere=yes; fi ;;
      2) is_elsewhere=unknown ;;
    esac
  fi
  if [ -z "$1" ]; then
    [ "$is_elsewhere" != yes ]
    return
  fi
  for process in $(servers_in "$2"); do
    runs_in=$(service_of "$process")
    case $runs_in in
      "${1%.service}") return 0 ;;
      *mysql* | *mariadb*) [ "$(timeout 5 systemctl show -p Id --value -- "$1" 2>/dev/null </dev/null)" = "$runs_in.service" ] || return 1 ;;
    esac
  done
  [ -z "$is_elsewhere" ]
}

unit_properties() {
  systemctl show -p LoadState -p ExecStart -p Environment -p EnvironmentFiles -p User -p Group -p SupplementaryGroups -p RootDirectory -p RootImage -- "$1" 2>/dev/null
}
# unit_property NAME: of what unit_properties said, on standard input.
unit_property() { sed -n "s/^$1=//p" | tail -n 1; }

# unit_words: the output of unit_properties on standard input -> the server's command line, each on a line: `program
# PATH`, `word WORD`, and `env NAME=VALUE` for what the server looks for there. Variables are filled in as systemd and
# sh do. Otherwise `unknown WHY`.
unit_words() {
  properties=$(cat)
  {
    systemctl show-environment 2>/dev/null | sed 's/^/file /'
    printf '%s\n' "$properties" | sed 's/^/unit /'
    printf '%s\n' "$properties" | sed -n 's/^EnvironmentFiles=\(.*\) (ignore_errors=.*)$/\1/p' | while read -r file; do
      # A glob is expanded by systemd, and reading a pipe would never end.
      for one in $file; do if [ -f "$one" ]; then sed 's/^/file /' "$one"; fi; done
    done
  } | awk '
    function base(path) { sub(/.*\//, "", path); return path }
    # Splits a text in quotes into parts, as systemd and sh do; returns their number.
    function cut(text, parts,    n, i, c, quote, held, open) {
      n = 0; held = ""; open = 0; quote = ""
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "\\" && quote != "\x27") { i++; held = held substr(text, i, 1); open = 1 }
        else if (quote != "") { if (c == quote) quote = ""; else held = held c }
        else if (c == "\"" || c == "\x27") { quote = c; open = 1 }
        else if (c == " " || c == "\t") { if (open) { parts[++n] = held; held = ""; open = 0 } }
        else { held = held c; open = 1 }
      }
      if (open) parts[++n] = held
      return n
    }
    function set(pair,    at) { at = index(pair, "="); if (at > 1) value[substr(pair, 1, at - 1)] = substr(pair, at + 1) }
    function unknown(why) { print "unknown " why; exit_said = 1; exit }
    # A word with its variables filled in.
    function fill(word,    out, name, found) {
      out = ""
      while (match(word, /\$(\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_][A-Za-z0-9_]*)/)) {
        name = substr(word, RSTART + 1, RLENGTH - 1)
        gsub(/[{}]/, "", name)
        found = (name in value) ? value[name] : ""
        # MariaDB asks Galera for a position there. Other values that a shell computes are unknown to us.
        if (!(name in value) && in_shell && command ~ ("(^|[ ;(&|])" name "=") && command !~ /galera_recovery/) { odd = name }
        out = out substr(word, 1, RSTART - 1) found
        word = substr(word, RSTART + RLENGTH)
      }
      return out word
    }
    # In a file of variables the last line counts, with a value in quotes or without.
    /^file / { line = substr($0, 6); sub(/^[ \t]*/, "", line)
      if (line ~ /^[A-Za-z_][A-Za-z0-9_]*=/) { at = index(line, "="); text = substr(line, at + 1); sub(/[ \t]+$/, "", text)
        if (text ~ /^\$?\x27.*\x27$/ || text ~ /^".*"$/) { sub(/^\$/, "", text); text = substr(text, 2, length(text) - 2) }
        value[substr(line, 1, at - 1)] = text } }
    /^unit Environment=/ { n = cut(substr($0, 18), pairs); for (i = 1; i <= n; i++) set(pairs[i]) }
    # With @ before it, a program is given another name than its own.
    /^unit ExecStart=/ { path = $0; sub(/^.*\{ path=/, "", path); sub(/ ; argv\[\]=.*$/, "", path)
      command = $0; sub(/^.*argv\[\]=/, "", command); sub(/ ; ignore_errors=.*$/, "", command) }
    END {
      if (exit_said) exit
      if (command == "") unknown("it has no command line")
      n = split(command, token, " ")
      if (base(path) ~ /^(mysqld|mariadbd|mysqld-debug)$/) token[1] = path
      in_shell = base(token[1]) ~ /^(sh|bash|dash|ksh)$/
      for (i = 1; i <= n && !at_program; i++) {
        plain = token[i]; gsub(/["\x27]/, "", plain)
        if (base(plain) ~ /^(mysqld|mariadbd|mysqld-debug|mysqld_safe|mariadbd-safe|safe_mysqld)$/) { at_program = i; program = plain }
      }
      if (!at_program) unknown("it starts " token[1] ", which is no server")
      out = "program " program "\n"
      for (i = at_program + 1; i <= n; i++) {
        word = token[i]
        if (in_shell) {
          if (word ~ /^[0-9]*[;&|<>)]/) break
          if (word ~ /`|\$\(/) unknown("its words are computed by a shell: " word)
          last = sub(/[;)]+$/, "", word)
          gsub(/["\x27]/, "", word)
        }
        whole = word ~ /^\$[A-Za-z_]/ || (in_shell && word ~ /\$/)
        word = fill(word)
        if (odd != "") unknown("its words are computed by a shell: $" odd)
        if (whole) { count = cut(word, parts); for (j = 1; j <= count; j++) out = out "word " parts[j] "\n" }
        else out = out "word " word "\n"
        if (in_shell && last) break
      }
      for (name in value) if (name ~ /^(MYSQL_HOME|MARIADB_HOME|MYSQL_GROUP_SUFFIX|LD_LIBRARY_PATH)$/) out = out "env " name "=" value[name] "\n"
      printf "%s", out
    }'
}

# Of packages: those of RHEL have it in a folder that is in no PATH.
installed_programs='mysqld
mariadbd
/usr/libexec/mysqld
/usr/libexec/mariadbd'
# first_path PROGRAM...: the path of the first that is there; nothing: none is.
first_path() {
  for one in "$@"; do
    if command -v "$one"; then return; fi
  done
}
# beside_wrapper PATH: where a mysqld_safe outside of /usr/bin looks first.
beside_wrapper() {
  case $1 in /usr/bin/* | /bin/*) return ;; /*/*) ;; *) return ;; esac
  of=${1%/*} of=${of%/*}
  for folder in bin libexec sbin; do printf '%s\n' "$of/$folder/mysqld" "$of/$folder/mariadbd"; done
}

# server_program UNIT DATADIR: the path of the program that the unit starts; else of the one that works in DATADIR, as root or its owner; else of an installed
# one. A host may have several. UNIT may be empty. Nothing: none is known.
server_program() (
  if [ -n "$1" ]; then
    found=$(meet_unit "$1" >/dev/null && command -v "$program")
    case $found in /*) printf '%s\n' "$found" && exit ;; esac
  fi
  for process in $(trusted_in "$2"); do
    found=$(readlink "/proc/$process/exe") || continue
    case $found in *[!A-Za-z0-9._/+-]*) continue ;; esac
    if [ -x "$found" ]; then printf '%s\n' "$found" && exit; fi
  done
  # shellcheck disable=SC2086  # a word a line
  first_path $installed_programs
)

# meet_unit UNIT: sets what the unit starts: program, files (the words that name option files), words (all others),
# environment, user and group, a word a line each. Ends the shell with 1 and the reason if that is unknown. For a shell
# of its own, without globs.
meet_unit() {
  properties=$(unit_properties "$1")
  unknown() { printf '%s\n' "$1"; exit 1; }
  # silent_for PROGRAM STATUS: one that was given up has said nothing, which is no answer.
  silent_for() {
    case $2 in
      124 | 137) unknown "$1 did not say within $options_seconds s what option files say" ;;
      126) unrooted_program "$1" || exit 1 ;;
    esac
  }
  property() { printf '%s\n' "$properties" | unit_property "$1"; }
  if [ -z "$1" ]; then unknown "which unit starts it is not known${unplaced:+ ($unplaced)}: set mysql.service"; fi
  case $(property LoadState) in
    loaded) ;;
    masked) unknown "the unit $1 is masked: systemd tells nothing of it" ;;
    *) unknown "systemd knows no unit $1" ;;
  esac
  if [ -n "$(property RootDirectory)$(property RootImage)" ]; then unknown "the unit $1 works in a root of its own"; fi
  told=$(printf '%s\n' "$properties" | unit_words)
  case $told in 'unknown '*) unknown "the unit $1: ${told#unknown }" ;; esac
  program=$(printf '%s\n' "$told" | sed -n 's/^program //p')
  user=$(property User) group=$(property Group)

  # A word with a blank is one word.
  set -f
  IFS='
'
  # shellcheck disable=SC2046  # a word a line
  set -- $(printf '%s\n' "$told" | sed -n 's/^word //p')
  environment=$(printf '%s\n' "$told" | sed -n 's/^env //p')
  files='' beside=''
  while [ $# -gt 0 ]; do
    case $1 in --defaults-* | --no-defaults) files="$files$1$IFS" && shift ;; *) break ;; esac
  done
  case ${program##*/} in
    *safe*)
      # Not for ever, as for a FIFO among the option files.
      # shellcheck disable=SC2086  # a word a line
      given=$(as_root "$options_seconds" my_print_defaults $files mysqld_safe safe_mysqld mariadb_safe mariadbd-safe 2>/dev/null) || silent_for my_print_defaults $?
      given="$files$given$IFS$(printf '%s\n' "$@")"
      case $given in *--ledir=* | *--mysqld=* | *--mysqld-version=*) unknown "the unit starts ${program##*/} with a server of its own" ;; esac
      # shellcheck disable=SC2046  # a word a line
      beside=$(first_path $(beside_wrapper "$program"))
      # shellcheck disable=SC2086  # a word a line
      program=${beside:-$(first_path $installed_programs)}
      # The others are of the wrapper alone.
      # shellcheck disable=SC2046  # the same
      set -- $(printf '%s\n' "$given" | grep -E '^--(basedir|datadir|user|log[-_]error|pid[-_]file|port|socket|plugin[-_]dir)=')
      ;;
  esac
  command -v "$program" >/dev/null || unknown "there is no $program"

  if [ "$(id -u)" = 0 ]; then
    if [ -z "$user" ] || [ "$user" = root ]; then
      # Old pages gave the whole folder of a tarball to the account of its server, which could put any program there.
      others=$(others_of_program "$(command -v "$program")") ||
        unknown "the unit starts $program as root, which is not asked what it reads: $others, or give its unit User="
      # A server that root starts reads its option files as root, and then becomes this account.
      # shellcheck disable=SC2086  # a word a line
      read_by_root=$(timeout --foreground -k 1 5 "$program" $files --print-defaults </dev/null 2>/dev/null) || silent_for "$program" $?
      user=$(printf '%s\n' "$read_by_root" "$@" | tr ' ' '\n' | sed -n 's/^--user=//p' | tail -n 1)
      user=${user:-mysql}
    fi
    id -u "$user" >/dev/null 2>&1 || unknown "there is no account $user, which the server runs as"
  fi
  words=$(printf '%s\n' "$@")
}

# unit_account UNIT: the account of the unit's server: UID:GID, a blank, and the numbers of all of its groups with
# commas between. Empty if that is unknown, or is root.
unit_account() (
  meet_unit "$1" >/dev/null
  uid=$(id -u "$user")
  if [ "$uid" = 0 ]; then exit; fi
  groups=$(
    id -G "$user" | tr ' ' '\n'
    for one in $(property SupplementaryGroups | tr ' ' '\n') ${group:+"$group"}; do getent group "$one" | cut -d : -f 3; done
  )
  gid=$(id -g "$user")
  if [ -n "$group" ]; then gid=$(getent group "$group" | cut -d : -f 3); fi
  printf '%s:%s %s\n' "$uid" "${gid:?}" "$(printf '%s\n' "$groups" | sort -nu | paste -sd ,)"
)

# stand_in UNIT SECONDS: meet_unit, and then `in_its_place WORD...`, which runs the unit's program as systemd would, as its account, with the words
# that name its option files. For a shell of its own.
stand_in() {
  seconds=$2
  meet_unit "$1"
  as_server() { timeout --foreground -k 1 "$seconds" "$@"; }
  if [ "$(id -u)" = 0 ]; then
    as_server() { as_account "$user:${group:-$(id -gn "$user")}" timeout --foreground -k 1 "$seconds" "$@"; }
    home=$(getent passwd "$user" | cut -d : -f 6)
  fi
  # Only what systemd would give it.
  # shellcheck disable=SC2086  # a word a line
  in_its_place() { as_server env -i "PATH=$PATH" LC_ALL=C "HOME=${home:-/}" $environment "$program" $files "$@" </dev/null; }
  cd /
  if [ -n "${read_by_root:-}" ] && [ "$(in_its_place --print-defaults 2>/dev/null)" != "$read_by_root" ]; then
    unknown "$user may not read all option files of the server, which root starts"
  fi
}
# options_given: the options of its option files, and after them those of its unit, a line each: --NAME=VALUE. After stand_in. Fails if the program
# does not tell the former.
options_given() {
  listed=$(in_its_place --print-defaults 2>/dev/null)
  is_listed=$?
  printf '%s\n' "$listed" | tr ' ' '\n'
  printf '%s\n' "$words"
  return "$is_listed"
}

# server_reads UNIT SECONDS NAMES: the values that the unit's server would have of NAMES (`datadir|log_error`), each on
# a line: name, a blank, value. A switch is ON or OFF; an option without a value is empty. Ends with 1 and the reason if
# that is unknown. SECONDS: how long the server program may take to answer.
server_reads() (
  names=$3
  stand_in "$1" "$2"
  # shellcheck disable=SC2086  # a word a line
  set -- $words
  said=$(in_its_place "$@" --verbose --help 2>/dev/null)
  case $? in
    0) ;;
    124 | 137) unknown "$program did not say within $seconds s what it reads" ;;
    # The value of an option may be a secret.
    *) unknown "$program does not take its options: $(in_its_place "$@" --verbose --help 2>&1 >/dev/null | sed 's/=.*//' | grep . | tail -n 1)" ;;
  esac
  # Options that the program knows only once a plugin is loaded are read from its option files. And a MySQL that is
  # asked for help prints `stderr` for its error log, whatever it reads.
  {
    printf '%s\n' "$said"
    echo '@words'
    options_given
  } | NAMES=$names awk '
    /^@words$/ { table = 0; words = 1; next }
    words {
      if (!sub(/^--(loose[-_])?/, "")) next
      at = index($0, "="); name = at ? substr($0, 1, at - 1) : $0; gsub(/-/, "_", name)
      if (name ~ ("^(" ENVIRON["NAMES"] ")$") && (name == "log_error" || !(name in value_of))) option[name] = at ? substr($0, at + 1) : "ON"
      next
    }
    /^-+ -+$/ { table = 1; next }
    !table { next }
    /^$/ { table = 0; next }
    { name = $1; gsub(/-/, "_", name) }
    name ~ ("^(" ENVIRON["NAMES"] ")$") {
      value = $0; sub(/^[^ ]+ */, "", value); sub(/ +$/, "", value)
      if (value == "(No default value)" || name == "log_error") value = ""
      if (value == "TRUE") value = "ON"
      if (value == "FALSE") value = "OFF"
      value_of[name] = value
      said = 1
    }
    END {
      for (name in value_of) if (!(name in option)) print name " " value_of[name]
      for (name in option) print name " " option[name]
      exit !said
    }' || unknown "$program did not say what it reads"
)
