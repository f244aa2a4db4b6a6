#!/bin/bash
# How fast a seed copies a datadir, from and to this machine, over loopback: reseed's own scripts against `cp -a`, against one bare
# `tar | ssh`, and against the pipeline of the blog that started it all, `tar -cz | nc`. Medians of ROUNDS, all in one run. CPU is what
# the whole machine used, so nothing else should run.
#   bench/seed-copy.sh [MEGABYTES] [ROUNDS] [NAMES]      as root; installs what it needs where that is Debian. NAMES: a regular
#                                                        expression, for a few of the figures
set -euo pipefail
megabytes=${1:-2240} rounds=${2:-3} only=${3:-.}

# Programs, and the Debian packages that have them.
declare -A packages=([/usr/sbin/sshd]=openssh-server [ssh]=openssh-client [socat]=socat [ip]=iproute2 [tc]=iproute2 [zstd]=zstd
  [openssl]=openssl)
missing() {
  local program
  for program in "${!packages[@]}"; do command -v "$program" >/dev/null || echo "${packages[$program]}"; done
  # Another nc has no -N.
  nc -h 2>&1 | grep -q OpenBSD || echo netcat-openbsd
}
fail() {
  echo "bench/seed-copy.sh: $1" >&2
  exit 1
}
[[ $EUID = 0 ]] || fail 'needs root: it makes a network of its own. Run it with sudo'
mapfile -t lacking < <(missing | sort -u)
if [ "${#lacking[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null || fail "missing on this machine, by the names of Debian's packages: ${lacking[*]}"
  echo "installing ${lacking[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${lacking[@]}" >/dev/null
  mapfile -t lacking < <(missing | sort -u)
  [ "${#lacking[@]}" = 0 ] || fail "still missing after they were installed: ${lacking[*]}"
fi
# For sshd's privilege separation. A package's init script makes it, and none may have run here.
mkdir -p /run/sshd

# Below a folder that only its owner can write to: sshd trusts no keys elsewhere.
mkdir -p ~/.cache
work=$(mktemp -d ~/.cache/reseed-bench-XXXXXX)
units=()
# As they run on hosts: behind what all of them begin with, and their fragments.
scripts=$work/scripts
mkdir "$scripts"
(cd "$(dirname "$0")/.." && node --import tsx --input-type=module - "$PWD/src/scripts" "$scripts") <<'SCRIPT'
import { writeFile } from 'node:fs/promises';
const [from, to] = process.argv.slice(2);
const { scriptText } = await import(`${from}/script.ts`);
for (const name of ['seed-list', 'seed-receive', 'seed-send', 'seed-socat', 'seed-ssh', 'seed-sums', 'seed-way']) {
  await writeFile(`${to}/${name}.sh`, await scriptText(name));
}
SCRIPT
end() {
  for pid in "${units[@]}"; do kill "$pid" 2>/dev/null || true; done
  ip netns delete "$link" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT

# The donor's link: the same scripts run in a namespace of their own, behind a slow line. From here the same address is as fast as loopback.
link=reseed-bench-$$ address=10.99.77.1 donor_address=10.99.77.2
ip netns add "$link"
ip link add "rsb$$" type veth peer name donor netns "$link"
ip address add "$address/30" dev "rsb$$"
ip link set "rsb$$" up
ip -n "$link" address add "$donor_address/30" dev donor
ip -n "$link" link set donor up

# What the reference was measured on: rows as sysbench makes them, digits at random, and generated ones; half of each.
sysbench_rows() {
  awk -v seed="$1" '
    function group() { return sprintf("%06d%05d", rand() * 1000000, rand() * 100000) }
    BEGIN {
      srand(seed)
      for (id = 1; ; id++) {
        row = id "," int(rand() * 1000000) ","
        for (n = 0; n < 10; n++) row = row group() "-"
        for (n = 0; n < 5; n++) row = row "-" group()
        print row
      }
    }'
}
generated_rows() {
  seq "$(($1 * 10000000))" 1 99999999999 |
    awk '{ printf "%d|customer-%d|%x|2026-11-%02d|paid\n", $1, $1 % 9973, $1 * 7919 % 4294967296, $1 % 30 }'
}
mkdir -p "$work/donor/shop" "$work/job"
for file in $(seq 1 16); do
  if [ $((file % 2)) = 0 ]; then rows=sysbench_rows; else rows=generated_rows; fi
  # head ends them.
  "$rows" "$file" | head -c "$((megabytes * 1024 * 1024 / 16))" >"$work/donor/shop/t$file.ibd" || true
done
bytes=$(du -sb "$work/donor" | cut -f 1)
sync

# listener WORD BEFORE RECEIVE_TEXT CALLER...: a target's listener and the donor's way to it, as a seed has them; and the way of the target
# BEFORE, which passes on to it ('': nobody). script and kind are the channel's.
script=$scripts/seed-ssh.sh kind=()
listener() {
  local word=$1 before=$2 receive=$3 at=$work/$1 callers=("${@:4}")
  mkdir -p "$at"
  sh "$script" key "folder=$work/job/way-$word" "${kind[@]}" >"$at/keys"
  if [ -n "$before" ]; then sh "$script" key "folder=$work/$before/have/way-$word" >>"$at/keys"; fi
  { base64 -w 0 "$at/keys" && echo && echo "$receive" && echo '#bench'; } | sh "$scripts/seed-way.sh" open "folder=$at" "${kind[0]:-kind=ssh}" mark=bench
  # As unit.sh has it: a lock for as long as the listener runs.
  mkdir -p "$at/unit"
  exec {alive}>>"$at/unit/alive"
  flock "$alive"
  RESEED_UNIT=bench/$word sh "$script" listener "folder=$at/listener" "address=$address" first=21900 last=21999 \
    "${callers[@]/#/caller=}" "${kind[@]}" &
  units+=("$!")
  echo "$!" >"$at/unit/pid"
  exec {alive}>&-
  sh "$scripts/seed-way.sh" port "folder=$at" "unit=$at/unit" >"$at/standing"
  sh "$script" meet "folder=$work/job/way-$word" "address=$address" "${kind[@]}" <"$at/standing"
  sh "$scripts/seed-way.sh" prove "folder=$work/job" "target=$word"
  [ -n "$before" ] || return 0
  sh "$script" meet "folder=$work/$before/have/way-$word" "address=$address" <"$at/standing"
  sh "$scripts/seed-way.sh" prove "folder=$work/$before/have" "target=$word"
  sh "$scripts/seed-way.sh" behind "folder=$work/job" "target=$word" "before=$before"
}
# As seed-stage.sh makes it: the account of a server writes and reads the new data.
owner=nobody:nogroup stage=.reseed-bench
staged() {
  mkdir -p "$work/data-$1" && chmod 755 "$work/data-$1"
  mkdir -p "$work/data-$1/$stage" && chmod 700 "$work/data-$1/$stage"
  rm -rf "$work/data-$1/$stage/new"
  mkdir -m 700 "$work/data-$1/$stage/new"
  chown "$owner" "$work/data-$1" "$work/data-$1/$stage/new"
  echo "bench $(stat -c %i "$work/data-$1")" >"$work/data-$1/$stage/job"
  ln -sfn "data-$1/$stage/new" "$work/new-$1"
}
received() { printf "set -- 'datadir=%s' job=bench 'owner=%s' 'folder=%s'\n" "$work/data-$1" "$owner" "$work/$1/have"; cat "$scripts/seed-receive.sh"; }
listener t1 '' "$(received t1)" "$address" "$donor_address"
listener t2 t1 "$(received t2)" "$address" "$donor_address"
listener t3 t2 "$(received t3)" "$address" "$donor_address"
listener bare '' "case \$SSH_ORIGINAL_COMMAND in prove) cat ;; *) tar -xf - -C '$work/new-t1' ;; esac" "$address"
script=$scripts/seed-socat.sh kind=(kind=tls)
listener tls '' "$(received tls)" "$address"

fresh() {
  for word in t1 t2 t3 tls; do
    rm -rf "$work/$word/have/landed" "$work/$word/have/sums"
    staged "$word"
  done
  rm -rf "$work/unit" "$work/unit-sums" "$work/job/sums"
  mkdir "$work/unit" "$work/unit-sums"
  sh "$scripts/seed-list.sh" "root=$work/donor" reader= "folder=$work/job" beside= pattern= \
    "task_bytes=$((bytes / 128 > 16777216 ? bytes / 128 : 16777216))" >/dev/null
  for word in t1 t2 t3 tls; do sh "$scripts/seed-way.sh" list "folder=$work/job" "target=$word"; done
}
# seeded STREAMS COMPRESSION TARGET...
seeded() {
  local targets=("${@:3}")
  RESEED_FOLDER=$work/unit "${over[@]}" sh "$scripts/seed-send.sh" "root=$work/donor" reader= "folder=$work/job" \
    "streams=$1" "compression=$2" patience=60 "${targets[@]/#/target=}" >"$work/said"
  if grep -v '^whole\|^compression\|^the way' "$work/said"; then return 1; fi
}
over=()
# linked RATE COMMAND...: over the donor's link.
linked() {
  over=(ip netns exec "$link")
  "${over[@]}" tc qdisc replace dev donor root tbf rate "$1" burst 256kb latency 50ms
  "${@:2}"
  over=()
}
raw() {
  nc -l "$address" 21890 </dev/null >"$work/new-t1/raw" &
  local reader=$!
  sleep 0.3
  tar -cf - -C "$work/donor" . | "${over[@]}" nc -N "$address" 21890
  wait "$reader"
}
summed() { RESEED_FOLDER=$work/unit-sums sh "$scripts/seed-sums.sh" "$@" sum=cksum workers=2; }
# A copy that may be relied on is on the disk, whether it was compared or not.
synced() {
  seeded 2 none t1
  sync -f "$work/new-t1"
}
bare() { tar -cf - -C "$work/donor" . | sh "$work/job/way-bare/call" - all; }
blog() {
  nc -l 127.0.0.1 21890 </dev/null | tar -xz -C "$work/new-t1" &
  local reader=$!
  sleep 0.3
  tar -cz -C "$work/donor" . | nc -N 127.0.0.1 21890
  wait "$reader"
}
verified() {
  summed make "root=$work/donor" reader= "folder=$work/job" &
  local sums=$!
  seeded 2 none t1
  wait "$sums"
  sh "$scripts/seed-way.sh" sums "folder=$work/job" target=t1
  [ "$(summed compare "datadir=$work/data-t1" job=bench "owner=$owner" "folder=$work/t1/have")" = "compared 16 $((megabytes / 16 * 16 * 1048576))" ]
}
# Hundredths of a second that the machine's CPUs worked.
busy() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }
middle() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }
per() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# measure NAME COMMAND...: the medians of the rounds, in MB/s and CPU seconds for each GB of datadir.
declare -A took cpu
measure() {
  local name=$1 times=() works=() began worked
  shift
  [[ $name =~ $only ]] || return 0
  for _ in $(seq "$rounds"); do
    fresh
    began=$(date +%s%3N) worked=$(busy)
    "$@"
    times+=("$(($(date +%s%3N) - began))")
    works+=("$(($(busy) - worked))")
  done
  took[$name]=$(printf '%s\n' "${times[@]}" | middle)
  cpu[$name]=$(printf '%s\n' "${works[@]}" | middle)
  printf '%-30s %6d ms  %5d MB/s  %6s CPU s/GB\n' "$name" "${took[$name]}" "$((bytes / 1000 / took[$name]))" \
    "$(per "${cpu[$name]}" "$((bytes / 10000000))")"
}
# compare TEXT A B GOAL: how many times as fast A is as B, where both were measured.
compare() {
  [ -n "${took[$2]:-}" ] && [ -n "${took[$3]:-}" ] || return 0
  printf '%-31s %s x   (goal %s)\n' "$1" "$(per "${took[$3]}" "${took[$2]}")" "$4"
}

# What a break at nine tenths costs: the sender is ended, and started anew.
resumed() {
  local landed=0 sender began
  [[ resumed =~ $only ]] && [ -n "${took[seed, 2 streams]:-}" ] || return 0
  fresh
  RESEED_FOLDER=$work/unit setsid sh "$scripts/seed-send.sh" "root=$work/donor" reader= "folder=$work/job" streams=2 \
    compression=none patience=60 target=t1 >/dev/null &
  sender=$!
  until [ "$landed" -ge "$((bytes * 9 / 10))" ]; do
    landed=$(find "$work/t1/have/landed" -type f -printf '%f\n' |
      awk 'NR == FNR { size[FNR] = $1; next } { all += size[$1] } END { printf "%.0f", all }' "$work/job/sizes" -)
  done
  # It may have ended by itself.
  kill -KILL -- "-$sender" 2>/dev/null || true
  wait "$sender" 2>/dev/null || true
  # Its connections went with it; what they were bringing is not counted as landed.
  for stream in 1 2; do sh "$work/job/way-t1/call" "$stream" || true; done
  landed=$(find "$work/t1/have/landed" -type f -printf '%f\n' |
    awk 'NR == FNR { size[FNR] = $1; next } { all += size[$1] } END { printf "%.0f", all }' "$work/job/sizes" -)
  began=$(date +%s%3N)
  seeded 2 none t1
  took[resumed]=$(($(date +%s%3N) - began))
  diff -r "$work/donor" "$work/new-t1"
  printf '%-30s %6d ms, for the %d %% that had not landed: %s of the whole   (goal 0.2)\n' 'resumed after a break' "${took[resumed]}" \
    "$(((bytes - landed) * 100 / bytes))" "$(per "${took[resumed]}" "${took[seed, 2 streams]}")"
}

echo "$((bytes / 1000000)) MB, $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg), medians of $rounds"
measure 'cp -a' cp -a "$work/donor/." "$work/new-t1"
measure 'tar | ssh, bare' bare
measure 'seed, 1 stream' seeded 1 none t1
measure 'seed, 2 streams' seeded 2 none t1
measure 'seed, 2 streams, zstd' seeded 2 zstd t1
measure 'seed, 2 streams, tls' seeded 2 none tls
measure 'seed, 2 streams, on disk' synced
measure 'seed, compared, on disk' verified
measure 'seed to three' seeded 2 none t1 t2 t3
resumed
measure '1 Gbit/s: tar | nc' linked 1gbit raw
measure '1 Gbit/s: seed, zstd' linked 1gbit seeded 2 zstd t1
# So slow that the processors of four hosts, which are this machine's two cores, are not the limit.
measure '200 Mbit/s: seed, zstd' linked 200mbit seeded 2 zstd t1
measure '200 Mbit/s: to three, zstd' linked 200mbit seeded 2 zstd t1 t2 t3
measure 'blog: tar -cz | nc' blog
compare "seed, 2 streams, to the blog's" 'seed, 2 streams' 'blog: tar -cz | nc' 18
compare 'seed, 1 stream, to tar | ssh' 'seed, 1 stream' 'tar | ssh, bare' 0.95
compare 'seed, 2 streams, to cp -a' 'seed, 2 streams' 'cp -a' 0.6
compare 'compared, to not compared' 'seed, compared, on disk' 'seed, 2 streams, on disk' 0.87
compare '1 Gbit/s: zstd, to tar | nc' '1 Gbit/s: seed, zstd' '1 Gbit/s: tar | nc' 2.2
compare '200 Mbit/s: three, to one' '200 Mbit/s: to three, zstd' '200 Mbit/s: seed, zstd' 0.77
[ -z "${cpu[seed, 2 streams, zstd]:-}" ] || [ -z "${cpu[blog: tar -cz | nc]:-}" ] ||
  echo "CPU of a seed, zstd, to blog's  $(per "${cpu[seed, 2 streams, zstd]}" "${cpu[blog: tar -cz | nc]}") x   (goal 0.125)"
