#!/bin/sh
# shellcheck disable=SC2154,SC2034  # of page-sums.sh; of receive-tasks.sh
# The pages that differ from the old data. Part of seed-receive.sh; page-sums.sh is put before it. First a call fills
# the new files of some tasks from the files of the same names in the old datadir, as far as these are there, and tells the
# sums of what lies in the new files then; another call writes the pages that the donor has with other sums (send-pages.sh
# has their form). The old data may change meanwhile: what was read of it is what the sums are of, and the comparison
# of the whole files finds everything else. A call drops root's rights once, as in receive-tasks.sh: the account reads its
# own old data, and no link in it is followed.
folder='' how=''

# Run as the account, in the new data. Descriptor 3: a line for each file or range: task, kind, mode, offset, length, path.
# 5: the old datadir. Where the file system can, ranges are shared (FICLONERANGE of ioctl_ficlonerange(2)) and not
# written. Only of tables and tablespaces, and only of whole pages: a sum of few bytes tells them, and what the donor
# lists is its own choice (the old data has passwords and keys). A redo log has nothing in common with the donor anyway.
# shellcheck disable=SC2016  # of perl
fill_files='
open my $list, "<&=", 3;
sub open_new {
  my ($path) = @_;
  my $is_there = lstat "./$path";
  stop("$path is no file") if $is_there and !-f _;
  if (!$is_there) { open my $made, ">>:raw", "./$path" or stop("$path: $!") }
  open my $file, "+<:raw", "./$path" or stop("$path: $!");
  return $file;
}
sub open_old {
  my ($path) = @_;
  return if $path !~ m{^(?:.*/)?(?:[^/]+\.(?:ibd|MYD|MYI|MAD|MAI)|ibdata[0-9]+|undo_?[0-9]+)$};
  my $at = "/proc/self/fd/5";
  for my $name (split m{/}, $path) {
    $at .= "/$name";
    return if !lstat $at or -l _;
  }
  return if !-f _;
  open my $file, "<:raw", $at or return;
  return $file;
}
sub write_at {
  my ($file, $at, $bytes, $path) = @_;
  sysseek $file, $at, 0 or stop("$path: $!");
  for (my $done = 0; $done < length $bytes;) {
    my $wrote = syswrite $file, $bytes, length($bytes) - $done, $done;
    defined $wrote or stop("$path: $!");
    $done += $wrote;
  }
}
while (my $line = <$list>) {
  chomp $line;
  my ($task, $kind, $mode, $offset, $length, $path) = split /\t/, $line, 6;
  stop("$path: a range that begins within a page") if $offset % 16384;
  my ($new, $old) = (open_new($path), open_old($path));
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
  for (my $done = 0; $done < $length; $done += 1048576) {
    my $count = $length - $done < 1048576 ? $length - $done : 1048576;
    my $bytes = "";
    if ($done >= $shared and $done < $there) {
      my $some = $there - $done < $count ? $there - $done : $count;
      $bytes = bytes_at($old, $offset + $done, $some, $path);
      write_at($new, $offset + $done, $bytes, $path);
    }
    $bytes = bytes_at($new, $offset + $done, $count, $path) if length $bytes < $count;
    $bytes .= "\0" x ($count - length $bytes);
    print sums_of($bytes), "\n" or stop("the sums of $path: $!");
  }
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
  push @{$lines{$task}}, [$offset, $length, $path];
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
    my ($page, $count) = unpack "NN", take(8, $task);
    if ($page == 0xffffffff) {
      $count == $task or stop("task $task came with another number");
      last;
    }
    $page >= $next && $count > 0 && $count <= 64 or stop("task $task came with pages out of their turn");
    while (@files and $page >= $first + pages_in($files[0][1])) {
      $first += pages_in($files[0][1]);
      shift @files;
      $file = undef;
    }
    @files && $page + $count <= $first + pages_in($files[0][1]) or stop("task $task came with pages that it does not have");
    my ($offset, $length, $path) = @{$files[0]};
    my $at = 16384 * ($page - $first);
    my $bytes = take($length - $at < 16384 * $count ? $length - $at : 16384 * $count, $task);
    if (!$file) {
      lstat "./$path" and -f _ or stop("task $task came before its sums were asked");
      open $file, "+<:raw", "./$path" or stop("$path: $!");
    }
    sysseek $file, $offset + $at, 0 or stop("$path: $!");
    for (my $done = 0; $done < length $bytes;) {
      my $wrote = syswrite $file, $bytes, length($bytes) - $done, $done;
      defined $wrote or stop("$path: $!");
      $done += $wrote;
    }
    $next = $page + $count;
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

# tell_basis N...
tell_basis() {
  enter_tasks "$@"
  # The folder above `new` is root's, and the one above that the datadir (enter_stage): both by what they are, not by a name.
  as_owner perl -e "$page_sums$fill_files" 3<"$call/lines" 5<../..
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
