// Who gets how many lines of a host's screen. Pure.

export interface Wanted {
  /** Lines with the title's. */
  readonly lines: number;
  readonly least: number;
}

/**
 * The lines of each pane of a column: everyone the least, the one in focus what it wants, then the others in turn. What is
 * left over stays empty.
 */
export function shared(panes: readonly Wanted[], focused: number, height: number): readonly number[] {
  const heights = panes.map(({ least }) => least);
  let left = height - heights.reduce((sum, lines) => sum + lines, 0);
  const give = (index: number, most: number) => {
    const lines = Math.max(0, Math.min(most, left, (panes[index]?.lines ?? 0) - (heights[index] ?? 0)));
    heights[index] = (heights[index] ?? 0) + lines;
    left -= lines;
    return lines > 0;
  };
  if (focused >= 0) give(focused, left);
  for (let given = true; given && left > 0; ) {
    given = false;
    for (const index of panes.keys()) given = give(index, 1) || given;
  }
  // The screen may be lower than the least of all: the last go first.
  for (let index = panes.length - 1; index >= 0 && left < 0; index--) {
    const lines = Math.min(heights[index] ?? 0, -left);
    heights[index] = (heights[index] ?? 0) - lines;
    left += lines;
  }
  return heights;
}

/**
 * Facts above, the log below. `factLines`: what the facts want, of the higher column. The log has the rest, and never less
 * than some lines; more when the keys go to it.
 */
export function areas(
  columns: number,
  height: number,
  factLines: number,
  logFocused: boolean,
): { readonly factLines: number; readonly logLines: number } {
  const titles = columns === 2 ? 3 : 5;
  const minLog = Math.max(3, Math.floor(height * (logFocused ? 0.55 : 0.3)));
  const facts = Math.max(Math.min(titles, height), Math.min(factLines, height - minLog));
  return { factLines: facts, logLines: height - facts };
}
