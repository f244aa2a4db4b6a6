#!/bin/sh
# shellcheck disable=SC2034,SC2154  # use_pam, options, ciphers: listener-sshd.sh; declare_words assigns the words
# The channel of a seed by ssh. The target runs a sshd of the job's own. It accepts only the keys of this job: the
# donor's, and that of the target that passes data on to it. Each key may run one command.
#   seed-ssh.sh key folder=WAY                    on the donor: makes its key, and prints the public key
#   seed-ssh.sh listener folder=LISTENER address=ADDRESS first=FIRST last=LAST caller=CALLER...
#                                                 on the target, the work of a unit: listens on a free port
#   seed-ssh.sh meet folder=WAY address=ADDRESS   on the donor: reads `PORT KEY` from standard input, the port and host
#                                                 key of the listener, and writes WAY/call
# WAY and LISTENER are folders of the job on that host (seed-way.sh).
# LISTENER/peer: the public keys of the callers, a line each. LISTENER/receive: the one command (seed-receive.sh).
# The listener writes LISTENER/public, its own host key, and LISTENER/port once it listens.
# ADDRESS: what the callers connect to (listener-address.sh). FIRST, LAST: the ports to try. CALLER: the address that a
# caller comes from, or `any`.
# Prints nothing but the key. A listener that fails prints what sshd said, for the log of its unit.
# Ends with 0; 1 if a command failed, or no port is free; 3 if a word or the input was refused. The listener runs until
# it is ended (143 after SIGTERM); it ends with 69 if this host has no sshd.
set -u
umask 077
verb=$1
shift
case $verb in
  key) declare_words folder "$@" ;;
  listener) declare_words 'folder address first last caller...' "$@" ;;
  meet) declare_words 'folder address' "$@" ;;
  *) unknown_verb "$verb" ;;
esac
make_key() {
  [ -e "$1" ] || ssh-keygen -q -t ed25519 -N '' -C reseed -f "$1" || exit 1
}
# open_listener CALLER...
open_listener() {
  port=$first
  check_callers "$@"
  choose_address "$address" "$@"
  users=
  for each in "$@"; do if [ "$each" = any ]; then users="$users root"; else users="$users root@$each"; fi; done
  sshd=$(command -v sshd) || exit 69
  # The folder where it drops its privileges, before a login.
  mkdir -p /run/sshd
  make_key "$folder/host_key"
  cut -d ' ' -f 1,2 "$folder/host_key.pub" >"$folder/public"
  # bash reads the account's rc files for every command of a sshd, unless it looks like a shell within a shell.
  while IFS= read -r key; do
    printf 'restrict,environment="SHLVL=2",command="/bin/sh %s/receive" %s\n' "$folder" "$key"
  done <"$folder/peer" >"$folder/authorized_keys"
  rm -f "$folder/port" "$folder/said"
  choose_pam
  options=
  configure "$port" >"$folder/sshd_config"
  "$sshd" -t -f "$folder/sshd_config" 2>"$folder/said" || fail "this host's sshd does not take the job's settings: $(head -n 1 "$folder/said")"
  ! no_pam ||
    fail 'root is locked here (! in /etc/shadow), and this sshd knows no PAM: it would refuse every login'
  # Strangers can't use up the donor's connections: each address has a share, and none is blocked for another's
  # failures.
  add_option 'PerSourceMaxStartups 100'
  add_option 'PerSourcePenalties no'
  # sshd overwrites its environment with its title, and without systemd the environment identifies a unit's processes.
  pid=
  trap '[ -z "$pid" ] || kill "$pid"; exit 143' TERM
  while [ "$port" -le "$last" ]; do
    configure "$port" >"$folder/sshd_config"
    "$sshd" -D -e -f "$folder/sshd_config" 2>"$folder/said" &
    pid=$!
    # sshd reports when it listens, and ends if the port is in use.
    until grep -q '^Server listening' "$folder/said"; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    if kill -0 "$pid" 2>/dev/null; then
      echo "$port" >"$folder/port.part" && mv "$folder/port.part" "$folder/port"
      wait "$pid"
      exit
    fi
    cat "$folder/said"
    grep -q 'Address already in use' "$folder/said" || exit 1
    port=$((port + 1))
  done
  fail "no port is free from $first to $last"
}

# Only with our configuration: neither the account's settings nor its keys.
write_call() {
  read -r port key || fail 'the address of the listener did not come'
  case $port in *[!0-9]* | '' | ??????*) refuse 'where the target listens is no port' ;; esac
  printf '%s\n' "$key" | grep -aqxE 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5[A-Za-z0-9+/]{48}' || refuse 'the host key of the target has another form'
  printf '[%s]:%s %s\n' "$address" "$port" "$key" >"$folder/known_hosts"
  cat >"$folder/config" <<CONFIG
Host target
HostName $address
Port $port
User root
IdentityFile $folder/key
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile $folder/known_hosts
GlobalKnownHostsFile none
StrictHostKeyChecking yes
UpdateHostKeys no
BatchMode yes
ConnectTimeout 30
ServerAliveInterval 5
ServerAliveCountMax 3
ControlMaster auto
ControlPersist 60
Compression no
Ciphers $ciphers
CONFIG
  # A stream's connection is kept for its next task. Without a word it is hung up: one that does not answer is of no use to the next.
  cat >"$folder/call.part" <<CALL
mux=$folder/mux-\$1
if [ "\$1" = - ]; then mux=none; fi
shift
if [ \$# -gt 0 ]; then exec ssh -F $folder/config -S "\$mux" target "\$@"; fi
[ ! -S "\$mux" ] || exec ssh -F $folder/config -S "\$mux" -O exit target 2>/dev/null
CALL
  mv "$folder/call.part" "$folder/call"
}

case $verb in
  key)
    mkdir -p "$folder" || exit 1
    command -v ssh >/dev/null || fail 'there is no ssh here: the donor calls the target with it'
    make_key "$folder/key"
    cat "$folder/key.pub"
    ;;
  listener) eval "open_listener $caller" ;;
  meet) write_call ;;
esac
