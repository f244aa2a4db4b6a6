// How a host's screen shares its lines between panes. Pure.

export interface Wanted {
  /** Lines with the title. */
  readonly lines: number;
  readonly least: number;
}

/**
 * The lines of each pane of a column. Each gets its minimum; then the one in focus gets what it wants, then the others
 * in turn. Remaining lines stay empty.
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
  // If the screen is lower than all the minimums, the last panes are cut first.
  for (let index = panes.length - 1; index >= 0 && left < 0; index--) {
    const lines = Math.min(heights[index] ?? 0, -left);
    heights[index] = (heights[index] ?? 0) - lines;
    left += lines;
  }
  return heights;
}

/**
 * Facts above, the log below. `factLines`: the lines that the higher column of facts wants. The log gets the rest, and
 * always some lines; more when it has the keys.
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
