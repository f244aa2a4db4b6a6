// A MySQL replica's asynchronous connection failover: the sources that it may change to, by channel. They are in tables of mysql, which a seed replaces by
// the donor's. Pure.
import type { Answer, Row } from '../../../host/server/batch.ts';
import { withPort } from '../../../text/address.ts';
import type { Filter, Setting } from './kept-channels.ts';

/** Since 8.0.27 one function empties the lists: the donor's would be left. */
export const resetFailover = 'SELECT asynchronous_connection_failover_reset()';

const turnedOn = 'SOURCE_CONNECTION_AUTO_FAILOVER';

/** Whether it changes its source by itself. */
export const failsOver = (settings: readonly Setting[]): boolean => settings.some(({ option }) => option === turnedOn);

/** Its settings, without one that is of no use where the lists can't be made again. */
export const withoutFailover = (settings: readonly Setting[]): Setting[] =>
  settings.filter(({ option }) => option !== turnedOn);

/** As statements that make the lists again; `answers`: the rows of the two tables of performance_schema. */
export function keptFailover(failover: Answer | undefined, managed: Answer | undefined): Filter[] {
  const sources = failover?.rows ?? [];
  const single = sources.filter((row) => managerOf(row) === '').map(sourceOf);
  const groups = (managed?.rows ?? []).map((row) => groupOf(row, sources));
  return [...single, ...groups].map((one, index) => marked(one, `fo${'x'.repeat(index)}`));
}

const managerOf = (row: Row) => row.get('MANAGED_NAME') ?? '';
const channelOf = (row: Row) => row.get('CHANNEL_NAME') ?? '';
const ofChannel = (row: Row) => (channelOf(row) === '' ? '' : `channel ${channelOf(row)} `);
const isNumber = (text = '') => /^\d+$/.test(text);

/** Placeholders have their kind alone: `{host}`. */
interface Unmarked {
  readonly words: string;
  readonly sql?: string;
  readonly texts: Readonly<Record<string, string>>;
}

function sourceOf(row: Row): Unmarked {
  const { host, port, texts } = addressOf(row);
  const weight = row.get('WEIGHT') ?? '';
  const words = `${ofChannel(row)}fails over to ${withPort(host, Number(port))} (weight ${weight})`;
  if (!isNumber(port) || !isNumber(weight)) return { words, texts: {} };
  return {
    words,
    sql: `SELECT asynchronous_connection_failover_add_source({channel}, {host}, ${port}, {space}, ${weight})`,
    texts,
  };
}

function addressOf(row: Row) {
  const [host = '', port = ''] = [row.get('HOST'), row.get('PORT')];
  return { host, port, texts: { channel: channelOf(row), host, space: row.get('NETWORK_NAMESPACE') ?? '' } };
}

/** A group finds its other members by the one that it is given: the member with the highest weight. */
function groupOf(row: Row, sources: readonly Row[]): Unmarked {
  const [name, type = '', settings = ''] = [managerOf(row), row.get('MANAGED_TYPE'), row.get('CONFIGURATION')];
  const [primary, secondary] = ['Primary', 'Secondary'].map(
    (role) => new RegExp(`"${role}_weight": *(\\d+)`).exec(settings)?.[1],
  );
  const [member] = sources
    .filter((one) => managerOf(one) === name && channelOf(one) === channelOf(row))
    .toSorted((a, b) => Number(b.get('WEIGHT')) - Number(a.get('WEIGHT')));
  const words = `${ofChannel(row)}fails over to the group ${name}`;
  if (!member || !isNumber(primary) || !isNumber(secondary)) return { words, texts: {} };
  const { host, port, texts } = addressOf(member);
  if (!isNumber(port)) return { words, texts: {} };
  return {
    words: `${words} by ${withPort(host, Number(port))} (weights ${primary}, ${secondary})`,
    sql: `SELECT asynchronous_connection_failover_add_managed({channel}, {type}, {group}, {host}, ${port}, {space}, ${primary}, ${secondary})`,
    texts: { ...texts, type, group: name },
  };
}

function marked({ words, sql, texts }: Unmarked, mark: string): Filter {
  if (sql === undefined) return { words, texts: {}, unknown: true };
  return {
    words,
    sql: sql.replaceAll(/\{([a-z]+)\}/g, `{$1${mark}}`),
    texts: Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${name}${mark}`, text])),
  };
}
