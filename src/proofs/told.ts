// What proof.sh says of a server on the copy of a snapshot. Its data may be hostile: each line has a fixed form. Pure.
import { z } from 'zod';
import { cleanLine } from '../text/clean.ts';

const partNames = ['recovery', 'list', 'check', 'count', 'newest'] as const;

const provedSchema = z.object({
  /** `vg0/reseed-9f3a4c21-20261122T193047Z` */
  snapshot: z.string(),
  /** The server's version. */
  version: z.string(),
  /** How long each part took, in milliseconds, in their order. */
  parts: z.array(z.object({ name: z.enum(partNames), ms: z.number() })),
  tables: z.object({ checked: z.number(), all: z.number() }),
  bytes: z.object({ checked: z.number(), all: z.number() }),
  /** Of the checked tables. */
  rows: z.number(),
  /** Those of the checked tables whose engine has no check: their rows were counted. */
  unable: z.number(),
  /** Tables that were left out, for their names. */
  odd: z.number(),
  /** The newest row by each column that the inventory names: seconds since 1970; null: there is no row. */
  newest: z.array(z.object({ column: z.string(), seconds: z.number().nullable() })),
  /** The host that it was copied to, and how long that took; absent: it was read where it is. */
  on: z.string().optional(),
  copyMs: z.number().optional(),
  /** When it was proved, by the host's clock: milliseconds since 1970. A runner may read it days later. */
  atMs: z.number(),
});

/** The step with that result (prove.ts). */
export const provedBy = { kind: 'proof-server', result: provedSchema } as const;

export type Proved = z.infer<typeof provedSchema>;

/** Of the lines of its log; undefined: they do not tell that it is proved. */
export function readProved(lines: readonly string[]): Omit<Proved, 'snapshot'> | undefined {
  if (lines.at(-1) !== 'proved') return undefined;
  const all = (pattern: RegExp) => lines.flatMap((line) => [pattern.exec(line)].filter((found) => found !== null));
  const pair = (name: string) => {
    const [found] = all(new RegExp(`^${name} (\\d{1,15}) (\\d{1,15})$`));
    return found && { checked: Number(found[1]), all: Number(found[2]) };
  };
  const number = (name: string) => Number(all(new RegExp(`^${name} (\\d{1,15})$`))[0]?.[1] ?? Number.NaN);
  const [version] = all(/^server (.+)$/);
  const [tables, bytes] = [pair('tables'), pair('bytes')];
  const [rows, at] = [number('rows'), number('at')];
  const parts = partNames.flatMap((name) => {
    const ms = number(`part ${name}`);
    return Number.isNaN(ms) ? [] : [{ name, ms }];
  });
  const isWhole = partNames.every((name) => name === 'newest' || parts.some((part) => part.name === name));
  if (!version || !tables || !bytes || tables.checked === 0 || Number.isNaN(rows) || Number.isNaN(at) || !isWhole)
    return undefined;
  return {
    version: cleanLine(version[1] ?? ''),
    parts,
    tables,
    bytes,
    rows,
    unable: number('unable') || 0,
    odd: number('odd') || 0,
    atMs: at * 1000,
    newest: all(/^newest ([\w.$-]{1,200}) (none|\d{1,15})$/).map(([, column = '', seconds]) => ({
      column,
      seconds: seconds === 'none' ? null : Number(seconds),
    })),
  };
}

/** With the copy to another host, which is a part of a restore. */
export const tookMs = ({ parts, copyMs = 0 }: Pick<Proved, 'parts' | 'copyMs'>): number =>
  parts.reduce((sum, { ms }) => sum + ms, copyMs);

/** How much of the data was read, by its bytes: 100 where no table was left out. */
export function percentOf({ tables, bytes, odd }: Pick<Proved, 'tables' | 'bytes' | 'odd'>): number {
  if (tables.checked === tables.all && odd === 0) return 100;
  const part = bytes.all > 0 ? bytes.checked / bytes.all : tables.checked / tables.all;
  return Math.min(99, Math.max(1, Math.floor(part * 100)));
}
