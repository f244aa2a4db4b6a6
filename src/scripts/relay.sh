#!/bin/sh
# A relay from the loopback of one host to the loopback of another, through this machine: two ssh, joined by a socket in
# a folder of ours.
#   relay.sh FOLDER FROM_CONFIG FROM TO_CONFIG TO TO_PORT
# The configurations are ssh_config(5). Says `port N` when the relay is open: the port that FROM's sshd listens on for
# us. It then runs until one of the two ssh ends. Ends with 1 without a connection to TO, with 2 without one to FROM,
# with 3 if one of them does not forward.
set -u
umask 077
folder=$1 from_config=$2 from=$3 to_config=$4 to=$5 to_port=$6

# join NAME CONFIG HOST CODE: opens a connection that other ssh can add forwardings to. On its own command line, the
# forwardings of the account's configuration would be added.
join() {
  ssh -F "$2" -M -S "$folder/$1" -o ControlPersist=no -o LogLevel=DEBUG1 -N -- "$3" 2>"$folder/$1.log" </dev/null &
  pid=$!
  until [ -S "$folder/$1" ]; do
    kill -0 "$pid" 2>/dev/null || { cat "$folder/$1.log" >&2; exit "$4"; }
    sleep 0.1
  done
}
# The ssh that adds a forwarding reads no configuration, which would clear its request too.
ask() { ssh -F none -S "$folder/$1" -O forward "$2" "$3" -- "$1"; }

join to "$to_config" "$to" 1
to_pid=$pid
join from "$from_config" "$from" 2
from_pid=$pid
ask to -L "$folder/way:127.0.0.1:$to_port" >/dev/null || exit 3
port=$(ask from -R "127.0.0.1:0:$folder/way") || exit 3
echo "port $port"
while kill -0 "$to_pid" 2>/dev/null && kill -0 "$from_pid" 2>/dev/null; do sleep 1; done
cat "$folder/to.log" "$folder/from.log" | grep -v '^debug' | tail -n 2 >&2
exit 1
