#!/bin/sh
# The two ends of the channel, prepared: nothing of it leaves /run, and the private keys never leave the host that made them.
#   seed-way.sh key  FOLDER TARGET            on the donor: says the public key that it will come with
#   seed-way.sh open FOLDER MARK              on the target: takes the donor's public key, a line, and seed-receive.sh on
#                                             standard input, to the line #MARK
#   seed-way.sh port FOLDER                   on the target, once the unit runs: says the port and the public key of the host
#   seed-way.sh meet FOLDER TARGET ADDRESS    on the donor: takes `PORT KEY` on standard input, and proves the way
#   seed-way.sh list|sums FOLDER TARGET       on the donor: sends what seed-list.sh, seed-sums.sh made
#   seed-way.sh limit FOLDER BYTES            on the donor: bytes a second for all streams together; 0: no limit
#   seed-way.sh shut FOLDER                   on the donor: the folder is gone, and the keys in it
# FOLDER is the job's on that host. Each may be said twice.
set -u
umask 077
export LC_ALL=C
verb=$1 folder=$2
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
fail() { printf '%s\n' "$1" >&2; exit 1; }

make_key() {
  [ -e "$1" ] || ssh-keygen -q -t ed25519 -N '' -C reseed -f "$1" || exit 1
}
# Only what we configured: neither the account's settings nor its keys.
call() { ssh -F "$way/config" -S none target "$@"; }

case $verb in
  key)
    way=$folder/way-$3
    mkdir -p "$way" || exit 1
    command -v ssh >/dev/null || fail 'there is no ssh here: the donor calls the target with it'
    make_key "$way/key"
    cat "$way/key.pub"
    ;;
  open)
    door=$folder/door
    mkdir -p "$door" || exit 1
    IFS= read -r key
    case $key in 'ssh-ed25519 '*) ;; *) fail 'the key of the donor did not come' ;; esac
    printf '%s\n' "$key" >"$door/client.pub"
    cat >"$door/receive.part"
    [ "$(tail -n 1 "$door/receive.part")" = "#$3" ] || fail 'seed-receive.sh did not come whole'
    mv "$door/receive.part" "$door/receive"
    make_key "$door/host_key"
    ;;
  port)
    door=$folder/door
    tries=0
    until [ -s "$door/port" ]; do
      tries=$((tries + 1))
      [ "$tries" -lt 150 ] || fail "the job's sshd does not listen: $(cat "$door/said" 2>/dev/null)"
      sleep 0.1
    done
    printf '%s %s\n' "$(cat "$door/port")" "$(cut -d ' ' -f 1,2 "$door/host_key.pub")"
    ;;
  meet)
    way=$folder/way-$3 address=$4
    read -r port key || fail 'where the target listens did not come'
    printf '[%s]:%s %s\n' "$address" "$port" "$key" >"$way/known_hosts"
    cat >"$way/config" <<CONFIG
Host target
HostName $address
Port $port
User root
IdentityFile $way/key
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile $way/known_hosts
GlobalKnownHostsFile none
StrictHostKeyChecking yes
UpdateHostKeys no
BatchMode yes
ConnectTimeout 10
ServerAliveInterval 5
ServerAliveCountMax 3
ControlMaster auto
ControlPersist 60
Compression no
Ciphers aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com
CONFIG
    word=$(ssh-keygen -l -f "$way/key.pub" | cut -d ' ' -f 2)
    said=$(printf %s "$word" | call prove) || exit 1
    [ "$said" = "$word" ] || fail "what was sent did not come back"
    ;;
  list)
    way=$folder/way-$3
    tar -cf - -C "$folder" tasks sizes folders files total | call list
    ;;
  sums)
    way=$folder/way-$3
    tar -cf - -C "$folder/sums" . | call sums
    ;;
  limit)
    [ -d "$folder" ] || fail 'nothing is copied from here yet'
    if [ "$3" -gt 0 ]; then echo "$3" >"$folder/limit"; else rm -f "$folder/limit"; fi
    ;;
  shut)
    rm -rf "$folder"
    # The job's own folder goes with the last that is in it.
    rmdir "${folder%/*}" 2>/dev/null
    exit 0
    ;;
esac
