#!/bin/sh
# shellcheck disable=SC2154,SC2034  # of page-sums.sh; of receive-tasks.sh
# What differs from the old data. Part of seed-receive.sh; page-sums.sh is put before it. One call fills the new files of
# some tasks from the files of the same names in the old datadir, as far as these are there, and tells the sums of what lies
# in the new files then, mebibyte by mebibyte; another call, at the same time, writes the blocks that the donor has with
# other sums (send-pages.sh has their form). The old data may change meanwhile: what was read of it is what the sums
# are of, and the comparison of the whole files finds everything else. With UNPACK taken-pages there is no room for both: the old data is given
# up (seed-stage.sh lend), its server is down, and its files become the new ones. What can't be taken is deleted before the first is: then
# old and new data never take more room than the donor's. A call drops root's rights once, as in receive-tasks.sh: the account reads its
# own old data, and no link in it is followed.
folder='' how='' unpack=''

# Whether old data of that name is read. `old_place`: where it is, without following a link; the old datadir is descriptor 5.
# shellcheck disable=SC2016  # of perl
old_names='
sub is_table { return $_[0] =~ m{^(?:.*/)?(?:[^/]+\.(?:ibd|MYD|MYI|MAD|MAI)|ibdata[0-9]+|undo_?[0-9]+)$} }
sub old_place {
  my ($path) = @_;
  return if !is_table($path);
  my $at = "/proc/self/fd/5";
  for my $name (split m{/}, $path) {
    $at .= "/$name";
    return if !lstat $at or -l _;
  }
  return if !-f _;
  return $at;
}
'

# Run as the account. Descriptor 3: the files of the donor, a line each: task, mode, bytes, path. 6: the names that were lent, each ended by a
# 0; what came since is neither cut nor deleted. `look`: says the first that is no log, with 3, and changes nothing.
# shellcheck disable=SC2016  # of perl
yield_files='
open my $names, "<&=", 6;
my %lent;
{ local $/ = "\0"; while (my $name = <$names>) { chomp $name; $lent{$name} = 1 } }
open my $list, "<&=", 3;
my %whole;
while (my $line = <$list>) {
  chomp $line;
  my (undef, undef, $bytes, $path) = split /\t/, $line, 4;
  $whole{$path} = $bytes;
}
my $device = (stat "/proc/self/fd/5")[0];
sub say_new {
  my ($path) = @_;
  return if $path =~ /\.(?:err|log)(?:[.-][^\/]*)?\z/;
  $path =~ tr{A-Za-z0-9._#/@-}{?}c;
  print STDERR substr($path, 0, 100), "\n";
  exit 3;
}
sub yield_below {
  my ($under, $looks) = @_;
  opendir my $folder, "/proc/self/fd/5/$under" or return;
  for my $name (readdir $folder) {
    next if $name eq "." or $name eq "..";
    next if $under eq "" and $name =~ /^(?:\.reseed-.*|RESEED_IN_PROGRESS|lost\+found)\z/s;
    my ($path, $at) = ("$under$name", "/proc/self/fd/5/$under$name");
    my @of = lstat $at or next;
    my ($names, $owner, $size) = @of[3, 4, 7];
    if (-d _) {
      yield_below("$path/", $looks) if $of[0] == $device;
    } elsif (!exists $lent{$path}) {
      say_new($path) if $looks;
    } elsif ($looks) {
      next;
    } elsif (-f _ and is_table($path) and exists $whole{$path} and $names == 1 and $owner == $>) {
      next if $size == $whole{$path};
      my $kept = $size < $whole{$path} ? $size : $whole{$path};
      truncate $at, $kept - $kept % 16384 or stop("$path: $!");
    } else {
      unlink $at;
    }
  }
}
yield_below("", $ARGV[0] eq "look");
'

# Run as the account, in the new data. Descriptor 3: a line for each file or range: task, kind, mode, offset, length, path.
# 5: the old datadir. Where the file system can, ranges are shared (FICLONERANGE of ioctl_ficlonerange(2)) and not
# written. Only of tables and tablespaces, and only of whole pages: a sum of few bytes tells them, and what the donor
# lists is its own choice (the old data has passwords and keys). A redo log has nothing in common with the donor anyway.
# Where the donor has holes (kind h), or the old file of a small one, zeros are not written; what they take all the same is given back once the
# task is whole.
# shellcheck disable=SC2016  # of perl
fill_files='
open my $list, "<&=", 3;
$| = 1;
my $zeros = "\0" x 4096;
sub write_around_holes {
  my ($file, $at, $bytes, $path) = @_;
  my $begin;
  for (my $n = 0;; $n += 4096) {
    my $part = $n < length $bytes ? substr $bytes, $n, 4096 : "";
    if ($part ne substr $zeros, 0, length $part) { $begin = $n if !defined $begin; next }
    write_at($file, $at + $begin, substr($bytes, $begin, $n - $begin), $path) if defined $begin;
    $begin = undef;
    last if $n >= length $bytes;
  }
}
sub open_new {
  my ($path) = @_;
  my $is_there = lstat "./$path";
  stop("$path is no file") if $is_there and !-f _;
  $is_there = take_old($path) if !$is_there && $ARGV[0] eq "taken-pages";
  if (!$is_there) { open my $made, ">>:raw", "./$path" or stop("$path: $!") }
  open my $file, "+<:raw", "./$path" or stop("$path: $!");
  return $file;
}
sub open_old {
  my $at = old_place($_[0]);
  return if !defined $at;
  open my $file, "<:raw", $at or return;
  return $file;
}
# The old file itself becomes the new one. False: there is none, another call took it, or it is on another file system.
sub take_old {
  my $at = old_place($_[0]);
  return defined $at && rename $at, "./$_[0]";
}
while (my $line = <$list>) {
  chomp $line;
  my ($task, $kind, $mode, $offset, $length, $path) = split /\t/, $line, 6;
  stop("$path: a range that begins within a page") if $offset % 16384;
  my $new = open_new($path);
  my $old = open_old($path);
  my $was = -s $new;
  my $has_holes = $kind eq "h" || $kind eq "f" && $old && has_holes($old);
  if ($kind eq "f") { truncate $new, $length or stop("$path: $!") }
  chmod oct $mode, $new or stop("$path: $!") if $offset == 0;
  my $end = $offset + $length;
  # Not by truncate: other ranges of the file are written at the same time.
  write_at($new, $end - 1, "\0", $path) if -s $new < $end;
  my $there = $old ? (-s $old) - $offset : 0;
  $there = $length if $there > $length;
  $there = 0 if $there < 0;
  $there -= $there % 16384 if $offset + $length != ($old ? -s $old : -1) or $there != $length;
  my $shared = $there - $there % 65536;
  if ($shared and !ioctl $new, 0x4020940D, pack "q Q Q Q", fileno $old, $offset, $shared, $offset) { $shared = 0 }
  my $done = 0;
  do {
    my $count = $length - $done < 1048576 ? $length - $done : 1048576;
    my $bytes = "";
    if ($done >= $shared and $done < $there) {
      my $some = $there - $done < $count ? $there - $done : $count;
      $bytes = bytes_at($old, $offset + $done, $some, $path);
      if ($has_holes && $offset + $done >= $was) { write_around_holes($new, $offset + $done, $bytes, $path) }
      else { write_at($new, $offset + $done, $bytes, $path) }
    }
    $bytes = bytes_at($new, $offset + $done, $count, $path) if length $bytes < $count;
    $bytes .= "\0" x ($count - length $bytes);
    print line_of(sums_of($bytes)) or stop("the sums of $path: $!");
    $done += $count;
  } while ($done < $length);
}
close STDOUT or stop("the sums: $!");
'

# Run as the account, in the new data, with the same lines on descriptor 3. Says the number of each task that is whole.
# shellcheck disable=SC2016  # of perl
write_pages='
open my $list, "<&=", 3;
binmode STDIN;
$| = 1;
my (%lines, @tasks);
while (my $line = <$list>) {
  chomp $line;
  my ($task, $kind, $mode, $offset, $length, $path) = split /\t/, $line, 6;
  push @tasks, $task if !$lines{$task};
  push @{$lines{$task}}, [$offset, $length, $path, $kind];
}
# Gives zeros back to the file system, where it and this host can; otherwise they stay, and nothing is wrong.
sub dig_holes {
  for (@_) {
    my ($offset, $length, $path, $kind) = @$_;
    lstat "./$path" && -f _ or next;
    open my $file, "<:raw", "./$path" or next;
    next if !$length or $kind ne "h" && !has_holes($file);
    my $digger = fork;
    if (defined $digger && $digger == 0) {
      open STDERR, ">", "/dev/null";
      exec { "fallocate" } "fallocate", "-d", "-o", $offset, "-l", $length, "./$path" or exit 1;
    }
    waitpid $digger, 0 if $digger;
  }
}
sub take {
  my ($count, $task) = @_;
  my ($bytes, $read) = ("", 0);
  while (length $bytes < $count) {
    $read = read STDIN, $bytes, $count - length $bytes, length $bytes;
    $read or stop("task $task came cut short");
  }
  return $bytes;
}
for my $task (@tasks) {
  my ($next, $first, $file) = (0, 0, undef);
  my @files = @{$lines{$task}};
  while (1) {
    my ($at, $count) = unpack "NN", take(8, $task);
    if ($at == 0xffffffff) {
      $count == $task or stop("task $task came with another number");
      dig_holes(@{$lines{$task}});
      last;
    }
    $at >= $next && $count > 0 && $count <= 512 or stop("task $task came with pages out of their turn");
    $next = $at + $count;
    while (@files and $at >= $first + blocks_in($files[0][1])) {
      $first += blocks_in($files[0][1]);
      shift @files;
      $file = undef;
    }
    @files && $next <= $first + blocks_in($files[0][1]) or stop("task $task came with pages that it does not have");
    my ($offset, $length, $path) = @{$files[0]};
    my $begin = $block * ($at - $first);
    my $bytes = take($length - $begin < $block * $count ? $length - $begin : $block * $count, $task);
    if (!$file) {
      lstat "./$path" and -f _ or stop("task $task came before its sums were asked");
      open $file, "+<:raw", "./$path" or stop("$path: $!");
    }
    write_at($file, $offset + $begin, $bytes, $path);
  }
  print "$task\n";
}
# Reads to the end: socat takes a connection with unread data for a broken one.
my $rest;
1 while read STDIN, $rest, 65536;
'

# enter_tasks N...: into the new data, with the lines of these tasks in $call/lines.
enter_tasks() {
  if [ $# -lt 1 ] || [ $# -gt 2000 ]; then refuse 'no task is named'; fi
  call=$folder/call-$$
  for n in "$@"; do
    case $n in *[!0-9]*) refuse 'no number of a task' ;; esac
    [ -e "$folder/tasks/$n" ] || refuse "there is no task $n"
  done
  command -v perl >/dev/null || fail 'there is no perl here: the old data can not be compared without it'
  rm -rf "$call" && mkdir "$call" || exit 1
  # In the folder, so that the name of each file is its task's number.
  (cd -P -- "$folder/tasks" && awk -F '\t' -v OFS='\t' '{ print FILENAME, $1, $2, $3, $4, $5 }' "$@") >"$call/lines" || exit 1
  (cd -P -- "$folder/landed" && rm -f -- "$@") || exit 1
  enter_new
}

# begin_taking: once. From then on there is no way back to the old data, which seed-stage.sh has to know: `..` is root's. The list of the
# donor may have taken long: what is there is asked once more.
begin_taking() {
  [ -e ../lent ] || refuse 'the old data is not given up: its files can not be taken'
  (
    flock 7 || exit 1
    [ ! -e ../taken ] || exit 0
    process=$(servers_in ../.. | head -n 1)
    [ -z "$process" ] || refuse "process $process works in $datadir: its server was started meanwhile, and no file of it is taken"
    case $(cat ../phase) in
      new) (cd -P .. && is_unchanged) || exit ;;
      cleared) ;;
      *) refuse 'the new data was put in place already' ;;
    esac
    new=$(yield_to look 2>&1)
    case $? in
      0) ;;
      3) refuse "$datadir has a file that was not there when it was given up: $new. No file of it is taken: move what came elsewhere, and seed again" ;;
      *) fail "what lies in $datadir can not be looked at: $new" ;;
    esac
    printf 'cleared\n' >../phase.part && mv ../phase.part ../phase && sync -f .. || exit 1
    yield_to take || exit 1
    : >../taken && sync -f .. || exit 1
  ) 7>>"$folder/taking" || exit
}
yield_to() { as_owner perl -e "$page_sums$old_names$yield_files" "$1" 3<"$folder/files" 5<../.. 6<../lent; }

# tell_basis N...
tell_basis() {
  enter_tasks "$@"
  if [ "$unpack" = taken-pages ]; then begin_taking; fi
  # The folder above `new` is root's, and the one above that the datadir (enter_stage): both by what they are, not by a name.
  as_owner perl -e "$page_sums$old_names$fill_files" "$unpack" 3<"$call/lines" 5<../..
  told=$?
  rm -rf "$call"
  return "$told"
}

# take_pages none|zstd N...
take_pages() {
  how=${1:-}
  shift
  enter_tasks "$@"
  # shellcheck disable=SC2016  # of the account's shell
  as_writer 'exec perl -e "$0"' "$page_sums$write_pages" 3<"$call/lines" | note_ranges "$@"
  taken=$?
  rm -rf "$call"
  return "$taken"
}
