// Brings the practice fleet up once for the whole run, in a state folder of its own: a fleet of an operator is not
// touched. RESEED_KEEP_FLEET=1 leaves it up at the end, and uses one that was left up: for work on the tests. It comes
// up while tests without hosts run; the others wait for it (uses.ts).
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installPackage } from '../../bundle.ts';
import { installPrograms } from '../../src/drill/needs.ts';
import { progressOn } from '../../src/drill/progress.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { packageFolder, reseed, sampleBytes, testEnvironment, testState, upFile } from './fleet.ts';

const keep = process.env.RESEED_KEEP_FLEET === '1';
/** `up`, or why it is not. */
let comingUp: Promise<string> | undefined;

export async function setup(): Promise<void> {
  await install();
  await rm(upFile, { force: true });
  // Nothing is installed while tests run.
  await installPrograms(progressOn(process.stderr));
  if (!keep) {
    await mustDo('down');
    await forgetJobs();
  }
  process.stderr.write(`the practice fleet of the tests comes up (state in ${testState})\n`);
  comingUp = comeUp();
}

async function comeUp(): Promise<string> {
  const words = await mustDo('up', '--data', sampleBytes).then(
    () => 'up',
    (error: Error) => error.message,
  );
  await writeFile(upFile, words);
  return words;
}

/** An interrupted run leaves a job whose runner died: every verb would report it, and its locks would block. */
async function forgetJobs(): Promise<void> {
  const folder = dirname(jobHome(testEnvironment).journal);
  const left = await readdir(folder).catch((): string[] => []);
  for (const name of left.filter((one) => one !== 'drill')) await rm(join(folder, name), { recursive: true });
}

/** Waits until the fleet is up; throws where it does not come up. */
export async function isUp(): Promise<void> {
  const words = await comingUp;
  if (words !== 'up') throw new Error(words);
}

export async function teardown(): Promise<void> {
  await comingUp;
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
