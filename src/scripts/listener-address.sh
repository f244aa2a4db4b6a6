#!/bin/sh
# The address that a listener of a seed listens on, and the callers that it expects. Part of seed-ssh.sh and
# seed-socat.sh.

is_address() {
  case $1 in
    '' | *[!0-9a-fA-F:.]*) return 1 ;;
    *:*:*) ;;
    *[!0-9.]*) return 1 ;;
  esac
}

check_callers() {
  [ $# -gt 0 ] || refuse 'no address to be called from was told'
  for each in "$@"; do
    [ "$each" = any ] || is_address "$each" || refuse "no address to be called from: $each"
  done
}

# is_own ADDRESS: whether it is this machine's. Without iproute2 the kernel's own tables tell.
is_own() {
  case $1 in
    127.*.*.*) return 0 ;;
    *:*) ;;
    *)
      awk -v want="$1" '$1 == "|--" { last = $2 } $1 == "/32" && $2 == "host" && $3 == "LOCAL" && last == want { own = 1 }
        END { exit !own }' /proc/net/fib_trie 2>/dev/null && return
      ;;
  esac
  # if_inet6 has all 32 digits, and loopback where IPv6 is on.
  case $1 in *:*)
    digits=$(all_digits "$1")
    [ "$digits" != 00000000000000000000000000000001 ] || return 0
    grep -q "^$digits " /proc/net/if_inet6 2>/dev/null && return
    ;;
  esac
  case $(ip -o route get "$1" 2>/dev/null) in local\ *) return 0 ;; *) return 1 ;; esac
}
# all_digits ADDRESS: of IPv6, its 32 hexadecimal digits.
all_digits() {
  printf '%s\n' "$1" | tr 'A-F' 'a-f' | awk '{
    gap = index($0, "::")
    head = gap ? substr($0, 1, gap - 1) : $0
    tail = gap ? substr($0, gap + 2) : ""
    heads = split(head, h, ":")
    tails = split(tail, t, ":")
    for (i = 1; i <= heads; i++) text = text substr("0000" h[i], length(h[i]) + 1)
    for (i = heads + tails; i < 8; i++) text = text "0000"
    for (i = 1; i <= tails; i++) text = text substr("0000" t[i], length(t[i]) + 1)
    print text
  }'
}

# choose_address WHERE CALLER...: sets `address` to listen on. WHERE is what callers connect to, an address or a name.
# If it is no address of this machine (a name, an address that is translated on the way), the result is all addresses of
# the family that the first known caller uses. Only one family: if another process has the port in one family, sshd is
# content with the other, and a caller would reach that process.
# shellcheck disable=SC2034  # address is the script's
choose_address() {
  where=$1
  shift
  address=$where
  if is_address "$where" && is_own "$where"; then return; fi
  for each in "$@"; do
    case $each in
      any) ;;
      *:*) address=:: && return ;;
      *) address=0.0.0.0 && return ;;
    esac
  done
  refuse "${where:-the target} is no address of this host's own, and from which address the donor calls is not known: the listener would stand open on all addresses. Give the target by its address in the inventory, or install iproute2 on the donor"
}
