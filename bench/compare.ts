// A run as JSON, and what changed since an earlier one.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ToldFigure } from './figures.ts';

const runShape = z.object({
  machine: z.string(),
  benches: z.record(
    z.string(),
    // JSON has no number for what never came: a key without effect has no time.
    z.array(z.object({ name: z.string(), value: z.number().nullable(), unit: z.string() })),
  ),
});

/** What `--json` writes: the machine, and the figures of each bench in the order in which they were told. */
export type Run = z.infer<typeof runShape>;

/** Throws an error that says what is wrong with the file. */
export async function readRun(file: string): Promise<Run> {
  const text = await readFile(file, 'utf8');
  const read = runShape.safeParse(parsed(text, file));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`${file}: ${issue?.path.join('.')}: ${issue?.message}; it has to be what --json has written`);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

export const figuresOf = (told: readonly ToldFigure[]): Run['benches'][string] =>
  told.map(({ name, value, unit }) => ({ name, value: Number.isFinite(value) ? value : null, unit }));

/**
 * A line for each figure of both runs, and for each that only one of them has. Two machines differ by two to three times: between
 * them only ratios (`x`) and percentages say anything.
 */
export function compared(before: Run, now: Run): string[] {
  const lines = [`compared with ${before.machine}`];
  for (const [bench, figures] of Object.entries(now.benches)) {
    const old = [...(before.benches[bench] ?? [])];
    lines.push('', old.length === 0 ? `${bench}: not in that run` : bench);
    for (const { name, unit, value } of figures) {
      // A line may have several figures of one unit: they are told in the same order each time.
      const at = old.findIndex((one) => one.name === name && one.unit === unit);
      const [match] = at < 0 ? [] : old.splice(at, 1);
      lines.push(`  ${name.padEnd(60)} ${match ? change(match.value, value, unit) : `new: ${shown(value)} ${unit}`}`);
    }
    for (const { name, unit, value } of old) lines.push(`  ${name.padEnd(60)} gone: ${shown(value)} ${unit}`);
  }
  return lines;
}

function change(old: number | null, value: number | null, unit: string): string {
  const ratio = old && value !== null ? `${(value / old).toFixed(2)} x` : '?';
  return `${shown(old).padStart(10)} → ${shown(value).padStart(10)} ${unit.padEnd(8)} ${ratio}`;
}

const shown = (value: number | null) =>
  value === null ? '?' : value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
