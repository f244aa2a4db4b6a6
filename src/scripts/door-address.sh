#!/bin/sh
# Where a listener of a seed listens, and whom it expects. Part of seed-ssh.sh and seed-socat.sh.

is_address() {
  case $1 in
    '' | *[!0-9a-fA-F:.]*) return 1 ;;
    *:*:*) ;;
    *[!0-9.]*) return 1 ;;
  esac
}

check_callers() {
  for caller in "$@"; do
    [ -z "$caller" ] || is_address "$caller" || refuse "no address to be called from: $caller"
  done
}

# choose_address WHERE CALLER...: `address`, to listen on. WHERE is what callers call, an address or a name. Where it is no address of
# this machine's own (a name, an address that is translated on the way), it is all addresses of the family that the first known caller
# comes by. Of one family: where the port is another's in the one, sshd is content with the other, and a caller would reach another program.
# shellcheck disable=SC2034  # address is the script's
choose_address() {
  where=$1
  shift
  address=$where
  if is_address "$where"; then case $(ip -o route get "$where" 2>/dev/null) in local\ *) return ;; esac; fi
  for caller in "$@"; do
    case $caller in
      '') ;;
      *:*) address=:: && return ;;
      *) address=0.0.0.0 && return ;;
    esac
  done
  refuse "${where:-the target} is no address of this host's own, and from which address the donor calls is not known: the listener would stand open on all addresses. Give the target by its address in the inventory, or install iproute2 on the donor"
}
