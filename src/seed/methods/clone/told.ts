// What seed-clone.sh says: its progress, and where the cloned data stands. Pure.
import type { Stands } from '../../../snapshot/coordinates.ts';
import { shortSize } from '../../../text/amounts.ts';
import { cleanLine } from '../../../text/clean.ts';

export type Told =
  | { readonly kind: 'words'; readonly text: string }
  /** It waits for the donor's account: the hash of its password. */
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'copy'; readonly stage: string; readonly doneBytes: number; readonly totalBytes: number };

const stages: Readonly<Record<string, string>> = {
  'FILE COPY': 'files',
  'PAGE COPY': 'pages that changed meanwhile',
  'REDO COPY': 'redo log',
  'FILE SYNC': 'writing to the disk',
};

/** A line of its progress. */
export function readTold(line: string): Told {
  const [, hash] = /^hash ([0-9A-F]{1,1000})$/.exec(line) ?? [];
  if (hash !== undefined) return { kind: 'hash', hash };
  if (line.startsWith('copy ')) return copyOf(line.slice('copy '.length));
  if (line === 'proving')
    return { kind: 'words', text: 'starting a server on the cloned data, to recover and prove it' };
  return { kind: 'words', text: cleanLine(line) || 'begun' };
}

/** Rows of performance_schema.clone_progress: STAGE|STATE|ESTIMATE|DATA|NETWORK. */
function copyOf(rows: string): Told {
  const each = rows.split(';').flatMap((row) => {
    const [stage = '', state = '', estimate, data] = row.split('|');
    return stages[stage] === undefined ? [] : [{ stage, state, estimate: Number(estimate), data: Number(data) }];
  });
  const now = each.find(({ state }) => state === 'In Progress') ?? each.findLast(({ state }) => state === 'Completed');
  const sum = (values: readonly number[]) =>
    values.reduce((one, other) => one + (Number.isFinite(other) ? other : 0), 0);
  const doneBytes = sum(each.map(({ data }) => data));
  // A stage that is over may have had less to copy than was estimated.
  const totalBytes = sum(
    each.map(({ state, estimate, data }) => (state === 'Completed' ? data : Math.max(estimate, data))),
  );
  return { kind: 'copy', stage: stages[now?.stage ?? ''] ?? 'begun', doneBytes, totalBytes };
}

export const copyText = ({ stage, doneBytes, totalBytes }: Extract<Told, { kind: 'copy' }>): string =>
  `${stage}: ${shortSize(doneBytes)} of ${shortSize(totalBytes)}`;

export interface Cloned {
  readonly stands: Stands;
  /** On the wire. */
  readonly bytes: number;
  /** GTIDs that the started server itself has executed. */
  readonly ownGtid: string;
}

/** The last lines of its log; undefined: they do not tell. `hasGtid`: of the donor. */
export function readCloned(lines: readonly string[], hasGtid: boolean): Cloned | undefined {
  const one = (name: string) => lines.findLast((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const [, logFile, position] = /^(\S*) (\d+)$/.exec(one('log') ?? '') ?? [];
  const bytes = one('bytes');
  const lsn = one('lsn');
  const [gtid, ownGtid] = ['gtid', 'own'].map((name) => cleanLine(one(name) ?? '').replaceAll(/\s/g, ''));
  if (position === undefined || !/^\d+$/.test(bytes ?? '')) return undefined;
  return {
    stands: {
      logFile: cleanLine(logFile ?? ''),
      logPosition: Number(position),
      ...(hasGtid && { gtid: gtid ?? '' }),
      ...(/^\d+$/.test(lsn ?? '') && { lsn: lsn ?? '' }),
    },
    bytes: Number(bytes),
    ownGtid: ownGtid ?? '',
  };
}

/** The certificates in a file of them; empty: there is none. */
export const certificatesIn = (text: string): string =>
  [...text.matchAll(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g)]
    .map(([one]) => `${one}\n`)
    .join('');
