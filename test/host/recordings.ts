// What the probe printed on the fleet (test/fixtures/record.ts), as the reader takes it.
import { readFileSync } from 'node:fs';
import type { HostReport, Known } from '../../src/host/facts.ts';
import { reportReader } from '../../src/host/probe.ts';

export const sentinel = 'recorded';

export function recorded(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url));
}

/** Every report in `bytes`, handed to the reader in the pieces given, or whole. */
export function reportsIn(...pieces: readonly Buffer[]): HostReport[] {
  const reports: HostReport[] = [];
  const read = reportReader(sentinel, (_, report) => reports.push(report));
  for (const piece of pieces) read(piece);
  return reports;
}

/** The one report of a recording. */
export function reportOf(name: string): Required<HostReport> {
  const [report] = reportsIn(recorded(name));
  if (!report) throw new Error(`${name} holds no report`);
  return report as Required<HostReport>;
}

export function told<T>(fact: Known<T>): T {
  if (!fact.ok) throw new Error(fact.why);
  return fact.value;
}
