// Samples -> figures, and the lines in which a bench tells them. What is told is kept as numbers too: for --json, and to be
// compared with an earlier run.

/** The value that `share` (0 to 1) of the samples do not exceed; NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (samples: readonly number[]) => percentile(samples, 0.5);

export const spread = (samples: readonly number[]) =>
  `${Math.round(Math.min(...samples))} to ${Math.round(Math.max(...samples))}`;

/** A number with its unit. `x` is a ratio to a reference of the same run: it alone means something on another machine. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  /** As it is printed. */
  readonly text: string;
}

/** `12 ms`, `1.25 x hello`: the first of the words is the unit, the others say of what. */
export function figure(value: number, words: string, digits = 0): Figure {
  return { value, unit: words.replace(/[ ,].*/, ''), text: `${value.toFixed(digits)} ${words}` };
}

/** A figure within a line. */
export interface ToldFigure {
  /** The name of its line, and of the line that this one belongs to: `polled every 5 s, memory`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const told: ToldFigure[] = [];
let line = '';

/** A line of the answer: a name, what was measured, its reference. A name that begins with two blanks belongs to the line above that does not. */
export function tell(what: string, ...cells: readonly (string | Figure)[]): void {
  if (!what.startsWith(' ')) line = what;
  const name = what.startsWith(' ') ? `${line}, ${what.trim()}` : what;
  for (const cell of cells) if (typeof cell !== 'string') told.push({ name, value: cell.value, unit: cell.unit });
  const texts = cells.map((cell) => (typeof cell === 'string' ? cell : cell.text));
  process.stdout.write(`  ${what.padEnd(44)} ${texts.join('   ')}`.trimEnd().concat('\n'));
}

/** What another program of a bench told. */
export function toldBy(figures: readonly ToldFigure[]): void {
  told.push(...figures);
}

/** What was told since this was last asked. */
export const takeTold = (): ToldFigure[] => told.splice(0);
