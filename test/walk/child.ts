// A runner in a process of its own, which stops between any two of its actions until it gets a line: child.ts JOB
// Prints `at PLACE`, waits for a line, and at the end prints `end STATE`. A test may kill it at any place.
import { mkdirSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { openJobStore } from '../../src/commands/jobs/job/open-store.ts';
import { holdAlive } from '../../src/job/lease/alive.ts';
import { holderHere } from '../../src/job/lease/lease.ts';
import { carryOut } from '../../src/operations/jobs/carry-out.ts';

const store = openJobStore();
const job = store?.journal.job(Number(process.argv[2]));
if (!store || !job) throw new Error(`no job ${process.argv[2]}`);
mkdirSync(dirname(store.home.alive(job.id)), { recursive: true });
const alive = holdAlive(store.home.alive(job.id));
if (!alive) throw new Error(`job ${job.id} has a runner already`);
const holder = holderHere(store.home.alive(job.id));
if (!store.journal.takeLease(job.id, job.lease?.holder.key, holder)) throw new Error(`job ${job.id} was taken up`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
// Synchronously: output that is still buffered is lost with the process.
const say = (text: string) => writeSync(1, `${text}\n`);
const end = await carryOut(store, job, holder, async (place) => {
  say(`at ${place}`);
  if ((await lines.next()).done) process.exit(1);
});
alive.release();
say(`end ${end}`);
process.exit(0);
