// A job on a host of the fleet whose runner kills itself: killed-runner.ts VERB HOST PLACE
// VERB: snapshot, stop or start. PLACE: the n-th of the places between any two things that a runner does; a large one: it
// is not killed. Prints the job's number, and, where it came so far, the places it passed and how it ended.

import { mkdirSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { askHosts, newJobKey } from '../../src/commands/jobs/ask.ts';
import { openDesk, whoIsHere } from '../../src/commands/jobs/desk.ts';
import { carryOut } from '../../src/commands/jobs/run.ts';
import { holdAlive } from '../../src/job/alive.ts';
import { planService } from '../../src/service/plan.ts';
import { planSnapshot } from '../../src/snapshot/create.ts';

const [verb = '', name = '', place = ''] = process.argv.slice(2);
const [asked] = (await askHosts([name], {})) ?? [];
const desk = openDesk();
if (!asked || !desk) throw new Error('no host, or no journal');
const wish = { host: asked.host, report: asked.report, job: newJobKey(), who: whoIsHere() };
const planned =
  verb === 'snapshot'
    ? planSnapshot({ ...wish, nowMs: Date.now() })
    : planService({ ...wish, verb: verb === 'stop' ? 'stop' : 'start' });
if (!planned.ok) throw new Error(planned.message);
const job = desk.journal.add({ plan: planned.plan, targets: [asked.target], who: wish.who, key: wish.job });
mkdirSync(dirname(desk.home.alive(job.id)), { recursive: true });
const alive = holdAlive(desk.home.alive(job.id));
// Synchronously: what is only on its way is lost with the process.
writeSync(1, `${job.id} ${job.key}\n`);
let passed = 0;
const end = await carryOut(desk, job, () => {
  if (passed++ === Number(place)) process.kill(process.pid, 'SIGKILL');
});
alive?.release();
writeSync(1, `${passed} ${end}\n`);
