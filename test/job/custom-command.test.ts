// The job of a command of the inventory, with real runners and a real unit on this machine.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { awaitCommand } from '../../src/custom/await-command.ts';
import { startCommand } from '../../src/custom/start-command.ts';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import type { Plan } from '../../src/job/plan/plan.ts';
import { addJob } from './adding.ts';

let folder: string;
let journal: Journal;
let word: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-job-'));
  const opened = openJournal(join(folder, 'jobs.sqlite'), Date.now);
  if (!opened) throw new Error('no journal');
  journal = opened;
  word = `test-${randomBytes(4).toString('hex')}`;
});
afterEach(async () => {
  journal.close();
  await rm(folder, { recursive: true });
});

function add(line: string): number {
  const custom = { host: 'here', job: word, name: 'pin', line, words: [], seconds: 60 };
  const steps = [startCommand.plan(custom), awaitCommand.plan(custom)];
  const plan: Plan = { kind: 'run', title: 'run pin on here', hosts: ['here'], destroys: [], steps };
  return addJob(journal, { plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' }, key: word }).id;
}

const runner = (id: number, place = -1) =>
  execa(process.execPath, ['--import', 'tsx', 'test/job/runner-process.ts', folder, String(id), String(place)], {
    reject: false,
  });

describe('the job of a command of the inventory', () => {
  test('runs it once, wherever its runner is killed, and leaves nothing on the host', async () => {
    let places = 1;
    for (let place = 0; place < places; place++) {
      const file = join(folder, `ran-${place}`);
      const id = add(`echo ran >>${file}`);
      const killed = await runner(id, place);
      expect(killed.signal).toBe('SIGKILL');
      const { end, passed } = JSON.parse((await runner(id)).stdout);
      expect([place, end, await readFile(file, 'utf8')]).toEqual([place, 'done', 'ran\n']);
      expect(existsSync(`/run/reseed/${word}`)).toBe(false);
      expect(existsSync(`/var/lib/reseed/ran/${word}.custom`)).toBe(false);
      // The second runner of the first round passes all places of a job.
      places = Math.max(places, place === 0 ? passed : 0);
      word = `test-${randomBytes(4).toString('hex')}`;
    }
    expect(places).toBeGreaterThan(8);
  });

  test('fails with its last line and status, and the log has all that it printed', async () => {
    const id = add('echo first; echo "no such table" >&2; exit 7');
    await runner(id);
    expect(journal.job(id)).toMatchObject({
      state: 'failed',
      error:
        'wait until pin has ended on here: pin ended with 7 on here: no such table; the log of the job has its output',
    });
    expect(await readFile(join(folder, `${id}.log`), 'utf8')).toMatch(/\| first\n.*\| no such table\n/);
    expect(existsSync(`/run/reseed/${word}`)).toBe(false);
    expect(existsSync(`/var/lib/reseed/ran/${word}.custom`)).toBe(false);
  });

  test('ends it on the host where it is aborted', async () => {
    const id = add(`echo $$ >${join(folder, 'pid')}; exec sleep 100000`);
    const running = runner(id);
    await vi.waitFor(() => expect(existsSync(join(folder, 'pid'))).toBe(true), 60_000);
    journal.requestAbort(id);
    await running;
    expect(journal.job(id)).toMatchObject({ state: 'aborted' });
    const pid = (await readFile(join(folder, 'pid'), 'utf8')).trim();
    expect(existsSync(`/proc/${pid}/fd/0`)).toBe(false);
    expect(existsSync(`/run/reseed/${word}`)).toBe(false);
    expect(existsSync(`/var/lib/reseed/ran/${word}.custom`)).toBe(false);
  });
});
