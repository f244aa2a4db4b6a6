#!/bin/sh
# The work of a unit: a sshd of the job's own, on a free port, for one donor with one key and one command.
#   seed-door.sh FOLDER ADDRESS FIRST LAST DONOR      FOLDER has receive (seed-receive.sh), client.pub and host_key
# ADDRESS: where it listens; DONOR: the address that the donor comes from. Empty: any. FOLDER/port is written when it listens.
set -u
umask 077
folder=$1 address=$2 first=$3 last=$4 donor=$5
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
sshd=$(command -v sshd) || exit 69
# Where it drops its privileges, before anybody has logged in.
mkdir -p /run/sshd

configure() {
  cat <<CONFIG
Port $1
ListenAddress ${address:-0.0.0.0}
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
AllowUsers root${donor:+@$donor}
PermitRootLogin forced-commands-only
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PermitTTY no
PermitTunnel no
PermitUserRC no
PermitUserEnvironment yes
DisableForwarding yes
MaxStartups 4:50:10
MaxSessions 20
LoginGraceTime 10
ClientAliveInterval 5
ClientAliveCountMax 3
PidFile none
PrintMotd no
Ciphers aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com
CONFIG
}

rm -f "$folder/port" "$folder/said"
# sshd writes its title over its environment, by which a unit's processes are found where there is no systemd.
pid=
trap '[ -z "$pid" ] || kill "$pid"; exit 143' TERM
# bash reads the account's rc files for every command of a sshd, unless it looks like a shell in a shell.
printf 'restrict,environment="SHLVL=2",command="/bin/sh %s/receive" %s\n' "$folder" "$(cat "$folder/client.pub")" >"$folder/authorized_keys"
port=$first
while [ "$port" -le "$last" ]; do
  configure "$port" >"$folder/sshd_config"
  "$sshd" -D -e -f "$folder/sshd_config" 2>"$folder/said" &
  pid=$!
  # It says so when it listens, and ends when the port is somebody else's.
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
echo "no port is free from $first to $last"
exit 1
