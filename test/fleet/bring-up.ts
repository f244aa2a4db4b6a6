// Brings the practice fleet up once for the whole run, in a state folder of its own: a fleet that somebody is practising on
// is not touched. RESEED_KEEP_FLEET=1 leaves it up at the end, and takes one that was left up: for work on the tests.
import { mkdir, rm } from 'node:fs/promises';
import { installPackage } from '../../bundle.ts';
import { packageFolder, reseed, testState } from './fleet.ts';

const keep = process.env.RESEED_KEEP_FLEET === '1';

export async function setup(): Promise<void> {
  await install();
  if (!keep) await mustDo('down');
  process.stderr.write(`the practice fleet of the tests comes up (state in ${testState})\n`);
  await mustDo('up', '--data', '20M');
}

export async function teardown(): Promise<void> {
  if (!keep) await mustDo('down');
}

/** Made anew from what is here. */
async function install(): Promise<void> {
  await rm(packageFolder, { recursive: true, force: true });
  await mkdir(packageFolder, { recursive: true });
  await installPackage(packageFolder);
}

async function mustDo(...words: string[]): Promise<void> {
  const done = await reseed(['drill', ...words], { stderr: 'inherit' });
  if (done.exitCode !== 0) throw new Error(`reseed drill ${words.join(' ')} ended with ${done.exitCode}`);
}
