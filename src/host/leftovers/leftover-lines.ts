// The lines that `leftovers.sh find` prints, by kind. Each kind has a fixed form, because the plan of a cleaning acts
// on what these fields name, and an account of the host may give its own things any name.
import { cleanLine } from '../../text/clean.ts';

const key = '(?!mount\\|)[a-z0-9]+';
const name = '[A-Za-z0-9+_][A-Za-z0-9+_.-]*';
const unit = '[A-Za-z0-9@:_\\\\][A-Za-z0-9@:_.\\\\-]*';
const number = '-?\\d*';

const forms = {
  lock: `(${key})\\|([^|]*)\\|([^|]*)`,
  locked: `(${key})\\|([^|]*)\\|([^|]*)`,
  unit: `(${key})\\|([a-z0-9-]+)\\|(running|over)`,
  // lv_name, vg_name, lv_uuid, origin, lv_size, lv_tags, lv_kernel_major, lv_kernel_minor, lv_attr; LVM has hidden origins in brackets.
  volume: `(${name})\\|(${name})\\|([A-Za-z0-9-]+)\\|(\\[?(?:${name})?\\]?)\\|(\\d+)\\|([A-Za-z0-9_+.\\/=!:&#,-]*)\\|(${number})\\|(${number})\\|([A-Za-z?-]+)`,
  volumes: '(all|none)',
  // The fields of proc_pid_mountinfo(5).
  mount: '(\\d+ \\d+ \\d+:\\d+ \\S+ \\S+ .*)',
  coordinates: `(${name})`,
  scrap: `(mount/${name}|(?:before|log-from)/[a-z0-9]+-[A-Za-z0-9@:_.\\\\-]+|(?:lock\\.|taking-)[A-Za-z0-9+_.-]+|(?!mount/)[a-z0-9]+/(?:seed|still|at-t[A-Za-z0-9+_.-]*))`,
  applier: `(${key})`,
  account: '([0-9a-f]{8})',
  tables: `(${key})\\|(\\d+|-|\\?)\\|(\\d+|-|\\?)\\|(none|opened|swapped|passed|undone)`,
  salvage: `(${key})\\|(open|logs)`,
  hold: `(${unit})\\|(${key})`,
  seed: '(/(?:[^|]*/)?(?:\\.reseed-[a-z0-9]+|RESEED_IN_PROGRESS)|/var/lib/reseed/before/[a-z0-9]+-[A-Za-z0-9@:_.\\\\-]+|/(?:etc|run)/systemd/system/[^/|]+\\.service\\.d/(?:zzzz-)?reseed-[a-z0-9]+(?:-start)?\\.conf)',
  mask: `(${unit})`,
  strange: '(datadir|services|coordinates|run|salvage)',
} as const;
export type LineKind = keyof typeof forms;

const patterns = new Map(Object.entries(forms).map(([kind, form]) => [kind, new RegExp(`^${form}$`, 'u')]));

export interface LeftoverLines {
  /** The fields of each line of a kind. */
  readonly of: (kind: LineKind) => string[][];
  /** How many lines begin as a volume's and do not have its form. */
  readonly oddVolumes: number;
  /** How many other lines have none of these forms. */
  readonly oddLines: number;
}

export function readLines(text: string): LeftoverLines {
  const found = new Map<string, string[][]>();
  let oddVolumes = 0;
  let oddLines = 0;
  for (const raw of text.split('\n')) {
    // A mount point's name can be any text.
    const line = raw.startsWith('mount|') ? cleanLine(raw) : raw.trimEnd();
    if (line === '') continue;
    const at = line.indexOf('|');
    const kind = line.slice(0, Math.max(at, 0));
    const match = line === cleanLine(line) ? patterns.get(kind)?.exec(line.slice(at + 1)) : undefined;
    if (match) found.set(kind, [...(found.get(kind) ?? []), match.slice(1)]);
    else if (kind === 'volume') oddVolumes += 1;
    else oddLines += 1;
  }
  return { of: (kind) => found.get(kind) ?? [], oddVolumes, oddLines };
}
