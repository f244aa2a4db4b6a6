#!/bin/sh
# Files that are what they were when a job was planned. A fragment of hook.sh and custom.sh.

digest_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

# first_changed SUM...: the path of the first file that has another SHA-256 by now, or can not be read. SUM: HEX PATH.
first_changed() {
  for one in "$@"; do
    case $one in *' '*) ;; *) continue ;; esac
    [ "$(digest_of "${one#* }" 2>/dev/null)" = "${one%% *}" ] || { printf '%s\n' "${one#* }" && return; }
  done
}
