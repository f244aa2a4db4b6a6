#!/bin/sh
# What a target lacks of its pages. Part of seed-send.sh; page-sums.sh is put before it. Two calls of a batch run at the
# same time: by one the target fills its new files from its old data, and tells the sums of each mebibyte as soon as it is
# filled (receive-pages.sh); by the other it gets the blocks that have another sum here. For each task: runs of blocks,
# each with the number of its first block in the task and their count, 4 bytes each, and the blocks themselves; then
# ffffffff and the number of the task. A target may be hostile: its sums have a fixed size and form, and decide only what
# is sent to it.
folder='' work='' batch='' targets=''

# Run as the reader. Standard input: the sums, a line for each mebibyte of a file or range, and one for an empty file.
# Descriptor 3: a line for each file or range: task, offset, length, path. 6: gets a line for each task: its number, bytes of
# blocks that are equal, bytes that were sent. 7: gets why the sums are refused.
# shellcheck disable=SC2016,SC2034  # of perl; send-bytes.sh runs it
unequal_pages='
open my $list, "<&=", 3; open my $told, ">>&=", 6; open my $refused, ">>&=", 7;
binmode STDIN; binmode STDOUT;
my ($task, $first, $kept, $sent) = (0, 0, 0, 0);
my %size;
sub refuse_sums { syswrite $refused, "sums of pages are refused: $_[0]\n"; exit 1 }
sub their_sums {
  my ($count, $path) = @_;
  my $size = $size{$count} ||= length line_of("\0" x (4 * $count));
  my $line = "";
  while (length $line < $size) {
    sysread STDIN, $line, $size - length $line, length $line or stop("the sums of $path came cut short");
  }
  $line =~ /\A=[!-`]*\n\z/ or refuse_sums("they have another form, or size");
  my $sums = unpack "u", substr $line, 1;
  length $sums == 4 * $count or refuse_sums("they have another size");
  return $sums;
}
sub end_task {
  print pack "NN", 0xffffffff, $task or stop("the end of task $task: $!");
  # What is printed goes at once: the next sums may take a while.
  $| = 1;
  $| = 0;
  syswrite $told, "$task $kept $sent\n";
}
while (my $line = <$list>) {
  chomp $line;
  my ($its, $offset, $length, $path) = split /\t/, $line, 4;
  if ($its != $task) {
    end_task() if $task;
    ($task, $first, $kept, $sent) = ($its, 0, 0, 0);
  }
  lstat "./$path" && -f _ or stop("$path is no file");
  open my $file, "<:raw", "./$path" or stop("$path: $!");
  my $done = 0;
  do {
    my $count = $length - $done < 1048576 ? $length - $done : 1048576;
    my $bytes = bytes_at($file, $offset + $done, $count, $path);
    length $bytes == $count or stop("$path is shorter than it was");
    my ($own, $blocks) = (sums_of($bytes), blocks_in($count));
    my $theirs = their_sums($blocks, $path);
    for (my ($n, $run) = (0, 0); $own ne $theirs && $n <= $blocks; $n++) {
      if ($n < $blocks && substr($own, 4 * $n, 4) ne substr($theirs, 4 * $n, 4)) { $run++; next }
      if ($run) {
        my $part = substr $bytes, $block * ($n - $run), $block * $run;
        print pack("NN", $first + $n - $run, $run), $part or stop("$path: $!");
        $sent += length $part;
        $run = 0;
      }
    }
    $first += $blocks;
    $done += $count;
  } while ($done < $length);
  $kept += $length;
}
end_task() if $task;
close STDOUT or stop("the last pages: $!");
# The call ends before the next one begins.
sysread STDIN, my $rest, 1 and refuse_sums("there are more than there are pages");
'

# note_batch STREAM: the files and ranges of the batch.
note_batch() {
  # shellcheck disable=SC2086  # numbers
  (umask 022 && cd -P -- "$folder/tasks" && awk -F '\t' -v OFS='\t' '{ print FILENAME, $3, $4, $5 }' $batch >"$work/names-$1")
}

# ask_sums STREAM: the sums that the target tells of the batch, until nothing reads them; give_up ends a call without progress.
ask_sums() {
  # shellcheck disable=SC2086  # numbers
  (cd / && ulimit -f 128 && exec sh -c 'echo $$ >"$0"; exec timeout 604800 sh "$@"' "$work/asks-$1" "$folder/way-$targets/call" "$1" basis $batch 2>>"$work/unsummed-$1")
}
# end_asking STREAM STATUS: of what read the sums.
end_asking() {
  if [ "$2" != 0 ]; then kill "$(cat "$work/asks-$1")" 2>/dev/null; fi
  rm -f "$work/asks-$1"
}

# Equal and sent bytes so far: for the progress, and for the last lines. Of all starts of the unit, by whatever runner: what has landed is not asked
# for again. A task that was sent twice has its bytes once, and counts as sent twice.
told_pages() {
  cat "$folder"/pages-* 2>/dev/null | awk '{ bytes[$1] = $2; sent[$1] += $3 } END {
    for (task in bytes) { all += sent[task]; if (bytes[task] > sent[task]) kept += bytes[task] - sent[task] }
    printf "%.0f+%.0f", kept, all }'
}
