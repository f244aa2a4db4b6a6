#!/bin/sh
# shellcheck disable=SC2016,SC2034  # of perl; the fragments after it use it
# The sums of pages, alike on donor and target. Part of seed-send.sh and seed-receive.sh. In perl, which every package of
# a server needs, without a module: 1.5 GB/s, where a digest takes several times as long. Pages of InnoDB are 16 KiB, or
# parts of that, or several. A row that changes touches three eighths of its page at most: its own, and those with the
# head and the end of the page. So an eighth has a sum of its own. A sum that is equal by chance costs a further try:
# the comparison of the files finds it.
#   sums_of BYTES: of up to a mebibyte that begins with a page; 4 bytes for each $block. Words of 4 bytes are added, each
#   after an exclusive or with a number of its place: words that changed places make another sum.
#   line_of SUMS: as a line, in printable characters.
page_sums='
use strict;
my ($block, $word, $mask) = (2048, 1, "");
for (1 .. 512) {
  # Of xorshift32.
  $word ^= $word << 13 & 0xffffffff;
  $word ^= $word >> 17;
  $word ^= $word << 5 & 0xffffffff;
  $mask .= pack "V", $word;
}
$mask x= 512;
sub sums_of {
  my ($bytes) = @_;
  $bytes .= "\0" x (-length($bytes) % $block);
  return pack "V*", unpack "(%32V512)*", $bytes ^ substr $mask, 0, length $bytes;
}
sub line_of {
  my $line = pack "u63", $_[0];
  $line =~ tr/\n//d;
  return "=$line\n";
}
sub blocks_in { return int(($_[0] + $block - 1) / $block) }
# Of page_compressed and COMPRESSION the disk has less than the size says.
sub has_holes { my @of = stat $_[0]; return $of[12] * 512 + 4096 <= $of[7] }
sub stop { print STDERR "$_[0]\n"; exit 1 }
# Up to so many bytes, fewer only at the end.
sub bytes_at {
  my ($file, $at, $count, $path) = @_;
  my ($bytes, $read) = ("", 0);
  sysseek $file, $at, 0 or stop("$path: $!");
  while (length $bytes < $count) {
    $read = sysread $file, $bytes, $count - length $bytes, length $bytes;
    defined $read or stop("$path: $!");
    last if $read == 0;
  }
  return $bytes;
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
'
