#!/bin/sh
# shellcheck disable=SC2034,SC2154  # address, users, options: listener-sshd.sh; declare_words assigns the words
# Tests on a target, before a seed and only for its channel, what only a test can show. It is no part of seed-facts.sh,
# because it writes for a moment (a folder of its own in /run). What it can't find out in time is unknown, and refuses
# nothing.
#   seed-trial.sh sshd seconds=SECONDS
# Says `listener open`; `listener closed WHY`; or `listener unknown WHY`, if it could not be tried, or SECONDS were
# over.
set -u

# One time limit for the whole trial: each program gets the remaining seconds.
now_seconds() { read -r up _ </proc/uptime && echo "${up%.*}"; }
within() {
  left=$((ends - $(now_seconds)))
  [ "$left" -gt 0 ] || return 124
  timeout --foreground -k 1 "$left" "$@"
}
unknown() { printf '%s\n' "listener unknown $1" && exit 0; }
# known STATUS: ends the trial if the time limit ended the last program.
known() { case $1 in 124 | 137) unknown "the trial took more than $seconds s" ;; esac; }

# A sshd with the settings of a job serves one call, over a pipe: nothing listens. Only the answer of the forced command
# counts, so that PAM, a locked account, root's shell and settings that this release does not know are all tested.
try_sshd() {
  [ "$(id -u)" = 0 ] || unknown 'reseed is not root there'
  for program in ssh-keygen ssh sshd; do command -v "$program" >/dev/null || unknown "there is no $program"; done
  sshd=$(command -v sshd)
  # Left by a trial that was killed.
  within find /run -xdev -maxdepth 1 -name 'reseed-listener-??????' -mmin +10 -exec rm -rf {} + 2>/dev/null
  folder=$(mktemp -d /run/reseed-listener-XXXXXX 2>/dev/null) || unknown 'nothing can be written in /run'
  trap 'rm -rf "$folder"' EXIT
  # The connection may be lost meanwhile: without this dash does not run the trap above on a signal.
  trap 'exit 1' HUP INT TERM
  umask 077
  mkdir -p /run/sshd 2>/dev/null || unknown 'nothing can be written in /run'
  for key in host_key key; do
    within ssh-keygen -q -t ed25519 -N '' -C reseed -f "$folder/$key" 2>"$folder/said" </dev/null
    status=$?
    known "$status"
    [ "$status" = 0 ] || {
      # The job would end there: it takes no other type.
      printf '%s\n' "listener closed it makes no key of type ed25519$(fips_words): $(head -n 1 "$folder/said" | clean)"
      exit
    }
  done
  printf 'restrict,environment="SHLVL=2",command="echo reseed is in" %s\n' "$(cat "$folder/key.pub")" >"$folder/authorized_keys"
  # A pipe has no addresses.
  address=127.0.0.1 users=' root' options=
  shadow_limit=within
  choose_pam
  configure 22 >"$folder/sshd_config"
  within "$sshd" -t -f "$folder/sshd_config" 2>"$folder/said"
  status=$?
  known "$status"
  if [ "$status" != 0 ] || no_pam; then
    printf '%s\n' "listener closed $(head -n 1 "$folder/said" | clean)"
    exit
  fi
  answer=$(within ssh -F /dev/null -o LogLevel=ERROR -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o GlobalKnownHostsFile=/dev/null -o IdentitiesOnly=yes -o IdentityAgent=none -i "$folder/key" \
    -o ProxyCommand="$sshd -i -e -f $folder/sshd_config 2>>$folder/said" root@listener 2>"$folder/ssh" </dev/null)
  status=$?
  known "$status"
  case $status:$answer in
    0:*'reseed is in') echo 'listener open' ;;
    *:) printf '%s\n' "listener closed $(why_closed)" ;;
    *) printf '%s\n' "listener closed what root's shell said: $(printf '%s' "$answer" | tr '\n' ' ' | clean)" ;;
  esac
}

fips_words() { if [ "$(cat /proc/sys/crypto/fips_enabled 2>/dev/null)" = 1 ]; then echo ' (FIPS mode)'; fi; }
clean() { cut -c 1-200 | tr -d '\r' | tr '\001-\011\013-\037\177' '?'; }
# The last line of sshd's output that says more than that the call has ended; else of ssh's.
why_closed() {
  { cat "$folder/ssh" 2>/dev/null; grep -vE '^Connection (closed|reset)|^Server listening|^debug' "$folder/said"; } | tail -n 1 | clean
}

case ${1-} in
  sshd)
    shift
    declare_words seconds "$@"
    ends=$(($(now_seconds) + seconds))
    try_sshd
    ;;
  *) unknown_verb "${1-}" ;;
esac
