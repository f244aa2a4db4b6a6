// There is no journal in a folder that another account can write to, and no other account can read one.
import { chmod, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../src/job/journal/journal.ts';
import { privateFolder } from '../../src/job/journal/private-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-private-'));
});
afterEach(() => rm(folder, { recursive: true }));

const reseed = (umask: string) =>
  execa('/bin/sh', ['-c', `umask ${umask}; exec "$0" bin/reseed.js jobs`, process.execPath], {
    reject: false,
    env: { XDG_STATE_HOME: join(folder, 'state') },
  });
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test('a state folder, or one that it lies in, that another account can write to is refused', async () => {
  for (const odd of ['state', 'state/reseed']) {
    await mkdir(join(folder, 'state/reseed/jobs'), { recursive: true, mode: 0o700 });
    await chmod(join(folder, odd), 0o777);
    const { exitCode, stderr } = await reseed('022');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`other accounts can write to ${join(folder, odd)} (mode 777); take that away: chmod go-w`);
    await chmod(join(folder, odd), 0o700);
  }
  expect((await reseed('022')).exitCode).toBe(0);
});

test('the journal is for its account alone, whatever the umask, and is made so where it was not', async () => {
  const journal = join(folder, 'state/reseed/jobs.sqlite');
  expect((await reseed('000')).exitCode).toBe(0);
  expect(await modeOf(journal)).toBe('600');
  await chmod(journal, 0o644);
  expect((await reseed('000')).exitCode).toBe(0);
  expect(await modeOf(journal)).toBe('600');
});

test("a folder of another account is refused, and a sticky one of root's is not", () => {
  const why = `${folder} belongs to another account (uid ${process.getuid?.()}); set XDG_STATE_HOME to a folder of your own`;
  expect(process.getuid?.() === 0 ? undefined : privateFolder(folder, 4242)).toBe(
    process.getuid?.() === 0 ? undefined : why,
  );
  expect(privateFolder(folder)).toBeUndefined();
});

test('a journal that is a link to no file is refused, and no file is made for all to read where it leads', async () => {
  const path = join(folder, 'jobs.sqlite');
  await symlink(join(folder, 'elsewhere'), path);
  expect(() => openJournal(path, Date.now)).toThrow('it is a link to a file that does not exist');
  await expect(stat(join(folder, 'elsewhere'))).rejects.toThrow('ENOENT');
});
