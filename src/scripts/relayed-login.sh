#!/bin/sh
# The login of a program that runs without root's rights, where the server knows root by its uid (unix_socket, auth_socket): by a socket that passes each
# connection on as root. A fragment of seed-backup.sh. The program's account owns the server, and gains nothing by it.
relaying=''

# In perl, which every package of a server depends on, without its modules. TO: the socket of the server; UIDS: the accounts one of which has to listen there, with commas
# between. The account could have put a link to another socket in its place, whose program obeys root: so root is none of them, though systemd may listen for a server.
# Makes `socket` in the working directory, and says `ready`. Ends with the process that began it. The account may connect as often as it likes, and each connection is a
# process of root's, which no limit of the account counts: at most 64 are passed on at a time.
# shellcheck disable=SC2016  # of perl
relay_connections='my ($to, $uids) = @ARGV;
my %trusted = map { $_ => 1 } split /,/, $uids;
my $began = getppid;
my $children = 0;
my ($listener, $server);
my $credentials = eval { require Socket; Socket::SO_PEERCRED() } || 17;
# All may connect who can enter the folder.
umask 0;
socket($listener, 1, 1, 0) && bind($listener, pack("S a*", 1, "socket")) && listen($listener, 16) or die "no socket can be made: $!\n";
$SIG{PIPE} = "IGNORE";
syswrite STDOUT, "ready\n";
open STDOUT, ">", "/dev/null";
while (getppid == $began) {
  # 1: without waiting.
  $children-- while waitpid(-1, 1) > 0;
  if ($children >= 64) { select undef, undef, undef, 0.1; next }
  vec(my $asked = "", fileno $listener, 1) = 1;
  select($asked, undef, undef, 1) > 0 && accept(my $program, $listener) or next;
  my $child = fork;
  if (!defined $child || $child) { $children++ if $child; close $program; next }
  close $listener;
  socket($server, 1, 1, 0) && connect($server, pack("S a*", 1, $to)) or die "no connection by $to: $!\n";
  my (undef, $listens) = unpack "i I", getsockopt($server, 1, $credentials) || "";
  defined $listens or die "which account listens at $to is unknown\n";
  if (!$trusted{$listens}) {
    die "root listens at $to (systemd, or another program), and gets no login: set mysql.defaultsFile, with host=127.0.0.1 and a password\n" if $listens == 0;
    die getpwuid($listens) || $listens, " listens at $to, neither the account of the datadir nor of its server: set mysql.socket to the server\x27s\n";
  }
  my %other = (fileno $program, $server, fileno $server, $program);
  my %own = (fileno $program, $program, fileno $server, $server);
  while (1) {
    my $all = "";
    vec($all, $_, 1) = 1 for keys %own;
    select(my $come = $all, undef, undef, undef) > 0 or next;
    for (keys %own) {
      next if !vec $come, $_, 1;
      sysread($own{$_}, my $bytes, 65536) or exit;
      while (length $bytes) { substr($bytes, 0, syswrite($other{$_}, $bytes) || exit) = "" }
    }
  }
}'

# begin_relay FOLDER TO UIDS ERRORS: FOLDER/socket, of which ERRORS has the causes of connections that failed. Fails if it is not there. end_relay ends it.
begin_relay() {
  mkfifo "$1/ready" || return
  # Its errors are as many as the account likes.
  (cd -P -- "$1" && ulimit -f 128 && exec perl -e "$relay_connections" "$2" "$3") >"$1/ready" 2>"$4" 8>&- 9>&- &
  relaying=$!
  read -r ready <"$1/ready"
  [ "${ready:-}" = ready ]
}
end_relay() {
  [ -z "$relaying" ] || kill "$relaying" 2>/dev/null
  relaying=''
}
