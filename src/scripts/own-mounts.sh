#!/bin/sh
# Whether a server sees this host's folders where it keeps its data. A unit may have its own mounts (BindPaths= and
# others of systemd.exec(5)): the server then sees another folder at a path than this host, and our commands would work
# on the wrong folder. A fragment of seed-facts.sh. Reads only.

# hidden_places UNIT DATADIR: for the datadir, and for `KIND PATH` lines on standard input, a line `hidden HOW PATH` for
# each folder that differs between this host and the server. HOW: `running`, seen from its process; or the setting of
# the unit, also for a server that is down.
hidden_places() {
  processes=$(processes_of "$1" "$2")
  shadows=$(shadows_of "$1")
  {
    printf '%s\n' "$2"
    while read -r kind path; do folder_of "$kind" "$path"; done
  } | sort -u | while IFS= read -r path; do
    how=$(shadow_over "$path" "$2")
    for process in $processes; do if sees_other "$process" "$path"; then how=running; fi; done
    if [ -n "$how" ]; then printf 'hidden %s %s\n' "$how" "$path"; fi
  done
}

# processes_of UNIT DATADIR: those of the unit; else those in the datadir, or in what they see there, since a server may have been started by hand.
processes_of() {
  id=${1:+$(unit_id "$1")}
  of_unit=$(
    for process in /proc/[0-9]*; do
      process=${process#/proc/}
      if is_server "$process" && [ -n "$id" ] && [ "$(service_of "$process")" = "$id" ]; then echo "$process"; fi
    done
  )
  printf '%s\n' "${of_unit:-$({ servers_in "$2" && named_in "$2"; } | sort -nu)}"
}
# named_in DATADIR: the servers with files open by names in it, as they see them: with mounts of its own, one works in another folder there. One in a
# container, which has processes of its own, is no server of this host.
named_in() {
  named=$(readlink -f -- "$1") here=$(readlink /proc/self/ns/pid)
  for process in /proc/[0-9]*; do
    if ! is_server "${process#/proc/}" || [ "$(readlink "$process/ns/pid")" != "$here" ]; then continue; fi
    if find "$process/fd" -lname "$named/*" -print -quit 2>/dev/null | grep -q .; then echo "${process#/proc/}"; fi
  done
}

# shadows_of UNIT: what its settings mount over folders of the host, a line each: SETTING SOURCE TARGET, with tabs
# between; SOURCE `-`: no folder of this host. A value that is not understood may cover everything.
shadows_of() {
  [ -n "$1" ] || return 0
  systemctl show -p BindPaths -p BindReadOnlyPaths -p TemporaryFileSystem -p InaccessiblePaths -p MountImages -p RootDirectory -p RootImage \
    -p PrivateTmp -p ProtectHome -- "$1" 2>/dev/null | awk -v OFS='\t' '
    { at = index($0, "="); name = substr($0, 1, at - 1); value = substr($0, at + 1); n = split(value, word, " ") }
    name ~ /^Root/ && value != "" && value != "/" { print name, "-", "/" }
    name == "PrivateTmp" && value !~ /^(no)?$/ { print name, "-", "/tmp"; print name, "-", "/var/tmp" }
    name == "ProtectHome" && value ~ /^(yes|tmpfs)$/ { print name, "-", "/home"; print name, "-", "/root"; print name, "-", "/run/user" }
    name ~ /^(Bind(ReadOnly)?Paths|TemporaryFileSystem|InaccessiblePaths|MountImages)$/ {
      for (i = 1; i <= n; i++) {
        sub(/^[-+]+/, "", word[i])
        parts = split(word[i], part, ":")
        target = name ~ /^(Bind|Mount)/ ? part[2 > parts ? 1 : 2] : part[1]
        gsub(/\\x20/, " ", word[i]); gsub(/\\x20/, " ", part[1]); gsub(/\\x20/, " ", target)
        if (word[i] !~ /^\// || target !~ /^\// || word[i] ~ /\\/) { print name, "-", "/"; continue }
        print name, (name ~ /^Bind/ ? part[1] : "-"), target
      }
    }' | while IFS="$(printf '\t')" read -r setting from to; do printf '%s\t%s\t%s\n' "$setting" "$from" "$(readlink -m -- "$to")"; done
}

# shadow_over PATH DATADIR: the setting that mounts another folder over PATH, or over something in the datadir; of
# several around PATH the innermost counts. A folder that is bound onto itself is the host's.
shadow_over() {
  printf '%s\n' "$shadows" | grep . | while IFS="$(printf '\t')" read -r setting from to; do
    is=$setting depth=${#to}
    if [ "$from" = "$to" ] || { [ "$from" != - ] && from_id=$(folder_id "$from") && [ "$from_id" = "$(folder_id "$to")" ]; }; then is=''; fi
    case ${to%/}/ in
      "$1"/ | /) ;;
      "$1"/lost+found/) continue ;;
      "$1"/*)
        if [ "$1" != "$2" ] || [ -z "$is" ]; then continue; fi
        depth=99999
        ;;
      *) case $1/ in "$to"/*) ;; *) continue ;; esac ;;
    esac
    printf '%s %s\n' "$depth" "$is"
  done | sort -s -n -k 1,1 | tail -n 1 | cut -d ' ' -f 2
}
