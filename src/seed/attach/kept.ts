// What a replica was before its seed, so that it is that again: delay, filters, TLS and the rest, as its running server tells. Pure.
// Option files (replicate-*, semi-sync) hold by themselves; what is here stands in the data alone, or in the server's memory.
import { type Answer, type Row, readAnswers } from '../../host/batch.ts';
import type { Json } from '../../job/plan.ts';
import { filtersOf } from './kept-filters.ts';
import { mariadbSettings, mysqlSettings } from './kept-settings.ts';

/** One option of CHANGE REPLICATION SOURCE, in the words of MySQL 8.0.23 or of MariaDB. */
export interface Setting {
  readonly option: string;
  /** SQL that holds no text of the host but numbers and names of a fixed set; `{name}` stands for the text of that name. */
  readonly sql: string;
  /** As an operator reads it: `delay 3600 s`. */
  readonly words: string;
  /** Texts, by their names in `sql`: they reach the server by standard input (seed-sql.sh). */
  readonly texts: Readonly<Record<string, string>>;
}

/** A filter as a whole statement; an unknown one can't be said again, and `words` tell why. */
export type Filter = { readonly words: string; readonly texts: Readonly<Record<string, string>> } & (
  | { readonly sql: string }
  | { readonly unknown: true }
);

export interface Kept {
  readonly tls: boolean;
  readonly settings: readonly Setting[];
  readonly filters: readonly Filter[];
  /** Channels beside the default one, each with where it comes from. */
  readonly further: readonly string[];
}

/** What keptWords (words.ts) told; undefined: it replicates from nobody, and there is nothing to keep. A text: why it is not known. */
export function readKept(text: string): Kept | string | undefined {
  const answers = readAnswers(text);
  const channels = answers.get('channels');
  if (!channels) return 'its server did not tell of its replication';
  if (channels.error !== undefined) return channels.error;
  const isMariadb = channels.rows.some((row) => row.has('Connection_name'));
  const all = channels.rows.map((row) => ({ row, name: row.get('Channel_Name') ?? row.get('Connection_name') ?? '' }));
  const further = all
    .filter(({ name, row }) => name !== '' && hostOf(row) !== '')
    .map(({ name, row }) => `${name} from ${hostOf(row)}`);
  const own = all.find(({ name }) => name === '')?.row;
  if (!own || hostOf(own) === '')
    return further.length === 0 ? undefined : { tls: false, settings: [], filters: [], further };
  const refused = [...answers].find(([name, answer]) => name !== 'channels' && answer.error !== undefined);
  if (refused) return refused[1].error ?? '';
  return {
    tls: (own.get('Source_SSL_Allowed') ?? own.get('Master_SSL_Allowed')) === 'Yes',
    settings: isMariadb
      ? mariadbSettings(own)
      : mysqlSettings(own, ofDefault(answers.get('connection')), ofDefault(answers.get('applier'))),
    filters: filtersOf(own, isMariadb, answers.get('filters')?.rows ?? []),
    further,
  };
}

const hostOf = (row: Row): string => row.get('Source_Host') ?? row.get('Master_Host') ?? '';
const ofDefault = (answer: Answer | undefined): Row =>
  answer?.rows.find((row) => (row.get('CHANNEL_NAME') ?? '') === '') ?? new Map();

/** `delay 3600 s, filter REPLICATE_DO_DB shop`; empty: all as by default. */
export const keptText = ({ settings, filters }: Kept): string =>
  [...settings, ...filters].map(({ words }) => words).join(', ');

/** The texts that its statements need, for the plan. */
export const keptTexts = (kept: Kept | undefined): Readonly<Record<string, Json>> =>
  Object.assign({}, ...[...(kept?.settings ?? []), ...(kept?.filters ?? [])].map(({ texts }) => texts));
