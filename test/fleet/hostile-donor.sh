#!/bin/sh
# A donor whose root is hostile: stands in the place of ssh, ssh-keygen, socat and ip there. Each does what the program does, but for
# what /run/attack says: `route` there changes what ip says; a file with a target's word, t1 or t2, names what is done to that target.
#   key    more lines behind the public key
#   list   a line of the list begins with a tab
#   tar    one tar lays a link to /root in the place of a file, the next one writes through it
#   wait   the first data goes when /run/attack/go is there, and every call has a connection of its own
# /run/attack/done has a line for each thing that was done.
set -u
name=${0##*/}
attack=/run/attack way=''
# The programs themselves.
PATH=$attack/real:/usr/bin:/bin:/usr/sbin:/sbin
for word in "$@"; do
  case $word in *way-t[12]/*) way=${word##*way-} way=${way%%/*} job=${word%/way-*} job=/run/reseed${job##*/run/reseed} ;; esac
done
how=$(cat "$attack/$way" 2>/dev/null)
did() { echo "$1" >>"$attack/done"; }

# A tar, as the call's words want it, in the place of the files of all its tasks: `tasks none|zstd N...` Each name of theirs is in it,
# the others as empty files, so that it is the attack that is refused.
hostile_tar() {
  pack='cat'
  if [ "$2" = zstd ]; then pack='zstd -qc'; fi
  shift 2
  made=$(mktemp -d) && (cd "$job/tasks" && cut -f 5 "$@") >"$made.names" && cd "$made" || exit 1
  while IFS= read -r path; do
    case $path in */*) mkdir -p "${path%/*}" ;; esac
    : >"$path"
  done <"$made.names"
  path=$(head -n 1 "$made.names") more=''
  rm "$path"
  if mkdir "$attack/laid" 2>/dev/null; then
    ln -s /root "$path" && did "a tar that lays a link as $path"
  else
    rmdir "$attack/laid"
    mkdir "$path" && echo 'ssh-ed25519 AAAA' >"$path/authorized_keys2" && did "a tar that writes through $path"
    more=$path/authorized_keys2
  fi
  { cat "$made.names" && echo "$more"; } | sed '/^$/d' | tar -cf - --no-recursion -T - | $pack
  rm -rf "$made" "$made.names"
}
takes_files() { [ "$1" = tasks ] && [ "$(head -n 1 "$job/tasks/$3" | cut -f 1)" = f ]; }
hostile_list() { printf '\t1\tf\t640\t0\t5\t/etc/cron.d/owned\n' && cat && did 'a list whose first line begins with a tab'; }

# call WORD...: what the donor sends, on standard input and output.
hostile_input() {
  case $how in
    list) if [ "$1" = list ]; then hostile_list; else cat; fi ;;
    tar)
      # What was to be sent is read all the same.
      if takes_files "$@"; then hostile_tar "$@" && exec >&- && cat >/dev/null; else cat; fi
      ;;
    wait)
      if [ "$1" = tasks ]; then
        did waits
        until [ -e "$attack/go" ]; do sleep 0.1; done
      fi
      cat
      ;;
    *) cat ;;
  esac
}

case $name in
  ip)
    # ip -o route get ADDRESS
    case "$* $(ls "$attack")" in
      *'route get '*route*) did 'a route' && echo "$4 dev eth0 src 10.77.0.12!!SYSTEM:id>/root/owned" ;;
      *) exec ip "$@" ;;
    esac
    ;;
  ssh-keygen)
    ssh-keygen "$@" || exit
    [ "$how" = key ] || exit 0
    printf '\n\nid >/root/owned\n' >>"$job/way-$way/key.pub" && did 'a key with more lines'
    ;;
  ssh)
    # ssh -F CONFIG -S MUX target WORD...
    case "$how ${5-}" in
      *' target') config=$2 && shift 5 && hostile_input "$@" | ssh -F "$config" -S none target "$@" ;;
      *) exec ssh "$@" ;;
    esac
    ;;
  socat)
    # The words of a call are its first line.
    case $how in
      '') exec socat "$@" ;;
      *)
        {
          IFS= read -r words && printf '%s\n' "$words"
          # shellcheck disable=SC2086  # words
          hostile_input $words
        } | socat "$@"
        ;;
    esac
    ;;
esac
