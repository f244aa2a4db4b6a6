// The shared database of this account's journal: which it is, and one line about it where it is away. Nothing here asks it.
import { z } from 'zod';
import { HistoryTrouble } from '../../history/trouble.ts';
import type { HistorySettings } from '../../inventory/settings.ts';
import type { Journal } from '../../job/journal/journal.ts';
import type { Joined } from '../../job/journal/sharing.ts';
import { clockText } from '../../text/times.ts';

const settingsForm = z.object({
  host: z.string(),
  port: z.number(),
  database: z.string(),
  socket: z.string().optional(),
  account: z.string(),
  tls: z.union([z.boolean(), z.object({ authority: z.string() })]),
  key: z.string().optional(),
  owner: z.string().optional(),
});

/** Throws a HistoryTrouble where an editor has damaged them. */
export function settingsOf({ settings }: Pick<Joined, 'settings'>): HistorySettings {
  try {
    return settingsForm.parse(JSON.parse(settings)) as HistorySettings;
  } catch {
    throw new HistoryTrouble('the settings in the journal are damaged', 'reseed history join writes them again');
  }
}

/** `mysql://127.0.0.1:3306/reseed`, without the account. */
export const storeText = ({ host, port, database, socket }: HistorySettings): string =>
  socket === undefined
    ? `mysql://${host.includes(':') ? `[${host}]` : host}:${port}/${database}`
    : `${database} at ${socket}`;

/** `history: away since 12:03:11 UTC, 14 changes wait: it refuses connections`. undefined: it is not away, or there is none. */
export function awayLine({ sharing }: Pick<Journal, 'sharing'>): string | undefined {
  const away = sharing.away();
  if (!away) return undefined;
  return `history: away since ${clockText(new Date(away.sinceMs))}, ${waitText(sharing.waiting())}: ${away.why}`;
}

export const waitText = (changes: number): string =>
  changes === 0 ? 'nothing waits' : changes === 1 ? '1 change waits' : `${changes} changes wait`;

/** The first failure counts: since then it is away. */
export function noteAway(
  { sharing }: Pick<Journal, 'sharing'>,
  { message, advice }: HistoryTrouble,
  nowMs: number,
): void {
  const why = advice === '' ? message : `${message}; ${advice}`;
  sharing.setAway({ sinceMs: sharing.away()?.sinceMs ?? nowMs, why });
}

/** A question was answered: where nothing waits, no sender comes to note that. */
export function answered({ sharing }: Pick<Journal, 'sharing'>): void {
  if (sharing.away() && sharing.waiting() === 0) sharing.setAway(undefined);
}
