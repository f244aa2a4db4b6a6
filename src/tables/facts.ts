// What a server tells of the tables of some databases, and of itself: asked on donor and target before a plan. Pure.
import { wholeNumber } from '../host/known.ts';
import { type Answer, readAnswers } from '../host/server/batch.ts';
import { type ReplicationState, readReplicationState } from '../seed/replica/source/replication-state.ts';
import { passedOverWords, replicaWords, type Speaker, serverWords, statements } from '../seed/replica/words.ts';
import { shortSize } from '../text/amounts.ts';
import { fileBytesOf, filesWordsOf } from './file-sizes.ts';

export interface TablesLook {
  readonly state: ReplicationState;
  readonly tables: readonly TableFacts[];
  readonly triggers: readonly { readonly table: string; readonly name: string }[];
  readonly foreignKeys: readonly { readonly from: string; readonly to: string }[];
  /** Tables with an index of that kind. */
  readonly fulltext: readonly string[];
  /** Tables with a column of FLOAT: a dump rounds its values. */
  readonly floats: readonly string[];
  /** Tables with a column of JSON that a MySQL stores as such: a dump has its values as text. */
  readonly jsons: readonly string[];
  /** Those with a name that an operator may have given, and primary keys. */
  readonly constraints: readonly { readonly table: string; readonly name: string; readonly type: string }[];
  /** Variables that say how it logs, and what it can import: `binlog_format` -> `ROW`. */
  readonly settings: ReadonlyMap<string, string>;
  /** XA transactions that it has begun since its start, by clients or its applier; absent: not known. */
  readonly xaBegun?: number;
  /** Routines and events by database: `shop has 2 routines`. */
  readonly further: readonly { readonly database: string; readonly what: string; readonly count: number }[];
}

export interface TableFacts {
  /** `shop.orders` */
  readonly name: string;
  readonly database: string;
  /** `BASE TABLE`, `VIEW`, ... */
  readonly type: string;
  readonly engine: string;
  /** `partitioned`, `ENCRYPTION='Y'`, ... */
  readonly options: string;
  /** Of its files, or as the server counts them where that is more: statistics may be years old. Absent: not known. */
  readonly bytes?: number;
}

/** Of these tables; undefined: not known of one. */
export const bytesOf = ({ tables }: Pick<TablesLook, 'tables'>, names: readonly string[]): number | undefined =>
  tables
    .filter(({ name }) => names.includes(name))
    .reduce<number | undefined>(
      (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
      0,
    );
/** `812M`, `?` */
export function sizeText(look: Pick<TablesLook, 'tables'>, names: readonly string[]): string {
  const bytes = bytesOf(look, names);
  return bytes === undefined ? '?' : shortSize(bytes);
}

const plainName = /^[A-Za-z0-9_][A-Za-z0-9_$-]*$/;
/** Whether the name is a word of SQL and of a shell, and nothing else. */
export const isPlain = (name: string): boolean => name.split('.').length === 2 && name.split('.').every(isPlainWord);
export const isPlainWord = (word: string): boolean => plainName.test(word);

const settings = [
  ...['binlog_format', 'lower_case_table_names', 'innodb_file_per_table', 'innodb_default_row_format'],
  ...['default_table_encryption', 'innodb_encrypt_tables'],
];
export const settingsWords = statements(
  "SELECT 'settings' AS answer",
  `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${settings.map((name) => `'${name}'`).join(', ')})`,
);
/** Empty: it did not answer. */
export const readSettings = (answers: ReadonlyMap<string, Answer>): ReadonlyMap<string, string> =>
  new Map(
    answers.get('settings')?.rows.map((row) => [row.get('Variable_name') ?? '', row.get('Value') ?? ''] as const),
  );

/** The questions about the tables of these databases, whose names are plain. */
export function tablesWordsOf(speaker: Speaker, databases: readonly string[]): string {
  const some = `(${databases.map((name) => `'${name}'`).join(', ')})`;
  const ask = (answer: string, sql: string) => statements(`SELECT '${answer}' AS answer`, sql);
  return [
    serverWords,
    replicaWords(speaker),
    ...(speaker.vendor === 'mariadb'
      ? []
      : ['SET SESSION /*!80000 information_schema_stats_expiry = 0, */ @reseed = 0;']),
    ask(
      'tables',
      `SELECT TABLE_SCHEMA AS db, TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, CREATE_OPTIONS AS options, DATA_LENGTH + INDEX_LENGTH AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ${some}`,
    ),
    ask('files', filesWordsOf(speaker, databases)),
    ask(
      'triggers',
      `SELECT EVENT_OBJECT_SCHEMA AS db, EVENT_OBJECT_TABLE AS name, TRIGGER_NAME AS called FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA IN ${some}`,
    ),
    ask(
      'foreignkeys',
      `SELECT CONSTRAINT_SCHEMA AS db, TABLE_NAME AS name, UNIQUE_CONSTRAINT_SCHEMA AS todb, REFERENCED_TABLE_NAME AS toname FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA IN ${some} OR UNIQUE_CONSTRAINT_SCHEMA IN ${some}`,
    ),
    ask(
      'fulltext',
      `SELECT DISTINCT TABLE_SCHEMA AS db, TABLE_NAME AS name FROM information_schema.STATISTICS WHERE TABLE_SCHEMA IN ${some} AND INDEX_TYPE IN ('FULLTEXT', 'SPATIAL')`,
    ),
    ask(
      'floats',
      `SELECT DISTINCT TABLE_SCHEMA AS db, TABLE_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN ${some} AND DATA_TYPE = 'float'`,
    ),
    // Of a MariaDB it is a text.
    ask(
      'jsons',
      `SELECT DISTINCT TABLE_SCHEMA AS db, TABLE_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN ${some} AND DATA_TYPE = 'json'`,
    ),
    ask(
      'constraints',
      `SELECT TABLE_SCHEMA AS db, TABLE_NAME AS name, CONSTRAINT_NAME AS called, CONSTRAINT_TYPE AS type FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA IN ${some} AND CONSTRAINT_TYPE IN ('PRIMARY KEY', 'FOREIGN KEY', 'CHECK')`,
    ),
    settingsWords,
    ask('xa', "SHOW GLOBAL STATUS LIKE 'Com_xa_start'"),
    passedOverWords,
    ask(
      'further',
      `SELECT ROUTINE_SCHEMA AS db, 'routine' AS what, COUNT(*) AS count FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA IN ${some} GROUP BY ROUTINE_SCHEMA UNION ALL SELECT EVENT_SCHEMA, 'event', COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA IN ${some} GROUP BY EVENT_SCHEMA`,
    ),
  ].join(' ');
}

/** undefined: the server did not answer all. */
export function readTablesLook(text: string): TablesLook | undefined {
  const answers = readAnswers(text);
  const state = readReplicationState(text);
  const asked = [
    'tables',
    'triggers',
    'foreignkeys',
    'fulltext',
    'floats',
    'jsons',
    'constraints',
    'settings',
    'further',
  ].map((name) => answers.get(name));
  if (!state || asked.some((answer) => answer === undefined || answer.error !== undefined)) return undefined;
  const rows = (name: string) => (answers.get(name) as Answer).rows;
  const fileBytes = fileBytesOf(answers.get('files'));
  const xaBegun = wholeNumber(answers.get('xa')?.rows[0]?.get('Value'));
  const pick = (row: ReadonlyMap<string, string>, name: string) => row.get(name) ?? '';
  const nameOf = (row: ReadonlyMap<string, string>) => `${pick(row, 'db')}.${pick(row, 'name')}`;
  return {
    state,
    tables: rows('tables').map((row) => {
      const bytes = fileBytes && Math.max(fileBytes(nameOf(row)), wholeNumber(row.get('bytes')) ?? 0);
      return {
        name: nameOf(row),
        database: pick(row, 'db'),
        type: pick(row, 'type'),
        engine: pick(row, 'engine'),
        options: pick(row, 'options'),
        ...(bytes !== undefined && { bytes }),
      };
    }),
    triggers: rows('triggers').map((row) => ({ table: nameOf(row), name: pick(row, 'called') })),
    foreignKeys: rows('foreignkeys').map((row) => ({
      from: nameOf(row),
      to: `${pick(row, 'todb')}.${pick(row, 'toname')}`,
    })),
    fulltext: rows('fulltext').map(nameOf),
    floats: rows('floats').map(nameOf),
    jsons: rows('jsons').map(nameOf),
    constraints: rows('constraints').map((row) => ({
      table: nameOf(row),
      name: pick(row, 'called'),
      type: pick(row, 'type'),
    })),
    settings: readSettings(answers),
    ...(xaBegun !== undefined && { xaBegun }),
    further: rows('further').map((row) => ({
      database: pick(row, 'db'),
      what: pick(row, 'what'),
      count: wholeNumber(row.get('count')) ?? 0,
    })),
  };
}
