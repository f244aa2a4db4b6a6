// The watch over one host: its sessions of the probe, one after the other, when to ask for which part, and when to
// retry.
import type { HostReport, ReportPart } from '../../host/facts.ts';
import type { Host } from '../../inventory/settings.ts';
import { type RetryWait, waitMs } from '../../remote/backoff.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import type { Remote } from '../../remote/remote.ts';
import type { Link } from '../picture.ts';
import type { FleetEvent } from '../store.ts';
import { Agenda } from './agenda.ts';
import { nextTurnMs } from './cadence.ts';
import { Session } from './session.ts';

export interface WatchOptions {
  readonly open: (host: Host) => Remote;
  /** The text of scripts/probe.sh. */
  readonly script: string;
  readonly publish: (event: FleetEvent) => void;
  readonly nowMs: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly intervalMs: number;
  /** This host's place in the interval, in [0, 1). */
  readonly turn: number;
}

/** A host that comes back is on the screen again within half a minute. */
const awayRetry: RetryWait = { firstMs: 1000, maxMs: 20_000, floor: 0.25 };

/** A refused key, login or sudo needs a person, and each try is a line in the host's log. */
const refusedRetry: RetryWait = { firstMs: 60_000, maxMs: 600_000, floor: 0.5 };

const waitsForPerson: ReadonlySet<RemoteFailure['kind']> = new Set(['hostKey', 'auth', 'sudo', 'refused']);

/** Part of the interval. The jitter makes two consoles that were opened by one alarm drift apart. */
const jitter = 0.1;

export class HostWatch {
  readonly #host: Host;
  readonly #options: WatchOptions;
  readonly #agenda: Agenda;
  readonly #over: Promise<void>;
  #session: Session | undefined;
  #remote: Remote | undefined;
  #turn: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;
  /** The pending answer is about the host as it was before it changed. */
  #outdated = false;
  #wakeUp: () => void = () => undefined;

  constructor(host: Host, options: WatchOptions) {
    this.#host = host;
    this.#options = options;
    this.#agenda = new Agenda(options);
    this.#over = this.#watch();
  }

  /** Asks now, or as soon as the pending answer has come. A host that waits for its retry is tried at once. */
  pollNow(parts?: readonly ReportPart[]): void {
    this.#agenda.want(parts);
    if (this.#session) this.#ask();
    else this.#wakeUp();
  }

  /** A job has changed the host. An answer to an earlier request is not published: it would show, as of now, what was before. */
  changed(): void {
    this.#outdated = this.#session?.isAsked === true;
    this.pollNow();
  }

  /** Resolves when nothing of the watch runs any more, here or on the host. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeUp();
    await this.#remote?.close();
    await this.#over;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      const failure = await this.#live();
      if (this.#stopped) return;
      this.#failures++;
      this.#publishLink({ state: 'failed', sinceMs: this.#options.nowMs(), failure });
      const pace = waitsForPerson.has(failure.kind) ? refusedRetry : awayRetry;
      await this.#wait(waitMs(pace, this.#failures, this.#options.random()));
    }
  }

  /**
   * One session, from the connection to its end. It has a new Remote each time: a Remote has a backoff of its own,
   * which would add to ours, and which a forced poll could not cut short.
   */
  async #live(): Promise<RemoteFailure> {
    const { open, script, nowMs } = this.#options;
    const remote = open(this.#host);
    this.#remote = remote;
    this.#agenda.begin();
    this.#session = new Session(
      this.#host,
      {
        onReady: () => this.#ask(),
        onReport: (report) => this.#answered(report),
        onSilent: (sinceMs) => this.#publishLink({ state: 'silent', sinceMs }),
      },
      nowMs,
    );
    const failure = await this.#session.run(remote, script);
    this.#session = undefined;
    this.#outdated = false;
    clearTimeout(this.#turn);
    await remote.close();
    return failure;
  }

  #ask(): void {
    if (!this.#session?.isFree) return;
    clearTimeout(this.#turn);
    this.#session.ask(this.#agenda.take(this.#options.nowMs()));
  }

  #answered(report: HostReport): void {
    this.#failures = 0;
    this.#agenda.heard(report);
    if (!this.#outdated)
      this.#options.publish({ kind: 'report', host: this.#host.name, report, atMs: this.#options.nowMs() });
    this.#outdated = false;
    if (this.#agenda.isUrgent) this.#ask();
    else this.#awaitTurn();
  }

  #awaitTurn(): void {
    const { nowMs, random, intervalMs, turn } = this.#options;
    const now = nowMs();
    const atMs = nextTurnMs(turn, { nowMs: now, intervalMs }) + (random() - 0.5) * jitter * intervalMs;
    this.#turn = setTimeout(() => this.#ask(), Math.max(0, atMs - now));
  }

  #publishLink(link: Link): void {
    this.#options.publish({ kind: 'link', host: this.#host.name, link });
  }

  async #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wakeUp = resolve;
    await promise;
    clearTimeout(timer);
    this.#wakeUp = () => undefined;
  }
}
