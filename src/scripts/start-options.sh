#!/bin/sh
# Gives the next starts of a unit's server options of ours, whatever its option files say: a drop-in with the command
# line of the unit and these after it. A fragment of seed-start.sh, seed-before.sh and seed-facts.sh. It survives a
# power cut: the server that the machine's own start brings up has them too.

options_file() { echo "/etc/systemd/system/$(unit_id "$1").service.d/$(drop_in_name "$2-start")"; }

# command_line UNIT FILE: the last ExecStart= of all its files except ours, with systemd's prefixes; an empty one
# cancels those before it.
command_line() {
  systemctl cat "$1" 2>/dev/null | OURS="# $2" awk '
    /^# \// { skip = ($0 == ENVIRON["OURS"]) }
    /^[#;]/ || skip { next }
    /\\$/ { sub(/\\$/, ""); line = line $0 " "; next }
    { line = line $0 }
    line ~ /^ExecStart[ \t]*=/ { sub(/^ExecStart[ \t]*=[ \t]*/, "", line); command = line }
    { line = "" }
    END { sub(/[ \t]+$/, "", command); print command }'
}

# with_options COMMAND OPTION...: the command line with options after it; 1 if it is unknown whether the server would
# get them. After another program (numactl, mysqld_safe) they are the server's; a shell passes them on only from within
# its quotes, after its last command.
with_options() {
  printf '%s\n' "$1" | (
    shift
    OPTIONS=$* awk '
      function base(path) { sub(/.*\//, "", path); return path }
      {
        n = split($0, token, /[ \t]+/)
        first = token[1]; sub(/^[-@:+!|]+/, "", first)
        in_shell = base(first) ~ /^(sh|bash|dash|ksh)$/
        for (i = 1; i <= n && !at; i++) {
          plain = token[i]; gsub(/["\047]/, "", plain); sub(/^[-@:+!|]+/, "", plain)
          if (base(plain) ~ /^(mysqld|mariadbd|mysqld-debug|mysqld_safe|mariadbd-safe|safe_mysqld)$/) at = i
        }
        if (!at) exit 1
        if (!in_shell) { print $0 " " ENVIRON["OPTIONS"]; exit }
        quote = substr($0, length($0))
        if (quote != "\"" && quote != "\047") exit 1
        for (i = at + 1; i <= n; i++) if (token[i] ~ /[;&|<>]/) exit 1
        print substr($0, 1, length($0) - 1) " " ENVIRON["OPTIONS"] quote
      }'
  )
}

# give_options UNIT JOB OPTION...
give_options() {
  unit=$1 job=$2
  shift 2
  file=$(options_file "$unit" "$job")
  # Made by an earlier build: its name sorts before others.
  older=$(older_drop_in "$file")
  if [ -e "$older" ]; then rm -f -- "$older" && systemctl daemon-reload || exit 1; fi
  command=$(command_line "$unit" "$file")
  [ -n "$command" ] || refuse "$unit has no command line that could be told how to start"
  given=$(with_options "$command" "$@") ||
    refuse "the unit $unit starts its server by a command that reseed does not understand: $command. Let its ExecStart= name mysqld or mariadbd itself"
  mkdir -p "${file%/*}" || exit 1
  {
    echo "# reseed job $job: goes when the server needs it no more"
    # Data of a snapshot is recovered at this start, for hours at times: a unit that says nothing gives a start 90 s, and would end the server in the middle of it.
    # 0 is no limit, for systemd before 229 too.
    printf '[Service]\nTimeoutStartSec=0\nExecStart=\nExecStart=%s\n' "$given"
  } >"$file.part" && chmod 644 "$file.part" && mv "$file.part" "$file" || exit 1
  chmod 755 "${file%/*}"
  sync -f "$file"
  systemctl daemon-reload || exit 1
  why=$(taken_back "$unit" "$file" '^ExecStart[[:space:]]*=')
  if [ -z "$why" ]; then return; fi
  take_options "$unit" "$job"
  refuse "$unit would start without the options of reseed: $why"
}

# take_options UNIT JOB: makes the next start an ordinary one again; a running server is left alone.
take_options() {
  file=$(options_file "$1" "$2")
  remove_drop_in "$file" || exit 1
  sync -f /etc/systemd/system || exit 1
  systemctl daemon-reload
}
