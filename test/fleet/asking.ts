// Asks the probe of a host of the fleet, over one real stream, as the poller does.
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { afterEach, expect } from 'vitest';
import type { HostReport, ReportPart } from '../../src/host/facts.ts';
import { reportParts } from '../../src/host/facts.ts';
import { reseedWords, testEnvironment } from './fleet.ts';
import type { ProbeWishes } from './probing.ts';

interface Asking {
  /** The next report, over the same stream as the last. */
  ask(...parts: ReportPart[]): Promise<HostReport>;
  end(): Promise<unknown>;
}
const open: Asking[] = [];

/** Ended with the test that opened it. */
export function probeOf(host: string, requests: ProbeWishes = {}): Asking {
  const [node, script] = reseedWords;
  const words = [script, 'drill', 'exec', '--', node, 'test/fleet/ask-probe.ts', host, JSON.stringify(requests)];
  const child = execa(node, words, { env: testEnvironment, reject: false, stderr: 'inherit' });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const asking: Asking = {
    ask: async (...parts) => {
      child.stdin.write(`${parts.join(' ')}\n`);
      const line = await lines.next();
      if (line.done) throw new Error(`the probe of ${host} ended`);
      return (JSON.parse(line.value) as { report: HostReport }).report;
    },
    end: async () => {
      child.stdin.end();
      return await child;
    },
  };
  open.push(asking);
  return asking;
}

/** To be called once in a test file. */
export function endsItsProbes(): void {
  afterEach(async () => {
    for (const asking of open.splice(0)) await asking.end();
  });
}

export const unknownParts = (report: HostReport) =>
  Object.entries(report).filter(([, part]) => !(part as { ok: boolean }).ok);

export interface Healthy {
  readonly host: string;
  readonly unit: string;
  /** `group/volume` of its datadir. */
  readonly volume: string;
  readonly replicas: readonly string[];
  readonly source: string | undefined;
}

/** Every part is told, and again over the same stream. */
export async function tellsEveryPart({ host, unit, volume, replicas, source }: Healthy): Promise<void> {
  const probe = probeOf(host);
  const first = await probe.ask(...reportParts);
  expect(unknownParts(first)).toEqual([]);
  expect(first).toMatchObject({
    system: { value: { hostname: host } },
    service: { value: { unit, state: 'active' } },
    server: { value: { readOnly: source !== undefined } },
  });
  const { lvm, replication } = first;
  expect(lvm?.ok && `${lvm.value.datadirVolume?.group}/${lvm.value.datadirVolume?.volume}`).toBe(volume);
  expect(replication?.ok && replication.value.replicas.map((replica) => replica.host).sort()).toEqual(replicas);
  expect(replication?.ok && replication.value.channels[0]?.sourceHost).toBe(source);

  const second = await probe.ask('server', 'errorLog');
  expect(Object.keys(second)).toEqual(['server', 'errorLog']);
  expect(unknownParts(second)).toEqual([]);
}
