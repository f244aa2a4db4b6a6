#!/bin/sh
# The settings of a job's sshd, and whether this host lets a job in by them. Part of seed-ssh.sh, which listens with them, and of
# seed-facts.sh, which asks before anything is held.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154  # folder, address, users and sshd are the script's
ciphers=aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com

configure() {
  cat <<CONFIG
Port $1
ListenAddress $address
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
AllowUsers$users
PermitRootLogin forced-commands-only
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM $use_pam
PermitTTY no
PermitTunnel no
PermitUserRC no
PermitUserEnvironment yes
DisableForwarding yes
MaxStartups 500
MaxSessions 20
LoginGraceTime 120
ClientAliveInterval 5
ClientAliveCountMax 3
PidFile none
PrintMotd no
Ciphers $ciphers
$options
CONFIG
}

# add_option WORDS: where this sshd knows it.
add_option() {
  ! "$sshd" -t -f "$folder/sshd_config" -o "$1" 2>/dev/null || options="$options
$1"
}

# Without PAM sshd lets no account in that is locked (`!` in /etc/shadow), as root is on images of clouds; with PAM it asks whether
# the account has expired, and no more. PAM costs each login a session, so that it is for these alone.
choose_pam() {
  use_pam=no
  case $(getent shadow root | cut -d : -f 2) in '!'*) use_pam=yes ;; esac
}

# tell_door: `door open`, or `door closed WHY`; nothing where that can't be tried here, or was not known in time. A sshd with the
# settings of a job serves one call, over a pipe: nothing listens. What counts is the answer of the forced command, so that PAM, a
# locked account, root's shell and settings that this release does not know are all in it.
tell_door() (
  [ "$(id -u)" = 0 ] && sshd=$(command -v sshd) && command -v ssh-keygen >/dev/null && command -v ssh >/dev/null || exit 0
  # Of one that was killed.
  find /run -xdev -maxdepth 1 -name 'reseed-door-??????' -mmin +10 -exec rm -rf {} + 2>/dev/null
  folder=$(mktemp -d /run/reseed-door-XXXXXX 2>/dev/null) || exit 0
  trap 'rm -rf "$folder"' EXIT
  # The connection may be lost meanwhile: dash runs the trap above at no signal.
  trap 'exit 1' HUP INT TERM
  umask 077
  mkdir -p /run/sshd
  for key in host_key key; do ssh-keygen -q -t ed25519 -N '' -C reseed -f "$folder/$key" || exit 0; done
  printf 'restrict,environment="SHLVL=2",command="echo reseed is in" %s\n' "$(cat "$folder/key.pub")" >"$folder/authorized_keys"
  # Over a pipe there is no address, neither to listen on nor to come from.
  address=127.0.0.1 users=' root' options=
  choose_pam
  configure 22 >"$folder/sshd_config"
  if ! "$sshd" -t -f "$folder/sshd_config" 2>"$folder/said" || no_pam; then
    printf '%s\n' "door closed $(head -n 1 "$folder/said" | cut -c 1-200)"
    exit
  fi
  answer=$(timeout 20 ssh -F /dev/null -o LogLevel=ERROR -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o GlobalKnownHostsFile=/dev/null -o IdentitiesOnly=yes -o IdentityAgent=none -i "$folder/key" \
    -o ProxyCommand="$sshd -i -e -f $folder/sshd_config 2>>$folder/said" root@door 2>"$folder/ssh" </dev/null)
  case $?:$answer in
    0:*'reseed is in') echo 'door open' ;;
    124:*) ;;
    *:) printf '%s\n' "door closed $(why_closed)" ;;
    *) printf '%s\n' "door closed what root's shell said: $(printf '%.200s' "$answer" | tr '[:cntrl:]' '?')" ;;
  esac
)
no_pam() { [ "$use_pam" = yes ] && grep -q 'Unsupported option UsePAM' "$folder/said"; }
# The last line of sshd's own that says more than that the call has ended; else of ssh's.
why_closed() {
  { cat "$folder/ssh" 2>/dev/null; grep -vE '^Connection (closed|reset)|^Server listening|^debug' "$folder/said"; } |
    tail -n 1 | cut -c 1-200 | tr -d '\r' | tr '\001-\011\013-\037\177' '?'
}
