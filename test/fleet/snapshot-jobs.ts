// Jobs that take, mount and remove a snapshot, on a real host of either vendor.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { onHost, printedOn, until } from './fleet.ts';
import { folder, sampleInventory } from './operators.ts';
import { done, inside } from './seeding.ts';
import { healCommands, held, inTheMiddle } from './slow-commands.ts';

const snapshots = async (host: string): Promise<{ volume: string }[]> =>
  JSON.parse(await done('snapshot', 'list', host, '--json')).snapshots;

interface Donor {
  readonly host: string;
  readonly kind: string;
  /** The form of its coordinates. */
  readonly coordinates: RegExp;
  /** Its lock waits for no query. */
  readonly locksByStages?: true;
}

export function jobsOfSnapshots({ host, kind, coordinates, locksByStages }: Donor): void {
  describe(`a snapshot of ${host} (${kind})`, () => {
    afterAll(async () => {
      for (const { volume } of await snapshots(host)) await done('snapshot', 'remove', host, volume, `--yes=${host}`);
    });

    test('is taken with its writers held, mounted, not removed while mounted, unmounted and removed', async () => {
      const taken = await done('snapshot', 'create', host, '--yes');
      expect(taken).toMatch(/writes blocked for \d+\.\d\d s; /);
      expect(taken).toMatch(coordinates);
      const [snapshot] = await snapshots(host);
      if (!snapshot) throw new Error('no snapshot is listed');
      await done('snapshot', 'mount', host, snapshot.volume, '--yes');
      expect(await printedOn(host, `ls /run/reseed/mount/${snapshot.volume}`)).toContain('ibdata1');
      expect((await inside('snapshot', 'remove', host, snapshot.volume, `--yes=${host}`)).exitCode).toBe(3);
      await done('snapshot', 'unmount', host, snapshot.volume, '--yes');
      expect((await inside('snapshot', 'remove', host, snapshot.volume, '--yes')).exitCode).toBe(3);
      await done('snapshot', 'remove', host, snapshot.volume, `--yes=${host}`);
      expect(await snapshots(host)).toEqual([]);
    });

    const behind = locksByStages
      ? 'is taken beside a query that runs for long: BACKUP STAGE does not wait for it'
      : 'is not taken behind a statement that runs too long, and no writer waits';
    test(behind, async () => {
      const patient = await patience(2);
      const sleeper = onHost(host, 'mysql -e "SELECT SLEEP(1000)"');
      const asleep = "FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%' AND time > 2";
      const id = await until(
        () => printedOn(host, `mysql -Nse "SELECT id ${asleep}"`),
        (answer) => /^\d+$/.test(answer),
      );
      const ended = await inside('snapshot', 'create', host, '--yes', '--inventory', patient).finally(() =>
        printedOn(host, `mysql -e 'KILL ${id}'`),
      );
      expect(ended.stdout).toMatch(locksByStages ? /writes blocked for/ : /1 statements run for longer than 2 s/);
      expect(ended.exitCode).toBe(locksByStages ? 0 : 1);
      await sleeper;
      const taken = await snapshots(host);
      expect(taken).toHaveLength(locksByStages ? 1 : 0);
      for (const { volume } of taken) await done('snapshot', 'remove', host, volume, `--yes=${host}`);
    });

    test('is taken beside a procedure that runs for longer, one short statement after the other', async () => {
      const own = (sql: string) => `(echo 'SET sql_log_bin = 0;'; echo "${sql}") | mysql --delimiter=';;' -N`;
      const body = 'WHILE TRUE DO DO SLEEP(0.05); END WHILE';
      await printedOn(
        host,
        own(`CREATE DATABASE long_calls;; CREATE PROCEDURE long_calls.all_day() BEGIN ${body}; END`),
      );
      const calling = onHost(host, "mysql -e 'CALL long_calls.all_day()'");
      const called =
        "FROM information_schema.processlist WHERE user = 'root' AND info LIKE '%SLEEP(0.05)%' AND id <> CONNECTION_ID()";
      const id = await until(
        () => printedOn(host, `sleep 3; mysql -Nse "SELECT id ${called}"`),
        (answer) => /^\d+$/.test(answer),
      );
      const patient = await patience(2);
      const taken = await inside('snapshot', 'create', host, '--yes', '--inventory', patient).finally(() =>
        printedOn(host, `mysql -e 'KILL ${id}'; ${own('DROP DATABASE long_calls')}`),
      );
      expect(taken.stdout).toMatch(/writes blocked for/);
      await calling;
      for (const { volume } of await snapshots(host)) await done('snapshot', 'remove', host, volume, `--yes=${host}`);
    });

    test('whose session dies under the lock is not kept', async () => {
      await held(host);
      const taken = inside('snapshot', 'create', host, '--yes');
      await inTheMiddle(host);
      // The newest session that waits for its client is the one that holds the lock.
      const sessions = "FROM information_schema.processlist WHERE command = 'Sleep'";
      await printedOn(host, `mysql -e "KILL $(mysql -Nse "SELECT MAX(id) ${sessions}")"`);
      await healCommands(host);
      const failed = await taken;
      expect(failed.stdout).toMatch(/the lock was lost while the snapshot was taken/);
      expect(failed.exitCode).toBe(1);
      expect(await snapshots(host)).toEqual([]);
    });
  });
}

/** The path of an inventory whose locks wait for statements for so long. */
async function patience(seconds: number): Promise<string> {
  const path = join(folder, 'patience.yaml');
  await writeFile(path, sampleInventory.replace('maxQuerySeconds: 30', `maxQuerySeconds: ${seconds}`));
  return path;
}
