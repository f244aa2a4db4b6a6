// commands.deleteDatadir of the inventory, as the unit of a seed runs it: it deletes the old data that was given up, and nothing else.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { deleteOwnWords } from '../../src/scripts/seed-own-words.ts';
import { type Staging, staging } from './staging.ts';

let here: Staging;
let unit: string;
beforeEach(async () => {
  here = await staging();
  unit = await mkdtemp(join(tmpdir(), 'reseed-unit-'));
  await here.stage.prepare();
  await here.stage.hold();
});
afterEach(async () => {
  await here.end();
  await rm(unit, { recursive: true });
});

async function deleted(line: string, seconds = 20) {
  const { datadir, job } = here;
  const folder = await mkdtemp(join(unit, 'run-'));
  const words = deleteOwnWords({ line, words: [], seconds, datadir, job });
  const env = { ...process.env, RESEED_FOLDER: folder, RESEED_UNIT: 'job/delete-t1' };
  const args = ['-c', await scriptText('seed-delete'), 'seed-delete.sh', ...words];
  const { exitCode, all } = await execa('sh', args, { env, reject: false, all: true, input: '' });
  return { exitCode, said: all };
}

const old = async () => (await readdir(here.datadir)).filter((name) => !/^(\.reseed-|RESEED_IN_PROGRESS)/.test(name));

test('the old data is as it was before it is given up, and gone after', async () => {
  expect(await deleted(`rm -rf ${here.datadir}/*`)).toMatchObject({
    exitCode: 3,
    said: expect.stringContaining('was not given up'),
  });
  expect(await old()).toEqual(['ibdata1', 'shop']);
  expect(await here.verb('give')).toMatchObject({ exitCode: 0 });
  expect(await old()).toEqual(['ibdata1', 'shop']);
  expect(await deleted(`rm -rf ${here.datadir}/*`)).toMatchObject({ exitCode: 0 });
  expect(await old()).toEqual([]);
  expect(await here.stage.clear()).toMatchObject({ exitCode: 0 });
  expect((await here.stage.back()).said).toContain('was deleted to make room: it is empty');
});

test('a command with the path of another server deletes nothing there, and fails', async () => {
  await here.verb('give');
  const { exitCode, said } = await deleted(`rm -rf ${here.victim}/*`);
  expect(exitCode).toBe(1);
  expect(said).toContain('Read-only file system');
  expect(await readFile(join(here.victim, 'shadow'), 'utf8')).toContain('root');
  expect(await old()).toEqual(['ibdata1', 'shop']);
});

test("a command that deletes the whole folder has not the job's: nothing of the old data is left, and the seed goes on", async () => {
  await here.verb('give');
  const { exitCode, said } = await deleted(`find ${here.datadir} -mindepth 1 -delete`);
  expect(said).toContain('nothing of the old data is left, so the seed goes on');
  expect(exitCode).toBe(0);
  expect(existsSync(here.ours('new'))).toBe(true);
  expect(await here.verb('hold', { unit: here.unit, who: 'ops@jump1' })).toMatchObject({ exitCode: 0 });
  expect(await here.stage.clear()).toMatchObject({ exitCode: 0 });
  expect(await here.stage.look()).toMatchObject({ said: 'cleared' });
});

test('a command that hangs is ended, and what it did not delete is deleted by the next step', async () => {
  await here.verb('give');
  const { exitCode } = await deleted(`rm ${here.datadir}/ibdata1; sleep 100`, 1);
  expect(exitCode).toBe(124);
  expect(await old()).toEqual(['shop']);
  expect(await here.stage.clear()).toMatchObject({ exitCode: 0 });
  expect(await old()).toEqual([]);
});

test('an undo after a command that deleted a part starts no server on what is left', async () => {
  await here.verb('give');
  await deleted(`rm ${here.datadir}/ibdata1; exit 9`);
  await mkdir(join(here.base, 'x'));
  expect((await here.stage.back()).said).toContain('was being deleted to make room');
  expect(await readdir(here.datadir)).toContain('RESEED_IN_PROGRESS');
});
