#!/bin/sh
# The datadir of a seed's target. New data lands in DATADIR/.reseed-JOB/new, which is root's alone: no server can be started on
# it, and what lies in the datadir stays as it is until the new data is whole and checked. Then the two change places.
#   seed-stage.sh prepare DATADIR JOB WHO       makes the folder; 3 where another job's is there
#   seed-stage.sh hold    DATADIR JOB UNIT WHO  the server can't be started by anybody, and not by the machine's start either
#   seed-stage.sh clear   DATADIR JOB           no room for both: the old data goes now
#   seed-stage.sh switch  DATADIR JOB OWNER     old data aside, new data in its place, owned by OWNER (user:group)
#   seed-stage.sh free    DATADIR JOB UNIT      the server may be started again: the datadir is whole
#   seed-stage.sh back    DATADIR JOB UNIT      undoes all of these, as far as the old data is there: says what it did, on a line
#   seed-stage.sh drop    DATADIR JOB           the old data goes: the new server has caught up
#   seed-stage.sh look    DATADIR JOB           says how far it came
#   seed-stage.sh down    DATADIR JOB UNIT WHO  stops the server, waits for it, and holds it as before: 3 where one runs on
#   seed-stage.sh restart DATADIR JOB UNIT      starts the server that ran before, where its data is whole
# Each may be said twice, and goes on where it was cut off. The server is down for clear, switch and back.
# .reseed-JOB/phase has how far it came: new, cleared, out (old data is going aside), in (new data is going in), switched, over (the
# old data is going for good: from here on nothing is taken back).
set -u
umask 077
export LC_ALL=C
verb=$1 datadir=$2 job=$3
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
refuse() { printf '%s\n' "$1" >&2; exit 3; }
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
datadir=$(readlink -f -- "$datadir") || refuse 'the datadir is not there'
case $datadir in / | /var | /var/lib | /home | /usr | /etc | /root | /srv | /opt | '') refuse "$datadir is no datadir" ;; esac
stage=$datadir/.reseed-$job
marker=$datadir/RESEED_IN_PROGRESS
drop_in() { echo "/etc/systemd/system/$1.service.d/reseed-$job.conf"; }
phase() { cat "$stage/phase" 2>/dev/null; }
# On the disk before what follows from it: where that can't be, nothing follows.
set_phase() {
  printf '%s\n' "$1" >"$stage/phase.part" && mv "$stage/phase.part" "$stage/phase" && sync -f "$stage" && return
  echo "how far it came can't be written down in $stage" >&2
  exit 1
}
# What undoing writes has room on a disk that is full: so much is kept for it.
keep_room() { dd if=/dev/zero of="$stage/room" bs=64K count=16 status=none || exit 1; }
give_room() { rm -f "$stage/room"; }

# A server's working directory is its datadir.
is_down() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/cwd")" != "$datadir" ] || refuse "process ${process#/proc/} works in $datadir: the server is not down"
  done
}

hold() {
  printf 'reseed job %s of %s: this datadir is not whole\n' "$job" "$2" >"$marker" || exit 1
  file=$(drop_in "$1")
  mkdir -p "${file%/*}" || exit 1
  # Unlike a mask of the runtime, it outlives a power cut.
  printf '# reseed job %s: goes when the datadir is whole\n[Unit]\nConditionPathExists=!%s\n' "$job" "$marker" >"$file" || exit 1
  chmod 644 "$file" "$marker"
  chmod 755 "${file%/*}"
  sync -f "$file" "$marker"
  systemctl daemon-reload
}
# On the disk too: after a power cut just now, nothing that nobody knows of may hold the server down.
let_start() {
  rm -f "$(drop_in "$1")" "$marker" || exit 1
  rmdir "/etc/systemd/system/$1.service.d" 2>/dev/null
  sync -f "$datadir" || exit 1
  if [ -d /run/systemd/system ]; then sync -f /etc/systemd/system && systemctl daemon-reload || exit 1; fi
}

# What this host knew of the copy; the job's own folder goes with the last that is in it.
forget_job() {
  rm -rf "/run/reseed/$job"/at-*
  rmdir "/run/reseed/$job" 2>/dev/null
  return 0
}

# move FROM TO: everything but what is ours, and what mkfs made.
move() {
  find "$1" -xdev -mindepth 1 -maxdepth 1 ! -name '.reseed-*' ! -name lost+found ! -name RESEED_IN_PROGRESS \
    -exec mv -t "$2" -- {} + || exit 1
}
# What SET PERSIST wrote is the server's own, and not of the data.
keep_settings() { if [ -f "$datadir/mysqld-auto.cnf" ]; then cp -p -- "$datadir/mysqld-auto.cnf" "$stage/mysqld-auto.cnf" || exit 1; fi; }
# What is cut off here is gone on with: the word that there is no way back goes last.
drop() {
  find "$stage" -mindepth 1 ! -path "$stage/phase" -delete 2>/dev/null
  rm -rf "$stage" && sync -f "$datadir" || exit 1
  forget_job
  echo "the new data of $datadir stays: the old is deleted"
}
erase() { find "$1" -xdev -mindepth 1 ! -path "$1/.reseed-*" ! -path "$1/lost+found" ! -path "$marker" -delete; }

case $verb in
  prepare)
    for other in "$datadir"/.reseed-*; do
      if [ -e "$other" ] && [ "$other" != "$stage" ]; then refuse "$other is there: $(cat "$other/who" 2>/dev/null)"; fi
    done
    mkdir -p "$stage/new" "$stage/old" || exit 1
    chown root:root "$stage" && chmod 700 "$stage" || exit 1
    [ -e "$stage/phase" ] || { keep_room; printf '%s\n' "$4" >"$stage/who" || exit 1; set_phase new; }
    ;;
  hold)
    hold "$4" "$5"
    ;;
  clear)
    is_down
    [ -e "$marker" ] || refuse 'the server is not held down'
    case $(phase) in
      new) set_phase cleared ;;
      cleared) ;;
      *) exit 0 ;;
    esac
    keep_settings
    erase "$datadir" || exit 1
    ;;
  switch)
    is_down
    [ -e "$marker" ] || refuse 'the server is not held down'
    case $(phase) in new | cleared)
      if [ "$(phase)" = new ]; then keep_settings; fi
      if [ -e "$stage/mysqld-auto.cnf" ]; then mv "$stage/mysqld-auto.cnf" "$stage/new/" || exit 1; fi
      chown -R "$4" "$stage/new" || exit 1
      printf '%s\n' "$(phase)" >"$stage/before" || exit 1
      sync -f "$stage"
      set_phase out
      ;;
    esac
    if [ "$(phase)" = out ]; then
      move "$datadir" "$stage/old"
      set_phase in
    fi
    if [ "$(phase)" = in ]; then
      move "$stage/new" "$datadir"
      set_phase switched
    fi
    [ "$(phase)" = switched ] || refuse "nothing was prepared in $datadir by job $job"
    if command -v selinuxenabled >/dev/null && selinuxenabled; then restorecon -RF "$datadir" || exit 1; fi
    ;;
  free)
    if [ -e "$stage" ] && [ "$(phase)" != switched ]; then refuse "the datadir of job $job is not whole: $(phase)"; fi
    let_start "$4"
    ;;
  back)
    if [ -e "$stage" ]; then
      give_room
      case $(phase) in
        new | '') was=kept ;;
        cleared) was=gone ;;
        over)
          drop
          exit 0
          ;;
        *) was=$(cat "$stage/before") || exit 1 ;;
      esac
      if [ "$was" = gone ] || [ "$was" = cleared ]; then
        # It stays marked and held: what lies there is no datadir.
        rm -rf "$stage/new"
        echo "the old data of $datadir was deleted to make room: it is empty, and can't be started"
        exit 0
      fi
      case $(phase) in
        in | switched)
          is_down
          move "$datadir" "$stage/new"
          set_phase out
          ;;
      esac
      if [ "$(phase)" = out ]; then
        is_down
        move "$stage/old" "$datadir"
        set_phase new
      fi
      rm -rf "$stage" || exit 1
      forget_job
      echo "the old data of $datadir is as it was"
    fi
    let_start "$4"
    ;;
  drop)
    case $(phase) in
      switched) set_phase over ;;
      over) ;;
      *) [ ! -e "$stage" ] || refuse "the new data is not in place: $(phase)" ;;
    esac
    drop
    ;;
  look) if [ -e "$stage" ]; then phase; else echo none; fi ;;
  down)
    # What has caught up, and whose old data goes or is gone, is not to be taken back.
    if [ -e "$stage" ] && [ "$(phase)" != over ]; then
      hold "$4" "$5"
      systemctl stop "$4" || exit 1
      is_down
    fi
    ;;
  restart)
    if [ "$(phase)" = cleared ] || [ "$(cat "$stage/before" 2>/dev/null)" = cleared ]; then
      echo "the server stays down: $datadir is not whole"
    elif [ -e "$marker" ] || [ -e "$stage" ]; then
      refuse "the server stays down: $datadir is not whole"
    else
      systemctl reset-failed "$4" 2>/dev/null
      systemctl start --no-block "$4"
    fi
    ;;
esac
