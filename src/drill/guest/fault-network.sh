#!/bin/bash
# Breaks the host's network with netem, in both directions: for everybody, or for one peer only.
#   fault-network.sh make PEER|all NETEM_WORDS...      fault-network.sh heal
set -euo pipefail
modprobe -a sch_netem sch_prio sch_ingress cls_u32 cls_matchall act_mirred ifb
take_back() {
  tc qdisc del dev vec0 root 2>/dev/null || true
  tc qdisc del dev vec0 ingress 2>/dev/null || true
  ip link del drill0 2>/dev/null || true
}

if [[ $1 == heal && ! -e /sys/class/net/drill0 ]]; then
  echo "gone: the network's queues are not the fault's any more"
  exit 0
fi
take_back
[[ $1 == make ]] || exit 0
peer=$2
shift 2

# What comes in is sent through a device of its own first: netem works on what goes out.
ip link add drill0 type ifb
ip link set drill0 up
tc qdisc add dev vec0 handle ffff: ingress
if [[ $peer == all ]]; then
  tc qdisc add dev vec0 root netem "$@"
  tc filter add dev vec0 parent ffff: matchall action mirred egress redirect dev drill0
else
  # Four bands, the last one for the peer: nothing else is ever put there.
  tc qdisc add dev vec0 root handle 1: prio bands 4
  tc qdisc add dev vec0 parent 1:4 netem "$@"
  tc filter add dev vec0 parent 1: protocol ip prio 1 u32 match ip dst "$peer/32" flowid 1:4
  tc filter add dev vec0 parent ffff: protocol ip prio 1 u32 match ip src "$peer/32" action mirred egress redirect dev drill0
fi
tc qdisc add dev drill0 root netem "$@"
