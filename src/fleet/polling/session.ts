// One life of the probe on a host: a channel that stays open, requests out, reports in, one at a time.
import { randomBytes } from 'node:crypto';
import type { HostReport, ReportPart } from '../../host/facts.ts';
import { probeArguments, reportReader, reportRequest } from '../../host/probe.ts';
import { askingWords } from '../../host/server/commands.ts';
import type { Host } from '../../inventory/settings.ts';
import { type Deadline, deadlineIn } from '../../remote/deadline.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import type { Remote, RemoteStream } from '../../remote/remote.ts';

/** A healthy host answers in under a second; one under heavy load takes longer. */
const silentAfterMs = 15_000;

/** The connection lives (ssh's keepalive sees a dead one in 18 s), but the probe hangs. A new session may do better. */
const hungAfterMs = 90_000;

export interface SessionEvents {
  /** The probe runs and can take a request. */
  readonly onReady: () => void;
  readonly onReport: (report: HostReport) => void;
  /** The request of that time has no answer yet. The answer may still come. */
  readonly onSilent: (askedAtMs: number) => void;
}

export class Session {
  readonly #host: Host;
  readonly #events: SessionEvents;
  readonly #nowMs: () => number;
  #stream: RemoteStream | undefined;
  #asked: { readonly id: number; readonly deadlines: readonly Deadline[] } | undefined;
  #lastId = 0;
  #hung = false;

  constructor(host: Host, events: SessionEvents, nowMs: () => number) {
    this.#host = host;
    this.#events = events;
    this.#nowMs = nowMs;
  }

  /** Whether the probe runs and has answered every request. */
  get isFree(): boolean {
    return this.#stream !== undefined && this.#asked === undefined;
  }

  /** Whether a request has no answer yet. */
  get isAsked(): boolean {
    return this.#asked !== undefined;
  }

  /** Resolves when the probe has ended, with the reason. */
  async run(remote: Remote, script: string): Promise<RemoteFailure> {
    const sentinel = randomBytes(16).toString('hex');
    const read = reportReader(sentinel, (id, report) => this.#answered(id, report));
    const stream = await remote.stream(script, probeArguments(sentinel, this.#host.mysql, askingWords(this.#host)), {
      onStdout: read,
      label: 'probe',
    });
    if (!stream.ok) return stream;
    this.#stream = stream;
    this.#events.onReady();
    const end = await stream.ended;
    this.#stream = undefined;
    this.#settle();
    if (this.#hung) return hungFailure(this.#host.name);
    return end.ok ? endedFailure(this.#host.name, end.stderr) : end;
  }

  /** Does nothing while a request has no answer: requests must not pile up on a slow host. */
  ask(parts: readonly ReportPart[]): void {
    if (!this.#stream || this.#asked || parts.length === 0) return;
    const atMs = this.#nowMs();
    const silent = deadlineIn(silentAfterMs, () => this.#events.onSilent(atMs));
    const hung = deadlineIn(hungAfterMs, () => {
      this.#hung = true;
      this.#stream?.stop();
    });
    this.#asked = { id: ++this.#lastId, deadlines: [silent, hung] };
    this.#stream.write(reportRequest(this.#lastId, parts));
  }

  #answered(id: number, report: HostReport): void {
    if (id !== this.#asked?.id) return;
    this.#settle();
    this.#events.onReport(report);
  }

  #settle(): void {
    for (const deadline of this.#asked?.deadlines ?? []) deadline.cancel();
    this.#asked = undefined;
  }
}

const aboutProbe = { ok: false, command: 'probe' } as const;

function hungFailure(host: string): RemoteFailure {
  const message = `${host} is connected, and its probe has not answered for ${hungAfterMs / 1000} s`;
  const advice = 'look there for what hangs: a file system, a lock of LVM, a server that takes no login';
  return { ...aboutProbe, kind: 'timeout', deadlineMs: hungAfterMs, host, message, advice, printed: '' };
}

/** The probe ends by itself only when its standard input ends, and we hold that open. */
function endedFailure(host: string, stderr: string): RemoteFailure {
  const message = `the probe on ${host} ended by itself`;
  return {
    ...aboutProbe,
    kind: 'exit',
    code: 0,
    stdout: '',
    stderr,
    host,
    message,
    advice: '',
    printed: stderr.slice(-4096),
  };
}
