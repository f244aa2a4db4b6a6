#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The donor's side of a seed by MySQL's CLONE: its plugin, and an account of the job that may clone.
#   seed-clone-donor.sh VERB defaults_file=FILE socket=SOCKET job=JOB     both empty: where mysql itself looks
#   load      installs the plugin clone, if it is not there
#   unload    removes it, if this job has installed it: /var/lib/reseed/before/JOB-clone-plugin tells
#   account   makes the account reseed_JOB, which may only clone, by TLS, and is locked: no one knows its password
#   open      from standard input the hash of the password that the target has chosen, in hexadecimal: unlocks the account with it. Says the
#             certificate of the authority (ssl_ca) that this server's own is of: the target accepts no other server
#   remove    ends what still clones by the account, and removes it
# Each can be repeated. Nothing of it goes into a binary log. A replica with super_read_only has it OFF for each statement; read_only
# stays as it is. If that is interrupted, /run/reseed/JOB/super-read-only tells the next verb to switch it ON again, unless the server was restarted or
# takes writes by now.
set -u
umask 077
verb=$1
shift
case $verb in
  load | unload | account | open | remove) ;;
  *) unknown_verb "$verb" ;;
esac
declare_words 'defaults_file socket job' "$@"
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
account="'reseed_$job'@'%'"
owed=/run/reseed/$job/super-read-only
installed=/var/lib/reseed/before/$job-clone-plugin

# say SQL: the rows of its answer, without the names of the columns.
say() {
  said=$(say_statements "$defaults_file" "$socket" "$1") || return
  printf '%s\n' "$said" | sed 1d
}
restore() {
  close_super "$defaults_file" "$socket" "$owed" || exit 1
  rmdir "/run/reseed/$job" 2>/dev/null
  return 0
}
# change SQL: in a session that logs nothing.
change() {
  if [ "$(say 'SELECT @@GLOBAL.super_read_only')" = 1 ]; then
    mkdir -p "/run/reseed/$job" && open_super "$defaults_file" "$socket" "$owed" || exit 1
  fi
  say "SET SESSION sql_log_bin = 0; $1" >/dev/null
  changed=$?
  restore
  [ "$changed" = 0 ] || exit "$changed"
}
has_plugin() { [ "$(say "SELECT COUNT(*) FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'clone'")" != 0 ]; }
install() {
  make_in_shared "$installed" && sync "$installed" "${installed%/*}" || exit 1
  change "INSTALL PLUGIN clone SONAME 'mysql_clone.so'"
}
uninstall() {
  if [ ! -e "$installed" ]; then
    ! has_plugin || echo 'the plugin clone stays: the job did not install it'
    return
  fi
  ! has_plugin || change 'UNINSTALL PLUGIN clone'
  rm -f "$installed"
  rmdir "${installed%/*}" 2>/dev/null
}

# Read as the account of the server: it may have put a link there.
tell_authority() {
  file=$(say 'SELECT @@GLOBAL.ssl_ca') datadir=$(say 'SELECT @@GLOBAL.datadir')
  case $file in '' | NULL) refuse 'the server has no ssl_ca: a target could not tell it from another server' ;; esac
  cd -P -- "$datadir" || exit 1
  as_account "$(stat -c %U:%G .)" head -c 65536 -- "$file"
}

restore
case $verb in
  load) has_plugin || install ;;
  unload) uninstall ;;
  account)
    change "CREATE USER IF NOT EXISTS $account IDENTIFIED WITH caching_sha2_password BY RANDOM PASSWORD REQUIRE SSL ACCOUNT LOCK; GRANT BACKUP_ADMIN ON *.* TO $account"
    ;;
  open)
    hash=$(head -c 1000)
    case $hash in *[!0-9A-F]* | '') refuse 'no hash of a password came' ;; esac
    change "ALTER USER $account IDENTIFIED WITH caching_sha2_password AS 0x$hash ACCOUNT UNLOCK"
    tell_authority
    ;;
  remove)
    ends=$(say "SELECT CONCAT('KILL ', ID, ';') FROM information_schema.PROCESSLIST WHERE USER = 'reseed_$job'") || exit 1
    # One that has ended meanwhile is an error of KILL.
    printf '%s\n' "$ends" | while read -r end; do [ -z "$end" ] || say "$end" 2>/dev/null; done
    change "DROP USER IF EXISTS $account"
    ;;
esac
exit 0
