// The account of a target's server owns the datadir and may be hostile. Each attack runs with the rights of an account,
// against seed-stage.sh itself. No file of root's beside the datadir may change, and the account may get no secret of
// root's.
import { link, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Staging, secret, staging } from './staging.ts';

let here: Staging;
let ofRoot: string;
beforeEach(async () => {
  here = await staging();
  ofRoot = await here.ofRoot();
});
afterEach(() => here.end());

const arrived = async () => {
  expect(await here.stage.prepare()).toMatchObject({ exitCode: 0 });
  await here.arrive();
};
const held = async () => {
  await arrived();
  expect(await here.stage.hold()).toMatchObject({ exitCode: 0 });
};
async function nothingGained() {
  expect(await here.ofRoot()).toBe(ofRoot);
  const { stdout } = await here.asAccount('grep -rs "$1" data disk 2>/dev/null; true', secret);
  expect(stdout).toBe('');
}
const refused = expect.objectContaining({ exitCode: 3 });

/** What the account puts in place of the job's folder: $1 the job, $2 a folder of root's. */
const replacements = {
  'a link to a folder of root': 'ln -s "$2" ".reseed-$1"',
  'a folder of its own, with a link to a folder of root as old': `mkdir -m 700 ".reseed-$1" && cd ".reseed-$1" && mkdir new &&
    ln -s "$2" old && echo new >phase && echo "$1 $(stat -c %i ..)" >job && echo nobody:nogroup >owner && echo x >held && echo new >before
    mkdir new/mysql.service.wants ../mysql.service.wants`,
  'a folder of its own that says that new data is in place': `mkdir -m 700 ".reseed-$1" && cd ".reseed-$1" && ln -s "$2" new &&
    ln -s "$2" old && echo switched >phase && echo "$1 $(stat -c %i ..)" >job && echo nobody:nogroup >owner && echo x >held && echo new >before`,
};

describe.each(Object.entries(replacements))('the job folder renamed, and in its place %s', (_, replace) => {
  test.each(['hold', 'clear', 'switch', 'back', 'drop', 'down', 'free'] as const)('%s', async (verb) => {
    await held();
    await here.asAccount(`cd data && mv ".reseed-$1" away && ${replace}`, here.job, here.victim);
    expect(await here.stage[verb]()).toEqual(refused);
    await nothingGained();
  });

  test('back, of new data that is in place', async () => {
    await held();
    expect(await here.stage.switch()).toMatchObject({ exitCode: 0 });
    await here.asAccount(`cd data && mv ".reseed-$1" away && ${replace}`, here.job, here.victim);
    for (const verb of ['back', 'down', 'drop'] as const) expect(await here.stage[verb]()).toEqual(refused);
    await nothingGained();
    await here.asAccount('cd data && rm -rf ".reseed-$1" && mv away ".reseed-$1"', here.job);
    expect(await here.stage.back()).toMatchObject({ exitCode: 0, said: expect.stringContaining('as it was') });
  });

  test('there before the job: it is refused', async () => {
    await here.asAccount(`cd data && ${replace}`, here.job, here.victim);
    expect(await here.stage.prepare()).toEqual(refused);
    await nothingGained();
  });
});

test('the job folder renamed away: it is said, and nothing is called undone', async () => {
  await held();
  await here.asAccount('mv "data/.reseed-$1" data/away', here.job);
  for (const verb of ['look', 'back', 'switch'] as const) {
    expect(await here.stage[verb]()).toEqual({ exitCode: 3, said: expect.stringContaining('renamed') });
  }
});

describe('RESEED_IN_PROGRESS', () => {
  test.each(['ln -s "$1/shadow" data/RESEED_IN_PROGRESS', 'mkfifo data/RESEED_IN_PROGRESS'])(
    'as %s is replaced',
    async (make) => {
      await arrived();
      await here.asAccount(make, here.victim);
      expect(await here.stage.hold()).toMatchObject({ exitCode: 0 });
      await nothingGained();
      const { stdout } = await here.asAccount(
        'cat data/RESEED_IN_PROGRESS; stat -c "%F %u %a" data/RESEED_IN_PROGRESS',
      );
      expect(stdout).toBe(`reseed job ${here.job} of ops@jump1: this datadir is not complete\nregular file 0 644`);
    },
  );

  test('as a folder is refused, before and after the copy', async () => {
    await here.asAccount('mkdir data/RESEED_IN_PROGRESS');
    expect(await here.stage.prepare()).toEqual({
      exitCode: 3,
      said: expect.stringContaining('RESEED_IN_PROGRESS is a folder'),
    });
    await here.asAccount('rmdir data/RESEED_IN_PROGRESS');
    await arrived();
    await here.asAccount('mkdir data/RESEED_IN_PROGRESS');
    expect((await here.stage.hold()).exitCode).not.toBe(0);
    expect(await here.stage.back()).toMatchObject({ exitCode: 0 });
  });

  test('removed by the account: the server is held down all the same', async () => {
    await held();
    await here.asAccount('rm -f data/RESEED_IN_PROGRESS');
    const file = `/etc/systemd/system/${here.unit}.service.d/zzzz-reseed-${here.job}.conf`;
    expect(await readFile(file, 'utf8')).toContain(`ConditionPathExists=!${file}`);
    expect(await here.stage.switch()).toMatchObject({ exitCode: 0 });
  });
});

describe('mysqld-auto.cnf', () => {
  test.each(['ln -s "$1/shadow" data/mysqld-auto.cnf', 'mkfifo data/mysqld-auto.cnf', 'mkdir data/mysqld-auto.cnf'])(
    'as %s gives the account no secret, and does not hold the job up',
    async (make) => {
      await held();
      await here.asAccount(make, here.victim);
      await here.stage.switch();
      await nothingGained();
      expect(await here.stage.back()).toMatchObject({ exitCode: 0 });
      await nothingGained();
    },
  );

  test('of the server itself is kept for the new data', async () => {
    await here.asAccount('echo persisted >data/mysqld-auto.cnf');
    await held();
    expect(await here.stage.switch()).toMatchObject({ exitCode: 0 });
    const { stdout } = await here.asAccount('cat data/mysqld-auto.cnf; stat -c "%U %a" data/mysqld-auto.cnf');
    expect(stdout).toBe('persisted\nnobody 644');
  });
});

test('a datadir that is a link to a folder of root by now is not worked in', async () => {
  await held();
  await here.asAccount('mv data was && ln -s "$1" data', here.victim);
  for (const verb of ['hold', 'clear', 'switch', 'back', 'drop'] as const) {
    // A resolved link has no folder of the job in it; through an unresolved link the path is no datadir of the account.
    await here.stage[verb]();
    await nothingGained();
  }
  expect(await here.stage.prepare()).toEqual(refused);
  await nothingGained();
});

// If fs.protected_hardlinks is 0, an account may give any file of its file system a second name.
test('a file of root that has a second name in the new data stays root’s', async () => {
  const file = join(here.disk, 'of-root');
  await writeFile(file, secret, { mode: 0o600 });
  await held();
  await link(file, here.ours('new', 'shop', 'of-root.ibd'));
  expect(await here.stage.switch()).toMatchObject({ exitCode: 0 });
  expect(await stat(file)).toMatchObject({ uid: 0, gid: 0, mode: 0o100600 });
  await nothingGained();
});

test('what another account calls the folder of a job is not read by root', async () => {
  await here.asAccount('mkdir data/.reseed-evil && ln -s "$1/shadow" data/.reseed-evil/who', here.victim);
  const { exitCode, said } = await here.stage.prepare();
  expect(exitCode).toBe(3);
  expect(said).toContain('.reseed-evil');
  expect(said).not.toContain(secret);
});

test('links in the old and the new data are moved, kept and deleted as links', async () => {
  await here.asAccount('ln -s "$1" data/escape.ibd; ln -s "$1/shadow" data/shop/t.ibd', here.victim);
  await held();
  await here.asAccount('true');
  expect(await here.stage.switch()).toMatchObject({ exitCode: 0 });
  await nothingGained();
  expect(await here.stage.free()).toMatchObject({ exitCode: 0 });
  expect(await here.stage.drop()).toMatchObject({ exitCode: 0 });
  await nothingGained();
});

test('what another file system has mounted below is neither moved nor deleted', async () => {
  await here.asAccount('mkdir data/mounted');
  const end = await here.mounted('mounted');
  try {
    await held();
    expect((await here.stage.switch()).exitCode).not.toBe(0);
    await nothingGained();
  } finally {
    await end();
  }
  expect(await here.stage.back()).toMatchObject({ exitCode: 0, said: expect.stringContaining('as it was') });
});

describe('names that change while the script runs', () => {
  const swaps = {
    'the job folder and a link to a folder of root': `
      tried(() => fs.renameSync('data/.reseed-' + args[0], 'data/away'));
      tried(() => fs.symlinkSync(args[1], 'data/.reseed-' + args[0]));
      tried(() => fs.unlinkSync('data/.reseed-' + args[0]));
      tried(() => fs.renameSync('data/away', 'data/.reseed-' + args[0]));`,
    'the datadir and a link to a folder of root': `
      tried(() => fs.renameSync('data', 'was'));
      tried(() => fs.symlinkSync(args[1], 'data'));
      tried(() => fs.unlinkSync('data'));
      tried(() => fs.renameSync('was', 'data'));`,
    'the marker and the settings, files and links': `
      for (const name of ['data/RESEED_IN_PROGRESS', 'data/mysqld-auto.cnf', 'data/ibdata1']) {
        tried(() => fs.unlinkSync(name));
        tried(() => fs.symlinkSync(args[1] + '/shadow', name));
        tried(() => fs.unlinkSync(name));
        tried(() => fs.writeFileSync(name, 'plain'));
      }`,
    'folders of the data and links': `
      tried(() => fs.renameSync('data/shop', 'data/shelved'));
      tried(() => fs.symlinkSync(args[1], 'data/shop'));
      tried(() => fs.unlinkSync('data/shop'));
      tried(() => fs.renameSync('data/shelved', 'data/shop'));`,
  };
  test.each(Object.entries(swaps))(
    '%s',
    async (_, swap) => {
      for (let round = 0; round < 3; round += 1) {
        const end = here.attack(swap, here.job, here.victim);
        await here.stage.prepare();
        for (const verb of ['hold', 'switch', 'down', 'back', 'switch', 'free', 'drop', 'back'] as const)
          await here.stage[verb]();
        await end();
        await nothingGained();
        await here.asAccount(
          'rm -rf data/.reseed-* data/away was/.reseed-* 2>/dev/null; if [ -L data ]; then rm data; fi; [ -d data ] || mv was data',
        );
        await here.clear();
      }
    },
    120_000,
  );
});
