// The sums by which a delta finds the pages that differ, by the script's own words: small changes that are ordinary have another sum.
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const fragment = fileURLToPath(new URL('../../src/scripts/page-sums.sh', import.meta.url));

/** What perl prints after the words of the fragment. */
async function said(words: string): Promise<string> {
  const { stdout } = await execa('sh', ['-c', '. "$1"; exec perl -e "$page_sums$2"', 'sh', fragment, words]);
  return stdout;
}

/** How many of 400 pairs of bytes of a block, by number, leave its sum as it was where that bit of both is set. */
const equal = (bit: number, of: string) =>
  said(`
    my ($equal, $place) = (0, 7);
    my $next = sub { return $place = ($place * 1103515245 + 12345) % 2147483648 };
    for (1 .. 400) {
      my $bytes = pack "C*", map { ($next->() >> 8) & ~${bit} & 255 } 1 .. $block;
      my $sum = sums_of($bytes);
      my ($one, $other) = map { my $word = ($next->() >> 8) % ($block / 4); 4 * $word + ${of} } 1, 2;
      redo if $one == $other;
      substr $bytes, $_, 1, chr(${bit} | ord substr $bytes, $_, 1) for $one, $other;
      $equal++ if sums_of($bytes) eq $sum;
    }
    print $equal;`);

test.each([
  ['two marks of deleted rows', 0x20, '0'],
  ['two signs, at the end of a word', 0x80, '3'],
  ['two flags', 0x01, '2'],
])('%s in one block make another sum', async (_, bit, of) => {
  expect(Number(await equal(bit, of))).toBeLessThanOrEqual(2);
});

test('rows that changed places make another sum, and a short rest is summed as if zeros came after it', async () => {
  const words = `
    my $rows = join "", map { chr(65 + $_ % 26) x 64 } 0 .. 31;
    my $moved = substr($rows, 64, 64) . substr($rows, 0, 64) . substr $rows, 128;
    print sums_of($rows) ne sums_of($moved) ? "other" : "equal", " ", length sums_of("x" x 5000), " ";
    print sums_of("x" x 5000) eq sums_of("x" x 5000 . "\\0" x 1144) ? "equal" : "other";`;
  expect(await said(words)).toBe('other 12 equal');
});
