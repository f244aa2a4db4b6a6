// A runner of the works of works.ts with its lock and its lease where `reseed` has them: machine-runner.ts JOB
// [CLOCK-MS]. The clock of its machine is CLOCK-MS ahead. Prints how it ended.

import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import { holdAlive } from '../../src/job/lease/alive.ts';
import { keepLease } from '../../src/job/lease/held-lease.ts';
import { holderHere } from '../../src/job/lease/lease.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { works } from './works.ts';

const [job = '', ahead = '0'] = process.argv.slice(2);
const id = Number(job);
const home = jobHome(process.env);
const nowMs = () => Date.now() + Number(ahead);
const alive = holdAlive(home.alive(id));
const journal = openJournal(home.journal, nowMs);
const holder = holderHere(home.alive(id));
if (!alive || !journal?.takeLease(id, journal.job(id)?.lease?.holder.key, holder))
  throw new Error('no lock, or no lease');
const lease = keepLease(journal, id, holder, (error) => {
  throw error;
});
const remotes = openRemotes({ environment: { PATH: process.env.PATH } });
const remote = remotes.open({ name: 'here', host: 'localhost', transport: 'local', sudo: false });
try {
  const log = openJobLog(home.log(id), nowMs);
  process.stdout.write(`${await runJob(id, { journal, works, log, open: () => remote, nowMs, lease })}\n`);
} catch (error) {
  process.stdout.write(`${error}\n`);
} finally {
  lease.end();
  await remote.close();
  await remotes.close();
  alive.release();
}
