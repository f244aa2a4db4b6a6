#!/bin/sh
# The files that a hook or a command of the inventory is made of: only root, and the account that runs them, may be able to change them, and a job runs
# what its plan saw. A fragment of the scripts that run one.
# LOOK: HOW KIND PATH. HOW: as others_on_way has it. KIND: program (it is executed; a name is looked for in PATH), script (an interpreter reads it), or file
#   (an argument: a file, or nothing, or a folder). SUM: HEX PATH, its SHA-256 at the plan; `none` for HEX: no file was there; `open`: it could not be run.
look=''
# The account that runs them, besides root.
closed_to=$(id -un 2>/dev/null) || closed_to=$(id -u)

# A probe has no time to wait for a dead disk.
digest_limit=30
digest_of() { timeout -k 1 "$digest_limit" sha256sum <"$1" | cut -d ' ' -f 1; }

# why_not_run LOOK: nothing is printed where it can be run, and no other account can change it.
why_not_run() {
  its_how=${1%% *} its_kind=${1#* } its_path=${1#* * }
  its_kind=${its_kind%% *}
  case $its_kind:$its_path in
    program:*/*) ;;
    program:*)
      its_path=$(program_at "$its_path")
      [ -n "$its_path" ] || { echo 'no folder of PATH has it' && return; }
      ;;
    file:*) [ -f "$its_path" ] || [ -p "$its_path" ] || return 0 ;;
  esac
  [ -e "$its_path" ] || { echo 'there is no such file' && return; }
  [ -f "$its_path" ] || [ "$its_kind" = file ] || { echo 'it is no file' && return; }
  [ "$its_kind" != program ] || [ -x "$its_path" ] || { echo 'it can not be executed' && return; }
  its_why=$(others_on_way "$its_path" "$its_how" "$closed_to") || echo "on the way to it, ${its_why:-nothing can be seen}"
}
# program_at NAME: `command -v` would tell a command of the shell itself.
program_at() (
  set -f
  IFS=:
  for its_folder in $PATH; do
    if [ -f "$its_folder/$1" ] && [ -x "$its_folder/$1" ]; then echo "$its_folder/$1" && return; fi
  done
)

# look_at_each LOOK...: a line for each: `ok HEX`, `none` (no file is there), or why it can not be run.
look_at_each() {
  for one in "$@"; do
    why=$(why_not_run "$one" | tr '\n' ' ')
    if [ -n "$why" ]; then
      printf '%s\n' "$why"
    elif [ -f "${one#* * }" ]; then
      echo "ok $(digest_of "${one#* * }")"
    else
      echo none
    fi
  done
}

# first_open LOOK...: `PATH: why` of the first that can not be run.
first_open() {
  for one in "$@"; do
    why=$(why_not_run "$one" | tr '\n' ' ')
    if [ -n "$why" ]; then printf '%s: %s\n' "${one#* * }" "${why% }" && return; fi
  done
}

# first_changed SUM...: of the first file that is another than at the plan, `changed PATH`, or `unseen PATH` where none was looked at then.
first_changed() {
  for one in "$@"; do
    case ${one%% *} in
      none) if [ -f "${one#* }" ] || [ -p "${one#* }" ]; then printf 'unseen %s\n' "${one#* }" && return; fi ;;
      open) printf 'unseen %s\n' "${one#* }" && return ;;
      *) [ "$(digest_of "${one#* }" 2>/dev/null)" = "${one%% *}" ] || { printf 'changed %s\n' "${one#* }" && return; } ;;
    esac
  done
}

# refuse_open: ends the script where a file of $look can not be run.
refuse_open() {
  open=$(eval "first_open $look")
  [ -z "$open" ] || refuse "$open: it was not run"
}
