// What the host sent -> entries to show, and what the script reported about the log: its path, or that there is none.
import { logLineOf } from '../../host/log/log-lines.ts';
import type { LogFinder, LogSignal, NoLog } from '../../host/log/log-stream.ts';
import { refused, type Trouble } from '../../remote/failure.ts';
import type { Held } from './intake.ts';
import { overlap } from './overlap.ts';
import { eventEntry, gapEntry, type LogEntry, skippedEntry } from './view.ts';

/** How many last lines to ask for after a lost connection, when the file has changed. */
export const againLines = 500;

interface Found {
  readonly path?: string;
  readonly foundBy?: LogFinder;
  readonly utcOffsetSeconds?: number;
}

export class LogTelling {
  readonly #host: string;
  readonly #overlap = overlap();
  #found: Found = {};
  #noLog: Trouble | undefined;
  #following = false;
  /** Whether the log is opened again, so that its last lines come again. If the file changed, an entry says so. */
  #isJournal = false;
  #skippedBytes = 0;

  constructor(host: string) {
    this.#host = host;
  }

  get found(): Found {
    return this.#found;
  }

  /** Why there is nothing to follow. */
  get noLog(): Trouble | undefined {
    return this.#noLog;
  }

  /** Whether a log is followed, even if its file does not exist yet. */
  get following(): boolean {
    return this.#following;
  }

  /** A connection begins. */
  begin(): void {
    this.#following = false;
  }

  /** Bytes that the host skipped since the last call. */
  takeSkippedBytes(): number {
    const bytes = this.#skippedBytes;
    this.#skippedBytes = 0;
    return bytes;
  }

  /** Empty for an item that is not shown. */
  entriesOf(item: Held): readonly LogEntry[] {
    if (item.kind === 'signal') {
      const entry = this.#heard(item.signal);
      return entry ? [entry] : [];
    }
    const line = logLineOf(item.raw, item.torn);
    const judged = this.#overlap.judge(line);
    if (judged === 'old') return [];
    return judged === 'afterGap' && this.#isJournal ? [gapEntry(againLines), line] : [line];
  }

  #heard(signal: LogSignal): LogEntry | undefined {
    switch (signal.kind) {
      case 'path':
        this.#found = { ...this.#found, path: signal.path, foundBy: signal.foundBy };
        return undefined;
      case 'zone':
        this.#found = { ...this.#found, utcOffsetSeconds: signal.utcOffsetSeconds };
        return undefined;
      case 'none':
        this.#noLog = noLogTrouble(this.#host, signal);
        return undefined;
      case 'skipped':
        this.#skippedBytes += signal.bytes;
        return skippedEntry(signal.bytes);
      case 'opened':
        this.#following = true;
        this.#isJournal = signal.as === 'again';
        if (signal.as === 'changed' || signal.as === 'again') this.#overlap.begin(againLines);
        return signal.as === 'start' ? undefined : eventEntry(signal.as);
      default:
        this.#following = true;
        return eventEntry(signal.kind);
    }
  }
}

function noLogTrouble(host: string, { why, because }: { readonly why: NoLog; readonly because: string }): Trouble {
  const message = {
    stderr: `the server on ${host} writes its log to its standard error: the journal has it, or the container's log`,
    journal: `the journal of ${host} has nothing of the server that this account may read`,
    unknown: `where the error log of ${host} is, is unknown: the server does not answer${because === '' ? '' : `; ${because}`}`,
  };
  if (why === 'journal')
    return refused(message[why], 'add the account to the group systemd-journal, or let it use sudo');
  return refused(message[why], 'set mysql.errorLog in the inventory, or log_error in the option file of the server');
}
