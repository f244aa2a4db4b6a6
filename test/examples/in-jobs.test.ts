// The examples of examples/hooks as hooks of real jobs, with real runners.
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HookSettings } from '../../src/inventory/settings.ts';
import { addHooked, runner, stopping } from '../job/hooking.ts';
import { jobStoreForEach } from '../job/job-store.ts';
import { Alertmanager } from './alertmanager-api.ts';
import { ProxysqlAdmin, password } from './proxysql-admin.ts';

const db3 = '10.77.0.13';
const store = jobStoreForEach();
const path = (file: string) => join(store().folder, file);

async function example(name: string, config: unknown): Promise<(verb: string) => HookSettings['run']> {
  await copyFile(join(import.meta.dirname, '../../examples/hooks', name), path(name));
  await chmod(path(name), 0o755);
  await writeFile(path(`${name}.json`), JSON.stringify(config), { mode: 0o600 });
  return (verb) => [path(name), verb, path(`${name}.json`)];
}

describe('a job with the hooks of ProxySQL', () => {
  let admin: ProxysqlAdmin;
  beforeEach(async () => {
    admin = await ProxysqlAdmin.start([
      [20, db3, 1000],
      [20, '10.77.0.14', 1000],
    ]);
  });
  afterEach(() => admin.stop());

  async function hooks(word: string) {
    const login = `[client]\nhost=127.0.0.1\nport=${admin.port}\nuser=radmin\npassword=${word}\n`;
    await writeFile(path('proxysql.cnf'), login, { mode: 0o600 });
    const run = await example('proxysql.mjs', {
      optionFile: path('proxysql.cnf'),
      hostgroups: [20],
      stepSeconds: 0,
      state: path('state'),
    });
    return {
      drain: { at: ['before-stop'], run: run('out'), refuses: true },
      back: { at: ['after-failure'], run: run('in') },
    } as const;
  }

  test('that fails has its host out, and then back with its first weight', async () => {
    const { id } = addHooked(store(), await hooks(password), stopping('fails'));
    await runner(store(), id);
    expect(store().journal.job(id)).toMatchObject({ state: 'failed' });
    expect(admin.history(db3)).toEqual([
      'OFFLINE_SOFT 1000',
      'ONLINE 0',
      'ONLINE 60',
      'ONLINE 250',
      'ONLINE 560',
      'ONLINE 1000',
    ]);
    expect(await readFile(path(`${id}.log`), 'utf8')).toContain('| 10.77.0.13:3306 is back with all of its weight');
  });

  test('that can not take it out stops nothing, and says why', async () => {
    const { id } = addHooked(store(), await hooks('wrong'), stopping('passes'));
    await runner(store(), id);
    expect(store().journal.job(id)?.error).toMatch(/ended with 1: ProxySQL refused the login with the settings of /);
    expect([admin.live(db3), admin.history(db3)]).toEqual(['ONLINE 1000', []]);
  });
});

test('a job that fails has had a silence in Alertmanager, which is expired', async () => {
  const alertmanager = await Alertmanager.start();
  const run = await example('alertmanager.mjs', { url: alertmanager.url, state: path('state') });
  const { id, key } = addHooked(
    store(),
    {
      silence: { at: ['after-preflight'], run: run('start') },
      'end-silence': { at: ['after-failure'], run: run('end') },
    },
    stopping('fails'),
  );
  await runner(store(), id);
  expect(store().journal.job(id)).toMatchObject({ state: 'failed' });
  expect(alertmanager.silences).toMatchObject([{ comment: `reseed job ${id} (${key}): stop db3`, isExpired: true }]);
  await alertmanager.stop();
});
