// The guard of a snapshot while it is read, on real volumes that fill.
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import type { StepEnd } from '../../src/job/plan/step-work.ts';
import { drill, onHost, printedOn, reseedWords, testEnvironment, until } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db4');

/** A step that reads a snapshot under guard, seen from its first poll on. */
async function guarded(...words: string[]) {
  const [node, reseed] = reseedWords;
  const inside = [reseed, 'drill', 'exec', '--', process.execPath, 'test/fleet/guarded.ts', ...words];
  const child = execa(node, inside, { env: testEnvironment, reject: false, stdin: 'pipe' });
  let told = '';
  child.stdout.on('data', (chunk) => {
    told += chunk;
  });
  await until(
    async () => told,
    (text) => text.startsWith('watched\n'),
  );
  return {
    told: () => told,
    finish: () => child.stdin.write('\n'),
    end: async (): Promise<StepEnd> => {
      const { stdout } = await child;
      return JSON.parse(stdout.split('\n').at(-1) ?? '');
    },
  };
}

/** Overwrites that much of the data below the snapshot. */
const overwrite = (mib: number) =>
  printedOn(
    'db1',
    `dd if=/dev/urandom of=/var/lib/mysql/overwritten bs=1M count=${mib} conv=notrunc,fsync status=none`,
  );
const snapshot = (mib: number) =>
  printedOn(
    'db1',
    `dd if=/dev/zero of=/var/lib/mysql/overwritten bs=1M count=96 conv=fsync status=none
     lvcreate -qq -y -s -L ${mib}M -n guarded vg0/mysql`,
  );

describe('a classic snapshot that is read while it fills', () => {
  afterEach(async () => {
    await onHost('db1', 'lvremove -qq -f vg0/guarded; rm -f /var/lib/mysql/overwritten');
  });

  test('is extended, and what was read from it counts', async () => {
    await snapshot(64);
    const reading = await guarded('db1', 'vg0', 'guarded', 'mysql', String(2 ** 26), String(2 ** 31));
    await overwrite(50);
    await until(
      async () => reading.told(),
      (text) => /guarded was extended to \d/.test(text),
    );
    reading.finish();
    expect(await reading.end()).toEqual({ ok: true });
    expect(reading.told()).toMatch(/! vg0\/guarded on db1: snapshot space \d+ %/);
  });

  test('and can grow no more, is given up before it is lost', async () => {
    await snapshot(64);
    const reading = await guarded('db1', 'vg0', 'guarded', 'mysql');
    // The server continues to write meanwhile: less than the free room, even if the whole test is slow.
    await overwrite(58);
    expect(await reading.end()).toMatchObject({ ok: false, message: expect.stringMatching(/is 9\d % full/) });
  });

  test('and overflows between two looks, is worth nothing', async () => {
    await snapshot(16);
    const reading = await guarded('db1', 'vg0', 'guarded', 'mysql');
    await overwrite(90);
    expect(await reading.end()).toMatchObject({ ok: false, message: expect.stringContaining('is invalid') });
  });
});

test('a thin snapshot is given up before its pool stops the server', async () => {
  await printedOn('db4', 'lvcreate -qq -y -s -kn -n guarded vgcrm/data 2>/dev/null');
  const reading = await guarded('db4', 'vgcrm', 'guarded', 'data');
  await drill('fault', 'fill-snapshot', 'db4', '92');
  const end = await reading.end();
  await drill('heal', 'db4');
  await printedOn('db4', 'lvremove -qq -f vgcrm/guarded');
  expect(end).toMatchObject({ ok: false, message: expect.stringContaining("the server's own among them") });
});
