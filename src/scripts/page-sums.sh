#!/bin/sh
# shellcheck disable=SC2016,SC2034  # of perl; the fragments after it use it
# The sums of pages, alike on donor and target. Part of seed-send.sh and seed-receive.sh. In perl, which every package of
# a server needs, without a module: more than 1 GB/s, where a digest takes several times as long. Pages of InnoDB are 16 KiB, or
# parts of that, or several. A row that changes touches three eighths of its page at most: its own, and those with the
# head and the end of the page. So an eighth has a sum of its own. A sum that is equal by chance costs a further try:
# the comparison of the files finds it.
#   sums_of BYTES: of up to a mebibyte that begins with a page; 4 bytes for each $block. Words of 8 bytes are added in each quarter, after an
#   exclusive or with numbers of their places, and over the block as they are, from its fourth byte on; each sum is multiplied by a number of its
#   own. By one sum alone, the same bit that changes in two words, as by two marks of deleted rows, comes to nothing in one of two. What is still
#   often equal are two that change in opposite directions within a quarter: in one of two.
#   line_of SUMS: as a line, in printable characters.
page_sums='
use strict;
my ($block, $word) = (2048, 1);
# Of xorshift32.
sub next_word {
  $word ^= $word << 13 & 0xffffffff;
  $word ^= $word >> 17;
  return $word ^= $word << 5 & 0xffffffff;
}
my $mask = "";
$mask .= pack "V", next_word() for 1 .. 512;
$mask x= 512;
my @by = map { next_word() << 32 | next_word() | 1 } 1 .. 5;
sub sums_of {
  my ($bytes) = @_;
  $bytes .= "\0" x (-length($bytes) % $block);
  my @quarters = unpack "(%64Q<64)*", $bytes ^ (length $bytes < length $mask ? substr $mask, 0, length $bytes : $mask);
  my $at = -4;
  # Of whole numbers: what is more than 64 bits goes.
  use integer;
  return pack "V*", map { $at += 4;
    ($_ * $by[4] + $quarters[$at] * $by[0] + $quarters[$at + 1] * $by[1] + $quarters[$at + 2] * $by[2]
      + $quarters[$at + 3] * $by[3]) >> 32 } unpack "(x3 %64Q<255 x5)*", $bytes;
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
