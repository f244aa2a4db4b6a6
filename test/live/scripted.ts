// A Remote in memory whose answers a test sets; it has the frame of scripts/probe.sh.
import type { ReportPart } from '../../src/host/facts.ts';
import type { RemoteFailure } from '../../src/remote/failure.ts';
import type { Remote, RemoteStream } from '../../src/remote/remote.ts';

type StreamEnd = Awaited<RemoteStream['ended']>;

export interface Request {
  readonly id: number;
  readonly parts: readonly string[];
  /**
   * Answers with a recorded output (its word is `recorded`), or that of a host of which nothing is known: every part exists, with the reason why it is unknown.
   */
  readonly answer: (recorded?: string) => void;
}

export class ScriptedHost {
  /** Of every session, oldest first. */
  readonly requests: Request[] = [];
  opened = 0;
  closed = 0;
  /** What the next connection comes to. */
  refusal: RemoteFailure | undefined;
  answersAtOnce = true;
  #end: ((end: StreamEnd) => void) | undefined;

  /** The connection is lost, or the probe ends. */
  lose(failure: RemoteFailure): void {
    this.#end?.(failure);
  }

  open(): Remote {
    this.opened++;
    let isOpen = true;
    return {
      host: 'db1',
      transport: 'local',
      exec: () => Promise.reject(new Error('the poller runs nothing but the probe')),
      stream: async (_script, [sentinel = ''], { onStdout }) => {
        if (this.refusal) return this.refusal;
        const ended = Promise.withResolvers<StreamEnd>();
        this.#end = ended.resolve;
        return {
          ok: true,
          write: (line) => this.#asked(String(line), sentinel, onStdout),
          stop: () => ended.resolve(failed('aborted', 'it was stopped')),
          ended: ended.promise,
        };
      },
      close: async () => {
        if (isOpen) this.closed++;
        isOpen = false;
        this.#end?.(failed('aborted', 'it was closed'));
      },
    };
  }

  #asked(line: string, sentinel: string, onStdout: (chunk: Buffer) => void | Promise<void>): void {
    const [id, ...parts] = line.trim().split(' ');
    const begin = `\n${sentinel} begin ${id} ${parts.join(' ')}\n`;
    const end = `\n${sentinel} end ${id}\n`;
    const answer = (recorded = '') => {
      const sections = recorded
        .replace(/\nrecorded (?:begin|end) .*\n/g, '')
        .replaceAll('\nrecorded ', `\n${sentinel} `);
      void onStdout(Buffer.from(`${begin}${sections}${end}`));
    };
    this.requests.push({ id: Number(id), parts, answer });
    if (this.answersAtOnce) queueMicrotask(() => answer());
  }

  partsAsked(): string[] {
    return this.requests.map(({ parts }) => parts.join(' '));
  }
}

export function failed(kind: 'unreachable' | 'aborted' | 'sudo' | 'refused', message: string): RemoteFailure {
  const words = { ok: false, host: 'db1', command: 'probe', message, advice: '', printed: '' } as const;
  return kind === 'unreachable' ? { ...words, kind, lostWhileRunning: true } : { ...words, kind };
}

export const cheap: readonly ReportPart[] = ['system', 'service', 'server', 'replication', 'disk'];
