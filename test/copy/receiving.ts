// Runs seed-receive.sh itself, with input that a donor might send: a datadir of an account, the job's folder in it, and
// its answers.
import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { scriptText } from '../../src/scripts/script.ts';
import { compareSumsWords, receiveWords, type Unpacker } from '../../src/scripts/seed-data-words.ts';
import { account } from './staging.ts';

const job = '0badcafe';

export type Receiving = Awaited<ReturnType<typeof receiving>>;

/** `unpack`: absent, it takes tasks. */
export async function receiving(unpack?: Unpacker | 'pages' | 'taken-pages') {
  const base = await mkdtemp(join(tmpdir(), 'reseed-receive-'));
  const datadir = join(base, 'data');
  const stage = join(datadir, `.reseed-${job}`);
  const known = join(base, 'known');
  const arriving = join(stage, 'new');
  await chmod(base, 0o755);
  await mkdir(datadir);
  await mkdir(known);
  await chown(datadir, account.uid, account.gid);
  await mkdir(stage, { mode: 0o700 });
  await mkdir(arriving, { mode: 0o700 });
  await chown(arriving, account.uid, account.gid);
  await writeFile(join(stage, 'job'), `${job} ${(await stat(datadir)).ino}\n`);

  const data = { datadir, job, owner: account.name, folder: known };

  /** The result of the donor's words. `input`: what it sends after them. `more`: of its environment. */
  async function sent(words: string, input: string | Uint8Array, more: Readonly<Record<string, string>> = {}) {
    const args = ['-c', await scriptText('seed-receive'), 'seed-receive.sh', ...receiveWords({ ...data, unpack })];
    return execa('sh', args, { env: { ...more, SSH_ORIGINAL_COMMAND: words }, input, reject: false, timeout: 60_000 });
  }

  /** The comparison, after the received data. `folder`: as a unit has it. */
  async function compared(sums: string) {
    const taken = await sent('sums', sums);
    if (taken.exitCode !== 0) return taken;
    const unit = join(base, 'unit');
    await mkdir(unit, { recursive: true });
    const words = ['seed-sums.sh', ...compareSumsWords({ ...data, sum: 'cksum', workers: 2 })];
    const args = ['-c', await scriptText('seed-sums'), ...words];
    return execa('sh', args, { env: { RESEED_FOLDER: unit }, reject: false, timeout: 60_000 });
  }

  return {
    ...{ base, datadir, stage, arriving, known, sent, compared },
    /** A list of one task of files, `f`, and a file that is cut in two, `r`. */
    list: (lines: readonly string[]) => sent('list', `${lines.join('\n')}\n`),
    asAccount: (script: string) => execa('sh', ['-c', script], { cwd: datadir, uid: account.uid, gid: account.gid }),
    end: () => rm(base, { recursive: true, force: true }),
  };
}
