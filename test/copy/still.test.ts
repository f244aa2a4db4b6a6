// The proof that a stopped server's files were not changed while they were read, on a datadir whose account, and the owner of the folder
// around it, may be hostile.
import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { type Staging, staging } from './staging.ts';

let here: Staging;
beforeEach(async () => {
  here = await staging();
});
afterEach(async () => {
  await rm(`/run/systemd/system/${here.unit}.service.d`, { recursive: true, force: true });
  await rm(`/run/reseed/${here.job}`, { recursive: true, force: true });
  await here.end();
});

async function still(verb: string, ...words: string[]) {
  const env = { ...process.env, PATH: `${here.base}/bin:${process.env.PATH}` };
  const args = ['-c', await scriptText('seed-still'), 'seed-still.sh', verb, here.datadir, here.job, ...words];
  const { exitCode, stdout, stderr } = await execa('sh', args, { env, reject: false });
  return { exitCode, said: `${stdout}${stderr}` };
}
const hold = () => still('hold', here.unit, 'job of ops@jump1');

test('a datadir that nobody touched is proved, and one with a file changed is not', async () => {
  expect(await hold()).toMatchObject({ exitCode: 0 });
  expect(await hold()).toMatchObject({ exitCode: 0 });
  expect(await still('proof')).toEqual({ exitCode: 0, said: '' });
  await here.asAccount('echo changed >data/shop/orders.ibd');
  expect(await still('proof')).toEqual({
    exitCode: 3,
    said: `${here.datadir}/shop/orders.ibd was changed while the data was read`,
  });
});

test.each([
  ['a link to a folder where nothing changes', 'mv data was && ln -s "$1" data'],
  ['another folder', 'mv data was && mkdir data'],
])('files changed, and %s put where the datadir was: nothing is proved', async (_, replace) => {
  await here.asAccount('mkdir untouched');
  expect(await hold()).toMatchObject({ exitCode: 0 });
  await here.asAccount(`echo changed >data/shop/orders.ibd && ${replace}`, `${here.disk}/untouched`);
  const { exitCode, said } = await still('proof');
  expect(exitCode).toBe(3);
  expect(said).toContain(`another was put in its place`);
  // Nor is it held as if it had been the first.
  expect((await hold()).exitCode).toBe(3);
});
