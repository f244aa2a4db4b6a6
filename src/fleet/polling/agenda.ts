// Which parts a host is asked for next.
import { type HostReport, type ReportPart, reportParts } from '../../host/facts.ts';
import { askEveryMs, cheapParts } from './cadence.ts';

/** A fleet in trouble must not run du on all hosts at once, in the minute in which the console opens. */
const sizeAfterMs = { least: 30_000, spread: 60_000 } as const;

const allButSize = reportParts.filter((part) => part !== 'datadirSize');

export interface AgendaOptions {
  readonly nowMs: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly intervalMs: number;
}

export class Agenda {
  readonly #intervalMs: number;
  readonly #sizeFromMs: number;
  #askedAtMs = new Map<ReportPart, number>();
  #wanted = new Set<ReportPart>();
  #serverSpeaks = false;

  constructor({ nowMs, random, intervalMs }: AgendaOptions) {
    this.#intervalMs = intervalMs;
    this.#sizeFromMs = nowMs() + sizeAfterMs.least + random() * sizeAfterMs.spread;
  }

  /** Whether the next request is sent at once: the operator asked for it, or some parts were never asked for. */
  get isUrgent(): boolean {
    return this.#wanted.size > 0 || allButSize.some((part) => !this.#askedAtMs.has(part));
  }

  /** A new session asks for everything again, except the costly size of the datadir. */
  begin(): void {
    const sizeAtMs = this.#askedAtMs.get('datadirSize');
    this.#askedAtMs = new Map(sizeAtMs === undefined ? [] : [['datadirSize', sizeAtMs]]);
  }

  /** Adds these parts to the next request, due or not. Left out: all but the size of the datadir. */
  want(parts: readonly ReportPart[] = allButSize): void {
    for (const part of parts) this.#wanted.add(part);
  }

  heard({ server }: HostReport): void {
    if (server) this.#serverSpeaks = server.ok;
  }

  /** The parts of the request that is sent now. The first request has only the parts that rows of a screen show. */
  take(nowMs: number): ReportPart[] {
    const isFirst = !cheapParts.some((part) => this.#askedAtMs.has(part));
    const parts = isFirst
      ? [...cheapParts]
      : reportParts.filter((part) => this.#wanted.has(part) || this.#isDue(part, nowMs));
    for (const part of parts) {
      this.#askedAtMs.set(part, nowMs);
      this.#wanted.delete(part);
    }
    return parts;
  }

  #isDue(part: ReportPart, nowMs: number): boolean {
    if (part === 'datadirSize' && nowMs < this.#sizeFromMs) return false;
    const last = this.#askedAtMs.get(part);
    // Polls come with jitter: one that is a little early must not leave a due part to the next.
    const earlyMs = this.#intervalMs / 2;
    return last === undefined || nowMs - last >= askEveryMs(part, this.#intervalMs, this.#serverSpeaks) - earlyMs;
  }
}
