#!/bin/sh
# What the donor may do on the target: the one command behind the job's door (seed-ssh.sh, seed-socat.sh). Takes one line of a fixed
# form, in SSH_ORIGINAL_COMMAND.
#   prove             says back what it is sent
#   list              takes a tar of what seed-list.sh made, and makes the folders
#   sums              takes a tar of checksums
#   landed            the tasks that are here whole
#   drain             counts what it is sent: whether this host has zstd, and the bytes
#   task N none|zstd  takes the files or the range of task N
# Its own arguments: the folder that the data goes to, and the folder of what it needs to know of them.
set -u
umask 077
export LC_ALL=C
new=$1 folder=$2
tab=$(printf '\t')
set -f
# shellcheck disable=SC2086  # it is made of words
set -- ${SSH_ORIGINAL_COMMAND:-}
set +f
refuse() { printf '%s\n' "$1" >&2; exit 3; }

# Names come from the donor: nothing of them may lead out of the folder.
safe_names() {
  if grep -qE '(^|/)\.\.(/|$)|^/|^$' "$1"; then refuse 'the donor sent a name that leads out of the datadir'; fi
}

take_list() {
  rm -rf "$folder/part" && mkdir -p "$folder/part" && tar -xf - -C "$folder/part" tasks sizes folders files total || exit 1
  cut -f 2 "$folder/part/files" >"$folder/part/names" && safe_names "$folder/part/names"
  cut -f 2 "$folder/part/folders" >"$folder/part/names" && safe_names "$folder/part/names"
  cat "$folder/part/tasks"/* | cut -f 5 >"$folder/part/names" && safe_names "$folder/part/names"
  for made in tasks sizes folders files total; do
    rm -rf "${folder:?}/$made" && mv "$folder/part/$made" "$folder/$made" || exit 1
  done
  while IFS=$tab read -r mode path; do
    mkdir -p -- "$new/$path" && chmod -- "$mode" "$new/$path" || exit 1
  done <"$folder/folders"
  mkdir -p "$folder/landed"
}

expand() { if [ "$1" = zstd ]; then zstd -dqc; else cat; fi; }

take_task() {
  n=$1 how=$2
  case $n in *[!0-9]* | '') refuse 'no number of a task' ;; esac
  [ -e "$folder/tasks/$n" ] || refuse "there is no task $n"
  rm -f "$folder/landed/$n"
  IFS=$tab read -r kind mode offset length path <"$folder/tasks/$n"
  if [ "$kind" = r ]; then
    expand "$how" | dd of="$new/$path" bs=1M iflag=fullblock oflag=seek_bytes seek="$offset" conv=notrunc 2>"$folder/dd-$n"
    grep -q "^$length bytes" "$folder/dd-$n" || { cat "$folder/dd-$n" >&2; exit 1; }
    rm -f "$folder/dd-$n"
    chmod -- "$mode" "$new/$path" || exit 1
  else
    expand "$how" | tar -xpf - --numeric-owner -C "$new" || exit 1
    # A tar that is cut between two files is no error to tar.
    cut -f 4 "$folder/tasks/$n" >"$folder/want-$n"
    cut -f 5 "$folder/tasks/$n" | (cd -- "$new" && xargs -r -d '\n' stat -c %s --) >"$folder/have-$n" 2>/dev/null
    cmp -s "$folder/want-$n" "$folder/have-$n" || { echo "task $n came with files missing" >&2; exit 1; }
    rm -f "$folder/want-$n" "$folder/have-$n"
  fi
  : >"$folder/landed/$n"
}

case ${1:-} in
  prove) head -c 256 ;;
  list) take_list ;;
  sums) mkdir -p "$folder/sums" && tar -xf - -C "$folder/sums" ;;
  landed) ls "$folder/landed" ;;
  drain)
    if command -v zstd >/dev/null; then echo zstd; else echo none; fi
    wc -c
    ;;
  task) take_task "${2:-}" "${3:-}" ;;
  *) refuse 'this is the door of a seed: it takes nothing else' ;;
esac
