// What a delta costs against a whole copy, compressed, to the same target: pages of a real datadir are changed at random.
// Both ends are on this machine, by a sshd on loopback, in a network of their own so that only their bytes count. The
// datadir is the practice fleet's sample, several times beside itself: npx reseed drill up db1 makes it.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { toldBy } from './figures.ts';

const shares = ['1', '5', '15', '50'];

export async function deltaCopies(): Promise<void> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'reseed', 'drill');
  const samples = (await readdir(cache)).filter((name) => /^datadir-shop-[0-9a-f]+$/.test(name));
  const [sample] = samples;
  if (sample === undefined) throw new Error('there is no sample datadir: npx reseed drill up db1 makes it');
  const copies = join(import.meta.dirname, 'delta-copies.ts');
  const program = 'ip link set lo up && exec "$@"';
  const folder = await mkdtemp(join(tmpdir(), 'reseed-told-'));
  try {
    const told = join(folder, 'told.json');
    const words = [process.execPath, copies, told, join(cache, sample), ...shares];
    await execa('unshare', ['--net', 'sh', '-c', program, 'sh', ...words], { stdio: 'inherit' });
    toldBy(JSON.parse(await readFile(told, 'utf8')));
  } finally {
    await rm(folder, { recursive: true });
  }
}
