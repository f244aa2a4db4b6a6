#!/bin/sh
# Whether the data is compressed on its way. Part of seed-send.sh and seed-backup.sh; send-answers.sh and send-bytes.sh
# are put before it.
targets='' work='' how='' pages=''

hundredths=0
# A compressor on one core takes in about 300 MB/s, and would slow a faster channel.
choose_how() {
  how=none
  command -v zstd >/dev/null || return 0
  # Pages are little data: a test of the channel would send more.
  if [ "$pages" = yes ]; then
    ask 30 "$targets" 1 drain </dev/null 2>/dev/null >"$work/drained" && read -r can <"$work/drained" || return 0
    if [ "$can" = zstd ]; then how=zstd; fi
    echo "compression: $how"
    return
  fi
  for target in $targets; do
    [ ! -e "$work/lost-$target" ] || continue
    tell_hundredths
    took=$hundredths
    # ssh does not compress, so zeros are as good as any data.
    timeout 1 dd if=/dev/zero bs=64K count=4096 status=none | ask 30 "$target" 1 drain 2>/dev/null >"$work/drained" || return 0
    tell_hundredths
    took=$(((hundredths - took) * 10))
    { read -r can && read -r bytes; } <"$work/drained" || return 0
    case $bytes in *[!0-9]* | '' | ????????????????*) return 0 ;; esac
    speed=$((bytes / (took + 1) / 1000))
    # A short test reports no rate: the time may have been used by another program.
    if [ "$speed" -gt 0 ]; then echo "link $target at least $speed MB/s"; fi
    if [ "$can" != zstd ]; then
      how=none
      break
    fi
    if [ "$speed" -lt 300 ]; then how=zstd; fi
  done
  echo "compression: $how"
}
