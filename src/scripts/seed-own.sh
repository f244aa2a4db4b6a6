#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The target's side of a copy by commands of the inventory (commands.send, commands.receive).
#   seed-own.sh receive form=list|line seconds=SECONDS look=LOOK... argument=WORD... port=PORT datadir=DATADIR job=JOB owner=OWNER
#     The work of a unit: runs the receiver as OWNER (user:group), in a view of this host in which it can write the new data and nothing else
#     (cell.sh): its port takes bytes from any host. There the new data is /mnt, and has nothing in it when the command begins. Progress:
#     `listens` once the command has PORT open, then the bytes that are there; `again` and `late` as custom.sh. Ends with the command's status.
#   seed-own.sh settle datadir=DATADIR job=JOB owner=OWNER folder=FOLDER
#     Makes what came the donor's data: takes away what the donor's list does not have (auto.cnf, relay logs, sockets, links), and sets the
#     modes of the list. FOLDER has the list (seed-receive.sh). Fails, with the first names, where a listed file did not come with its size.
#     Says `removed COUNT NAME...` and `came FILES BYTES`. Contents are compared later (seed-sums.sh). Can be repeated.
# All of the data is read and written as OWNER: root follows no name there.
set -u
umask 077
verb=$1
shift
case $verb in
  receive) declare_words 'form seconds look... argument... port datadir job owner' "$@" ;;
  settle) declare_words 'datadir job owner folder' "$@" ;;
  *) unknown_verb "$verb" ;;
esac
export LC_ALL=C
as_owner() { as_account "$owner" "$@"; }
enter_stage "$datadir" "$job" || fail "$datadir/.reseed-$job is not there: the job has not prepared it"
[ "$(stat -c '%F %U:%G' new 2>/dev/null)" = "directory $owner" ] || fail "$datadir/.reseed-$job/new is not a folder of $owner"
cd -P new || exit 1

listens() {
  awk -v port="$(printf ':%04X' "$port")" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# tell: writes what is there into progress, until the command has ended.
tell() {
  trap 'exit' TERM
  until listens; do sleep 0.2; done
  echo listens >>"$RESEED_FOLDER/progress"
  while sleep 1; do as_owner du -sbx . 2>/dev/null | cut -f 1 >>"$RESEED_FOLDER/progress"; done
}

receive() {
  # It runs with the rights of that account alone.
  # shellcheck disable=SC2034  # of closed-files.sh
  closed_to=${owner%%:*}
  refuse_open
  begin_once
  ! listens || fail "port $port of this host is in use: another range of seed.ports has a free one"
  as_owner find . -xdev -mindepth 1 -delete || fail 'what an earlier try left can not be removed'
  mkdir -p "$RESEED_FOLDER/cell" || exit 1
  # The archive has the modes of the files. The first process of the cell must be another than timeout, which takes it for the end of its parent
  # (coreutils 9.10: 125).
  # shellcheck disable=SC2016,SC2317  # of the inner shell; run_command runs it
  run_limited() { umask 0 && in_cell "$RESEED_FOLDER/cell" sh -c 'timeout -k 10 "$@"; exit "$?"' sh "$seconds" "$@"; }
  tell &
  teller=$!
  run_command
  code=$?
  kill "$teller" 2>/dev/null
  wait "$teller"
  # The last line counts, and the teller may have written after it.
  if grep -qx late "$RESEED_FOLDER/progress" 2>/dev/null; then echo late >>"$RESEED_FOLDER/progress"; fi
  exit "$code"
}

# names: what lies here, `TYPE SIZE PATH` with tabs; a name with a control character is on no list.
names() {
  as_owner find . -xdev -depth -mindepth 1 -name '*[[:cntrl:]]*' -exec rm -rf -- {} + || return
  as_owner find . -xdev -mindepth 1 -printf '%y\t%s\t%P\n'
}

# set_modes LIST FIELD FIELD: the fields of the mode and of the path.
set_modes() {
  cut -f "$2" "$folder/$1" | sort -u >"$folder/settling/modes"
  while read -r mode; do
    awk -F '\t' -v at="$2" -v path="$3" -v mode="$mode" '$at == mode { print $path }' "$folder/$1" | as_owner xargs -r -d '\n' chmod -- "$mode" || return
  done <"$folder/settling/modes"
}

settle() {
  [ -s "$folder/total" ] || fail 'no list of the donor has come'
  rm -rf "$folder/settling" && mkdir -p "$folder/settling" || exit 1
  here=$folder/settling/here extra=$folder/settling/extra lacking=$folder/settling/lacking
  names >"$here" || fail 'what came can not be listed'
  : >"$extra" && : >"$lacking" || exit 1
  awk -F '\t' -v extra="$extra" -v lacking="$lacking" '
    FILENAME ~ /\/folders$/ { type[$2] = "d"; next }
    FILENAME ~ /\/files$/ { type[$4] = "f"; size[$4] = $3; next }
    !($3 in type) || $1 != type[$3] { print $3 > extra; next }
    { there[$3] = 1 }
    $1 == "f" && $2 != size[$3] { print $3 " has " $2 " bytes, not " size[$3] > lacking }
    END { for (path in type) if (!(path in there)) print path > lacking }
  ' "$folder/folders" "$folder/files" "$here" || exit 1
  if [ -s "$lacking" ]; then
    printable=$(sort "$lacking" | head -n 3 | tr -c '\n[:print:]' '?' | paste -s -d ';' | sed 's/;/; /g')
    fail "$(wc -l <"$lacking") of the files and folders of the donor did not come whole: $printable"
  fi
  # A folder goes with all that is in it, in any order.
  as_owner xargs -r -d '\n' rm -rf -- <"$extra" || fail 'what is not of the data can not be removed'
  { set_modes folders 1 2 && set_modes files 2 4; } || fail 'the modes can not be set'
  if [ -s "$extra" ]; then echo "removed $(wc -l <"$extra") $(head -n 5 "$extra" | tr -c '\n[:print:]' '?' | paste -s -d ' ')"; fi
  rm -rf "$folder/settling"
  awk -F '\t' '{ bytes += $3; files++ } END { printf "came %d %.0f\n", files, bytes }' "$folder/files"
}

"$verb"
