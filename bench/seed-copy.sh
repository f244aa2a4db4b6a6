#!/bin/bash
# How fast a seed copies a datadir, from and to this machine, over loopback: reseed's own scripts against `cp -a`, against one bare
# `tar | ssh`, and against the pipeline of the blog that started it all, `tar -cz | nc`. Medians of ROUNDS, all in one run.
#   bench/seed-copy.sh [MEGABYTES] [ROUNDS]      as root; needs sshd and, for the blog's, nc
set -euo pipefail
megabytes=${1:-1024} rounds=${2:-3}
scripts=$(cd "$(dirname "$0")/../src/scripts" && pwd)
# Below a folder that only its owner can write to: sshd trusts no keys elsewhere.
mkdir -p ~/.cache
work=$(mktemp -d ~/.cache/reseed-bench-XXXXXX)
units=()
end() {
  for pid in "${units[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap end EXIT

# Rows as tables have them: they compress to about a third.
mkdir -p "$work/donor/shop"
for file in $(seq 1 16); do
  seq "$((file * 10000000))" 1 99999999999 | awk '{ printf "%d|customer-%d|%x|2026-11-%02d|paid\n", $1, $1 % 9973, $1 * 7919 % 4294967296, $1 % 30 }' |
    head -c "$((megabytes * 1024 * 1024 / 16))" >"$work/donor/shop/t$file.ibd" || true
done
bytes=$(du -sb "$work/donor" | cut -f 1)
sync

# door NAME RECEIVE_TEXT: a sshd with one command, as a seed has it.
door() {
  local at=$work/$1
  mkdir -p "$at"
  sh "$scripts/seed-way.sh" key "$work/job" "$1" >"$at/public"
  { cat "$at/public"; echo "$2"; echo '#bench'; } | sh "$scripts/seed-way.sh" open "$at" bench
  sh "$scripts/seed-door.sh" "$at/door" 127.0.0.1 21900 21999 127.0.0.1 &
  units+=("$!")
  sh "$scripts/seed-way.sh" port "$at" >"$at/port"
}
mkdir -p "$work/job"
door t1 "set -- '$work/new' '$work/t1/have'
$(cat "$scripts/seed-receive.sh")"
sh "$scripts/seed-way.sh" meet "$work/job" t1 127.0.0.1 <"$work/t1/port"
door bare "case \$SSH_ORIGINAL_COMMAND in prove) cat ;; *) tar -xf - -C '$work/new' ;; esac"
sh "$scripts/seed-way.sh" meet "$work/job" bare 127.0.0.1 <"$work/bare/port"

fresh() { rm -rf "$work/new" "$work/t1/have" "$work/unit"; mkdir -p "$work/new" "$work/unit"; }
listed() {
  sh "$scripts/seed-list.sh" "$work/donor" "$work/job" "$((bytes / 128 > 16777216 ? bytes / 128 : 16777216))" >/dev/null
  sh "$scripts/seed-way.sh" list "$work/job" t1
}
seeded() { RESEED_FOLDER=$work/unit sh "$scripts/seed-send.sh" "$work/donor" "$work/job" "$1" "$2" 60 t1 >/dev/null; }
summed() { RESEED_FOLDER=$work/unit sh "$scripts/seed-sums.sh" "$1" "$2" cksum 2 "$3"; }
blog() {
  nc -l 127.0.0.1 21890 </dev/null | tar -xz -C "$work/new" &
  local reader=$!
  sleep 0.3
  tar -cz -C "$work/donor" . | nc -N 127.0.0.1 21890
  wait "$reader"
}

# measure NAME COMMAND...: the median of the rounds, in MB/s of datadir.
declare -A speed
measure() {
  local name=$1 times=() began
  shift
  for _ in $(seq "$rounds"); do
    fresh
    listed
    began=$(date +%s%N)
    "$@"
    times+=("$((($(date +%s%N) - began) / 1000000))")
  done
  local middle
  middle=$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$(((rounds + 1) / 2))p")
  speed[$name]=$((bytes / 1000 / (middle + 1)))
  printf '%-28s %6d ms  %5d MB/s\n' "$name" "$middle" "${speed[$name]}"
}
ratio() { awk -v a="${speed[$1]}" -v b="${speed[$2]}" 'BEGIN { printf "%.2f x", a / b }'; }
verified() {
  seeded 2 none
  summed "$work/donor" "$work/job" make
  sh "$scripts/seed-way.sh" sums "$work/job" t1
  summed "$work/new" "$work/t1/have" compare
}

echo "$((bytes / 1000000)) MB, $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg)"
measure 'cp -a' cp -a "$work/donor/." "$work/new"
measure 'tar | ssh, bare' sh -c "tar -cf - -C '$work/donor' . | ssh -F '$work/job/way-bare/config' -S none target all"
measure 'seed, 1 stream' seeded 1 none
measure 'seed, 2 streams' seeded 2 none
measure 'seed, 2 streams, zstd' seeded 2 zstd
measure 'seed, 2 streams, compared' verified
if command -v nc >/dev/null; then
  measure 'blog: tar -cz | nc' blog
  echo "seed to the blog's          $(ratio 'seed, 2 streams' 'blog: tar -cz | nc')   (goal 18)"
fi
echo "seed, 1 stream, to tar | ssh $(ratio 'seed, 1 stream' 'tar | ssh, bare')   (goal 0.95)"
echo "seed, 2 streams, to cp -a    $(ratio 'seed, 2 streams' 'cp -a')   (goal 0.6)"
echo "compared to not              $(ratio 'seed, 2 streams, compared' 'seed, 2 streams')"
