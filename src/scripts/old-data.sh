#!/bin/sh
# shellcheck disable=SC2154  # of the scripts
# Whether the old data of a target is what the plan saw, asked before it is given up. A fragment of seed-stage.sh and seed-receive.sh. Both work in
# the folder .reseed-JOB of the datadir then, whose path is $datadir.

# It may also have been started and stopped again: then it has rows that the plan did not know. Logs in the datadir may be rotated, or touched.
is_unchanged() {
  [ -e changed ] || return 0
  found=$(find .. -ignore_readdir_race -xdev \( -path "../.reseed-$job" -o -path ../RESEED_IN_PROGRESS \) -prune -o \
    -type f ! -name '*.err' ! -name '*.err[.-]*' ! -name '*.log' ! -name '*.log[.-]*' -printf '%T@ %P\n' |
    awk '$1 > newest { newest = $1; sub(/^[^ ]* /, ""); name = $0 } END { printf "%.0f %s", int(newest), name }')
  newest=${found%% *}
  case $newest in
    '' | *[!0-9]*) ;;
    *) [ "$newest" -le "$(cat changed)" ] || refuse "$datadir was changed since the plan: $(printf '%.100s' "${found#* }" | tr -c 'A-Za-z0-9._#/@-' '?') at $(date -u -d "@$newest" +%FT%TZ) by its clock. Its server, which was down, may have worked meanwhile. Nothing was moved: if its data is to be replaced all the same, seed again" ;;
  esac
}

# names_there DATADIR: the files that are in it, each ended by a 0. Names alone are read.
names_there() {
  (cd -P -- "$1" && find . -ignore_readdir_race -xdev \( -path "./.reseed-*" -o -path ./RESEED_IN_PROGRESS -o -path ./lost+found \) -prune -o ! -type d -printf '%P\0')
}
