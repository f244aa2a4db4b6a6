#!/bin/sh
# The pages that a target lacks. Part of seed-send.sh; page-sums.sh is put before it. The target has filled its new files
# from its old data (receive-pages.sh) and tells the sums of their pages; what has another sum here is sent. For each
# task: runs of pages, each with the number of its first page in the task and their count, 4 bytes each, and the pages
# themselves; then ffffffff and the number of the task. A target may be hostile: its sums have a fixed size and form, and
# decide only what is sent to it.
folder='' work='' patience='' batch=''

# Run as the reader. Descriptor 3: a line for each file or range: task, offset, length, path. 4: the sums, a line for each
# mebibyte. 6: gets a line for each task: its number, bytes of pages that are equal, bytes that were sent.
# shellcheck disable=SC2016,SC2034  # of perl; send-bytes.sh runs it
unequal_pages='
$| = 0;
open my $list, "<&=", 3; open my $sums, "<&=", 4; open my $told, ">>&=", 6;
binmode STDOUT;
my ($task, $page, $kept, $sent) = (0, 0, 0, 0);
sub end_task {
  print pack "NN", 0xffffffff, $task or stop("the end of task $task: $!");
  syswrite $told, "$task $kept $sent\n";
}
while (my $line = <$list>) {
  chomp $line;
  my ($its, $offset, $length, $path) = split /\t/, $line, 4;
  if ($its != $task) {
    end_task() if $task;
    ($task, $page, $kept, $sent) = ($its, 0, 0, 0);
  }
  lstat "./$path" && -f _ or stop("$path is no file");
  open my $file, "<:raw", "./$path" or stop("$path: $!");
  for (my $done = 0; $done < $length; $done += 1048576) {
    my $count = $length - $done < 1048576 ? $length - $done : 1048576;
    my $bytes = bytes_at($file, $offset + $done, $count, $path);
    length $bytes == $count or stop("$path is shorter than it was");
    my ($own, $theirs) = (sums_of($bytes), scalar <$sums>);
    defined $theirs && length $theirs == length($own) + 1 or stop("sums of another size came for $path");
    my $run = 0;
    for (my $n = 0; $n <= pages_in($count); $n++) {
      my $is_last = $n == pages_in($count);
      if (!$is_last && substr($own, 24 * $n, 24) ne substr($theirs, 24 * $n, 24)) { $run++; next }
      if ($run) {
        my $part = substr $bytes, 16384 * ($n - $run), 16384 * $run;
        print pack("NN", $page + $n - $run, $run), $part or stop("$path: $!");
        $sent += length $part;
        $run = 0;
      }
    }
    $page += pages_in($count);
  }
  $kept += $length;
}
end_task() if $task;
close STDOUT or stop("the last pages: $!");
'

# ask_sums STREAM TARGET: the batch, into names-STREAM, and what the target has of it, into sums-STREAM.
ask_sums() {
  # shellcheck disable=SC2086  # numbers
  (umask 022 && cd -P -- "$folder/tasks" && awk -F '\t' -v OFS='\t' '{ print FILENAME, $3, $4, $5 }' $batch >"$work/names-$1") || return
  size=$(awk -F '\t' '{ size += 24 * int(($3 + 16383) / 16384) + int(($3 + 1048575) / 1048576) } END { printf "%.0f", size }' "$work/names-$1")
  # Through a pipe: a connection that is kept writes to a file under the limit of the call that made it.
  # shellcheck disable=SC2086
  {
    (cd / && ulimit -f 128 && exec timeout "$patience" sh "$folder/way-$2/call" "$1" basis $batch 2>"$work/said-$2-$1")
    echo $? >"$work/asked-$1"
  } | (umask 022 && head -c "$((size + 1))" >"$work/sums-$1")
  read -r asked <"$work/asked-$1" && [ "$asked" = 0 ] || return
  [ "$(wc -c <"$work/sums-$1")" != "$size" ] || [ "$(tr -d '0-9a-f\n' <"$work/sums-$1" | head -c 1 | wc -c)" != 0 ] || return 0
  echo "sums of pages are refused: they have another form" >"$work/said-$2-$1"
  return 1
}

# Equal and sent bytes so far: for the progress, and for the last lines.
told_pages() { cat "$work"/pages-* 2>/dev/null | awk '{ kept += $2 - $3; sent += $3 } END { printf "%.0f+%.0f", kept, sent }'; }
