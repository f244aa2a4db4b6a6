#!/bin/sh
# The settings of a job's sshd. Part of seed-ssh.sh, which listens with them, and of seed-trial.sh, which tries them
# before anything is stopped.
# shellcheck disable=SC2034,SC2154  # folder, address, users and sshd are the script's
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

# add_option WORDS: if this sshd knows it.
add_option() {
  ! "$sshd" -t -f "$folder/sshd_config" -o "$1" 2>/dev/null || options="$options
$1"
}

# Without PAM sshd refuses a locked account (`!` in /etc/shadow), as root is on images of clouds. With PAM it only
# checks whether the account has expired. PAM costs each login a session, so it is used for locked accounts only.
choose_pam() {
  use_pam=no
  case $(${shadow_limit-} getent shadow root | cut -d : -f 2) in '!'*) use_pam=yes ;; esac
}
no_pam() { [ "$use_pam" = yes ] && grep -q 'Unsupported option UsePAM' "$folder/said"; }
