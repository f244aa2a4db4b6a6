// Asks one host's probe: ask-probe.ts HOST [REQUESTS]. A line of parts on standard input gets a line of JSON as its
// answer; the end of standard input ends the stream. Run inside the fleet's network.
import { createInterface } from 'node:readline';
import type { ReportPart } from '../../src/host/facts.ts';
import { openProbe } from './probing.ts';

const [host = '', requests = '{}'] = process.argv.slice(2);
const probe = await openProbe(host, JSON.parse(requests));
for await (const line of createInterface({ input: process.stdin })) {
  const { report, raw, tookMs } = await probe.ask(line.split(' ') as ReportPart[]);
  process.stdout.write(`${JSON.stringify({ report, rawBytes: raw.length, tookMs: Math.round(tookMs) })}\n`);
}
await probe.close();
