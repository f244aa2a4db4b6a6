#!/bin/sh
# What one poll costs the host that it runs on, in milliseconds of CPU: all that the probe starts, and what the server spends
# on its questions. On a quiet host; several polls, since the kernel counts in hundredths of a second.
#   sh poll-cost.sh PROBE.sh [POLLS [PART...]]
# On a practice host:  npx reseed drill ssh db1 -- 'cat >/tmp/p.sh' <src/scripts/probe.sh
#                      npx reseed drill ssh db1 -- 'sh -s /tmp/p.sh 20 service server' <bench/poll-cost.sh
probe=$1 polls=${2:-20}
shift "$(($# < 2 ? $# : 2))"
parts=${*:-service server replication disk errorLog}

server=$(pgrep -o 'mysqld|mariadbd')
# Fields 14 and 15 of proc_pid_stat(5), in ticks; the name in field 2 has no blank.
server_ticks() { if [ -n "$server" ]; then awk '{print $14 + $15}' "/proc/$server/stat"; else echo 0; fi; }
questions() {
  asked=0
  while [ "$asked" -lt "$1" ]; do
    asked=$((asked + 1))
    echo "$asked $parts"
  done
}
# Fields 16 and 17 of this shell: what its children that ended have spent.
children_ticks() { awk '{print $16 + $17}' "/proc/$$/stat"; }

polled() {
  before=$(children_ticks) server_before=$(server_ticks)
  questions "$1" | sh "$probe" word '' '' '' '' >/dev/null
  spent=$(($(children_ticks) - before)) server_spent=$(($(server_ticks) - server_before))
}

# Starting and getting to know the server is paid once, and not counted.
polled 1
once=$spent server_once=$server_spent
polled $((polls + 1))
tick_ms=$((1000 / $(getconf CLK_TCK)))
echo "$parts: $(((spent - once) * tick_ms / polls)) ms a poll; the server $(((server_spent - server_once) * tick_ms / polls)) ms"
