// The sessions of a server as a list: its columns, and one session in full. Pure.
import { oldAfterMs, type ProcessesView } from '../../../src/fleet/processes/watch.ts';
import { maxLetters, secondsText, transactionsText } from '../../../src/fleet/processes/words.ts';
import { busySeconds, type OpenTransaction, type ServerSession } from '../../../src/host/server/processes.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import { type Look, type Span, signsOf, type Tone } from '../../base/theme.ts';
import { truncateSpans } from '../../base/width.ts';
import { filterOf } from '../../filter.ts';
import { block } from '../../overlays/plan-proposal.ts';
import { joined, span } from '../../panes/fields.ts';
import type { ListColumn } from '../list/layout.ts';

export interface SessionRow {
  readonly id: string;
  readonly session: ServerSession;
}

export interface Shown {
  readonly view: ProcessesView;
  /** Also those that are idle. */
  readonly all: boolean;
  readonly filter: string;
}

export function sessionRows({ view, all, filter }: Shown): readonly SessionRow[] {
  const passes = filterOf(filter);
  return (view.list?.sessions ?? [])
    .filter(({ idle }) => all || !idle)
    .map((session): SessionRow => ({ id: idOf(session), session }))
    .filter(({ session }) => passes(() => textOf(session)));
}

const idOf = ({ id, transaction }: ServerSession): string => (id === undefined ? `trx ${transaction?.id}` : String(id));

const textOf = ({ id, user, host, db, command, state, statement, transaction }: ServerSession): string =>
  [id, user, host, db, command, state, statement, transaction && 'transaction'].join('\n');

/** From then on a statement or a transaction holds others up: purge, locks, and snapshots that wait for it. */
const longSeconds = 60;

const toneOf = (seconds: number | undefined): Tone => ((seconds ?? 0) >= longSeconds ? 'warning' : 'plain');

export function sessionColumns(look: Look): readonly ListColumn<SessionRow>[] {
  const { none } = signsOf(look);
  const words = (text: string | undefined) => [span(text || none)];
  const ofTransaction =
    (cell: (transaction: OpenTransaction) => Span) =>
    ({ session: { transaction } }: SessionRow) => [transaction ? cell(transaction) : span(none, 'dim')];
  const count = (rows: number | undefined) => (rows === undefined ? '?' : String(rows));
  return [
    {
      name: 'id',
      title: 'ID',
      worth: 90,
      align: 'right',
      cell: ({ session: { id } }) => words(id === undefined ? '' : String(id)),
    },
    {
      name: 'user',
      title: 'USER',
      worth: 85,
      cuts: { least: 6, worth: 35 },
      cell: ({ session }) => words(session.user),
    },
    {
      name: 'host',
      title: 'HOST',
      worth: 60,
      cuts: { least: 8, worth: 32 },
      cell: ({ session }) => words(session.host),
    },
    { name: 'db', title: 'DB', worth: 70, cuts: { least: 6, worth: 34 }, cell: ({ session }) => words(session.db) },
    { name: 'command', title: 'COMMAND', worth: 40, cell: ({ session }) => words(session.command) },
    {
      name: 'time',
      title: 'TIME',
      worth: 99,
      align: 'right',
      cell: ({ session }) => [span(secondsText(session.seconds), session.idle ? 'dim' : toneOf(busySeconds(session)))],
    },
    {
      name: 'transaction',
      title: 'TRX',
      worth: 98,
      align: 'right',
      cell: ofTransaction(({ seconds }) => span(secondsText(seconds), toneOf(seconds))),
    },
    {
      name: 'locked',
      title: 'LOCKED',
      worth: 50,
      align: 'right',
      cell: ofTransaction(({ rowsLocked }) => span(count(rowsLocked))),
    },
    {
      name: 'changed',
      title: 'CHANGED',
      worth: 55,
      align: 'right',
      cell: ofTransaction(({ rowsModified }) => span(count(rowsModified))),
    },
    {
      name: 'state',
      title: 'STATE',
      worth: 45,
      cuts: { least: 8, worth: 31 },
      cell: ({ session }) => [stateSpan(session, none)],
    },
    {
      name: 'statement',
      title: 'STATEMENT',
      worth: 97,
      cuts: { least: 20, worth: 33 },
      cell: ({ session: { statement, state, command } }) =>
        statement === undefined ? [span(state || command || none, 'dim')] : [span(statement)],
    },
  ];
}

/** Without a statement the state is in the place of that. */
function stateSpan({ state, statement, transaction }: ServerSession, none: string): Span {
  const waits = transaction?.waitsSeconds;
  return waits === undefined
    ? span((statement !== undefined && state) || none)
    : span(`waits for a lock ${secondsText(waits)}`, 'warning');
}

/** `12 sessions · 3 asleep · 1 open transaction, the oldest 19 s · 8 idle hidden`. */
export function sessionsSummary(
  host: string,
  { view, all }: Pick<Shown, 'view' | 'all'>,
  { nowMs, look, width }: { readonly nowMs: number; readonly look: Look; readonly width: number },
): readonly Span[] {
  const { list, atMs, failure } = view;
  const { ellipsis, bad } = signsOf(look);
  const age = atMs === undefined ? undefined : nowMs - atMs;
  const isOld = age !== undefined && age > oldAfterMs;
  const idleCount = list?.sessions.filter(({ idle }) => idle).length ?? 0;
  const words = list
    ? joined(
        look,
        `${list.count} sessions`,
        `${list.asleep} asleep`,
        transactionsText(list.transactions),
        idleCount > 0 && (all ? `${idleCount} idle` : `${idleCount} idle hidden`),
        list.count > list.sessions.length && `the first ${list.sessions.length}`,
      )
    : failure
      ? ''
      : 'asking';
  const old = isOld ? [span(`${shortDuration(age)} old  `, 'warning')] : [];
  // Why nothing newer came is worth more than what came long ago.
  const why = failure ? [span(`${bad} ${failure.message}  `, 'bad')] : [];
  const line = [span(` sessions of ${host}  `, 'strong'), ...old, ...why, span(words, isOld ? 'dim' : 'plain')];
  return truncateSpans(line, width, ellipsis);
}

export function sessionDetails({ session }: SessionRow, height: number, width: number, look: Look) {
  const { id, user, host, db, state, statement, letters, transaction } = session;
  const sign = signsOf(look);
  const head = joined(
    look,
    id === undefined ? 'a transaction without a session' : `session ${id}`,
    user !== '' && (host === '' ? user : `${user} from ${host}`),
    db !== undefined && `in ${db}`,
    state,
  );
  const rest = letters !== undefined && letters > maxLetters ? ` ${sign.ellipsis} (${letters} letters)` : '';
  const lines = [
    truncateSpans([span(` ${sign.rule.repeat(2)} `, 'dim'), span(head, 'strong')], width, sign.ellipsis),
    ...(transaction ? block('   ', transactionText(transaction, look), toneOf(transaction.seconds), width) : []),
    ...block('   ', statement === undefined ? 'no statement runs' : `${statement}${rest}`, 'plain', width),
  ];
  return lines.slice(0, height);
}

const transactionText = (
  { id, state, seconds, waitsSeconds, rowsLocked, rowsModified }: OpenTransaction,
  look: Look,
): string =>
  joined(
    look,
    `transaction ${id ?? 'that has changed nothing'}`,
    state.toLowerCase(),
    `open for ${secondsText(seconds)}`,
    `${rowsLocked ?? '?'} rows locked`,
    `${rowsModified ?? '?'} rows changed`,
    waitsSeconds !== undefined && `waits for a lock for ${secondsText(waitsSeconds)}`,
  );
