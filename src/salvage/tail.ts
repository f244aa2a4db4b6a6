// The transactions of a host's logs: the output of salvage-look.sh -> a Tail. Pure.
//
// This room has a salvage: transactions that one replica received, applied to another. What a log tells (tail.ts), what has to be so for a job
// (checks.ts), the plan of the job, and its steps, one a file.

import { cleanLine } from '../text/clean.ts';
import { shownStatement } from '../text/statement.ts';

/** The gravest that a transaction does. `other`: a statement that is none of the rest. */
export type TransactionKind = 'empty' | 'rows' | 'statement' | 'ddl' | 'account' | 'other';

export interface Transaction {
  /** Empty: it has none. */
  readonly gtid: string;
  readonly kind: TransactionKind;
  /** Milliseconds since 1970, by the clock of the server that wrote it. */
  readonly timeMs: number;
  readonly bytes: number;
  readonly events: number;
  /** Statements that are logged as text. */
  readonly statements: number;
  /** Rows that are logged as rows. */
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly databases: readonly string[];
  /** The first three; then `+2`. */
  readonly tables: readonly string[];
  /** Its first statement of its kind, clean and cut; empty: it has none. Passwords are left out. */
  readonly text: string;
  /** The log, and its first byte there. */
  readonly log: number;
  readonly at: number;
}

export interface LogFile {
  readonly path: string;
  /** When it was opened: a log of a running server grows. */
  readonly size: number;
  /** Parts that hold all whole transactions, with the descriptions of their format, in order. */
  readonly parts: readonly Part[];
}

export interface Part {
  readonly at: number;
  /** The first byte after it. */
  readonly end: number;
}

export interface Tail {
  readonly logs: readonly LogFile[];
  /** The first ones, and of the rest those that are not rows alone. */
  readonly transactions: readonly Transaction[];
  /** Of all. */
  readonly count: number;
  readonly bytes: number;
  /** Transactions that are not rows alone, and are not in `transactions`. */
  readonly untold: number;
  /** All of them: `uuid:1-5,uuid:7`; of MariaDB `0-14-51..125`. */
  readonly runs: readonly Run[];
  /** GTIDs of transactions without their end; `-`: without GTID. */
  readonly unfinished: readonly string[];
  /** Those at the end of a log that is not the last of its channel: the rest may be in the next one, and is not read. */
  readonly split: readonly string[];
  /** What a statement could hide itself with. Clean. */
  readonly odd: readonly string[];
  /** How many are compressed. */
  readonly packed: number;
  /** Why a log could not be read to its end; by its number. */
  readonly torn: ReadonlyMap<number, string>;
}

/** Numbers of one source: `name` is `uuid` or `uuid:tag`, of MariaDB `domain-server`. */
export interface Run {
  readonly name: string;
  readonly first: bigint;
  readonly last: bigint;
  /** The log; -1: those that a job brought are not told apart. */
  readonly log: number;
}

const kinds: readonly string[] = ['empty', 'rows', 'statement', 'ddl', 'account', 'other'] satisfies TransactionKind[];
const whole = (text: string | undefined) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined);

/** undefined: it is no whole answer, or has a line that the script does not print. */
export function readTail(text: string): Tail | undefined {
  const lines = text.split('\n');
  if (lines.at(-1) !== '' || lines.at(-2) !== 'end') return undefined;
  const reading = new Reading();
  return lines.slice(0, -2).every((line) => reading.take(line.split('\t'))) ? reading.tail() : undefined;
}

const gtidForm =
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:[a-z_][a-z0-9_]{0,31})?:\d{1,19}|\d{1,10}-\d{1,10}-\d{1,20})$/i;
const runForm = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:[a-z_][a-z0-9_]{0,31})?|\d{1,10}-\d{1,10})$/i;

class Reading {
  private readonly files: { path: string; size: number; parts: Part[] }[] = [];
  private readonly transactions: Transaction[] = [];
  private readonly runs: Run[] = [];
  private readonly ends: { readonly log: number; readonly gtid: string }[] = [];
  private readonly odd: string[] = [];
  private readonly torn = new Map<number, string>();
  private count = 0;
  private bytes = 0;
  private untold = 0;
  private packed = 0;

  /** Whether the line is one of the script's. */
  take([word, ...rest]: readonly string[]): boolean {
    switch (word) {
      case 'log':
        return this.takeLog(rest);
      case 'range':
        return this.takePart(rest);
      case 'tx':
        return this.takeTransaction(rest);
      case 'run':
        return this.takeRun(rest);
      case 'count':
        return this.takeCount(rest);
      case 'part':
        this.ends.push({ log: whole(rest[0]) ?? -1, gtid: cleanLine(rest[2] ?? '') });
        return rest.length === 3;
      case 'odd':
        this.odd.push(
          `${shownStatement(cleanLine(rest[2] ?? ''))}, at ${this.nameOf(rest[0])}:${cleanLine(rest[1] ?? '')}`,
        );
        return rest.length === 3;
      case 'packed':
        this.packed++;
        return rest.length === 2;
      case 'torn':
      case 'said': {
        const at = whole(rest[0]);
        // What the program said explains more than how it ended; alone it is no error.
        if (at !== undefined && (word === 'torn' || this.torn.has(at))) this.torn.set(at, cleanLine(rest[1] ?? ''));
        return at !== undefined;
      }
      default:
        return false;
    }
  }

  private nameOf(number: string | undefined): string {
    return cleanLine(this.files[whole(number) ?? -1]?.path.split('/').at(-1) ?? 'its log');
  }

  private takeLog([number, size, path]: readonly string[]): boolean {
    const bytes = whole(size);
    if (whole(number) !== this.files.length || bytes === undefined || !path?.startsWith('/')) return false;
    this.files.push({ path, size: bytes, parts: [] });
    return true;
  }

  private takePart([number, from, to]: readonly string[]): boolean {
    const [at, end] = [whole(from), whole(to)];
    // The logs that a job brought are not named.
    const file = this.files[whole(number) ?? -1];
    if (at === undefined || end === undefined || end <= at) return false;
    file?.parts.push({ at, end });
    return true;
  }

  private takeRun([name = '', first, last]: readonly string[]): boolean {
    if (whole(first) === undefined || whole(last) === undefined) return false;
    this.runs.push({
      name: name.toLowerCase(),
      first: BigInt(first ?? 0),
      last: BigInt(last ?? 0),
      log: this.files.length - 1,
    });
    return runForm.test(name);
  }

  private takeCount([count, bytes, untold]: readonly string[]): boolean {
    const [more, moreBytes, moreUntold] = [whole(count), whole(bytes), whole(untold)];
    if (more === undefined || moreBytes === undefined || moreUntold === undefined) return false;
    this.count += more;
    this.bytes += moreBytes;
    this.untold += moreUntold;
    return true;
  }

  private takeTransaction(words: readonly string[]): boolean {
    const [log, at, end, gtid = '', seconds, events, kind = '', statements, inserted, updated, deleted, ...texts] =
      words;
    const [databases = '', tables = '', text = ''] = texts.map(cleanLine);
    const numbers = [log, at, end, seconds, events, statements, inserted, updated, deleted].map(whole);
    if (words.length !== 14 || numbers.includes(undefined) || !kinds.includes(kind)) return false;
    const isNamed = gtidForm.test(gtid);
    if (!isNamed && gtid !== '-' && gtid !== 'ANONYMOUS') return false;
    const [inLog = 0, from = 0, to = 0, time = 0, eventCount = 0, said = 0, ins = 0, upd = 0, del = 0] = numbers;
    if (to <= from) return false;
    this.transactions.push({
      gtid: isNamed ? gtid.toLowerCase() : '',
      kind: kind as TransactionKind,
      timeMs: time * 1000,
      bytes: to - from,
      events: eventCount,
      statements: said,
      inserted: ins,
      updated: upd,
      deleted: del,
      databases: listOf(databases),
      tables: listOf(tables),
      text: text === '-' ? '' : text.startsWith('rows of ') ? text : shownStatement(text),
      log: inLog,
      at: from,
    });
    return true;
  }

  /** Whether its channel has a log after it. */
  private hasFurther(log: number): boolean {
    const stemOf = (path: string | undefined) => path?.replace(/\.\d+$/, '');
    const stem = stemOf(this.files[log]?.path);
    return stem !== undefined && this.files.slice(log + 1).some(({ path }) => stemOf(path) === stem);
  }

  tail(): Tail {
    const { transactions, count, bytes, untold, runs, odd, packed, torn } = this;
    const isSplit = (one: { log: number; gtid: string }) => this.hasFurther(one.log) && !hasCome(one.gtid, runs);
    const split = this.ends.filter(isSplit).map(({ gtid }) => gtid);
    const unfinished = this.ends.filter((one) => !isSplit(one)).map(({ gtid }) => gtid);
    const logs = this.files.map((file) => ({ ...file, parts: joined(file.parts) }));
    return { logs, transactions, count, bytes, untold, runs, unfinished, split, odd, packed, torn };
  }
}

/** A source that was reached again sends a transaction anew that was cut off. */
function hasCome(gtid: string, runs: readonly Run[]): boolean {
  const [, name = '', number = ''] = /^(.*)[:-](\d+)$/.exec(gtid.toLowerCase()) ?? [];
  return (
    number !== '' && runs.some((run) => run.name === name && run.first <= BigInt(number) && BigInt(number) <= run.last)
  );
}

const listOf = (text: string): readonly string[] => (text === '-' ? [] : text.split(','));

/** Sorted, without those that touch or come twice. */
function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts.toSorted((one, other) => one.at - other.at)) {
    const before = result.at(-1);
    if (before && part.at <= before.end)
      result[result.length - 1] = { at: before.at, end: Math.max(before.end, part.end) };
    else result.push(part);
  }
  return result;
}
