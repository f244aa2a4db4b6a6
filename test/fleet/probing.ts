// One host's probe, as the poller has it: one stream over real ssh. Only inside the fleet's network (reseed drill exec).
import { randomBytes } from 'node:crypto';
import type { HostReport, ReportPart } from '../../src/host/facts.ts';
import { probeArguments, reportReader, reportRequest } from '../../src/host/probe.ts';
import { loadInventory } from '../../src/inventory/inventory.ts';
import type { MysqlSettings } from '../../src/inventory/settings.ts';
import { targetOf } from '../../src/operations/hosts/target-of.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { scriptText } from '../../src/scripts/script.ts';

export interface ProbeWishes {
  readonly mysql?: MysqlSettings;
  readonly sudo?: boolean;
  readonly sentinel?: string;
}

export interface Told {
  readonly report: HostReport;
  /** What came over the line for it. */
  readonly raw: Buffer;
  readonly tookMs: number;
}

export async function openProbe(hostName: string, requests: ProbeWishes = {}) {
  const read = await loadInventory({ environment: process.env, workingDirectory: process.cwd() });
  const host = read.ok ? read.inventory.hosts.find(({ name }) => name === hostName) : undefined;
  if (!read.ok || !host) throw new Error(`no host ${hostName}`);
  const sentinel = requests.sentinel ?? randomBytes(16).toString('hex');
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open({ ...targetOf(host, read.inventory), sudo: requests.sudo ?? host.sudo });
  let came: Buffer[] = [];
  let waiting: ((report: HostReport) => void) | undefined;
  const readChunk = reportReader(sentinel, (_, report) => waiting?.(report));
  const onStdout = (chunk: Buffer) => {
    came.push(chunk);
    readChunk(chunk);
  };
  const stream = await remote.stream(
    await scriptText('probe'),
    probeArguments(sentinel, requests.mysql ?? host.mysql),
    {
      onStdout,
    },
  );
  if (!stream.ok) throw new Error(stream.message);
  let id = 0;
  return {
    ask: async (parts: readonly ReportPart[]): Promise<Told> => {
      came = [];
      const told = Promise.withResolvers<HostReport>();
      waiting = told.resolve;
      const startMs = performance.now();
      stream.write(reportRequest(++id, parts));
      const lost = stream.ended.then((end) => Promise.reject(new Error(`the probe ended: ${JSON.stringify(end)}`)));
      const report = await Promise.race([told.promise, lost]);
      return { report, raw: Buffer.concat(came), tookMs: performance.now() - startMs };
    },
    close: async () => {
      stream.stop();
      await remote.close();
      await remotes.close();
    },
  };
}
