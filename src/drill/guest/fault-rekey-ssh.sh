#!/bin/bash
# Gives sshd other host keys, as a machine set up again has them. `heal` gives the old ones back where the new ones are still in
# use.  fault-rekey-ssh.sh make | heal
set -euo pipefail
kept=/etc/drill/ssh-kept
key=/etc/ssh/ssh_host_ed25519_key
if [[ $1 == make ]]; then
  mkdir -m 700 "$kept"
  mv /etc/ssh/ssh_host_* "$kept/"
  ssh-keygen -q -t ed25519 -N '' -f "$key"
  cp "$key.pub" "$kept/made"
elif [[ -e $kept/made ]] && ! cmp -s "$key.pub" "$kept/made"; then
  rm -r "$kept"
  echo "gone: sshd was given other keys since"
  exit 0
else
  rm -f /etc/ssh/ssh_host_* "$kept/made"
  mv "$kept"/* /etc/ssh/
  rmdir "$kept"
fi
systemctl restart ssh
