// A step's work under the guard, in a process of its own: guarded.ts HOST GROUP VOLUME ORIGIN [BYTES ORIGIN-BYTES]
// Run inside the fleet's network. It reads until it is cancelled, or until a line comes on standard input. Prints each
// note, and at last its result as JSON.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadInventory } from '../../src/inventory/inventory.ts';
import type { StepTools } from '../../src/job/plan/step-work.ts';
import { noRelays } from '../../src/job/runner/relays.ts';
import { targetOf } from '../../src/operations/hosts/target-of.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { guardCommands, whileGuarded } from '../../src/snapshot/guard.ts';

const [hostName = '', group = '', volume = '', origin = '', bytes, originBytes] = process.argv.slice(2);
const read = await loadInventory({ environment: process.env, workingDirectory: process.cwd() });
const host = read.ok ? read.inventory.hosts.find(({ name }) => name === hostName) : undefined;
if (!read.ok || !host) throw new Error(`no host ${hostName}`);
const remotes = openRemotes({ environment: process.env });
const remote = remotes.open(targetOf(host, read.inventory));
const sizes = bytes === undefined ? {} : { sizes: { bytes: Number(bytes), originBytes: Number(originBytes) } };
const commands = guardCommands(hostName, { group, volume, uuid: '', origin, job: '', ...sizes });
const tell = (words: string) => process.stdout.write(`${words}\n`);
const over = new AbortController();
process.stdin.once('data', () => over.abort());

const tools: StepTools = {
  step: { name: 'read', title: 'read', host: hostName, work: 'read', input: {}, commands },
  input: {},
  jobKey: 'cafe',
  run: async (key) => {
    const command = commands[key];
    if (!command) throw new Error(`no command ${key}`);
    return await remote.exec(await scriptText(command.script), command.args, { deadlineMs: command.deadlineMs });
  },
  wordsNow: () => [],
  resultOf: () => undefined,
  resultsOf: () => new Map(),
  relays: noRelays(),
  release: async () => true,
  record: () => {
    throw new Error('no job');
  },
  lostLanes: () => ({}),
  progress: () => undefined,
  note: tell,
  pause: (ms) => sleep(ms),
  signal: new AbortController().signal,
};
let looks = 0;
const end = await whileGuarded(
  tools,
  async ({ signal }) => {
    const called = AbortSignal.any([signal, over.signal]);
    if (!called.aborted) await once(called, 'abort');
    return { ok: true };
  },
  // Prints the first poll, so that the test which fills the snapshot knows that the guard watches it.
  { nowMs: Date.now, everyMs: 1000, onUse: () => looks++ === 0 && tell('watched') },
);
tell(JSON.stringify(end));
process.stdin.destroy();
await remote.close();
await remotes.close();
