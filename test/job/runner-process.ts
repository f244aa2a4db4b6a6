// A runner in a process of its own: runner-process.ts FOLDER JOB [PLACE]. Places are between any two actions of a
// runner. It kills itself with SIGKILL at the PLACE with that number. Prints how many places it passed.
import { join } from 'node:path';
import { openJournal } from '../../src/job/journal/journal.ts';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import { holdAlive } from '../../src/job/lease/alive.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { works } from './works.ts';

const [folder = '', job = '', place = '-1'] = process.argv.slice(2);
const alive = holdAlive(join(folder, `${job}.alive`));
const journal = openJournal(join(folder, 'jobs.sqlite'), Date.now);
if (!alive || !journal) throw new Error('no lock, or no journal');
const remotes = openRemotes({ environment: { PATH: process.env.PATH } });
const remote = remotes.open({ name: 'here', host: 'localhost', transport: 'local', sudo: false });
let passed = 0;
const end = await runJob(Number(job), {
  journal,
  works,
  log: openJobLog(join(folder, `${job}.log`), Date.now),
  open: () => remote,
  nowMs: Date.now,
  boundary: () => {
    if (passed++ === Number(place)) process.kill(process.pid, 'SIGKILL');
  },
});
await remote.close();
await remotes.close();
alive.release();
process.stdout.write(JSON.stringify({ end, passed }));
