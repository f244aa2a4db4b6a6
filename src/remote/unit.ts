// Units: work on a host that outlives the connection, the runner and the console. A unit is found again by its name alone.
// Its processes run as root under /run/reseed/<job>/<role>/ (scripts/unit.sh says what lies there), which is in memory:
// after a power cut the host knows nothing of it, and the unit is `absent`.
import { cleanLine } from '../text/clean.ts';

export type UnitState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'running' }
  /** The script came to its end; 128 + n when signal n ended it. */
  | { readonly kind: 'ended'; readonly code: number }
  /** It was ended from outside, and all that it had started too. */
  | { readonly kind: 'died' };

export interface UnitReport {
  readonly ok: true;
  readonly state: UnitState;
  /** The last line that the script wrote to `$RESEED_FOLDER/progress`. Clean. */
  readonly progress: string;
  /** What the script printed from the byte asked for on, at most 64 KiB. Not clean, and perhaps cut inside a character. */
  readonly log: Buffer;
}

/** What unit.sh says of one: `ended 0`; undefined: it is not that. */
export function readUnitState(words: string): UnitState | undefined {
  const ended = /^ended (\d{1,3})$/.exec(words);
  if (ended) return { kind: 'ended', code: Number(ended[1]) };
  return words === 'absent' || words === 'running' || words === 'died' ? { kind: words } : undefined;
}

/** What `unit.sh poll` prints; undefined: it is not that. */
export function readUnitReport(text: string): UnitReport | undefined {
  const [words = '', progress, log] = text.split('\n');
  const state = readUnitState(words);
  if (!state || progress === undefined || log === undefined) return undefined;
  return { ok: true, state, progress: cleanLine(progress), log: Buffer.from(log, 'base64') };
}
