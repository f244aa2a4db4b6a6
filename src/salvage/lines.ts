// A tail as lines for people: the verb, the plan and the console show the same. Pure.
import type { Vendor } from '../host/facts.ts';
import { shortSize } from '../text/amounts.ts';
import { dayText } from '../text/times.ts';
import type { Tail, Transaction, TransactionKind } from './tail.ts';

const kindWords: Readonly<Record<TransactionKind, string>> = {
  empty: 'empty',
  rows: 'rows',
  statement: 'statement',
  ddl: 'DDL',
  account: 'ACCOUNT',
  other: 'OTHER',
};

/** Statements that are applied with all rights, and are no data alone. */
const isGrave = ({ kind }: Transaction): boolean => kind === 'ddl' || kind === 'account' || kind === 'other';

/** `150b088a…:47`; of MariaDB the whole. */
export const shortGtid = (gtid: string): string =>
  gtid === '' ? 'no GTID' : gtid.replace(/^([0-9a-f]{8})-[0-9a-f-]{27}:/, '$1…:');

/** `+2 ~1 -1 drill.ledger, shop.orders` */
function rowsText({ inserted, updated, deleted, tables }: Transaction): string {
  const counts = [inserted && `+${inserted}`, updated && `~${updated}`, deleted && `-${deleted}`].filter(Boolean);
  return counts.length === 0 ? '' : [counts.join(' '), tables.join(', ')].join(' ');
}

/** Rows, then statements: a transaction may have both. */
export function whatText(one: Transaction): string {
  const more = one.statements > 1 ? ` (and ${one.statements - 1} more statements)` : '';
  const database = one.databases.length > 0 && one.text !== '' ? `${one.databases.join(', ')}: ` : '';
  return [rowsText(one), one.text && `${database}${one.text}${more}`].filter(Boolean).join('; ') || 'nothing';
}

export const transactionHeader = ['time', 'gtid', 'kind', 'size', 'what'] as const;

export const transactionCells = (one: Transaction): string[] => [
  dayText(new Date(one.timeMs)),
  shortGtid(one.gtid),
  kindWords[one.kind],
  shortSize(one.bytes),
  whatText(one),
];

export const graveOf = ({ transactions }: Pick<Tail, 'transactions'>) => transactions.filter(isGrave);

interface Shown {
  readonly shown: readonly Transaction[];
  /** How many are not shown. */
  readonly hidden: number;
}

/** The first ones, and all that are grave. */
export function shownOf({ transactions, count }: Tail, max: number): Shown {
  const shown = transactions.filter((one, at) => at < max || isGrave(one));
  return { shown, hidden: count - shown.length };
}

export const countText = (count: number): string => `${count} transaction${count === 1 ? '' : 's'}`;

/** What a reader of the tail has to know of it, a sentence each. */
export function tailWarnings(tail: Tail): string[] {
  const { unfinished, split, odd, torn, untold, logs } = tail;
  const name = (at: number) => logs[at]?.path.split('/').at(-1) ?? 'a log';
  return [
    ...unfinished.map((gtid) => `${gtid === '-' ? 'a transaction' : gtid} has no end in the log: it is left out`),
    ...split.map(
      (gtid) =>
        `${gtid === '-' ? 'a transaction' : gtid} begins at the end of a log, and its channel has a further one: it may lie in both, which is not read. It is left out; get it from its source, or seed`,
    ),
    ...[...torn].map(([at, why]) => `${name(at)} can not be read to its end: ${why}`),
    ...odd.map((why) => `a statement may hide others: ${why}`),
    ...(untold > 0 ? [`${countText(untold)} more that are not rows alone are not listed`] : []),
  ];
}

const maxNamed = 5;

/** Transactions without any change: their rows may have been left out. */
export function emptyWarnings({ transactions }: Pick<Tail, 'transactions'>): string[] {
  const empty = transactions.filter(({ kind }) => kind === 'empty').map(({ gtid }) => shortGtid(gtid));
  if (empty.length === 0) return [];
  const named = [...empty.slice(0, maxNamed), ...(empty.length > maxNamed ? ['...'] : [])].join(', ');
  return [
    `${countText(empty.length)} without any change: ${named}; a filter, or a server that wrote them so, may have left rows out`,
  ];
}

/** `gap`: of the host that has these logs. */
export function gapText(log: 'relay' | 'binlog', vendor: Vendor, gap: string): string {
  const many = vendor === 'mariadb' ? 'or the numbers of its domain have a gap' : 'they were purged';
  return `its ${log === 'relay' ? 'relay' : 'binary'} logs do not have ${gap}, which it received: ${many}`;
}

export const unsureWhy = (behind: string): string =>
  `${behind} has later numbers of their domain, and does not tell whether it has those of their server`;
