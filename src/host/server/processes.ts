// The sessions and open transactions of a server: the output of processes.sh -> ProcessList. Pure.
import { shownStatement } from '../../text/statement.ts';
import type { Known } from '../facts.ts';
import { known, present, unknown, wholeNumber } from '../known.ts';
import { type Answer, type Row, readAnswers } from './batch.ts';

/** A session of a client, or a thread of the server's own. All text is clean and one line. */
export interface ServerSession {
  /** Absent: a transaction without a session, as one that was prepared (XA) and left. */
  readonly id?: number;
  readonly user: string;
  /** With its port where the server tells it; empty: a thread of the server. */
  readonly host: string;
  readonly db?: string;
  /** `Query`, `Sleep`, `Binlog Dump`; empty: no session. */
  readonly command: string;
  /** For how long it has been in that state. Absent: unknown, as of one that logs in. */
  readonly seconds?: number;
  readonly state: string;
  /** Its beginning, without secrets. Absent: it runs none. */
  readonly statement?: string;
  /** How many letters the whole statement has. */
  readonly letters?: number;
  readonly transaction?: OpenTransaction;
  /** It sleeps, or is a thread of the server's own that waits for work; and it has no transaction. */
  readonly idle: boolean;
}

export interface OpenTransaction {
  /** Absent: it has none yet, since it has changed nothing (MariaDB). */
  readonly id?: string;
  readonly state: string;
  /** Since it began. */
  readonly seconds?: number;
  /** For how long it has waited for a lock. Absent: it waits for none. */
  readonly waitsSeconds?: number;
  readonly rowsLocked?: number;
  readonly rowsModified?: number;
}

export interface ProcessList {
  /** Idle ones come last; of the others first the one whose statement or transaction is the oldest. Ours is not among them. */
  readonly sessions: readonly ServerSession[];
  /** How many sessions the server has; more than `sessions` if not all came. */
  readonly count: number;
  readonly asleep: number;
  /** The oldest first. */
  readonly transactions: Known<readonly OpenTransaction[]>;
}

export function readProcesses(text: string): Known<ProcessList> {
  const answers = readAnswers(text);
  const sessions = answers.get('sessions');
  const counts = answers.get('counts')?.rows[0];
  if (!sessions || !counts) return unknown(refusalIn(text, answers));
  if (sessions.error !== undefined) return unknown(sessions.error);
  const transactions = transactionsIn(answers.get('transactions'));
  const ofSession = new Map(transactions.ok ? transactions.value : []);
  const listed = sessions.rows.map((row) => sessionOf(row, ofSession));
  const told = new Set(listed.map(({ id }) => id));
  const without = [...ofSession].flatMap(([id, transaction]) => (told.has(id) ? [] : [withoutSession(transaction)]));
  return known({
    sessions: [...listed, ...without].toSorted(byAge),
    count: wholeNumber(counts.get('sessions')) ?? listed.length,
    asleep: wholeNumber(counts.get('asleep')) ?? 0,
    transactions: transactions.ok ? known(transactions.value.map(([, one]) => one)) : transactions,
  });
}

/** An answer that is not there was never asked: the client ended before. Its last words tell why. */
function refusalIn(text: string, answers: ReadonlyMap<string, Answer>): string {
  const refused = [...answers.values()].find(({ error }) => error !== undefined)?.error;
  return refused ?? text.split('\n').findLast((line) => line.startsWith('ERROR')) ?? 'the server gave no whole answer';
}

/** By the number of the session; 0: of none. */
type Owned = readonly [session: number, transaction: OpenTransaction];

function transactionsIn(answer: Answer | undefined): Known<readonly Owned[]> {
  if (!answer) return unknown('the server gave no whole answer');
  if (answer.error !== undefined) return unknown(answer.error);
  return known(
    answer.rows.map((row) => {
      const id = row.get('id') ?? '0';
      const transaction: OpenTransaction = {
        ...(id !== '0' && { id }),
        state: row.get('state') ?? '',
        ...present('seconds', wholeNumber(row.get('seconds'))),
        ...present('waitsSeconds', wholeNumber(row.get('waits'))),
        ...present('rowsLocked', wholeNumber(row.get('locked'))),
        ...present('rowsModified', wholeNumber(row.get('modified'))),
      };
      return [wholeNumber(row.get('session')) ?? 0, transaction];
    }),
  );
}

function sessionOf(row: Row, transactions: ReadonlyMap<number, OpenTransaction>): ServerSession {
  const id = wholeNumber(row.get('id'));
  const transaction = id === undefined ? undefined : transactions.get(id);
  const [user, command] = [row.get('user') ?? '', row.get('command') ?? ''];
  const statement = row.get('statement');
  return {
    ...present('id', id),
    user,
    host: row.get('host') ?? '',
    ...present('db', row.get('db')),
    command,
    ...present('seconds', wholeNumber(row.get('seconds'))),
    state: row.get('state') ?? '',
    ...present('statement', statement === undefined ? undefined : shownStatement(statement).trim()),
    ...present('letters', wholeNumber(row.get('letters'))),
    ...present('transaction', transaction),
    idle: transaction === undefined && (command === 'Sleep' || (statement === undefined && isOwn(user, command))),
  };
}

/** Threads of replication and of the server: they are there for as long as it runs. */
const isOwn = (user: string, command: string): boolean =>
  user === 'system user' || command === 'Daemon' || command.startsWith('Binlog Dump');

const withoutSession = (transaction: OpenTransaction): ServerSession => ({
  user: '',
  host: '',
  command: '',
  state: 'no session',
  transaction,
  idle: false,
});

/** Of a session that sleeps in a transaction only the transaction counts. */
export const busySeconds = ({ command, seconds = 0, transaction }: ServerSession): number =>
  Math.max(command === 'Sleep' ? 0 : seconds, transaction?.seconds ?? 0);

const byAge = (one: ServerSession, other: ServerSession): number =>
  Number(one.idle) - Number(other.idle) || busySeconds(other) - busySeconds(one);
