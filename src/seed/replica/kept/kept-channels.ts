// A replica's channels besides the default one, so that it has them again after its seed. Pure.
import type { Row } from '../../../host/server/batch.ts';
import { withPort } from '../../../text/address.ts';
import { keptFilters } from './kept-filters.ts';
import { mysqlSettings } from './kept-settings.ts';

/** One option of CHANGE REPLICATION SOURCE, in MySQL 8.0.23's or MariaDB's words. */
export interface Setting {
  readonly option: string;
  /** SQL with no text of the host except numbers and names of a fixed set; `{name}` stands for the text of that name. */
  readonly sql: string;
  /** For the operator: `delay 3600 s`. */
  readonly words: string;
  /** Texts, by their names in `sql`: they are sent to the server by standard input (seed-sql.sh). */
  readonly texts: Readonly<Record<string, string>>;
}

/** A filter as a whole statement. An unknown one can't be repeated, and `words` say why. */
export type Filter = { readonly words: string; readonly texts: Readonly<Record<string, string>> } & (
  | { readonly sql: string }
  | { readonly unknown: true }
);

export interface KeptChannel {
  readonly name: string;
  /** The end of its texts' names in statements: `x`, `xx`, ... */
  readonly mark: string;
  readonly host: string;
  readonly port: number;
  /** MySQL: server_uuid of its source, if it has been reached. */
  readonly sourceUuid?: string;
  readonly tls: boolean;
  /** It continues by GTIDs, which the donor's data has; otherwise by a position in a log, which the data does not tell. */
  readonly byGtid: boolean;
  /** Whether each of its threads is started again; a thread that an error has stopped is started too. */
  readonly receives: boolean;
  readonly applies: boolean;
  readonly settings: readonly Setting[];
  readonly filters: readonly Filter[];
}

export interface ChannelRows {
  /** The channel's rows of SHOW REPLICA STATUS and of its tables. */
  readonly status: Row;
  readonly connection: Row;
  readonly applier: Row;
  readonly filters: readonly Row[];
}

export function keptChannel(
  name: string,
  index: number,
  { status, connection, applier, filters }: ChannelRows,
): KeptChannel {
  const pick = (...names: readonly string[]) => names.map((one) => status.get(one)).find((one) => one !== undefined);
  const mark = 'x'.repeat(index + 1);
  const isOn = (...names: readonly string[]) => (pick(...names) ?? 'No') !== 'No';
  const failed = (...names: readonly string[]) => Number(pick(...names) ?? 0) !== 0;
  const sourceUuid = pick('Source_UUID', 'Master_UUID') ?? '';
  return {
    name,
    mark,
    host: pick('Source_Host', 'Master_Host') ?? '',
    port: Number(pick('Source_Port', 'Master_Port')),
    ...(sourceUuid !== '' && { sourceUuid }),
    tls: pick('Source_SSL_Allowed', 'Master_SSL_Allowed') === 'Yes',
    byGtid: pick('Auto_Position') === '1',
    receives: isOn('Replica_IO_Running', 'Slave_IO_Running') || failed('Last_IO_Errno'),
    applies: isOn('Replica_SQL_Running', 'Slave_SQL_Running') || failed('Last_SQL_Errno'),
    settings: mysqlSettings(status, connection, applier).map((one) => marked(one, mark)),
    filters: keptFilters(status, false, filters, name).map((one) =>
      'sql' in one ? marked({ ...one, sql: one.sql.replace(/''$/, '{channel}') }, mark) : one,
    ),
  };
}

function marked<T extends Pick<Setting, 'sql' | 'texts'>>(one: T, mark: string): T {
  return {
    ...one,
    sql: one.sql.replaceAll(/\{(#?[a-z]+)\}/g, `{$1${mark}}`),
    texts: Object.fromEntries(Object.entries(one.texts).map(([name, text]) => [`${name}${mark}`, text])),
  };
}

/** The types of a statement's texts, which seed-sql.sh inserts. */
export type TextValue = string | number | boolean | null;

/** The texts of its statements, without its account. */
export const channelTexts = ({
  name,
  mark,
  host,
  port,
  settings,
  filters,
}: KeptChannel): Readonly<Record<string, TextValue>> => ({
  [`channel${mark}`]: name,
  [`host${mark}`]: host,
  [`port${mark}`]: port,
  ...Object.assign({}, ...[...settings, ...filters].map(({ texts }) => texts)),
});

/** `standby from 10.77.0.12:3306 (delay 20 s)` */
export function channelText({ name, host, port, settings, filters }: KeptChannel): string {
  const own = [...settings, ...filters]
    .map(({ words }) => words)
    .filter((words) => words !== '')
    .join(', ');
  return `${name} from ${withPort(host, port)}${own && ` (${own})`}`;
}
