// Units: work on a host that outlives the connection, the runner and the console. Its name alone is enough to find it
// again. Its processes run as root under /run/reseed/<job>/<role>/ (scripts/unit.sh lists the files there). That is in
// memory: after a power cut the host has forgotten the unit, and it is `absent`.
import { cleanLine } from '../text/clean.ts';

export type UnitState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'running' }
  /** The script ended by itself; 128 + n when signal n ended it. */
  | { readonly kind: 'ended'; readonly code: number }
  /** The unit was ended from outside, with all that it had started. */
  | { readonly kind: 'died' };

export interface UnitReport {
  readonly ok: true;
  readonly state: UnitState;
  /** The last line that the script wrote to `$RESEED_FOLDER/progress`. Clean. */
  readonly progress: string;
  /** What the script printed from the requested byte on, at most 64 KiB. Not clean, and perhaps cut inside a character. */
  readonly log: Buffer;
}

/** Reads what unit.sh says of a unit: `ended 0`. Undefined: it is something else. */
export function readUnitState(words: string): UnitState | undefined {
  const ended = /^ended (\d{1,3})$/.exec(words);
  if (ended) return { kind: 'ended', code: Number(ended[1]) };
  return words === 'absent' || words === 'running' || words === 'died' ? { kind: words } : undefined;
}

/** Reads what `unit.sh poll` prints. Undefined: it is something else. */
export function readUnitReport(text: string): UnitReport | undefined {
  const [words = '', progress, log] = text.split('\n');
  const state = readUnitState(words);
  if (!state || progress === undefined || log === undefined) return undefined;
  return { ok: true, state, progress: cleanLine(progress), log: Buffer.from(log, 'base64') };
}
