// A replica's filters that may not be in its option files, as statements that set them again. MySQL reports their rules
// as one text, with names between commas and without quotes. A rule with two possible readings is reported as unknown.
// Pure.
import type { Row } from '../../../host/server/batch.ts';
import type { Filter, KeptChannel } from './kept-channels.ts';

const name = '[\\w$-]+';
const pattern = '[\\w$%\\\\-]+';

const quoted = (one: string) => `\`${one}\``;
const rules: Readonly<Record<string, readonly [one: RegExp, sql: (one: string) => string]>> = {
  DB: [new RegExp(`^${name}$`), quoted],
  TABLE: [new RegExp(`^${name}\\.${name}$`), (one) => one.split('.').map(quoted).join('.')],
  WILD: [new RegExp(`^${pattern}\\.${pattern}$`), (one) => `'${one.replaceAll('\\', '\\\\')}'`],
};

/**
 * For MySQL: filters of CHANGE REPLICATION FILTER. For the default channel also those for all channels, for another one
 * (`channel`) only its own. A statement for one channel ends with `FOR CHANNEL ''`.
 */
export function keptFilters(status: Row, isMariadb: boolean, rows: readonly Row[], channel = ''): Filter[] {
  if (isMariadb) return mariadbFilters(status);
  return rows.filter((row) => isMade(row, channel)).map(filterOf);
}

function isMade(row: Row, channel: string): boolean {
  const by = row.get('CONFIGURED_BY') ?? '';
  if (!by.startsWith('CHANGE_REPLICATION_FILTER') || (row.get('FILTER_RULE') ?? '') === '') return false;
  return (row.get('CHANNEL_NAME') ?? '') === channel && (channel === '' || by.endsWith(ofChannel));
}

const ofChannel = 'FOR_CHANNEL';

function filterOf(row: Row): Filter {
  const [kind, rule] = [row.get('FILTER_NAME') ?? '', row.get('FILTER_RULE') ?? ''];
  const words = `filter ${kind} ${rule}`;
  const list = kind === 'REPLICATE_REWRITE_DB' ? pairs(rule) : listOf(kind, rule);
  if (list === undefined) return { words, texts: {}, unknown: true };
  const of = row.get('CONFIGURED_BY')?.endsWith(ofChannel) ? " FOR CHANNEL ''" : '';
  return { words, texts: {}, sql: `CHANGE REPLICATION FILTER ${kind} = (${list})${of}` };
}

function listOf(kind: string, rule: string): string | undefined {
  const [, wild, of = ''] = /^REPLICATE_(WILD_)?(?:DO|IGNORE)_(DB|TABLE)$/.exec(kind) ?? [];
  const [one, sql] = rules[wild ? 'WILD' : of] ?? [];
  const parts = rule.split(',');
  return one && sql && parts.every((part) => one.test(part)) ? parts.map(sql).join(', ') : undefined;
}

/** `(a,b),(c,d)` */
function pairs(rule: string): string | undefined {
  const pair = `\\((${name}),(${name})\\)`;
  if (!new RegExp(`^${pair}(,${pair})*$`).test(rule)) return undefined;
  return rule.replaceAll(new RegExp(pair, 'g'), (_, from: string, to: string) => `(${quoted(from)}, ${quoted(to)})`);
}

interface Filtered {
  readonly filters: readonly Filter[];
  readonly further: readonly KeptChannel[];
}

/** MySQL's filters as statements without values in braces. */
export function filterStatements({ filters, further }: Filtered): string[] {
  const own = filters.flatMap((one) => ('sql' in one && Object.keys(one.texts).length === 0 ? one.sql : []));
  const others = further.flatMap(({ name: channel, mark, filters: all }) =>
    all.flatMap((one) => ('sql' in one ? one.sql.replace(`{channel${mark}}`, () => sqlText(channel)) : [])),
  );
  return [...own, ...others];
}

/** A string for sql_mode ''. */
const sqlText = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Variables of the server, set by hand or in its option files: to set them again changes nothing. */
function mariadbFilters(status: Row): Filter[] {
  const columns = ['Do_DB', 'Ignore_DB', 'Do_Table', 'Ignore_Table', 'Wild_Do_Table', 'Wild_Ignore_Table'];
  return columns.flatMap((column): Filter[] => {
    const value = status.get(`Replicate_${column}`) ?? '';
    if (value === '') return [];
    const variable = `replicate_${column.toLowerCase()}`;
    const text = variable.replaceAll('_', '');
    return [
      { words: `filter ${variable} ${value}`, texts: { [text]: value }, sql: `SET GLOBAL ${variable} = {${text}}` },
    ];
  });
}
