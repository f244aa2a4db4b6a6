#!/bin/sh
# Cuts a datadir into tasks: what is copied, checked and, after a break, sent again as one.
#   seed-list.sh ROOT FOLDER TASK_BYTES PATTERN...      PATTERN: find -path below ROOT, left out with all below it
# A task is some whole files, or a range of a large one. FOLDER/tasks/N has a line for each: kind (f file, r range), mode, offset,
# length, path, with tabs between; FOLDER/sizes has task N's bytes in line N; FOLDER/wholes a line for each task of files, and for all the
# ranges of a large one together: first task, last task, bytes; FOLDER/folders the folders; FOLDER/files every file's size and path.
# The same datadir is cut the same way each time.
# Says: tasks, files and bytes in all. Ends with 3 where the datadir holds what can't be copied: nothing was written.
set -u
umask 077
export LC_ALL=C
root=$1 folder=$2 task_bytes=$3
shift 3

refuse() { printf '%s\n' "$1" >&2; exit 3; }
cd -- "$root" || exit 1
mkdir -p "$folder" || exit 1

# Every pattern becomes `-path ./PATTERN -prune -o`.
count=$#
while [ "$count" -gt 0 ]; do
  set -- "$@" -path "./$1" -prune -o
  shift
  count=$((count - 1))
done
odd=$(find . "$@" \( -name '*[[:cntrl:]]*' -o ! -type f ! -type d ! -type s ! -type p \) -print | head -n 1 | tr '[:cntrl:]' '?')
[ -z "$odd" ] || refuse "$odd can't be copied: it is a link or a device, or has a control character in its name"

rm -rf "$folder/part" && mkdir -p "$folder/part/tasks" || exit 1
find . -mindepth 1 "$@" -type d -printf '%m\t%P\n' | sort -t "$(printf '\t')" -k 2 >"$folder/part/folders" || exit 1
find . "$@" -type f -printf '%m\t%s\t%P\n' | sort -t "$(printf '\t')" -k 3 >"$folder/part/listed" || exit 1
awk -F '\t' -v limit="$task_bytes" -v out="$folder/part" '
  function line(first, task, kind, mode, offset, length_, path) {
    printf "%s\t%s\t%.0f\t%.0f\t%s\n", kind, mode, offset, length_, path >> (out "/tasks/" task)
    close(out "/tasks/" task)
    size[task] += length_
    last[first] = task
    whole[first] += length_
  }
  {
    printf "%.0f\t%s\n", $2, $3 > (out "/files")
    bytes += $2
    if ($2 > limit) {
      first = tasks + 1
      for (offset = 0; offset < $2; offset += limit)
        line(first, ++tasks, "r", $1, offset, ($2 - offset < limit ? $2 - offset : limit), $3)
    } else {
      if (small == 0 || held + $2 > limit || names >= 2000) { small = ++tasks; held = 0; names = 0 }
      line(small, small, "f", $1, 0, $2, $3)
      held += $2
      names++
    }
  }
  END {
    for (task = 1; task <= tasks; task++) {
      printf "%.0f\n", size[task] > (out "/sizes")
      if (task in last) printf "%d %d %.0f\n", task, last[task], whole[task] > (out "/wholes")
    }
    printf "%.0f %.0f %.0f\n", tasks, NR, bytes
  }
' "$folder/part/listed" >"$folder/part/total" || exit 1
[ -s "$folder/part/files" ] || refuse "$root holds no file to copy"
rm -f "$folder/part/listed"
for made in tasks sizes wholes folders files total; do
  rm -rf "${folder:?}/$made" && mv "$folder/part/$made" "$folder/$made" || exit 1
done
rmdir "$folder/part"
cat "$folder/total"
