#!/bin/bash
# Gives sshd other host keys, as a machine set up again has them.  fault-rekey-ssh.sh make | heal
set -euo pipefail
kept=/etc/drill/ssh-kept
if [[ $1 == make ]]; then
  mkdir -m 700 "$kept"
  mv /etc/ssh/ssh_host_* "$kept/"
  ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
else
  rm -f /etc/ssh/ssh_host_*
  mv "$kept"/* /etc/ssh/
  rmdir "$kept"
fi
systemctl restart ssh
