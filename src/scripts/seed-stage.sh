#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words; rename_by and its words: stage-folder.sh
# The datadir of a seed's target. New data lands in DATADIR/.reseed-JOB/new. No server can be started on it, and the
# datadir's own content stays as it is until the new data is complete and checked. Then the two are swapped, and with
# them the server's places outside of its datadir (stage-places.sh).
#   seed-stage.sh VERB datadir=DATADIR job=JOB ...
#   prepare who=WHO owner=OWNER at=WORD changed=SECONDS place=KIND=PATH...   makes the folder; OWNER: the server's account, user:group; WORD: the
#     target's in the job's folder at-WORD of /run; SECONDS: of a server that was down in the plan, when its files changed last, by its clock;
#     may be empty. 3 if another job's folder is there
#   hold unit=UNIT who=WHO  blocks the server's start, also by the machine's start
#   give                    no space for both: gives the old data up, which another program may delete then
#   clear                   the same, and deletes the old data now
#   lend                    the same for a delta, which takes the files of the old data (receive-pages.sh): until it takes the first, nothing is given up.
#     .reseed-JOB/lent has the names that are there then: no other is taken or deleted
#   switch                  sets the old data aside, and puts the new data in its place
#   free unit=UNIT          allows the server's start again: the datadir is complete
#   back unit=UNIT          undoes all of these, as far as the old data exists: says on a line what it did
#   proved                  the server that was started on the new data has all of it. Where the old data was deleted before the copy, `down` and `back`
#     leave this server and its data alone from here on: there is nothing else to go back to
#   drop                    deletes the old data: the new server has caught up
#   look                    says how far it came
#   down unit=UNIT who=WHO  stops the server, waits for it, and blocks its start as before: 3 if one still runs
#   restart unit=UNIT       for plans of earlier builds: starts the server that ran before, if its data is complete
# Each can be repeated, and continues after an interruption. The server is down for give, clear, lend, switch and back.
# .reseed-JOB/phase has the progress: new, cleared, placed (files of new data are beside those of places), out (old data
# is being set aside), in (new data is being put in), switched, undone (the old data is back, after it was moved), over
# (the old data is being deleted for good: from here on nothing is undone). The account owns the datadir and may be
# hostile: root works from inside .reseed-JOB, as enter_stage (prelude.sh) says.
# Besides, in .reseed-JOB:
#   job, who, owner, at     whose it is; the server's account; the word of the target
#   places, folders         what is set aside outside of the datadir; databases of the new data
#   mtime, changed          of the datadir, for an undo; of a server that was down in the plan
#   held, mark              the unit whose start is blocked; the file RESEED_IN_PROGRESS before it is in the datadir
#   ran, lifted             a server worked on the old data; files by which other jobs kept it down, or had it started, for an undo
#   before                  the phase at the swap: whether the old data was kept (new) or was gone (cleared)
#   emptied                 all of the old data is deleted
#   lent, taken, listed     of a delta: the names that were lent, and what receive-pages.sh took and listed
#   own.tar                 the server's own files, of the old data
#   brought                 files of the new data that no server makes; apart.found: those that came after the swap
#   proved                  the server that was started on the new data has all of it
#   room                    space for an undo on a full disk
set -u
umask 077
verb=$1
shift
case $verb in
  prepare) own_words='who owner at changed place...' ;;
  hold | down) own_words='unit who' ;;
  free | back | restart) own_words=unit ;;
  give | clear | lend | switch | proved | drop | look) own_words='' ;;
  *) unknown_verb "$verb" ;;
esac
declare_words "datadir job $own_words" "$@"
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac
datadir=$(readlink -f -- "$datadir") || refuse 'the datadir is not there'
case $datadir in / | /var | /var/lib | /home | /usr | /etc | /root | /srv | /opt | '') refuse "$datadir is no datadir" ;; esac
drop_in() { echo "/etc/systemd/system/$(unit_id "$1").service.d/$(drop_in_name "$job")"; }
phase() { cat phase 2>/dev/null; }
# It must be on the disk before the next act; if that fails, there is no next act.
set_phase() {
  printf '%s\n' "$1" >phase.part && mv phase.part phase && sync -f . && return
  fail "can't write into $datadir/.reseed-$job how far the job came"
}
# Reserves space for an undo, which must be able to write on a full disk.
keep_room() { dd if=/dev/zero of=room bs=64K count=16 status=none || exit 1; }
give_room() { rm -f room; }

is_down() {
  process=$(servers_in .. | head -n 1)
  [ -z "$process" ] || refuse "process $process works in $datadir: ${1-the server is not down}"
}
# One that was down in the plan may have been started since, and serve clients.
is_still_down() {
  case $(phase) in
    new) is_down 'its server was started since the plan. Nothing was moved: if its data is to be replaced all the same, stop it and seed again' ;;
    *) is_down ;;
  esac
}
# stays_proved: whether the new data is all that there is, and good.
stays_proved() { [ -e proved ] && [ "$(phase)" = switched ] && [ "$(cat before 2>/dev/null)" = cleared ]; }
# Of named tables (tables.sh): what an undo needs lies here until it has ended.
tables_are_undone() {
  if [ -e opened ] && [ ! -e undone ] && [ ! -e dropped ]; then
    refuse "named tables of the job are not undone yet: $datadir/.reseed-$job stays, with its notes"
  fi
  if [ -e passed ] && [ ! -e over ] && [ ! -e resumed ]; then
    refuse "the applier was not released yet: $datadir/.reseed-$job stays, with the place since which its tables lack events"
  fi
}

hold() {
  file=$(drop_in "$1")
  mkdir -p mark && printf 'reseed job %s of %s: this datadir is not complete\n' "$job" "$2" >mark/RESEED_IN_PROGRESS &&
    chmod 644 mark/RESEED_IN_PROGRESS || exit 1
  "$rename_by" "$rename_how" "$rename_what" "$rename_into" .. mark/RESEED_IN_PROGRESS || fail "$datadir/RESEED_IN_PROGRESS can't be written: no server makes one, remove it"
  if [ ! -e held ]; then printf '%s\n' "$1" >held.part && mv held.part held || exit 1; fi
  sync -f . || exit 1
  if [ ! -s "$file" ]; then
    mkdir -p "${file%/*}" || exit 1
    # Unlike a mask of the runtime, it survives a power cut. The condition names the drop-in itself: the account can't
    # change it.
    printf '# reseed job %s: goes when the datadir is complete\n[Unit]\nConditionPathExists=!%s\n' "$job" "$file" >"$file.part" || exit 1
    chmod 644 "$file.part" && chmod 755 "${file%/*}" && mv "$file.part" "$file" && sync -f "$file" || exit 1
  fi
  systemctl daemon-reload || exit 1
  why=$(taken_back "$1" "$file" '^Condition[A-Za-z]*[[:space:]]*=[[:space:]]*$')
  [ -z "$why" ] || fail "$1 could be started while its datadir is not complete: $why"
}
# On the disk too: after a power cut just now, no unknown file may block the server's start.
let_start() {
  file=$(drop_in "$1")
  remove_drop_in "$file" || exit 1
  if systemd_runs; then sync -f /etc/systemd/system && systemctl daemon-reload || exit 1; fi
  if [ -z "$2" ]; then return; fi
  # A folder of that name is not ours.
  if [ ! -d ../RESEED_IN_PROGRESS ] || [ -L ../RESEED_IN_PROGRESS ]; then rm -f ../RESEED_IN_PROGRESS || exit 1; fi
  rm -f held && sync -f . || exit 1
}

# given_up: the keys of jobs that gave up the old data here, and ended.
given_up() (
  cd -P -- "$datadir" || exit
  for one in .reseed-*; do
    case ${one#.reseed-} in *[!a-z0-9]* | '') continue ;; esac
    if is_given_up "$one"; then printf '%s\n' "${one#.reseed-}"; fi
  done
)
# others_of UNIT ''|-start: files of other jobs. By those with no word they keep the server down: those above, a seed after them that was undone, and one that
# is lost, whose folder was removed by hand. -start: what a lost one starts the server with, which is of its data. None of them goes on: prepare refuses
# a folder of another job.
others_of() {
  of_unit=$(drop_in "$1") of_unit=${of_unit%/*}
  for file in "$of_unit"/*reseed-*"$2.conf"; do
    key=${file##*reseed-} key=${key%"$2.conf"}
    case $key in "$job" | *[!a-z0-9]* | '') continue ;; esac
    case ${file##*/} in "zzzz-reseed-$key$2.conf" | "reseed-$key$2.conf") printf '%s\n' "$file" ;; esac
  done
}
# lift UNIT ''|-start: blocks, once the data is whole; start options, once it is other data. They are kept for an undo.
lift() {
  [ -n "$(others_of "$1" "$2")" ] || return 0
  mkdir -p lifted || exit 1
  others_of "$1" "$2" | while IFS= read -r file; do
    cp -- "$file" "lifted/${file##*/}" && sync -f lifted && rm -f -- "$file" "$file.part" || exit 1
  done || exit 1
  if systemd_runs; then systemctl daemon-reload || exit 1; fi
}
# put_back_lifted UNIT
put_back_lifted() {
  of_unit=$(drop_in "$1") of_unit=${of_unit%/*}
  for file in lifted/*.conf; do
    [ -e "$file" ] || continue
    # Where a server worked on the old data, nothing keeps it down.
    case $file in *-start.conf) ;; *) [ ! -e ran ] || continue ;; esac
    to=$of_unit/${file##*/}
    mkdir -p "$of_unit" && chmod 755 "$of_unit" && cp -- "$file" "$to.part" && chmod 644 "$to.part" && mv "$to.part" "$to" && sync -f "$to" || exit 1
  done
  if [ -d lifted ] && systemd_runs; then systemctl daemon-reload || exit 1; fi
}
# let_start_again UNIT inside|'': the old data is as it was, and so is what kept its server down, or was for its start.
let_start_again() {
  if [ -n "$2" ]; then
    put_back_lifted "$1"
    if [ -e ran ]; then
      lift "$1" ''
      let_start "$1" inside
      return
    fi
  fi
  if [ -n "$(others_of "$1" '')" ]; then let_start "$1" ''
  elif [ -z "$(given_up)" ]; then let_start "$@"
  fi
}

# Removes this host's files of the copy for this target: another target may be on the same machine. The job's own folder
# is removed with its last content.
forget_job() {
  if [ -n "$at" ]; then rm -rf "/run/reseed/$job/at-$at"; else rm -rf "/run/reseed/$job"/at-*; fi
  rmdir "/run/reseed/$job" 2>/dev/null
  return 0
}

# move FROM TO: everything except our files, and those of mkfs.
move() {
  renaming find "$1" -xdev -mindepth 1 -maxdepth 1 ! -name '.reseed-*' ! -name lost+found ! -name RESEED_IN_PROGRESS \
    -exec "$rename_by" "$rename_how" "$rename_what" "$rename_into" "$2" {} + && sync -f . || exit 1
}
# A file that was added to the datadir since the plan would be deleted with the old data. Only names are read, in the
# folder around.
looking() { "$@"; }
# strangers_in FOLDER [NAMES]: files there that no server makes, by the server's own names at the time of the plan.
strangers_in() {
  own=$(sed -n 's/^own-//p; /^keep /p' places 2>/dev/null)
  (cd -P -- "$1" && strange_files "$own" "${2:-lines}")
}
# A link or a folder in a place with the name of a file of the server's stays there: it is in the way of new data.
refuse_unlike() {
  unlike=$(cd -P -- "$3" && unlike_kind "$1" "$2" .) || fail "$3, where the server has its $1 files, can't be looked through"
  [ -z "$unlike" ] || refuse "$3/$unlike is a link or a folder, and no file of the server, whose name it has. $none was moved: move it elsewhere"
}
refuse_strangers() {
  # An interrupted deletion or swap continues, and has moved old data already.
  case $(phase) in cleared | out) none='None of this' ;; *) none=Nothing ;; esac
  strange=$(strangers_in ..) || exit 1
  case $strange in
    '//status 0') ;;
    *'//status 0')
      count=$(($(printf '%s\n' "$strange" | wc -l) - 1))
      refuse "$datadir has files by now that no server makes ($count): $(printf '%s\n' "$strange" | sed '$d' | first_three). $none was moved: move them elsewhere, and begin the seed anew"
      ;;
    *) refuse "whether $datadir has files that no server makes is not known: it could not be looked through. $none was moved: see what its disk does" ;;
  esac
  each_place refuse_unlike || exit
}
# Each folder of the new data is a database: the server would not report one that was lost in the copy. `folders` has
# the folders that the donor listed, and all that are there.
note_folders() {
  { cut -f 2 "/run/reseed/$job/at-$at/have/folders" 2>/dev/null | grep -v /; folders_of new; } | sort -u >folders || exit 1
}
folders_of() { find "$1" -xdev -mindepth 1 -maxdepth 1 -type d ! -name '#*' -printf '%P\n'; }
# whole_folders FOLDER: whether all of them are there.
whole_folders() {
  [ -e folders ] || return 0
  lost=$(folders_of "$1" | sort | comm -13 - folders | grep -v '^#' | head -n 1 | tr -c '\n[:print:]\200-\377' '?')
  [ -z "$lost" ] || fail "the folder $lost of the new data is not in $datadir: the server would not have this database"
}
# first_three: the first three lines, on one line.
first_three() { head -n 3 | paste -sd , | sed 's/,/, /g'; }

# Files that were added to the datadir after the swap, and that no server makes, would be deleted with the new data,
# which is in `new` again. They are kept, with the whole folder at the top that contains them: root renames nothing
# inside of that.
apart=.kept-by-reseed-$job
set_apart() {
  # Files that came with a donor's data, whose server may have other names for its own, are new data. A swap of an older
  # build did not record them: then all of them are kept.
  [ -e brought ] || : >brought || exit 1
  strange=$(strangers_in new raw_lines | awk 'FILENAME == "brought" { came[$0] = 1; next } !($0 in came) || /^\/\/status /' brought -) || exit 1
  case $strange in
    '//status 0') return 0 ;;
    *'//status 0') strange=$(printf '%s\n' "$strange" | sed '$d') ;;
    *) fail "whether the new data of $datadir has files that no server makes is not known: it could not be looked through. It was not deleted: see what its disk does, and abort again" ;;
  esac
  mkdir -p "$apart" && printf '%s\n' "$strange" | not_lines | lines >>apart.found || exit 1
  if printf '%s\n' "$strange" | sed 's,/.*,,; s,^,new/,' | sort -u | not_lines |
    xargs -0 "$rename_by" "$rename_how" "$rename_what" "$rename_into" "$apart" && sync -f .; then return; fi
  fail "files that no server makes can't be kept apart from the new data of $datadir: $(first_three <apart.found). Nothing was deleted"
}
# give_apart: puts them beside the old data, where the DBA finds them.
give_apart() {
  [ -d "$apart" ] || return 0
  if "$rename_by" "$rename_how" "$rename_what" "$rename_into" .. "./$apart" && sync -f .; then return; fi
  fail "$datadir/$apart is there, and this job did not make it: move it elsewhere, and abort again"
}
# found_apart: their number, and the first of their names.
found_apart() {
  [ -e apart.found ] || return 0
  echo " ($(sort -u apart.found | wc -l)): $(sort -u apart.found | first_three)"
}
# tell_undone MOVED FOUND: in the datadir. A repeated undo may no longer know what it had found.
tell_undone() {
  echo "the old data of $datadir is as it was$1"
  if [ -z "$2" ] && ! is_of_root "$apart"; then return; fi
  echo "LEFT: $datadir/$apart, with files that came after the swap and that no server makes$2. New data lies beside them: move them elsewhere, and delete the folder"
}
# tell_gone PHASE: the old data was deleted. The present content of the datadir is marked, and the start is blocked.
tell_gone() {
  was=deleted
  others=$(find .. -xdev -mindepth 1 -maxdepth 1 ! -name '.reseed-*' ! -name lost+found ! -name RESEED_IN_PROGRESS -printf '%P\n' | grep -vxF -- "$(own_names)" | head -n 1)
  # Data is swapped only after all of the old is deleted. Older builds did not record that it is.
  if [ "$1" = cleared ] && [ ! -e emptied ] && [ -n "$others$(ls -A old)" ]; then
    was='being deleted' now="what is left of it lies there and in .reseed-$job/old"
  elif [ -z "$others" ]; then now='it is empty'
  elif [ "$1" = switched ]; then now='what lies there is new data that did not prove whole'
  elif [ "$1" = in ]; then now='what lies there is a part of the new data'
  else now='no data of a server lies there, but what came since'; fi
  echo "the old data of $datadir was $was to make room: $now, and can't be started"
  kept=$(own_names | first_three)
  [ "$1" = switched ] || [ -z "$kept" ] || echo "what is the server's own lies there again: $kept"
}

# Files that belong to the server and not to its data: those of SET PERSIST, and those that `keep` names. The account
# reads and writes them: each may be a link to a secret by now, or a fifo.
keep_own() {
  # shellcheck disable=SC2016  # for the inner shell
  sed -n 's/^keep //p' places 2>/dev/null | (
    cd -P .. && as_account "$owner" sh -c '
      { echo mysqld-auto.cnf && cat; } | while IFS= read -r name; do
        if [ -e "$name" ] || [ -L "$name" ]; then printf "%s\n" "$name"; fi
      done | tar --verbatim-files-from -T - -cf -'
  ) >own.tar.part || fail "what is the server's own in $datadir can't be read as ${owner%%:*}"
  mv own.tar.part own.tar || exit 1
}
give_own() {
  [ -e own.tar ] || return 0
  (cd -P new && as_account "$owner" tar -xpf -) <own.tar || exit 1
}
# give_own_back: of a server whose data is gone; the next seed keeps these files.
give_own_back() {
  [ -e own.tar ] && [ "$(phase)" != switched ] || return 0
  (cd -P .. && as_account "$owner" tar -xpf - --skip-old-files) <own.tar || exit 1
}
own_names() { if [ -e own.tar ]; then as_account "$owner" tar -tf - <own.tar; fi | sed 's,/.*,,' | sort -u; }
# give_up: what has to be so before old data is given up, and what of it stays.
give_up() {
  refuse_strangers
  is_unchanged
  keep_own
}
# After an interruption this continues: the record that there is no way back is removed last.
drop() {
  each_place place_dropped || exit 1
  own_job=$job
  for job in $(given_up); do (find_folder "$datadir" "$job" && each_place place_dropped && remove_folder) || exit 1; done
  job=$own_job
  remove_folder
  sync -f . || exit 1
  forget_job
  # The saved state of the server (seed-before.sh).
  rm -f "/var/lib/reseed/before/$job"-*
  rmdir /var/lib/reseed/before 2>/dev/null
  echo "the new data of $datadir stays: the old is deleted"
}

stage() {
  find_folder "$datadir" "$job" || return
  # A folder that was being made, or was removed except for its last file: as if it did not exist.
  if [ "$(ls -A)" = job ]; then
    remove_folder
    return 1
  fi
  owner=$(cat owner 2>/dev/null) || owner=
  at=$(cat at 2>/dev/null) || at=
}
case $verb in
  prepare)
    eval "set -- $place"
    case $at in *[!a-z0-9]* | '') refuse "no word of a target: $at" ;; esac
    case $changed in *[!0-9]*) refuse "no time in seconds: $changed" ;; esac
    case $owner in *[!A-Za-z0-9_.:-]* | *:*:* | :* | *: | root:*) refuse "no account of a server: $owner" ;; *:*) ;; *) refuse "no account of a server: $owner" ;; esac
    cd -P -- "$datadir" || refuse 'the datadir is not there'
    [ "$(stat -c %U .)" = "${owner%%:*}" ] || refuse "$datadir belongs to $(stat -c %U .), and not to ${owner%%:*}"
    for other in .reseed-*; do
      [ -e "$other" ] || [ -L "$other" ] || continue
      if is_given_up "$other"; then continue; fi
      case $other in ".reseed-$job") ;; *) refuse "$datadir has something of another job: $(told_folder "$other")" ;; esac
    done
    if [ -d RESEED_IN_PROGRESS ] && [ ! -L RESEED_IN_PROGRESS ]; then
      refuse "$datadir/RESEED_IN_PROGRESS is a folder, and reseed did not make it: remove it"
    fi
    places=$(read_places "$@") || exit
    mtime=$(stat -c %y .)
    make_folder "$job"
    if [ ! -e phase ]; then
      [ -e mtime ] || printf '%s\n' "$mtime" >mtime || exit 1
      keep_room
      mkdir -p old new && chown -h "$owner" new || exit 1
      printf '%s\n' "$at" >'at' && printf '%s\n' "$who" >'who' && printf '%s\n' "$owner" >owner || exit 1
      if [ -n "$places" ]; then printf '%s\n' "$places" >places || exit 1; fi
      if [ -n "$changed" ]; then printf '%s\n' "$changed" >changed || exit 1; fi
      each_place make_place || exit
      set_phase new
    fi
    ;;
  hold)
    stage || refuse "job $job has no folder in $datadir"
    if [ ! -e held ] && [ -n "$(servers_in ..)" ]; then : >ran || exit 1; fi
    hold "$unit" "$who"
    ;;
  give | clear)
    stage || refuse "nothing was prepared in $datadir by job $job"
    [ -e held ] || refuse 'the server is not held down'
    is_still_down
    case $(phase) in
      new)
        give_up
        set_phase cleared
        ;;
      # After an interruption the old data, or a part of it, may be there.
      cleared) refuse_strangers ;;
      *) exit 0 ;;
    esac
    [ "$verb" = clear ] || exit 0
    move .. old
    each_place place_out && each_place place_emptied && empty old || exit 1
    : >emptied && sync -f . || exit 1
    ;;
  lend)
    stage || refuse "nothing was prepared in $datadir by job $job"
    [ -e held ] || refuse 'the server is not held down'
    is_still_down
    if [ "$(phase)" = new ] && [ ! -e lent ]; then
      give_up
      names_there .. >lent.part && mv lent.part lent && sync -f . || exit 1
    fi
    ;;
  switch)
    stage || refuse "nothing was prepared in $datadir by job $job"
    [ -e held ] || refuse 'the server is not held down'
    is_still_down
    # Again after the files of places were copied, which may take long: data that is moved aside is deleted at the end.
    case $(phase) in new | cleared | placed | out) refuse_strangers ;; esac
    case $(phase) in new | cleared)
      if [ "$(phase)" = new ]; then
        is_unchanged
        keep_own
      fi
      strangers_in new raw_lines >brought || exit 1
      give_own
      note_folders
      each_place copy_to_place || exit 1
      printf '%s\n' "$(phase)" >before && sync -f . || exit 1
      set_phase placed
      ;;
    esac
    if [ "$(phase)" = placed ]; then
      copied_away || exit 1
      whole_folders new
      refuse_strangers
      set_phase out
    fi
    if [ "$(phase)" = out ]; then
      move .. old
      each_place place_out || exit 1
      set_phase in
    fi
    if [ "$(phase)" = in ]; then
      move new ..
      each_place place_in || exit 1
      whole_folders ..
      set_phase switched
    fi
    [ "$(phase)" = switched ] || refuse "nothing was prepared in $datadir by job $job"
    # SELinux: everything here was made below the datadir, and has its type, as a file has that the server makes. By restorecon it would get what the policy
    # says of this path: nothing good where the datadir was labelled by chcon.
    lift "$(cat held)" -start
    ;;
  free)
    if stage; then
      [ "$(phase)" = switched ] || refuse "the datadir of job $job is not complete: $(phase)"
      lift "$unit" ''
      let_start "$unit" inside
    else
      let_start "$unit" ''
    fi
    ;;
  back)
    if stage; then
      tables_are_undone
      give_room
      # Moves begin after `placed`. An interrupted undo of an older build left `new`, and files that the swap had
      # written.
      case $(phase) in
        placed) moved=': it was not moved' ;;
        '' | new) if [ -e before ]; then moved=''; else moved=': it was not moved'; fi ;;
        *) moved='' ;;
      esac
      case $(phase) in
        new | undone | '') was=kept ;;
        cleared) was=gone ;;
        over)
          drop
          exit 0
          ;;
        *) was=$(cat before) || exit 1 ;;
      esac
      if stays_proved; then
        let_start "$unit" inside
        set_phase over
        drop
        exit 0
      fi
      if [ "$was" = gone ] || [ "$was" = cleared ]; then
        give_own_back
        # It stays marked and blocked: the content is no datadir.
        rm -rf --one-file-system new
        : >given_up && sync -f . || exit 1
        forget_job
        tell_gone "$(phase)"
        exit 0
      fi
      case $(phase) in
        in | switched)
          is_down
          move .. new
          set_apart
          each_place place_out_again || exit 1
          set_phase out
          ;;
      esac
      if [ "$(phase)" = out ]; then
        is_down
        move old ..
        give_apart
        each_place place_back || exit 1
        set_phase undone
      elif [ "$(phase)" = placed ]; then
        set_phase new
        rm -f before || exit 1
      fi
      let_start_again "$unit" inside
      each_place place_removed || exit 1
      mtime=$(cat mtime 2>/dev/null) kept=$(found_apart)
      remove_folder
      if [ -n "$mtime" ]; then touch -c -d "$mtime" . || exit 1; fi
      sync -f . || exit 1
      forget_job
      tell_undone "$moved" "$kept"
    else
      let_start_again "$unit" ''
      # If the undo kept files, it has ended. If the folder is gone without such files, a drop may also have been the
      # end.
      if cd -P -- "$datadir" 2>/dev/null && is_of_root "$apart"; then tell_undone '' ''; fi
    fi
    ;;
  proved)
    stage || refuse "nothing was prepared in $datadir by job $job"
    [ "$(phase)" = switched ] || refuse "the new data of job $job is not in place: $(phase)"
    : >proved && sync -f . || exit 1
    ;;
  drop)
    stage || exit 0
    case $(phase) in
      switched) set_phase over ;;
      over) ;;
      *) refuse "the new data is not in place: $(phase)" ;;
    esac
    drop
    ;;
  look) if stage; then phase; else echo none; fi ;;
  down)
    # Once a server has caught up, and its old data is being deleted or is gone, there is no undo.
    if stage && [ "$(phase)" != over ]; then
      if stays_proved; then
        echo "the server in $datadir is not stopped: its data was proved, and the old is deleted"
        exit 0
      fi
      give_room
      hold "$unit" "$who"
      systemctl stop "$unit" || exit 1
      is_down
    fi
    ;;
  restart)
    if stage; then
      if [ "$(phase)" = cleared ] || [ "$(cat before 2>/dev/null)" = cleared ]; then
        echo "the server stays down: $datadir is not complete"
        exit 0
      fi
      refuse "the server stays down: $datadir is not complete"
    fi
    ! has_drop_in "$(drop_in "$unit")" || refuse "the server stays down: $datadir is not complete"
    systemctl reset-failed "$unit" 2>/dev/null
    systemctl start --no-block "$unit"
    ;;
esac
