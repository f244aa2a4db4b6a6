#!/bin/sh
# Which mount a path is on. A fragment of seed-facts.sh: the only reader of /proc/self/mountinfo (proc_pid_mountinfo(5))
# on a host. Reads only. A bind mount shows a folder of a file system; a mount may cover another one, and everything
# that was mounted below that.

# mount_on PATH [MOUNTINFO]: the mount of PATH: NUMBER, ROOT (the folder of its file system that is mounted) and POINT,
# with tabs between.
mount_on() { MOUNTS_OF=$1 MOUNTS_ASKED=on read_mountinfo "${2:-/proc/self/mountinfo}"; }
# mounts_below PATH [MOUNTINFO]: visible mount points below PATH, a path a line.
mounts_below() { MOUNTS_OF=$1 MOUNTS_ASKED=below read_mountinfo "${2:-/proc/self/mountinfo}"; }

# The kernel escapes blanks, control characters and backslashes: \040. A control character is shown as \001: a path with
# one is never asked for, and would become several fields or lines.
read_mountinfo() {
  awk '
    function plain(path,    out, code) {
      out = ""
      while (match(path, /\\[0-7][0-7][0-7]/)) {
        code = substr(path, RSTART + 1, 1) * 64 + substr(path, RSTART + 2, 1) * 8 + substr(path, RSTART + 3, 1)
        out = out substr(path, 1, RSTART - 1) (code < 32 || code == 127 ? "\001" : sprintf("%c", code))
        path = substr(path, RSTART + 4)
      }
      return out path
    }
    function covers(folder, path) { return folder == "/" || index(path "/", folder "/") == 1 }
    # Goes down from the mounts that are on none: of those on the present mount, takes the first one on the way to the
    # path.
    function on(path,    at, next_, i) {
      for (next_ = "none"; next_ != ""; ) {
        at = next_
        next_ = ""
        for (i = 1; i <= n; i++) {
          if (number[i] == at || (lies_on[i] in point_of ? lies_on[i] : "none") != at || !covers(point[i], path)) continue
          if (next_ == "" || length(point[i]) <= length(point_of[next_])) next_ = number[i]
        }
      }
      return at
    }
    { n++; number[n] = $1; lies_on[n] = $2; root_of[$1] = plain($4); point[n] = point_of[$1] = plain($5) }
    END {
      path = ENVIRON["MOUNTS_OF"]
      if (ENVIRON["MOUNTS_ASKED"] == "on") { at = on(path); if (at != "none") print at "\t" root_of[at] "\t" point_of[at] }
      else for (i = 1; i <= n; i++) if (point[i] != path && covers(path, point[i]) && on(point[i]) == number[i]) print point[i]
    }' "$1"
}
