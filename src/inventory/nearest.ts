// "Did you mean": the known word nearest to an unknown one.

const longestWord = 40;
/** Keeps the answer fast for files of any size; a fleet has fewer names. */
const maxKnown = 500;

/** The nearest of `known`; undefined if none is near. At most a third of the letters may differ, and no more than `most`. */
export function nearest(word: string, known: Iterable<string>, most = longestWord): string | undefined {
  // Comparing takes quadratic time in the length, and a word this long is no mistyped key of ours.
  if (word.length > longestWord) return undefined;
  const bare = stripped(word);
  let best: string | undefined;
  let fewest = Math.min(most, Math.max(1, Math.floor(bare.length / 3))) + 1;
  let left = maxKnown;
  for (const candidate of known) {
    if (left-- === 0) break;
    const other = stripped(candidate);
    if (Math.abs(other.length - bare.length) >= fewest) continue;
    const edits = editsBetween(bare, other);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

/** read_only, read-only and readonly are all readOnly to the person who types. */
function stripped(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/** Letters added, left out, changed, or swapped with their neighbour (optimal string alignment). */
function editsBetween(one: string, other: string): number {
  let previous: number[] = [];
  let current = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const before = previous;
    previous = current;
    current = [row];
    for (let column = 1; column <= other.length; column++) {
      const changed = one[row - 1] === other[column - 1] ? 0 : 1;
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
          ? cell(before, column - 2) + 1
          : Number.POSITIVE_INFINITY;
      const single = Math.min(cell(previous, column) + 1, cell(current, column - 1) + 1);
      current[column] = Math.min(single, cell(previous, column - 1) + changed, swapped);
    }
  }
  return cell(current, other.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
