#!/bin/sh
# shellcheck disable=SC2016,SC2034  # of perl; the fragments after it use it
# The sum of a page, alike on donor and target. Part of seed-send.sh and seed-receive.sh. In perl, which every package of
# a server needs, without a module: 10 GB/s, where a digest takes 13 times as long. Pages of InnoDB are 16 KiB, or parts
# of that, or several. A sum that is equal by chance costs a further try: the comparison of the files finds it.
#   sums_of BYTES: of up to a mebibyte that begins with a page; 24 hexadecimal digits a page. The first half of a
#   page of InnoDB has its own checksum and its LSN in it; the last 4 bytes are that checksum.
page_sums='
use strict;
sub sums_of {
  my $sums = "";
  for (my $at = 0; $at < length $_[0]; $at += 16384) {
    my $page = substr $_[0], $at, 16384;
    # The end of a file is no whole word.
    $page .= "\0" x (-length($page) % 8);
    $sums .= unpack "H24", pack "Q< a4", unpack("%64Q<*", $page), $page;
  }
  return $sums;
}
sub pages_in { return int(($_[0] + 16383) / 16384) }
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
'
