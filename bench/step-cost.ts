// Compares a job of many steps that each ask a host one question with the same questions asked without a job, over the
// same connection. Run inside the fleet's network: step-cost.ts HOST STEPS; prints both times, in milliseconds a step.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInventory } from '../src/inventory/inventory.ts';
import { openJournal } from '../src/job/journal/journal.ts';
import { openJobLog } from '../src/job/journal/log-file.ts';
import type { PlannedCommand } from '../src/job/plan/plan.ts';
import { defineStep, noInput, noResult, worksOf } from '../src/job/plan/step-work.ts';
import { runJob } from '../src/job/runner/runner.ts';
import { targetOf } from '../src/operations/hosts/target-of.ts';
import { openRemotes } from '../src/remote/open.ts';
import { showLocksWords } from '../src/scripts/host-lock-words.ts';
import { scriptText } from '../src/scripts/script.ts';
import { addJob } from '../test/job/adding.ts';

const [hostName = '', count = ''] = process.argv.slice(2);
const read = await loadInventory({ environment: process.env, workingDirectory: process.cwd() });
const host = read.ok ? read.inventory.hosts.find(({ name }) => name === hostName) : undefined;
if (!read.ok || !host) throw new Error(`no host ${hostName}`);
const remotes = openRemotes({ environment: process.env });
const remote = remotes.open(targetOf(host, read.inventory));
const command: PlannedCommand = { host: hostName, script: 'host-lock', args: showLocksWords(''), deadlineMs: 30_000 };
const ask = async () => await remote.exec(await scriptText(command.script), command.args, command);
const asks = defineStep({
  kind: 'ask',
  input: noInput,
  result: noResult,
  plan: (name: string) => ({ name, title: name, host: hostName, input: {}, commands: { ask: command } }),
  run: async ({ run }) => ((await run('ask')).ok ? { ok: true } : { ok: false, message: 'no answer', advice: '' }),
});
const steps = Array.from({ length: Number(count) }, (_, n) => asks.plan(`step ${n}`));
const folder = await mkdtemp(join(tmpdir(), 'reseed-bench-'));
const journal = openJournal(join(folder, 'jobs.sqlite'), Date.now);
if (!journal) throw new Error('no journal');

await ask();
const bareMs = await took(async () => {
  for (const _ of steps) await ask();
});
const jobMs = await took(async () => {
  const plan = { kind: 'bench', title: 'many steps', hosts: [hostName], steps, destroys: [] };
  const { id } = addJob(journal, { plan, targets: [], who: { account: 'bench', jumpHost: 'here' }, key: 'bench' });
  const end = await runJob(id, {
    journal,
    log: openJobLog(join(folder, 'log'), Date.now),
    works: worksOf([asks]),
    open: () => remote,
    nowMs: Date.now,
  });
  if (end !== 'done') throw new Error(`the job ended as ${end}`);
});
process.stdout.write(JSON.stringify({ bareMs: bareMs / steps.length, jobMs: jobMs / steps.length }));
journal.close();
await rm(folder, { recursive: true });
await remote.close();
await remotes.close();

async function took(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
