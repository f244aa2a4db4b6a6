// A replica's settings before its seed, so that it has them again: delay, filters, TLS and the rest, from its running
// server. Pure. Option files (replicate-*, semi-sync) stay in effect; the settings here are only in the data, or in the
// server's memory.
import { type Answer, type Row, readAnswers } from '../../../host/server/batch.ts';
import {
  channelTexts,
  type Filter,
  type KeptChannel,
  keptChannel,
  type Setting,
  type TextValue,
} from './kept-channels.ts';
import { failsOver, keptFailover, withoutFailover } from './kept-failover.ts';
import { keptFilters } from './kept-filters.ts';
import { type KeptOfMariadb, keptOfMariadb, mariadbTexts } from './kept-mariadb.ts';
import { mariadbSettings, mysqlSettings } from './kept-settings.ts';

export interface Kept {
  readonly tls: boolean;
  readonly settings: readonly Setting[];
  readonly filters: readonly Filter[];
  /** MySQL: the lists of sources that it may change to by itself, of all channels. */
  readonly failover?: readonly Filter[];
  /** A MySQL before 8.0.27 changes its source by itself, and will not after its seed. */
  readonly losesFailover?: true;
  /** Channels besides the default one. */
  readonly further: readonly KeptChannel[];
  /** Absent: MySQL. */
  readonly mariadb?: KeptOfMariadb;
  /** Why it can't have them again after a seed; absent: it can. */
  readonly lost?: string;
}

export type { Filter, KeptChannel, Setting } from './kept-channels.ts';

/**
 * Reads the answers to keptWords (words.ts). undefined: it is no replica, so there is nothing to keep. A text: why it
 * is unknown.
 */
export function readKept(text: string): Kept | string | undefined {
  const answers = readAnswers(text);
  const channels = answers.get('channels');
  if (!channels) return 'its server did not tell of its replication';
  if (channels.error !== undefined) return channels.error;
  const isMariadb = channels.rows.some((row) => row.has('Connection_name'));
  const all = channels.rows.map((row) => ({ row, name: row.get('Channel_Name') ?? row.get('Connection_name') ?? '' }));
  const named = all.filter(({ name, row }) => name !== '' && hostOf(row) !== '');
  const own = all.find(({ name }) => name === '')?.row;
  if (named.length === 0 && (!own || hostOf(own) === '')) return undefined;
  const refused = [...answers].find(([name, answer]) => name !== 'channels' && answer.error !== undefined);
  if (refused) return refused[1].error ?? '';
  const rowOf = (table: string, channel: string) => ofChannel(answers.get(table), channel);
  const filters = answers.get('filters')?.rows ?? [];
  const further = named.map(({ name, row }, index) =>
    keptChannel(name, index, {
      status: row,
      connection: rowOf('connection', name),
      applier: rowOf('applier', name),
      filters,
    }),
  );
  if (!own || hostOf(own) === '') return { tls: false, settings: [], filters: [], further, lost: onlyNamed };
  const base: Kept = {
    tls: (own.get('Source_SSL_Allowed') ?? own.get('Master_SSL_Allowed')) === 'Yes',
    settings: isMariadb ? mariadbSettings(own) : mysqlSettings(own, rowOf('connection', ''), rowOf('applier', '')),
    filters: keptFilters(own, isMariadb, filters),
    further,
  };
  if (!isMariadb) return withFailover(base, answers.get('failover'), answers.get('managed'));
  const lost = further.length > 0 ? { lost: "a named connection of MariaDB can't be kept yet" } : {};
  return { ...base, mariadb: keptOfMariadb(own, answers.get('byhand')), ...lost };
}

/** Without its lists a replica must not change its source by itself: it would by those of the donor. */
function withFailover(kept: Kept, listed: Answer | undefined, managed: Answer | undefined): Kept {
  if (listed) return { ...kept, failover: keptFailover(listed, managed) };
  const { settings, further } = kept;
  if (![settings, ...further.map((one) => one.settings)].some(failsOver)) return kept;
  return {
    ...kept,
    settings: withoutFailover(settings),
    further: further.map((one) => ({ ...one, settings: withoutFailover(one.settings) })),
    losesFailover: true,
  };
}

const hostOf = (row: Row): string => row.get('Source_Host') ?? row.get('Master_Host') ?? '';
const ofChannel = (answer: Answer | undefined, channel: string): Row =>
  answer?.rows.find((row) => (row.get('CHANNEL_NAME') ?? '') === channel) ?? new Map();
const onlyNamed = 'it replicates by named channels alone, and a seed attaches by the default one';

/** `delay 3600 s, filter REPLICATE_DO_DB shop`; empty: all defaults. */
export const keptText = ({ settings, filters, failover = [], mariadb }: Kept): string =>
  [...[...settings, ...filters, ...failover].map(({ words }) => words), ...(mariadb ? mariadbTexts(mariadb) : [])]
    .filter((words) => words !== '')
    .join(', ');

/** The texts of its statements, for the plan. */
export const keptTexts = (kept: Kept | undefined): Record<string, TextValue> =>
  Object.assign(
    {},
    ...[...(kept?.settings ?? []), ...(kept?.filters ?? []), ...(kept?.failover ?? [])].map(({ texts }) => texts),
    ...(kept?.further ?? []).map(channelTexts),
  );
