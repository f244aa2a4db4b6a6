#!/bin/sh
# The datadir of a server that is down, read as it lies there. Nobody starts the server meanwhile, and afterwards it is proved that
# nobody did, and that no file was changed: there is no snapshot that would stand still by itself.
#   seed-still.sh hold  DATADIR JOB UNIT WHO   3: the server is not down
#   seed-still.sh proof DATADIR JOB            3: it is not what was read
#   seed-still.sh free  DATADIR JOB UNIT       the server may be started again
# Each may be said twice. The hold is a drop-in in /run, which the start of the machine forgets: it never outlives its job by
# more than that, and nothing is proved then.
set -u
umask 077
verb=$1 datadir=$2 job=$3
case $job in *[!a-z0-9]* | '') echo "no key of a job: $job" >&2; exit 64 ;; esac
datadir=$(readlink -f -- "$datadir") || refuse 'the datadir is not there'
folder=/run/reseed/$job/still
mark=$folder/mark
drop_in() { echo "/run/systemd/system/$1.service.d/reseed-$job-still.conf"; }

is_down() {
  pid=$(servers_in "$datadir" | head -n 1)
  [ -z "$pid" ] || refuse "process $pid works in $datadir: the server is not down"
}

case $verb in
  hold)
    is_down
    file=$(drop_in "$4")
    mkdir -p "$folder" "${file%/*}" || exit 1
    # Unlike a condition, an assertion says so to whoever starts it.
    printf '# reseed job %s of %s: its files are being copied\n[Unit]\nAssertPathExists=!%s\n' "$job" "$5" "$folder" >"$file.part" &&
      chmod 644 "$file.part" && mv "$file.part" "$file" || exit 1
    chmod 755 "${file%/*}"
    systemctl daemon-reload || exit 1
    # Said twice, the first counts.
    [ -e "$mark" ] || : >"$mark" || exit 1
    # One that was being started before the hold was there.
    is_down
    ;;
  proof)
    [ -e "$mark" ] || refuse "since when nobody was to touch $datadir is forgotten: the host was started again meanwhile"
    is_down
    changed=$(find "$datadir" -xdev -cnewer "$mark" -print) || exit 1
    [ -z "$changed" ] || refuse "$(printf '%s\n' "$changed" | sed -n '1s/[[:cntrl:]]/?/gp;1p' | head -n 1) was changed while the data was read"
    ;;
  free)
    file=$(drop_in "$4")
    [ -e "$file" ] || [ -e "$folder" ] || exit 0
    rm -f "$file" "$file.part" && rm -rf "$folder" || exit 1
    rmdir "${file%/*}" "/run/reseed/$job" 2>/dev/null
    systemctl daemon-reload
    ;;
esac
